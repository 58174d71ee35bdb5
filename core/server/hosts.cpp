#include "core/server/hosts.h"

#include "core/model/ascii.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace iotman::server {

namespace {

/// Lower case; an address of IPv6 is written as RFC 5952 says, as browsers write it.
std::string plainHost(std::string_view host)
{
    const std::size_t bracket = host.find(']');
    if (!host.starts_with('[') || bracket == std::string_view::npos)
        return lowered(host);
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_pton(AF_INET6, std::string(host.substr(1, bracket - 1)).c_str(), &address) != 1 ||
        inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr)
        return lowered(host);
    return "[" + std::string(text.data()) + lowered(host.substr(bracket));
}

/// Host without port, as `plainHost`, without the dot that ends an absolute name.
std::string nameOf(std::string_view given)
{
    const std::string host = plainHost(given);
    const std::size_t bracket = host.rfind(']');
    std::string name = host.substr(0, host.find(':', bracket == std::string::npos ? 0 : bracket));
    if (name.size() > 1 && name.back() == '.')
        name.pop_back();
    return name;
}

/// RFC 1123 §2.1: labels of 1 to 63 characters between dots, 253 in all. What no request can name is a slip of who gives it.
bool hasLabels(std::string_view name)
{
    constexpr std::size_t longestLabel = 63, longestName = 253;
    if (name.starts_with('['))
        return true;
    bool good = name.size() <= longestName;
    while (good && !name.empty()) {
        const std::size_t end = std::min(name.find('.'), name.size());
        good = end > 0 && end <= longestLabel && end + 1 != name.size();
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return good;
}

std::string_view hostOf(std::string_view url)
{
    const std::string_view rest = url.substr(url.find("://") + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

/// scheme://host[:port] and perhaps a path, as it can stand at the beginning of links.
bool isBaseUrl(std::string_view url)
{
    static constexpr CharacterSet isPathCharacter(asciiAlphanumerics, "-._~!$&'()*+,;=:@%/");
    const std::string scheme = lowered(url.substr(0, url.find("://")));
    if (url.find("://") == std::string_view::npos || (scheme != "http" && scheme != "https") || !isHost(hostOf(url)) || !hasLabels(nameOf(hostOf(url))))
        return false;
    const std::string_view host = hostOf(url);
    if (const std::size_t digit = host.find_last_not_of('0'); digit + 1 < host.size() && host[digit] == ':')
        return false; // no link leads to port 0
    const std::string_view path = url.substr(url.find("://") + 3 + host.size());
    return isPathCharacter.hasAll(path);
}

/// scheme://host[:port], lower case, the scheme's default port dropped.
std::string originOf(std::string_view scheme, std::string_view host)
{
    std::string origin = std::string(scheme) + "://" + plainHost(host);
    for (const std::string_view usual : {scheme == "https" ? std::string_view(":443") : std::string_view(":80"), std::string_view(":")}) {
        if (origin.ends_with(usual) && origin.size() > scheme.size() + 3 + usual.size())
            origin.resize(origin.size() - usual.size());
    }
    return origin;
}

std::string_view pathOf(std::string_view baseUrl)
{
    return baseUrl.substr(baseUrl.find("://") + 3 + hostOf(baseUrl).size());
}

/// Scheme and host in lower case, without the scheme's default port and slashes at the end; the path as it is.
std::string normalized(std::string_view baseUrl)
{
    std::string_view path = pathOf(baseUrl);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return originOf(lowered(baseUrl.substr(0, baseUrl.find("://"))), hostOf(baseUrl)) + std::string(path);
}

} // namespace

std::string plainOrigin(std::string_view origin)
{
    const std::size_t end = origin.find("://");
    return end == std::string_view::npos ? std::string(origin) : originOf(lowered(origin.substr(0, end)), origin.substr(end + 3));
}

Expected<Hosts> Hosts::make(const std::vector<std::string>& names, const std::string& baseUrl, const std::vector<std::string>& listened)
{
    Hosts hosts;
    hosts.names_ = {"localhost", "127.0.0.1", "[::1]"};
    hosts.isNamed_ = !names.empty() || !baseUrl.empty();
    for (const auto& given : {names, listened}) {
        for (const std::string& name : given) {
            const bool bareIpv6 = !name.starts_with('[') && std::count(name.begin(), name.end(), ':') > 1;
            const std::string host = bareIpv6 ? "[" + name + "]" : name;
            if (!isHost(host) || !hasLabels(nameOf(host)))
                return fail(Problem::BadRequest, "expected a host name or address, but got “" + name + "”", "host");
            hosts.names_.push_back(nameOf(host));
        }
    }
    if (!baseUrl.empty()) {
        if (!isBaseUrl(baseUrl))
            return fail(Problem::BadRequest,
                        "expected a base URL such as https://gateway.example:8443, but got “" + baseUrl + "”", "base-url");
        hosts.names_.push_back(nameOf(hostOf(baseUrl)));
        hosts.baseUrl_ = normalized(baseUrl);
    }
    return hosts;
}

Expected<void> Hosts::check(std::string_view host) const
{
    const std::string name = nameOf(host);
    if (std::find(names_.begin(), names_.end(), name) != names_.end())
        return {};
    return fail(Problem::Misdirected, "this server does not answer for the host “" + name + "”; name it with --host if it should");
}

Expected<void> Hosts::checkForwarded(std::string_view host) const
{
    return isNamed_ ? check(host) : Expected<void>();
}

Expected<void> Hosts::checkScheme(const RequestHead& head, std::string_view scheme) const
{
    if (!head.isForHttps || scheme == "https" || baseUrl_.starts_with("https:"))
        return {};
    return fail(Problem::Misdirected, "expected a request target of “http://…”: this connection is not secured");
}

std::string Hosts::base(const RequestHead& head, std::string_view scheme) const
{
    std::string url;
    appendBase(head, scheme, url);
    return url;
}

void Hosts::appendBase(const RequestHead& head, std::string_view scheme, std::string& url) const
{
    if (baseUrl_.empty())
        url.append(scheme).append("://").append(head.host);
    else
        url += baseUrl_;
}

std::string_view Hosts::basePath() const
{
    return baseUrl_.empty() ? std::string_view() : pathOf(baseUrl_);
}

std::string Hosts::origin(const RequestHead& head, std::string_view scheme) const
{
    if (baseUrl_.empty())
        return originOf(scheme, head.host);
    std::string outside = originOf(baseUrl_.substr(0, baseUrl_.find("://")), hostOf(baseUrl_));
    const bool named = nameOf(hostOf(baseUrl_)) == nameOf(head.host) || plainOrigin(head.header("origin").value_or("")) == outside;
    return named ? outside : originOf(scheme, head.host);
}

} // namespace iotman::server
