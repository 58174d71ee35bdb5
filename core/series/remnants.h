// What is left of samples that were dropped to save memory.
#pragma once

#include "core/series/moments.h"
#include "core/series/summary.h"
#include "core/series/timerange.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace iotman {

/// A run of consecutive samples of which only this is known.
struct Remnant {
    Summary summary; ///< but for `values`, which `moments.count` is instead: there may be more than fit
    Moments moments; ///< times are counted from summary.firstTime
};

/// The runs of one series, in order of time, without overlaps. Each was as many samples as fit into one; when there are too many
/// runs, neighbours are united, so that a history without end needs a bounded place and no extreme value is lost.
class Remnants {
public:
    bool isEmpty() const { return runs_.empty(); }
    const std::vector<Remnant>& runs() const { return runs_; }
    std::size_t bytes() const { return runs_.capacity() * sizeof(Remnant); }
    /// Of the first and last sample; there must be one.
    Timestamp firstTime() const { return {runs_.front().summary.firstTime}; }
    Timestamp lastTime() const { return {runs_.back().summary.lastTime}; }
    /// Some run has samples that may lie in `range`.
    bool touch(TimeRange range) const;
    /// The runs that do, [first, last).
    struct Places {
        std::size_t first = 0, last = 0;
    };
    Places touched(TimeRange range) const;

    /// Adds a run that is later than all others.
    void append(const Remnant& run);
    /// Adds one sample that is no later than the last run; NaN is a null.
    void insert(std::int64_t time, double value);
    /// Forgets the runs that lie in `range` as a whole.
    void clearWithin(TimeRange range);
    /// Unites neighbours: half as many runs, each twice as long.
    void coarsen();
    void clear();

private:
    static constexpr std::size_t firstSamples = 1024;

    std::vector<Remnant> runs_;
    std::size_t samplesInRun_ = firstSamples; ///< a run of fewer takes a late sample beside it
};

} // namespace iotman
