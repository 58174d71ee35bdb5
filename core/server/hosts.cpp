#include "core/server/hosts.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::server {

namespace {

/// Host without port, lower case, without the dot that ends an absolute name.
std::string nameOf(std::string_view host)
{
    const std::size_t bracket = host.rfind(']');
    std::string name = lowered(host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket)));
    if (name.size() > 1 && name.back() == '.')
        name.pop_back();
    return name;
}

std::string_view hostOf(std::string_view url)
{
    const std::string_view rest = url.substr(url.find("://") + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

/// scheme://host[:port], lower case, the scheme's default port dropped.
std::string originOf(std::string_view scheme, std::string_view host)
{
    std::string origin = std::string(scheme) + "://" + lowered(host);
    for (const std::string_view usual : {scheme == "https" ? std::string_view(":443") : std::string_view(":80"), std::string_view(":")}) {
        if (origin.ends_with(usual) && origin.size() > scheme.size() + 3 + usual.size())
            origin.resize(origin.size() - usual.size());
    }
    return origin;
}

} // namespace

Expected<Hosts> Hosts::make(const std::vector<std::string>& names, const std::string& baseUrl)
{
    Hosts hosts;
    hosts.names_ = {"localhost", "127.0.0.1", "[::1]"};
    for (const std::string& name : names) {
        if (name.empty() || name.find('/') != std::string::npos)
            return fail(Problem::BadRequest, "expected a host name or address, but got “" + name + "”");
        const bool bareIpv6 = name.front() != '[' && std::count(name.begin(), name.end(), ':') > 1;
        hosts.names_.push_back(nameOf(bareIpv6 ? "[" + name + "]" : name));
    }
    if (!baseUrl.empty()) {
        if (!(baseUrl.starts_with("http://") || baseUrl.starts_with("https://")) || hostOf(baseUrl).empty() || baseUrl.find('?') != std::string::npos ||
            baseUrl.find('#') != std::string::npos || baseUrl.find('@') != std::string::npos)
            return fail(Problem::BadRequest, "expected a base URL such as https://gateway.example:8443, but got “" + baseUrl + "”");
        hosts.names_.push_back(nameOf(hostOf(baseUrl)));
        hosts.baseUrl_ = baseUrl;
        while (hosts.baseUrl_.back() == '/')
            hosts.baseUrl_.pop_back();
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

std::string Hosts::base(const RequestHead& head, std::string_view scheme) const
{
    return baseUrl_.empty() ? std::string(scheme) + "://" + head.host : baseUrl_;
}

std::string Hosts::origin(const RequestHead& head, std::string_view scheme) const
{
    if (baseUrl_.empty())
        return originOf(scheme, head.host);
    std::string outside = originOf(baseUrl_.substr(0, baseUrl_.find("://")), hostOf(baseUrl_));
    const bool named = nameOf(hostOf(baseUrl_)) == nameOf(head.host) || head.header("origin") == std::string_view(outside);
    return named ? outside : originOf(scheme, head.host);
}

} // namespace iotman::server
