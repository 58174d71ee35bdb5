// Answers as values, and their bytes on the wire.
#pragma once

#include "core/model/json.h"
#include "core/model/problem.h"
#include "core/server/requesthead.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

struct Response {
    int status = 200;
    std::vector<Header> headers; ///< names as they are written; no Content-Length, Date or Connection
    std::string body;

    Response& with(std::string name, std::string value)
    {
        headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
};

Response jsonResponse(int status, const Json& json);
/// application/problem+json, with Retry-After where the error has a time.
Response problemResponse(const Error& error);
Response emptyResponse(int status);

enum class Keep { Open, Close };
enum class Body { Sent, LeftOut }; ///< left out in the answer to HEAD

/// Status line, headers and body. `date` is an IMF-fixdate (RFC 9110 §5.6.7).
std::string wireText(const Response& response, std::string_view date, Keep keep, Body body);

/// RFC 9110 §5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT".
std::string httpDate(Timestamp time);

} // namespace iotman::server
