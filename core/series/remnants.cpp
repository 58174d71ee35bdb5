#include "core/series/remnants.h"

#include <algorithm>

namespace iotman {

namespace {

/// Adds the samples of `next`, which follow.
void unite(Remnant& run, const Remnant& next)
{
    run.moments.merge(next.moments.movedBy(next.summary.firstTime - run.summary.firstTime));
    // Summary counts in 16 bits whether there are values at all; how many, the moments know.
    Summary part = next.summary;
    part.values = part.values > 0 ? 1 : 0;
    run.summary.values = run.summary.values > 0 ? 1 : 0;
    run.summary.add(part, false);
}

Remnant runOf(std::int64_t time, double value)
{
    Remnant run;
    run.summary.add(time, value, true);
    if (!std::isnan(value)) {
        run.moments.count = 1;
        run.moments.meanValue = value;
    }
    return run;
}

} // namespace

Remnants::Places Remnants::touched(TimeRange range) const
{
    const auto first = std::partition_point(runs_.begin(), runs_.end(),
                                            [&](const Remnant& run) { return run.summary.lastTime < range.from.us; });
    const auto last =
        std::partition_point(first, runs_.end(), [&](const Remnant& run) { return run.summary.firstTime < range.to.us; });
    return {static_cast<std::size_t>(first - runs_.begin()), static_cast<std::size_t>(last - runs_.begin())};
}

bool Remnants::touch(TimeRange range) const
{
    const Places places = touched(range);
    return places.first < places.last;
}

void Remnants::append(const Remnant& run)
{
    runs_.push_back(run);
}

/// Into the run that it lies in or follows, unless that is full; then it is the first of a new one.
void Remnants::insert(std::int64_t time, double value)
{
    const auto after =
        std::partition_point(runs_.begin(), runs_.end(), [time](const Remnant& run) { return run.summary.firstTime <= time; });
    if (after != runs_.begin()) {
        Remnant& run = *std::prev(after);
        if (time < run.summary.lastTime) { // its first and last value stay
            Remnant inside = runOf(time, value);
            run.moments.merge(inside.moments.movedBy(time - run.summary.firstTime));
            if (std::isnan(value))
                return;
            if (run.summary.values == 0)
                run.summary.first = run.summary.last = value;
            run.summary.min = std::min(run.summary.min, value);
            run.summary.max = std::max(run.summary.max, value);
            run.summary.values = 1;
            return;
        }
        if (run.moments.count < samplesInRun_)
            return unite(run, runOf(time, value));
    }
    runs_.insert(after, runOf(time, value));
}

void Remnants::clearWithin(TimeRange range)
{
    std::erase_if(runs_, [range](const Remnant& run) {
        return range.contains({run.summary.firstTime}) && range.contains({run.summary.lastTime});
    });
}

void Remnants::coarsen()
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < runs_.size(); i += 2) {
        Remnant run = runs_[i];
        if (i + 1 < runs_.size())
            unite(run, runs_[i + 1]);
        runs_[kept++] = run;
    }
    runs_.resize(kept);
    runs_.shrink_to_fit();
    samplesInRun_ *= 2;
}

void Remnants::clear()
{
    runs_.clear();
    runs_.shrink_to_fit();
    samplesInRun_ = firstSamples;
}

} // namespace iotman
