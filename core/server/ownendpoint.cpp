#include "core/server/ownendpoint.h"

#include <QtCore/qsysinfo.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qnetworkinterface.h>

#include <algorithm>
#include <string_view>

namespace iotman::server {

namespace {

std::string_view authorityOf(std::string_view origin)
{
    return origin.substr(origin.find("://") + 3);
}

/// The port, which an origin leaves out where it is the scheme's.
std::string portOf(std::string_view origin)
{
    const std::string_view authority = authorityOf(origin);
    const std::size_t colon = authority.rfind(':');
    const bool isWritten = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    return isWritten ? std::string(authority.substr(colon + 1)) : origin.starts_with("https:") ? "443" : "80";
}

bool isThisMachine(std::string_view origin)
{
    std::string_view host = authorityOf(origin);
    host = host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
    const QString name = QString::fromUtf8(host.data(), static_cast<qsizetype>(host.size()));
    const QHostAddress address(name);
    if (address.isNull())
        return name.compare(QSysInfo::machineHostName(), Qt::CaseInsensitive) == 0;
    return address.isLoopback() || QNetworkInterface::allAddresses().contains(address);
}

} // namespace

bool isOwnAddress(const HttpAddress& address, const Hosts& hosts, const std::vector<std::string>& urls)
{
    if (const Expected<HttpAddress> base = HttpAddress::parse(hosts.baseUrl());
        base && base->origin == address.origin && (address.path + "/").starts_with(base->path + "/"))
        return true;
    const std::string port = portOf(address.origin);
    const auto listens = [&](const std::string& url) {
        const Expected<HttpAddress> own = HttpAddress::parse(url);
        return own && portOf(own->origin) == port;
    };
    if (std::none_of(urls.begin(), urls.end(), listens))
        return false;
    return address.isLoopback() || hosts.check(authorityOf(address.origin)).has_value() || isThisMachine(address.origin);
}

} // namespace iotman::server
