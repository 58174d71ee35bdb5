#include "core/model/problem.h"

#include <array>

namespace iotman {

namespace {

struct Status {
    Problem kind;
    int code;
};

constexpr std::array statuses{
    Status{Problem::BadRequest, 400},
    Status{Problem::Unauthorized, 401},
    Status{Problem::Forbidden, 403},
    Status{Problem::NotFound, 404},
    Status{Problem::MethodNotAllowed, 405},
    Status{Problem::RequestTimeout, 408},
    Status{Problem::Conflict, 409},
    Status{Problem::LengthRequired, 411},
    Status{Problem::PreconditionFailed, 412},
    Status{Problem::TooLarge, 413},
    Status{Problem::UriTooLong, 414},
    Status{Problem::UnsupportedMedia, 415},
    Status{Problem::ExpectationFailed, 417},
    Status{Problem::Misdirected, 421},
    Status{Problem::Unprocessable, 422},
    Status{Problem::UpgradeRequired, 426},
    Status{Problem::TooManyRequests, 429},
    Status{Problem::HeadTooLarge, 431},
    Status{Problem::Internal, 500},
    Status{Problem::NotImplemented, 501},
    Status{Problem::Unavailable, 503},
    Status{Problem::VersionNotSupported, 505},
    Status{Problem::NoSpace, 507},
};

} // namespace

int httpStatus(Problem kind)
{
    for (const Status& status : statuses) {
        if (status.kind == kind)
            return status.code;
    }
    return 500;
}

Problem problemOf(int code)
{
    for (const Status& status : statuses) {
        if (status.code == code)
            return status.kind;
    }
    return Problem::Internal;
}

std::string_view reasonPhrase(int code)
{
    switch (code) {
    case 100:
        return "Continue";
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 422:
        return "Unprocessable Content";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    case 507:
        return "Insufficient Storage";
    default:
        return "Unknown";
    }
}

Json problemJson(int status, const std::string& detail)
{
    return {{"type", "about:blank"}, {"title", reasonPhrase(status)}, {"status", status}, {"detail", detail}};
}

Json toJson(const Error& error)
{
    Json problem = problemJson(httpStatus(error.kind), error.detail);
    if (!error.field.empty())
        problem["field"] = error.field;
    if (error.column > 0)
        problem["column"] = error.column;
    if (!error.pointer.empty())
        problem["pointer"] = error.pointer;
    return problem;
}

Error errorFrom(int status, std::string_view body)
{
    Error error{
        problemOf(status), "The server answered " + std::to_string(status) + " " + std::string(reasonPhrase(status)) + ".", {}};
    const Json problem = Json::parse(body, nullptr, false);
    if (!problem.is_object())
        return error;
    const auto text = [&](const char* member) {
        const auto found = problem.find(member);
        return found != problem.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (const std::string detail = text("detail"); !detail.empty())
        error.detail = detail;
    else if (const std::string description = text("error_description"); !description.empty())
        error.detail = description; // RFC 6749 §5.2
    error.field = text("field");
    error.pointer = text("pointer");
    if (const auto column = problem.find("column"); column != problem.end() && column->is_number_integer())
        error.column = column->get<int>();
    return error;
}

} // namespace iotman
