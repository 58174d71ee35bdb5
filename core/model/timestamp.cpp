#include "core/model/timestamp.h"

#include "core/model/ascii.h"
#include "core/model/shown.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace iotman {

namespace {

constexpr std::int64_t secondsPerDay = 86'400;

constexpr std::size_t longestShown = 40;

/// Takes exactly `count` digits off the front of `text`.
bool takeNumber(std::string_view& text, int count, int& value)
{
    if (text.size() < static_cast<std::size_t>(count))
        return false;
    value = 0;
    for (int i = 0; i < count; ++i) {
        if (!isDigit(text[i]))
            return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return true;
}

bool take(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

int daysInMonth(std::int64_t year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/// The fraction after the point in µs: digits past the sixth only count in that they are digits.
bool takeFraction(std::string_view& text, std::int64_t& us)
{
    us = 0;
    int digits = 0;
    while (!text.empty() && isDigit(text.front())) {
        if (digits < 6)
            us = us * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    for (int i = digits; i < 6; ++i)
        us *= 10;
    return digits > 0;
}

std::string decimals(std::int64_t us)
{
    if (us == 0)
        return {};
    std::string text = ".000000";
    for (auto digit = text.rbegin(); us > 0; ++digit, us /= 10)
        *digit = static_cast<char>('0' + us % 10);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/// `20240131T100000…` as `2024-01-31T10:00:00…`; empty where it is not written so.
std::string extendedForm(std::string_view text)
{
    constexpr std::size_t dateDigits = 8;
    const auto isNumber = [&](std::size_t from, std::size_t count) {
        const std::string_view part = text.substr(std::min(from, text.size()), count);
        return part.size() == count && std::all_of(part.begin(), part.end(), isDigit);
    };
    const bool hasSeconds = isNumber(dateDigits + 1, 6);
    if (!isNumber(0, dateDigits) || !isNumber(dateDigits + 1, 4) || (text[dateDigits] != 'T' && text[dateDigits] != 't'))
        return {};
    std::string extended(text);
    if (hasSeconds)
        extended.insert(13, 1, ':');
    extended.insert(11, 1, ':').insert(6, 1, '-').insert(4, 1, '-');
    return extended;
}

} // namespace

std::optional<FinerUnit> finerUnitOf(std::string_view number)
{
    take(number, '-');
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    const std::size_t digits = std::min(number.find('.'), number.size());
    // Times of the years from 1973 on have so many digits; in nanoseconds, 64 bits end with 19.
    constexpr std::size_t mostMilliseconds = 14;
    constexpr std::size_t mostMicroseconds = 17;
    constexpr std::size_t mostNanoseconds = 19;
    if (digits <= mostMilliseconds)
        return FinerUnit{"milliseconds", 3};
    if (digits <= mostMicroseconds)
        return FinerUnit{"microseconds", 6};
    if (digits <= mostNanoseconds)
        return FinerUnit{"nanoseconds", 9};
    return std::nullopt;
}

Expected<Timestamp> Timestamp::parseSeconds(std::string_view text, std::string_view field)
{
    const auto refuse = [&](std::string why) { return fail(Problem::BadRequest, std::move(why), std::string(field)); };
    const auto expected = [&] {
        return refuse(std::string(field) + ": expected Unix seconds, whole or with up to 6 decimals (1700000000.25), but got " +
                      shown(text, longestShown));
    };
    std::string_view rest = text;
    const bool negative = take(rest, '-');
    std::string_view whole = rest;
    while (!rest.empty() && isDigit(rest.front()))
        rest.remove_prefix(1);
    whole.remove_suffix(rest.size());
    std::int64_t us = 0;
    if (whole.empty())
        return expected();
    if (take(rest, '.')) {
        const std::size_t before = rest.size();
        if (!takeFraction(rest, us) || before - rest.size() > 6)
            return expected();
    }
    if (!rest.empty())
        return expected();

    while (whole.size() > 1 && whole.front() == '0')
        whole.remove_prefix(1);
    if (whole.size() >= 12) {
        // 1e11 seconds is the year 5138; whoever writes more counts in something finer.
        const std::optional<FinerUnit> unit = finerUnitOf(whole);
        if (!unit)
            return refuse(std::string(field) + ": " + shown(text, longestShown) +
                          " is beyond every time; times are Unix seconds");
        const std::size_t seconds = whole.size() - unit->decimals;
        std::string fraction(whole.substr(seconds, std::min<std::size_t>(unit->decimals, 6)));
        fraction.erase(fraction.find_last_not_of('0') + 1);
        return refuse(std::string(text) + " looks like " + std::string(unit->name) + "; times are Unix seconds: " + (negative ? "-" : "") +
                      std::string(whole.substr(0, seconds)) + (fraction.empty() ? "" : "." + fraction));
    }
    std::int64_t seconds = 0;
    for (const char c : whole)
        seconds = seconds * 10 + (c - '0');
    const std::int64_t total = seconds * Timestamp::usPerSecond + us;
    return Timestamp{negative ? -total : total};
}

std::string Timestamp::seconds() const
{
    // Through the unsigned value, so that the least time has a text too.
    const bool negative = us < 0;
    const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(us) : static_cast<std::uint64_t>(us);
    std::string text;
    if (negative)
        text += '-';
    return text.append(std::to_string(magnitude / Timestamp::usPerSecond))
        .append(decimals(static_cast<std::int64_t>(magnitude % Timestamp::usPerSecond)));
}

std::int64_t daysFromCivil(std::int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floorDivide(year, 400);
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
}

bool isTimeOfDay(const CivilTime& civil)
{
    const bool isEndOfDay = civil.hour == 24 && civil.minute == 0 && civil.second == 0 && civil.us == 0;
    // Zones are apart by quarters of an hour; a leap second comes everywhere at once.
    const bool isLeapSecond = civil.minute % 15 == 14 && civil.second == 60;
    return (civil.hour <= 23 || isEndOfDay) && civil.minute <= 59 && (civil.second <= 59 || isLeapSecond);
}

CivilTime civilFromTimestamp(Timestamp utc)
{
    const std::int64_t seconds = floorDivide(utc.us, Timestamp::usPerSecond);
    const std::int64_t days = floorDivide(seconds, secondsPerDay) + 719468;
    const std::int64_t ofDay = seconds - (days - 719468) * secondsPerDay;
    const std::int64_t era = floorDivide(days, 146097);
    const std::int64_t dayOfEra = days - era * 146097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t monthIndex = (5 * dayOfYear + 2) / 153;
    CivilTime civil;
    civil.day = static_cast<int>(dayOfYear - (153 * monthIndex + 2) / 5 + 1);
    civil.month = static_cast<int>(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9);
    civil.year = yearOfEra + era * 400 + (civil.month <= 2 ? 1 : 0);
    civil.hour = static_cast<int>(ofDay / 3600);
    civil.minute = static_cast<int>(ofDay / 60 % 60);
    civil.second = static_cast<int>(ofDay % 60);
    civil.us = utc.us - seconds * Timestamp::usPerSecond;
    return civil;
}

Timestamp timestampFromCivil(const CivilTime& utc)
{
    const std::int64_t days = daysFromCivil(utc.year, utc.month, utc.day);
    const std::int64_t seconds = days * secondsPerDay + utc.hour * 3600 + utc.minute * 60 + utc.second;
    return {seconds * Timestamp::usPerSecond + utc.us};
}

std::string Timestamp::iso() const
{
    const CivilTime civil = civilFromTimestamp(*this);
    std::array<char, 48> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04lld-%02d-%02dT%02d:%02d:%02d", static_cast<long long>(civil.year),
                  civil.month, civil.day, civil.hour, civil.minute, civil.second);
    return buffer.data() + decimals(civil.us) + "Z";
}

Expected<CivilTime> parseCivil(std::string_view text, std::string_view& rest)
{
    const auto refuse = [&] {
        return fail(Problem::BadRequest,
                    "expected a date such as 2024-01-31 or 2024-01-31T10:00:00, but got " + shown(text, longestShown));
    };
    CivilTime civil;
    int year = 0;
    rest = text;
    if (!takeNumber(rest, 4, year) || rest.empty() || (rest.front() != '-' && rest.front() != '/'))
        return refuse();
    const char separator = rest.front();
    rest.remove_prefix(1);
    if (!takeNumber(rest, 2, civil.month) || !take(rest, separator) || !takeNumber(rest, 2, civil.day))
        return refuse();
    civil.year = year;
    if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > daysInMonth(civil.year, civil.month))
        return refuse();

    std::string_view time = rest;
    if (!take(time, 'T') && !take(time, 't') && !take(time, ' '))
        return civil;
    if (!takeNumber(time, 2, civil.hour) || !take(time, ':') || !takeNumber(time, 2, civil.minute)) {
        civil.hour = civil.minute = 0;
        return civil;
    }
    rest = time;
    if (take(time, ':')) {
        if (!takeNumber(time, 2, civil.second))
            return refuse();
        rest = time;
        if ((take(time, '.') || take(time, ',')) && takeFraction(time, civil.us))
            rest = time;
    }
    if (!isTimeOfDay(civil))
        return refuse();
    return civil;
}

Expected<Timestamp> Timestamp::parseIso(std::string_view text)
{
    const auto refuse = [&] {
        return fail(Problem::BadRequest, "expected a time with its zone such as 2024-01-31T10:00:00Z or 2024-01-31T10:00:00+09:00, but got " +
                                             shown(text, longestShown));
    };
    std::string_view rest;
    const std::string extended = extendedForm(text);
    const Expected<CivilTime> civil = parseCivil(extended.empty() ? text : extended, rest);
    if (!civil)
        return refuse();
    const Timestamp local = timestampFromCivil(*civil);
    // RFC 3339 §5.6: at the end of a day in UTC.
    const auto isThere = [&](Timestamp utc) { return civil->second != 60 || floorDivide(utc.us, Timestamp::usPerSecond) % secondsPerDay == 0; };
    if ((rest == "Z" || rest == "z") && isThere(local))
        return local;
    int hours = 0;
    int minutes = 0;
    const bool west = !rest.empty() && rest.front() == '-';
    if ((take(rest, '+') || take(rest, '-')) && takeNumber(rest, 2, hours)) {
        take(rest, ':');
        if ((rest.empty() || takeNumber(rest, 2, minutes)) && rest.empty() && hours <= 23 && minutes <= 59) {
            const std::int64_t offset = (hours * 3600LL + minutes * 60LL) * Timestamp::usPerSecond;
            const Timestamp utc{west ? local.us + offset : local.us - offset};
            if (isThere(utc))
                return utc;
        }
    }
    return refuse();
}

} // namespace iotman
