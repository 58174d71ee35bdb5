// A half-open stretch of time, and the times a chart can hold.
#pragma once

#include "core/model/timestamp.h"

#include <cstdint>

namespace iotman {

/// [from, to): `from` belongs to it, `to` does not. Empty unless from < to.
struct TimeRange {
    Timestamp from, to;

    bool operator==(const TimeRange&) const = default;

    constexpr bool isEmpty() const { return to.us <= from.us; }
    constexpr bool contains(Timestamp time) const { return from.us <= time.us && time.us < to.us; }
    /// Microseconds; the range must lie within the usable times, so that the difference cannot overflow.
    constexpr std::int64_t span() const { return to.us - from.us; }
};

/// 100,000 years of 365.25 days either side of 1970, in microseconds. The difference of two such times fits 64 bits.
inline constexpr std::int64_t farthestTime = 3'155'760'000'000'000'000;

constexpr bool isUsable(Timestamp time)
{
    return -farthestTime <= time.us && time.us <= farthestTime;
}

} // namespace iotman
