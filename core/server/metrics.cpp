#include "core/server/metrics.h"

#include "core/model/problem.h"
#include "core/server/servercontext.h"

#include <algorithm>
#include <string_view>

namespace iotman::server {

namespace {

/// Writes families one after the other, each with its help and type.
class Exposition {
public:
    void begin(std::string_view name, std::string_view type, std::string_view help)
    {
        name_ = name;
        text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
    }
    void sample(std::int64_t value) { text_ += name_ + " " + std::to_string(value) + "\n"; }
    void sample(std::string_view label, std::string_view labelled, std::int64_t value)
    {
        text_ += name_ + "{" + std::string(label) + "=\"" + escaped(labelled) + "\"} " + std::to_string(value) + "\n";
    }
    std::string text() && { return std::move(text_); }

private:
    static std::string escaped(std::string_view value)
    {
        std::string text;
        for (const char c : value) {
            if (c == '\\' || c == '"')
                text += '\\';
            text += c == '\n' ? std::string("\\n") : std::string(1, c);
        }
        return text;
    }

    std::string name_;
    std::string text_;
};

std::int64_t valueOf(const std::atomic<std::uint64_t>& counter)
{
    return static_cast<std::int64_t>(counter.load(std::memory_order_relaxed));
}

/// "Request Header Fields Too Large" as a label: request_header_fields_too_large.
std::string labelOf(Problem kind)
{
    std::string label(reasonPhrase(httpStatus(kind)));
    std::transform(label.begin(), label.end(), label.begin(),
                   [](char c) { return c == ' ' ? '_' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c); });
    return label;
}

void addRequests(Exposition& out, const Metrics& metrics)
{
    out.begin("iotman_http_requests_total", "counter", "Answers by status.");
    for (std::size_t status = 0; status < metrics.answers.size(); ++status) {
        if (const std::int64_t count = valueOf(metrics.answers[status]); count > 0)
            out.sample("status", std::to_string(status), count);
    }
    out.begin("iotman_http_refusals_total", "counter", "Requests that were refused before a handler saw them, by reason.");
    for (std::size_t kind = 0; kind < metrics.guardRefusals.size(); ++kind)
        out.sample("reason", labelOf(static_cast<Problem>(kind)), valueOf(metrics.guardRefusals[kind]));
    out.begin("iotman_http_received_bytes_total", "counter", "Bytes received.");
    out.sample(valueOf(metrics.bytesReceived));
    out.begin("iotman_http_sent_bytes_total", "counter", "Bytes of answers.");
    out.sample(valueOf(metrics.bytesSent));
}

void addData(Exposition& out, const ServerContext& context, const Catalog& catalog)
{
    out.begin("iotman_datapoints", "gauge", "Datapoints that are stored, by source.");
    for (const auto& [name, source] : catalog.sources)
        out.sample("source", name.text, context.store.sourceCounts(source.key).datapoints);
    out.begin("iotman_items", "gauge", "Items that are stored, by output.");
    for (const auto& [id, output] : catalog.outputs)
        out.sample("output", output.name.text, context.store.counts(output.key).items);
    out.begin("iotman_items_failed", "gauge", "Datapoints on which a rule failed, by output; fewer once it is applied anew.");
    for (const auto& [id, output] : catalog.outputs)
        out.sample("output", output.name.text, context.store.counts(output.key).failed);
}

void addStreams(Exposition& out, const ServerContext& context, const Catalog& catalog)
{
    out.begin("iotman_streams", "gauge", "Streams that are open, by endpoint.");
    for (const auto& [id, endpoint] : catalog.endpoints)
        out.sample("endpoint", id.text, context.fanOut.streams(id));
    out.begin("iotman_test_weather", "gauge", "Endpoints that fail or are slow on purpose.");
    out.sample(static_cast<std::int64_t>(context.weather.all().size()));
    out.begin("iotman_stream_messages_total", "counter", "Messages passed on to streams as they came.");
    out.sample(static_cast<std::int64_t>(context.fanOut.messages()));
}

} // namespace

std::string metricsText(const ServerContext& context)
{
    const std::shared_ptr<const Catalog> catalog = context.store.catalog();
    Exposition out;
    addRequests(out, context.metrics);
    addData(out, context, *catalog);
    addStreams(out, context, *catalog);
    out.begin("iotman_connections", "gauge", "Connections that are open, streams among them.");
    out.sample(context.connections.total());
    out.begin("iotman_queue_bytes", "gauge", "Bytes that wait to be written to the store.");
    out.sample(static_cast<std::int64_t>(context.store.waitingBytes()));
    out.begin("iotman_store_bytes", "gauge", "Bytes that the store takes on the disk.");
    out.sample(context.store.storedBytes());
    out.begin("iotman_up", "gauge", "1 while everything works, 0 while the server is degraded (see /healthz).");
    out.sample(context.store.trouble() ? 0 : 1);
    return std::move(out).text();
}

} // namespace iotman::server
