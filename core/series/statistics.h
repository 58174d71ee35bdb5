// What the values of a stretch of time come to.
#pragma once

#include "core/model/timestamp.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace iotman {

/// Of the usable values in a range. Without any, only `count` has a meaning.
struct Statistics {
    std::size_t count = 0;
    double min = 0, max = 0;
    double mean = 0;
    std::optional<double> standardDeviation; ///< of a sample (n - 1): of two values or more, and where it is finite
    std::optional<double> slopePerSecond;    ///< least squares; of two times or more, and where it is finite
};

/// The middle value, or the mean of the two middle ones. Reorders `values`, which must not be empty nor hold a NaN. Linear.
double medianOf(std::vector<double>& values);

} // namespace iotman
