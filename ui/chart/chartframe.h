// Paints one frame of a pane into an image at device pixels, or onto a QPainter.
#pragma once

#include "core/series/columncache.h"
#include "core/series/numberaxis.h"
#include "core/series/seriesset.h"
#include "ui/chart/autoscale.h"
#include "ui/chart/chartcolors.h"
#include "ui/chart/chartlayout.h"
#include "ui/chart/chartlink.h"
#include "ui/chart/scales.h"

#include <QFont>
#include <QImage>
#include <QLocale>
#include <QTimeZone>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

class QPainter;

namespace iotman {

class Canvas;
struct FrameLine;
struct FrameParts;

/// How a line is broken.
enum class LineDash {
    ByItself, ///< derived series and later rounds of colours are dashed
    Solid,
    Dashed,
    Dotted,
};

/// One series of a frame. The set that holds it must outlive the call.
struct FrameSeries {
    SeriesId id = 0;
    const SeriesInfo* info = nullptr;
    const Series* series = nullptr;
    int colorIndex = 0;
    bool derived = false; ///< dashed by itself
    LineDash dash = LineDash::ByItself;
    double width = 0; ///< logical pixels; 0: as wide as lines are
};

/// Something that happened, drawn over all values.
struct ChartMark {
    enum class Kind {
        Live,    ///< at `range.from`: what was there before, and what has come since
        Offline, ///< the link was lost in `range`
        Event,   ///< at `range.from`
    };
    Kind kind = Kind::Event;
    TimeRange range;
    QString text;

    bool operator==(const ChartMark&) const = default;
};

/// A value that is not to be passed.
struct ChartLimit {
    std::string unit; ///< of the axis it stands at
    double value = 0;
    QString text;

    bool operator==(const ChartLimit&) const = default;
};

struct FrameInput {
    QSize size; ///< logical pixels
    qreal pixelRatio = 1;
    QFont font;
    ChartColors colors;
    QString title;
    std::vector<FrameSeries> series;
    int pane = 0;
    View view;
    std::set<std::string> logUnits;  ///< units whose axis is logarithmic
    std::optional<Timestamp> origin; ///< the time axis counts seconds from here
    std::optional<Cursors> cursors;
    std::vector<ChartMark> marks;
    std::vector<ChartLimit> limits;
    ChartLink::Room leastRoom; ///< what other panes need
    ChartRoom room;
    QTimeZone zone = QTimeZone::utc();
    QLocale locale;
    std::int64_t nowMs = 0; ///< any steady clock
};

/// A value axis of a frame: the first stands at the left, the others one beside the other at the right.
struct FrameAxis {
    std::string unit;
    ValueScale values; ///< in device pixels from the top of the plot
    NumberAxis ticks;
    QString title;
    int x = 0, width = 0; ///< of the axis line and its labels; logical pixels
};

/// A painted frame, and what is needed to find one's way in it.
struct ChartFrame {
    QImage image;
    ChartLayout layout;
    TimeScale time; ///< in device pixels from the left of the plot
    std::vector<FrameAxis> axes;
    std::map<SeriesId, std::size_t> axisOf; ///< series with a lane instead have none
    std::map<SeriesId, int> laneOf;
    int lanesTop = 0, laneHeight = 1; ///< device pixels from the top of the plot
    std::vector<LegendEntry> legend;
    qreal pixelRatio = 1;
    bool isBlank = false; ///< there are values, but none in the view

    const FrameAxis* axis(SeriesId id) const
    {
        const auto found = axisOf.find(id);
        return found == axisOf.end() ? nullptr : &axes[found->second];
    }
};

/// Paints frames. Keeps what must not jump from one to the next: value axes and room for labels; and the image.
///
/// Series of one unit share an axis. States, and booleans beside numbers, have lanes at the bottom of the plot.
class FramePainter {
public:
    static constexpr std::size_t mostAxes = 4; ///< series of further units stand at the last

    /// Value axes take what they need at once: the view has changed.
    void rescale();
    /// Forgets everything: there are other series now.
    void reset();

    const ChartFrame& paint(const FrameInput& input);
    /// Draws shapes instead of pixels, at the painter's origin. `input.pixelRatio` must be 1.
    void paintOn(QPainter& painter, const FrameInput& input);
    const ChartFrame& frame() const { return frame_; }
    /// The room beside the plot that this pane needs itself.
    ChartLink::Room neededRoom() const { return needed_; }
    /// What the last frame had.
    ChartLink::Room usedRoom() const { return room_; }
    /// When (on the clock of FrameInput::nowMs) a value axis is due to change without new data.
    std::optional<std::int64_t> nextChangeMs() const;

private:
    std::vector<FrameLine> arrange(const FrameInput& input);
    ChartLayout chartLayout(const FrameInput& input);
    void layOut(const FrameInput& input);
    std::vector<FrameLine> readLines(const FrameInput& input);
    void placeLines(std::vector<FrameLine>& lines);
    void scaleAxes(const FrameInput& input, const std::vector<FrameLine>& lines);
    ValueRange axisRange(const FrameInput& input, const std::string& unit, std::optional<ValueRange> visible);
    void makeRoom(const FrameInput& input);
    void placeAxes(const FrameInput& input);
    void prepareImage(const FrameInput& input);
    void paintParts(Canvas& canvas, QPainter& painter, FrameParts& parts);

    std::map<std::string, AutoScale> scales_; ///< by unit
    ChartFrame frame_;
    ChartLink::Room needed_, room_;
    std::vector<LegendRoom> legendRooms_;
    std::map<SeriesId, ColumnCache> caches_; ///< of what the last frame showed
};

} // namespace iotman
