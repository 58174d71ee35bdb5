#include "core/server/ownaddress.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <optional>
#include <string>

namespace iotman::server {

namespace {

/// IPv4 as mapped into IPv6 (RFC 4291 §2.5.5.2), so that either kind of socket compares.
using Address = in6_addr;

Address mapped(const in_addr& v4)
{
    Address address{};
    address.s6_addr[10] = address.s6_addr[11] = 0xff;
    std::memcpy(&address.s6_addr[12], &v4, sizeof v4);
    return address;
}

std::optional<Address> addressIn(std::string_view host)
{
    if (host.starts_with('[')) {
        const std::string text(host.substr(1, host.find(']') - 1));
        Address address{};
        return inet_pton(AF_INET6, text.c_str(), &address) == 1 ? std::optional(address) : std::nullopt;
    }
    const std::string text(host.substr(0, host.find(':')));
    in_addr v4{};
    return inet_pton(AF_INET, text.c_str(), &v4) == 1 ? std::optional(mapped(v4)) : std::nullopt;
}

std::optional<Address> localAddress(int descriptor)
{
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0)
        return std::nullopt;
    if (bound.ss_family == AF_INET)
        return mapped(reinterpret_cast<const sockaddr_in*>(&bound)->sin_addr);
    if (bound.ss_family == AF_INET6)
        return reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_addr;
    return std::nullopt;
}

} // namespace

bool isOwnAddress(int descriptor, std::string_view host)
{
    const std::optional<Address> asked = addressIn(host);
    const std::optional<Address> own = asked ? localAddress(descriptor) : std::nullopt;
    return own && std::memcmp(&*asked, &*own, sizeof(Address)) == 0;
}

} // namespace iotman::server
