#include "ui/activity/activityentry.h"

#include "core/model/encoding.h"

#include <algorithm>

namespace iotman::ui {

namespace {

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::string ActivityEntry::endpoint() const
{
    constexpr std::string_view start = "/data/out/";
    if (path.compare(0, start.size(), start) != 0)
        return {};
    const std::size_t end = path.find('/', start.size());
    return percentDecoded(path.substr(start.size(), end == std::string::npos ? end : end - start.size()), Plus::Literal)
        .value_or("");
}

std::optional<std::string> ActivityEntry::parameter(std::string_view name) const
{
    std::string_view rest = query;
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find('&'));
        const std::size_t equals = part.find('=');
        if (percentDecoded(part.substr(0, equals), Plus::Blank) == name)
            return equals == std::string_view::npos ? std::string()
                                                    : percentDecoded(part.substr(equals + 1), Plus::Blank).value_or("");
        rest = part.size() == rest.size() ? std::string_view() : rest.substr(part.size() + 1);
    }
    return std::nullopt;
}

std::string ActivityEntry::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (sameName(key, name))
            return value;
    }
    return {};
}

std::string ActivityEntry::kind() const
{
    if (!stream)
        return method;
    return path.ends_with("/events") ? "SSE" : "WS";
}

bool ActivityEntry::resumes() const
{
    return parameter("cursor") || parameter("from") || !header("Last-Event-ID").empty();
}

bool ActivityEntry::isHousekeeping() const
{
    return header("User-Agent") == "IoTMan-Desktop" &&
           (path.starts_with("/api/") || path == "/oauth/token" || parameter("times").has_value());
}

std::optional<ActivityEntry> activityEntryFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    const std::string event = reader.requiredText("event");
    if (event != "request" && event != "stream")
        return std::nullopt;
    ActivityEntry entry;
    entry.stream = event == "stream";
    entry.number = static_cast<std::uint64_t>(reader.integer("number", 0, 0, INT64_MAX));
    entry.at = reader.time("at").value_or(Timestamp{});
    entry.open = reader.flag("open", false);
    entry.client = reader.optionalText("client").value_or("");
    entry.caller = reader.optionalText("caller").value_or("");
    entry.method = reader.optionalText("method").value_or("");
    entry.path = reader.optionalText("path").value_or("");
    entry.query = reader.optionalText("query").value_or("");
    entry.status = static_cast<int>(reader.integer("status", 0, 0, 999));
    entry.duration = reader.time("duration");
    entry.bytes = reader.integer("bytes", 0, 0, INT64_MAX);
    entry.origin = reader.optionalText("origin").value_or("");
    entry.reason = reader.optionalText("reason").value_or("");
    entry.extension = reader.flag("extension", false);
    if (const Json* headers = reader.array("headers")) {
        for (const Json& header : *headers) {
            ObjectReader one(header, UnknownMembers::Ignored);
            std::string name = one.text("name");
            entry.headers.emplace_back(std::move(name), one.text("value"));
        }
    }
    if (const Json* place = reader.any("place"); place && place->is_object()) {
        ObjectReader one(*place, UnknownMembers::Ignored);
        entry.place =
            StreamPlace{one.integer("output", 0, INT64_MIN, INT64_MAX), one.integer("began", 0, 0, INT64_MAX), std::nullopt};
        if (place->contains("ended") && !place->at("ended").is_null())
            entry.place->ended = one.integer("ended", 0, 0, INT64_MAX);
        if (!one.finish())
            return std::nullopt;
    }
    if (!reader.finish())
        return std::nullopt;
    return entry;
}

} // namespace iotman::ui
