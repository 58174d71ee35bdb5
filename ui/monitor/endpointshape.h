// What the first items of an endpoint say about all of them: what to plot, against which time, in how many lines.
#pragma once

#include "core/client/page.h"
#include "ui/monitor/derivedfield.h"
#include "ui/monitor/itemfields.h"
#include "ui/monitor/itemtime.h"

#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// What a field is good for. Only measurements are plotted unasked.
enum class FieldRole {
    Measurement,
    Constant, ///< a number or boolean that never changed
    Id,       ///< names or counts things: whole numbers called so, of more than 15 digits, or rising by the same step every time
    Time,     ///< see `shapeOf`
    State,    ///< a text
};

struct FieldShape {
    std::string path;
    FieldType type = FieldType::Empty;
    FieldRole role = FieldRole::Measurement;
    EpochUnit unit = EpochUnit::Seconds; ///< of a number that is a time
};

/// Which time a value is drawn at.
enum class TimeSource {
    Datapoint, ///< the time that the server tells beside each item
    Field,     ///< a field of the item
    Arrival,   ///< when it came here; what is of the past has no time then and is left out
};

/// How items become lines: decided by `shapeOf`, changed by people.
struct ReadingRule {
    TimeSource time = TimeSource::Datapoint;
    std::string timeField; ///< path, for TimeSource::Field
    EpochUnit timeUnit = EpochUnit::Seconds;
    std::string splitField;                 ///< path: every field gets a line for each of its texts; empty: one line a field
    std::vector<DerivedField> derived = {}; ///< further fields

    bool operator==(const ReadingRule&) const = default;
};

struct EndpointShape {
    std::vector<FieldShape> fields; ///< in the order of the items
    ReadingRule rule;
    /// Texts with few values: `rule.splitField` may be one of them.
    std::vector<std::string> splitFields;
    bool tellsTimes = false;          ///< the server tells each item's time
    std::int64_t typicalInterval = 0; ///< µs between neighbouring times; 0 when unknown

    const FieldShape* field(std::string_view path) const;
};

/// Texts with more values than this are no reason for lines of their own.
inline constexpr std::size_t mostSplitValues = 12;

/// Looks at a sample of items.
///
/// A field is a time when its value equals the time the server tells, in every item; when it is called like one (`ts`,
/// `timestamp`, `created_at` …) and holds numbers from 1e8 on, or any texts that are times. The time of a value is the one that
/// the server tells, else the first such field, else the arrival.
///
/// Lines are split by a text of 2 to 12 values when at least half of the items share their time with another item and, among
/// items of one time, that text is never the same twice: then it says which thing each item is about. Of several the one with
/// the fewest values counts.
EndpointShape shapeOf(const std::vector<client::Item>& sample);

} // namespace iotman
