#include "core/server/proxies.h"

#include "core/model/ascii.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace iotman::server {

namespace {

constexpr std::size_t mostHops = 32;
constexpr int mappedBits = 96; ///< of ::ffff:0:0/96

enum class Quotes { Count, MeanNothing };

/// The last parts between separators, of which those in quotes do not count where quotes do. The parts are views of `text`.
///
/// From the end on: what the nearest proxy wrote stands there. Nothing that its client wrote before, an open quote or many parts, can hide
/// it.
std::vector<std::string_view> split(std::string_view text, char separator, Quotes quotes)
{
    const auto isQuote = [&](std::size_t at) {
        if (quotes != Quotes::Count || text[at] != '"')
            return false;
        const std::size_t before = text.substr(0, at).find_last_not_of('\\');
        const std::size_t backslashes = at - (before == std::string_view::npos ? 0 : before + 1);
        return backslashes % 2 == 0;
    };
    std::vector<std::string_view> parts;
    bool quoted = false;
    std::size_t end = text.size();
    for (std::size_t at = text.size(); at > 0 && parts.size() < mostHops; --at) {
        quoted = isQuote(at - 1) != quoted;
        if (text[at - 1] == separator && !quoted) {
            parts.push_back(trimmed(text.substr(at, end - at)));
            end = at - 1;
        }
    }
    if (parts.size() < mostHops)
        parts.push_back(trimmed(text.substr(0, end)));
    std::reverse(parts.begin(), parts.end());
    return parts;
}

std::string joined(const RequestHead& head, std::string_view name)
{
    std::string all;
    for (const Header& header : head.headers) {
        if (header.name == name)
            all += (all.empty() ? "" : ",") + header.value;
    }
    return all;
}

std::string unquoted(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return std::string(text);
    std::string plain;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && i + 2 < text.size())
            ++i;
        plain += text[i];
    }
    return plain;
}

/// `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, `2001:db8::1` to the address alone.
std::string addressOf(const std::string& node)
{
    if (!node.empty() && node.front() == '[')
        return node.substr(1, node.find(']') - 1);
    return std::count(node.begin(), node.end(), ':') == 1 ? node.substr(0, node.find(':')) : node;
}

/// What one proxy added.
struct Hop {
    std::string client;
    std::string scheme;
    std::string host;
    std::string port = {}; ///< beside a host that names none
};

std::vector<Hop> standardHops(const RequestHead& head)
{
    const std::string elements = joined(head, "forwarded");
    std::vector<Hop> hops;
    for (const std::string_view element : split(elements, ',', Quotes::Count)) {
        Hop hop;
        for (const std::string_view pair : split(element, ';', Quotes::Count)) {
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos)
                continue;
            const std::string name = lowered(trimmed(pair.substr(0, equals)));
            const std::string value = unquoted(trimmed(pair.substr(equals + 1)));
            if (name == "for")
                hop.client = addressOf(value);
            else if (name == "proto")
                hop.scheme = lowered(value);
            else if (name == "host")
                hop.host = value;
        }
        hops.push_back(std::move(hop));
    }
    return hops;
}

/// The older headers are lists of their own; their last elements belong together.
std::vector<Hop> customaryHops(const RequestHead& head)
{
    const std::string clients = joined(head, "x-forwarded-for");
    const std::string schemes = joined(head, "x-forwarded-proto");
    const std::string hosts = joined(head, "x-forwarded-host");
    std::vector<Hop> hops;
    for (const std::string_view client : split(clients, ',', Quotes::MeanNothing))
        hops.push_back({addressOf(std::string(client)), {}, {}});
    const auto spread = [&](const std::vector<std::string_view>& values, std::string Hop::*member) {
        for (std::size_t i = 0; i < hops.size() && i < values.size(); ++i)
            hops[hops.size() - 1 - i].*member = std::string(values[values.size() - 1 - i]);
    };
    const std::vector<std::string_view> schemeList = split(schemes, ',', Quotes::MeanNothing);
    spread(schemeList, &Hop::scheme);
    spread(split(hosts, ',', Quotes::MeanNothing), &Hop::host);
    const std::string ports = joined(head, "x-forwarded-port");
    spread(split(ports, ',', Quotes::MeanNothing), &Hop::port);
    for (Hop& hop : hops) {
        hop.scheme = lowered(hop.scheme);
        // Some tell what the handshake of a WebSocket becomes.
        if (hop.scheme == "ws" || hop.scheme == "wss")
            hop.scheme = hop.scheme == "ws" ? "http" : "https";
    }
    return hops;
}

/// Whether it has to stand in links. 80 and 443 do not: a proxy may say the one at which it was asked itself, by another scheme.
bool isPortOfItsOwn(const std::string& port)
{
    int number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc() && end == port.data() + port.size() && number > 0 && number <= 65'535 && number != 80 && number != 443;
}

bool hasPort(std::string_view host) { return host.find(':', host.starts_with('[') ? host.find(']') : 0) != std::string_view::npos; }

} // namespace

bool Proxies::readAddress(const std::string& text, Bits& bits)
{
    if (inet_pton(AF_INET6, text.c_str(), bits.data()) == 1)
        return true;
    std::array<std::uint8_t, 4> four{};
    if (inet_pton(AF_INET, text.c_str(), four.data()) != 1)
        return false;
    bits = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, four[0], four[1], four[2], four[3]};
    return true;
}

Expected<Proxies> Proxies::parse(const std::vector<std::string>& networks)
{
    Proxies proxies;
    for (const std::string& text : networks) {
        const std::size_t slash = text.find('/');
        const std::string address = addressOf(text.substr(0, slash));
        const bool isIpv6 = address.find(':') != std::string::npos;
        const int most = isIpv6 ? 128 : 32;
        Network network;
        int length = most;
        bool good = readAddress(address, network.bits);
        if (slash != std::string::npos) {
            const char* end = text.data() + text.size();
            const auto [last, error] = std::from_chars(text.data() + slash + 1, end, length);
            good = good && error == std::errc() && last == end && length >= 0 && length <= most;
        }
        if (!good)
            return fail(Problem::BadRequest,
                        "expected an address or a network such as 127.0.0.1 or 10.0.0.0/8, but got “" + text + "”");
        network.length = isIpv6 ? length : mappedBits + length;
        proxies.networks_.push_back(network);
    }
    return proxies;
}

bool Proxies::trusts(std::string_view address) const
{
    Bits bits{};
    if (networks_.empty() || !readAddress(std::string(address), bits))
        return false;
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        const auto whole = static_cast<std::size_t>(network.length / 8);
        if (!std::equal(bits.begin(), bits.begin() + static_cast<long>(whole), network.bits.begin()))
            return false;
        const int rest = network.length % 8;
        return rest == 0 || (bits[whole] >> (8 - rest)) == (network.bits[whole] >> (8 - rest));
    });
}

Seen Proxies::seen(const RequestHead& head, const std::string& peer, std::string_view scheme) const
{
    Seen seen{peer, scheme, head.host};
    if (!trusts(peer))
        return seen;
    const bool customary = head.count("x-forwarded-for") + head.count("x-forwarded-proto") + head.count("x-forwarded-host") > 0;
    std::vector<Hop> hops = customary ? customaryHops(head) : standardHops(head);
    for (auto hop = hops.rbegin(); hop != hops.rend() && trusts(seen.client); ++hop) {
        if (hop->scheme == "https" || hop->scheme == "http")
            seen.scheme = hop->scheme == "https" ? "https" : "http";
        if (isHost(hop->host))
            seen.host = hop->host + (isPortOfItsOwn(hop->port) && !hasPort(hop->host) ? ":" + hop->port : "");
        Bits ignored{};
        if (!readAddress(hop->client, ignored)) {
            // “unknown”, an obfuscated name, or nothing: from here on nobody is known, and nobody is trusted.
            if (!hop->client.empty())
                seen.client = "unknown";
            break;
        }
        seen.client = hop->client;
    }
    return seen;
}

bool isForwarded(const RequestHead& head)
{
    return std::any_of(head.headers.begin(), head.headers.end(), [](const Header& header) {
        return header.name == "forwarded" || header.name == "via" || header.name.starts_with("x-forwarded-");
    });
}

} // namespace iotman::server
