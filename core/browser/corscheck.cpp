#include "core/browser/corscheck.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::browser {

namespace {

std::vector<std::string_view> listed(std::string_view value)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t comma = value.find(',');
        parts.push_back(trimmed(value.substr(0, comma)));
        if (comma == std::string_view::npos)
            return parts;
        value.remove_prefix(comma + 1);
    }
}

bool lists(std::string_view value, std::string_view name)
{
    const std::vector<std::string_view> names = listed(value);
    return std::any_of(names.begin(), names.end(), [&](std::string_view each) { return sameWithoutCase(each, name); });
}

/// The charset of a media type, without quotes; nothing where none is named.
std::optional<std::string> charsetOf(std::string_view type)
{
    constexpr std::string_view name = "charset=";
    while (true) {
        const std::size_t semicolon = type.find(';');
        if (semicolon == std::string_view::npos)
            return std::nullopt;
        type.remove_prefix(semicolon + 1);
        std::string_view parameter = trimmed(type.substr(0, type.find(';')));
        if (!sameWithoutCase(parameter.substr(0, name.size()), name))
            continue;
        parameter.remove_prefix(name.size());
        if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"')
            parameter = parameter.substr(1, parameter.size() - 2);
        return std::string(parameter);
    }
}

std::string statusText(const Answer& answer)
{
    return std::to_string(answer.status) + (answer.reason.empty() ? "" : " " + answer.reason);
}

} // namespace

std::optional<std::string> headerOf(const Headers& headers, std::string_view name)
{
    std::optional<std::string> joined;
    for (const auto& [key, value] : headers) {
        if (sameWithoutCase(key, name))
            joined = joined ? *joined + ", " + std::string(trimmed(value)) : std::string(trimmed(value));
    }
    return joined;
}

std::optional<Failure> corsCheck(const Answer& answer, std::string_view origin)
{
    const std::string header = "Access-Control-Allow-Origin";
    const std::optional<std::string> value = headerOf(answer.headers, header);
    if (!value)
        return Failure{header, value, Sentence::say("is missing.")};
    if (*value == "*" || *value == origin)
        return std::nullopt;
    if (listed(*value).size() > 1)
        return Failure{header, value, Sentence::say("holds several values; browsers take exactly one.")};
    if (sameWithoutCase(*value, origin))
        return Failure{header, value, Sentence::say("is compared letter by letter, and its case differs.")};
    if (*value == std::string(origin) + "/")
        return Failure{header, value, Sentence::say("has a trailing slash, which no origin has.")};
    return Failure{header, value, Sentence::say("is another origin.")};
}

std::optional<Failure> preflightCheck(const Answer& answer, std::string_view origin)
{
    // A preflight that fails the CORS check fails whatever its status is; browsers tell of the header first.
    if (auto failed = corsCheck(answer, origin))
        return failed;
    if (answer.status >= 300 && answer.status < 400)
        return Failure{"status", statusText(answer), Sentence::say("is a redirect, and a preflight may not be redirected.")};
    if (answer.status < 200 || answer.status > 299)
        return Failure{"status", statusText(answer), Sentence::say("is not a success, which a preflight has to be.")};
    const std::string header = "Access-Control-Allow-Headers";
    const std::optional<std::string> value = headerOf(answer.headers, header);
    if (value && (lists(*value, "authorization") || grantsByStarAlone(answer)))
        return std::nullopt;
    return Failure{header, value,
                   value ? Sentence::say("does not name Authorization.")
                         : Sentence::say("is missing, so Authorization is not granted.")};
}

bool grantsByStarAlone(const Answer& answer)
{
    const std::string names = headerOf(answer.headers, "Access-Control-Allow-Headers").value_or("");
    return lists(names, "*") && !lists(names, "authorization");
}

std::optional<Failure> eventSourceCheck(const Answer& answer)
{
    if (answer.status != 200)
        return Failure{"status", statusText(answer),
                       Sentence::say("is not 200, so the stream does not open and is not tried again.")};
    const std::optional<std::string> value = headerOf(answer.headers, "Content-Type");
    const std::string type = value ? value->substr(0, value->find(';')) : "";
    if (!sameWithoutCase(listed(type).front(), "text/event-stream"))
        return Failure{"Content-Type", value, value ? Sentence::say("is not text/event-stream.") : Sentence::say("is missing.")};
    if (const std::optional<std::string> charset = charsetOf(*value); charset && !sameWithoutCase(*charset, "utf-8"))
        return Failure{"Content-Type", value, Sentence::say("names an encoding other than UTF-8, which Chromium refuses.")};
    return std::nullopt;
}

std::optional<Failure> webSocketCheck(const Answer& answer, std::string_view expectedAccept)
{
    if (answer.status != 101)
        return Failure{"status", statusText(answer), Sentence::say("is not 101, so the connection is not opened.")};
    const std::optional<std::string> upgrade = headerOf(answer.headers, "Upgrade");
    if (!upgrade || !sameWithoutCase(*upgrade, "websocket"))
        return Failure{"Upgrade", upgrade, upgrade ? Sentence::say("is not websocket.") : Sentence::say("is missing.")};
    const std::optional<std::string> connection = headerOf(answer.headers, "Connection");
    if (!connection || !lists(*connection, "upgrade"))
        return Failure{"Connection", connection,
                       connection ? Sentence::say("does not hold Upgrade.") : Sentence::say("is missing.")};
    const std::optional<std::string> accept = headerOf(answer.headers, "Sec-WebSocket-Accept");
    if (!expectedAccept.empty() && accept != expectedAccept)
        return Failure{"Sec-WebSocket-Accept", accept,
                       accept ? Sentence::say("does not answer the key that was sent.") : Sentence::say("is missing.")};
    if (const auto protocol = headerOf(answer.headers, "Sec-WebSocket-Protocol"))
        return Failure{"Sec-WebSocket-Protocol", protocol, Sentence::say("chooses a protocol, but none was asked for.")};
    // Browsers offer one; this question offered none, so that a server which answers by the rules names none either.
    const std::optional<std::string> extensions = headerOf(answer.headers, "Sec-WebSocket-Extensions");
    if (extensions && !sameWithoutCase(trimmed(extensions->substr(0, extensions->find(';'))), "permessage-deflate"))
        return Failure{"Sec-WebSocket-Extensions", extensions, Sentence::say("chooses an extension that browsers do not offer.")};
    return std::nullopt;
}

} // namespace iotman::browser
