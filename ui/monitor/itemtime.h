// Times as fields of items spell them.
#pragma once

#include "core/model/timestamp.h"
#include "ui/monitor/itemfields.h"

#include <optional>

namespace iotman {

/// What one step of a number that is a time is worth.
enum class EpochUnit { Seconds, Milliseconds, Microseconds, Nanoseconds };

/// The unit by magnitude: the one that puts `number`, counted from 1970, nearest to our days. Below 1e11 seconds (year 5138),
/// below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds.
EpochUnit epochUnitOf(double number);

/// The time that `value` stands for: a number in `unit`, exactly where it is whole or has no more than six decimals of a second;
/// a text in ISO 8601, UTC where it names no zone. Nothing for what is no time or beyond what a chart holds.
std::optional<Timestamp> timeFrom(const FieldValue& value, EpochUnit unit);

} // namespace iotman
