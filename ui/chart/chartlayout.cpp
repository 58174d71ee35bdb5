#include "ui/chart/chartlayout.h"

#include <QFont>
#include <QFontMetrics>

#include <algorithm>

namespace iotman {

namespace {

constexpr int margin = 8;
constexpr int mostLegendRows = 3;
constexpr int entryGap = 20;
constexpr int plotTop = 8;

} // namespace

QFont chartLabelFont(QFont base)
{
    if (base.pointSizeF() > 0)
        base.setPointSizeF(base.pointSizeF() * 0.9);
    return base;
}

QFont chartBoldFont(QFont base)
{
    base.setBold(true);
    return base;
}

ChartLayout ChartLayout::of(QSize size, const QFont& font, const QString& title, const std::vector<LegendEntry>& entries,
                            int leftWidth, int rightWidth, std::vector<int>& valueWidths, ChartRoom room)
{
    ChartLayout layout;
    const QFontMetrics plain(font), bold(chartBoldFont(font)), label(chartLabelFont(font));
    valueWidths.resize(entries.size(), 0);
    const int start = title.isEmpty() ? margin : margin + bold.horizontalAdvance(title) + entryGap;
    const int right = size.width() - margin - room.legendRight;
    const int moreWidth = plain.horizontalAdvance(QStringLiteral("+ 999"));
    int x = start, row = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        valueWidths[i] = std::max(valueWidths[i], bold.horizontalAdvance(entries[i].value));
        const int unitWidth = entries[i].unit.isEmpty() ? 0 : 4 + plain.horizontalAdvance(entries[i].unit);
        const int wanted =
            legendSampleWidth + 6 + plain.horizontalAdvance(entries[i].name) + legendInnerGap + valueWidths[i] + unitWidth;
        const int width = std::min(wanted, right - margin);
        const bool lastRow = row + 1 == mostLegendRows;
        const int reserved = lastRow && i + 1 < entries.size() ? moreWidth : 0;
        if (x + width > right - reserved && x > margin) {
            if (lastRow) {
                layout.hiddenEntries = static_cast<int>(entries.size() - i);
                layout.moreEntries = QRect(x, row * legendRowHeight, moreWidth, legendRowHeight);
                break;
            }
            ++row;
            x = margin;
        }
        layout.legendEntries.emplace_back(x, row * legendRowHeight, width, legendRowHeight);
        x += width + entryGap;
    }
    layout.valueWidths = valueWidths;
    layout.title = QRect(margin, 0, start - margin, legendRowHeight);
    layout.legend = QRect(0, 0, size.width(), (row + 1) * legendRowHeight);
    const int timeRow = room.timeLabels ? label.height() + 4 : 0;
    const int top = layout.legend.bottom() + 1 + plotTop;
    const int bottom = size.height() - 2 * timeRow - 6;
    layout.plot = QRect(leftWidth, top, std::max(size.width() - leftWidth - rightWidth, 16), std::max(bottom - top, 16));
    layout.timeLabels = QRect(0, layout.plot.bottom() + 5, size.width(), timeRow);
    layout.timeTitle = QRect(layout.plot.left(), layout.timeLabels.bottom() + 1, layout.plot.width(), timeRow);
    return layout;
}

} // namespace iotman
