// The parts of a frame that QPainter does: texts and markers.
#include "ui/chart/chartparts.h"

#include "ui/chart/chartmarks.h"
#include "ui/chart/valuetext.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <set>

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

namespace {

/// Seconds since the origin: digits that grow with the zoom, down to microseconds.
std::vector<TimeTick> elapsedTicks(const FrameInput& input, const TimeScale& time)
{
    const auto seconds = [&](Timestamp at) { return static_cast<double>(at.us - input.origin->us) / 1e6; };
    const QFontMetrics label(chartLabelFont(input.font));
    const int most = static_cast<int>(time.width() / input.pixelRatio / label.horizontalAdvance(QStringLiteral("0000.000000")));
    std::vector<TimeTick> ticks;
    for (const NumberTick& tick : numberAxis(seconds(time.range().from), seconds(time.range().to), std::max(most, 2)).ticks)
        ticks.push_back({{input.origin->us + std::llround(tick.value * 1e6)}, {}, tick.text});
    return ticks;
}

} // namespace

std::vector<TimeTick> frameTimeTicks(const FrameInput& input, const TimeScale& time)
{
    if (input.origin)
        return elapsedTicks(input, time);
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
    for (std::size_t i = 1; i < parts.frame.axes.size(); ++i)
        painter.fillRect(parts.frame.axes[i].x, plot.top(), 1, plot.height() + 1, parts.input.colors.axis);
}

namespace {

/// Where the markers of a line stand: on its samples while there are few, else every 168 pixels.
std::vector<PlotPlace> markerPlaces(const FrameParts& parts, const FrameLine& line)
{
    std::vector<PlotPlace> places = line.trace.places(parts.scaleOf(line), sampleSpacing * parts.frame.pixelRatio);
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
        if (line.lane >= 0)
            continue;
        const QImage marker = parts.isVector ? QImage() : markerImage(parts, line);
        for (const PlotPlace& place : markerPlaces(parts, line)) {
            const QPointF centre(parts.xOf(place.x), parts.yOf(place.y));
            if (parts.isVector)
                drawMarker(painter, line.series->colorIndex, centre, markerSize, line.color, parts.input.colors.background);
            else
                painter.drawImage(centre - QPointF(markerBox, markerBox) / 2, marker);
        }
    }
    painter.restore();
}

std::vector<LegendKey> laneKey(const ChartColors& colors, const FrameLine& line, int width)
{
    std::vector<LegendKey> key;
    if (line.lane < 0)
        return key;
    std::set<double> seen;
    for (const TraceRun& run : line.trace.runs())
        if (run.value && run.toX >= 0 && run.fromX < width)
            seen.insert(*run.value);
    for (const double value : seen)
        key.push_back({shortValueText(*line.series->info, value), laneColor(colors, line, value)});
    return key;
}

void paintLaneTexts(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.save();
    painter.setClipRect(plot);
    painter.setFont(chartLabelFont(parts.input.font));
    for (const FrameLine& line : parts.lines) {
        if (line.lane < 0)
            continue;
        const qreal top = parts.yOf(parts.frame.lanesTop + line.lane * parts.frame.laneHeight);
        for (const TraceRun& run : line.trace.runs()) {
            const qreal from = std::max<qreal>(parts.xOf(run.fromX), plot.left());
            const qreal to = std::min<qreal>(parts.xOf(run.toX), plot.right());
            const QString text = run.value ? bareValueText(*line.series->info, *run.value) : QString();
            if (text.isEmpty() || to - from < label.horizontalAdvance(text) + 8)
                continue;
            painter.setPen(inkOn(laneColor(parts.input.colors, line, *run.value)));
            painter.drawText(QRectF(from + 4, top, to - from - 8, parts.frame.laneHeight / parts.frame.pixelRatio),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
        }
    }
    painter.restore();
}

namespace {

/// A stretch of time with its text, beside it or within it.
struct Told {
    double fromX, toX;
    QString text;
};

std::vector<Told> toldStretches(const FrameParts& parts)
{
    std::vector<Told> told;
    for (const TraceGap& gap : parts.gaps)
        told.push_back({gap.fromX, gap.toX, translated("No data, %1").arg(durationText(gap.to.us - gap.from.us))});
    for (const ChartMark& mark : parts.input.marks) {
        const double from = parts.frame.time.x(mark.range.from), to = parts.frame.time.x(mark.range.to);
        if (mark.kind == ChartMark::Kind::Offline && to >= 0 && from <= parts.frame.time.width())
            told.push_back({from, to, mark.text});
    }
    if (parts.summarisedUntil) {
        const double to = std::min<double>(parts.frame.time.x(*parts.summarisedUntil), parts.frame.time.width());
        told.push_back({0, to, translated("Least and greatest values only: the others made room for newer ones")});
    }
    std::sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.fromX < b.fromX; });
    return told;
}

} // namespace

void paintGapTexts(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.gap);
    qreal free = plot.left();
    for (const Told& gap : toldStretches(parts)) {
        const QString& text = gap.text;
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

void paintMarkTexts(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.setFont(chartLabelFont(parts.input.font));
    for (const ChartMark& mark : parts.input.marks) {
        const qreal x = parts.xOf(parts.frame.time.x(mark.range.from));
        if (mark.kind == ChartMark::Kind::Offline || x < plot.left() || x > plot.right())
            continue;
        const bool isLive = mark.kind == ChartMark::Kind::Live;
        const qreal width = label.horizontalAdvance(mark.text) + 2;
        const bool isRight = x + 6 + width <= plot.right();
        painter.setPen(isLive ? parts.input.colors.accent : parts.input.colors.limit);
        // At the left it may meet the text of a gap, which stands above it then.
        const qreal top = plot.top() + (isRight ? 2 : label.height() + 10);
        painter.drawText(QRectF(isRight ? x + 6 : x - 6 - width, top, width, label.height() + 2),
                         Qt::AlignLeft | Qt::AlignVCenter, mark.text);
        const QString before = translated("history");
        if (!isLive || !isRight || x - label.horizontalAdvance(before) - 8 < plot.left())
            continue;
        painter.setPen(parts.input.colors.axis);
        painter.drawText(QRectF(plot.left(), plot.top() + 2, x - 6 - plot.left(), label.height() + 2),
                         Qt::AlignRight | Qt::AlignVCenter, before);
    }
}

void paintLimitTexts(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    const QFontMetrics label(chartLabelFont(parts.input.font));
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.limit);
    for (const ChartLimit& limit : parts.input.limits)
        for (const FrameAxis& axis : parts.frame.axes) {
            const qreal y = parts.yOf(axis.values.y(limit.value));
            if (axis.unit != limit.unit || y < plot.top() || y > plot.bottom())
                continue;
            const bool isAbove = y - label.height() > plot.top();
            painter.drawText(QRectF(plot.left() + 8, isAbove ? y - label.height() - 1 : y + 2, plot.width() - 16, label.height()),
                             Qt::AlignLeft | Qt::AlignVCenter, limit.text);
        }
}

void paintValueLabels(QPainter& painter, const FrameParts& parts)
{
    const QRect plot = parts.frame.layout.plot;
    painter.setFont(chartLabelFont(parts.input.font));
    painter.setPen(parts.input.colors.axis);
    const bool areNamed = parts.frame.axes.size() > 1 || !parts.input.logUnits.empty();
    for (std::size_t i = 0; i < parts.frame.axes.size(); ++i) {
        const FrameAxis& axis = parts.frame.axes[i];
        for (const NumberTick& tick : axis.ticks.ticks) {
            const qreal y = parts.yOf(axis.values.y(tick.value));
            if (i == 0) {
                painter.drawText(QRectF(0, y - 12, plot.left() - 9, 24), Qt::AlignRight | Qt::AlignVCenter, string(tick.text));
                continue;
            }
            painter.fillRect(QRectF(axis.x, y, 4, 1), parts.input.colors.axis);
            painter.drawText(QRectF(axis.x + 8, y - 12, axis.width, 24), Qt::AlignLeft | Qt::AlignVCenter, string(tick.text));
        }
        QString title = areNamed ? axis.title : QString();
        if (!axis.ticks.offset.empty())
            title = QString(QStringLiteral("+ ") + string(axis.ticks.offset) + QLatin1Char(' ') + title).trimmed();
        const QRectF box = i == 0 ? QRectF(plot.left() + 8, plot.top() + 2, plot.width() / 2, 20)
                                  : QRectF(plot.left(), plot.top() + 2 + 18.0 * static_cast<double>(i - 1), plot.width() - 8, 20);
        painter.drawText(box, (i == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, title);
    }
}

// --- Cursors

namespace {

/// Above `other` where it would cover it. Where it stands; nothing for a cursor that is out of view.
QRectF paintCursorLabel(QPainter& painter, const FrameParts& parts, Timestamp time, const QString& letter, bool isLeft,
                        const QRectF& other)
{
    const QRect plot = parts.frame.layout.plot;
    const qreal x = parts.xOf(parts.frame.time.x(time));
    if (x < plot.left() || x > plot.right())
        return {};
    const QFontMetrics label(chartLabelFont(parts.input.font));
    const CivilTime local = localTime(roundedForEye(time, parts.frame.time.usPerPx()), offsetsOf(parts.input.zone));
    QString when = QString::fromStdString(clockText(local));
    if (parts.frame.time.range().span() > Timestamp::usPerDay)
        when = QString::fromStdString(dateText(local, monthsOf(parts.input.locale))) + QStringLiteral(", ") + when;
    const QString text = QStringLiteral("%1  %2").arg(letter, when);
    const qreal width = label.horizontalAdvance(text) + 16;
    const bool fitsLeft = x - width >= plot.left(), fitsRight = x + width <= plot.right();
    QRectF box((isLeft && fitsLeft) || !fitsRight ? x - width : x, plot.bottom() - label.height() - 5, width, label.height() + 4);
    if (box.intersects(other))
        box.moveBottom(other.top() - 1);
    painter.fillRect(box, parts.input.colors.cursor);
    painter.setPen(parts.input.colors.background);
    painter.drawText(box, Qt::AlignCenter, text);
    return box;
}

void paintCursorValues(QPainter& painter, const FrameParts& parts, Timestamp time)
{
    for (const FrameLine& line : parts.lines) {
        const Beside beside = besideFor(line.series->info->kind);
        const auto found = line.series->series->at(time, beside);
        if (line.lane >= 0 || !found)
            continue;
        const double x = parts.frame.time.x(beside == Beside::Nearest ? found->time : time);
        const double y = parts.scaleOf(line).y(found->value);
        if (x < 0 || x > parts.frame.time.width() || y < 0 || y > parts.scaleOf(line).height())
            continue;
        painter.setPen(QPen(line.color, 2));
        painter.setBrush(parts.input.colors.background);
        painter.drawEllipse(QPointF(parts.xOf(x), parts.yOf(y)), 4, 4);
    }
}

} // namespace

void paintCursorTexts(QPainter& painter, const FrameParts& parts)
{
    if (!parts.input.cursors)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Cursors& cursors = *parts.input.cursors;
    paintCursorValues(painter, parts, cursors.a);
    paintCursorValues(painter, parts, cursors.b);
    painter.setFont(chartLabelFont(parts.input.font));
    if (parts.input.room.timeLabels) {
        const QRectF a = paintCursorLabel(painter, parts, cursors.a, QStringLiteral("A"), cursors.a <= cursors.b, {});
        paintCursorLabel(painter, parts, cursors.b, QStringLiteral("B"), cursors.b < cursors.a, a);
    }
    painter.restore();
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
        parts.input.origin
            ? translated("Seconds since %1").arg(momentText(*parts.input.origin, parts.input.zone, parts.input.locale))
            : QString(QStringLiteral("%1, %2").arg(daysText(seen, parts.input.zone, parts.input.locale),
                                                   zoneText(parts.input.zone, seen)));
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
    if (parts.frame.axes.size() != 1)
        return; // the room is an axis'
    std::vector<Badge> badges;
    for (std::size_t i = 0; i < parts.lines.size(); ++i)
        if (const FrameLine& line = parts.lines[i]; line.lastValue && line.lane < 0) {
            const double y = parts.scaleOf(line).y(*line.lastValue) / parts.frame.pixelRatio;
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

/// As many items as there is room for in `box`, and how many more there are.
void paintLegendKey(QPainter& painter, const FrameParts& parts, const std::vector<LegendKey>& key, QRect box)
{
    const QFont font = chartLabelFont(parts.input.font);
    const QFontMetrics label(font);
    const auto moreText = [&](std::size_t from) { return QStringLiteral("+ %1").arg(key.size() - from); };
    painter.setFont(font);
    int x = box.left() + legendInnerGap;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const int width = legendKeyWidth(parts.input.font, key[i]);
        const int rest = i + 1 < key.size() ? legendKeyGap + label.horizontalAdvance(moreText(i + 1)) : 0;
        x += legendKeyGap;
        if (x + width + rest > box.right() + 1) {
            painter.setPen(parts.input.colors.axis);
            painter.drawText(QRect(x, box.top(), box.right() + 1 - x, box.height()), Qt::AlignLeft | Qt::AlignVCenter,
                             moreText(i));
            return;
        }
        const QRect item(x, box.center().y() - label.height() / 2, width, label.height() + 1);
        painter.fillRect(item, key[i].color);
        painter.setPen(inkOn(key[i].color));
        painter.drawText(item, Qt::AlignCenter, key[i].text);
        x += width;
    }
}

void paintLegendEntry(QPainter& painter, const FrameParts& parts, const FrameLine& line, const LegendEntry& texts, QRect entry,
                      LegendRoom widest)
{
    const QRect key(entry.right() + 1 - widest.key, entry.top(), widest.key, entry.height());
    entry.setRight(key.left() - 1);
    const FrameInput& input = parts.input;
    const QFontMetrics plain(input.font);
    drawSeriesSample(painter, QRectF(entry.left(), entry.top(), legendSampleWidth, entry.height()), line.series->colorIndex,
                     parts.isDashed(*line.series), line.color, input.colors.pane);
    const int unitWidth = texts.unit.isEmpty() ? 0 : 4 + plain.horizontalAdvance(texts.unit);
    const int valueLeft = entry.right() + 1 - unitWidth - widest.value;
    const QRect name = QRect(QPoint(entry.left() + legendSampleWidth + 6, entry.top()), QPoint(valueLeft - 5, entry.bottom()));
    painter.setPen(input.colors.text);
    painter.setFont(input.font);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, plain.elidedText(texts.name, Qt::ElideRight, name.width()));
    painter.setFont(chartBoldFont(input.font));
    painter.drawText(QRect(valueLeft, entry.top(), widest.value, entry.height()), Qt::AlignRight | Qt::AlignVCenter, texts.value);
    painter.setFont(input.font);
    painter.setPen(input.colors.axis);
    painter.drawText(QRect(valueLeft + widest.value + 4, entry.top(), unitWidth, entry.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, texts.unit);
    paintLegendKey(painter, parts, texts.key, key);
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
        paintLegendEntry(painter, parts, parts.lines[i], parts.frame.legend[i], layout.legendEntries[i], layout.rooms[i]);
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
    const QString text = parts.lines.empty()   ? translated("No series chosen")
                         : parts.frame.isBlank ? translated("No data in view")
                                               : translated("Waiting for the first value");
    painter.drawText(parts.frame.layout.plot, Qt::AlignCenter, text);
}

} // namespace iotman
