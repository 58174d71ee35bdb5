// When the writer merges what came late: for a small part of its time, and hardly while it has much else to do.
#pragma once

#include <chrono>
#include <optional>

namespace iotman::store {

struct MergeTiming {
    /// What came late is left where it is for so long: more of it may come next to it, and is then merged with it.
    std::chrono::milliseconds after;
    /// After each write nothing is merged for so many times as long as it took; what that adds up to ends so long after the last one.
    int restForEach;
    std::chrono::milliseconds mostRest;
    /// A step is due so long after the last one in any case: else where writing is slow nothing would ever be merged.
    std::chrono::milliseconds atLeastEvery;
    /// Nothing is merged for so long after it failed, or could not be: the disk may be full, or the log as long as it may get.
    std::chrono::milliseconds afterFailure;
};
/// A third of the writer's time where nothing else is written; a step now and then where it writes for more than a third of the time.
inline constexpr MergeTiming mergeTiming{std::chrono::seconds(3), 2, std::chrono::seconds(1), std::chrono::seconds(10), std::chrono::minutes(1)};

/// Rounds, each of many small steps. Told what was written; never asks a clock.
class MergePace {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit MergePace(const MergeTiming& timing)
        : timing_(timing)
    {
    }

    /// Late items are there that no round has met.
    void beginRound(TimePoint now) { due_ = steppedAt_ = now + timing_.after; }
    void endRound() { due_.reset(); }
    bool isInRound() const { return due_.has_value(); }

    /// A transaction, a step of the round or another.
    void wrote(TimePoint begin, TimePoint end);
    /// What was just written was a step.
    void stepped(TimePoint now) { steppedAt_ = now; }
    /// A step that failed, or has no room, is tried again later.
    void postpone(TimePoint now) { due_ = now + timing_.afterFailure; }

    /// When the next step is due, if nothing else is written; nothing between rounds.
    std::optional<TimePoint> nextStep() const;

private:
    MergeTiming timing_;
    std::optional<TimePoint> due_;
    TimePoint restsUntil_;
    TimePoint steppedAt_;
};

} // namespace iotman::store
