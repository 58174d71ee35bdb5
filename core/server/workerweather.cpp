// What test weather does to a request: it waits, is refused, or goes on as if nothing were.
#include "core/server/worker.h"

#include "core/server/websocket.h"

#include <algorithm>
#include <vector>

namespace iotman::server {

namespace {

Response badWeather(int status)
{
    Response response{status, {}, jsonText(problemJson(status, "test weather: this endpoint fails on purpose"))};
    response.with("Content-Type", "application/problem+json");
    constexpr int tooMany = 429, unavailable = 503;
    if (status == tooMany || status == unavailable)
        response.with("Retry-After", "1");
    return response;
}

void addNote(std::string& what, const std::string& more)
{
    what += (what.empty() ? "test weather: " : ", ") + more;
}

} // namespace

bool Worker::meetWeather(Connection& connection)
{
    if (!context_.weather.isOn())
        return false;
    const std::optional<EndpointId> endpoint = router_.endpointRead(connection.head);
    std::optional<Struck> struck = endpoint ? context_.weather.next(*endpoint) : std::nullopt;
    if (!struck)
        return false;
    dropBody(connection); // reading takes none
    const Fate& fate = connection.struck.emplace(std::move(*struck)).fate;
    connection.weatherNote.clear();
    const bool isStream = router_.isStream(connection.head);
    if (fate.isStalled && !isStream) {
        holdUp(connection, Moment::max());
        return true;
    }
    if (fate.isStalled)
        addNote(connection.weatherNote, "brings nothing");
    if (fate.delayUs > 0) {
        holdUp(connection, std::chrono::steady_clock::now() + std::chrono::microseconds(fate.delayUs));
        return true;
    }
    return refuseByFate(connection);
}

void Worker::holdUp(Connection& connection, Moment until)
{
    connection.state = State::Busy;
    connection.heldUntil = until;
    heldUp_.emplace(until, connection.id);
    wakeForHeldUp();
}

/// One timer for all: it is set for whoever goes on first.
void Worker::wakeForHeldUp()
{
    if (heldUp_.empty() || heldUp_.begin()->first == Moment::max()) {
        heldUpTimer_.stop();
        return;
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(heldUp_.begin()->first - std::chrono::steady_clock::now());
    heldUpTimer_.start(std::max(wait, std::chrono::milliseconds(0)));
}

void Worker::letGo(Connection& connection)
{
    if (!connection.heldUntil)
        return;
    const auto [first, last] = heldUp_.equal_range(*connection.heldUntil);
    const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second == connection.id; });
    if (found != last)
        heldUp_.erase(found);
    connection.heldUntil.reset();
}

void Worker::resumeDue()
{
    const Moment now = std::chrono::steady_clock::now();
    std::vector<Id> due;
    for (auto at = heldUp_.begin(); at != heldUp_.end() && at->first <= now; ++at)
        due.push_back(at->second);
    for (const Id id : due)
        resume(id);
    wakeForHeldUp();
}

/// Whose weather has ended goes on at once.
void Worker::sweepHeldUp()
{
    std::vector<Id> freed;
    for (const auto& [until, id] : heldUp_) {
        if (!context_.weather.goesOn(*connections_.at(id)->struck))
            freed.push_back(id);
    }
    for (const Id id : freed)
        resume(id);
}

void Worker::resume(Id id)
{
    const auto found = connections_.find(id);
    if (found == connections_.end() || !found->second->heldUntil)
        return;
    Connection& connection = *found->second;
    letGo(connection);
    const bool isStream = router_.isStream(connection.head);
    const std::string what = connection.struck->fate.isStalled && !isStream ? "no answer for " : "late by ";
    if (!context_.weather.goesOn(*connection.struck)) {
        connection.struck.reset();
        connection.weatherNote.clear();
    }
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - connection.begunAt);
    addNote(connection.weatherNote, what + Timestamp{std::chrono::microseconds(waited).count()}.seconds() + " s");
    // What the client sent meanwhile is looked at when this has come to its end.
    connection.processing = true;
    if (!refuseByFate(connection)) {
        if (isStream)
            handOver(connection);
        else
            dispatch(connection);
    }
    if (!connections_.contains(id))
        return;
    connection.processing = false;
    process(connection);
}

bool Worker::refuseByFate(Connection& connection)
{
    if (!connection.struck || !connection.struck->fate.status)
        return false;
    const int status = *connection.struck->fate.status;
    addNote(connection.weatherNote, "answered " + std::to_string(status));
    connection.state = State::Busy;
    connection.keepAlive = connection.keepAlive && !asksForWebSocket(connection.head);
    Response response = badWeather(status);
    router_.addCors({connection.head, {}, connection.client, connection.scheme}, response);
    answer(connection.id, std::move(response));
    return true;
}

} // namespace iotman::server
