#include "core/server/stream.h"

#include "core/server/websocket.h"

#include <wslay/wslay.h>

#include <algorithm>
#include <cstring>

namespace iotman::server {

namespace {

/// A reader is fed again from the store once it has taken so much that only this waits.
constexpr std::size_t hungryBelow = 64 * 1024;
constexpr std::size_t fillBytes = 64 * 1024;

} // namespace

Stream::Stream(StreamFraming framing, OutputKey output, StreamCursor cursor, std::optional<Timestamp> expiresAt, const StreamLimits& limits, Moment now)
    : cursor_(cursor), expiresAt_(expiresAt), framing_(std::move(framing)), output_(output), limits_(limits), lastTaken_(now), lastHeard_(now),
      lastPing_(now), closingSince_(now)
{
    if (framing_.protocol != StreamProtocol::WebSocket)
        return;
    wslay_event_callbacks callbacks{};
    callbacks.recv_callback = receiveCallback;
    callbacks.send_callback = sendCallback;
    callbacks.on_frame_recv_start_callback = frameCallback;
    wslay_event_context_server_init(&wslay_, &callbacks, this);
    wslay_event_config_set_max_recv_msg_length(wslay_, limits_.messageBytes);
}

Stream::~Stream()
{
    if (wslay_)
        wslay_event_context_free(wslay_);
}

long Stream::receiveCallback(wslay_event_context* context, unsigned char* buffer, unsigned long size, int, void* self)
{
    std::string_view& incoming = static_cast<Stream*>(self)->incoming_;
    if (incoming.empty()) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    const std::size_t count = std::min<std::size_t>(size, incoming.size());
    std::memcpy(buffer, incoming.data(), count);
    incoming.remove_prefix(count);
    return static_cast<long>(count);
}

/// RFC 6455 §5.5.1: a close frame has a whole code or none; wslay takes half a one for none.
void Stream::frameCallback(wslay_event_context*, const wslay_event_on_frame_recv_start_arg* frame, void* self)
{
    if (frame->opcode == WSLAY_CONNECTION_CLOSE && frame->payload_length == 1)
        static_cast<Stream*>(self)->halfCode_ = true;
}

long Stream::sendCallback(wslay_event_context*, const unsigned char* data, unsigned long size, int, void* self)
{
    static_cast<Stream*>(self)->control_.append(reinterpret_cast<const char*>(data), size);
    return static_cast<long>(size);
}

void Stream::setOutput(OutputKey output, Sequence known)
{
    if (live_)
        cursor_.after = std::max(cursor_.after, known);
    output_ = output;
    begin_.reset();
    caughtUp_ = false;
    fallBehind();
}

void Stream::countFrom(const LiveCount& count)
{
    begin_ = count;
    counted_ = 0;
}

void Stream::push(std::string bytes, std::size_t items)
{
    if (!bytes.empty())
        push({std::make_shared<const std::string>(std::move(bytes)), items, true});
}

void Stream::push(Piece piece)
{
    waitingBytes_ += piece.bytes->size();
    ownBytes_ += piece.isOwn ? piece.bytes->size() : 0;
    waitingItems_ += piece.items;
    queue_.push_back(std::move(piece));
}

void Stream::begin(std::string head)
{
    if (framing_.protocol == StreamProtocol::Events)
        // With a place to go on from, before there is an item: who comes again then misses nothing. By itself that dispatches nothing.
        head += ": items follow\nid: " + cursor_.text(framing_.endpoint) + "\n\n";
    push(std::move(head));
}

bool Stream::hungry() const { return !live_ && !closing_ && !finished_ && waitingBytes_ < hungryBelow; }

Expected<void> Stream::fill(store::Reader& reader)
{
    while (hungry()) {
        std::string bytes;
        std::size_t items = 0;
        const bool replaying = !cursor_.isLive();
        bool complete = true;
        const StreamCursor before = cursor_;
        const std::uint64_t counted = counted_;
        const auto visit = [&](const Position& position, std::string_view item) {
            if (replaying)
                cursor_.position = position;
            else
                cursor_.after = position.sequence;
            ++items;
            counted_ += !replaying && begin_ && position.sequence > begin_->upTo;
            appendMessage(bytes, framing_, cursor_, position.time, item);
            complete = bytes.size() < fillBytes;
            return complete;
        };
        const Expected<void> read = replaying ? reader.oldestFirst(output_, cursor_.after, cursor_.until, cursor_.position, visit)
                                              : reader.bySequence(output_, cursor_.after, visit);
        if (!read && read.error().kind == Problem::Unavailable) { // what was read may not be all
            cursor_ = before;
            counted_ = counted;
            return read;
        }
        push(std::move(bytes), items);
        if (!read)
            return read;
        if (const std::optional<Position> brokenOff = reader.brokenOff(); brokenOff && complete) {
            // Among what has expired: others have their turn first.
            if (replaying)
                cursor_.position = *brokenOff;
            else
                cursor_.after = brokenOff->sequence;
            return {};
        }
        if (complete && replaying)
            cursor_ = {std::max(cursor_.after, cursor_.until), 0, {Timestamp::min(), 0}};
        else if (complete)
            live_ = caughtUp_ = true;
    }
    return {};
}

std::uint64_t Stream::untaken() const
{
    if (offset_ == 0 || queue_.front().items == 0)
        return waitingItems_;
    return waitingItems_ - wholeMessages(framing_.protocol, std::string_view(*queue_.front().bytes).substr(0, offset_));
}

std::optional<std::uint64_t> Stream::taken() const
{
    if (!begin_ || !caughtUp_)
        return std::nullopt;
    // Items of the past go first: what waits may be more than what is counted.
    return begin_->items + counted_ - std::min(counted_, untaken());
}

std::optional<std::uint64_t> Stream::behind(std::uint64_t live) const
{
    if (!taken())
        return std::nullopt;
    const std::uint64_t given = begin_->items + counted_; // the store may have given what is about to be published
    return untaken() + (live > given ? live - given : 0);
}

/// What waits takes, at least about: a pong is far smaller than what keeps it.
std::size_t Stream::waitingRoom() const
{
    constexpr std::size_t aroundPiece = 96;
    return waitingBytes_ + queue_.size() * aroundPiece;
}

bool Stream::publish(const SharedBytes& messages, std::size_t items, Sequence last)
{
    if (!live_ || closing_ || finished_)
        return false;
    if (waitingRoom() + messages->size() > limits_.waitingBytes && waitingBytes_ > 0) {
        live_ = false;
        return false;
    }
    published(items, last);
    push({messages, items});
    return true;
}

void Stream::published(std::size_t items, Sequence last)
{
    cursor_.after = last;
    counted_ += items;
}

void Stream::flushControl()
{
    if (wslay_event_want_write(wslay_))
        wslay_event_send(wslay_);
    // RFC 6455 §5.5.3: not every ping needs a pong of its own. Who takes nothing gets none, or its pings would grow the queue.
    if (waitingRoom() >= limits_.waitingBytes && wslay_event_get_close_sent(wslay_) == 0)
        control_.clear();
    push(std::exchange(control_, {}));
}

void Stream::received(std::string_view bytes, Moment now)
{
    lastHeard_ = now;
    if (!wslay_ || finished_ || broken_)
        return;
    incoming_ = bytes;
    const int result = wslay_event_recv(wslay_);
    incoming_ = {};
    if (result != 0 || halfCode_) {
        // wslay would close without a word about a head that it cannot read.
        std::string farewell;
        appendCloseFrame(farewell, closecode::protocolError);
        push(std::move(farewell));
        closing_ = broken_ = true;
        closingSince_ = now;
        return;
    }
    flushControl();
    // To wslay an echo of 1012 is no close; that it stops reading says that one came.
    answered_ = closing_ && !wslay_event_want_read(wslay_);
    if (wslay_event_get_close_received(wslay_) && !closing_) {
        closing_ = true;
        closingSince_ = now;
    }
    // A protocol error makes wslay send a close of its own and stop reading.
    if (!wslay_event_want_read(wslay_) && !closing_) {
        closing_ = true;
        closingSince_ = now;
    }
}

std::string_view Stream::waiting() const { return queue_.empty() ? std::string_view() : std::string_view(*queue_.front().bytes).substr(offset_); }

void Stream::sent(std::size_t bytes)
{
    waitingBytes_ -= bytes;
    offset_ += bytes;
    if (offset_ == queue_.front().bytes->size()) {
        waitingItems_ -= queue_.front().items;
        ownBytes_ -= queue_.front().isOwn ? queue_.front().bytes->size() : 0;
        queue_.pop_front();
        offset_ = 0;
    }
}

void Stream::delivered(bool some, bool all, Moment now)
{
    if (some)
        lastTaken_ = now;
    if (some && !all)
        lastHeard_ = now; // a ping stands behind what it has not come to yet
    isOnItsWay_ = !all;
}

void Stream::goOn(Moment now)
{
    lastTaken_ = lastHeard_ = lastPing_ = now;
}

void Stream::tick(Moment now)
{
    if (finished_)
        return;
    if (closing_) {
        finished_ = now - closingSince_ >= limits_.farewell;
        return;
    }
    if (queue_.empty() && !isOnItsWay_)
        lastTaken_ = now;
    if (now - lastTaken_ >= limits_.standstill) {
        close(closecode::tooSlow, "nothing was taken for a minute", now);
        return;
    }
    if (wslay_ && now - lastHeard_ >= limits_.silence) {
        finished_ = true;
        return;
    }
    if (now - lastPing_ < limits_.ping)
        return;
    lastPing_ = now;
    std::string sign;
    if (wslay_)
        appendPingFrame(sign);
    else
        sign = ": still here\n\n";
    if (waitingRoom() < limits_.waitingBytes)
        push(std::move(sign));
}

void Stream::close(std::uint16_t code, std::string_view reason, Moment now)
{
    if (closing_ || finished_)
        return;
    closing_ = true;
    closingSince_ = now;
    if (!wslay_)
        return;
    wslay_event_queue_close(wslay_, code, reinterpret_cast<const std::uint8_t*>(reason.data()), reason.size());
    flushControl();
}

bool Stream::finished() const
{
    if (finished_)
        return true;
    if (!closing_ || !queue_.empty() || broken_)
        return false;
    // RFC 6455 §7.1.1: the server may close the connection once both close frames went over it.
    return !wslay_ || answered_ || wslay_event_get_close_received(wslay_) || wslay_event_get_close_sent(wslay_) == 0;
}

} // namespace iotman::server
