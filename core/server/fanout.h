// The thread that owns the sockets of all readers and gives them what was published. Knows no Qt: epoll, send, the store's reader.
#pragma once

#include "core/model/catalog.h"
#include "core/server/activity.h"
#include "core/server/channel.h"
#include "core/server/sendbatch.h"
#include "core/server/stream.h"
#include "core/server/trustedissuers.h"
#include "core/server/weather.h"
#include "core/store/store.h"

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace iotman::server {

/// A stream that has not ended.
struct OpenStream {
    std::uint64_t number = 0; ///< of its entry in the activity log
    Timestamp at;
    std::string client, caller, origin; ///< as in the log
    EndpointId endpoint;
    StreamProtocol protocol = StreamProtocol::WebSocket;
    std::uint64_t bytes = 0;             ///< sent
    std::size_t waiting = 0;             ///< bytes
    std::optional<std::uint64_t> behind; ///< items that it has not taken yet; nothing while it gets those of the past
};

/// A reader that was let in.
struct StreamStart {
    Channel channel;      ///< the connection, now the fan-out's
    std::string received; ///< what came past the request's head
    std::string head;     ///< the answer's head, still to be sent
    StreamFraming framing;
    OutputKey output = 0;
    StreamCursor cursor;
    std::optional<ScopeName> scope;     ///< that the endpoint required when the reader was let in
    MemberId member;                    ///< whose token let it in; empty where it was no member's
    std::string keyId;                  ///< of the key that the member got it with
    std::optional<Trust> trust;         ///< by which a token of another service let it in
    std::string origin;                 ///< that the CORS allowlist let in; empty: it needed none
    std::optional<Timestamp> expiresAt; ///< of its token
    std::optional<LiveCount> count;     ///< of its output, where it begins to be live
    std::optional<Struck> struck;       ///< where the endpoint has test weather
    std::optional<Exchange> exchange;   ///< for the activity log; nothing: it is not told there
    Trace trace;
};

/// All functions may be called from any thread, but where one says otherwise.
class FanOut {
public:
    FanOut(store::Store& store, const store::Keeping& keeping, Activity& activity, Weather& weather, const Clock& clock,
           StreamLimits limits = {});
    ~FanOut();
    FanOut(const FanOut&) = delete;
    FanOut& operator=(const FanOut&) = delete;

    void adopt(StreamStart start);
    /// Takes what a commit published; copies only what somebody reads.
    void publish(std::span<const store::Published> published);
    /// On the writer thread. Streams of endpoints that are gone or switched off are closed with 4404, those under another scope or of a member who was
    /// removed, or of an issuer that is trusted no more, with 4401, those of an origin that the allowlist lost with 1008; others follow
    /// their output.
    void catalogChanged();
    /// Readers of the activity log get what is new in it.
    void activityChanged();
    /// How many live items `output` has made, up to the last sequence that `reader` sees.
    Expected<LiveCount> liveCount(OutputKey output, store::Reader& reader) const;
    /// Gives `reply` the streams that have not ended and stand below `before` in the activity log, newest first, at most `limit`; on the
    /// fan-out's thread. Streams that the log does not tell of are left out. Once the fan-out has stopped there is no reply.
    void listStreams(std::uint64_t before, std::size_t limit, std::function<void(std::vector<OpenStream>)> reply);
    /// Closes every stream, with 1012 when what is served was replaced.
    void closeAll(std::uint16_t code, std::string reason);
    /// Closes all streams with 1001, waits a moment for their goodbyes and ends the thread. The store is not used after this.
    void stop();

    /// Whether there was nothing yet when the server started.
    bool beganEmpty() const { return began_ == 0; }

    std::int64_t streams(const EndpointId& endpoint) const;
    std::int64_t streams() const { return total_.load(); }
    std::uint64_t messages() const { return messages_.load(); } ///< published since the start, all readers together

private:
    struct Connection {
        Channel channel;
        std::unique_ptr<Stream> stream;
        std::uint64_t bytes = 0;   ///< sent
        std::uint64_t bytesAtTick = 0;
        std::size_t seat = 0;      ///< in its audience
        bool waitsForTurn = false; ///< is among the hungry
        bool waitsForRoom = false; ///< EPOLLOUT is asked for
        std::optional<ScopeName> scope;
        MemberId member;
        std::string keyId;
        std::optional<Trust> trust;
        std::string allowedOrigin; ///< as in StreamStart
        OutputId reads;            ///< whose items, under whatever key
        std::uint64_t activity = 0; ///< the number of its entry in the log; 0: it has none
        Timestamp at;
        std::string client, caller, origin;
        Moment began;
        Moment lookedAt;             ///< what has arrived
        std::uint64_t confirmed = 0; ///< bytes
        std::string beginning; ///< what the log says of its beginning
        std::string reason;    ///< why we closed it
        std::optional<Struck> struck; ///< by test weather that goes on
        std::size_t headBytes = 0;    ///< all that it gets where it is to stall
        std::optional<Moment> cutAt;  ///< breaks then

        bool isStalled() const { return struck && struck->fate.isStalled; }
    };
    struct Item {
        Position position;
        std::string text;
    };
    /// What an output, or a generation that is still being made, has published.
    struct Live {
        Sequence given = 0; ///< the last one when it got its key; 0 where that was before the start
        LiveCount count;
    };
    /// What was published of an output and not delivered yet. Where that became too much, readers get it from the store.
    struct Waiting {
        std::vector<Item> items;
        std::size_t bytes = 0;
        Sequence first = 0;
        bool isTooMuch = false;
    };
    using Undelivered = std::map<OutputKey, Waiting>;
    /// Readers that get the same bytes.
    using Audience = std::vector<Connection*>;
    /// A piece of a publication as an audience gets it.
    struct Message {
        SharedBytes bytes;
        std::span<const Item> items;

        Sequence first() const { return items.front().position.sequence; }
        Sequence last() const { return items.back().position.sequence; }
    };
    struct Giving {
        Connection* connection;
        const Message* message;
    };
    /// What is about to be sent together.
    struct Gift {
        std::deque<Message> messages; ///< stay where they are
        std::map<std::pair<const Message*, Sequence>, const Message*> rests; ///< of them, for who has seen the items up to there
        std::size_t bytes = 0;        ///< of all
        std::vector<Giving> givings;
        std::vector<int> others; ///< descriptors of readers that have something else to do
    };
    struct Inbox {
        std::vector<StreamStart> starts;
        Undelivered published;
        std::size_t publishedBytes = 0;
        std::vector<std::function<void()>> questions;
        std::optional<std::pair<std::uint16_t, std::string>> closeAll;
        std::optional<Sequence> catalog; ///< it has changed: the last sequence before
        bool activity = false;
        bool stop = false;
    };

    void work();
    Inbox takeInbox();
    void wake();
    void welcome(StreamStart start);
    void deliver(const Undelivered& published);
    void deliver(std::span<const Item> items, const StreamFraming& framing, const Audience& audience, Gift& gift);
    static const Message& add(std::span<const Item> items, const StreamFraming& framing, Gift& gift);
    static const Message& restOf(const Message& message, const Stream& stream, Gift& gift);
    void offer(Connection& reader, const Message& message, Timestamp now, Gift& gift);
    void give(Gift& gift);
    void takeSeat(Connection& connection);
    void leaveSeat(Connection& connection);
    std::vector<Connection*> readersOf(OutputKey output) const;
    /// `changed`: the last sequence before the catalog became this one.
    void follow(Connection& connection, const Catalog& catalog, Sequence changed, const Undelivered& published, Moment now);
    Sequence knownBefore(OutputKey output, OutputKey next, const Undelivered& published) const;
    std::vector<OpenStream> openStreams(std::uint64_t before, std::size_t limit) const;
    void followKeys();
    void feedActivity();
    static void close(Connection& connection, std::uint16_t code, std::string_view reason, Moment now);
    void cut(Connection& connection);
    void leaveWeather(Connection& connection, Moment now);
    static void look(Connection& connection, Moment now);
    void receive(Connection& connection);
    void serve(Connection& connection); ///< send, and forget it when it is finished; who is hungry then waits for its turn
    void feed(Connection& connection);
    void feedHungry();
    void send(Connection& connection);
    enum class Ending { Orderly, Broken };
    void forget(int descriptor, Ending ending = Ending::Orderly);
    void tick();
    void makeRoom(Moment now);
    int timeout() const;
    void countEndpoint(const EndpointId& endpoint, OutputKey output, int change);

    store::Store& store_;
    const store::Keeping& keeping_;
    Activity& activity_;
    Weather& weather_;
    ActivityFeed activityFeed_{activity_};
    const Clock& clock_;
    const StreamLimits limits_;
    const Sequence began_; ///< the last sequence before the start
    int epoll_ = -1;
    int event_ = -1;

    mutable std::mutex mutex_;
    Inbox inbox_;
    std::map<OutputKey, std::int64_t> watched_; ///< readers by output
    std::map<OutputKey, Live> live_;            ///< those that are not here made nothing since the start
    OutputKey nextKey_ = 0;                     ///< of the catalog, as `catalogChanged` saw it
    std::map<EndpointId, std::int64_t> counts_; ///< readers by endpoint

    std::atomic<bool> isStopped_ = false;
    std::atomic<std::int64_t> total_ = 0;
    std::atomic<std::uint64_t> messages_ = 0;

    // The thread's own:
    std::unique_ptr<store::Reader> reader_;
    SendBatch batch_;
    std::unordered_map<int, Connection> connections_;
    std::map<std::pair<OutputKey, StreamFraming>, Audience> audiences_;
    std::deque<int> hungry_; ///< descriptors of those that are fed from the store, in turn
    Timestamp nextExpiry_ = Timestamp::max(); ///< of a token; nothing expires before
    Moment lastTick_;
    std::size_t ownBytes_ = 0; ///< of all streams: counted at each tick, and followed between two
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace iotman::server
