#include "core/server/redact.h"

#include "core/model/ascii.h"
#include "core/model/encoding.h"
#include "core/model/shown.h"

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

constexpr std::string_view hidden = hiddenText;

/// `name` in lower case.
bool hasSecretWord(std::string_view name)
{
    constexpr std::array<std::string_view, 13> words{"token", "secret",     "password", "passwd",  "pwd", "key",      "assertion",
                                                     "auth",  "credential", "bearer",   "session", "jwt", "signature"};
    constexpr std::array<std::string_view, 4> names{"code", "sig", "sid", "pass"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return name.find(word) != std::string_view::npos; }) ||
           std::find(names.begin(), names.end(), name) != names.end();
}

bool namesASecret(std::string_view parameter)
{
    return hasSecretWord(lowered(percentDecoded(parameter, Plus::Blank).value_or(std::string(parameter))));
}

/// Never in the middle of a character.
void appendCut(std::string& shown, std::string_view text, std::size_t most)
{
    if (text.size() <= most) {
        shown += text;
        return;
    }
    shown += cutBetweenCharacters(text, most);
    shown += hidden;
}

std::string cut(std::string_view text, std::size_t most)
{
    std::string shown;
    appendCut(shown, text, most);
    return shown;
}

/// Those of nearly every request, which hold no secret: known by name, they need no search.
bool isHarmless(std::string_view name)
{
    static constexpr std::array<std::string_view, 10> names{
        "host",       "user-agent",   "accept",         "accept-encoding", "accept-language",
        "connection", "content-type", "content-length", "origin",          "cache-control"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// People mistype: `;` for `&`, a parameter in the path, one that is encoded as a whole.
void appendWithoutSecret(std::string& shown, std::string_view text)
{
    const std::size_t secret = secretValueIn(text);
    shown += text.substr(0, secret);
    if (secret < text.size())
        shown += hidden;
}

/// What nearly every request for a page asks: a number for a name that is ours needs no search.
bool isPlainQuestion(std::string_view name, std::string_view value)
{
    static constexpr std::array<std::string_view, 4> names{"from", "to", "limit", "times"};
    return std::find(names.begin(), names.end(), name) != names.end() &&
           std::all_of(value.begin(), value.end(), [](char c) { return isDigit(c) || c == '.' || c == '-'; });
}

void appendShownQuery(std::string& shown, std::string_view query)
{
    for (bool isFirst = true; !query.empty(); isFirst = false) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        shown += isFirst ? "" : "&";
        if (name.size() < pair.size() && isPlainQuestion(name, pair.substr(name.size() + 1)))
            shown += pair;
        else if (name.size() < pair.size() && namesASecret(name))
            shown += std::string(name) + "=" + std::string(hidden);
        else
            appendWithoutSecret(shown, pair);
    }
}

void appendShownValue(std::string& shown, const Header& header, std::size_t most)
{
    const std::string_view value = header.value;
    if (header.name == "origin") {
        appendCut(shown, shownOrigin(value), most);
    } else if (isHarmless(header.name)) {
        appendCut(shown, value, most);
    } else if (header.name == "authorization" || header.name == "proxy-authorization") {
        const std::size_t blank = value.find(' ');
        if (blank != std::string_view::npos)
            appendCut(shown, value.substr(0, blank + 1), most);
        shown += hidden;
    } else if (header.name == "cookie" || header.name == "sec-websocket-protocol" ||
               (header.name != "idempotency-key" && hasSecretWord(header.name))) {
        // People put tokens into subprotocols and cookies, and pages send their own URL along.
        shown += hidden;
    } else if (header.name == "referer") {
        appendCut(shown, value.substr(0, value.find('?')), most);
    } else {
        // Proxies tell in headers of their own what was asked of them.
        std::string whole;
        appendWithoutSecret(whole, value);
        appendCut(shown, whole, most);
    }
}

} // namespace

void showTarget(std::string_view target, std::size_t most, std::string& shown)
{
    const std::size_t mark = target.find('?');
    shown.clear();
    appendWithoutSecret(shown, target.substr(0, mark));
    if (mark != std::string_view::npos) {
        shown += '?';
        appendShownQuery(shown, target.substr(mark + 1));
    }
    hideByLooks(shown);
    if (shown.size() > most)
        shown = cut(shown, most);
}

std::string shownOrigin(std::string_view origin)
{
    const std::size_t scheme = origin.find("://");
    const std::size_t at = origin.rfind('@');
    if (at == std::string_view::npos)
        return std::string(origin);
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    return std::string(origin.substr(0, start)) + std::string(hidden) + std::string(origin.substr(std::max(at, start)));
}

void showHeaders(const std::vector<Header>& headers, std::size_t mostFields, std::size_t mostValue, std::string& shown)
{
    shown.clear();
    for (std::size_t i = 0; i < std::min(headers.size(), mostFields); ++i) {
        appendCut(shown, headers[i].name, mostValue);
        shown += ": ";
        appendShownValue(shown, headers[i], mostValue);
        shown += '\n';
    }
    hideByLooks(shown);
}

} // namespace iotman::server
