// The mark that a UTF-8 text may start with, and where a text stops being UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace iotman::files {

/// U+FEFF in UTF-8.
inline constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

/// The first byte that belongs to no well-formed character; npos when there is none. Quick over ASCII.
std::size_t firstNotUtf8(std::string_view text);

} // namespace iotman::files
