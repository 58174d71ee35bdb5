#include "ui/chart/stroke.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace iotman {

namespace {

constexpr float nothing = std::numeric_limits<float>::infinity();

/// `under` with `alpha` (0 … 256) of `over` on it; both channels of a pair at once.
std::uint32_t mixed(std::uint32_t under, std::uint32_t over, std::uint32_t alpha)
{
    const std::uint32_t redBlue = ((under & 0xFF00FF) * (256 - alpha) + (over & 0xFF00FF) * alpha) >> 8;
    const std::uint32_t green = ((under & 0x00FF00) * (256 - alpha) + (over & 0x00FF00) * alpha) >> 8;
    return 0xFF000000 | (redBlue & 0xFF00FF) | (green & 0x00FF00);
}

} // namespace

Stroke::Stroke(int widthPx, int heightPx, double lineWidth, Density density)
    : width_(widthPx)
    , height_(heightPx)
    , radius_(lineWidth / 2)
    , perColumn_(static_cast<int>(density))
    , covers_(static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(density), Cover{nothing, -nothing})
{
}

void Stroke::cover(std::size_t place, double top, double bottom)
{
    Cover& at = covers_[place];
    at.top = std::min(at.top, static_cast<float>(top));
    at.bottom = std::max(at.bottom, static_cast<float>(bottom));
}

void Stroke::addPiece(double x0, double y0, double x1, double y1, double r)
{
    const double dx = x1 - x0, dy = y1 - y0;
    const double length = std::hypot(dx, dy);
    const int first = std::max(0, static_cast<int>(std::ceil(std::max(x0 - r, -1.0) * perColumn_ - 0.5)));
    const int last =
        std::min(width_ * perColumn_ - 1, static_cast<int>(std::floor(std::min(x1 + r, width_ + 1.0) * perColumn_ - 0.5)));
    // The two long sides of the piece, a radius beside its middle line.
    const double nx = length > 0 ? -dy / length * r : 0, ny = length > 0 ? dx / length * r : r;
    const double slope = dx > 0 ? dy / dx : 0;
    for (int i = first; i <= last; ++i) {
        const double x = (i + 0.5) / perColumn_;
        double top = nothing, bottom = -nothing;
        const auto reach = [&](double from, double to) {
            top = std::min(top, from);
            bottom = std::max(bottom, to);
        };
        if (const double d = x - x0; d * d <= r * r) {
            const double h = std::sqrt(r * r - d * d);
            reach(y0 - h, y0 + h);
        }
        if (const double d = x - x1; d * d <= r * r) {
            const double h = std::sqrt(r * r - d * d);
            reach(y1 - h, y1 + h);
        }
        if (dx > 0) {
            for (const double side : {1.0, -1.0})
                if (const double along = x - (x0 + side * nx); along >= 0 && along <= dx) {
                    const double y = y0 + side * ny + along * slope;
                    reach(y, y);
                }
        }
        if (top <= bottom)
            cover(static_cast<std::size_t>(i), top, bottom);
    }
}

void Stroke::addColumn(int column, double top, double bottom)
{
    for (int i = 0; i < perColumn_; ++i)
        cover(static_cast<std::size_t>(column * perColumn_ + i), top - radius_, bottom + radius_);
}

void Stroke::paint(const PixelBuffer& target, std::uint32_t color, Dash dash) const
{
    std::vector<float> coverage(static_cast<std::size_t>(height_) + 1, 0.0F);
    const std::int64_t period = dash.on + dash.off;
    for (int column = 0; column < std::min(width_, target.width); ++column) {
        const std::int64_t inPattern = ((column + dash.phase) % period + period) % period;
        if (inPattern >= dash.on)
            continue;
        if (perColumn_ == 1)
            paintSpan(target, column, color);
        else
            paintColumn(target, column, color, coverage);
    }
}

/// A column with one stretch: only its two ends are mixed.
void Stroke::paintSpan(const PixelBuffer& target, int column, std::uint32_t color) const
{
    const Cover& at = covers_[static_cast<std::size_t>(column)];
    const float top = std::max(at.top, 0.0F), bottom = std::min(at.bottom, static_cast<float>(target.height));
    if (!(top < bottom))
        return;
    const int from = static_cast<int>(top), to = static_cast<int>(bottom);
    std::uint32_t* pixel = target.row(from) + column;
    const auto mix = [color](std::uint32_t& under, float part) {
        under = mixed(under, color, static_cast<std::uint32_t>(part * 256.0F + 0.5F));
    };
    if (from == to) {
        mix(*pixel, bottom - top);
        return;
    }
    mix(*pixel, static_cast<float>(from + 1) - top);
    pixel += target.stride;
    for (int row = from + 1; row < to; ++row, pixel += target.stride)
        *pixel = color;
    if (to < target.height)
        mix(*pixel, bottom - static_cast<float>(to));
}

void Stroke::paintColumn(const PixelBuffer& target, int column, std::uint32_t color, std::vector<float>& coverage) const
{
    const float limit = static_cast<float>(std::min(height_, target.height));
    const float share = 1.0F / static_cast<float>(perColumn_);
    int firstRow = height_, lastRow = -1;
    for (int i = 0; i < perColumn_; ++i) {
        const Cover& at = covers_[static_cast<std::size_t>(column * perColumn_ + i)];
        const float top = std::max(at.top, 0.0F), bottom = std::min(at.bottom, limit);
        if (!(top < bottom))
            continue;
        const int from = static_cast<int>(top), to = static_cast<int>(bottom);
        firstRow = std::min(firstRow, from);
        lastRow = std::max(lastRow, to);
        if (from == to) {
            coverage[static_cast<std::size_t>(from)] += (bottom - top) * share;
            continue;
        }
        coverage[static_cast<std::size_t>(from)] += (static_cast<float>(from + 1) - top) * share;
        for (int row = from + 1; row < to; ++row)
            coverage[static_cast<std::size_t>(row)] += share;
        coverage[static_cast<std::size_t>(to)] += (bottom - static_cast<float>(to)) * share;
    }
    std::uint32_t* pixel = target.pixels + column + std::max(firstRow, 0) * target.stride;
    for (int row = firstRow; row <= lastRow; ++row, pixel += target.stride) {
        const auto alpha = static_cast<std::uint32_t>(std::min(coverage[static_cast<std::size_t>(row)], 1.0F) * 256.0F + 0.5F);
        coverage[static_cast<std::size_t>(row)] = 0;
        if (row < target.height && alpha > 0)
            *pixel = mixed(*pixel, color, alpha);
    }
}

std::optional<double> Stroke::middle(int column) const
{
    float top = nothing, bottom = -nothing;
    for (int i = 0; i < perColumn_; ++i) {
        const Cover& at = covers_[static_cast<std::size_t>(column * perColumn_ + i)];
        top = std::min(top, at.top);
        bottom = std::max(bottom, at.bottom);
    }
    if (!(top < bottom))
        return {};
    return (static_cast<double>(top) + static_cast<double>(bottom)) / 2;
}

} // namespace iotman
