#include "core/server/requesthead.h"

#include "core/model/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace iotman::server {

namespace {

constexpr CharacterSet isTokenCharacter(asciiAlphanumerics, "!#$%&'*+-.^_`|~");

Error malformedHead(std::string detail) { return {Problem::BadRequest, std::move(detail)}; }

/// RFC 9112 §3.2, and what browsers leave as it is (the URL standard's path and query percent-encode sets).
constexpr CharacterSet isPathCharacter(asciiAlphanumerics, "!$%&'()*+,-./:;=@[]_{|}~");
constexpr CharacterSet isQueryCharacter(asciiAlphanumerics, "!$%&'()*+,-./:;=?@[]_{|}~\\^`");
constexpr CharacterSet isNameCharacter(asciiAlphanumerics, "-._");
constexpr CharacterSet isAddressCharacter("0123456789abcdefABCDEF:.");
/// Most requests have fewer fields.
constexpr std::size_t usualFields = 8;

/// Empty is the scheme's own (RFC 3986 §3.2.3).
bool isPort(std::string_view text)
{
    constexpr unsigned greatest = 65'535;
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return text.empty() ||
           (isDigit(text.front()) && error == std::errc() && end == text.data() + text.size() && port <= greatest);
}

/// Whether `is` is true of an element of a comma-separated field, all of its lines together. Empty ones are none (RFC 9110 §5.6.1).
template <class Is>
bool anyElement(const std::vector<Header>& headers, std::string_view name, const Is& is)
{
    for (const Header& header : headers) {
        for (std::string_view rest = header.name == name ? std::string_view(header.value) : std::string_view(); !rest.empty();) {
            const std::string_view part = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), part.size() + 1));
            if (const std::string_view element = trimmed(part); !element.empty() && is(element))
                return true;
        }
    }
    return false;
}

class HeadReader {
public:
    HeadReader(std::string_view text, const HeadLimits& limits) : text_(text), limits_(limits) {}

    /// Once.
    Expected<void> read()
    {
        return readRequestLine(nextLine()).and_then([&] { return readFields(); }).and_then([&] { return decideHost(); }).and_then([&] {
            return decideBody();
        }).map([&] { decideConnection(); });
    }
    RequestHead& head() { return head_; }

private:
    /// The text up to the next CRLF. The caller made sure that each line ends so.
    std::string_view nextLine()
    {
        const std::size_t end = text_.find("\r\n");
        const std::string_view line = text_.substr(0, end);
        text_.remove_prefix(end + 2);
        return line;
    }

    Expected<void> readRequestLine(std::string_view line)
    {
        const std::size_t first = line.find(' ');
        const std::size_t last = line.rfind(' ');
        if (first == std::string_view::npos || first == last)
            return fail(malformedHead("expected a request line such as “GET /path HTTP/1.1”"));
        head_.method = line.substr(0, first);
        std::string_view target = line.substr(first + 1, last - first - 1);
        const std::string_view version = line.substr(last + 1);
        if (!isToken(head_.method) || target.empty())
            return fail(malformedHead("expected a request line such as “GET /path HTTP/1.1”"));
        if (auto known = readVersion(version); !known)
            return known;
        const std::string_view path = target.substr(0, target.find('?'));
        const std::string_view query = target.substr(std::min(path.size() + 1, target.size()));
        if (!isPathCharacter.hasAll(path) || !isQueryCharacter.hasAll(query))
            return fail(malformedHead("the request target has a character that must be percent-encoded"));
        return readTarget(target);
    }

    Expected<void> readVersion(std::string_view version)
    {
        if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !isDigit(version[5]) || version[6] != '.' || !isDigit(version[7]))
            return fail(malformedHead("expected the version HTTP/1.1 or HTTP/1.0"));
        if (version[5] != '1' || version[7] > '1')
            return fail(Problem::VersionNotSupported, "expected the version HTTP/1.1 or HTTP/1.0");
        head_.minorVersion = version[7] - '0';
        return {};
    }

    Expected<void> readTarget(std::string_view target)
    {
        if (target.front() == '/') {
            head_.target = target;
            return {};
        }
        if (target == "*" && head_.method == "OPTIONS") {
            head_.target = target;
            return {};
        }
        // RFC 9112 §3.2.2: an absolute-form is taken as well; its authority counts, not the Host field.
        for (const std::string_view scheme : {"http://", "https://"}) {
            if (target.size() < scheme.size() || !sameWithoutCase(target.substr(0, scheme.size()), scheme))
                continue;
            const std::string_view rest = target.substr(scheme.size());
            const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
            if (slash == 0)
                return fail(malformedHead("expected a host in the request target, such as “http://localhost:8787/”"));
            absoluteHost_ = rest.substr(0, slash);
            head_.isForHttps = scheme == "https://";
            head_.target = (slash == rest.size() || rest[slash] == '?' ? "/" : "") + std::string(rest.substr(slash));
            return {};
        }
        return fail(malformedHead("expected a request target that starts with “/”"));
    }

    Expected<void> readFields()
    {
        head_.headers.reserve(usualFields);
        while (true) {
            const std::string_view line = nextLine();
            if (line.empty())
                return {};
            if (head_.headers.size() >= limits_.fields)
                return fail(Problem::HeadTooLarge, "more than " + std::to_string(limits_.fields) + " header fields");
            const std::size_t colon = line.find(':');
            if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
                return fail(malformedHead("expected a header field such as “Name: value”"));
            const std::string_view value = trimmed(line.substr(colon + 1));
            if (!std::all_of(value.begin(), value.end(), [](char c) { return isFieldCharacter(c); }))
                return fail(malformedHead("a header field has a control character"));
            head_.headers.push_back({lowered(line.substr(0, colon)), std::string(value)});
        }
    }

    Expected<void> decideHost()
    {
        // RFC 9112 §3.2: exactly one Host with HTTP/1.1. HTTP/1.0 without one is refused as well: an unknown host could be anyone's.
        const std::optional<std::string_view> field = head_.header("host");
        if (!field)
            return fail(malformedHead("expected exactly one Host field"));
        head_.host = absoluteHost_.empty() ? *field : absoluteHost_;
        if (!isHost(*field) || (!absoluteHost_.empty() && !isHost(absoluteHost_)))
            return fail(malformedHead("expected a Host field such as “localhost:8787”"));
        return {};
    }

    Expected<void> decideBody()
    {
        const std::size_t lengths = head_.count("content-length");
        if (head_.count("transfer-encoding") > 0) {
            if (lengths > 0 || head_.minorVersion == 0)
                return fail(malformedHead("expected either Content-Length or, with HTTP/1.1, Transfer-Encoding"));
            const auto encoding = head_.header("transfer-encoding");
            if (!encoding || !sameWithoutCase(*encoding, "chunked"))
                return fail(Problem::NotImplemented, "expected the transfer coding “chunked”");
            head_.framing = BodyFraming::Chunked;
        } else if (lengths > 0) {
            const auto value = head_.header("content-length");
            constexpr std::size_t mostDigits = 18;
            if (!value || value->empty() || value->size() > mostDigits || !std::all_of(value->begin(), value->end(), isDigit))
                return fail(malformedHead("expected one Content-Length of decimal digits"));
            head_.framing = BodyFraming::Length;
            for (const char c : *value)
                head_.contentLength = head_.contentLength * 10 + static_cast<std::uint64_t>(c - '0');
        }
        return readExpectations();
    }

    /// RFC 9110 §10.1.1: a list, which may be empty.
    Expected<void> readExpectations()
    {
        const auto isContinue = [](std::string_view expectation) { return sameWithoutCase(expectation, "100-continue"); };
        if (anyElement(head_.headers, "expect", std::not_fn(isContinue)))
            return fail(Problem::ExpectationFailed, "expected no expectation but 100-continue");
        // Ignored in HTTP/1.0 and where no content follows.
        head_.expectsContinue = anyElement(head_.headers, "expect", isContinue) && head_.minorVersion == 1 &&
                                (head_.framing == BodyFraming::Chunked || head_.contentLength > 0);
        return {};
    }

    void decideConnection()
    {
        if (head_.hasToken("connection", "close"))
            head_.keepAlive = false;
        else
            head_.keepAlive = head_.minorVersion == 1 || head_.hasToken("connection", "keep-alive");
    }

    std::string_view text_;
    const HeadLimits& limits_;
    RequestHead head_;
    std::string_view absoluteHost_;
};

/// The end of the head, NeedMore, or what is wrong with its line ends so far: every LF must follow a CR and every CR precede an LF.
std::variant<NeedMore, std::size_t, Error> findEnd(std::string_view bytes, const HeadLimits& limits)
{
    const std::size_t searched = std::min(bytes.size(), limits.head);
    const auto lineEnd = [&](std::size_t from) { return std::min(bytes.find('\r', from), bytes.find('\n', from)); };
    for (std::size_t at = lineEnd(0); at < searched; at = lineEnd(at)) {
        if (bytes[at] == '\n')
            return malformedHead("a line ends with LF alone; expected CR LF");
        if (at + 1 == bytes.size())
            return NeedMore{};
        if (bytes[at + 1] != '\n')
            return malformedHead("a CR stands alone; expected CR LF");
        at += 2;
        if (bytes.substr(at, 2) != "\r\n")
            continue;
        if (at + 2 > limits.head)
            break;
        return at + 2;
    }
    if (bytes.size() < limits.head)
        return NeedMore{};
    return Error{Problem::HeadTooLarge, "the request head is longer than " + std::to_string(limits.head) + " bytes"};
}

} // namespace

RequestHead salvagedHead(std::string_view bytes)
{
    RequestHead head;
    if (bytes.starts_with("\r\n"))
        bytes.remove_prefix(2);
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos)
        return head;
    head.method = line.substr(0, blank);
    const std::string_view rest = line.substr(blank + 1);
    head.target = rest.substr(0, rest.find(' '));
    for (std::size_t at = line.size(); at + 2 < bytes.size();) {
        const std::string_view field = bytes.substr(at + 2, bytes.find("\r\n", at + 2) - at - 2);
        if (field.empty())
            break;
        at += field.size() + 2;
        const std::size_t colon = std::min(field.find(':'), field.size());
        const bool isEnded = at + 2 <= bytes.size(); // else more of it may come
        if (isEnded && sameWithoutCase(field.substr(0, colon), "origin")) {
            std::string_view value = field.substr(std::min(colon + 1, field.size()));
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            head.headers.push_back({"origin", std::string(value.substr(0, value.find_last_not_of(" \t") + 1))});
        }
    }
    return head;
}

bool isKnownMethod(std::string_view method)
{
    constexpr std::array<std::string_view, 8> known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"};
    return std::find(known.begin(), known.end(), method) != known.end();
}

bool isHost(std::string_view host)
{
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view name = host.substr(0, colon);
    const std::string_view port = colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
    if (name.empty() || !isPort(port))
        return false;
    if (name.front() == '[')
        return name.size() > 3 && name.back() == ']' && isAddressCharacter.hasAll(name.substr(1, name.size() - 2));
    return isNameCharacter.hasAll(name);
}

bool isToken(std::string_view text) { return !text.empty() && isTokenCharacter.hasAll(text); }

std::string_view RequestHead::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view RequestHead::query() const
{
    const std::size_t mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::size_t RequestHead::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const Header& header) { return header.name == name; }));
}

std::optional<std::string_view> RequestHead::header(std::string_view name) const
{
    std::optional<std::string_view> found;
    for (const Header& header : headers) {
        if (header.name != name)
            continue;
        if (found)
            return std::nullopt;
        found = header.value;
    }
    return found;
}

bool RequestHead::hasToken(std::string_view name, std::string_view token) const
{
    return anyElement(headers, name, [&](std::string_view element) { return sameWithoutCase(element, token); });
}

HeadResult readHead(std::string_view bytes, const HeadLimits& limits)
{
    // RFC 9112 §2.2: an empty line before the request line is ignored.
    std::size_t skipped = 0;
    if (bytes.substr(0, 2) == "\r\n")
        skipped = 2;
    bytes.remove_prefix(skipped);
    // Whatever else is wrong behind it, and however much of it came at once.
    if (std::min(bytes.find('\n'), bytes.size()) > limits.requestLine + 1)
        return Error{Problem::UriTooLong, "the request line is longer than " + std::to_string(limits.requestLine) + " bytes"};
    const auto end = findEnd(bytes, limits);
    if (const auto* error = std::get_if<Error>(&end))
        return *error;
    const auto* length = std::get_if<std::size_t>(&end);
    if (!length)
        return NeedMore{};
    HeadReader reader(bytes.substr(0, *length), limits);
    if (const Expected<void> read = reader.read(); !read)
        return read.error();
    return CompleteHead{std::move(reader.head()), *length + skipped};
}

} // namespace iotman::server
