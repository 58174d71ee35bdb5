// One reader of an endpoint's items: what it has seen, what waits for it, when it must go. Knows no socket: bytes go in and out.
#pragma once

#include "core/server/streammessage.h"
#include "core/store/store.h"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

struct wslay_event_context;
struct wslay_event_on_frame_recv_start_arg;

namespace iotman::server {

/// Bytes that several readers share.
using SharedBytes = std::shared_ptr<const std::string>;

using Moment = std::chrono::steady_clock::time_point;

/// How many live items an output has made since the server started, up to a sequence.
struct LiveCount {
    Sequence upTo = 0;
    std::uint64_t items = 0;
};

struct StreamLimits {
    std::size_t waitingBytes = 256 * 1024; ///< per reader; who has more to get is fed from the store
    std::size_t messageBytes = 64 * 1024;  ///< from a client; we have no use for longer ones
    std::chrono::seconds ping{20};
    std::chrono::seconds silence{60};  ///< without a sign of life a peer is dead
    std::chrono::seconds standstill{60}; ///< one that takes nothing for so long is closed
    std::chrono::seconds farewell{3};  ///< for the close handshake
};

/// Used by one thread at a time.
class Stream {
public:
    Stream(StreamFraming framing, OutputKey output, StreamCursor cursor, std::optional<Timestamp> expiresAt, const StreamLimits& limits, Moment now);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    const StreamFraming& framing() const { return framing_; }
    OutputKey output() const { return output_; }
    /// Goes on with the items of another output, from the store at first; one that had caught up has no use for those up to `known`.
    void setOutput(OutputKey output, Sequence known);
    /// What `taken` and `behind` count from; not below where the stream begins.
    void countFrom(const LiveCount& count);
    Sequence after() const { return cursor_.after; }
    std::optional<Timestamp> expiresAt() const { return expiresAt_; }

    /// Puts bytes that are no messages in front (the answer's head).
    void begin(std::string head);

    /// Feeds what is stored until enough waits or the reader has caught up. Errors: the store's; nothing is skipped then.
    Expected<void> fill(store::Reader& reader);
    /// Whether `fill` has something to do.
    bool hungry() const;

    /// Whether the reader has everything up to the last publication, so that the next one can be passed on directly.
    bool isLive() const { return live_; }
    /// Passes on what was published: so many items with a sequence above `after()`, `last` the greatest of them. Only while live; when
    /// too much waits already, the reader is behind and gets the same from the store later: false.
    bool publish(const SharedBytes& messages, std::size_t items, Sequence last);

    /// Whether it is live and nothing waits before what is published next.
    bool takesAtOnce() const { return live_ && !closing_ && !finished_ && waitingBytes_ == 0; }
    /// Such a stream's publication went out whole: as `publish` and `sent` together.
    void published(std::size_t items, Sequence last);

    /// There is something new that was not published: `fill` fetches it.
    void fallBehind() { live_ = false; }

    /// Bytes that came from the client.
    void received(std::string_view bytes, Moment now);
    /// The client closed its side.
    void receivedEnd() { finished_ = true; }

    std::string_view waiting() const; ///< the next bytes to send
    void sent(std::size_t bytes);
    /// Of what was sent, more has arrived since this was told last, or all of it has.
    void delivered(bool some, bool all, Moment now);

    std::size_t waitingBytes() const { return waitingBytes_; }
    /// What waits for it alone takes: what was read for it from the store. Publications are shared.
    std::size_t ownBytes() const { return ownBytes_; }

    /// The last live item that the reader has taken whole, counted as `LiveCount` does. Nothing before it has caught up for the first
    /// time, or where no count was given.
    std::optional<std::uint64_t> taken() const;
    /// How many of the output's `live` items it has not taken yet; nothing where `taken` is nothing.
    std::optional<std::uint64_t> behind(std::uint64_t live) const;

    /// It was let alone up to now: neither its peer nor anything it did is judged by the time before.
    void goOn(Moment now);
    /// Pings, notices dead peers and standstill.
    void tick(Moment now);
    /// Says goodbye: with a close frame, or by ending the events. Nothing is published any more.
    void close(std::uint16_t code, std::string_view reason, Moment now);
    bool isClosing() const { return closing_; }
    /// The last word is out, and what comes in cannot be read: nothing more will be sent, and the peer may end it.
    bool hasEnded() const { return broken_ && queue_.empty(); }
    /// Nothing more to do: the connection can go.
    bool finished() const;

private:
    static long receiveCallback(wslay_event_context* context, unsigned char* buffer, unsigned long size, int flags, void* self);
    static void frameCallback(wslay_event_context* context, const wslay_event_on_frame_recv_start_arg* frame, void* self);
    static long sendCallback(wslay_event_context* context, const unsigned char* data, unsigned long size, int flags, void* self);

    /// Bytes and how many items they are.
    struct Piece {
        SharedBytes bytes;
        std::size_t items = 0;
        bool isOwn = false; ///< of no other reader
    };

    void push(std::string bytes, std::size_t items = 0);
    void push(Piece piece);
    void flushControl();
    std::size_t waitingRoom() const;
    std::uint64_t untaken() const;

    // Side by side, since each publication looks at them:
    StreamCursor cursor_;
    std::optional<Timestamp> expiresAt_;
    std::size_t waitingBytes_ = 0;
    std::uint64_t counted_ = 0; ///< items beyond `begin_` that were put into the queue
    bool live_ = false;
    bool closing_ = false;
    bool finished_ = false;

    StreamFraming framing_;
    OutputKey output_;
    const StreamLimits& limits_;
    wslay_event_context* wslay_ = nullptr;
    std::string_view incoming_; ///< during `received`
    std::string control_;       ///< frames that wslay wrote
    bool halfCode_ = false;     ///< a close frame came with one byte of a code
    bool broken_ = false;       ///< a frame came that cannot be read

    std::deque<Piece> queue_;
    std::size_t ownBytes_ = 0; ///< of all own pieces, each whole until it is sent
    std::size_t offset_ = 0; ///< into the front of the queue
    std::size_t waitingItems_ = 0;   ///< in the queue, its front counted whole
    std::optional<LiveCount> begin_; ///< what is counted from
    bool isOnItsWay_ = false; ///< some of what was sent, as far as is known
    bool caughtUp_ = false; ///< it was live once
    bool answered_ = false; ///< our close was
    Moment lastTaken_;
    Moment lastHeard_;
    Moment lastPing_;
    Moment closingSince_;
};

} // namespace iotman::server
