// Errors are values: a closed list of kinds, a sentence for people, and the member or parameter at fault.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace iotman {

/// What kind of thing went wrong. `httpStatus` in problem.h is the one place that turns a kind into a status.
enum class Problem {
    BadRequest,          ///< malformed input; 400
    Unauthorized,        ///< no or no valid credentials; 401
    Forbidden,           ///< known, but not allowed; 403
    NotFound,            ///< 404
    MethodNotAllowed,    ///< 405
    RequestTimeout,      ///< 408
    Conflict,            ///< in use or taken; 409
    LengthRequired,      ///< 411
    PreconditionFailed,  ///< somebody else changed it meanwhile; 412
    TooLarge,            ///< 413
    UriTooLong,          ///< 414
    UnsupportedMedia,    ///< a body in a form that is not taken here; 415
    ExpectationFailed,   ///< 417
    Misdirected,         ///< the request is for a host that this server is not; 421
    Unprocessable,       ///< well formed, but it contradicts what is known; 422
    UpgradeRequired,     ///< 426
    TooManyRequests,     ///< 429
    HeadTooLarge,        ///< 431
    Internal,            ///< a fault of ours; 500
    NotImplemented,      ///< 501
    Unavailable,         ///< busy or shutting down, try again; 503
    VersionNotSupported, ///< 505
    NoSpace,             ///< the disk is full; 507
};

/// An error with its context. `detail` is UTF-8, one sentence that says what was expected and what came; never a secret.
struct Error {
    Problem kind = Problem::Internal;
    std::string detail = {};
    std::string field = {};   ///< the one parameter or member at fault, or empty
    int column = 0;           ///< 1-based, in characters, where `detail` is about a place in a text; 0 where it is not
    std::string pointer = {}; ///< JSON pointer (RFC 6901) into the document at fault, or empty
    int retryAfter = 0;       ///< seconds until another try makes sense; 0 where there is no such time
    int line = 0;             ///< 1-based, where `detail` is about a line of a text; 0 where it is not

    /// The same error, told from one layer further out: "output “celsius”: column 9: expected “)”".
    Error within(std::string_view where) const
    {
        Error outer = *this;
        outer.detail = std::string(where) + ": " + detail;
        return outer;
    }
    Error at(std::string_view fieldName) const
    {
        Error outer = *this;
        outer.field = fieldName;
        return outer;
    }
    /// The same error seen from the parent document: `/rule` below `/outputs/1` is `/outputs/1/rule`.
    Error below(std::string_view parent) const
    {
        Error outer = *this;
        outer.pointer = std::string(parent) + pointer;
        return outer;
    }

    bool operator==(const Error&) const = default;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Problem kind, std::string detail, std::string field = {})
{
    return tl::unexpected<Error>(Error{kind, std::move(detail), std::move(field)});
}

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// For what is broken off because the program ends.
inline Error serverEnds()
{
    return {Problem::Unavailable, "the server ends"};
}

} // namespace iotman
