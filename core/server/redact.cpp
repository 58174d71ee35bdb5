#include "core/server/redact.h"

#include "core/model/ascii.h"
#include "core/model/encoding.h"

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

constexpr std::string_view hidden = "…";

/// `name` in lower case.
bool hasSecretWord(std::string_view name)
{
    constexpr std::array<std::string_view, 7> words{"token", "secret", "password", "passwd", "key", "assertion", "authorization"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

bool namesASecret(std::string_view parameter)
{
    return hasSecretWord(lowered(percentDecoded(parameter, Plus::Blank).value_or(std::string(parameter))));
}

/// Never in the middle of a character.
std::string cut(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return std::string(text);
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;
    return std::string(text.substr(0, most)) + std::string(hidden);
}

std::string shownQuery(std::string_view query)
{
    std::string shown;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        shown += shown.empty() ? "" : "&";
        if (name.size() < pair.size() && namesASecret(name))
            shown += std::string(name) + "=" + std::string(hidden);
        else
            shown += pair;
    }
    return shown;
}

std::string shownValue(const Header& header)
{
    const std::string_view value = header.value;
    if (header.name == "authorization" || header.name == "proxy-authorization") {
        const std::size_t blank = value.find(' ');
        return (blank == std::string_view::npos ? std::string() : std::string(value.substr(0, blank + 1))) + std::string(hidden);
    }
    // People put tokens into subprotocols and cookies, and pages send their own URL along.
    if (header.name == "cookie" || header.name == "sec-websocket-protocol" ||
        (header.name != "idempotency-key" && hasSecretWord(header.name)))
        return std::string(hidden);
    if (header.name == "referer")
        return std::string(value.substr(0, value.find('?')));
    return std::string(value);
}

} // namespace

std::string shownTarget(std::string_view target, std::size_t most)
{
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos)
        return cut(target, most);
    return cut(std::string(target.substr(0, mark + 1)) + shownQuery(target.substr(mark + 1)), most);
}

std::vector<Header> shownHeaders(const std::vector<Header>& headers, std::size_t mostFields, std::size_t mostValue)
{
    std::vector<Header> shown;
    shown.reserve(std::min(headers.size(), mostFields));
    for (const Header& header : headers) {
        if (shown.size() == mostFields)
            break;
        shown.push_back({cut(header.name, mostValue), cut(shownValue(header), mostValue)});
    }
    return shown;
}

} // namespace iotman::server
