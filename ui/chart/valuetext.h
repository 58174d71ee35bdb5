// Values of a series as texts.
#pragma once

#include "core/series/seriesset.h"

#include <QString>

namespace iotman {

/// All digits, with the unit; a boolean as a word.
QString exactValueText(const SeriesInfo& info, double value);
/// `true`, `false`.
QString booleanText(double value);

} // namespace iotman
