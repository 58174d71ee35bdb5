#include "ui/chart/scales.h"

#include <algorithm>
#include <cmath>

namespace iotman {

TimeScale::TimeScale(TimeRange view, int widthPx)
    : window_(ColumnWindow::of(view, widthPx))
    , gridded_(static_cast<double>(view.span()) >= widthPx - 1)
{
    if (gridded_) {
        range_ = window_.range();
        origin_ = range_.from;
        rounding_ = window_.grid.startRounding(window_.first);
        usPerPx_ = window_.grid.columnUs();
    } else {
        range_ = view;
        origin_ = view.from;
        usPerPx_ = static_cast<double>(std::max<std::int64_t>(view.span(), 1)) / std::max(widthPx, 1);
    }
}

Timestamp TimeScale::time(double x) const
{
    const double us = std::clamp(std::floor(x * usPerPx_ - rounding_), -1e18, 1e18);
    return {origin_.us + static_cast<std::int64_t>(us)};
}

ValueScale::ValueScale(ValueRange range, int heightPx, Kind kind)
    : range_(range)
    , height_(heightPx)
    , kind_(kind)
{
}

double ValueScale::y(double value) const
{
    constexpr double farthest = 1e12;
    if (kind_ == Kind::Logarithmic) {
        if (value <= 0)
            return farthest;
        const double share = std::log(value / range_.min) / std::log(range_.max / range_.min);
        return std::clamp((1 - share) * height_, -farthest, farthest);
    }
    // Halves: the difference of two finite numbers need not be finite.
    const double part = (value / 2 - range_.min / 2) / (range_.max / 2 - range_.min / 2);
    return std::clamp((1 - part) * height_, -farthest, farthest);
}

double ValueScale::value(double y) const
{
    const double part = 1 - y / height_;
    if (kind_ == Kind::Logarithmic)
        return range_.min * std::pow(range_.max / range_.min, part);
    return range_.min * (1 - part) + range_.max * part;
}

} // namespace iotman
