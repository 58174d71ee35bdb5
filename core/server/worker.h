// One worker thread's share of the connections: guard, QHttpServer, handlers, answers.
#pragma once

#include "core/server/activity.h"
#include "core/server/channel.h"
#include "core/server/chunkedbody.h"
#include "core/server/qtparser.h"
#include "core/server/router.h"

#include <QtCore/qobject.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace iotman::server {

struct WorkerLimits {
    HeadLimits head;
    std::chrono::seconds headTime{10};   ///< from its first byte to its end
    std::chrono::seconds idleTime{75};   ///< between requests
    std::chrono::seconds bodyGrace{10};  ///< before the body's rate counts; a pause may be so long, too
    std::size_t bodyBytesPerSecond = 1024;
    std::chrono::seconds bodyPause{1};   ///< who sends nothing for so long gives way where there is no room for other bodies
    std::chrono::seconds answerTime{60}; ///< without a byte of the answer arriving
    std::chrono::seconds lingerTime{2};  ///< to let a refused client read its answer
    std::size_t bodyBytesInFlight = 256 * 1024 * 1024;
    std::size_t unsentBytes = 256 * 1024 * 1024; ///< of answers; beyond that the slowest readers go
};

/// Lives on its thread; `take` and `answer` are called there (post to them from others).
class Worker final : public QObject {
    Q_OBJECT

public:
    Worker(ServerContext& context, const WorkerLimits& limits);
    ~Worker() override;

    /// A connected socket, non-blocking; the worker closes it. `place` is given back with it.
    void take(int descriptor, const Peer& peer, ConnectionCount::Place place);

private:
    using Moment = std::chrono::steady_clock::time_point;
    using Id = std::uint64_t;
    enum class State {
        Head,     ///< reading, or waiting for, a request head
        Body,     ///< reading a body
        Busy,     ///< a handler has the request
        Draining, ///< the last answer is out; the client may still be sending
    };
    struct Connection {
        Id id = 0;
        Channel channel;
        Peer peer; ///< the other end
        Peer client; ///< of the request: who stands behind trusted proxies
        std::string_view scheme = "http"; ///< as the client sees it
        Timestamp begun; ///< when the request's head was there
        Moment begunAt;
        State state = State::Head;
        std::string received;  ///< not yet looked at
        std::string unsent;    ///< of an answer
        std::size_t sent = 0;  ///< of `unsent`
        std::size_t unsentCounted = 0; ///< of `unsent`, in `unsentBytes_`
        RequestHead head;
        std::string known; ///< `head` as it came, where a request that begins so is admitted like the last one; else empty
        std::string body;
        std::size_t bodyCounted = 0; ///< of the body, in `bodyBytes_`
        std::size_t parsedBytes = 0; ///< of the body, which QHttpServer holds until the request is answered
        std::unique_ptr<ChunkedBody> chunked;
        Moment bodyCameAt;          ///< the last of it
        Moment paceSince;           ///< since then its pace is looked at
        std::size_t paceBytes = 0;  ///< of the body that were there then
        bool keepAlive = true;
        bool peerClosed = false;
        bool processing = false;
        Moment since; ///< the state's begin, or when more of an answer had arrived
        std::uint64_t confirmed = 0; ///< bytes that had arrived by then
        Moment unsentSince;               ///< when `unsent` began to wait
        std::uint64_t unsentConfirmed = 0; ///< bytes that had arrived by then
        Moment fullSince;                 ///< when its socket took all that it could
        std::optional<Struck> struck;    ///< of the request, where its endpoint has test weather
        std::optional<Moment> heldUntil; ///< by which it is held up
        std::string weatherNote;         ///< what was done to it, in words
        std::unique_ptr<RequestPipe> pipe;
        std::unique_ptr<QSocketNotifier> readNotifier;
        std::unique_ptr<QSocketNotifier> writeNotifier;
    };

    /// How other threads reach a worker that may be going: they post while they hold the mutex, and it goes while it holds it.
    struct Mailbox {
        std::mutex mutex;
        Worker* worker = nullptr;
    };

    void readable(Id id);
    void writable(Id id);
    void process(Connection& connection);
    void readEnded(Connection& connection);
    bool processHead(Connection& connection); ///< false: nothing more to do for now
    bool takeHead(Connection& connection);    ///< false: it is not all there, or was refused
    bool admit(Connection& connection);       ///< false: refused, or handed over
    bool admitBody(Connection& connection);
    bool makeRoom(std::size_t bytes, const Connection& taker);
    bool isBodySlow(Connection& connection, Moment now);
    bool processBody(Connection& connection);
    void dispatch(Connection& connection);
    void handOver(Connection& connection);
    // workerweather.cpp
    bool meetWeather(Connection& connection); ///< true: the request goes on later, or was answered
    bool refuseByFate(Connection& connection);
    void holdUp(Connection& connection, Moment until);
    void letGo(Connection& connection);
    void wakeForHeldUp();
    void resumeDue();
    void sweepHeldUp();
    void resume(Id id);
    void answer(Id id, Response response);
    void refuse(Connection& connection, const Error& error);
    void write(Connection& connection, std::string head, std::string_view content = {});
    void flush(Connection& connection);
    void countUnsent(Connection& connection);
    void makeRoomForAnswers();
    Response tooMuchUnsent(const Connection& connection, Trace trace) const;
    static void enter(Connection& connection, State state, Moment now);
    void countBody(Connection& connection);
    void dropBody(Connection& connection);
    void remove(Id id);
    void sweep();
    // workerlog.cpp
    static bool isTold(const Connection& connection); ///< whether the activity log hears of the request
    void recordUnanswered(const Connection& connection);
    /// Tells the activity log and the counters about an answer of so many bytes.
    void record(const Connection& connection, int status, const Trace& trace, std::size_t bytes, Moment now);
    /// The same as the log has it. Without bytes it is a stream that begins.
    static void describe(const Connection& connection, int status, const Trace& trace, std::size_t bytes, Moment now, Exchange& exchange);
    std::string_view date();

    ServerContext& context_;
    const WorkerLimits limits_;
    QtParser parser_;
    Router router_;
    std::unordered_map<Id, std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<Connection>> leaving_; ///< removed, and kept until the next event: see remove()
    std::size_t bodyBytes_ = 0;   ///< of all bodies in flight
    std::size_t unsentBytes_ = 0; ///< of all answers that wait for their readers
    Id nextId_ = 1;
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    Exchange exchange_; ///< told last: its memory is used again
    QTimer sweeper_;
    std::multimap<Moment, Id> heldUp_; ///< by when they go on; at the end who waits for the end of the weather
    QTimer heldUpTimer_;
    std::string date_;
    std::int64_t dateSecond_ = -1;
};

} // namespace iotman::server
