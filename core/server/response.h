// Answers as values, and their bytes on the wire.
#pragma once

#include "core/model/json.h"
#include "core/model/problem.h"
#include "core/server/requesthead.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// What the operator is told about an answer; nothing of it goes over the wire.
struct Trace {
    std::string caller;     ///< client id, or a member's e-mail; empty: nobody known
    std::string reason;     ///< of a refusal: the rule, in words
    bool extension = false; ///< a client of the hosted service could not have asked so
};

struct Response {
    int status = 200;
    std::vector<Header> headers; ///< names as they are written; no Content-Length, Date or Connection
    std::string body;
    Trace trace = {};
    std::shared_ptr<const std::string> shared = {}; ///< where many answers have the same body: stands for `body`
    bool isEndless = false; ///< a stream's head: its content has no length

    const std::string& content() const { return shared ? *shared : body; }

    Response& with(std::string name, std::string value)
    {
        headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
};

Response jsonResponse(int status, const Json& json);
/// The error as strangers may know it: where the data lies and what is wrong inside is the operator's business.
Error outward(const Error& error);
/// application/problem+json, with Retry-After where the error has a time. What `outward` hides stands in the trace.
Response problemResponse(const Error& error);
Response emptyResponse(int status);

enum class Keep { Open, Close };

/// Status line and headers, with the empty line that ends them; the content follows. `date` is an IMF-fixdate (RFC 9110 §5.6.7).
std::string wireHead(const Response& response, std::string_view date, Keep keep, int minorVersion = 1);

/// RFC 9110 §5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT".
std::string httpDate(Timestamp time);

} // namespace iotman::server
