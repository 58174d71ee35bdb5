#include "ui/chart/canvas.h"

#include <algorithm>

namespace iotman {

void Canvas::fill(int x, int y, int width, int height, std::uint32_t color) const
{
    const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, left, buffer_.width);
    for (int row = std::max(y, 0); row < std::min(y + height, buffer_.height); ++row)
        std::fill(buffer_.row(row) + left, buffer_.row(row) + right, color);
}

void Canvas::hatch(int x, int width, int spacing, int thick, std::int64_t phase, std::uint32_t color) const
{
    const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, left, buffer_.width);
    for (int y = 0; y < buffer_.height; ++y) {
        const std::int64_t place = ((left + phase + y) % spacing + spacing) % spacing;
        for (int column = left; column < right; ++column)
            if ((place + column - left) % spacing < thick)
                buffer_.row(y)[column] = color;
    }
}

} // namespace iotman
