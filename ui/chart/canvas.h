// Plain fills in the pixels of a plot.
#pragma once

#include "ui/chart/stroke.h"

#include <cstdint>

namespace iotman {

/// The plot's part of an image, in device pixels. Everything is opaque and cut at the edges.
class Canvas {
public:
    explicit Canvas(PixelBuffer buffer)
        : buffer_(buffer)
    {
    }

    const PixelBuffer& buffer() const { return buffer_; }

    void fill(int x, int y, int width, int height, std::uint32_t color) const;
    /// Lines at 45 degrees, `thick` pixels wide, every `spacing` pixels. `phase`: the first column's place in the pattern, so
    /// that it can move with the data.
    void hatch(int x, int width, int spacing, int thick, std::int64_t phase, std::uint32_t color) const;

private:
    PixelBuffer buffer_;
};

} // namespace iotman
