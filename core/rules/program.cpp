#include "core/rules/program.h"

#include <algorithm>

namespace iotman::rules {

Lines::Lines(std::string_view text)
{
    int column = 0;
    for (const char c : text) {
        column += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
        if (c == '\n')
            breaks_.push_back(column);
    }
}

std::string Lines::place(int column) const
{
    if (breaks_.empty())
        return "column " + std::to_string(column);
    const auto behind = std::lower_bound(breaks_.begin(), breaks_.end(), column);
    const int start = behind == breaks_.begin() ? 0 : behind[-1];
    return "line " + std::to_string(behind - breaks_.begin() + 1) + ", column " + std::to_string(column - start);
}

} // namespace iotman::rules
