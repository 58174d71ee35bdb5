#include "core/server/fanout.h"

#include "core/server/websocket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <numeric>

namespace iotman::server {

namespace {

constexpr auto tickEvery = std::chrono::milliseconds(500);

/// So much memory has what was published and waits for this thread; one publication may be larger.
constexpr std::size_t undeliveredBytes = std::size_t(32) * 1024 * 1024;

/// How often it is asked what has arrived.
constexpr auto lookEvery = std::chrono::seconds(5);

/// What is small goes out at once. TCP_USER_TIMEOUT would not do to notice the dead: it also ends the connection of who reads slowly
/// through a small window, of which the kernel hears nothing but probes.
void sendAtOnce(int descriptor)
{
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Whether the other side has gone already: what it would be fed from the store is not worth reading.
bool isGone(int descriptor)
{
    char byte = 0;
    const ssize_t got = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

} // namespace

FanOut::FanOut(store::Store& store, const store::Keeping& keeping, Activity& activity, Weather& weather, const Clock& clock, StreamLimits limits)
    : store_(store)
    , keeping_(keeping)
    , activity_(activity)
    , weather_(weather)
    , clock_(clock)
    , limits_(limits)
    , began_(store.reader()->lastSequence().value_or(0))
    , epoll_(epoll_create1(EPOLL_CLOEXEC))
    , event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , lastTick_(std::chrono::steady_clock::now())
{
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.fd = event_;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, event_, &wanted);
    nextKey_ = store.catalog()->nextKey;
    thread_ = std::thread([this] { work(); });
}

void FanOut::stop()
{
    if (!thread_.joinable())
        return;
    isStopped_ = true;
    {
        const std::lock_guard lock(mutex_);
        inbox_.stop = true;
    }
    wake();
    thread_.join();
    reader_.reset();
}

FanOut::~FanOut()
{
    stop();
    ::close(event_);
    ::close(epoll_);
}

void FanOut::wake()
{
    const std::uint64_t one = 1;
    (void)!write(event_, &one, sizeof one);
}

void FanOut::adopt(StreamStart start)
{
    {
        const std::lock_guard lock(mutex_);
        inbox_.starts.push_back(std::move(start));
    }
    wake();
}

void FanOut::publish(std::span<const store::Published> published)
{
    bool anyone = false;
    {
        const std::lock_guard lock(mutex_);
        for (const store::Published& output : published) {
            if (output.items.empty())
                continue;
            LiveCount& live = live_[output.output].count;
            const auto isCounted = [&](const store::PublishedItem& item) { return item.position.sequence > live.upTo; };
            live.items += static_cast<std::uint64_t>(std::count_if(output.items.begin(), output.items.end(), isCounted));
            live.upTo = std::max(live.upTo, output.items.back().position.sequence);
            if (!watched_.contains(output.output))
                continue;
            anyone = true;
            Waiting& waiting = inbox_.published[output.output];
            if (waiting.first == 0)
                waiting.first = output.items.front().position.sequence;
            const std::size_t bytes = std::accumulate(output.items.begin(), output.items.end(), std::size_t(0),
                                                      [](std::size_t sum, const store::PublishedItem& item) { return sum + item.text.size() + sizeof(Item); });
            if (inbox_.publishedBytes > 0 && inbox_.publishedBytes + bytes > undeliveredBytes) {
                inbox_.publishedBytes -= std::exchange(waiting.bytes, 0);
                waiting.items = {};
                waiting.isTooMuch = true;
            }
            if (waiting.isTooMuch)
                continue;
            waiting.bytes += bytes;
            inbox_.publishedBytes += bytes;
            for (const store::PublishedItem& item : output.items)
                waiting.items.push_back({item.position, std::string(item.text)});
        }
    }
    if (anyone)
        wake();
}

void FanOut::activityChanged()
{
    {
        const std::lock_guard lock(mutex_);
        if (!watched_.contains(ActivityFeed::output))
            return;
        inbox_.activity = true;
    }
    wake();
}

Expected<LiveCount> FanOut::liveCount(OutputKey output, store::Reader& reader) const
{
    LiveCount count{began_, 0};
    const Expected<Sequence> last = reader.lastSequence();
    if (!last)
        return fail(last.error());
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = live_.find(output); known != live_.end())
            count = known->second.count;
        else if (output >= nextKey_)
            return LiveCount{*last, 0}; // so new that `catalogChanged` is still to come
    }
    if (*last <= count.upTo)
        return count;
    // What is committed at this moment, and published in the next.
    std::optional<Position> from = Position{{}, count.upTo};
    while (from) {
        const Expected<void> read = reader.bySequence(output, from->sequence, [&](const Position& position, std::string_view) {
            const bool counts = position.sequence <= *last;
            count.items += counts;
            return counts;
        });
        if (!read)
            return fail(read.error());
        from = reader.brokenOff(); // among what has expired at once
    }
    return LiveCount{*last, count.items};
}

void FanOut::listStreams(std::uint64_t before, std::size_t limit, std::function<void(std::vector<OpenStream>)> reply)
{
    {
        const std::lock_guard lock(mutex_);
        inbox_.questions.emplace_back([this, before, limit, reply = std::move(reply)] { reply(openStreams(before, limit)); });
    }
    wake();
}

std::vector<OpenStream> FanOut::openStreams(std::uint64_t before, std::size_t limit) const
{
    std::vector<const Connection*> newest;
    for (const auto& [descriptor, connection] : connections_) {
        if (connection.activity > 0 && connection.activity < before)
            newest.push_back(&connection);
    }
    const auto end = newest.begin() + static_cast<std::ptrdiff_t>(std::min(limit, newest.size()));
    std::partial_sort(newest.begin(), end, newest.end(),
                      [](const Connection* a, const Connection* b) { return a->activity > b->activity; });
    newest.erase(end, newest.end());
    std::vector<OpenStream> open;
    const std::lock_guard lock(mutex_);
    for (const Connection* connection : newest) {
        const Stream& stream = *connection->stream;
        const auto live = live_.find(stream.output());
        open.push_back({connection->activity, connection->at, connection->client, connection->caller, connection->origin,
                        stream.framing().endpoint, stream.framing().protocol, connection->bytes, stream.waitingBytes(),
                        stream.behind(live == live_.end() ? 0 : live->second.count.items)});
    }
    return open;
}

void FanOut::closeAll(std::uint16_t code, std::string reason)
{
    {
        const std::lock_guard lock(mutex_);
        inbox_.closeAll = {code, std::move(reason)};
    }
    wake();
}

std::int64_t FanOut::streams(const EndpointId& endpoint) const
{
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(endpoint);
    return found == counts_.end() ? 0 : found->second;
}

void FanOut::countEndpoint(const EndpointId& endpoint, OutputKey output, int change)
{
    total_ += change;
    const std::lock_guard lock(mutex_);
    if ((counts_[endpoint] += change) == 0)
        counts_.erase(endpoint);
    if ((watched_[output] += change) == 0)
        watched_.erase(output);
}

FanOut::Inbox FanOut::takeInbox()
{
    std::uint64_t count = 0;
    (void)!read(event_, &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(inbox_, {});
}

int FanOut::timeout() const
{
    if (!hungry_.empty())
        return 0;
    if (connections_.empty() && !stopping_)
        return -1;
    constexpr std::int64_t usPerMs = 1000;
    const std::int64_t expiry = nextExpiry_ == Timestamp::max() ? tickEvery.count() : (nextExpiry_.us - clock_.now().us) / usPerMs + 1;
    return static_cast<int>(std::clamp<std::int64_t>(expiry, 0, tickEvery.count()));
}

void FanOut::work()
{
    reader_ = store_.retainedReader(keeping_);
    constexpr int mostEvents = 256;
    std::array<epoll_event, mostEvents> events{};
    while (true) {
        const int count = epoll_wait(epoll_, events.data(), mostEvents, timeout());
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            const auto found = connections_.find(event.data.fd);
            if (found == connections_.end())
                continue;
            if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0)
                receive(found->second);
            serve(found->second);
        }
        Inbox inbox = takeInbox();
        for (StreamStart& start : inbox.starts)
            welcome(std::move(start));
        const Moment now = std::chrono::steady_clock::now();
        // Before the new catalog, which may lack the endpoints of those that are being closed for another reason.
        if (inbox.closeAll) {
            for (auto& [descriptor, connection] : connections_) {
                if (connection.stream->output() != ActivityFeed::output) // who hears what goes on hears of this, too
                    close(connection, inbox.closeAll->first, inbox.closeAll->second, now);
            }
            lastTick_ = {};
        }
        if (inbox.catalog) {
            const std::shared_ptr<const Catalog> catalog = store_.catalog();
            for (auto& [descriptor, connection] : connections_)
                follow(connection, *catalog, *inbox.catalog, inbox.published, now);
            lastTick_ = {}; // goodbyes go out at once
        }
        deliver(inbox.published);
        if (inbox.activity)
            feedActivity();
        for (const std::function<void()>& answer : inbox.questions)
            answer();
        if (inbox.stop) {
            stopping_ = true;
            for (auto& [descriptor, connection] : connections_)
                close(connection, closecode::goingAway, "the server is shutting down", now);
            lastTick_ = {};
        }
        tick();
        feedHungry();
        if (stopping_ && connections_.empty())
            return;
    }
}

void FanOut::welcome(StreamStart start)
{
    const Moment now = std::chrono::steady_clock::now();
    const int descriptor = start.channel.descriptor();
    if (start.exchange && start.count)
        start.exchange->place = StreamPlace{start.output, start.count->items, std::nullopt};
    const std::uint64_t number = start.exchange ? activity_.add(*start.exchange) : 0;
    if (isGone(descriptor)) {
        activity_.streamEnded(number, {});
        return;
    }
    sendAtOnce(descriptor);
    Connection connection;
    connection.channel = std::move(start.channel);
    connection.stream = std::make_unique<Stream>(start.framing, start.output, start.cursor, start.expiresAt, limits_, now);
    connection.headBytes = start.head.size();
    connection.stream->begin(std::move(start.head));
    connection.scope = start.scope;
    connection.member = start.member;
    connection.keyId = start.keyId;
    connection.trust = std::move(start.trust);
    connection.allowedOrigin = std::move(start.origin);
    connection.activity = number;
    if (start.exchange) {
        connection.at = start.exchange->at;
        connection.client = std::move(start.exchange->client);
        connection.caller = std::move(start.exchange->trace.caller);
        connection.origin = std::move(start.exchange->origin);
    }
    connection.began = connection.lookedAt = now;
    connection.beginning = start.trace.reason;
    connection.struck = std::move(start.struck);
    if (connection.struck && connection.struck->fate.cutAfterUs)
        connection.cutAt = now + std::chrono::microseconds(*connection.struck->fate.cutAfterUs);
    if (start.count)
        connection.stream->countFrom(*start.count);

    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDHUP;
    wanted.data.fd = descriptor;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &wanted) != 0) {
        activity_.streamEnded(number, {});
        return;
    }
    // Watched before the store is read: what is committed from here on arrives in the inbox, what came before lies in the store.
    countEndpoint(start.framing.endpoint, start.output, 1);
    Connection& kept = connections_.emplace(descriptor, std::move(connection)).first->second;
    takeSeat(kept);
    nextExpiry_ = std::min(nextExpiry_, start.expiresAt.value_or(Timestamp::max()));
    if (!start.received.empty())
        kept.stream->received(start.received, now);
    // By the newest catalog: the worker that let it in may have seen a change that this thread has not heard of yet.
    const std::shared_ptr<const Catalog> catalog = store_.catalog();
    if (const auto endpoint = catalog->endpoints.find(start.framing.endpoint); endpoint != catalog->endpoints.end())
        kept.reads = endpoint->second.output;
    follow(kept, *catalog, 0, {}, now);
    serve(kept);
}

void FanOut::takeSeat(Connection& connection)
{
    Audience& audience = audiences_[{connection.stream->output(), connection.stream->framing()}];
    connection.seat = audience.size();
    audience.push_back(&connection);
}

void FanOut::leaveSeat(Connection& connection)
{
    const auto found = audiences_.find({connection.stream->output(), connection.stream->framing()});
    Audience& audience = found->second;
    audience.back()->seat = connection.seat;
    audience[connection.seat] = audience.back();
    audience.pop_back();
    if (audience.empty())
        audiences_.erase(found);
}

void FanOut::feedActivity()
{
    std::vector<Connection*> readers; // serving one may forget it
    for (auto at = audiences_.lower_bound({ActivityFeed::output, {}}); at != audiences_.end() && at->first.first == ActivityFeed::output; ++at)
        readers.insert(readers.end(), at->second.begin(), at->second.end());
    for (Connection* reader : readers) {
        reader->stream->fallBehind();
        serve(*reader);
    }
}

void FanOut::close(Connection& connection, std::uint16_t code, std::string_view reason, Moment now)
{
    if (connection.reason.empty())
        connection.reason = reason;
    connection.struck.reset(); // a stalled one says goodbye, too, and none is cut while it does
    connection.cutAt.reset();
    connection.stream->close(code, reason, now);
}

void FanOut::leaveWeather(Connection& connection, Moment now)
{
    if (connection.isStalled())
        connection.stream->goOn(now);
    connection.struck.reset();
    connection.cutAt.reset();
}

/// As a network does it: without a word.
void FanOut::cut(Connection& connection)
{
    connection.reason = "test weather: cut";
    const linger atOnce{1, 0};
    setsockopt(connection.channel.descriptor(), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    forget(connection.channel.descriptor(), Ending::Broken);
}

void FanOut::receive(Connection& connection)
{
    constexpr std::size_t most = 16 * 1024;
    std::array<char, most> buffer{};
    do {
        const Channel::Transfer got = connection.channel.read(buffer);
        if (got.result == Channel::Result::Moved)
            connection.stream->received({buffer.data(), got.bytes}, std::chrono::steady_clock::now());
        else if (got.result == Channel::Result::Ended)
            connection.stream->receivedEnd();
    } while (connection.channel.hasUnread());
    if (connection.stream->isClosing() && connection.isStalled())
        leaveWeather(connection, std::chrono::steady_clock::now()); // goodbyes are said in any weather
}

void FanOut::serve(Connection& connection)
{
    if (!connection.isStalled() || connection.bytes < connection.headBytes)
        send(connection);
    const Stream& stream = *connection.stream;
    if (stream.finished()) {
        forget(connection.channel.descriptor());
        return;
    }
    // With bytes of the peer unread, an end at once would reset the connection, and the last word could be lost.
    if (stream.hasEnded())
        connection.channel.endWriting();
    if (stream.hungry() && !connection.isStalled() && !connection.waitsForRoom && !connection.waitsForTurn) {
        connection.waitsForTurn = true;
        hungry_.push_back(connection.channel.descriptor());
    }
}

void FanOut::send(Connection& connection)
{
    Stream& stream = *connection.stream;
    const std::size_t before = stream.ownBytes();
    bool full = false;
    while (!full && !stream.waiting().empty()) {
        const std::string_view bytes = stream.waiting();
        const Channel::Transfer taken = connection.channel.write(bytes);
        if (taken.result == Channel::Result::Ended) {
            stream.receivedEnd();
            return;
        }
        full = taken.result == Channel::Result::Later;
        if (full)
            continue;
        stream.sent(taken.bytes);
        connection.bytes += taken.bytes;
    }
    ownBytes_ -= std::min(ownBytes_, before - stream.ownBytes());
    if (full == connection.waitsForRoom)
        return;
    connection.waitsForRoom = full;
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDHUP | (full ? EPOLLOUT : 0U);
    wanted.data.fd = connection.channel.descriptor();
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.channel.descriptor(), &wanted);
}

void FanOut::forget(int descriptor, Ending ending)
{
    const auto found = connections_.find(descriptor);
    const Stream& stream = *found->second.stream;
    countEndpoint(stream.framing().endpoint, stream.output(), -1);
    leaveSeat(found->second);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - found->second.began);
    std::string reason = std::move(found->second.beginning);
    reason += (reason.empty() || found->second.reason.empty() ? "" : "; ") + found->second.reason;
    activity_.streamEnded(found->second.activity, {took.count(), found->second.bytes, std::move(reason), stream.output(), stream.taken()});
    epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
    if (ending == Ending::Orderly)
        found->second.channel.endWriting();
    connections_.erase(found);
}

void FanOut::look(Connection& connection, Moment now)
{
    const Channel::Delivery delivery = connection.channel.delivery();
    connection.stream->delivered(delivery.confirmed != connection.confirmed, delivery.isWhole, now);
    connection.confirmed = delivery.confirmed;
    connection.lookedAt = now;
}

void FanOut::tick()
{
    const Moment now = std::chrono::steady_clock::now();
    const Timestamp time = clock_.now();
    const bool due = now - lastTick_ >= tickEvery || stopping_;
    if (!due && time < nextExpiry_)
        return;
    nextExpiry_ = Timestamp::max();
    if (due)
        makeRoom(now);
    std::vector<Connection*> concerned; // serving one may forget it
    for (auto& [descriptor, connection] : connections_) {
        if (due && connection.struck && !weather_.goesOn(*connection.struck))
            leaveWeather(connection, now);
        const Timestamp expires = connection.stream->isClosing() ? Timestamp::max() : connection.stream->expiresAt().value_or(Timestamp::max());
        if (time < expires)
            nextExpiry_ = std::min(nextExpiry_, expires);
        else
            close(connection, closecode::tokenExpired, "the access token has expired", now);
        if (due || expires <= time)
            concerned.push_back(&connection);
    }
    if (due)
        lastTick_ = now;
    for (Connection* connection : concerned) {
        if (connection->cutAt && *connection->cutAt <= now) {
            cut(*connection);
            continue;
        }
        if (now - connection->lookedAt >= lookEvery)
            look(*connection, now);
        if (!connection->isStalled())
            connection->stream->tick(now);
        serve(*connection);
    }
}

} // namespace iotman::server
