#include "core/model/query.h"
#include "core/model/shown.h"

#include "core/model/encoding.h"

#include <charconv>

namespace iotman {

namespace {

std::string decoded(std::string_view text)
{
    std::optional<std::string> plain = percentDecoded(text, Plus::Blank);
    return plain ? *std::move(plain) : std::string(text);
}

Expected<std::optional<Timestamp>> timeParameter(const QueryParameters& query, std::string_view name)
{
    return query.once(name).and_then([&](const std::optional<std::string>& text) -> Expected<std::optional<Timestamp>> {
        if (!text)
            return std::optional<Timestamp>();
        return Timestamp::parseSeconds(*text, name).map([](Timestamp time) { return std::optional(time); });
    });
}

Expected<int> limitParameter(const QueryParameters& query)
{
    const auto text = query.once("limit");
    if (!text)
        return fail(text.error());
    if (!*text)
        return defaultLimit;
    int limit = 0;
    const std::string& given = **text;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), limit);
    const bool digits = !given.empty() && given.front() >= '0' && given.front() <= '9';
    if (!digits || error != std::errc() || end != given.data() + given.size() || limit < 1 || limit > mostLimit)
        return fail(Problem::BadRequest,
                    "limit: expected a whole number from 1 to " + std::to_string(mostLimit) + ", but got " + shown(given),
                    "limit");
    return limit;
}

/// A switch such as `times=1`.
Expected<bool> switchParameter(const QueryParameters& query, std::string_view name)
{
    const auto text = query.once(name);
    if (!text)
        return fail(text.error());
    if (!*text || **text == "0")
        return false;
    if (**text == "1")
        return true;
    return fail(Problem::BadRequest, std::string(name) + ": expected 0 or 1, but got " + shown(**text), std::string(name));
}

} // namespace

QueryParameters QueryParameters::parse(std::string_view text)
{
    QueryParameters query;
    constexpr std::size_t usualCount = 4;
    if (!text.empty())
        query.all_.reserve(usualCount);
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        query.all_.emplace_back(decoded(pair.substr(0, equals)), decoded(value));
    }
    return query;
}

Expected<std::optional<std::string>> QueryParameters::once(std::string_view name) const
{
    std::optional<std::string> found;
    for (const auto& [key, value] : all_) {
        if (key != name)
            continue;
        if (found)
            return fail(Problem::BadRequest, std::string(name) + ": expected once, but it is given twice", std::string(name));
        found = value;
    }
    return found;
}

std::string_view text(Contract contract) { return contract == Contract::Hosted ? "hosted" : "extended"; }

Expected<PageRequest> PageRequest::parse(const QueryParameters& query, const EndpointId& endpoint, Contract contract)
{
    PageRequest request;
    const auto from = timeParameter(query, "from");
    const auto to = timeParameter(query, "to");
    const auto limit = limitParameter(query);
    const auto times = contract == Contract::Extended ? switchParameter(query, "times") : false;
    const auto cursor = query.once("cursor");
    if (!from)
        return fail(from.error());
    if (!to)
        return fail(to.error());
    if (!limit)
        return fail(limit.error());
    if (!times)
        return fail(times.error());
    if (!cursor)
        return fail(cursor.error());
    if (*cursor) {
        const auto position = PageCursor::parse(**cursor, endpoint);
        if (!position)
            return fail(position.error());
        request.cursor = *position;
    }
    request.from = *from;
    request.to = *to;
    request.limit = *limit;
    request.times = *times;
    return request;
}

Expected<StreamRequest> StreamRequest::parse(const QueryParameters& query, const EndpointId& endpoint, Contract contract)
{
    StreamRequest request;
    if (contract == Contract::Hosted) {
        return query.once("access_token").map([&](std::optional<std::string> token) {
            request.accessToken = std::move(token).value_or(std::string());
            return request;
        });
    }
    const auto from = timeParameter(query, "from");
    const auto times = switchParameter(query, "times");
    const auto cursor = query.once("cursor");
    const auto token = query.once("access_token");
    if (!from)
        return fail(from.error());
    if (!times)
        return fail(times.error());
    if (!cursor)
        return fail(cursor.error());
    if (!token)
        return fail(token.error());
    if (*cursor) {
        if (*from)
            return fail(Problem::BadRequest, "cursor: expected either from or cursor, but got both", "cursor");
        const auto position = StreamCursor::parse(**cursor, endpoint);
        if (!position)
            return fail(position.error());
        request.cursor = *position;
    }
    request.from = *from;
    request.times = *times;
    request.accessToken = token->value_or(std::string());
    return request;
}

} // namespace iotman
