#include "ui/chart/chartframe.h"

#include "core/series/timeaxis.h"
#include "ui/chart/chartmarks.h"
#include "ui/chart/valuetext.h"
#include "ui/chart/zonetext.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr qreal lineWidth = 1.6;
constexpr qreal markerSpacing = 168, markerSize = 6;
constexpr qreal leastGapWidth = 8;
constexpr int hatchSpacing = 7;
constexpr qreal dotSpacing = 20, dotRadius = 2.2;
constexpr int valueTickSpacing = 46;
constexpr int badgeHeight = 18;

QString translated(const char* text, int n = -1)
{
    return QCoreApplication::translate("iotman::ChartView", text, nullptr, n);
}

QString string(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// Later rounds of colours are told apart by their dashes.
Dash dashOf(const FrameSeries& series, qreal ratio)
{
    const auto px = [ratio](int logical) { return std::max(1, static_cast<int>(std::lround(logical * ratio))); };
    if (series.derived)
        return {px(6), px(3), 0};
    const int round = series.colorIndex / 8;
    if (round == 0)
        return {};
    return round == 1 ? Dash{px(8), px(3), 0} : Dash{px(2), px(3), 0};
}

/// The plot's pixels: what is drawn without QPainter.
class Canvas {
public:
    Canvas(QImage& image, QRect plot, qreal ratio)
        : left_(static_cast<int>(std::lround(plot.left() * ratio)))
        , top_(static_cast<int>(std::lround(plot.top() * ratio)))
    {
        const auto stride = static_cast<std::ptrdiff_t>(image.bytesPerLine() / 4);
        buffer_.pixels = reinterpret_cast<std::uint32_t*>(image.bits()) + top_ * stride + left_;
        buffer_.stride = stride;
        buffer_.width = std::min(static_cast<int>(std::lround(plot.width() * ratio)), image.width() - left_);
        buffer_.height = std::min(static_cast<int>(std::lround(plot.height() * ratio)), image.height() - top_);
    }

    const PixelBuffer& buffer() const { return buffer_; }

    void fill(int x, int y, int width, int height, QRgb color) const
    {
        const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, 0, buffer_.width);
        for (int row = std::max(y, 0); row < std::min(y + height, buffer_.height); ++row)
            std::fill(buffer_.row(row) + left, buffer_.row(row) + std::max(left, right), color);
    }

    /// 45 degrees, anchored to `phase` so that it moves with the data.
    void hatch(int x, int width, int spacing, int thick, std::int64_t phase, QRgb color) const
    {
        const int left = std::clamp(x, 0, buffer_.width), right = std::clamp(x + width, 0, buffer_.width);
        for (int y = 0; y < buffer_.height; ++y)
            for (int column = left; column < right; ++column)
                if (const std::int64_t at = (column + phase + y) % spacing; (at + spacing) % spacing < thick)
                    buffer_.row(y)[column] = color;
    }

private:
    int left_, top_;
    PixelBuffer buffer_;
};

/// Overlapping gaps of all series as one.
std::vector<TraceGap> united(std::vector<TraceGap> gaps)
{
    std::sort(gaps.begin(), gaps.end(), [](const TraceGap& a, const TraceGap& b) { return a.from < b.from; });
    std::vector<TraceGap> result;
    for (const TraceGap& gap : gaps) {
        if (!result.empty() && gap.from <= result.back().to) {
            if (gap.to > result.back().to) {
                result.back().to = gap.to;
                result.back().toX = gap.toX;
            }
        } else {
            result.push_back(gap);
        }
    }
    return result;
}

} // namespace

int exactDecimals(double value)
{
    const std::string text = exactText(value);
    const auto point = text.find('.');
    return point == std::string::npos || text.find('e') != std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// One series on its way through a frame.
struct FramePainter::Line {
    const FrameSeries* series;
    QColor color;
    Trace trace;
    std::optional<Stroke> stroke;
    std::optional<double> lastValue;
};

QString FramePainter::valueText(const FrameSeries& series, double value, double step)
{
    if (series.info->kind == SeriesKind::Boolean && (value == 0 || value == 1))
        return booleanText(value);
    const int useful = decimalsOf(step / 50);
    int& decimals = decimals_[series.id];
    decimals = std::max(decimals, std::min(exactDecimals(value), 17));
    const bool plain = value == 0 || (std::abs(value) >= 1e-5 && std::abs(value) < 1e9);
    return string(plain ? fixedText(value, std::min(useful, decimals)) : exactText(value));
}

std::vector<LegendEntry> FramePainter::legendTexts(const FrameInput& input, double step)
{
    std::vector<LegendEntry> entries;
    for (const FrameSeries& series : input.series) {
        const auto last = series.series->last();
        entries.push_back({string(series.info->name), last ? valueText(series, last->value, step) : QStringLiteral("\u2013"),
                           string(series.info->unit)});
    }
    return entries;
}

NumberAxis FramePainter::valueAxis() const
{
    const ValueRange range = frame_.values.range();
    return numberAxis(range.min, range.max, std::max(2, frame_.layout.plot.height() / valueTickSpacing));
}

void FramePainter::layOut(const FrameInput& input, const std::vector<LegendEntry>& legend)
{
    frame_.layout = ChartLayout::of(input.size, input.font, input.title, legend, leftWidth_, rightWidth_, legendWidths_);
    const auto px = [&](int logical) { return std::max(1, static_cast<int>(std::lround(logical * input.pixelRatio))); };
    frame_.time = TimeScale(input.view.time, px(frame_.layout.plot.width()));
    frame_.values = ValueScale(input.view.values.value_or(scale_.range()), px(frame_.layout.plot.height()));
}

void FramePainter::prepareImage(const FrameInput& input)
{
    const QSize device = (QSizeF(input.size) * input.pixelRatio).toSize().expandedTo({1, 1});
    if (frame_.image.size() != device)
        frame_.image = QImage(device, QImage::Format_RGB32);
    frame_.image.setDevicePixelRatio(input.pixelRatio);
    frame_.image.fill(input.colors.background);
    frame_.pixelRatio = input.pixelRatio;
}

const ChartFrame& FramePainter::paint(const FrameInput& input)
{
    const QFontMetrics label(chartLabelFont(input.font)), bold(chartBoldFont(chartLabelFont(input.font)));
    const auto px = [&](qreal logical) { return static_cast<int>(std::lround(logical * input.pixelRatio)); };

    // Widths of labels depend on values, and what is seen of values on the widths: twice at most.
    std::vector<Line> lines;
    NumberAxis axis;
    for (int round = 0; round < 2; ++round) {
        layOut(input, frame_.legend);
        lines.clear();
        std::optional<ValueRange> visible;
        for (const FrameSeries& series : input.series) {
            lines.push_back({&series,
                             input.colors.seriesColor(series.colorIndex),
                             Trace(*series.series, series.info->kind, frame_.time),
                             {},
                             {}});
            if (const auto values = lines.back().trace.values())
                visible =
                    visible ? ValueRange{std::min(visible->min, values->min), std::max(visible->max, values->max)} : *values;
            if (const auto last = series.series->last())
                lines.back().lastValue = last->value;
        }
        scale_.update(visible, input.nowMs);
        frame_.values = ValueScale(input.view.values.value_or(scale_.range()), frame_.values.height());
        axis = valueAxis();
        frame_.legend = legendTexts(input, axis.step);
        int left = 40, right = 24;
        for (const NumberTick& tick : axis.ticks)
            left = std::max(left, label.horizontalAdvance(string(tick.text)) + 18);
        for (const LegendEntry& entry : frame_.legend)
            right = std::max(right, bold.horizontalAdvance(entry.value) + 18);
        const bool fits = left <= leftWidth_ && right <= rightWidth_;
        leftWidth_ = std::max(left, leftWidth_);
        rightWidth_ = std::max(right, rightWidth_);
        if (fits &&
            static_cast<std::size_t>(frame_.layout.hiddenEntries) + frame_.layout.legendEntries.size() == frame_.legend.size())
            break;
    }
    layOut(input, frame_.legend);

    prepareImage(input);
    const ChartColors& colors = input.colors;
    const QRect plot = frame_.layout.plot;
    const Canvas canvas(frame_.image, plot, input.pixelRatio);
    const int hair = std::max(1, px(1));
    const std::int64_t columnPhase = frame_.time.isGridded() ? frame_.time.window().first : 0;

    // Grid
    const double labelWidth = label.horizontalAdvance(QStringLiteral("00:00:00"));
    const double rough = frame_.time.usPerPx() * input.pixelRatio;
    TimeStep step = niceTimeStep(rough * labelWidth * 2);
    if (step.unit == TimeUnit::Microsecond)
        step = niceTimeStep(rough * labelWidth * 3);
    const auto ticks = timeTicks(frame_.time.range(), step, offsetsOf(input.zone), monthsOf(input.locale));
    for (const TimeTick& tick : ticks)
        canvas.fill(static_cast<int>(std::floor(frame_.time.x(tick.time))), 0, hair, canvas.buffer().height, colors.grid.rgb());
    for (const NumberTick& tick : axis.ticks)
        canvas.fill(0, static_cast<int>(std::lround(frame_.values.y(tick.value))) - hair / 2, canvas.buffer().width, hair,
                    colors.grid.rgb());

    // Gaps
    std::vector<TraceGap> gaps;
    for (const Line& line : lines)
        for (const TraceGap& gap : line.trace.gaps(leastGapWidth * input.pixelRatio))
            gaps.push_back(gap);
    gaps = united(std::move(gaps));
    for (const TraceGap& gap : gaps) {
        const int from = static_cast<int>(std::clamp(gap.fromX, -10.0, 1e6)),
                  to = static_cast<int>(std::clamp(gap.toX, -10.0, 1e6));
        const QRgb soft = QColor::fromRgbF((colors.gap.redF() + colors.background.redF() * 2) / 3,
                                           (colors.gap.greenF() + colors.background.greenF() * 2) / 3,
                                           (colors.gap.blueF() + colors.background.blueF() * 2) / 3)
                              .rgb();
        canvas.hatch(from, to - from, px(hatchSpacing), hair, columnPhase, soft);
        canvas.fill(from, 0, hair, canvas.buffer().height, colors.gap.rgb());
        canvas.fill(to - hair, 0, hair, canvas.buffer().height, colors.gap.rgb());
    }

    // Lines
    for (Line& line : lines) {
        line.stroke = line.trace.line(frame_.values, lineWidth * input.pixelRatio);
        Dash dash = dashOf(*line.series, input.pixelRatio);
        dash.phase = columnPhase;
        line.stroke->paint(canvas.buffer(), line.color.rgb(), dash);
        if (const auto dots = line.trace.dots(frame_.values, dotSpacing * input.pixelRatio, dotRadius * input.pixelRatio))
            dots->paint(canvas.buffer(), line.color.rgb());
    }

    // Axes, right on the plot's edge
    QPainter painter(&frame_.image);
    painter.fillRect(plot.left() - 1, plot.top(), 1, plot.height() + 1, colors.axis);
    painter.fillRect(plot.left() - 1, plot.bottom() + 1, plot.width() + 1, 1, colors.axis);

    painter.save();
    painter.setClipRect(plot);
    painter.setFont(chartLabelFont(input.font));
    for (const TraceGap& gap : gaps) {
        const QString text = translated("No data, %1").arg(durationText(gap.to.us - gap.from.us));
        const qreal left = plot.left() + gap.toX / input.pixelRatio + 4;
        const QRectF box(left, plot.top() + 4, label.horizontalAdvance(text) + 12, label.height() + 4);
        if (box.right() > plot.right() || (gap.toX - gap.fromX) / input.pixelRatio < 16)
            continue;
        painter.fillRect(box, colors.gapBackground);
        painter.setPen(colors.gap);
        painter.drawText(box, Qt::AlignCenter, text);
    }
    const int spacing = std::max(1, px(markerSpacing));
    for (const Line& line : lines) {
        const std::int64_t own = columnPhase + px(markerSpacing * 0.41) * line.series->colorIndex;
        for (int column = static_cast<int>(((-own) % spacing + spacing) % spacing); column < frame_.time.width();
             column += spacing)
            if (const auto y = line.stroke->middle(column))
                drawMarker(painter, line.series->colorIndex,
                           QPointF(plot.left() + (column + 0.5) / input.pixelRatio, plot.top() + *y / input.pixelRatio),
                           markerSize, line.color, colors.background);
    }
    painter.restore();

    // Labels of the axes
    painter.setFont(chartLabelFont(input.font));
    painter.setPen(colors.axis);
    for (const NumberTick& tick : axis.ticks) {
        const qreal y = plot.top() + frame_.values.y(tick.value) / input.pixelRatio;
        painter.drawText(QRectF(0, y - 12, plot.left() - 9, 24), Qt::AlignRight | Qt::AlignVCenter, string(tick.text));
    }
    if (!axis.offset.empty())
        painter.drawText(QRectF(plot.left() + 6, plot.top() + 2, plot.width(), label.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         QStringLiteral("+ ") + string(axis.offset));
    qreal free = -1e9;
    for (const TimeTick& tick : ticks) {
        const qreal x = plot.left() + frame_.time.x(tick.time) / input.pixelRatio;
        const qreal width = label.horizontalAdvance(string(tick.text));
        QRectF box(x - width / 2, frame_.layout.timeLabels.top(), width, frame_.layout.timeLabels.height());
        if (box.left() < free || box.left() < 2 || box.right() > input.size.width() - 2)
            continue;
        painter.drawText(box.adjusted(-1, 0, 1, 0), Qt::AlignCenter, string(tick.text));
        free = box.right() + 6;
    }
    const TimeRange seen = frame_.time.range();
    painter.drawText(frame_.layout.timeTitle, Qt::AlignCenter,
                     label.elidedText(QStringLiteral("%1, %2").arg(daysText(seen, input.zone, input.locale),
                                                                   zoneText(input.zone, {seen.to.us - 1})),
                                      Qt::ElideRight, frame_.layout.timeTitle.width()));

    // Last values
    struct Badge {
        double y;
        std::size_t line;
    };
    std::vector<Badge> badges;
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (lines[i].lastValue)
            badges.push_back(
                {std::clamp(frame_.values.y(*lines[i].lastValue) / input.pixelRatio, 0.0, double(plot.height())), i});
    std::sort(badges.begin(), badges.end(), [](const Badge& a, const Badge& b) { return a.y < b.y; });
    double lowest = plot.height() - static_cast<double>(badges.size()) * badgeHeight + badgeHeight / 2.0;
    double least = badgeHeight / 2.0;
    for (Badge& badge : badges) {
        badge.y = std::max(std::min(badge.y, std::max(lowest, badgeHeight / 2.0)), least);
        least = badge.y + badgeHeight;
        lowest += badgeHeight;
    }
    painter.setFont(chartBoldFont(chartLabelFont(input.font)));
    for (const Badge& badge : badges) {
        if (badge.y > plot.height())
            break; // more series than room; the legend has them
        const QColor color = lines[badge.line].color;
        const QRectF box(plot.right() + 3, plot.top() + badge.y - badgeHeight / 2.0, rightWidth_ - 5, badgeHeight);
        painter.fillRect(box, color);
        painter.setPen(inkOn(color));
        painter.drawText(box, Qt::AlignCenter, frame_.legend[badge.line].value);
    }

    // Legend
    const QRect strip = frame_.layout.legend;
    painter.fillRect(strip, colors.pane);
    painter.fillRect(strip.left(), strip.bottom(), strip.width(), 1, colors.border);
    painter.setPen(colors.text);
    painter.setFont(chartBoldFont(input.font));
    painter.drawText(QRect(8, 0, strip.width(), 28), Qt::AlignLeft | Qt::AlignVCenter, input.title);
    const QFontMetrics plain(input.font), strong(chartBoldFont(input.font));
    for (std::size_t i = 0; i < frame_.layout.legendEntries.size(); ++i) {
        const QRect entry = frame_.layout.legendEntries[i];
        const LegendEntry& texts = frame_.legend[i];
        const Line& line = lines[i];
        drawSeriesSample(painter, QRectF(entry.left(), entry.top(), legendSampleWidth, entry.height()), line.series->colorIndex,
                         dashOf(*line.series, 1).off > 0, line.color, colors.pane);
        const int unitWidth = texts.unit.isEmpty() ? 0 : 4 + plain.horizontalAdvance(texts.unit);
        const int valueLeft = entry.right() + 1 - unitWidth - legendWidths_[i];
        const QRect name(entry.left() + legendSampleWidth + 6, entry.top(), valueLeft - entry.left() - legendSampleWidth - 6 - 4,
                         entry.height());
        painter.setPen(colors.text);
        painter.setFont(input.font);
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, plain.elidedText(texts.name, Qt::ElideRight, name.width()));
        painter.setFont(chartBoldFont(input.font));
        painter.drawText(QRect(valueLeft, entry.top(), legendWidths_[i], entry.height()), Qt::AlignRight | Qt::AlignVCenter,
                         texts.value);
        painter.setFont(input.font);
        painter.setPen(colors.axis);
        painter.drawText(QRect(valueLeft + legendWidths_[i] + 4, entry.top(), unitWidth, entry.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, texts.unit);
    }
    if (frame_.layout.hiddenEntries > 0) {
        painter.setFont(input.font);
        painter.setPen(colors.axis);
        painter.drawText(frame_.layout.moreEntries, Qt::AlignLeft | Qt::AlignVCenter,
                         QStringLiteral("+ %1").arg(frame_.layout.hiddenEntries));
    }
    return frame_;
}

} // namespace iotman
