#include "core/model/corsorigin.h"

#include "core/model/ascii.h"
#include "core/model/shown.h"

#include <arpa/inet.h>
#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace iotman {

namespace {

/// Without what cannot be seen around it: white space, line ends, and what comes along from web pages and files.
std::string_view withoutOuterSpace(std::string_view text)
{
    constexpr std::array<std::string_view, 5> invisible{"\ufeff", "\u200b", "\u00a0", "\u2060", "\u200e"};
    for (std::size_t before = 0; before != text.size();) {
        before = text.size();
        while (!text.empty() && isSpace(text.front()))
            text.remove_prefix(1);
        while (!text.empty() && isSpace(text.back()))
            text.remove_suffix(1);
        for (const std::string_view character : invisible) {
            if (text.starts_with(character))
                text.remove_prefix(character.size());
            if (text.ends_with(character))
                text.remove_suffix(character.size());
        }
    }
    return text;
}

tl::unexpected<Error> refuseOrigin(std::string_view entry, std::string_view why, std::string_view rightForm = {})
{
    constexpr std::size_t longest = 200;
    std::string sentence = shown(entry, longest) + " " + std::string(why);
    if (!rightForm.empty())
        sentence += "; write " + std::string(rightForm);
    return fail(Problem::BadRequest, std::move(sentence), "origins");
}

const icu::IDNA* idna()
{
    // URL standard, "domain to ASCII": UTS 46 without STD3 rules, non-transitional, with CheckBidi and CheckJoiners.
    static const std::unique_ptr<const icu::IDNA> instance = [] {
        UErrorCode error = U_ZERO_ERROR;
        return std::unique_ptr<const icu::IDNA>(icu::IDNA::createUTS46Instance(
            UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, error));
    }();
    return instance.get();
}

/// UTS 46 maps “ẞ” to “ß” since Unicode 15.1; older tables, such as ICU 72's, make “ss” of it, which is another host.
std::string withoutCapitalSharpS(std::string_view host)
{
    constexpr std::string_view capital = "ẞ";
    std::string mapped(host);
    for (std::size_t at = mapped.find(capital); at != std::string::npos; at = mapped.find(capital, at))
        mapped.replace(at, capital.size(), "ß");
    return mapped;
}

std::optional<std::string> asciiDomain(std::string_view host)
{
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    std::string ascii;
    icu::StringByteSink<std::string> sink(&ascii);
    const std::string mapped = withoutCapitalSharpS(host);
    idna()->nameToASCII_UTF8({mapped.data(), static_cast<int32_t>(mapped.size())}, sink, info, error);
    constexpr std::uint32_t hyphens = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
    std::uint32_t errors = info.getErrors() & ~hyphens;
    if (ascii.size() > 1 && ascii.back() == '.' && ascii.find("..") == std::string::npos)
        errors &= ~static_cast<std::uint32_t>(UIDNA_ERROR_EMPTY_LABEL);
    if (U_FAILURE(error) || errors != 0)
        return std::nullopt;
    return ascii;
}

/// The groups of an IPv6 address as the URL standard serializes them: the longest run of two or more zeros becomes `::`.
std::string ipv6Text(const std::array<unsigned char, 16>& bytes)
{
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i)
        groups[i] = bytes[i * 2] * 256U + bytes[i * 2 + 1];
    std::size_t bestStart = 8;
    std::size_t bestLength = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t length = 0;
        while (i + length < 8 && groups[i + length] == 0)
            ++length;
        if (length > bestLength) {
            bestStart = i;
            bestLength = length;
        }
    }
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == bestStart) {
            text += "::";
            i += bestLength - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':')
            text += ':';
        std::array<char, 8> hex{};
        std::snprintf(hex.data(), hex.size(), "%x", groups[i]);
        text += hex.data();
    }
    return text;
}

std::optional<std::string> ipv6Host(std::string_view bracketed)
{
    if (bracketed.size() < 4 || bracketed.back() != ']')
        return std::nullopt;
    const std::string address(bracketed.substr(1, bracketed.size() - 2));
    std::array<unsigned char, 16> bytes{};
    // inet_pton stops at a NUL, and what follows one would go unread.
    if (address.find('\0') != std::string::npos || inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
        return std::nullopt;
    return "[" + ipv6Text(bytes) + "]";
}

bool isForbiddenInDomain(char c)
{
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
           std::string_view("#/:<>?@[\\]^|%*\"{}`'!$&()+,;=~").find(c) != std::string_view::npos;
}

/// URL standard, "ends in a number": such a host is an IPv4 address or nothing. We take the plain dotted form alone.
bool endsInNumber(std::string_view host)
{
    if (!host.empty() && host.back() == '.')
        host.remove_suffix(1);
    const std::string_view last = host.substr(host.rfind('.') + 1);
    if (last.empty())
        return false;
    const bool digits = std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool hex =
        last.size() >= 2 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X') &&
        std::all_of(last.begin() + 2, last.end(), [](char c) { return std::isxdigit(static_cast<unsigned char>(c)); });
    return digits || hex;
}

std::optional<std::string> hostText(std::string_view host)
{
    if (!host.empty() && host.front() == '[')
        return ipv6Host(host);
    const std::optional<std::string> ascii = asciiDomain(host);
    if (!ascii || ascii->empty() || std::any_of(ascii->begin(), ascii->end(), isForbiddenInDomain))
        return std::nullopt;
    if (endsInNumber(*ascii)) {
        std::array<unsigned char, 4> bytes{};
        if (inet_pton(AF_INET, ascii->c_str(), bytes.data()) != 1)
            return std::nullopt;
    }
    return ascii;
}

struct Parts {
    std::string scheme;
    std::string_view host;
    std::string_view port; ///< without the colon; empty when there is none
    bool userInfo = false;
};

Parts split(std::string_view origin)
{
    Parts parts;
    const std::size_t colon = origin.find("://");
    parts.scheme = lowered(origin.substr(0, colon));
    std::string_view authority = origin.substr(colon + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        parts.userInfo = true;
        authority = authority.substr(at + 1);
    }
    const std::size_t bracket = authority.rfind(']');
    const std::size_t portColon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = authority.substr(0, portColon);
    if (portColon != std::string_view::npos)
        parts.port = authority.substr(portColon + 1);
    return parts;
}

std::optional<int> portNumber(std::string_view port)
{
    if (port.empty() || port.size() > 10 || !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t number = 0;
    for (const char c : port)
        number = number * 10 + (c - '0');
    return number >= 1 && number <= 65535 ? std::optional(static_cast<int>(number)) : std::nullopt;
}

/// RFC 3986 §3.1: what stands before `://` when `entry` has a scheme.
bool hasScheme(std::string_view entry)
{
    const std::string_view scheme = entry.substr(0, entry.find("://"));
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return scheme.size() < entry.size() && !scheme.empty() && isLetter(scheme.front()) &&
           std::all_of(scheme.begin(), scheme.end(),
                       [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; });
}

/// `:8443`, nothing where the port is the scheme's own or is not written. No value for what is no port.
std::optional<std::string> portText(const Parts& parts, std::string_view scheme)
{
    if (parts.port.empty())
        return std::string();
    const std::optional<int> number = portNumber(parts.port);
    if (!number)
        return std::nullopt;
    return *number == (scheme == "https" ? 443 : 80) ? std::string() : ":" + std::to_string(*number);
}

/// What the person most likely meant, or nothing.
std::string likelyForm(const Parts& parts, const std::optional<std::string>& host)
{
    if (!host)
        return {};
    const bool isPlain = parts.scheme == "http" || parts.scheme == "ws";
    if (!isPlain && parts.scheme != "https" && parts.scheme != "wss")
        return {}; // what an extension or an app is has no form on the web
    const std::string scheme = isPlain ? "http" : "https";
    return scheme + "://" + *host + portText(parts, scheme).value_or(std::string());
}

/// An entry that lacks its scheme, or slashes behind it, or stands in quotes, as it was probably meant.
std::string withScheme(std::string_view entry)
{
    constexpr std::array<std::string_view, 8> quotes{"\"", "'", "<", ">", "“", "”", "‘", "’"};
    for (const std::string_view quote : quotes) {
        if (entry.starts_with(quote))
            entry.remove_prefix(quote.size());
        if (entry.ends_with(quote))
            entry.remove_suffix(quote.size());
    }
    // Few have a certificate for their own machine.
    const std::string low = lowered(entry);
    const bool isOwnMachine = low == "localhost" || low.starts_with("localhost:") || low.starts_with("127.") || low.starts_with("[::1]");
    std::string scheme = isOwnMachine ? "http" : "https";
    for (const std::string_view written : {"https", "http"}) {
        if (!lowered(entry).starts_with(std::string(written) + ":"))
            continue;
        scheme = written;
        entry.remove_prefix(written.size() + 1);
        break;
    }
    entry.remove_prefix(std::min(entry.find_first_not_of('/'), entry.size()));
    return scheme + "://" + std::string(entry);
}

/// Of an entry in which several stand, between blanks or commas: the first one, where each is an origin. Else empty.
std::string firstOfSeveral(std::string_view entry)
{
    constexpr std::string_view between = ", \t\r\n;";
    if (entry.find_first_of(between) == std::string_view::npos)
        return {};
    std::string first;
    std::size_t count = 0;
    while (!entry.empty()) {
        const std::string_view part = entry.substr(0, entry.find_first_of(between));
        entry.remove_prefix(std::min(part.size() + 1, entry.size()));
        if (part.empty())
            continue;
        const Expected<CorsOrigin> origin = CorsOrigin::parse(part);
        if (!origin)
            return {};
        if (count++ == 0)
            first = origin->text();
    }
    return count > 1 ? first : std::string();
}

} // namespace

Expected<CorsOrigin> CorsOrigin::parse(std::string_view typed)
{
    const std::string_view entry = withoutOuterSpace(typed);
    if (!isUtf8(entry))
        return fail(Problem::BadRequest, "expected an origin in UTF-8", "origins");
    if (entry.empty())
        return fail(Problem::BadRequest, "expected an origin such as https://dash.example, but got an empty text", "origins");
    if (lowered(entry) == "null")
        return refuseOrigin(entry, "is the origin of sandboxed pages and local files; it cannot be allowed");
    if (entry == "*")
        return refuseOrigin(entry, "allows every origin and stands alone in the list");
    if (const std::string first = firstOfSeveral(entry); !first.empty())
        return refuseOrigin(entry, "holds several origins; each is an entry of its own", first);
    if (std::any_of(entry.begin(), entry.end(), isSpace))
        return refuseOrigin(entry, "has a blank inside; an origin is scheme://host[:port]");
    if (entry.find('\\') != std::string_view::npos)
        return refuseOrigin(entry, "has a backslash; an origin is scheme://host[:port]");
    if (!hasScheme(entry)) {
        const Expected<CorsOrigin> meant = parse(withScheme(entry));
        return refuseOrigin(entry, "has no scheme; an origin starts with https:// or http://",
                            meant ? meant->text() : std::string());
    }

    const Parts parts = split(entry);
    const std::optional<std::string> host = hostText(parts.host);
    const std::string right = likelyForm(parts, host);
    if (parts.host.find('*') != std::string_view::npos)
        return refuseOrigin(entry, "has a wildcard inside; list each host, or allow every origin with * alone");
    if (parts.scheme != "http" && parts.scheme != "https")
        return refuseOrigin(entry, "has the scheme “" + parts.scheme + "”; browsers send http or https", right);
    if (parts.userInfo)
        return refuseOrigin(entry, "has a user name or password, which browsers never send", right);
    if (!host)
        return refuseOrigin(entry, "has no valid host; an origin is scheme://host[:port]");
    const std::optional<std::string> port = portText(parts, parts.scheme);
    if (!port)
        return refuseOrigin(entry, "has no valid port; expected 1 to 65535", right);
    CorsOrigin origin;
    origin.text_ = parts.scheme + "://" + *host + *port;
    return origin;
}

std::string CorsOrigin::readable() const
{
    const Parts parts = split(text_);
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    std::string unicode;
    icu::StringByteSink<std::string> sink(&unicode);
    idna()->nameToUnicodeUTF8({parts.host.data(), static_cast<int32_t>(parts.host.size())}, sink, info, error);
    if (U_FAILURE(error) || info.hasErrors() || parts.host.front() == '[')
        return text_;
    return parts.scheme + "://" + unicode + (parts.port.empty() ? "" : ":" + std::string(parts.port));
}

bool CorsOrigins::allows(std::string_view origin) const
{
    return any || std::any_of(list.begin(), list.end(), [&](const CorsOrigin& allowed) { return allowed.text() == origin; });
}

std::vector<std::string> CorsOrigins::texts() const
{
    if (any)
        return {"*"};
    std::vector<std::string> texts;
    for (const CorsOrigin& origin : list)
        texts.push_back(origin.text());
    return texts;
}

Expected<CorsDraft> parseCorsOrigins(const std::vector<std::string>& given)
{
    if (given.size() > mostCorsOrigins)
        return fail(Problem::BadRequest, "expected at most " + std::to_string(mostCorsOrigins) + " origins", "origins");
    CorsDraft draft;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (withoutOuterSpace(given[i]) == "*") {
            if (given.size() > 1)
                return fail(Error{Problem::BadRequest,
                                  "“*” allows every origin and stands alone; remove the other entries or “*”", "origins", 0,
                                  "/" + std::to_string(i)});
            draft.origins.any = true;
            if (given[i] != "*")
                draft.repairs.push_back({given[i], "*"});
            continue;
        }
        Expected<CorsOrigin> origin = CorsOrigin::parse(given[i]);
        if (!origin)
            return fail(origin.error().below("/" + std::to_string(i)));
        if (origin->text() != given[i])
            draft.repairs.push_back({given[i], origin->text()});
        if (std::find(draft.origins.list.begin(), draft.origins.list.end(), *origin) == draft.origins.list.end())
            draft.origins.list.push_back(std::move(*origin));
    }
    return draft;
}

std::vector<std::string> splitCorsText(std::string_view typed)
{
    std::vector<std::string> entries;
    std::string entry;
    for (const char c : typed) {
        if (c != ',' && !isSpace(c)) {
            entry += c;
        } else if (!entry.empty()) {
            entries.push_back(std::move(entry));
            entry.clear();
        }
    }
    if (!entry.empty())
        entries.push_back(std::move(entry));
    return entries;
}

} // namespace iotman
