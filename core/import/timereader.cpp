#include "core/import/timereader.h"

#include "core/import/words.h"
#include "core/model/ascii.h"

#include <algorithm>
#include <array>

namespace iotman::files {

namespace {

constexpr std::int64_t usLimit = secondsLimit * Timestamp::usPerSecond;

bool take(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

/// Takes `least` to `most` digits off the front.
std::optional<int> takeDigits(std::string_view& text, std::size_t least, std::size_t most)
{
    std::size_t count = 0;
    int value = 0;
    while (count < most && count < text.size() && isDigit(text[count]))
        value = value * 10 + (text[count++] - '0');
    if (count < least)
        return std::nullopt;
    text.remove_prefix(count);
    return value;
}

int daysInMonth(std::int64_t year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool isDate(const CivilTime& civil)
{
    return civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= daysInMonth(civil.year, civil.month);
}

/// `-`, `/` or `.`; after a point a blank may follow: `2024. 1. 31.`
bool takeDateSeparator(std::string_view& text, char separator)
{
    if (!take(text, separator))
        return false;
    if (separator == '.')
        take(text, ' ');
    return true;
}

bool takeDate(std::string_view& text, TimeFormat format, CivilTime& civil)
{
    const bool yearFirst = format == TimeFormat::YearFirst;
    const auto first = yearFirst ? takeDigits(text, 4, 4) : takeDigits(text, 1, 2);
    if (!first || text.empty())
        return false;
    const char separator = text.front();
    if ((separator != '-' && separator != '/' && separator != '.') || !takeDateSeparator(text, separator))
        return false;
    const auto second = takeDigits(text, 1, 2);
    if (!second || !takeDateSeparator(text, separator))
        return false;
    const auto third = yearFirst ? takeDigits(text, 1, 2) : takeDigits(text, 4, 4);
    if (!third || (!text.empty() && isDigit(text.front())))
        return false;
    if (yearFirst && separator == '.')
        take(text, '.');
    civil.year = yearFirst ? *first : *third;
    civil.month = format == TimeFormat::MonthFirst ? *first : *second;
    civil.day = yearFirst ? *third : format == TimeFormat::DayFirst ? *first : *second;
    return isDate(civil);
}

/// A point or comma and digits, if there are; those past the sixth are cut.
bool takeFraction(std::string_view& text, CivilTime& civil)
{
    if (!take(text, '.') && !take(text, ','))
        return true;
    int digits = 0;
    for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1), ++digits)
        if (digits < 6)
            civil.us = civil.us * 10 + (text.front() - '0');
    for (int i = digits; i < 6; ++i)
        civil.us *= 10;
    return digits > 0;
}

bool sameLetters(std::string_view text, std::string_view upper)
{
    return text.size() == upper.size() &&
           std::equal(text.begin(), text.end(), upper.begin(), [](char a, char b) { return (a & ~0x20) == b; });
}

/// `AM` or `PM` after a blank or none, if there is one.
bool takeHalfOfDay(std::string_view& text, CivilTime& civil)
{
    std::string_view rest = trimmed(text);
    const bool morning = sameLetters(rest.substr(0, 2), "AM");
    if (!morning && !sameLetters(rest.substr(0, 2), "PM"))
        return true;
    if (civil.hour < 1 || civil.hour > 12)
        return false;
    civil.hour = civil.hour % 12 + (morning ? 0 : 12);
    text = rest.substr(2);
    return true;
}

/// `6:55`, `06:55:00.123`, `6:55 PM`.
bool takeTimeOfDay(std::string_view& text, CivilTime& civil)
{
    const auto hour = takeDigits(text, 1, 2);
    if (!hour || !take(text, ':'))
        return false;
    const auto minute = takeDigits(text, 2, 2);
    if (!minute)
        return false;
    civil.hour = *hour;
    civil.minute = *minute;
    if (take(text, ':')) {
        const auto second = takeDigits(text, 2, 2);
        if (!second || !takeFraction(text, civil))
            return false;
        civil.second = *second;
    }
    return takeHalfOfDay(text, civil) && isTimeOfDay(civil);
}

/// `20240131`, then perhaps `T` or a blank, then `hhmm` or `hhmmss` with a fraction.
bool takeCompact(std::string_view& text, CivilTime& civil)
{
    const auto year = takeDigits(text, 4, 4);
    const auto month = takeDigits(text, 2, 2);
    const auto day = takeDigits(text, 2, 2);
    if (!year || !month || !day)
        return false;
    civil.year = *year;
    civil.month = *month;
    civil.day = *day;
    if (!isDate(civil))
        return false;
    std::string_view time = text;
    if (!take(time, 'T') && !take(time, 't'))
        take(time, ' ');
    const auto hour = takeDigits(time, 2, 2);
    const auto minute = takeDigits(time, 2, 2);
    if (!hour || !minute)
        return true; // what follows is a zone, or an error of the caller's to find
    civil.hour = *hour;
    civil.minute = *minute;
    if (const auto second = takeDigits(time, 2, 2)) {
        civil.second = *second;
        if (!takeFraction(time, civil))
            return false;
    }
    text = time;
    return isTimeOfDay(civil);
}

struct CalendarText {
    CivilTime civil;
    std::optional<int> offset; ///< minutes, where the text has a zone
};

std::optional<CalendarText> readCalendar(std::string_view text, TimeFormat format)
{
    CalendarText read;
    if (format == TimeFormat::Compact) {
        if (!takeCompact(text, read.civil))
            return std::nullopt;
    } else if (!takeDate(text, format, read.civil)) {
        return std::nullopt;
    } else if (std::string_view time = text; !text.empty() && (take(time, 'T') || take(time, 't') || take(time, ' '))) {
        time = trimmed(time);
        if (!time.empty() && isDigit(time.front())) {
            if (!takeTimeOfDay(time, read.civil))
                return std::nullopt;
            text = time;
        }
    }
    text = trimmed(text);
    if (text.empty())
        return read;
    read.offset = text == "UTC" || text == "GMT" ? std::optional<int>(0) : offsetMinutes(text);
    return read.offset ? std::optional<CalendarText>(read) : std::nullopt;
}

/// How many decimals of the unit make a microsecond.
int decimalsOf(TimeFormat format)
{
    switch (format) {
    case TimeFormat::Milliseconds:
        return 3;
    case TimeFormat::Microseconds:
        return 0;
    case TimeFormat::Nanoseconds:
        return -3;
    default:
        return 6;
    }
}

/// A decimal number times 10^`decimals`, rounded towards the past; nothing for what is no plain decimal number.
/// What is 1e17 or beyond comes out as 1e17.
std::optional<std::int64_t> scaled(std::string_view text, int decimals)
{
    const bool negative = take(text, '-');
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits(text.substr(0, point));
    const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    if (digits.empty() || (point < text.size() && fraction.empty()) || !std::all_of(digits.begin(), digits.end(), isDigit) ||
        !std::all_of(fraction.begin(), fraction.end(), isDigit))
        return std::nullopt;
    const auto whole = static_cast<std::ptrdiff_t>(digits.size()) + decimals;
    digits += fraction;
    std::int64_t value = 0;
    bool rest = false;
    for (std::ptrdiff_t i = 0; i < std::max<std::ptrdiff_t>(whole, static_cast<std::ptrdiff_t>(digits.size())); ++i) {
        const int digit = i < static_cast<std::ptrdiff_t>(digits.size()) ? digits[static_cast<std::size_t>(i)] - '0' : 0;
        if (i < whole)
            value = std::min(value * 10 + digit, usLimit);
        else
            rest = rest || digit != 0;
    }
    return negative ? -value - (rest ? 1 : 0) : value;
}

std::string exampleOf(TimeFormat format)
{
    switch (format) {
    case TimeFormat::YearFirst:
        return "a date such as 2024-01-31 or 2024-01-31 10:00:00";
    case TimeFormat::DayFirst:
        return "a date such as 31.01.2024 or 31.01.2024 10:00";
    case TimeFormat::MonthFirst:
        return "a date such as 01/31/2024 or 01/31/2024 10:00 AM";
    case TimeFormat::Compact:
        return "a date such as 20240131 or 20240131T100000";
    case TimeFormat::Year:
        return "a year such as 2024";
    default:
        return std::string(displayName(format));
    }
}

} // namespace

TimeReader::TimeReader(TimeFormat format, Zone zone)
    : format_(format)
    , zone_(std::move(zone))
{
}

Expected<Moment> TimeReader::read(std::string_view text) const
{
    text = trimmed(text);
    const auto refuse = [&] {
        return fail(Problem::BadRequest,
                    "expected " + exampleOf(format_) + ", but got " + (text.empty() ? "nothing" : inQuotes(text)));
    };
    Moment moment;
    switch (format_) {
    case TimeFormat::Seconds:
    case TimeFormat::Milliseconds:
    case TimeFormat::Microseconds:
    case TimeFormat::Nanoseconds: {
        const std::optional<std::int64_t> us = scaled(text, decimalsOf(format_));
        if (!us)
            return refuse();
        moment.time = {*us};
        break;
    }
    case TimeFormat::Year: {
        CivilTime civil;
        std::string_view rest = text;
        const auto year = takeDigits(rest, 4, 4);
        if (!year || !rest.empty())
            return refuse();
        civil.year = *year;
        moment = zone_.moment(civil);
        break;
    }
    default: {
        const std::optional<CalendarText> read = readCalendar(text, format_);
        if (!read)
            return refuse();
        moment = read->offset ? Moment{{timestampFromCivil(read->civil).us - *read->offset * 60 * Timestamp::usPerSecond}, OddHour::None}
                              : zone_.moment(read->civil);
        break;
    }
    }
    if (moment.time.us >= usLimit || moment.time.us <= -usLimit) {
        if (const auto unit = format_ == TimeFormat::Seconds ? finerUnitOf(text) : std::nullopt)
            return fail(Problem::BadRequest,
                        inQuotes(text) + " looks like " + std::string(unit->name) + "; the time unit is seconds");
        return fail(Problem::BadRequest, inQuotes(text) + " is beyond every time that can be stored");
    }
    return moment;
}

bool carriesZone(std::string_view text, TimeFormat format)
{
    const std::optional<CalendarText> read = readCalendar(trimmed(text), format);
    return read && read->offset;
}

} // namespace iotman::files
