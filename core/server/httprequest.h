// A request as handlers see it, and how they answer.
#pragma once

#include "core/server/requesthead.h"
#include "core/server/response.h"

#include <functional>
#include <string>

namespace iotman::server {

struct Peer {
    std::string address; ///< numeric, without port
    bool loopback = false;
};

struct HttpRequest {
    RequestHead head;
    std::string_view body; ///< only valid while the handler runs
    Peer peer;
    std::string_view scheme = "http";
};

/// Sends the answer. May be called from any thread, now or later; the first call counts, and none is an error once the client left.
using Reply = std::function<void(Response)>;

} // namespace iotman::server
