// Addresses to listen on, as people write them.
#pragma once

#include "core/model/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

inline constexpr int defaultPort = 8787;

struct ListenAddress {
    std::string host; ///< numeric, IPv6 without brackets
    int port = defaultPort;
    bool optional = false; ///< skipped when the machine lacks it

    /// `http://127.0.0.1:8787`, `http://[::1]:8787`.
    std::string url(int actualPort) const;
    bool isIpv6() const { return host.find(':') != std::string::npos; }

    bool operator==(const ListenAddress&) const = default;
};

/// `127.0.0.1:8787`, `[::1]:0`, `0.0.0.0`, `localhost:8787` (both loopbacks). Errors: BadRequest.
Expected<std::vector<ListenAddress>> parseListenAddress(std::string_view text);

/// 127.0.0.1 and ::1 at the default port; the second is skipped where IPv6 is off.
std::vector<ListenAddress> defaultListenAddresses();

} // namespace iotman::server
