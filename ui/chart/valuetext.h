// Values of a series as texts.
#pragma once

#include "core/series/seriesset.h"

#include <QString>

namespace iotman {

/// All digits, with the unit; a boolean as a word, a state as its text.
QString exactValueText(const SeriesInfo& info, double value);
/// The same without the unit.
QString bareValueText(const SeriesInfo& info, double value);
/// The same where there is little room: long texts are cut, and of numbers that need more there are seven significant digits.
QString shortValueText(const SeriesInfo& info, double value);
/// How many decimals the shortest exact text of `value` has; none when it is written with an exponent.
int decimalsIn(double value);
/// `true`, `false`.
QString booleanText(double value);
/// The text of a state.
QString stateText(const SeriesInfo& info, double value);
/// As many digits as a difference of values and means deserve: `decimals` at the least, six significant ones at most.
QString roundedText(double value, int decimals);

} // namespace iotman
