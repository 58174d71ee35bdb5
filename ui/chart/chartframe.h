// Paints one frame of a chart into an image at device pixels.
#pragma once

#include "core/series/numberaxis.h"
#include "core/series/seriesset.h"
#include "ui/chart/autoscale.h"
#include "ui/chart/chartcolors.h"
#include "ui/chart/chartlayout.h"
#include "ui/chart/scales.h"
#include "ui/chart/viewport.h"

#include <QFont>
#include <QImage>
#include <QLocale>
#include <QTimeZone>

#include <map>
#include <optional>
#include <vector>

namespace iotman {

struct FrameLine;

/// One series of a frame. The set that holds it must outlive the call.
struct FrameSeries {
    SeriesId id = 0;
    const SeriesInfo* info = nullptr;
    const Series* series = nullptr;
    int colorIndex = 0;
    bool derived = false; ///< dashed
};

struct FrameInput {
    QSize size; ///< logical pixels
    qreal pixelRatio = 1;
    QFont font;
    ChartColors colors;
    QString title;
    std::vector<FrameSeries> series;
    View view;
    QTimeZone zone = QTimeZone::utc();
    QLocale locale;
    std::int64_t nowMs = 0; ///< any steady clock
};

/// A painted frame, and what is needed to find one's way in it.
struct ChartFrame {
    QImage image;
    ChartLayout layout;
    TimeScale time;    ///< in device pixels from the left of the plot
    ValueScale values; ///< in device pixels from the top of the plot
    std::vector<LegendEntry> legend;
    qreal pixelRatio = 1;
};

/// Paints frames. Keeps what must not jump from one to the next: the value axis, room for labels, decimals; and the image.
class FramePainter {
public:
    /// The value axis takes what it needs at once: the view has changed.
    void rescale() { scale_.restart(); }
    /// Forgets everything: there are other series now.
    void reset();

    const ChartFrame& paint(const FrameInput& input);
    const ChartFrame& frame() const { return frame_; }
    /// When (on the clock of FrameInput::nowMs) the value axis is due to change without new data.
    std::optional<std::int64_t> nextChangeMs() const { return scale_.shrinksAtMs(); }

private:
    ChartLayout chartLayout(const FrameInput& input);
    void layOut(const FrameInput& input);
    std::vector<FrameLine> readLines(const FrameInput& input);
    std::vector<LegendEntry> legendTexts(const std::vector<FrameLine>& lines);
    QString valueText(const FrameLine& line, double value);
    void makeRoom(const FrameInput& input);
    void prepareImage(const FrameInput& input);

    AutoScale scale_;
    NumberAxis axis_;
    ChartFrame frame_;
    int leftWidth_ = 0, rightWidth_ = 0;
    std::vector<int> legendWidths_;
    std::map<SeriesId, int> decimals_; ///< the most a value of this series has been seen to have
};

} // namespace iotman
