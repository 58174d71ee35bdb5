// What is known of a run of consecutive samples without looking at them again.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace iotman {

/// The summary of consecutive samples of one series, in order of time. A sample without a usable value is a *null*.
struct Summary {
    std::int64_t firstTime = 0, lastTime = 0; ///< of the first and last sample, null or not; µs since 1970
    double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
    double first = std::numeric_limits<double>::quiet_NaN(); ///< the first value that is not null
    double last = std::numeric_limits<double>::quiet_NaN();  ///< the last value that is not null
    float typicalInterval = 0; ///< µs; median of the intervals of the last block of samples, 0 while unknown
    std::uint16_t values = 0;  ///< samples that are not null
    bool startsNull = false, endsNull = false;

    /// Adds the sample that follows. `isFirst`: nothing was added before.
    void add(std::int64_t time, double value, bool isFirst)
    {
        const bool null = std::isnan(value);
        if (isFirst) {
            firstTime = time;
            startsNull = null;
        }
        lastTime = time;
        endsNull = null;
        if (null)
            return;
        if (values == 0)
            first = value;
        last = value;
        min = value < min ? value : min;
        max = value > max ? value : max;
        ++values;
    }

    /// Appends the summary of the samples that follow. `isFirst`: nothing was added before.
    void add(const Summary& next, bool isFirst)
    {
        if (isFirst) {
            *this = next;
            return;
        }
        lastTime = next.lastTime;
        endsNull = next.endsNull;
        typicalInterval = next.typicalInterval;
        if (next.values == 0)
            return;
        if (values == 0)
            first = next.first;
        last = next.last;
        min = next.min < min ? next.min : min;
        max = next.max > max ? next.max : max;
        values = static_cast<std::uint16_t>(values + next.values);
    }
};

} // namespace iotman
