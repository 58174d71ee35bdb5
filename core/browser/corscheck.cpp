#include "core/browser/corscheck.h"

#include "core/model/ascii.h"

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
            joined = joined ? *joined + ", " + value : value;
    }
    return joined;
}

std::optional<Failure> corsCheck(const Answer& answer, std::string_view origin)
{
    const std::string header = "Access-Control-Allow-Origin";
    const std::optional<std::string> value = headerOf(answer.headers, header);
    if (!value)
        return Failure{header, value, "is missing."};
    if (*value == "*" || *value == origin)
        return std::nullopt;
    if (listed(*value).size() > 1)
        return Failure{header, value, "holds several values; browsers take exactly one."};
    if (sameWithoutCase(*value, origin))
        return Failure{header, value, "is compared letter by letter, and its case differs."};
    if (*value == std::string(origin) + "/")
        return Failure{header, value, "has a trailing slash, which no origin has."};
    return Failure{header, value, "is another origin."};
}

std::optional<Failure> preflightCheck(const Answer& answer, std::string_view origin)
{
    // A preflight that fails the CORS check fails whatever its status is; browsers tell of the header first.
    if (auto failed = corsCheck(answer, origin))
        return failed;
    if (answer.status >= 300 && answer.status < 400)
        return Failure{"status", statusText(answer), "is a redirect, and a preflight may not be redirected."};
    if (answer.status < 200 || answer.status > 299)
        return Failure{"status", statusText(answer), "is not a success, which a preflight has to be."};
    const std::string header = "Access-Control-Allow-Headers";
    const std::optional<std::string> value = headerOf(answer.headers, header);
    const std::string names = value.value_or("");
    bool any = false;
    for (const std::string_view name : listed(names)) {
        if (sameWithoutCase(name, "authorization"))
            return std::nullopt;
        any = any || name == "*";
    }
    if (any)
        return Failure{header, value, "does not cover Authorization, which has to be named."};
    return Failure{header, value, value ? "does not name Authorization." : "is missing, so Authorization is not granted."};
}

std::optional<Failure> eventSourceCheck(const Answer& answer)
{
    if (answer.status != 200)
        return Failure{"status", statusText(answer), "is not 200, so the stream does not open and is not tried again."};
    const std::optional<std::string> value = headerOf(answer.headers, "Content-Type");
    const std::string type = value ? value->substr(0, value->find(';')) : "";
    if (!sameWithoutCase(listed(type).front(), "text/event-stream"))
        return Failure{"Content-Type", value, value ? "is not text/event-stream." : "is missing."};
    return std::nullopt;
}

std::optional<Failure> webSocketCheck(const Answer& answer, std::string_view expectedAccept)
{
    if (answer.status != 101)
        return Failure{"status", statusText(answer), "is not 101, so the connection is not opened."};
    const std::optional<std::string> accept = headerOf(answer.headers, "Sec-WebSocket-Accept");
    if (!expectedAccept.empty() && accept != expectedAccept)
        return Failure{"Sec-WebSocket-Accept", accept, accept ? "does not answer the key that was sent." : "is missing."};
    return std::nullopt;
}

} // namespace iotman::browser
