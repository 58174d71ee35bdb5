// What the activity log and the counters are told of a worker's requests.
#include "core/server/redact.h"
#include "core/server/worker.h"

namespace iotman::server {

namespace {

/// What the activity log keeps of a request.
constexpr std::size_t mostShownMethod = 32;
constexpr std::size_t mostShownTarget = 1024;
constexpr std::size_t mostShownFields = 32;
constexpr std::size_t mostShownValue = 256;

} // namespace

/// Who watches the log would fill it with watching.
bool Worker::isTold(const Connection& connection) { return !connection.head.path().starts_with("/api/activity"); }

void Worker::record(const Connection& connection, int status, const Trace& trace, std::size_t bytes, Moment now)
{
    context_.metrics.answered(status, bytes);
    if (!isTold(connection))
        return;
    describe(connection, status, trace, bytes, now, exchange_);
    context_.activity.add(exchange_);
}

void Worker::describe(const Connection& connection, int status, const Trace& trace, std::size_t bytes, Moment now, Exchange& exchange)
{
    const RequestHead& head = connection.head;
    exchange.at = connection.begun;
    exchange.client = connection.client.address;
    exchange.method = std::string_view(head.method).substr(0, mostShownMethod);
    showTarget(head.target, mostShownTarget, exchange.target);
    exchange.status = status;
    exchange.bytes = bytes;
    exchange.tookUs = std::chrono::duration_cast<std::chrono::microseconds>(now - connection.begunAt).count();
    exchange.stream = exchange.open = bytes == 0;
    exchange.origin.clear();
    if (const auto origin = head.header("origin"))
        exchange.origin = shownOrigin(*origin).substr(0, mostShownValue);
    exchange.trace = trace;
    showHeaders(head.headers, mostShownFields, mostShownValue, exchange.headers);
}

/// One that left without an answer has no other entry.
void Worker::recordUnanswered(const Connection& connection)
{
    Exchange told;
    describe(connection, 0, Trace{{}, "test weather: no answer"}, 0, std::chrono::steady_clock::now(), told);
    told.stream = told.open = false;
    context_.activity.add(told);
}

} // namespace iotman::server
