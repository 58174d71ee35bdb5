// The parts of a frame, each painted by one function. Private to ui/chart.
#pragma once

#include "core/series/numberaxis.h"
#include "core/series/timeaxis.h"
#include "ui/chart/canvas.h"
#include "ui/chart/chartframe.h"
#include "ui/chart/trace.h"

#include <QColor>

#include <optional>
#include <vector>

class QPainter;

namespace iotman {

/// One series on its way through a frame.
struct FrameLine {
    const FrameSeries* series = nullptr;
    QColor color;
    Trace trace;
    std::optional<Stroke> stroke;
    std::optional<double> lastValue;
};

/// Everything that the parts of one frame are painted from.
struct FrameParts {
    const FrameInput& input;
    const ChartFrame& frame;
    std::vector<FrameLine>& lines;
    const NumberAxis& values;
    std::vector<TimeTick> times;
    std::vector<TraceGap> gaps; ///< of all series, without overlaps

    /// Device pixels of a logical length, one at the least.
    int px(qreal logical) const;
    /// A place in the plot, given in device pixels, as logical pixels of the chart.
    qreal xOf(double plotX) const { return frame.layout.plot.left() + plotX / frame.pixelRatio; }
    qreal yOf(double plotY) const { return frame.layout.plot.top() + plotY / frame.pixelRatio; }
    /// Where the first pixel column stands in patterns that move with the data.
    std::int64_t phase() const { return frame.time.isGridded() ? frame.time.window().first : 0; }
    bool isDashed(const FrameSeries& series) const { return series.derived || series.colorIndex >= 8; }
};

std::vector<TimeTick> frameTimeTicks(const FrameInput& input, const TimeScale& time);
std::vector<TraceGap> frameGaps(const std::vector<FrameLine>& lines, double leastPx);

// Into pixels
void paintGrid(const Canvas& canvas, const FrameParts& parts);
void paintGaps(const Canvas& canvas, const FrameParts& parts);
void paintLines(const Canvas& canvas, const FrameParts& parts);

// With QPainter, in logical pixels
void paintAxisLines(QPainter& painter, const FrameParts& parts);
void paintMarkers(QPainter& painter, const FrameParts& parts);
void paintGapTexts(QPainter& painter, const FrameParts& parts);
void paintValueLabels(QPainter& painter, const FrameParts& parts);
void paintTimeLabels(QPainter& painter, const FrameParts& parts);
void paintLastValues(QPainter& painter, const FrameParts& parts);
void paintLegend(QPainter& painter, const FrameParts& parts);
void paintEmptiness(QPainter& painter, const FrameParts& parts);

} // namespace iotman
