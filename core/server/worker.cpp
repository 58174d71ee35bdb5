#include "core/server/worker.h"

#include "core/server/ownaddress.h"
#include "core/server/slowreaders.h"
#include "core/server/websocket.h"

#include <QtCore/qthread.h>

#include <poll.h>

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

constexpr std::size_t readBytes = 64 * 1024;
/// While a handler works, no more than this is read ahead of a client that pipelines.
constexpr std::size_t mostReadAhead = 64 * 1024;
/// So large an answer may be where there is no room for more that waits.
constexpr std::size_t mostBeyondRoom = 64 * 1024;
/// A head up to this length is remembered until the next one.
constexpr std::size_t mostKnownHead = 1024;

/// What QHttpServer parses: the request as the guard understood it, with nothing in it that could be understood otherwise. Handlers
/// have the head from the guard, so that no more of it stands here than frames the body; QHttpServer reads it byte by byte.
QByteArray plainRequest(const RequestHead& head, std::string_view body)
{
    if (body.empty() && head.method == "GET") {
        // A host that is given spares QUrl the checks of an address that QHttpServer would put there.
        static const QByteArray usual("GET //a HTTP/1.1\r\n\r\n");
        return usual;
    }
    QByteArray request;
    request.reserve(static_cast<qsizetype>(head.method.size() + body.size() + 64));
    request.append(head.method.data(), static_cast<qsizetype>(head.method.size()));
    request.append(" / HTTP/1.1\r\n");
    if (!body.empty()) {
        request.append("Content-Length: ");
        request.append(QByteArray::number(static_cast<qulonglong>(body.size())));
        request.append("\r\n");
    }
    request.append("\r\n");
    request.append(body.data(), static_cast<qsizetype>(body.size()));
    return request;
}

} // namespace

Worker::Worker(ServerContext& context, const WorkerLimits& limits) : context_(context), limits_(limits), router_(context)
{
    mailbox_->worker = this;
    connect(&sweeper_, &QTimer::timeout, this, &Worker::sweep);
    sweeper_.start(std::chrono::seconds(1));
    heldUpTimer_.setSingleShot(true);
    connect(&heldUpTimer_, &QTimer::timeout, this, &Worker::resumeDue);
}

Worker::~Worker()
{
    {
        const std::lock_guard lock(mailbox_->mutex);
        mailbox_->worker = nullptr;
    }
    while (!connections_.empty())
        remove(connections_.begin()->first);
}

void Worker::take(int descriptor, const Peer& peer, ConnectionCount::Place place)
{
    auto connection = std::make_unique<Connection>();
    const Id id = nextId_++;
    connection->id = id;
    connection->channel = Channel(descriptor, context_.tls, std::move(place));
    connection->peer = peer;
    connection->client = peer;
    connection->since = std::chrono::steady_clock::now();
    connection->readNotifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(connection->readNotifier.get(), &QSocketNotifier::activated, this, [this, id] { readable(id); });
    connections_.emplace(id, std::move(connection));
}

void Worker::readable(Id id)
{
    leaving_.clear();
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = *found->second;
    std::array<char, readBytes> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
    const Channel::Transfer got = connection.channel.read(buffer);
    if (got.result == Channel::Result::Later)
        return;
    if (got.result == Channel::Result::Ended) {
        if (got.failed)
            remove(id);
        else
            readEnded(connection);
        return;
    }
    if (connection.state == State::Draining)
        return;
    if (connection.state == State::Head && connection.received.empty())
        connection.since = std::chrono::steady_clock::now();
    const std::size_t before = connection.received.size();
    connection.received.append(buffer.data(), got.bytes);
    while (connection.channel.hasUnread()) {
        const Channel::Transfer more = connection.channel.read(buffer);
        if (more.result != Channel::Result::Moved)
            break;
        connection.received.append(buffer.data(), more.bytes);
    }
    context_.metrics.bytesReceived.fetch_add(connection.received.size() - before, std::memory_order_relaxed);
    if (connection.heldUntil && connection.received.size() >= mostReadAhead) {
        remove(id); // it is read on, so that its end is seen, and there is an end to what is kept
        return;
    }
    if (connection.state == State::Busy || !connection.unsent.empty()) {
        connection.readNotifier->setEnabled(connection.received.size() < mostReadAhead);
        return;
    }
    process(connection);
}

void Worker::readEnded(Connection& connection)
{
    connection.peerClosed = true;
    connection.readNotifier->setEnabled(false);
    // A client that closed its side after a request still gets its answer.
    if (connection.state != State::Busy && connection.unsent.empty())
        remove(connection.id);
    else if (connection.heldUntil == Moment::max())
        remove(connection.id); // nobody will be there
}

void Worker::process(Connection& connection)
{
    if (connection.processing)
        return;
    connection.processing = true;
    const Id id = connection.id;
    while (connections_.contains(id)) {
        const bool more = connection.state == State::Head ? processHead(connection) : connection.state == State::Body && processBody(connection);
        if (!more)
            break;
    }
    if (!connections_.contains(id))
        return;
    connection.processing = false;
    const bool isWhole = connection.state != State::Head && connection.state != State::Body;
    if (connection.peerClosed && connection.unsent.empty() && !isWhole)
        remove(id); // the rest of it will never come
}

bool Worker::processHead(Connection& connection)
{
    if (!connection.unsent.empty() || connection.received.empty())
        return false;
    // Who polls sends the same head again and again.
    const Id id = connection.id;
    const bool isKnown = !connection.known.empty() && connection.received.starts_with(connection.known);
    if (isKnown)
        connection.received.erase(0, connection.known.size());
    else if (!takeHead(connection))
        return false;
    connection.keepAlive = connection.head.keepAlive;
    connection.begun = context_.clock.now();
    connection.begunAt = std::chrono::steady_clock::now();
    if (!isKnown && !admit(connection))
        return connections_.contains(id) && connection.state == State::Head;
    enter(connection, State::Body, connection.begunAt);
    return true;
}

bool Worker::takeHead(Connection& connection)
{
    HeadResult result = readHead(connection.received, limits_.head);
    if (const auto* error = std::get_if<Error>(&result)) {
        connection.head = {};
        refuse(connection, *error);
        return false;
    }
    auto* complete = std::get_if<CompleteHead>(&result);
    if (!complete)
        return false;
    connection.head = std::move(complete->head);
    connection.known.assign(connection.received, 0, complete->bytes);
    connection.received.erase(0, complete->bytes);
    connection.body.clear();
    connection.chunked.reset();
    return true;
}

bool Worker::admit(Connection& connection)
{
    std::string text = std::exchange(connection.known, {});
    connection.client = connection.peer;
    connection.scheme = connection.channel.isTls() ? "https" : "http";
    connection.client.proxied = context_.proxies.any() || isForwarded(connection.head);

    const RequestHead& head = connection.head;
    if (auto host = context_.hosts.check(head.host); !host && !isOwnAddress(connection.channel.descriptor(), head.host)) {
        refuse(connection, host.error());
        return false;
    }
    if (context_.proxies.any()) {
        Seen seen = context_.proxies.seen(head, connection.peer.address, connection.scheme);
        connection.client.address = std::move(seen.client);
        connection.scheme = seen.scheme;
        if (seen.host != head.host) {
            if (auto named = context_.hosts.checkForwarded(seen.host); !named && !isOwnAddress(connection.channel.descriptor(), seen.host)) {
                refuse(connection, named.error());
                return false;
            }
            connection.head.host = std::move(seen.host);
        }
    }
    if (auto secured = context_.hosts.checkScheme(head, connection.scheme); !secured) {
        refuse(connection, secured.error());
        return false;
    }
    if (!isKnownMethod(head.method)) {
        refuse(connection, {Problem::NotImplemented, "the method “" + head.method + "” is not known here"});
        return false;
    }
    if (router_.isStream(head)) {
        if (!meetWeather(connection))
            handOver(connection);
        return false;
    }
    if (head.framing != BodyFraming::None)
        return admitBody(connection);
    if ((head.method == "POST" || head.method == "PUT" || head.method == "PATCH") && head.path().starts_with("/data/in/")) {
        refuse(connection, {Problem::LengthRequired, "expected a Content-Length or Transfer-Encoding: chunked"});
        return false;
    }
    if (!context_.proxies.any() && text.size() <= mostKnownHead)
        connection.known = std::move(text);
    return true;
}

void Worker::dispatch(Connection& connection)
{
    connection.state = State::Busy; // for as long as the handler needs
    if (!connection.pipe)
        connection.pipe.reset(parser_.open());
    const QByteArray request = plainRequest(connection.head, connection.body);
    connection.parsedBytes = connection.body.size(); // and goes on counting
    connection.body.clear();
    connection.body.shrink_to_fit();
    const bool parsed = parser_.parse(*connection.pipe, request, [this, &connection](const QByteArray& body) {
        // Answers may come from any thread; the connection may be gone by then.
        Reply reply = [mailbox = mailbox_, thread = thread(), id = connection.id](Response&& response) {
            std::unique_lock lock(mailbox->mutex);
            Worker* worker = mailbox->worker;
            if (!worker)
                return;
            if (QThread::currentThread() != thread) {
                QMetaObject::invokeMethod(worker, [worker, id, response = std::move(response)]() mutable { worker->answer(id, std::move(response)); });
                return;
            }
            lock.unlock(); // on its own thread it cannot go meanwhile
            worker->answer(id, std::move(response));
        };
        const HttpRequest asked{connection.head, std::string_view(body.constData(), static_cast<std::size_t>(body.size())), connection.client,
                                connection.scheme, connection.struck && connection.struck->fate.isExpired};
        router_.handle(asked, std::move(reply));
    });
    if (!parsed)
        refuse(connection, {Problem::BadRequest, "the request could not be read"});
}

void Worker::handOver(Connection& connection)
{
    const HttpRequest request{connection.head, {}, connection.client, connection.scheme, connection.struck && connection.struck->fate.isExpired};
    auto decided = router_.stream(request);
    if (auto* response = std::get_if<Response>(&decided)) {
        connection.state = State::Busy;
        // A client that wanted an upgrade expects nothing more on this connection.
        connection.keepAlive = connection.keepAlive && !asksForWebSocket(connection.head);
        answer(connection.id, std::move(*response));
        return;
    }
    StreamStart start = std::move(std::get<StreamStart>(decided));
    if (start.framing.protocol == StreamProtocol::WebSocket) {
        start.head = handshakeAnswer(connection.head, date());
    } else {
        start.head = wireHead(router_.eventsHead(request), date(), Keep::Close);
    }
    start.received = std::move(connection.received);
    start.struck = std::move(connection.struck);
    start.trace.reason = std::move(connection.weatherNote);
    const bool webSocket = start.framing.protocol == StreamProtocol::WebSocket;
    constexpr int switching = 101, good = 200;
    context_.metrics.answered(webSocket ? switching : good, 0);
    if (isTold(connection))
        describe(connection, webSocket ? switching : good, start.trace, 0, std::chrono::steady_clock::now(), start.exchange.emplace());
    // This thread must not hear of the socket any more before the other one does.
    connection.readNotifier->setEnabled(false);
    if (connection.writeNotifier)
        connection.writeNotifier->setEnabled(false);
    start.channel = std::move(connection.channel);
    context_.fanOut.adopt(std::move(start));
    remove(connection.id);
}

void Worker::answer(Id id, Response response)
{
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second->state != State::Busy)
        return;
    Connection& connection = *found->second;
    dropBody(connection);
    // What was changed is told, however long that is.
    if (unsentBytes_ > limits_.unsentBytes && response.content().size() > mostBeyondRoom && connection.head.method == "GET")
        response = tooMuchUnsent(connection, std::move(response.trace));
    // One that sends no more may have sent several.
    const bool keep = connection.keepAlive && (!connection.peerClosed || !connection.received.empty());
    std::string head = wireHead(response, date(), keep ? Keep::Open : Keep::Close, connection.head.minorVersion);
    const std::string_view content = connection.head.method == "HEAD" ? std::string_view() : response.content();
    const Moment now = std::chrono::steady_clock::now();
    if (const std::string weather = std::exchange(connection.weatherNote, {}); !weather.empty())
        response.trace.reason += (response.trace.reason.empty() ? "" : "; ") + weather;
    connection.struck.reset();
    record(connection, response.status, response.trace, head.size() + content.size(), now);
    enter(connection, keep ? State::Head : State::Draining, now);
    write(connection, std::move(head), content);
    const auto still = connections_.find(id);
    if (still == connections_.end())
        return;
    if (keep && connection.unsent.empty()) {
        connection.readNotifier->setEnabled(!connection.peerClosed);
        process(connection);
    }
}

void Worker::refuse(Connection& connection, const Error& error)
{
    const bool isRead = !connection.head.method.empty();
    const RequestHead head = isRead ? connection.head : salvagedHead(connection.received);
    dropBody(connection);
    connection.received.clear();
    connection.keepAlive = false;
    const Moment now = std::chrono::steady_clock::now();
    enter(connection, State::Draining, now);
    Response response = Router::refusalOf(head, error);
    // A page shall read why it was refused, where that was meant for us.
    if (head.path().starts_with("/data/out/") && error.kind != Problem::Misdirected)
        router_.addCors({head, {}, connection.client, connection.scheme}, response);
    std::string answer = wireHead(response, date(), Keep::Close);
    const std::string_view content = head.method == "HEAD" ? std::string_view() : response.content();
    context_.metrics.refused(error.kind);
    if (!isRead) {
        connection.begun = context_.clock.now();
        connection.begunAt = now;
    }
    record(connection, response.status, response.trace, answer.size() + content.size(), now);
    write(connection, std::move(answer), content);
}

void Worker::write(Connection& connection, std::string head, std::string_view content)
{
    std::size_t sent = 0;
    if (connection.unsent.empty()) {
        // Most sockets take all of it at once: then nothing is copied.
        const Channel::Transfer taken = connection.channel.write(head, content);
        if (taken.result == Channel::Result::Ended) {
            remove(connection.id);
            return;
        }
        sent = taken.bytes;
    }
    if (sent < head.size())
        connection.unsent.append(head, sent).append(content);
    else
        connection.unsent += content.substr(sent - head.size());
    countUnsent(connection);
    const Id id = connection.id;
    flush(connection);
    if (unsentBytes_ > limits_.unsentBytes && connections_.contains(id))
        makeRoomForAnswers();
}

/// Where readers take too little already, others get large answers a moment later.
Response Worker::tooMuchUnsent(const Connection& connection, Trace trace) const
{
    Error busy{Problem::Unavailable, "too many answers wait for their readers at the moment"};
    busy.retryAfter = 1;
    Response response = problemResponse(busy);
    response.trace = std::move(trace);
    if (connection.head.path().starts_with("/data/out/"))
        router_.addCors({connection.head, {}, connection.client, connection.scheme}, response);
    return response;
}

void Worker::countUnsent(Connection& connection)
{
    if (connection.unsentCounted == 0 && !connection.unsent.empty()) {
        connection.unsentSince = connection.fullSince = std::chrono::steady_clock::now();
        connection.unsentConfirmed = connection.channel.delivery().confirmed;
    }
    unsentBytes_ += connection.unsent.size();
    unsentBytes_ -= std::exchange(connection.unsentCounted, connection.unsent.size());
}

void Worker::makeRoomForAnswers()
{
    const Moment now = std::chrono::steady_clock::now();
    std::vector<UnreadAnswer> unread;
    std::vector<pollfd> sockets;
    for (const auto& [id, connection] : connections_) {
        if (connection->unsentCounted == 0)
            continue;
        unread.push_back({id, connection->unsentCounted, connection->channel.delivery().confirmed - connection->unsentConfirmed,
                          now - connection->unsentSince, now - connection->fullSince});
        sockets.push_back({connection->channel.descriptor(), POLLOUT, 0});
    }
    ::poll(sockets.data(), sockets.size(), 0);
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if ((sockets[i].revents & POLLOUT) != 0)
            unread[i].stuck = {};
    }
    for (const Id id : slowReaders(std::move(unread), unsentBytes_ - std::min(unsentBytes_, limits_.unsentBytes)))
        remove(id);
}

void Worker::flush(Connection& connection)
{
    bool hasMoved = false;
    while (connection.sent < connection.unsent.size()) {
        const Channel::Transfer taken = connection.channel.write(std::string_view(connection.unsent).substr(connection.sent));
        if (taken.result == Channel::Result::Moved) {
            connection.sent += taken.bytes;
            hasMoved = true;
            continue;
        }
        if (taken.result == Channel::Result::Later) {
            const Id id = connection.id;
            connection.since = std::chrono::steady_clock::now();
            if (hasMoved)
                connection.fullSince = connection.since;
            if (!connection.writeNotifier) {
                connection.writeNotifier = std::make_unique<QSocketNotifier>(connection.channel.descriptor(), QSocketNotifier::Write);
                connect(connection.writeNotifier.get(), &QSocketNotifier::activated, this, [this, id] { writable(id); });
            }
            connection.writeNotifier->setEnabled(true);
            return;
        }
        remove(connection.id);
        return;
    }
    connection.unsent = {}; // and what it took
    connection.sent = 0;
    countUnsent(connection);
    if (connection.writeNotifier)
        connection.writeNotifier->setEnabled(false);
    if (connection.state != State::Draining)
        return;
    if (connection.peerClosed) {
        remove(connection.id);
        return;
    }
    // RFC 9112 §9.6: half-close and read on for a moment, or a reset could cost the client our last answer.
    connection.channel.endWriting();
    connection.readNotifier->setEnabled(true);
    connection.since = std::chrono::steady_clock::now();
}

void Worker::writable(Id id)
{
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = *found->second;
    flush(connection);
    const bool isReading = connection.state == State::Head || connection.state == State::Body;
    if (connections_.contains(id) && connection.unsent.empty() && isReading) {
        connection.readNotifier->setEnabled(!connection.peerClosed);
        process(connection);
    }
}

void Worker::enter(Connection& connection, State state, Moment now)
{
    connection.state = state;
    connection.since = now;
}

void Worker::remove(Id id)
{
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    // A handler on the stack above us may still read the request.
    Connection* connection = leaving_.emplace_back(std::move(found->second)).get();
    connections_.erase(found);
    if (connection->heldUntil)
        recordUnanswered(*connection);
    letGo(*connection);
    dropBody(*connection);
    connection->unsent.clear();
    countUnsent(*connection);
    // Notifiers may be on the stack above us: they go when control is back in the event loop.
    for (auto* notifier : {&connection->readNotifier, &connection->writeNotifier}) {
        if (*notifier) {
            (*notifier)->setEnabled(false);
            notifier->release()->deleteLater();
        }
    }
    if (connection->pipe)
        connection->pipe.release()->deleteLater();
    connection->channel = {};
}

void Worker::sweep()
{
    leaving_.clear();
    sweepHeldUp();
    if (unsentBytes_ > limits_.unsentBytes)
        makeRoomForAnswers();
    const Moment now = std::chrono::steady_clock::now();
    std::vector<Id> gone;
    std::vector<Id> slow;
    for (const auto& [id, connection] : connections_) {
        if (!connection->unsent.empty()) {
            // Not whether the socket takes more: that it does only once a part of its buffer is free, which may be much.
            if (const std::uint64_t confirmed = connection->channel.delivery().confirmed; confirmed != connection->confirmed) {
                connection->confirmed = confirmed;
                connection->since = now;
            }
            if (now - connection->since >= limits_.answerTime)
                gone.push_back(id);
            continue;
        }
        const auto waited = now - connection->since;
        switch (connection->state) {
        case State::Head:
            if (connection->received.empty() ? waited >= limits_.idleTime : waited >= limits_.headTime)
                (connection->received.empty() ? gone : slow).push_back(id);
            break;
        case State::Body:
            if (isBodySlow(*connection, now))
                slow.push_back(id);
            break;
        case State::Busy:
            break;
        case State::Draining:
            if (waited >= limits_.lingerTime)
                gone.push_back(id);
            break;
        }
    }
    for (const Id id : gone)
        remove(id);
    for (const Id id : slow) {
        const auto found = connections_.find(id);
        if (found == connections_.end())
            continue;
        if (found->second->state == State::Head)
            found->second->head = {};
        refuse(*found->second, {Problem::RequestTimeout, "the request came too slowly"});
    }
}

std::string_view Worker::date()
{
    const Timestamp now = context_.clock.now();
    const std::int64_t second = now.us / 1'000'000;
    if (second != dateSecond_) {
        date_ = httpDate(now);
        dateSecond_ = second;
    }
    return date_;
}

} // namespace iotman::server
