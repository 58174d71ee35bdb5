#include "core/server/response.h"

#include <array>
#include <cstdio>

namespace iotman::server {

using namespace std::string_view_literals;

Response jsonResponse(int status, const Json& json)
{
    Response response{status, {}, jsonText(json)};
    response.with("Content-Type", "application/json");
    return response;
}

Error outward(const Error& error)
{
    Error shown = error;
    if (error.kind == Problem::NoSpace)
        shown.detail = "the server's disk is full; nothing of this was stored";
    else if (error.kind == Problem::Internal)
        shown.detail = "something is wrong inside the server; its activity list says what";
    return shown;
}

Response problemResponse(const Error& error)
{
    Response response{httpStatus(error.kind), {}, jsonText(toJson(outward(error)))};
    response.with("Content-Type", "application/problem+json");
    response.trace.reason = error.detail;
    // RFC 9110 §12.5.3, §15.5.16: which codings would have been taken.
    if (error.kind == Problem::UnsupportedMedia)
        response.with("Accept-Encoding", "identity");
    if (error.retryAfter > 0)
        response.with("Retry-After", std::to_string(error.retryAfter));
    return response;
}

Response emptyResponse(int status) { return {status, {}, {}}; }

std::string wireHead(const Response& response, std::string_view date, Keep keep, int minorVersion)
{
    std::string text;
    constexpr std::size_t headRoom = 512;
    text.reserve(headRoom);
    text.append("HTTP/1.1 "sv).append(std::to_string(response.status)).append(" "sv).append(reasonPhrase(response.status));
    text.append("\r\nDate: "sv).append(date);
    for (const Header& header : response.headers)
        text.append("\r\n"sv).append(header.name).append(": "sv).append(header.value);
    // RFC 9110 §8.6: no Content-Length in a 204; in a 304 it would have to be the other answer's.
    if (response.status != 204 && response.status != 304 && !response.isEndless)
        text.append("\r\nContent-Length: "sv).append(std::to_string(response.content().size()));
    text += "\r\nX-Content-Type-Options: nosniff"sv;
    // RFC 9110 §7.8: who says Upgrade says so here, too.
    const bool isUpgrade = response.status == 426;
    if (keep == Keep::Close || isUpgrade)
        text += keep == Keep::Open ? "\r\nConnection: Upgrade" : isUpgrade ? "\r\nConnection: close, Upgrade" : "\r\nConnection: close";
    else if (minorVersion == 0)
        text += "\r\nConnection: keep-alive"sv; // RFC 9112 appendix C.2.2: who speaks HTTP/1.0 waits for the end otherwise
    text += "\r\n\r\n"sv;
    return text;
}

std::string httpDate(Timestamp time)
{
    constexpr std::array<const char*, 7> days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; // 1970-01-01 was a Thursday
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const CivilTime civil = civilFromTimestamp(time);
    const std::int64_t day = daysFromCivil(civil.year, civil.month, civil.day);
    std::array<char, 48> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[static_cast<std::size_t>(((day % 7) + 7) % 7)],
                  civil.day, months[static_cast<std::size_t>(civil.month - 1)], static_cast<int>(civil.year), civil.hour, civil.minute,
                  civil.second);
    return buffer.data();
}

} // namespace iotman::server
