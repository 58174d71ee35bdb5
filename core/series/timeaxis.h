// Ticks of an axis of time in a time zone, and times as people read them. Pure functions: the zone is handed in.
#pragma once

#include "core/series/timerange.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace iotman {

/// Seconds that local clocks are ahead of UTC at a moment.
using OffsetAt = std::function<int(Timestamp)>;

/// Short names, January first: `Jan` … `Dec` in the reader's language.
using MonthNames = std::array<std::string, 12>;
const MonthNames& englishMonths();

enum class TimeUnit { Microsecond, Second, Hour, Day, Month, Year };

/// The distance of ticks: `count` units. Milliseconds are 1,000 microseconds, minutes 60 seconds.
struct TimeStep {
    TimeUnit unit = TimeUnit::Second;
    std::int64_t count = 1;

    bool operator==(const TimeStep&) const = default;
    /// Nominal length in µs; months and years have their mean length.
    double us() const;
};

struct TimeTick {
    Timestamp time;
    CivilTime local;
    std::string text;
};

/// The shortest usual step that is at least `rough` µs long, 1 µs at the least.
TimeStep niceTimeStep(double rough);

/// The moments in `range` at which local clocks show a multiple of the step, in order. An hour that clocks repeat has its
/// ticks twice, an hour they skip has none. `range` must be at most 2,000 steps long.
std::vector<TimeTick> timeTicks(TimeRange range, TimeStep step, const OffsetAt& offsetAt, const MonthNames& months);

/// `25 Nov 2026`.
std::string dateText(const CivilTime& local, const MonthNames& months);
/// `14:02:31.25`: as many decimals as the time has.
std::string clockText(const CivilTime& local);
/// `UTC−8`, `UTC+5:30`, `UTC`.
std::string offsetText(int seconds);
CivilTime localTime(Timestamp time, const OffsetAt& offsetAt);

} // namespace iotman
