// From the numbers read to a date and time.
#include "core/model/timestamp.h"
#include "core/rules/calendar.h"
#include "core/rules/datetimereader.h"

#include <algorithm>
#include <array>
#include <limits>

namespace iotman::rules {

namespace {

constexpr int greatestZoneHour = 15;

DatetimeFault fault(std::string_view sqlState, std::string detail)
{
    return {sqlState, std::move(detail), false};
}
DatetimeFault outOfRange()
{
    return fault("22008", "expected a date and time that exist, but a field is out of range");
}

/// A date under construction, and which of its parts were given.
struct Date {
    std::int64_t year = 0;
    std::int64_t month = 1, day = 1;
    bool hasYear = false, hasMonth = false, hasDay = false;

    void take(std::int64_t days)
    {
        const CivilDate date = civilDate(days);
        year = date.year;
        month = date.month;
        day = date.day;
        hasYear = hasMonth = hasDay = true;
    }
    bool exists() const
    {
        if ((hasMonth && (month < 1 || month > 12)) || (hasDay && (day < 1 || day > 31)))
            return false;
        return !(hasYear && hasMonth && hasDay) || day <= daysInMonth(year, static_cast<int>(month));
    }
};

void takeYear(Date& date, DateNumbers& n)
{
    if (n.year == 0 && n.century == 0)
        return;
    date.hasYear = true;
    if (n.year != 0 && !(n.century != 0 && n.yearDigits <= 2)) {
        date.year = n.beforeChrist != 0 ? -std::int64_t{n.year} : n.year;
        date.year += date.year < 0 ? 1 : 0; // there is no year 0
        return;
    }
    const std::int64_t century = n.beforeChrist != 0 ? -std::int64_t{n.century} : n.century;
    const int ofCentury = n.year % 100;
    if (n.year == 0)
        date.year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    else if (ofCentury == 0)
        date.year = century * 100 + (century >= 0 ? 0 : 1);
    else
        date.year = century >= 0 ? ofCentury + (century - 1) * 100 : (century + 1) * 100 - ofCentury + 1;
}

void takeWeek(Date& date, DateNumbers& n)
{
    if (n.week == 0)
        return;
    if (n.convention != DateConvention::IsoWeek) {
        n.dayOfYear = static_cast<int>(std::clamp<std::int64_t>((std::int64_t{n.week} - 1) * 7 + 1, INT32_MIN, INT32_MAX));
        return;
    }
    std::int64_t days = isoWeekBegin(date.year, n.week);
    if (n.dayOfWeek != 0) // Sunday is 1 and ends the week
        days += n.dayOfWeek > 1 ? n.dayOfWeek - 2 : 6;
    date.take(days);
}

bool takeDayOfYear(Date& date, const DateNumbers& n)
{
    if (n.dayOfYear == 0 || (date.month > 1 && date.day > 1))
        return true;
    if (date.year == 0 && n.beforeChrist == 0)
        return false;
    if (n.convention == DateConvention::IsoWeek) {
        date.take(isoWeekBegin(date.year, 1) - 1 + n.dayOfYear);
        return true;
    }
    int month = 1;
    std::int64_t before = 0;
    while (month <= 12 && n.dayOfYear > before + daysInMonth(date.year, month))
        before += daysInMonth(date.year, month++);
    if (date.month <= 1)
        date.month = month;
    if (date.day <= 1)
        date.day = n.dayOfYear - before;
    date.hasMonth = date.hasDay = true;
    return true;
}

tl::expected<Date, DatetimeFault> dateOf(DateNumbers& n)
{
    Date date;
    takeYear(date, n);
    if (n.julian != 0)
        date.take(n.julian - julianDayOf1970);
    takeWeek(date, n);
    if (n.weekOfMonth != 0)
        n.day = static_cast<int>(std::clamp<std::int64_t>((std::int64_t{n.weekOfMonth} - 1) * 7 + 1, INT32_MIN, INT32_MAX));
    if (n.day != 0) {
        date.day = n.day;
        date.hasDay = true;
    }
    if (n.month != 0) {
        date.month = n.month;
        date.hasMonth = true;
    }
    if (!takeDayOfYear(date, n))
        return tl::unexpected(fault("22007", "expected a year beside the day of the year"));
    if (!date.exists())
        return tl::unexpected(outOfRange());
    return date;
}

/// The time of day as it was read; it may be none.
struct Clock {
    std::int64_t hour = 0, minute = 0, second = 0, us = 0;

    bool exists() const
    {
        return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && us >= 0 && us < Timestamp::usPerSecond;
    }
    std::int64_t ofDay() const { return (hour * 3600 + minute * 60 + second) * Timestamp::usPerSecond + us; }
};

tl::expected<Clock, DatetimeFault> clockOf(const DateNumbers& n)
{
    Clock clock{n.secondOfDay / 3600, n.secondOfDay / 60 % 60, n.secondOfDay % 60,
                std::int64_t{n.milliseconds} * 1000 + n.microseconds};
    clock.second = n.second != 0 ? n.second : clock.second;
    clock.minute = n.minute != 0 ? n.minute : clock.minute;
    clock.hour = n.hour != 0 ? n.hour : clock.hour;
    if (!n.twelveHours)
        return clock;
    if (clock.hour < 1 || clock.hour > 12)
        return tl::unexpected(fault("22007", "expected an hour from 1 to 12 beside AM and PM"));
    clock.hour = clock.hour % 12 + (n.afternoon != 0 ? 12 : 0);
    return clock;
}

/// Rounds to the digits that FF1 to FF6 asked for, halves away from zero.
std::int64_t rounded(std::int64_t us, int digits)
{
    if (digits == 0)
        return us;
    std::int64_t unit = 1;
    for (int i = digits; i < 6; ++i)
        unit *= 10;
    const std::int64_t half = unit / 2;
    return (us >= 0 ? us + half : us - half) / unit * unit;
}

/// PostgreSQL's dates begin in 4714 BC and end in 5874897.
bool isValidDate(const Date& date)
{
    return (date.year > -4713 || (date.year == -4713 && date.month >= 11)) &&
           (date.year < 5'874'898 || (date.year == 5'874'898 && date.month < 6));
}

tl::expected<Datetime, DatetimeFault> assemble(DateNumbers& n, bool dated, bool timed, bool zoned)
{
    // The order of the checks is PostgreSQL's: it decides which of several faults is told.
    const tl::expected<Clock, DatetimeFault> clock = clockOf(n);
    if (!clock)
        return tl::unexpected(clock.error());
    const tl::expected<Date, DatetimeFault> date = dateOf(n);
    if (!date)
        return tl::unexpected(date.error());
    if (!clock->exists())
        return tl::unexpected(outOfRange());
    if (n.zoneSign != 0 && (n.zoneHour < 0 || n.zoneHour > greatestZoneHour || n.zoneMinute < 0 || n.zoneMinute > 59))
        return tl::unexpected(fault("22009", "expected a zone within 15:59 hours of UTC"));
    if (!timed && zoned && dated)
        return tl::unexpected(fault("22007", "expected a time beside the zone in the template"));
    if (!dated && !timed)
        return tl::unexpected(fault("22007", "expected a date or a time in the template"));

    Datetime result;
    result.zone = zoned ? n.zoneSign * (n.zoneHour * 3600 + n.zoneMinute * 60) : 0;
    if (!dated) {
        result.type = zoned ? Datetime::Type::TimeTz : Datetime::Type::Time;
        result.us = rounded(clock->ofDay(), n.fractionDigits);
        return result;
    }
    if (!isValidDate(*date))
        return tl::unexpected(outOfRange());
    result.days = daysFromCivil(date->year, static_cast<int>(date->month), static_cast<int>(date->day));
    if (result.days < -julianDayOf1970)
        return tl::unexpected(outOfRange());
    if (!timed) {
        result.type = Datetime::Type::Date;
        return result;
    }
    result.type = zoned ? Datetime::Type::TimestampTz : Datetime::Type::Timestamp;
    constexpr std::int64_t greatestDay = std::numeric_limits<std::int64_t>::max() / Timestamp::usPerDay - 2;
    if (result.days > greatestDay)
        return tl::unexpected(outOfRange());
    result.us = rounded(result.days * Timestamp::usPerDay + clock->ofDay() - result.zone * Timestamp::usPerSecond, n.fractionDigits);
    return result;
}

} // namespace

tl::expected<Datetime, DatetimeFault> parseDatetime(std::string_view text, std::string_view format)
{
    const tl::expected<std::vector<DatePart>, DatetimeFault> parts = parseDateFormat(format);
    if (!parts)
        return tl::unexpected(parts.error());
    tl::expected<DateNumbers, DatetimeFault> numbers = DatetimeReader(text, *parts).read();
    if (!numbers)
        return tl::unexpected(numbers.error());
    const auto has = [&](bool (*belongs)(DateField)) {
        return std::any_of(parts->begin(), parts->end(),
                           [&](const DatePart& part) { return part.kind == DatePart::Kind::Field && belongs(part.field); });
    };
    return assemble(*numbers, has(isDateField), has(isTimeField), has(isZoneField));
}

std::optional<Datetime> parseDatetime(std::string_view text)
{
    constexpr std::array<std::string_view, 19> formats{
        "yyyy-mm-dd",
        "HH24:MI:SS.USTZH:TZM",
        "HH24:MI:SS.USTZH",
        "HH24:MI:SSTZH:TZM",
        "HH24:MI:SSTZH",
        "HH24:MI:SS.US",
        "HH24:MI:SS",
        "yyyy-mm-dd HH24:MI:SS.USTZH:TZM",
        "yyyy-mm-dd HH24:MI:SS.USTZH",
        "yyyy-mm-dd HH24:MI:SSTZH:TZM",
        "yyyy-mm-dd HH24:MI:SSTZH",
        "yyyy-mm-dd\"T\"HH24:MI:SS.USTZH:TZM",
        "yyyy-mm-dd\"T\"HH24:MI:SS.USTZH",
        "yyyy-mm-dd\"T\"HH24:MI:SSTZH:TZM",
        "yyyy-mm-dd\"T\"HH24:MI:SSTZH",
        "yyyy-mm-dd HH24:MI:SS.US",
        "yyyy-mm-dd HH24:MI:SS",
        "yyyy-mm-dd\"T\"HH24:MI:SS.US",
        "yyyy-mm-dd\"T\"HH24:MI:SS",
    };
    for (const std::string_view format : formats)
        if (const auto datetime = parseDatetime(text, format))
            return *datetime;
    return std::nullopt;
}

} // namespace iotman::rules
