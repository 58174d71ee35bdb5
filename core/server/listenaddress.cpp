#include "core/server/listenaddress.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

tl::unexpected<Error> refuse(std::string_view text)
{
    return fail(Problem::BadRequest, "expected an address such as 127.0.0.1:8787 or [::1]:8787 with a port from 0 to 65535, but got “" + std::string(text) + "”");
}

bool isAddress(const std::string& host)
{
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

} // namespace

std::string ListenAddress::url(int actualPort) const
{
    return "http://" + (isIpv6() ? "[" + host + "]" : host) + ":" + std::to_string(actualPort);
}

Expected<std::vector<ListenAddress>> parseListenAddress(std::string_view text)
{
    const std::size_t bracket = text.rfind(']');
    const bool bareIpv6 = bracket == std::string_view::npos && std::count(text.begin(), text.end(), ':') > 1;
    const std::size_t colon = bareIpv6 ? std::string_view::npos : text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    std::string host(text.substr(0, colon));
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    int port = defaultPort;
    if (colon != std::string_view::npos) {
        const std::string_view digits = text.substr(colon + 1);
        constexpr std::size_t mostDigits = 5;
        if (digits.empty() || digits.size() > mostDigits || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return refuse(text);
        port = 0;
        for (const char c : digits)
            port = port * 10 + (c - '0');
        if (port > 65535)
            return refuse(text);
    }
    if (host == "localhost")
        return std::vector<ListenAddress>{{"127.0.0.1", port, false}, {"::1", port, true}};
    if (!isAddress(host))
        return refuse(text);
    return std::vector<ListenAddress>{{host, port, false}};
}

std::vector<ListenAddress> defaultListenAddresses() { return {{"127.0.0.1", defaultPort, false}, {"::1", defaultPort, true}}; }

} // namespace iotman::server
