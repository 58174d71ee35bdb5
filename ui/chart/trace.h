// What a view shows of one series, on its way to pixels. Values only.
#pragma once

#include "core/series/columncache.h"
#include "core/series/seriesset.h"
#include "ui/chart/scales.h"
#include "ui/chart/stroke.h"

#include <optional>
#include <vector>

namespace iotman {

/// A stretch without data between two values, in pixels of the plot and in time.
struct TraceGap {
    double fromX = 0, toX = 0;
    Timestamp from, to;
};

/// A place in the plot, in pixels from its top left.
struct PlotPlace {
    double x = 0, y = 0;
};

/// A stretch in which a series has one value, in pixels of the plot.
struct TraceRun {
    double fromX = 0, toX = 0;
    std::optional<double> value; ///< nothing where several values are too close to be told apart
};

/// The samples of a view: one by one while there are few, by pixel columns when there are many. No extreme value is left out.
class Trace {
public:
    /// `cache`: of this series, from the view before.
    Trace(const Series& series, SeriesKind kind, const TimeScale& scale, ColumnCache* cache = nullptr);

    /// The least and greatest value that is visible, the line between samples included.
    std::optional<ValueRange> values() const;
    /// The line, `lineWidth` pixels wide.
    Stroke line(const ValueScale& values, double lineWidth) const;
    /// Where the samples are, while they are at least `spacing` pixels apart on average; else nothing.
    std::vector<PlotPlace> places(const ValueScale& values, double spacing) const;
    /// The line as connected pieces, each from left to right.
    std::vector<std::vector<PlotPlace>> polylines(const ValueScale& values) const;
    /// What holds from where to where, for series whose values hold until the next one.
    std::vector<TraceRun> runs() const;
    /// The gaps at least `leastPx` wide, in order.
    std::vector<TraceGap> gaps(double leastPx) const;

private:
    void drawPoints(Stroke& stroke, const ValueScale& values) const;
    void drawColumns(Stroke& stroke, const ValueScale& values) const;
    void connect(Stroke& stroke, double x0, double y0, double x1, double y1) const;
    double between(const Point& a, const Point& b, Timestamp time) const;

    TimeScale scale_;
    SeriesKind kind_;
    bool byColumns_;
    std::vector<Point> points_;
    Columns columns_;
};

} // namespace iotman
