// Days and weeks of the proleptic Gregorian calendar.
#pragma once

#include <cstdint>

namespace iotman::rules {

struct CivilDate {
    std::int64_t year = 0; ///< 0 is 1 BC
    int month = 1, day = 1;
};

/// `days` since 1970-01-01.
CivilDate civilDate(std::int64_t days);
bool isLeapYear(std::int64_t year);
/// Of month 1 to 12.
int daysInMonth(std::int64_t year, int month);
/// The Monday that begins week `week` of an ISO 8601 year, in days since 1970-01-01.
std::int64_t isoWeekBegin(std::int64_t year, std::int64_t week);

/// The day number that `J` counts (from 4714-11-24 BC) of 1970-01-01.
inline constexpr std::int64_t julianDayOf1970 = 2'440'588;

} // namespace iotman::rules
