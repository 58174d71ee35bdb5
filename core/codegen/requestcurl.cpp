#include "core/codegen/requestcurl.h"

#include "core/codegen/quote.h"
#include "core/model/ascii.h"
#include "core/model/encoding.h"

#include <algorithm>
#include <array>

namespace iotman::codegen {

namespace {

bool isOwn(const std::string& name)
{
    constexpr std::array<std::string_view, 11> own{"host",
                                                   "content-length",
                                                   "connection",
                                                   "accept-encoding",
                                                   "transfer-encoding",
                                                   "upgrade",
                                                   "sec-websocket-key",
                                                   "sec-websocket-version",
                                                   "sec-websocket-extensions",
                                                   "keep-alive",
                                                   "expect"};
    return std::find(own.begin(), own.end(), name) != own.end();
}

/// RFC 9110 §5.1. What is none was never sent as one, and curl would read `@name` as a file.
bool isToken(std::string_view name)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// Stands where a server kept something to itself.
constexpr std::string_view hidden = "…";

/// `X-Api-Key` as `"$X_API_KEY"`.
std::string variableOf(std::string_view name)
{
    std::string variable;
    for (const char c : name) {
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool isDigit = c >= '0' && c <= '9' && !variable.empty();
        variable += isLetter || isDigit ? static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : '_';
    }
    return "\"$" + variable + "\"";
}

/// The URL in pieces of shell text, with the value of `access_token`, however its name is escaped, as "$TOKEN", and others that
/// are not known as variables of their name.
std::string urlWord(const std::string& url)
{
    const std::size_t question = url.find('?');
    if (question == std::string::npos)
        return shellQuoted(url);
    std::string word, plain = url.substr(0, question + 1);
    std::string_view rest = std::string_view(url).substr(question + 1);
    for (bool first = true;; first = false) {
        const std::string_view part = rest.substr(0, rest.find('&'));
        const std::string_view name = part.substr(0, part.find('='));
        plain += first ? "" : "&";
        if (percentDecoded(name, Plus::Blank).value_or("") == "access_token") {
            word += shellQuoted(plain + "access_token=") + "\"$TOKEN\"";
            plain.clear();
        } else if (part.find(hidden) != std::string_view::npos && name.size() < part.size()) {
            word +=
                shellQuoted(plain + std::string(name) + "=") + variableOf(percentDecoded(name, Plus::Blank).value_or("VALUE"));
            plain.clear();
        } else {
            plain += part;
        }
        if (part.size() == rest.size())
            break;
        rest = rest.substr(part.size() + 1);
    }
    return plain.empty() ? word : word + shellQuoted(plain);
}

std::string headerWord(const std::string& name, const std::string& value)
{
    const std::string known = lowered(name);
    if (known == "authorization" || known == "proxy-authorization") {
        // The scheme is no secret, but what somebody put in its place may be one.
        const std::string scheme = lowered(value.substr(0, value.find(' ')));
        return shellQuoted(name + ": " + (scheme == "basic" ? "Basic " : "Bearer ")) + "\"$TOKEN\"";
    }
    if (known == "cookie" || value.find(hidden) != std::string::npos)
        return shellQuoted(name + ": ") + variableOf(name);
    // curl drops a header that ends with its colon, and sends an empty one that ends with a semicolon.
    return shellQuoted(value.empty() ? name + ";" : name + ": " + value);
}

} // namespace

std::string curlLine(const SentRequest& request)
{
    std::string line = "curl --globoff --include ";
    if (request.method == "HEAD")
        line = "curl --globoff --head ";
    else if (request.method != "GET")
        line += "--request " + shellQuoted(request.method) + " ";
    for (const auto& [name, value] : request.headers) {
        if (isToken(name) && !isOwn(lowered(name)))
            line += "--header " + headerWord(name, value) + " ";
    }
    return line + "--url " + urlWord(request.url);
}

} // namespace iotman::codegen
