// /api/activity
#include "core/server/managementanswers.h"

namespace iotman::server {

namespace {

constexpr std::int64_t usualPage = 100;
constexpr std::int64_t mostPage = 1000;

/// Which part of a list is asked for: entries below a number, newest first.
struct Asked {
    std::uint64_t before = 0;
    std::size_t limit = 0;
};

Expected<Asked> askedOf(const ManagementCall& call)
{
    const QueryParameters query = QueryParameters::parse(call.request.head.query());
    const auto before = wholeNumber(query, "before", 1, INT64_MAX);
    const auto limit = wholeNumber(query, "limit", 1, mostPage);
    if (!before || !limit)
        return fail(before ? limit.error() : before.error());
    return Asked{static_cast<std::uint64_t>(before->value_or(INT64_MAX)), static_cast<std::size_t>(limit->value_or(usualPage))};
}

Json toJson(const OpenStream& stream)
{
    return {{"number", stream.number},
            {"at", timeJson(stream.at)},
            {"endpoint", stream.endpoint.text},
            {"protocol", stream.protocol == StreamProtocol::WebSocket ? "websocket" : "events"},
            {"client", stream.client},
            {"caller", textOrNull(stream.caller)},
            {"origin", textOrNull(stream.origin)},
            {"bytes", stream.bytes},
            {"waiting_bytes", stream.waiting},
            {"behind", stream.behind ? Json(*stream.behind) : Json(nullptr)}};
}

/// `entries`: one more than asked for where more follow. `list` is the URL without its query.
template <class Entry>
Response pageOf(const std::vector<Entry>& entries, const Asked& asked, const std::string& list)
{
    Json data = Json::array();
    for (std::size_t i = 0; i < entries.size() && i < asked.limit; ++i)
        data.push_back(toJson(entries[i]));
    Json next = nullptr;
    if (entries.size() > asked.limit)
        next = list + "?limit=" + std::to_string(asked.limit) + "&before=" + std::to_string(entries[asked.limit - 1].number);
    return jsonResponse(200, {{"data", std::move(data)}, {"next_page", std::move(next)}});
}

} // namespace

void Management::getActivity(const ManagementCall& call)
{
    const Expected<Asked> asked = askedOf(call);
    call.reply(asked ? pageOf(context_.activity.newestFirst(asked->before, asked->limit + 1), *asked,
                              baseOf(context_, call) + "/api/activity")
                     : problemResponse(asked.error()));
}

void Management::getStreams(const ManagementCall& call)
{
    const Expected<Asked> asked = askedOf(call);
    if (!asked)
        return call.reply(problemResponse(asked.error()));
    context_.fanOut.listStreams(asked->before, asked->limit + 1,
                                [asked = *asked, list = baseOf(context_, call) + "/api/activity/streams", reply = call.reply](
                                    const std::vector<OpenStream>& streams) { reply(pageOf(streams, asked, list)); });
}

std::variant<StreamStart, Response> Management::streamActivity(const HttpRequest& request)
{
    const Expected<Identity> identity = access_.identify(request.head);
    if (!identity)
        return challenge(identity.error());
    if (!identity->role || !may(*identity->role, Action::Read))
        return challenge(forbidden(Action::Read));
    StreamStart start;
    start.framing = {StreamProtocol::Events, EndpointId{}, false};
    start.output = ActivityFeed::output;
    start.cursor = {context_.activity.lastChange(), 0, {Timestamp::min(), 0}};
    start.member = identity->member;
    start.keyId = identity->claims.keyId;
    start.expiresAt = Timestamp{identity->claims.expiresAt * 1'000'000};
    const Expected<std::optional<StreamCursor>> last = lastEventId(request.head, EndpointId{});
    if (!last)
        return problemResponse(last.error());
    // The log begins anew with the process: a greater number is one of an earlier run.
    if (*last)
        start.cursor.after = (*last)->after <= start.cursor.after ? (*last)->after : 0;
    return start;
}

} // namespace iotman::server
