// /api/sources/{name}/datapoints: what came in last, for whoever writes rules
#include "core/server/managementanswers.h"
#include "core/server/newestdatapoints.h"

namespace iotman::server {

namespace {

constexpr std::size_t mostAnswerBytes = 2 * 1024 * 1024;

/// `{"time","sequence","payload"}`: the payload's own bytes, so that its numbers keep their digits.
void append(std::string& out, const StoredDatapoint& datapoint)
{
    out += "{\"time\":" + jsonText(timeJson(datapoint.position.time)) +
           ",\"sequence\":" + std::to_string(datapoint.position.sequence) + ",\"payload\":" + datapoint.payload + "}";
}

} // namespace

void Management::listDatapoints(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Source* source = findOrAnswer(catalog->sources, "source", call);
    if (!source)
        return;
    const auto query = DatapointsQuery::parse(call.request.head.query());
    if (!query) {
        call.reply(problemResponse(query.error()));
        return;
    }
    const auto found = newestDatapoints(*reader_, source->key, query->before, query->limit, mostAnswerBytes);
    if (!found) {
        call.reply(problemResponse(found.error()));
        return;
    }
    std::string text = "{\"data\":[";
    for (const StoredDatapoint& datapoint : found->datapoints) {
        text += text.back() == '[' ? "" : ",";
        append(text, datapoint);
    }
    Json next = nullptr;
    if (found->more)
        next = baseOf(context_, call) + std::string(call.request.head.path()) + "?limit=" + std::to_string(query->limit) +
               "&before=" + std::to_string(found->datapoints.back().position.sequence);
    text += "],\"next_page\":" + jsonText(next) + "}";
    Response response{200, {}, std::move(text)};
    response.with("Content-Type", "application/json");
    call.reply(std::move(response));
}

} // namespace iotman::server
