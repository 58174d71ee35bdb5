#include "core/series/statistics.h"

#include "core/series/series.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr double microseconds = 1e6;

std::optional<double> ifFinite(double value)
{
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

} // namespace

double medianOf(std::vector<double>& values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    const double below = *std::max_element(values.begin(), middle);
    return below / 2 + *middle / 2;
}

/// Two passes: the centred sums of a chunk need its means first.
Moments Chunk::moments(std::size_t from, std::size_t to) const
{
    Moments sums;
    for (std::size_t i = from; i < to; ++i) {
        if (std::isnan(values_[i]))
            continue;
        ++sums.count;
        sums.meanTime += static_cast<double>(time(i) - base_);
        sums.meanValue += values_[i] / static_cast<double>(capacity); // so that a sum of finite values is finite
    }
    if (sums.count == 0)
        return sums;
    sums.meanTime /= static_cast<double>(sums.count);
    sums.meanValue *= static_cast<double>(capacity) / static_cast<double>(sums.count);
    for (std::size_t i = from; i < to; ++i) {
        if (std::isnan(values_[i]))
            continue;
        const double time = static_cast<double>(this->time(i) - base_) - sums.meanTime;
        const double value = values_[i] - sums.meanValue;
        sums.timeSquares += time * time;
        sums.valueSquares += value * value;
        sums.products += time * value;
    }
    return sums;
}

const Moments& Series::Entry::sums() const
{
    if (!moments)
        moments = chunk->moments(0, size);
    return *moments;
}

/// Whole chunks by their sums, those at the edges sample by sample.
Statistics Series::statistics(TimeRange range) const
{
    Moments sums;
    const Remnants::Places dropped = remnants_.touched(range);
    for (std::size_t i = dropped.first; i < dropped.last; ++i) {
        const Remnant& run = remnants_.runs()[i];
        sums.merge(run.moments.movedBy(run.summary.firstTime - range.from.us));
    }
    for (auto entry = firstEntry(range); entry != directory_.end() && entry->total.firstTime < range.to.us; ++entry) {
        const Chunk& chunk = *entry->chunk;
        const bool isWhole = range.contains({entry->total.firstTime}) && range.contains({entry->total.lastTime});
        const Moments part =
            isWhole ? entry->sums() : chunk.moments(chunk.lowerBound(range.from.us), chunk.lowerBound(range.to.us));
        sums.merge(part.movedBy(chunk.base() - range.from.us));
    }
    Statistics statistics;
    statistics.count = sums.count;
    if (sums.count == 0)
        return statistics;
    const ValueRange values = *valueRange(range);
    statistics.min = values.min;
    statistics.max = values.max;
    statistics.mean = std::clamp(sums.meanValue, values.min, values.max);
    if (sums.count > 1)
        statistics.standardDeviation = ifFinite(std::sqrt(sums.valueSquares / static_cast<double>(sums.count - 1)));
    if (sums.timeSquares > 0)
        statistics.slopePerSecond = ifFinite(sums.products / sums.timeSquares * microseconds);
    return statistics;
}

std::vector<double> Series::values(TimeRange range) const
{
    std::vector<double> values;
    values.reserve(count(range));
    for (auto entry = firstEntry(range); entry != directory_.end() && entry->total.firstTime < range.to.us; ++entry) {
        const Chunk& chunk = *entry->chunk;
        const std::size_t to = chunk.lowerBound(range.to.us);
        for (std::size_t i = chunk.lowerBound(range.from.us); i < to; ++i)
            if (!std::isnan(chunk.value(i)))
                values.push_back(chunk.value(i));
    }
    return values;
}

} // namespace iotman
