// A request that somebody sent, as a curl line to try it again.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace iotman::codegen {

struct SentRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// One line for a POSIX shell; every value is quoted, whatever it holds. What curl or the connection sets by itself (Host,
/// Content-Length, Connection, Accept-Encoding, the upgrade's own) is left out. A secret becomes a variable: the value of
/// Authorization and an `access_token` of the query are written as "$TOKEN".
std::string curlLine(const SentRequest& request);

} // namespace iotman::codegen
