#include "core/series/derivation.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace iotman {

namespace {

constexpr Timestamp farPast{-farthestTime};
constexpr std::size_t sumAgainAfter = 4096; ///< steps of a running sum, so that its rounding does not grow

TimeRange from(Timestamp time)
{
    return {time, {farthestTime}};
}

} // namespace

Derivation::Seen Derivation::look(const Series& series)
{
    return {series.late(), series.size(), series.isEmpty() ? std::nullopt : std::optional(series.lastTime())};
}

/// Nothing came before what was seen last, and nothing of it went but the oldest.
bool Derivation::isInOrder(const Series& series, const Seen& seen)
{
    if (series.late() != seen.late)
        return false;
    return !seen.last || (!series.isEmpty() && series.lastTime() >= *seen.last);
}

void Derivation::update(SeriesSet& set, SeriesId source, std::optional<SeriesId> other, SeriesId target)
{
    const Series& from = set.series(source);
    const Series* less = other ? &set.series(*other) : nullptr;
    // A sample that shares the time of the last one may still come; it counts as late here.
    const bool isSameTime = source_.last && !from.isEmpty() && from.count({*source_.last, {source_.last->us + 1}}) > 1;
    if (!isInOrder(from, source_) || isSameTime || (less && !isInOrder(*less, other_))) {
        set.clear(target);
        source_.last.reset();
    }
    const Timestamp after = source_.last.value_or(farPast);
    if (!from.isEmpty() && from.lastTime() > after) {
        if (kind_ == Kind::Rate)
            addRates(set, from, target, after);
        else if (kind_ == Kind::MovingMean)
            addMeans(set, from, target, after);
        else if (less)
            addDifferences(set, from, *less, target, after);
    }
    source_ = look(from);
    if (less)
        other_ = look(*less);
}

void Derivation::addRates(SeriesSet& set, const Series& source, SeriesId target, Timestamp after) const
{
    std::optional<Point> before;
    for (const Point& point : source.points(iotman::from({after.us + 1}))) {
        if (point.gapBefore)
            before.reset();
        if (before && point.time > after && point.time > before->time) {
            const double seconds = static_cast<double>(point.time.us - before->time.us) / 1e6;
            set.append(target, point.time, (point.value - before->value) / seconds);
        } else if (!before && point.time > after) {
            set.append(target, point.time, std::numeric_limits<double>::quiet_NaN());
        }
        before = point;
    }
}

void Derivation::addMeans(SeriesSet& set, const Series& source, SeriesId target, Timestamp after) const
{
    const std::vector<Point> points = source.points(iotman::from({std::max(after.us - window_, -farthestTime)}));
    std::size_t first = 0, steps = 0;
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        sum += points[i].value;
        for (; points[first].time.us <= points[i].time.us - window_; ++first)
            sum -= points[first].value;
        if (++steps == sumAgainAfter || !std::isfinite(sum)) {
            sum = 0;
            for (std::size_t k = first; k <= i; ++k)
                sum += points[k].value;
            steps = 0;
        }
        if (points[i].time <= after)
            continue;
        if (points[i].gapBefore)
            set.breakAt(target, points[i].time);
        set.append(target, points[i].time, sum / static_cast<double>(i - first + 1));
    }
}

void Derivation::addDifferences(SeriesSet& set, const Series& source, const Series& other, SeriesId target, Timestamp after) const
{
    const std::vector<Point> less = other.points(iotman::from({after.us + 1}));
    std::size_t next = 0;
    for (const Point& point : source.points(iotman::from({after.us + 1}))) {
        if (point.time <= after)
            continue;
        while (next < less.size() && less[next].time <= point.time)
            ++next;
        if (point.gapBefore)
            set.breakAt(target, point.time);
        if (next > 0)
            set.append(target, point.time, point.value - less[next - 1].value);
    }
}

} // namespace iotman
