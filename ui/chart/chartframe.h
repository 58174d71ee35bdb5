// Paints one frame of a chart into an image at device pixels.
#pragma once

#include "core/series/numberaxis.h"
#include "core/series/seriesset.h"
#include "ui/chart/autoscale.h"
#include "ui/chart/chartcolors.h"
#include "ui/chart/chartlayout.h"
#include "ui/chart/scales.h"
#include "ui/chart/trace.h"
#include "ui/chart/viewport.h"

#include <QFont>
#include <QImage>
#include <QLocale>
#include <QTimeZone>

#include <map>
#include <vector>

namespace iotman {

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

/// Paints frames. Keeps what must not jump from one to the next: the value axis, the widths of labels, decimals, the image.
class FramePainter {
public:
    /// The value axis takes what it needs at once: the view or the series have changed.
    void restart() { scale_.restart(); }
    const ChartFrame& paint(const FrameInput& input);
    const ChartFrame& frame() const { return frame_; }

private:
    struct Line;

    void layOut(const FrameInput& input, const std::vector<LegendEntry>& legend);
    std::vector<LegendEntry> legendTexts(const FrameInput& input, double step);
    QString valueText(const FrameSeries& series, double value, double step);
    NumberAxis valueAxis() const;
    void prepareImage(const FrameInput& input);

    AutoScale scale_;
    ChartFrame frame_;
    int leftWidth_ = 0, rightWidth_ = 0;
    std::vector<int> legendWidths_;
    std::map<SeriesId, int> decimals_; ///< the most a last value has had
};

/// The number of decimals in the shortest exact text of `value`.
int exactDecimals(double value);

} // namespace iotman
