#include "core/browser/rehearsal.h"

#include "core/model/ascii.h"

#include <algorithm>
#include <utility>

namespace iotman::browser {

namespace {

/// RFC 2606 §2: a name that nobody has.
const char* nobody = "https://rehearsal.invalid";

std::string originIn(const Headers& headers)
{
    return headerOf(headers, "Origin").value_or("");
}

void setHeader(Headers& headers, const std::string& name, const std::optional<std::string>& value)
{
    std::erase_if(headers, [&](const auto& header) { return sameWithoutCase(header.first, name); });
    if (value)
        headers.emplace_back(name, *value);
}

void removeGrants(Headers& headers)
{
    std::erase_if(headers, [](const auto& header) {
        return sameWithoutCase(std::string_view(header.first).substr(0, 15), "Access-Control-");
    });
}

} // namespace

Rehearsal::Rehearsal(CorsOrigins saved, CorsOrigins edited)
    : saved_(std::move(saved))
    , edited_(std::move(edited))
{
}

/// A server grants its own origin, too.
bool Rehearsal::grants(const CorsOrigins& list, const Request& request) const
{
    const std::string origin = originIn(request.headers);
    return list.allows(origin) || origin == originOf(request.url);
}

Request Rehearsal::sent(Request request) const
{
    const bool granted = grants(edited_, request);
    if (!originIn(request.headers).empty() && granted != grants(saved_, request))
        setHeader(request.headers, "Origin", granted ? originOf(request.url) : nobody);
    return request;
}

Answer Rehearsal::answerTo(const Request& request, Answer answer) const
{
    if (answer.status == 0)
        return answer;
    const std::string origin = originIn(request.headers);
    const bool granted = grants(edited_, request);
    // A list that is “*” refuses nobody: then the refusal is made here.
    if (!origin.empty() && !granted && saved_.any) {
        removeGrants(answer.headers);
        if (headerOf(request.headers, "Upgrade"))
            answer = {403, "Forbidden", {{"Content-Type", "application/problem+json"}}};
    }
    if (answer.status == 101 || edited_ == saved_)
        return answer;
    setHeader(answer.headers, "Vary", edited_.any ? std::nullopt : std::optional<std::string>("Origin"));
    if (!origin.empty() && granted)
        setHeader(answer.headers, "Access-Control-Allow-Origin", edited_.any ? "*" : origin);
    return answer;
}

} // namespace iotman::browser
