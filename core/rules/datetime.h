// What the method `datetime()` makes of text.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::rules {

/// A date, a time or both, with or without a zone: PostgreSQL's five types.
struct Datetime {
    enum class Type : std::uint8_t { Date, Time, TimeTz, Timestamp, TimestampTz };

    Type type = Type::Timestamp;
    std::int64_t us = 0;   ///< µs of the day for times, else since 1970-01-01 00:00, UTC for TimestampTz
    std::int32_t zone = 0; ///< seconds east of UTC, of TimeTz and as written for TimestampTz

    std::string_view typeName() const;
    /// ISO 8601, as jsonb spells it: `2024-03-09T13:05:09.25+09:00`.
    void append(std::string& out) const;
};

/// Why two datetimes do not compare, or how they do.
struct DatetimeOrder {
    enum class Outcome { Ordered, Incomparable, NeedsZone };
    Outcome outcome = Outcome::Ordered;
    int order = 0; ///< negative, zero, positive
};
/// Values with a zone and without one do not compare: the workspace has no time zone of its own, as jsonb_path_query.
DatetimeOrder compare(const Datetime& a, const Datetime& b);

/// The ISO formats that `datetime()` knows without a template, first fit. Nothing when none fits.
/// Errors: BadRequest when one fits in form, but a part is out of range.
Expected<std::optional<Datetime>> parseDatetime(std::string_view text);

/// By a template of SQL's `CAST … FORMAT`, as PostgreSQL 15's `datetime(template)`. Errors: BadRequest.
Expected<Datetime> parseDatetime(std::string_view text, std::string_view format);

} // namespace iotman::rules
