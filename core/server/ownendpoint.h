// Whether an address elsewhere is in truth this server's own.
#pragma once

#include "core/model/mirrorsettings.h"
#include "core/server/hosts.h"

#include <string>
#include <vector>

namespace iotman::server {

/// Whether `address` leads to a server that listens at `urls` and is known by `hosts`: one of its ports under one of its names or
/// this machine's addresses, or its base URL. What a proxy or a name server of others adds is not known here.
bool isOwnAddress(const HttpAddress& address, const Hosts& hosts, const std::vector<std::string>& urls);

} // namespace iotman::server
