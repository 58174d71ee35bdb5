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
constexpr int keyPadding = 4;

/// Of all items with a space before them, at most `most`.
int keyWidth(const QFont& font, const std::vector<LegendKey>& key, int most)
{
    int width = key.empty() ? 0 : legendInnerGap;
    for (const LegendKey& item : key)
        width += legendKeyGap + legendKeyWidth(font, item);
    return std::min(width, most);
}

} // namespace

int legendKeyWidth(const QFont& font, const LegendKey& key)
{
    return QFontMetrics(chartLabelFont(font)).horizontalAdvance(key.text) + 2 * keyPadding;
}

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
                            int leftWidth, int rightWidth, std::vector<LegendRoom>& rooms, ChartRoom room)
{
    ChartLayout layout;
    const QFontMetrics plain(font), bold(chartBoldFont(font)), label(chartLabelFont(font));
    rooms.resize(entries.size());
    const int start = title.isEmpty() ? margin : margin + bold.horizontalAdvance(title) + entryGap;
    const int right = size.width() - margin - room.legendRight;
    const int moreWidth = plain.horizontalAdvance(QStringLiteral("+ 999"));
    int x = start, row = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        rooms[i].value = std::max(rooms[i].value, bold.horizontalAdvance(entries[i].value));
        rooms[i].key = std::max(rooms[i].key, keyWidth(font, entries[i].key, size.width() / 2));
        const int unitWidth = entries[i].unit.isEmpty() ? 0 : 4 + plain.horizontalAdvance(entries[i].unit);
        const int wanted = legendSampleWidth + 6 + plain.horizontalAdvance(entries[i].name) + legendInnerGap + rooms[i].value +
                           unitWidth + rooms[i].key;
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
    layout.rooms = rooms;
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
