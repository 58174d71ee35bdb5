// What came, as a sentence for people can show it. Only for core/model's own .cpp files.
#pragma once

#include "core/model/encoding.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace iotman {

/// In quotes, cut between characters after at most `longest` bytes; bytes that are no text are not shown.
inline std::string shown(std::string_view text, std::size_t longest = 80)
{
    if (!isUtf8(text))
        return "bytes that are not UTF-8";
    std::size_t end = std::min(text.size(), longest);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return "“" + std::string(text.substr(0, end)) + (end < text.size() ? "…" : "") + "”";
}

} // namespace iotman
