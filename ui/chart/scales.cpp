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

ValueScale::ValueScale(ValueRange range, int heightPx)
    : range_(range)
    , height_(heightPx)
{
}

double ValueScale::y(double value) const
{
    // Halves: the difference of two finite numbers need not be finite.
    const double part = (value / 2 - range_.min / 2) / (range_.max / 2 - range_.min / 2);
    return std::clamp((1 - part) * height_, -1e12, 1e12);
}

double ValueScale::value(double y) const
{
    const double part = 1 - y / height_;
    return range_.min * (1 - part) + range_.max * part;
}

} // namespace iotman
