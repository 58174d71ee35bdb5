#include "core/browser/addressspace.h"

#include <array>
#include <charconv>
#include <optional>

namespace iotman::browser {

namespace {

std::optional<std::array<int, 4>> ipv4(std::string_view host)
{
    std::array<int, 4> parts{};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto [end, error] = std::from_chars(host.data(), host.data() + host.size(), parts[i]);
        if (error != std::errc() || parts[i] < 0 || parts[i] > 255)
            return std::nullopt;
        host.remove_prefix(static_cast<std::size_t>(end - host.data()));
        if (host.empty() != (i == 3) || (i < 3 && host.front() != '.'))
            return std::nullopt;
        host.remove_prefix(i < 3 ? 1 : 0);
    }
    return parts;
}

bool endsWith(std::string_view host, std::string_view end)
{
    return host.size() >= end.size() && host.substr(host.size() - end.size()) == end;
}

/// RFC 4291 and 4193 in the canonical form that URLs are written in.
AddressSpace ipv6(std::string_view address)
{
    if (address == "::1")
        return AddressSpace::Loopback;
    constexpr std::string_view mapped = "::ffff:7f"; // 127.0.0.0/8 as the URL standard writes it: [::ffff:7f00:1]
    if (address.substr(0, mapped.size()) == mapped)
        return AddressSpace::Loopback;
    const std::string_view start = address.substr(0, 3);
    const bool unique = address.substr(0, 2) == "fc" || address.substr(0, 2) == "fd";
    const bool linkLocal = start == "fe8" || start == "fe9" || start == "fea" || start == "feb";
    return unique || linkLocal ? AddressSpace::Local : AddressSpace::Public;
}

} // namespace

AddressSpace addressSpace(std::string_view host)
{
    if (!host.empty() && host.front() == '[')
        return ipv6(host.substr(1, host.size() - 2));
    if (!host.empty() && host.back() == '.')
        host.remove_suffix(1);
    if (host == "localhost" || endsWith(host, ".localhost"))
        return AddressSpace::Loopback;
    if (const auto ip = ipv4(host)) {
        const auto [a, b, c, d] = *ip;
        if (a == 127)
            return AddressSpace::Loopback;
        const bool isPrivate = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168); // RFC 1918
        const bool isShared = (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);            // RFC 3927, RFC 6598
        return isPrivate || isShared ? AddressSpace::Local : AddressSpace::Public;
    }
    return endsWith(host, ".local") ? AddressSpace::Local : AddressSpace::Public;
}

UrlParts partsOf(std::string_view url)
{
    UrlParts parts;
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos)
        return parts;
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 3);
    const std::size_t end = url.find_first_of("/?#");
    parts.authority = url.substr(0, end);
    parts.target = end == std::string_view::npos ? std::string_view("/") : url.substr(end);
    parts.host = parts.authority;
    const std::size_t port = parts.host.rfind(':');
    if (port != std::string_view::npos && parts.host.find(']', port) == std::string_view::npos)
        parts.host = parts.host.substr(0, port);
    return parts;
}

std::string redirectTarget(std::string_view url, std::string_view location)
{
    location = location.substr(0, location.find('#'));
    const UrlParts parts = partsOf(url);
    const std::string scheme(parts.scheme);
    if (location.find("://") < location.find_first_of("/?"))
        return std::string(location);
    if (location.substr(0, 2) == "//")
        return scheme + ":" + std::string(location);
    const std::string server = scheme + "://" + std::string(parts.authority);
    const std::string_view path = parts.target.substr(0, parts.target.find_first_of("?#"));
    if (location.empty() || location.front() == '?')
        return server + std::string(path) + std::string(location);
    if (location.front() == '/')
        return server + std::string(location);
    return server + std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location);
}

} // namespace iotman::browser
