// Proxies that the operator named: what they say about a request counts, what anyone else says does not.
#pragma once

#include "core/model/error.h"
#include "core/server/requesthead.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

/// How a request looked to the outermost proxy that is trusted, or to us where there is none.
struct Seen {
    std::string client;      ///< numeric address
    std::string_view scheme; ///< "http" or "https"
    std::string host;
};

/// `--trusted-proxy`. A value; any thread.
class Proxies {
public:
    /// Addresses or networks: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Errors: BadRequest.
    static Expected<Proxies> parse(const std::vector<std::string>& networks);

    bool any() const { return !networks_.empty(); }
    bool trusts(std::string_view address) const;

    /// Reads X-Forwarded-For, -Proto, -Host and -Port, else Forwarded (RFC 7239), from the connection inwards as far as proxies are
    /// trusted. Where both stand, the older ones count: proxies that write these pass on what a client calls Forwarded. `peer` is
    /// the other end of the connection, `scheme` how it is made. What cannot be read is left out.
    Seen seen(const RequestHead& head, const std::string& peer, std::string_view scheme) const;

private:
    using Bits = std::array<std::uint8_t, 16>; ///< IPv4 as ::ffff:a.b.c.d
    struct Network {
        Bits bits{};
        int length = 0;
    };
    static bool readAddress(const std::string& text, Bits& bits);

    std::vector<Network> networks_;
};

/// Whether a request says that it came through a proxy, named or not.
bool isForwarded(const RequestHead& head);

} // namespace iotman::server
