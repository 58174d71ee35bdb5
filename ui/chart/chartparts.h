// The parts of a frame, each painted by one function. Private to ui/chart.
#pragma once

#include "core/series/numberaxis.h"
#include "core/series/timeaxis.h"
#include "ui/chart/canvas.h"
#include "ui/chart/chartframe.h"
#include "ui/chart/trace.h"

#include <QColor>
#include <QString>

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
    std::size_t axis = 0; ///< of its values, where it has no lane
    int lane = -1;        ///< from the top; -1: it has an axis
};

/// Everything that the parts of one frame are painted from.
struct FrameParts {
    const FrameInput& input;
    const ChartFrame& frame;
    std::vector<FrameLine>& lines;
    std::vector<TimeTick> times;
    std::vector<TraceGap> gaps; ///< of all series, without overlaps
    bool isVector;              ///< shapes are drawn, not pixels
    /// Before this, only the least and greatest values of some series are known; nothing where all that is seen is there.
    std::optional<Timestamp> summarisedUntil = {};

    /// Device pixels of a logical length, one at the least.
    int px(qreal logical) const;
    /// A place in the plot, given in device pixels, as logical pixels of the chart.
    qreal xOf(double plotX) const { return frame.layout.plot.left() + plotX / frame.pixelRatio; }
    qreal yOf(double plotY) const { return frame.layout.plot.top() + plotY / frame.pixelRatio; }
    const ValueScale& scaleOf(const FrameLine& line) const { return frame.axes[line.axis].values; }
    /// Where the first pixel column stands in patterns that move with the data.
    std::int64_t phase() const { return frame.time.isGridded() ? frame.time.window().first : 0; }
    bool isDashed(const FrameSeries& series) const
    {
        return series.dash == LineDash::ByItself ? series.derived || series.colorIndex >= 8 : series.dash != LineDash::Solid;
    }
};

/// What a state or boolean is painted with in its lane.
QColor laneColor(const ChartColors& colors, const FrameLine& line, double value);
/// What the colours mean that are seen in the lane of `line`, `width` pixels wide; nothing for a line without one.
std::vector<LegendKey> laneKey(const ChartColors& colors, const FrameLine& line, int width);
std::vector<TimeTick> frameTimeTicks(const FrameInput& input, const TimeScale& time);
std::optional<Timestamp> frameSummarisedUntil(const FrameParts& parts);
/// Gaps at least `leastPx` wide, without those that a mark explains.
std::vector<TraceGap> frameGaps(const FrameParts& parts, double leastPx);

// On the canvas of the plot
void paintMeasured(Canvas& canvas, const FrameParts& parts);
void paintGrid(Canvas& canvas, const FrameParts& parts);
void paintGaps(Canvas& canvas, const FrameParts& parts);
void paintLanes(Canvas& canvas, const FrameParts& parts);
void paintLimits(Canvas& canvas, const FrameParts& parts);
void paintLines(Canvas& canvas, const FrameParts& parts);
void paintMarks(Canvas& canvas, const FrameParts& parts);
void paintCursors(Canvas& canvas, const FrameParts& parts);

// With QPainter, in logical pixels
void paintAxisLines(QPainter& painter, const FrameParts& parts);
void paintMarkers(QPainter& painter, const FrameParts& parts);
void paintLaneTexts(QPainter& painter, const FrameParts& parts);
void paintGapTexts(QPainter& painter, const FrameParts& parts);
void paintMarkTexts(QPainter& painter, const FrameParts& parts);
void paintLimitTexts(QPainter& painter, const FrameParts& parts);
void paintCursorTexts(QPainter& painter, const FrameParts& parts);
void paintValueLabels(QPainter& painter, const FrameParts& parts);
void paintTimeLabels(QPainter& painter, const FrameParts& parts);
void paintLastValues(QPainter& painter, const FrameParts& parts);
void paintLegend(QPainter& painter, const FrameParts& parts);
void paintEmptiness(QPainter& painter, const FrameParts& parts);

} // namespace iotman
