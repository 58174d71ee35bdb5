// The parts of a frame that are painted on the canvas of the plot: grid, gaps, lanes, lines, cursors.
#include "ui/chart/chartparts.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr qreal lineWidth = 1.6;
constexpr qreal hatchSpacing = 7;
constexpr qreal lanePadding = 3;
constexpr double leastRunPx = 2;

/// Later rounds of colours are told apart by their dashes.
Dash dashOf(const FrameParts& parts, const FrameSeries& series)
{
    if (!parts.isDashed(series))
        return {1, 0, parts.phase()};
    const int round = series.derived || series.dash == LineDash::Dashed ? 0 : series.colorIndex / 8;
    const int on = series.dash == LineDash::Dotted ? 2 : round == 0 ? 6 : round == 1 ? 8 : 2;
    return {parts.px(on), parts.px(3), parts.phase()};
}

QRgb mixed(const QColor& a, const QColor& b, double partOfA)
{
    const auto mix = [partOfA](int x, int y) { return static_cast<int>(std::lround(x * partOfA + y * (1 - partOfA))); };
    return qRgb(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

/// A pixel position that fits an int.
int pixel(double x)
{
    return static_cast<int>(std::lround(std::clamp(x, -1e6, 1e6)));
}

void paintEdgedHatch(Canvas& canvas, const FrameParts& parts, double fromX, double toX)
{
    const ChartColors& colors = parts.input.colors;
    const int hair = parts.px(1), from = pixel(fromX), to = pixel(toX);
    canvas.hatch(from, to - from, parts.px(hatchSpacing), hair, parts.phase(), mixed(colors.gap, colors.background, 0.35));
    for (const int edge : {from, to - hair})
        canvas.fill(edge, 0, hair, canvas.height(), colors.gap.rgb());
}

} // namespace

int FrameParts::px(qreal logical) const
{
    return std::max(1, static_cast<int>(std::lround(logical * input.pixelRatio)));
}

std::vector<TraceGap> frameGaps(const FrameParts& parts, double leastPx)
{
    std::vector<TraceGap> gaps;
    for (const FrameLine& line : parts.lines)
        for (const TraceGap& gap : line.trace.gaps(leastPx))
            gaps.push_back(gap);
    std::sort(gaps.begin(), gaps.end(), [](const TraceGap& a, const TraceGap& b) { return a.from < b.from; });
    std::vector<TraceGap> united;
    for (const TraceGap& gap : gaps) {
        if (united.empty() || gap.from > united.back().to) {
            united.push_back(gap);
        } else if (gap.to > united.back().to) {
            united.back().to = gap.to;
            united.back().toX = gap.toX;
        }
    }
    std::erase_if(united, [&](const TraceGap& gap) {
        return std::any_of(parts.input.marks.begin(), parts.input.marks.end(), [&](const ChartMark& mark) {
            return mark.kind == ChartMark::Kind::Offline && mark.range.from <= gap.to && gap.from <= mark.range.to;
        });
    });
    return united;
}

std::optional<Timestamp> frameSummarisedUntil(const FrameParts& parts)
{
    std::optional<Timestamp> until;
    for (const FrameLine& line : parts.lines)
        if (!line.series->series->isWhole(parts.frame.time.range()))
            until = std::max(until.value_or(Timestamp::min()), line.series->series->remnants().lastTime());
    return until;
}

/// What lies between the cursors.
void paintMeasured(Canvas& canvas, const FrameParts& parts)
{
    if (!parts.input.cursors)
        return;
    const TimeRange between = parts.input.cursors->between();
    const int from = pixel(std::floor(parts.frame.time.x(between.from))), to = pixel(parts.frame.time.x(between.to));
    canvas.fill(from, 0, to - from, canvas.height(), parts.input.colors.selection.rgb());
}

void paintGrid(Canvas& canvas, const FrameParts& parts)
{
    const QRgb color = parts.input.colors.grid.rgb();
    const int hair = parts.px(1);
    for (const TimeTick& tick : parts.times)
        canvas.fill(pixel(std::floor(parts.frame.time.x(tick.time))), 0, hair, canvas.height(), color);
    if (parts.frame.axes.empty())
        return;
    const FrameAxis& axis = parts.frame.axes.front();
    for (const NumberTick& tick : axis.ticks.ticks)
        canvas.fill(0, pixel(axis.values.y(tick.value)) - hair / 2, canvas.width(), hair, color);
}

void paintGaps(Canvas& canvas, const FrameParts& parts)
{
    for (const TraceGap& gap : parts.gaps)
        paintEdgedHatch(canvas, parts, gap.fromX, gap.toX);
    if (parts.summarisedUntil)
        for (int y = 0; y < canvas.height(); y += parts.px(4))
            canvas.fill(pixel(parts.frame.time.x(*parts.summarisedUntil)), y, parts.px(1), parts.px(2),
                        parts.input.colors.gap.rgb());
}

QColor laneColor(const ChartColors& colors, const FrameLine& line, double value)
{
    if (line.series->info->kind == SeriesKind::Boolean)
        return value == 0 ? QColor::fromRgb(mixed(line.color, colors.background, 0.18)) : line.color;
    const int index = static_cast<int>(std::clamp(value, 0.0, 1e6));
    const double strength = index / static_cast<int>(colors.series.size()) % 2 == 0 ? 0.45 : 0.25;
    return QColor::fromRgb(mixed(colors.seriesColor(index), colors.background, strength));
}

void paintLanes(Canvas& canvas, const FrameParts& parts)
{
    const int hair = parts.px(1), padding = parts.px(lanePadding);
    for (const FrameLine& line : parts.lines) {
        if (line.lane < 0)
            continue;
        const int top = parts.frame.lanesTop + line.lane * parts.frame.laneHeight;
        const int height = std::max(parts.frame.laneHeight - 2 * padding, 1);
        for (const TraceRun& run : line.trace.runs()) {
            const int from = pixel(run.fromX), to = pixel(std::max(run.toX, run.fromX + leastRunPx));
            if (run.value)
                canvas.fill(from, top + padding, to - from, height, laneColor(parts.input.colors, line, *run.value).rgb());
            else // several values in a pixel
                canvas.fill(from, top + padding + height / 4, to - from, std::max(height / 2, 1), parts.input.colors.axis.rgb());
            if (run.value)
                canvas.fill(from, top + padding, hair, height,
                            mixed(parts.input.colors.text, parts.input.colors.background, 0.5));
        }
    }
}

void paintLimits(Canvas& canvas, const FrameParts& parts)
{
    for (const ChartLimit& limit : parts.input.limits)
        for (const FrameAxis& axis : parts.frame.axes)
            if (axis.unit == limit.unit)
                canvas.dashes(pixel(axis.values.y(limit.value)), parts.px(1), parts.px(6), parts.px(4),
                              parts.input.colors.limit.rgb());
}

void paintLines(Canvas& canvas, const FrameParts& parts)
{
    const qreal ratio = parts.input.pixelRatio;
    for (FrameLine& line : parts.lines) {
        if (line.lane >= 0)
            continue;
        line.stroke = line.trace.line(parts.scaleOf(line), (line.series->width > 0 ? line.series->width : lineWidth) * ratio);
        canvas.line(line.trace, parts.scaleOf(line), *line.stroke, line.color.rgb(), dashOf(parts, *line.series));
    }
}

void paintMarks(Canvas& canvas, const FrameParts& parts)
{
    const int hair = parts.px(1);
    for (const ChartMark& mark : parts.input.marks) {
        const double from = parts.frame.time.x(mark.range.from), to = parts.frame.time.x(mark.range.to);
        if (to < 0 || from > canvas.width())
            continue;
        if (mark.kind == ChartMark::Kind::Offline) {
            paintEdgedHatch(canvas, parts, from, std::max(to, from + 3.0 * hair));
            continue;
        }
        const QColor& color = mark.kind == ChartMark::Kind::Live ? parts.input.colors.accent : parts.input.colors.limit;
        for (int y = 0; y < canvas.height(); y += parts.px(4))
            canvas.fill(pixel(from), y, hair, parts.px(2), color.rgb());
    }
}

void paintCursors(Canvas& canvas, const FrameParts& parts)
{
    if (!parts.input.cursors)
        return;
    const QRgb color = parts.input.colors.cursor.rgb();
    const int hair = parts.px(1), on = parts.px(5), off = parts.px(3);
    const int a = pixel(std::floor(parts.frame.time.x(parts.input.cursors->a)));
    const int b = pixel(std::floor(parts.frame.time.x(parts.input.cursors->b)));
    canvas.fill(a, 0, hair, canvas.height(), color);
    for (int y = 0; y < canvas.height(); y += on + off)
        canvas.fill(b, y, hair, on, color);
}

} // namespace iotman
