// The parts of a frame that QPainter does: texts and markers.
#include "ui/chart/chartparts.h"

#include "ui/chart/chartmarks.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr qreal markerSpacing = 168, markerSize = 6;
constexpr qreal sampleSpacing = 16; ///< samples this far apart have a marker each
constexpr int markerBox = 12;       ///< holds the largest marker and its rim
constexpr int badgeHeight = 18;

QString translated(const char* text)
{
    return QCoreApplication::translate("iotman::ChartView", text);
}

QString string(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// A marker as an image: its outlines are filled once, not at every place.
QImage markerImage(const FrameParts& parts, const FrameLine& line)
{
    QImage image((QSizeF(markerBox, markerBox) * parts.frame.pixelRatio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(parts.frame.pixelRatio);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    drawMarker(painter, line.series->colorIndex, {markerBox / 2.0, markerBox / 2.0}, markerSize, line.color,
               parts.input.colors.background);
    return image;
}

} // namespace

std::vector<TimeTick> frameTimeTicks(const FrameInput& input, const TimeScale& time)
{
    const QFontMetrics label(chartLabelFont(input.font));
    const double usPerLogical = time.usPerPx() * input.pixelRatio;
    TimeStep step = niceTimeStep(usPerLogical * label.horizontalAdvance(QStringLiteral("00:00:00")) * 1.8);
    if (step.unit == TimeUnit::Microsecond) // longer labels
        step = niceTimeStep(usPerLogical * label.horizontalAdvance(QStringLiteral("00:00:00.000000")) * 1.4);
    return timeTicks(time.range(), step, offsetsOf(input.zone), monthsOf(input.locale));
}

void paintAxisLines(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    painter.fillRect(plot.left() - 1, plot.top(), 1, plot.height() + 1, parts.input.colors.axis);
    painter.fillRect(plot.left() - 1, plot.bottom() + 1, plot.width() + 1, 1, parts.input.colors.axis);
}

namespace {

/// Where the markers of a line stand: on its samples while there are few, else every 168 pixels.
std::vector<PlotPlace> markerPlaces(const FrameParts& parts, const FrameLine& line)
{
    std::vector<PlotPlace> places = line.trace.places(parts.frame.values, sampleSpacing * parts.frame.pixelRatio);
    if (!places.empty())
        return places;
    // Each series has its own places, so that markers of lines that run together stay apart.
    const std::int64_t spacing = parts.px(markerSpacing);
    const std::int64_t shifted = parts.phase() + std::int64_t{parts.px(markerSpacing * 0.41)} * line.series->colorIndex;
    for (std::int64_t column = ((-shifted) % spacing + spacing) % spacing; column < parts.frame.time.width(); column += spacing)
        if (const auto y = line.stroke->middle(static_cast<int>(column)))
            places.push_back({static_cast<double>(column) + 0.5, *y});
    return places;
}

} // namespace

void paintMarkers(QPainter& painter, const FrameParts& parts)
{
    painter.save();
    painter.setClipRect(parts.frame.layout.plot);
    for (const FrameLine& line : parts.lines) {
        const QImage marker = markerImage(parts, line);
        for (const PlotPlace& place : markerPlaces(parts, line))
            painter.drawImage(QPointF(parts.xOf(place.x), parts.yOf(place.y)) - QPointF(markerBox, markerBox) / 2, marker);
    }
    painter.restore();
}

void paintGapTexts(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.gap);
    qreal free = plot.left();
    for (const TraceGap& gap : parts.gaps) {
        const QString text = translated("No data, %1").arg(durationText(gap.to.us - gap.from.us));
        const QSizeF size(label.horizontalAdvance(text) + 12, label.height() + 2);
        const qreal from = parts.xOf(gap.fromX), to = parts.xOf(gap.toX);
        // Beside the gap, so that the hatching stays free; within it when it is wide.
        qreal left = to + 4;
        if (to - from > size.width() + 16)
            left = (from + to - size.width()) / 2;
        else if (left + size.width() > plot.right())
            left = from - 4 - size.width();
        if (left < free || left + size.width() > plot.right())
            continue;
        const QRectF box(QPointF(left, plot.top() + 4), size);
        painter.fillRect(box, parts.input.colors.gapBackground);
        painter.drawText(box, Qt::AlignCenter, text);
        free = box.right() + 4;
    }
}

void paintValueLabels(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.axis);
    for (const NumberTick& tick : parts.values.ticks) {
        const QRectF box(0, parts.yOf(parts.frame.values.y(tick.value)) - 12, plot.left() - 9, 24);
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, string(tick.text));
    }
    if (!parts.values.offset.empty())
        painter.drawText(QRectF(plot.left() + 6, plot.top() + 2, plot.width(), 20), Qt::AlignLeft | Qt::AlignVCenter,
                         QStringLiteral("+ ") + string(parts.values.offset));
}

void paintTimeLabels(QPainter& painter, const FrameParts& parts)
{
    const ChartLayout& layout = parts.frame.layout;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.axis);
    qreal free = 2;
    for (const TimeTick& tick : parts.times) {
        const qreal width = label.horizontalAdvance(string(tick.text)) + 2;
        const QRectF box(parts.xOf(parts.frame.time.x(tick.time)) - width / 2, layout.timeLabels.top(), width,
                         layout.timeLabels.height());
        if (box.left() < free || box.right() > parts.input.size.width() - 2)
            continue;
        painter.drawText(box, Qt::AlignCenter, string(tick.text));
        free = box.right() + 6;
    }
    const TimeRange seen = parts.input.view.time;
    const QString title =
        QStringLiteral("%1, %2").arg(daysText(seen, parts.input.zone, parts.input.locale), zoneText(parts.input.zone, seen));
    painter.drawText(layout.timeTitle, Qt::AlignCenter, label.elidedText(title, Qt::ElideRight, layout.timeTitle.width()));
}

namespace {

struct Badge {
    qreal y; ///< of its middle, below the top of the plot
    const FrameLine* line;
    const QString* text;
};

/// Moves badges apart so that none covers another, as little as needed and within `height`.
void spread(std::vector<Badge>& badges, qreal height)
{
    std::sort(badges.begin(), badges.end(), [](const Badge& a, const Badge& b) { return a.y < b.y; });
    qreal least = badgeHeight / 2.0;
    for (std::size_t i = 0; i < badges.size(); ++i) {
        const qreal most = height - badgeHeight * (static_cast<qreal>(badges.size() - i) - 0.5);
        badges[i].y = std::max(std::min(badges[i].y, most), least);
        least = badges[i].y + badgeHeight;
    }
}

} // namespace

void paintLastValues(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    std::vector<Badge> badges;
    for (std::size_t i = 0; i < parts.lines.size(); ++i)
        if (const FrameLine& line = parts.lines[i]; line.lastValue) {
            const double y = parts.frame.values.y(*line.lastValue) / parts.frame.pixelRatio;
            badges.push_back({std::clamp<qreal>(y, 0, plot.height()), &line, &parts.frame.legend[i].value});
        }
    spread(badges, plot.height());
    painter.setFont(chartBoldFont(chartLabelFont(parts.input.font)));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Badge& badge : badges) {
        if (badge.y + badgeHeight / 2.0 > plot.height() + 1)
            break; // more series than room; the legend has them all
        const QRectF box(plot.right() + 3, plot.top() + badge.y - badgeHeight / 2.0, parts.input.size.width() - plot.right() - 5,
                         badgeHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(badge.line->color);
        painter.drawRoundedRect(box, 2, 2);
        painter.setPen(inkOn(badge.line->color));
        painter.drawText(box, Qt::AlignCenter, *badge.text);
    }
}

namespace {

void paintLegendEntry(QPainter& painter, const FrameParts& parts, const FrameLine& line, const LegendEntry& texts, QRect entry,
                      int valueWidth)
{
    const FrameInput& input = parts.input;
    const QFontMetrics plain(input.font);
    drawSeriesSample(painter, QRectF(entry.left(), entry.top(), legendSampleWidth, entry.height()), line.series->colorIndex,
                     parts.isDashed(*line.series), line.color, input.colors.pane);
    const int unitWidth = texts.unit.isEmpty() ? 0 : 4 + plain.horizontalAdvance(texts.unit);
    const int valueLeft = entry.right() + 1 - unitWidth - valueWidth;
    const QRect name = QRect(QPoint(entry.left() + legendSampleWidth + 6, entry.top()), QPoint(valueLeft - 5, entry.bottom()));
    painter.setPen(input.colors.text);
    painter.setFont(input.font);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, plain.elidedText(texts.name, Qt::ElideRight, name.width()));
    painter.setFont(chartBoldFont(input.font));
    painter.drawText(QRect(valueLeft, entry.top(), valueWidth, entry.height()), Qt::AlignRight | Qt::AlignVCenter, texts.value);
    painter.setFont(input.font);
    painter.setPen(input.colors.axis);
    painter.drawText(QRect(valueLeft + valueWidth + 4, entry.top(), unitWidth, entry.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     texts.unit);
}

} // namespace

void paintLegend(QPainter& painter, const FrameParts& parts)
{
    const ChartLayout& layout = parts.frame.layout;
    const ChartColors& colors = parts.input.colors;
    painter.fillRect(layout.legend, colors.pane);
    painter.fillRect(layout.legend.left(), layout.legend.bottom(), layout.legend.width(), 1, colors.border);
    painter.setPen(colors.text);
    painter.setFont(chartBoldFont(parts.input.font));
    painter.drawText(layout.title, Qt::AlignLeft | Qt::AlignVCenter, parts.input.title);
    for (std::size_t i = 0; i < layout.legendEntries.size(); ++i)
        paintLegendEntry(painter, parts, parts.lines[i], parts.frame.legend[i], layout.legendEntries[i], layout.valueWidths[i]);
    if (layout.hiddenEntries > 0) {
        painter.setFont(parts.input.font);
        painter.setPen(colors.axis);
        painter.drawText(layout.moreEntries, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("+ %1").arg(layout.hiddenEntries));
    }
}

void paintEmptiness(QPainter& painter, const FrameParts& parts)
{
    painter.setFont(parts.input.font);
    painter.setPen(parts.input.colors.axis);
    const QString text = parts.lines.empty() ? translated("No series chosen") : translated("Waiting for the first value");
    painter.drawText(parts.frame.layout.plot, Qt::AlignCenter, text);
}

} // namespace iotman
