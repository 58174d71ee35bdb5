// The colours of a chart, light and dark.
#pragma once

#include <QColor>
#include <QPalette>

#include <array>

namespace iotman {

/// Series colours differ also for colour-blind readers; markers tell them apart without any colour.
struct ChartColors {
    QColor background, pane, border;
    QColor grid, axis, text;
    QColor cursor, selection, gap, gapBackground, limit, accent;
    std::array<QColor, 8> series;

    static const ChartColors& light();
    static const ChartColors& dark();
    /// Whichever belongs to the palette: dark where its base is darker than its text.
    static const ChartColors& of(const QPalette& palette);

    const QColor& seriesColor(int index) const { return series[static_cast<std::size_t>(index) % series.size()]; }
};

/// Black or white, whichever is easier to read on `background`.
QColor inkOn(const QColor& background);

} // namespace iotman
