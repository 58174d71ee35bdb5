// The virtual now of a replay.
#pragma once

#include "core/model/timestamp.h"

#include <chrono>

namespace iotman::pipeline {

/// Runs through recorded times at a speed, and says which time each of them has in the replay: all are moved by the same amount,
/// so their distances stay. It never goes back. A value: what moment it is, is handed in.
class ReplayClock {
public:
    using Moment = std::chrono::steady_clock::time_point;

    /// At `moment` it is `recorded` in the recording, and `now` in the replay. A speed of 0 stands still.
    ReplayClock(Timestamp recorded, Timestamp now, double speed, Moment moment);

    Timestamp recorded(Moment moment) const;
    Timestamp now(Moment moment) const { return moved(recorded(moment)); }
    Timestamp moved(Timestamp recorded) const { return {recorded.us + moved_}; }

    /// From `moment` on.
    void setSpeed(double speed, Moment moment);
    /// Jumps ahead to `recorded`; where it is beyond that already, it stays.
    void advanceTo(Timestamp recorded, Moment moment);

private:
    Timestamp from_;
    Moment since_;
    double speed_;
    std::int64_t moved_;
};

} // namespace iotman::pipeline
