#include "ui/chart/chartframe.h"

#include "ui/chart/chartparts.h"
#include "ui/chart/valuetext.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr int valueTickSpacing = 40;
constexpr int laneRow = 22; ///< logical pixels
constexpr int leastLeft = 40, leastRight = 24, labelGap = 18;
constexpr qreal leastGapWidth = 8;
constexpr double fewestDecades = 1e-6; ///< of the greatest value, where a logarithmic axis ends that has none above 0

int devicePixels(int logical, qreal ratio)
{
    return std::max(1, static_cast<int>(std::lround(logical * ratio)));
}

/// The plot's pixels within a frame's image.
PixelBuffer plotPixels(QImage& image, QRect plot, qreal ratio)
{
    const int left = static_cast<int>(std::lround(plot.left() * ratio)), top = static_cast<int>(std::lround(plot.top() * ratio));
    PixelBuffer buffer;
    buffer.stride = static_cast<std::ptrdiff_t>(image.bytesPerLine()) / 4;
    buffer.width = std::clamp(image.width() - left, 0, devicePixels(plot.width(), ratio));
    buffer.height = std::clamp(image.height() - top, 0, devicePixels(plot.height(), ratio));
    buffer.pixels = reinterpret_cast<std::uint32_t*>(image.bits()) + top * buffer.stride + left;
    return buffer;
}

std::optional<ValueRange> united(std::optional<ValueRange> a, std::optional<ValueRange> b)
{
    if (!a || !b)
        return a ? a : b;
    return ValueRange{std::min(a->min, b->min), std::max(a->max, b->max)};
}

/// A limit is in sight unless it would leave less than half of the axis to the values.
ValueRange withLimit(ValueRange values, double limit)
{
    const ValueRange both{std::min(values.min, limit), std::max(values.max, limit)};
    return both.max / 2 - both.min / 2 <= values.max - values.min ? both : values;
}

/// The words for 0 and 1, as far as they are within `range`.
NumberAxis booleanAxis(ValueRange range)
{
    NumberAxis axis;
    for (const double value : {0.0, 1.0})
        if (range.min <= value && value <= range.max)
            axis.ticks.push_back({value, booleanText(value).toStdString()});
    return axis;
}

std::vector<LegendEntry> legendTexts(const FrameInput& input, const TimeScale& time, const std::vector<FrameLine>& lines)
{
    std::vector<LegendEntry> entries;
    for (const FrameLine& line : lines)
        entries.push_back({QString::fromStdString(line.series->info->name),
                           line.lastValue ? shortValueText(*line.series->info, *line.lastValue) : QStringLiteral("\u2013"),
                           QString::fromStdString(line.series->info->unit), laneKey(input.colors, line, time.width())});
    return entries;
}

} // namespace

void FramePainter::rescale()
{
    for (auto& [unit, scale] : scales_)
        scale.restart();
}

void FramePainter::reset()
{
    const QImage image = std::move(frame_.image);
    *this = {};
    frame_.image = image;
}

std::optional<std::int64_t> FramePainter::nextChangeMs() const
{
    std::optional<std::int64_t> next;
    for (const auto& [unit, scale] : scales_)
        if (const auto at = scale.shrinksAtMs())
            next = next ? std::min(*next, *at) : *at;
    return next;
}

// --- Lines and axes

ChartLayout FramePainter::chartLayout(const FrameInput& input)
{
    return ChartLayout::of(input.size, input.font, input.title, frame_.legend, room_.left, room_.right, legendRooms_, input.room);
}

void FramePainter::layOut(const FrameInput& input)
{
    frame_.layout = chartLayout(input);
    frame_.time = TimeScale(input.view.time, devicePixels(frame_.layout.plot.width(), input.pixelRatio));
}

/// Which line has which axis or lane.
void FramePainter::placeLines(std::vector<FrameLine>& lines)
{
    const bool hasNumbers = std::any_of(lines.begin(), lines.end(),
                                        [](const FrameLine& line) { return line.series->info->kind == SeriesKind::Number; });
    frame_.axes.clear();
    frame_.axisOf.clear();
    frame_.laneOf.clear();
    int lanes = 0;
    for (FrameLine& line : lines) {
        const SeriesInfo& info = *line.series->info;
        if (info.kind == SeriesKind::State || (info.kind == SeriesKind::Boolean && hasNumbers)) {
            line.lane = frame_.laneOf[line.series->id] = lanes++;
            continue;
        }
        auto axis = std::find_if(frame_.axes.begin(), frame_.axes.end(), [&](const FrameAxis& a) { return a.unit == info.unit; });
        if (axis == frame_.axes.end() && frame_.axes.size() == mostAxes)
            --axis;
        else if (axis == frame_.axes.end())
            axis = frame_.axes.insert(axis, FrameAxis{info.unit, {}, {}, {}, 0, 0});
        line.axis = static_cast<std::size_t>(axis - frame_.axes.begin());
        frame_.axisOf[line.series->id] = line.axis;
    }
}

std::vector<FrameLine> FramePainter::readLines(const FrameInput& input)
{
    std::vector<FrameLine> lines;
    for (const FrameSeries& series : input.series) {
        const auto last = series.series->last();
        lines.push_back({&series, input.colors.seriesColor(series.colorIndex),
                         Trace(*series.series, series.info->kind, frame_.time, &caches_[series.id]), std::nullopt,
                         last ? std::optional(last->value) : std::nullopt, 0, -1});
    }
    placeLines(lines);
    scaleAxes(input, lines);
    return lines;
}

ValueRange FramePainter::axisRange(const FrameInput& input, const std::string& unit, std::optional<ValueRange> visible)
{
    const bool isLog = input.logUnits.count(unit) > 0;
    if (isLog && visible && visible->max <= 0)
        visible.reset(); // a logarithm has nothing to show
    if (isLog && visible) {
        const double least = visible->min > 0 ? visible->min : visible->max * fewestDecades;
        visible = ValueRange{std::log10(least), std::log10(visible->max)};
    }
    AutoScale& scale = scales_[isLog ? unit + "\nlog" : unit];
    scale.update(visible, input.nowMs);
    const auto chosen = input.view.values.find(AxisId{input.pane, unit});
    if (chosen != input.view.values.end() && (!isLog || chosen->second.min > 0))
        return chosen->second;
    if (!isLog)
        return scale.range();
    return {std::pow(10, std::max(scale.range().min, -300.0)), std::pow(10, std::min(scale.range().max, 300.0))};
}

/// Scales the axes to what is visible.
void FramePainter::scaleAxes(const FrameInput& input, const std::vector<FrameLine>& lines)
{
    const int plotHeight = devicePixels(frame_.layout.plot.height(), input.pixelRatio);
    const int lanes = static_cast<int>(frame_.laneOf.size());
    frame_.laneHeight = std::max(1, std::min(devicePixels(laneRow, input.pixelRatio), plotHeight / std::max(lanes, 1)));
    frame_.lanesTop = frame_.axes.empty() ? 0 : std::max(1, plotHeight - lanes * frame_.laneHeight);
    const int height = lanes == 0 ? plotHeight : std::max(frame_.lanesTop, 1);
    const int most = std::max(2, static_cast<int>(height / input.pixelRatio) / valueTickSpacing);
    for (std::size_t i = 0; i < frame_.axes.size(); ++i) {
        FrameAxis& axis = frame_.axes[i];
        std::optional<ValueRange> visible;
        bool onlyBooleans = true;
        for (const FrameLine& line : lines) {
            if (line.lane >= 0 || line.axis != i)
                continue;
            visible = united(visible, line.trace.values());
            onlyBooleans = onlyBooleans && line.series->info->kind == SeriesKind::Boolean;
        }
        for (const ChartLimit& limit : input.limits)
            if (visible && limit.unit == axis.unit)
                visible = withLimit(*visible, limit.value);
        const bool isLog = input.logUnits.count(axis.unit) > 0;
        const ValueRange range = axisRange(input, axis.unit, visible);
        axis.values = ValueScale(range, height, isLog ? ValueScale::Kind::Logarithmic : ValueScale::Kind::Linear);
        axis.ticks = isLog ? logAxis(range.min, range.max, most) : numberAxis(range.min, range.max, most);
        if (onlyBooleans)
            axis.ticks = booleanAxis(range);
        axis.title = QString::fromStdString(axis.unit);
    }
}

/// Grows the room for labels to what this frame needs. It never shrinks, so that the plot does not jump.
void FramePainter::makeRoom(const FrameInput& input)
{
    const QFontMetrics label(chartLabelFont(input.font)), bold(chartBoldFont(chartLabelFont(input.font)));
    int left = std::max(needed_.left, leastLeft), right = leastRight, others = 0;
    for (std::size_t i = 0; i < frame_.axes.size(); ++i) {
        FrameAxis& axis = frame_.axes[i];
        axis.width = 0;
        for (const NumberTick& tick : axis.ticks.ticks)
            axis.width = std::max(axis.width, label.horizontalAdvance(QString::fromStdString(tick.text)) + labelGap);
        if (i == 0)
            left = std::max(left, axis.width);
        else
            others += axis.width;
    }
    for (std::size_t i = 0; i < frame_.legend.size() && frame_.axes.size() == 1; ++i)
        if (frame_.axis(input.series[i].id))
            right = std::max(right, bold.horizontalAdvance(frame_.legend[i].value) + labelGap);
    const int most = input.size.width() / 3;
    needed_ = {std::min(left, most), std::min(std::max({needed_.right, right, others}), most)};
    room_ = {std::max(needed_.left, input.leastRoom.left), std::max(needed_.right, input.leastRoom.right)};
}

void FramePainter::placeAxes(const FrameInput& input)
{
    const QRect plot = frame_.layout.plot;
    int x = plot.right() + 1;
    for (std::size_t i = 0; i < frame_.axes.size(); ++i) {
        FrameAxis& axis = frame_.axes[i];
        axis.x = i == 0 ? plot.left() - 1 : x;
        if (i > 0)
            x += axis.width;
        if (input.logUnits.count(axis.unit) > 0)
            axis.title = QCoreApplication::translate("iotman::ChartView", "%1 (log)").arg(axis.title).trimmed();
    }
}

// --- Painting

void FramePainter::prepareImage(const FrameInput& input)
{
    const QSize device = (QSizeF(input.size) * input.pixelRatio).toSize().expandedTo({1, 1});
    if (frame_.image.size() != device)
        frame_.image = QImage(device, QImage::Format_RGB32);
    frame_.image.setDevicePixelRatio(input.pixelRatio);
    frame_.image.fill(input.colors.background);
}

/// How wide labels are depends on the values that are seen, and these on the width that labels leave.
std::vector<FrameLine> FramePainter::arrange(const FrameInput& input)
{
    frame_.pixelRatio = input.pixelRatio;
    room_ = {std::max(needed_.left, input.leastRoom.left), std::max(needed_.right, input.leastRoom.right)};
    std::vector<FrameLine> lines;
    for (int round = 0; round < 3; ++round) {
        layOut(input);
        const QRect plot = frame_.layout.plot;
        lines = readLines(input);
        frame_.legend = legendTexts(input, frame_.time, lines);
        makeRoom(input);
        if (chartLayout(input).plot == plot)
            break;
    }
    frame_.layout = chartLayout(input);
    placeAxes(input);
    return lines;
}

void FramePainter::paintParts(Canvas& canvas, QPainter& painter, FrameParts& parts)
{
    const auto isEmpty = [](const FrameSeries& series) { return series.series->isEmpty(); };
    const bool isWaiting = std::all_of(parts.input.series.begin(), parts.input.series.end(), isEmpty);
    const auto isSeen = [](const FrameLine& line) { return line.trace.values().has_value(); };
    frame_.isBlank = !isWaiting && std::none_of(parts.lines.begin(), parts.lines.end(), isSeen);
    if (isWaiting) {
        paintAxisLines(painter, parts);
        paintLegend(painter, parts);
        return paintEmptiness(painter, parts);
    }
    parts.times = frameTimeTicks(parts.input, frame_.time);
    parts.gaps = frameGaps(parts, leastGapWidth * parts.input.pixelRatio);
    parts.summarisedUntil = frameSummarisedUntil(parts);
    paintMeasured(canvas, parts);
    paintGrid(canvas, parts);
    paintGaps(canvas, parts);
    paintMarks(canvas, parts);
    paintLanes(canvas, parts);
    paintLimits(canvas, parts);
    paintLines(canvas, parts);
    paintCursors(canvas, parts);

    paintAxisLines(painter, parts);
    paintLegend(painter, parts);
    paintLaneTexts(painter, parts);
    paintGapTexts(painter, parts);
    paintMarkTexts(painter, parts);
    paintLimitTexts(painter, parts);
    paintMarkers(painter, parts);
    paintValueLabels(painter, parts);
    if (parts.input.room.timeLabels)
        paintTimeLabels(painter, parts);
    paintLastValues(painter, parts);
    paintCursorTexts(painter, parts);
    if (frame_.isBlank)
        paintEmptiness(painter, parts);
}

const ChartFrame& FramePainter::paint(const FrameInput& input)
{
    std::vector<FrameLine> lines = arrange(input);
    prepareImage(input);
    FrameParts parts{input, frame_, lines, {}, {}, false, {}};
    PixelCanvas canvas(plotPixels(frame_.image, frame_.layout.plot, input.pixelRatio));
    QPainter painter(&frame_.image);
    paintParts(canvas, painter, parts);
    return frame_;
}

void FramePainter::paintOn(QPainter& painter, const FrameInput& input)
{
    std::vector<FrameLine> lines = arrange(input);
    FrameParts parts{input, frame_, lines, {}, {}, true, {}};
    painter.fillRect(QRect({0, 0}, input.size), input.colors.background);
    PainterCanvas canvas(painter, frame_.layout.plot);
    paintParts(canvas, painter, parts);
}

} // namespace iotman
