// What grid, gaps and lines of a plot are painted on: pixels, or a QPainter for vector export.
#pragma once

#include "ui/chart/stroke.h"
#include "ui/chart/trace.h"

#include <QRect>
#include <QRgb>

#include <cstdint>

class QPainter;

namespace iotman {

/// Everything is in device pixels from the top left of the plot, opaque, and cut at its edges.
class Canvas {
public:
    Canvas(int width, int height)
        : width_(width)
        , height_(height)
    {
    }
    virtual ~Canvas() = default;

    int width() const { return width_; }
    int height() const { return height_; }

    virtual void fill(int x, int y, int width, int height, QRgb color) = 0;
    /// Lines at 45 degrees, `thick` pixels wide, every `spacing` pixels. `phase`: the first column's place in the pattern, so
    /// that it can move with the data.
    virtual void hatch(int x, int width, int spacing, int thick, std::int64_t phase, QRgb color) = 0;
    /// A trace whose pixels are in `stroke`.
    virtual void line(const Trace& trace, const ValueScale& values, const Stroke& stroke, QRgb color, Dash dash) = 0;
    /// A dashed line along x at height `y`, from edge to edge.
    void dashes(int y, int thick, int on, int off, QRgb color);

private:
    int width_, height_;
};

class PixelCanvas : public Canvas {
public:
    explicit PixelCanvas(PixelBuffer buffer)
        : Canvas(buffer.width, buffer.height)
        , buffer_(buffer)
    {
    }

    void fill(int x, int y, int width, int height, QRgb color) override;
    void hatch(int x, int width, int spacing, int thick, std::int64_t phase, QRgb color) override;
    void line(const Trace& trace, const ValueScale& values, const Stroke& stroke, QRgb color, Dash dash) override;

private:
    PixelBuffer buffer_;
};

/// Draws shapes, so that a picture stays sharp at any size.
class PainterCanvas : public Canvas {
public:
    /// `plot`: in the painter's coordinates, one unit a pixel.
    PainterCanvas(QPainter& painter, QRect plot);

    void fill(int x, int y, int width, int height, QRgb color) override;
    void hatch(int x, int width, int spacing, int thick, std::int64_t phase, QRgb color) override;
    void line(const Trace& trace, const ValueScale& values, const Stroke& stroke, QRgb color, Dash dash) override;

private:
    class InPlot;

    QPainter& painter_;
    QRect plot_;
};

} // namespace iotman
