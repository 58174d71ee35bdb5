// Bodies of requests: how much of them is taken, and for how long.
#include "core/server/router.h"
#include "core/server/worker.h"

#include <algorithm>

namespace iotman::server {

namespace {

/// So much of a body that is announced gets its place at once; beyond that, it grows as it comes.
constexpr std::size_t mostReserved = std::size_t(256) * 1024;

Error tooMuchAtOnce()
{
    Error busy{Problem::Unavailable, "too much is being received at the moment"};
    busy.retryAfter = 1;
    return busy;
}

} // namespace

bool Worker::admitBody(Connection& connection)
{
    const RequestHead& head = connection.head;
    const std::size_t most = mostBodyBytes(head.path());
    if (head.framing == BodyFraming::Length && head.contentLength > most) {
        refuse(connection, {Problem::TooLarge, "the body has " + std::to_string(head.contentLength) + " bytes; at most " + std::to_string(most) + " are taken here"});
        return false;
    }
    if (!makeRoom(head.contentLength, connection)) {
        refuse(connection, tooMuchAtOnce());
        return false;
    }
    connection.bodyCameAt = connection.paceSince = std::chrono::steady_clock::now();
    connection.paceBytes = 0;
    if (head.framing == BodyFraming::Chunked)
        connection.chunked = std::make_unique<ChunkedBody>(most);
    if (!head.expectsContinue || !connection.received.empty())
        return true;
    // RFC 9110 §10.1.1: at once, where the body would change nothing.
    const HttpRequest request{head, {}, connection.client, connection.scheme};
    if (std::optional<Response> refusal = router_.refusalByHead(request)) {
        connection.state = State::Busy;
        connection.keepAlive = false;
        answer(connection.id, std::move(*refusal));
        return false;
    }
    write(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    return true;
}

/// Whether `taker` can get so many bytes more. For that, bodies that stand still give way where that is enough, the largest first.
bool Worker::makeRoom(std::size_t bytes, const Connection& taker)
{
    if (bodyBytes_ + bytes <= limits_.bodyBytesInFlight)
        return true;
    const Moment now = std::chrono::steady_clock::now();
    std::vector<std::pair<std::size_t, Id>> still;
    std::size_t sum = 0;
    for (const auto& [id, connection] : connections_) {
        if (id == taker.id || connection->state != State::Body || now - connection->bodyCameAt < limits_.bodyPause)
            continue;
        still.emplace_back(connection->bodyCounted, id);
        sum += connection->bodyCounted;
    }
    if (bodyBytes_ + bytes > limits_.bodyBytesInFlight + sum)
        return false;
    std::sort(still.rbegin(), still.rend());
    for (const auto& [size, id] : still) {
        if (bodyBytes_ + bytes <= limits_.bodyBytesInFlight)
            break;
        if (const auto found = connections_.find(id); found != connections_.end()) // an answer to another may have let it go
            refuse(*found->second, tooMuchAtOnce());
    }
    return true;
}

bool Worker::processBody(Connection& connection)
{
    const std::size_t before = connection.body.size();
    bool complete = connection.head.framing == BodyFraming::None;
    if (connection.chunked) {
        const Expected<std::size_t> taken = connection.chunked->take(connection.received, connection.body);
        if (!taken) {
            countBody(connection);
            refuse(connection, taken.error());
            return false;
        }
        connection.received.erase(0, *taken);
        complete = connection.chunked->finished();
    } else if (!complete) {
        const std::size_t wanted = static_cast<std::size_t>(connection.head.contentLength) - before;
        if (before == 0)
            connection.body.reserve(std::min(wanted, mostReserved));
        if (before == 0 && connection.received.size() == wanted) {
            connection.body = std::move(connection.received);
            connection.received.clear();
        } else {
            const std::size_t count = std::min(wanted, connection.received.size());
            connection.body.append(connection.received, 0, count);
            connection.received.erase(0, count);
        }
        complete = connection.body.size() == connection.head.contentLength;
    }
    countBody(connection);
    connection.bodyCameAt = std::chrono::steady_clock::now();
    if (!complete && !makeRoom(0, connection))
        refuse(connection, tooMuchAtOnce());
    if (!complete)
        return false;
    const Id id = connection.id;
    if (!meetWeather(connection))
        dispatch(connection);
    return connections_.contains(id) && connection.state == State::Head;
}

/// By all that came since its begin, and by what came lately: much at first does not pay for a long silence.
bool Worker::isBodySlow(Connection& connection, Moment now)
{
    const auto isLess = [&](std::size_t bytes, auto waited) {
        const auto counted = std::chrono::duration_cast<std::chrono::seconds>(waited - limits_.bodyGrace).count();
        return counted > 0 && bytes < static_cast<std::size_t>(counted) * limits_.bodyBytesPerSecond;
    };
    const std::size_t bytes = connection.body.size();
    if (isLess(bytes, now - connection.since))
        return true;
    if (now - connection.paceSince < 2 * limits_.bodyGrace)
        return false;
    const bool isSlow = isLess(bytes - connection.paceBytes, now - connection.paceSince);
    connection.paceSince = now;
    connection.paceBytes = bytes;
    return isSlow;
}

/// What it takes, which is more than it has where it grows.
void Worker::countBody(Connection& connection)
{
    const std::size_t bytes = connection.body.capacity();
    bodyBytes_ += bytes;
    bodyBytes_ -= std::exchange(connection.bodyCounted, bytes);
}

void Worker::dropBody(Connection& connection)
{
    bodyBytes_ -= std::exchange(connection.bodyCounted, 0);
    connection.body.clear();
    connection.body.shrink_to_fit();
    // QHttpServer keeps what it has parsed until the next request, for which an idle connection may wait long.
    constexpr std::size_t mostKept = std::size_t(16) * 1024;
    if (std::exchange(connection.parsedBytes, 0) > mostKept && connection.pipe)
        connection.pipe.release()->deleteLater();
}

} // namespace iotman::server
