// Ticks of an axis of numbers, and numbers as people read them. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace iotman {

struct NumberTick {
    double value = 0;
    std::string text;
};

/// The ticks of an axis from `low` to `high`. The text of a tick is what it stands for less `offset`.
struct NumberAxis {
    double step = 1; ///< 1, 2 or 5 times a power of ten
    std::vector<NumberTick> ticks;
    /// Where neighbouring ticks would differ in the eighth digit or later: what has to be added to each, else empty.
    std::string offset;
};

/// The least of 1, 2 and 5 times a power of ten that is not less than `rough` (> 0).
double niceStep(double rough);
/// Decimals that show a multiple of `step` whole; at most 17.
int decimalsOf(double step);

/// At most `most` ticks (2 at the least) within low <= high, both finite, with equal decimals.
NumberAxis numberAxis(double low, double high, int most);

/// The same for a logarithmic axis, 0 < low < high: powers of ten, and 2 and 5 times these while there is room.
NumberAxis logAxis(double low, double high, int most);

/// With `decimals` decimals and U+2212 for a minus; a zero has no sign. Beyond 15 digits in scientific form.
std::string fixedText(double value, int decimals);
/// The fewest digits that read back as the same number, U+2212 for a minus: `0.1`, `1e−7`.
std::string exactText(double value);

} // namespace iotman
