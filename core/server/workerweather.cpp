// What test weather does to a request: it waits, is refused, or gets no answer.
#include "core/server/worker.h"

#include "core/server/websocket.h"

#include <vector>

namespace iotman::server {

namespace {

Response badWeather(int status)
{
    Response response = jsonResponse(
        status,
        {{"type", "about:blank"}, {"title", reasonPhrase(status)}, {"status", status}, {"detail", "test weather: this endpoint fails on purpose"}});
    response.headers.front().value = "application/problem+json";
    constexpr int tooMany = 429, unavailable = 503;
    if (status == tooMany || status == unavailable)
        response.with("Retry-After", "1");
    return response;
}

} // namespace

bool Worker::isHeldUp(Connection& connection)
{
    if (!context_.weather.isOn())
        return false;
    const std::optional<EndpointId> endpoint = Router::endpointRead(connection.head);
    const std::optional<Fate> fate = endpoint ? context_.weather.next(*endpoint) : std::nullopt;
    if (!fate)
        return false;
    connection.fate = std::make_unique<Fate>(*fate);
    const bool isStream = router_.isStream(connection.head) && !connection.head.hasBody();
    if (fate->isStalled && !isStream) {
        connection.state = State::Busy;
        connection.stalledAt = context_.weather.changes();
        Exchange& told = exchange_; // it has no status
        describe(connection, 0, Trace{{}, text(*fate)}, 0, std::chrono::steady_clock::now(), told);
        told.stream = told.open = false;
        context_.activity.add(told);
        return true;
    }
    if (fate->delayUs == 0)
        return isRefusedByFate(connection);
    connection.state = State::Busy;
    QTimer::singleShot(std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(fate->delayUs)), this,
                       [this, id = connection.id] { resume(id); });
    return true;
}

bool Worker::isRefusedByFate(Connection& connection)
{
    if (!connection.fate->status)
        return false;
    connection.state = State::Busy;
    connection.keepAlive = connection.keepAlive && !asksForWebSocket(connection.head);
    Response response = badWeather(*connection.fate->status);
    router_.addCors({connection.head, {}, connection.client, connection.scheme}, response);
    answer(connection.id, std::move(response));
    return true;
}

void Worker::resume(Id id)
{
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    Connection& connection = *found->second;
    // What the client sent meanwhile is looked at when this has come to its end.
    connection.processing = true;
    if (!isRefusedByFate(connection)) {
        if (router_.isStream(connection.head) && !connection.head.hasBody())
            handOver(connection);
        else
            dispatch(connection);
    }
    if (!connections_.contains(id))
        return;
    connection.processing = false;
    process(connection);
}

/// The connections of requests that get no answer end with the weather, as if the machine that kept silent had gone.
void Worker::releaseStalled()
{
    std::vector<Id> released;
    for (const auto& [id, connection] : connections_) {
        if (connection->state == State::Busy && connection->fate && connection->fate->isStalled && connection->stalledAt != context_.weather.changes())
            released.push_back(id);
    }
    for (const Id id : released)
        remove(id);
}

} // namespace iotman::server
