// SHA-256 (FIPS 180-4).
#pragma once

#include <string>
#include <string_view>

namespace iotman {

/// 32 bytes.
std::string sha256(std::string_view bytes);

} // namespace iotman
