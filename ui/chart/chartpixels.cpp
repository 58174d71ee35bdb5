// The parts of a frame that go straight into pixels: grid, gaps, lines.
#include "ui/chart/chartparts.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr qreal lineWidth = 1.6;
constexpr qreal hatchSpacing = 7;

/// Later rounds of colours are told apart by their dashes.
Dash dashOf(const FrameParts& parts, const FrameSeries& series)
{
    if (!parts.isDashed(series))
        return {1, 0, parts.phase()};
    const int round = series.derived ? 0 : series.colorIndex / 8;
    const int on = round == 0 ? 6 : round == 1 ? 8 : 2;
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

} // namespace

int FrameParts::px(qreal logical) const
{
    return std::max(1, static_cast<int>(std::lround(logical * input.pixelRatio)));
}

std::vector<TraceGap> frameGaps(const std::vector<FrameLine>& lines, double leastPx)
{
    std::vector<TraceGap> gaps;
    for (const FrameLine& line : lines)
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
    return united;
}

void paintGrid(const Canvas& canvas, const FrameParts& parts)
{
    const PixelBuffer& buffer = canvas.buffer();
    const QRgb color = parts.input.colors.grid.rgb();
    const int hair = parts.px(1);
    for (const TimeTick& tick : parts.times)
        canvas.fill(pixel(std::floor(parts.frame.time.x(tick.time))), 0, hair, buffer.height, color);
    for (const NumberTick& tick : parts.values.ticks)
        canvas.fill(0, pixel(parts.frame.values.y(tick.value)) - hair / 2, buffer.width, hair, color);
}

void paintGaps(const Canvas& canvas, const FrameParts& parts)
{
    const ChartColors& colors = parts.input.colors;
    const int hair = parts.px(1);
    for (const TraceGap& gap : parts.gaps) {
        const int from = pixel(gap.fromX), to = pixel(gap.toX);
        canvas.hatch(from, to - from, parts.px(hatchSpacing), hair, parts.phase(), mixed(colors.gap, colors.background, 0.35));
        for (const int edge : {from, to - hair})
            canvas.fill(edge, 0, hair, canvas.buffer().height, colors.gap.rgb());
    }
}

void paintLines(const Canvas& canvas, const FrameParts& parts)
{
    const qreal ratio = parts.input.pixelRatio;
    for (FrameLine& line : parts.lines) {
        line.stroke = line.trace.line(parts.frame.values, lineWidth * ratio);
        line.stroke->paint(canvas.buffer(), line.color.rgb(), dashOf(parts, *line.series));
    }
}

} // namespace iotman
