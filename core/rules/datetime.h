// What the method `datetime()` makes of text.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::rules {

/// A date, a time or both, with or without a zone: PostgreSQL's five types.
struct Datetime {
    enum class Type : std::uint8_t { Date, Time, TimeTz, Timestamp, TimestampTz };

    Type type = Type::Timestamp;
    std::int64_t days = 0; ///< of a Date: since 1970-01-01
    std::int64_t us = 0;   ///< µs: of the day for times, else since 1970-01-01 00:00, in UTC for TimestampTz
    std::int32_t zone = 0; ///< seconds east of UTC, of TimeTz, and of TimestampTz as it was written

    std::string_view typeName() const;
    /// ISO 8601 as jsonb spells it: `2024-03-09T13:05:09.25+09:00`; years before 1 as `0044-03-15 BC`.
    void append(std::string& out) const;
};

/// How two datetimes compare. Those with a zone and those without do not: there is no time zone of the session, as for
/// PostgreSQL's jsonb_path_query.
struct DatetimeOrder {
    enum class Outcome : std::uint8_t {
        Ordered,
        Incomparable, ///< a time of day and a date
        NeedsZone,    ///< one has a zone, the other has none
    };
    Outcome outcome = Outcome::Ordered;
    int order = 0; ///< negative, zero, positive
};
DatetimeOrder compare(const Datetime& a, const Datetime& b);

/// Why a text is no datetime, with PostgreSQL's number for it.
struct DatetimeFault {
    std::string_view sqlState;
    std::string detail;
    bool inTemplate = false; ///< the template itself is wrong; not even a predicate forgives that
};

/// By a template such as `YYYY-MM-DD"T"HH24:MI:SS`, read strictly, as PostgreSQL 15's `datetime(template)`.
tl::expected<Datetime, DatetimeFault> parseDatetime(std::string_view text, std::string_view format);

/// By the first that fits of the ISO formats that `datetime()` knows without a template; nothing when none does.
std::optional<Datetime> parseDatetime(std::string_view text);

} // namespace iotman::rules
