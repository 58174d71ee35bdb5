#include "core/browser/page.h"

#include "core/browser/addressspace.h"
#include "core/model/ascii.h"

#include <algorithm>
#include <array>

namespace iotman::browser {

namespace {

/// As browsers read an address: without blanks and control characters around it.
std::string withoutOuterControls(std::string_view text)
{
    const auto isBlank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

bool startsWith(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

/// Pages whose origin is opaque (HTML standard, “origin”): their browser sends “null”.
bool isOpaque(const std::string& text)
{
    constexpr std::array<std::string_view, 5> starts{"file:", "data:", "about:", "blob:null", "/"};
    return lowered(text) == "null" ||
           std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return startsWith(lowered(text), start); });
}

/// Schemes whose pages send an origin of their own, as `scheme://host`.
bool isExtension(const std::string& text)
{
    constexpr std::array<std::string_view, 5> starts{"chrome-extension://", "moz-extension://", "safari-web-extension://",
                                                     "capacitor://", "ionic://"};
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return startsWith(lowered(text), start); });
}

constexpr bool isPartOfId(char c)
{
    return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '.' || c == '_';
}

/// What was typed beside the origin.
Sentence repairOf(const std::string& typed, const std::string& origin)
{
    const std::string start = lowered(typed).substr(0, origin.size());
    const std::string rest = typed.size() > origin.size() && start == origin ? typed.substr(origin.size()) : "";
    if (rest == "/")
        return Sentence::say("“%1” has a trailing slash; browsers send “%2”.", {typed, origin});
    if (!rest.empty() && rest.front() == ':')
        return Sentence::say("“%1” names the port that its scheme has anyway; browsers send “%2”.", {typed, origin});
    if (!rest.empty())
        return Sentence::say("Of “%1” only scheme, host and port count; browsers send “%2”.", {typed, origin});
    if (lowered(typed) == origin)
        return Sentence::say("Hosts are lower case: browsers send “%1”.", {origin});
    return Sentence::say("Of “%1” browsers send “%2”.", {typed, origin});
}

} // namespace

bool Page::isEncrypted() const
{
    return startsWith(origin, "https:") || (!web && origin != "null");
}

Expected<Page> Page::parse(std::string_view given)
{
    Page page;
    page.typed = withoutOuterControls(given);
    if (isOpaque(page.typed)) {
        page.origin = "null";
        if (page.typed != "null")
            page.repair = Sentence::say("A page that is not from a web server has an opaque origin; browsers send “null”.");
        return page;
    }
    if (isExtension(page.typed)) {
        const std::size_t host = page.typed.find("://") + 3;
        page.origin = lowered(page.typed.substr(0, page.typed.find('/', host)));
        const std::string_view id = std::string_view(page.origin).substr(host);
        if (id.empty() || !std::all_of(id.begin(), id.end(), isPartOfId))
            return fail(Problem::BadRequest, "expected " + page.origin.substr(0, host) + " and the name of an extension or app",
                        "origin");
        return page;
    }
    Expected<CorsOrigin> parsed = CorsOrigin::parse(page.typed);
    if (!parsed)
        return fail(parsed.error().at("origin"));
    page.web = *parsed;
    page.origin = parsed->text();
    if (page.origin != page.typed)
        page.repair = repairOf(page.typed, page.origin);
    return page;
}

OriginParts originParts(std::string_view origin)
{
    const UrlParts parts = partsOf(origin);
    OriginParts result{std::string(parts.scheme), std::string(parts.host), {}};
    result.port = parts.authority.size() > parts.host.size() ? std::string(parts.authority.substr(parts.host.size() + 1))
                  : parts.isEncrypted()                      ? "443"
                                                             : "80";
    return result;
}

std::string originOf(std::string_view url)
{
    const OriginParts parts = originParts(url);
    const std::string scheme = parts.scheme == "wss" || parts.scheme == "https" ? "https" : "http";
    const bool usual = parts.port == (scheme == "https" ? "443" : "80");
    return scheme + "://" + lowered(parts.host) + (usual ? "" : ":" + parts.port);
}

} // namespace iotman::browser
