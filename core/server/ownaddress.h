// The address of this machine at which a connection came in.
#pragma once

#include <string_view>

namespace iotman::server {

/// Whether `host`, a Host field with or without a port, is the address that the socket's peer connected to. Anyone can make a
/// name lead here (DNS rebinding), but not an address.
bool isOwnAddress(int descriptor, std::string_view host);

} // namespace iotman::server
