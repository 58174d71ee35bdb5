// The guard's reading of a request head, in the strict spirit of RFC 9112: what is malformed or over a limit is refused here, before
// QHttpServer's lenient parser sees a byte of it.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace iotman::server {

struct Header {
    std::string name; ///< lower case
    std::string value;
};

enum class BodyFraming { None, Length, Chunked };

struct RequestHead {
    std::string method;
    std::string target; ///< origin-form as sent, path and query; the authority of an absolute-form is in `host`
    int minorVersion = 1;
    std::vector<Header> headers;
    std::string host; ///< as sent, with its port if any
    bool isForHttps = false; ///< by an absolute-form
    BodyFraming framing = BodyFraming::None;
    std::uint64_t contentLength = 0;
    bool keepAlive = true;
    bool expectsContinue = false;

    bool hasBody() const { return framing == BodyFraming::Chunked || contentLength > 0; }
    std::string_view path() const;  ///< still percent-encoded
    std::string_view query() const; ///< without the `?`
    /// The value of the only header of that (lower case) name; nothing when it is absent or repeated.
    std::optional<std::string_view> header(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// Whether a comma-separated header (all of its lines) holds `token`, compared without case.
    bool hasToken(std::string_view name, std::string_view token) const;
};

struct HeadLimits {
    std::size_t requestLine = 16 * 1024;
    std::size_t head = 32 * 1024;
    std::size_t fields = 100;
};

struct NeedMore {};
struct CompleteHead {
    RequestHead head;
    std::size_t bytes = 0; ///< of the head, with the empty line that ends it
};

/// What stands at the start of `bytes`: a whole head, not enough yet, or an error after which the connection must be closed.
using HeadResult = std::variant<NeedMore, CompleteHead, Error>;
HeadResult readHead(std::string_view bytes, const HeadLimits& limits);

/// What can be told of a head that was refused, for who is to hear why and how: its method, its target, and its Origin where one came.
/// Nothing else in it is believed.
RequestHead salvagedHead(std::string_view bytes);

/// Those of RFC 9110 that name a resource, and PATCH (RFC 5789): anything else is answered with 501.
bool isKnownMethod(std::string_view method);

/// uri-host [ ":" port ] without user info (RFC 9110 §7.2).
bool isHost(std::string_view host);

/// RFC 9110 §5.5: visible characters, blanks, tabs and obs-text.
constexpr bool isFieldCharacter(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

/// RFC 9110 §5.6.2.
bool isToken(std::string_view text);

} // namespace iotman::server
