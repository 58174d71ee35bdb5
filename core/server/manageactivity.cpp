// /api/activity
#include "core/server/managementanswers.h"

namespace iotman::server {

namespace {

constexpr std::int64_t usualPage = 100;
constexpr std::int64_t mostPage = 1000;

} // namespace

void Management::getActivity(const ManagementCall& call)
{
    const QueryParameters query = QueryParameters::parse(call.request.head.query());
    const auto before = wholeNumber(query, "before", 1, INT64_MAX);
    const auto limit = wholeNumber(query, "limit", 1, mostPage);
    if (!before || !limit) {
        call.reply(problemResponse(before ? limit.error() : before.error()));
        return;
    }
    const auto count = static_cast<std::size_t>(limit->value_or(usualPage));
    const std::vector<Activity::Entry> entries =
        context_.activity.newestFirst(static_cast<std::uint64_t>(before->value_or(INT64_MAX)), count + 1);
    Json data = Json::array();
    for (std::size_t i = 0; i < entries.size() && i < count; ++i)
        data.push_back(toJson(entries[i]));
    Json next = nullptr;
    if (entries.size() > count)
        next = baseOf(context_, call) + "/api/activity?limit=" + std::to_string(count) +
               "&before=" + std::to_string(entries[count - 1].number);
    call.reply(jsonResponse(200, {{"data", std::move(data)}, {"next_page", std::move(next)}}));
}

std::variant<StreamStart, Response> Management::streamActivity(const HttpRequest& request)
{
    const Expected<Identity> identity =
        Access::bearerToken(request.head).and_then([&](const std::string& token) { return access_.identify(token); });
    if (!identity)
        return challenge(identity.error());
    if (!identity->role || !may(*identity->role, Action::Read))
        return problemResponse(forbidden(Action::Read));
    StreamStart start;
    start.framing = {StreamProtocol::Events, EndpointId{}, false};
    start.output = ActivityFeed::output;
    start.cursor = {context_.activity.lastChange(), 0, {Timestamp::min(), 0}};
    start.member = identity->member;
    start.expiresAt = Timestamp{identity->claims.expiresAt * 1'000'000};
    if (const auto lastId = request.head.header("last-event-id"); lastId && !lastId->empty()) {
        const Expected<StreamCursor> cursor = StreamCursor::parse(*lastId, EndpointId{});
        if (!cursor)
            return problemResponse(cursor.error().at("Last-Event-ID"));
        // The log begins anew with the process: a greater number is one of an earlier run.
        start.cursor.after = cursor->after <= start.cursor.after ? cursor->after : 0;
    }
    return start;
}

} // namespace iotman::server
