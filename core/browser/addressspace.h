// Where a host is, as browsers tell it apart (Local Network Access, Secure Contexts).
#pragma once

#include <string>
#include <string_view>

namespace iotman::browser {

enum class AddressSpace {
    Loopback, ///< this computer: 127.0.0.0/8, ::1, localhost and the names below it
    Local,    ///< this network: private and link-local addresses, names in .local
    Public,   ///< everything else, as far as the host's name tells
};

/// `host` as it stands in a URL: a name, an IPv4 address, or an IPv6 address in brackets.
AddressSpace addressSpace(std::string_view host);

/// The parts of an absolute http, https, ws or wss URL that decide about access.
struct UrlParts {
    std::string_view scheme; ///< as written
    std::string_view host;
    std::string_view authority; ///< host and port
    std::string_view target;    ///< path and query, “/” at least

    bool isEncrypted() const { return scheme == "https" || scheme == "wss"; }
};
UrlParts partsOf(std::string_view url);

/// Where `location`, of an answer from `url`, leads: an absolute URL, or what goes on from there. Without a fragment.
std::string redirectTarget(std::string_view url, std::string_view location);

} // namespace iotman::browser
