// A request as handlers see it, and how they answer.
#pragma once

#include "core/server/requesthead.h"
#include "core/server/response.h"

#include <functional>
#include <string>

namespace iotman::server {

struct Peer {
    std::string address; ///< numeric, without port: the client's, as far as it is known
    bool loopback = false; ///< of the connection
    bool proxied = false;  ///< others stand behind the connection, or may
};

/// Only valid while the handler runs: what is needed after that, it copies.
struct HttpRequest {
    const RequestHead& head;
    std::string_view body;
    const Peer& peer;
    std::string_view scheme = "http";
    bool tokenExpired = false; ///< whatever its token says: test weather
};

/// Sends the answer. May be called from any thread, now or later; the first call counts, and none is an error once the client left.
using Reply = std::function<void(Response)>;

} // namespace iotman::server
