#include "ui/chart/trace.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

/// With more samples than this in each pixel, columns are drawn instead of the samples.
constexpr std::size_t samplesPerPixel = 2;

void widen(std::optional<ValueRange>& range, double min, double max)
{
    range = range ? ValueRange{std::min(range->min, min), std::max(range->max, max)} : ValueRange{min, max};
}

} // namespace

Trace::Trace(const Series& series, SeriesKind kind, const TimeScale& scale, ColumnCache* cache)
    : scale_(scale)
    , kind_(kind)
    , byColumns_(scale.isGridded() && (series.count(scale.range()) > samplesPerPixel * static_cast<std::size_t>(scale.width()) ||
                                       !series.isWhole(scale.range())))
{
    if (byColumns_)
        columns_ = cache ? cache->columns(series, scale.window()) : series.columns(scale.window());
    else
        points_ = series.points(scale.range());
}

/// The height of the line at `time`, which lies between two connected values.
double Trace::between(const Point& a, const Point& b, Timestamp time) const
{
    if (kind_ == SeriesKind::Boolean || b.time == a.time)
        return a.value;
    const double part = static_cast<double>(time.us - a.time.us) / static_cast<double>(b.time.us - a.time.us);
    return a.value * (1 - part) + b.value * part;
}

std::optional<ValueRange> Trace::values() const
{
    std::optional<ValueRange> range;
    for (const Column& column : columns_.columns)
        if (column.count > 0)
            widen(range, column.min, column.max);
    const TimeRange visible = scale_.range();
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const Point& point = points_[i];
        if (visible.contains(point.time))
            widen(range, point.value, point.value);
        if (i == 0 || point.gapBefore)
            continue;
        for (const Timestamp edge : {visible.from, visible.to})
            if (const Point& before = points_[i - 1]; before.time < edge && edge < point.time) {
                const double value = between(before, point, edge);
                widen(range, value, value);
            }
    }
    return range;
}

void Trace::connect(Stroke& stroke, double x0, double y0, double x1, double y1) const
{
    if (kind_ == SeriesKind::Number) {
        stroke.addSegment(x0, y0, x1, y1);
        return;
    }
    stroke.addSegment(x0, y0, x1, y0);
    stroke.addSegment(x1, y0, x1, y1);
}

void Trace::drawPoints(Stroke& stroke, const ValueScale& values) const
{
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const double x = scale_.x(points_[i].time), y = values.y(points_[i].value);
        if (!points_[i].gapBefore)
            connect(stroke, scale_.x(points_[i - 1].time), values.y(points_[i - 1].value), x, y);
        else if (i + 1 == points_.size() || points_[i + 1].gapBefore)
            stroke.addDot(x, y, stroke.lineWidth()); // alone between two gaps, and yet to be seen
    }
}

void Trace::drawColumns(Stroke& stroke, const ValueScale& values) const
{
    struct End {
        double x, y, top, bottom;
        int column;
    };
    std::optional<End> previous;
    if (columns_.before)
        previous = End{scale_.x(columns_.before->time), values.y(columns_.before->value), 0, 0, -2};
    for (int i = 0; i < columns_.window.count; ++i) {
        const Column& column = columns_.columns[static_cast<std::size_t>(i)];
        if (column.count == 0)
            continue;
        const double top = values.y(column.max), bottom = values.y(column.min);
        stroke.addColumn(i, top, bottom);
        if (previous && !column.gapBefore) {
            if (previous->column == i - 1) {
                // The line crosses from one stretch to the other where the columns meet: each takes half of the way.
                if (top > previous->bottom) {
                    const double middle = (previous->bottom + top) / 2;
                    stroke.addColumn(i - 1, previous->bottom, middle);
                    stroke.addColumn(i, middle, top);
                } else if (bottom < previous->top) {
                    const double middle = (bottom + previous->top) / 2;
                    stroke.addColumn(i - 1, middle, previous->top);
                    stroke.addColumn(i, bottom, middle);
                }
            } else {
                connect(stroke, previous->x, previous->y, scale_.x(column.firstTime), values.y(column.first));
            }
        }
        previous = End{scale_.x(column.lastTime), values.y(column.last), top, bottom, i};
    }
    if (previous && columns_.after && !columns_.after->gapBefore)
        connect(stroke, previous->x, previous->y, scale_.x(columns_.after->time), values.y(columns_.after->value));
}

Stroke Trace::line(const ValueScale& values, double lineWidth) const
{
    const auto density = byColumns_ ? Stroke::Density::Columns : Stroke::Density::Segments;
    Stroke stroke(scale_.width(), values.height(), lineWidth, density);
    if (byColumns_)
        drawColumns(stroke, values);
    else
        drawPoints(stroke, values);
    return stroke;
}

std::vector<PlotPlace> Trace::places(const ValueScale& values, double spacing) const
{
    std::vector<PlotPlace> places;
    if (static_cast<double>(points_.size()) * spacing > scale_.width())
        return places;
    for (const Point& point : points_)
        if (scale_.range().contains(point.time))
            places.push_back({scale_.x(point.time), values.y(point.value)});
    return places;
}

std::vector<std::vector<PlotPlace>> Trace::polylines(const ValueScale& values) const
{
    std::vector<std::vector<PlotPlace>> pieces;
    const auto add = [&](double x, double value, bool gapBefore) {
        if (gapBefore || pieces.empty())
            pieces.emplace_back();
        else if (kind_ != SeriesKind::Number)
            pieces.back().push_back({x, pieces.back().back().y});
        pieces.back().push_back({x, values.y(value)});
    };
    for (const Point& point : points_)
        add(scale_.x(point.time), point.value, point.gapBefore);
    if (columns_.before)
        add(scale_.x(columns_.before->time), columns_.before->value, false);
    for (int i = 0; i < columns_.window.count; ++i) {
        const Column& column = columns_.columns[static_cast<std::size_t>(i)];
        if (column.count == 0)
            continue;
        // First, least, greatest, last (M4): what a line of all samples would cover at this width.
        add(scale_.x(column.firstTime), column.first, column.gapBefore);
        add(i + 0.5, column.min, false);
        add(i + 0.5, column.max, false);
        add(std::max(i + 0.5, scale_.x(column.lastTime)), column.last, false);
    }
    if (columns_.after)
        add(scale_.x(columns_.after->time), columns_.after->value, columns_.after->gapBefore);
    return pieces;
}

std::vector<TraceRun> Trace::runs() const
{
    std::vector<TraceRun> runs;
    const auto add = [&](double from, double to, std::optional<double> value, bool gapBefore) {
        if (!runs.empty() && !gapBefore)
            runs.back().toX = from; // it holds until the next one
        if (!runs.empty() && !gapBefore && runs.back().value == value)
            runs.back().toX = to;
        else
            runs.push_back({from, to, value});
    };
    for (const Point& point : points_)
        add(scale_.x(point.time), scale_.x(point.time), point.value, point.gapBefore);
    if (columns_.before)
        add(scale_.x(columns_.before->time), scale_.x(columns_.before->time), columns_.before->value, true);
    for (int i = 0; i < columns_.window.count; ++i) {
        const Column& column = columns_.columns[static_cast<std::size_t>(i)];
        if (column.count == 0)
            continue;
        const bool isOne = column.min == column.max;
        add(i, i + 1, isOne ? std::optional(column.last) : std::nullopt, column.gapBefore);
        if (!isOne)
            add(i + 1, i + 1, column.last, false);
    }
    if (columns_.after && !columns_.after->gapBefore && !runs.empty())
        runs.back().toX = scale_.x(columns_.after->time);
    return runs;
}

std::vector<TraceGap> Trace::gaps(double leastPx) const
{
    std::vector<TraceGap> gaps;
    std::optional<Timestamp> last;
    const auto reach = [&](Timestamp time, bool gapBefore, Timestamp end) {
        if (gapBefore && last && scale_.x(time) - scale_.x(*last) >= leastPx)
            gaps.push_back({scale_.x(*last), scale_.x(time), *last, time});
        last = end;
    };
    for (const Point& point : points_)
        reach(point.time, point.gapBefore, point.time);
    if (columns_.before)
        last = columns_.before->time;
    for (const Column& column : columns_.columns)
        if (column.count > 0)
            reach(column.firstTime, column.gapBefore, column.lastTime);
    if (columns_.after)
        reach(columns_.after->time, columns_.after->gapBefore, columns_.after->time);
    return gaps;
}

} // namespace iotman
