#include "core/rules/calendar.h"

#include "core/model/timestamp.h"

#include <array>

namespace iotman::rules {

CivilDate civilDate(std::int64_t days)
{
    // Whole eras of 400 years are taken off first, so that any date fits the microseconds of a Timestamp.
    constexpr std::int64_t daysPerEra = 146'097;
    const std::int64_t era = days / daysPerEra;
    const CivilTime civil = civilFromTimestamp({(days - era * daysPerEra) * Timestamp::usPerDay});
    return {civil.year + era * 400, civil.month, civil.day};
}

bool isLeapYear(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(std::int64_t year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeapYear(year) ? 29 : days[static_cast<std::size_t>(month) - 1];
}

std::int64_t isoWeekBegin(std::int64_t year, std::int64_t week)
{
    // January 4th is always in week 1; 1970-01-01 was a Thursday.
    const std::int64_t fourth = daysFromCivil(year, 1, 4);
    const std::int64_t afterMonday = ((fourth + 3) % 7 + 7) % 7;
    return fourth - afterMonday + (week - 1) * 7;
}

} // namespace iotman::rules
