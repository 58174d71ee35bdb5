// From time and value to pixels of a plot and back. Values only.
#pragma once

#include "core/series/columngrid.h"
#include "core/series/series.h"

namespace iotman {

/// Maps time to device pixels. While a pixel is a microsecond or longer, pixels are the columns of a grid that stands still
/// in time, so a picture that scrolls moves by whole pixels.
class TimeScale {
public:
    TimeScale() = default;
    TimeScale(TimeRange view, int widthPx);

    double x(Timestamp time) const { return (static_cast<double>(time.us - origin_.us) + rounding_) / usPerPx_; }
    /// The time at the left of pixel position `x`.
    Timestamp time(double x) const;
    double usPerPx() const { return usPerPx_; }
    int width() const { return window_.count; }
    /// The grid's columns; usable for drawing when `isGridded()`.
    const ColumnWindow& window() const { return window_; }
    bool isGridded() const { return gridded_; }
    /// What the pixels cover.
    TimeRange range() const { return range_; }

private:
    ColumnWindow window_;
    TimeRange range_;
    Timestamp origin_;
    double rounding_ = 0;
    double usPerPx_ = 1;
    bool gridded_ = false;
};

/// Maps values to device pixels, the greatest at the top.
class ValueScale {
public:
    enum class Kind { Linear, Logarithmic };

    ValueScale() = default;
    /// A logarithmic range must be above 0.
    ValueScale(ValueRange range, int heightPx, Kind kind = Kind::Linear);

    /// Far beyond the plot it is clamped, so that it fits a float; there is what a logarithm does not have.
    double y(double value) const;
    double value(double y) const;
    const ValueRange& range() const { return range_; }
    int height() const { return height_; }
    Kind kind() const { return kind_; }

private:
    ValueRange range_{0, 1};
    int height_ = 1;
    Kind kind_ = Kind::Linear;
};

} // namespace iotman
