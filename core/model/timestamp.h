// Points in time as whole microseconds, with their exact decimal text.
#pragma once

#include "core/model/error.h"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace iotman {

/// Microseconds since 1970-01-01T00:00:00Z, negative before it. Leap seconds do not exist (as in POSIX).
struct Timestamp {
    std::int64_t us = 0;

    auto operator<=>(const Timestamp&) const = default;

    static constexpr std::int64_t usPerSecond = 1'000'000;
    static constexpr std::int64_t usPerDay = 86'400 * usPerSecond;

    /// Unix seconds as URLs and JSON spell them: whole, or with up to six decimals, no exponent, no sign but a minus.
    /// What only makes sense in a finer unit (1e11 and beyond) is refused and the value in seconds is named.
    /// Errors: BadRequest, with `field` as the parameter at fault.
    static Expected<Timestamp> parseSeconds(std::string_view text, std::string_view field);

    /// ISO 8601 with a zone: `2024-01-31T10:00:00.123456Z`, `2024-01-31 10:00+09:00`, `20240131T100000Z`. Digits past the
    /// sixth are cut towards the past; a leap second is the second after it. Errors: BadRequest.
    static Expected<Timestamp> parseIso(std::string_view text);

    /// The same moment as `parseSeconds` reads it: no trailing zeros, `-0.5`, `1700000000.000007`.
    std::string seconds() const;

    /// UTC, `2024-01-31T10:00:00.5Z`; no decimals where there are none.
    std::string iso() const;

    static constexpr Timestamp min() { return {std::numeric_limits<std::int64_t>::min()}; }
    static constexpr Timestamp max() { return {std::numeric_limits<std::int64_t>::max()}; }
};

/// Times at or beyond this many seconds, either side of 1970, are taken for milliseconds or finer and refused.
inline constexpr std::int64_t secondsLimit = 100'000'000'000;

/// A unit of time finer than seconds, by how many decimals of a second it counts.
struct FinerUnit {
    std::string_view name; ///< “milliseconds”
    std::size_t decimals = 0;
};

/// The unit that a plain decimal number, too large for Unix seconds, counts in by its digits before the point; nothing where it
/// is too large for any.
std::optional<FinerUnit> finerUnitOf(std::string_view number);

/// A calendar date and time of day without a zone, proleptic Gregorian.
struct CivilTime {
    std::int64_t year = 1970;
    int month = 1, day = 1, hour = 0, minute = 0, second = 0;
    std::int64_t us = 0; ///< below the second
};

/// Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
std::int64_t daysFromCivil(std::int64_t year, int month, int day);
/// From 0:00 to 24:00, the end of the day; a leap second is one. Unix time has none: it is the first second of the next minute.
bool isTimeOfDay(const CivilTime& civil);
CivilTime civilFromTimestamp(Timestamp utc);
Timestamp timestampFromCivil(const CivilTime& utc);

/// The longest prefix of `text` that is `YYYY-MM-DD` (or with `/`), optionally followed by `T` or a blank and
/// `hh:mm[:ss[.fraction]]`; `rest` gets what follows. Errors: BadRequest when there is no such prefix or a part is out of range.
Expected<CivilTime> parseCivil(std::string_view text, std::string_view& rest);

} // namespace iotman
