#include "ui/chart/chartframe.h"

#include "ui/chart/chartparts.h"
#include "ui/chart/valuetext.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr int valueTickSpacing = 40;
constexpr qreal leastGapWidth = 8;
constexpr std::size_t decimalSamples = 64;

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

/// The words for 0 and 1, as far as they are within `range`.
NumberAxis booleanAxis(ValueRange range)
{
    NumberAxis axis;
    for (const double value : {0.0, 1.0})
        if (range.min <= value && value <= range.max)
            axis.ticks.push_back({value, booleanText(value).toStdString()});
    return axis;
}

} // namespace

void FramePainter::reset()
{
    const QImage image = std::move(frame_.image);
    *this = {};
    frame_.image = image;
}

QString FramePainter::valueText(const FrameLine& line, double value)
{
    const SeriesInfo& info = *line.series->info;
    if (info.kind == SeriesKind::Boolean && (value == 0 || value == 1))
        return booleanText(value);
    const auto [at, isNew] = decimals_.try_emplace(line.series->id, 0);
    int& decimals = at->second;
    if (isNew)
        for (const double sample : line.trace.someValues(decimalSamples))
            decimals = std::max(decimals, decimalsIn(sample));
    decimals = std::max(decimals, decimalsIn(value));
    const bool plain = value == 0 || (std::abs(value) >= 1e-5 && std::abs(value) < 1e9);
    return QString::fromStdString(plain ? fixedText(value, std::min(decimalsOf(axis_.step / 50), decimals)) : exactText(value));
}

std::vector<LegendEntry> FramePainter::legendTexts(const std::vector<FrameLine>& lines)
{
    std::vector<LegendEntry> entries;
    for (const FrameLine& line : lines)
        entries.push_back({QString::fromStdString(line.series->info->name),
                           line.lastValue ? valueText(line, *line.lastValue) : QStringLiteral("\u2013"),
                           QString::fromStdString(line.series->info->unit)});
    return entries;
}

ChartLayout FramePainter::chartLayout(const FrameInput& input)
{
    return ChartLayout::of(input.size, input.font, input.title, frame_.legend, leftWidth_, rightWidth_, legendWidths_);
}

void FramePainter::layOut(const FrameInput& input)
{
    frame_.layout = chartLayout(input);
    frame_.time = TimeScale(input.view.time, devicePixels(frame_.layout.plot.width(), input.pixelRatio));
}

/// Reads the lines and scales the value axis to what is visible.
std::vector<FrameLine> FramePainter::readLines(const FrameInput& input)
{
    std::vector<FrameLine> lines;
    std::optional<ValueRange> visible;
    for (const FrameSeries& series : input.series) {
        const auto last = series.series->last();
        lines.push_back({&series, input.colors.seriesColor(series.colorIndex),
                         Trace(*series.series, series.info->kind, frame_.time), std::nullopt,
                         last ? std::optional(last->value) : std::nullopt});
        visible = united(visible, lines.back().trace.values());
    }
    scale_.update(visible, input.nowMs);
    const QRect plot = frame_.layout.plot;
    frame_.values = ValueScale(input.view.values.value_or(scale_.range()), devicePixels(plot.height(), input.pixelRatio));
    axis_ = numberAxis(frame_.values.range().min, frame_.values.range().max, std::max(2, plot.height() / valueTickSpacing));
    const bool onlyBooleans = !lines.empty() && std::all_of(lines.begin(), lines.end(), [](const FrameLine& line) {
        return line.series->info->kind == SeriesKind::Boolean;
    });
    if (onlyBooleans)
        axis_ = booleanAxis(frame_.values.range());
    return lines;
}

/// Grows the room for labels to what this frame needs. It never shrinks, so that the plot does not jump.
void FramePainter::makeRoom(const FrameInput& input)
{
    const QFontMetrics label(chartLabelFont(input.font)), bold(chartBoldFont(chartLabelFont(input.font)));
    int left = std::max(leftWidth_, 40), right = std::max(rightWidth_, 24);
    for (const NumberTick& tick : axis_.ticks)
        left = std::max(left, label.horizontalAdvance(QString::fromStdString(tick.text)) + 18);
    for (const LegendEntry& entry : frame_.legend)
        right = std::max(right, bold.horizontalAdvance(entry.value) + 18);
    leftWidth_ = std::min(left, input.size.width() / 3);
    rightWidth_ = std::min(right, input.size.width() / 3);
}

void FramePainter::prepareImage(const FrameInput& input)
{
    const QSize device = (QSizeF(input.size) * input.pixelRatio).toSize().expandedTo({1, 1});
    if (frame_.image.size() != device)
        frame_.image = QImage(device, QImage::Format_RGB32);
    frame_.image.setDevicePixelRatio(input.pixelRatio);
    frame_.image.fill(input.colors.background);
}

const ChartFrame& FramePainter::paint(const FrameInput& input)
{
    frame_.pixelRatio = input.pixelRatio;
    // How wide labels are depends on the values that are seen, and these on the width that labels leave.
    std::vector<FrameLine> lines;
    for (int round = 0; round < 3; ++round) {
        layOut(input);
        const QRect plot = frame_.layout.plot;
        lines = readLines(input);
        frame_.legend = legendTexts(lines);
        makeRoom(input);
        if (chartLayout(input).plot == plot)
            break;
    }
    frame_.layout = chartLayout(input);
    prepareImage(input);
    FrameParts parts{input, frame_, lines, axis_, {}, {}};
    const bool isEmpty = std::all_of(input.series.begin(), input.series.end(), [](const auto& s) { return s.series->isEmpty(); });
    if (!isEmpty) {
        parts.times = frameTimeTicks(input, frame_.time);
        parts.gaps = frameGaps(lines, leastGapWidth * input.pixelRatio);
        const Canvas canvas(plotPixels(frame_.image, frame_.layout.plot, input.pixelRatio));
        paintGrid(canvas, parts);
        paintGaps(canvas, parts);
        paintLines(canvas, parts);
    }
    QPainter painter(&frame_.image);
    paintAxisLines(painter, parts);
    paintLegend(painter, parts);
    if (isEmpty) {
        paintEmptiness(painter, parts);
        return frame_;
    }
    paintGapTexts(painter, parts);
    paintMarkers(painter, parts);
    paintValueLabels(painter, parts);
    paintTimeLabels(painter, parts);
    paintLastValues(painter, parts);
    return frame_;
}

} // namespace iotman
