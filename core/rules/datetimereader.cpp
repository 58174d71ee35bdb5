#include "core/rules/datetimereader.h"

#include "core/model/ascii.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace iotman::rules {

namespace {

/// C's isspace in its own locale.
constexpr bool isCSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr std::string_view months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view monthsShort[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view romanMonths[] = {"xii", "xi", "x", "ix", "viii", "vii", "vi", "v", "iv", "iii", "ii", "i"};
constexpr std::string_view weekdays[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
constexpr std::string_view weekdaysShort[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::string_view meridiems[] = {"am", "pm"};
constexpr std::string_view meridiemsDotted[] = {"a.m.", "p.m."};
constexpr std::string_view eras[] = {"ad", "bc"};
constexpr std::string_view erasDotted[] = {"a.d.", "b.c."};

/// C's strtol on the front of `text`: blanks, a sign, digits. `value` stays within its bounds.
std::size_t wholeNumber(std::string_view text, std::int64_t& value)
{
    std::size_t at = 0;
    while (at < text.size() && isCSpace(text[at]))
        ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
        ++at;
    const std::size_t first = at;
    value = 0;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    for (; at < text.size() && isDigit(text[at]); ++at)
        value = value > (most - (text[at] - '0')) / 10 ? most : value * 10 + (text[at] - '0');
    if (negative)
        value = value == most ? std::numeric_limits<std::int64_t>::min() : -value;
    return at == first ? 0 : at;
}

} // namespace

tl::expected<DateNumbers, DatetimeFault> DatetimeReader::read()
{
    std::size_t index = 0;
    for (; index < parts_.size() && place_ < text_.size(); ++index)
        if (!part(index))
            return tl::unexpected(fault_);
    if (index < parts_.size()) {
        refuse("22007", "expected more text for the template");
        return tl::unexpected(fault_);
    }
    while (place_ < text_.size() && isCSpace(text_[place_]))
        ++place_;
    if (place_ < text_.size()) {
        refuse("22007", "expected no more text than the template has");
        return tl::unexpected(fault_);
    }
    return numbers_;
}

bool DatetimeReader::refuse(std::string_view sqlState, std::string sentence)
{
    fault_ = {sqlState, std::move(sentence), false};
    return false;
}

bool DatetimeReader::part(std::size_t index)
{
    const DatePart& one = parts_[index];
    if (one.kind != DatePart::Kind::Field) {
        if (!text_.substr(place_).starts_with(one.text))
            return refuse("22007", "expected “" + std::string(one.text) + "” where the template has it");
        place_ += one.text.size();
        return true;
    }
    const DateConvention convention = conventionOf(one.field);
    if (convention != DateConvention::None) {
        if (numbers_.convention != DateConvention::None && numbers_.convention != convention)
            return refuse("22007", "expected fields of the calendar or of ISO weeks in the template, not both");
        numbers_.convention = convention;
    }
    return field(index);
}

bool DatetimeReader::set(int& into, int value)
{
    if (into != 0 && into != value)
        return refuse("22007", "expected one value for a field that the template has twice");
    into = value;
    return true;
}

/// A number takes any count of digits when the next thing cannot be a digit.
bool DatetimeReader::slurps(std::size_t index) const
{
    if (parts_[index].fillMode || parts_[index].ordinal || index + 1 == parts_.size())
        return true;
    return !parts_[index + 1].startsWithDigit();
}

bool DatetimeReader::number(std::size_t index, std::size_t most, int* into, int* used)
{
    const std::size_t from = place_;
    const std::string name = "“" + std::string(parts_[index].text) + "”";
    std::int64_t value = 0;
    if (slurps(index)) {
        place_ += wholeNumber(text_.substr(place_), value);
    } else {
        while (place_ < text_.size() && isCSpace(text_[place_]))
            ++place_;
        const std::string_view rest = text_.substr(place_);
        if (rest.size() < most)
            return refuse("22007", "expected " + std::to_string(most) + " characters for " + name);
        const std::size_t taken = wholeNumber(rest.substr(0, most), value);
        if (taken > 0 && taken < most)
            return refuse("22007", "expected " + std::to_string(most) + " digits for " + name);
        place_ += taken;
    }
    if (place_ == from)
        return refuse("22007", "expected a whole number for " + name);
    if (value > std::numeric_limits<int>::max() || value < std::numeric_limits<int>::min())
        return refuse("22008", "expected a smaller number for " + name);
    if (used != nullptr)
        *used = static_cast<int>(place_ - from);
    return into == nullptr || set(*into, static_cast<int>(value));
}

template <std::size_t N>
bool DatetimeReader::oneOf(const std::string_view (&names)[N], int& found)
{
    const std::string_view rest = text_.substr(place_);
    for (std::size_t i = 0; i < N; ++i) {
        if (rest.size() < names[i].size())
            continue;
        if (!std::equal(names[i].begin(), names[i].end(), rest.begin(), [](char a, char b) { return a == lowered(b); }))
            continue;
        place_ += names[i].size();
        found = static_cast<int>(i);
        return true;
    }
    return refuse("22007", "expected a name such as “" + std::string(names[0]) + "”");
}

/// TH behind a number stands for any two characters.
bool DatetimeReader::skipOrdinal(std::size_t index)
{
    for (int i = 0; parts_[index].ordinal && i < 2 && place_ < text_.size(); ++i)
        place_ += static_cast<std::size_t>(std::max(1, utf8Length(text_.substr(place_))));
    return true;
}

bool DatetimeReader::field(std::size_t index)
{
    int found = 0;
    DateNumbers& n = numbers_;
    switch (parts_[index].field) {
    case DateField::EraDotted:
        return oneOf(erasDotted, found) && set(n.beforeChrist, found);
    case DateField::Era:
        return oneOf(eras, found) && set(n.beforeChrist, found);
    case DateField::Century:
        return number(index, 2, &n.century) && skipOrdinal(index);
    case DateField::DayName:
        if (!oneOf(weekdays, found) || !set(n.dayOfWeek, found))
            return false;
        ++n.dayOfWeek;
        return true;
    case DateField::DayNameShort:
        if (!oneOf(weekdaysShort, found) || !set(n.dayOfWeek, found))
            return false;
        ++n.dayOfWeek;
        return true;
    case DateField::DayOfYear:
        return number(index, 3, &n.dayOfYear) && skipOrdinal(index);
    case DateField::IsoDayOfYear:
        return number(index, 3, &n.dayOfYear) && skipOrdinal(index);
    case DateField::Day:
        return number(index, 2, &n.day) && skipOrdinal(index);
    case DateField::DayOfWeek:
        return number(index, 1, &n.dayOfWeek) && skipOrdinal(index);
    case DateField::IsoDayOfWeek:
        // Counted from Monday here, from Sunday inside.
        if (!number(index, 1, &n.dayOfWeek))
            return false;
        n.dayOfWeek = n.dayOfWeek + 1 > 7 ? 1 : n.dayOfWeek + 1;
        return skipOrdinal(index);
    case DateField::Week:
    case DateField::IsoWeek:
        return number(index, 2, &n.week) && skipOrdinal(index);
    case DateField::WeekOfMonth:
        return number(index, 1, &n.weekOfMonth) && skipOrdinal(index);
    case DateField::Quarter: // read, but it decides nothing
        return number(index, 1, nullptr) && skipOrdinal(index);
    case DateField::Julian:
        return number(index, 1, &n.julian) && skipOrdinal(index);
    case DateField::Month:
        return number(index, 2, &n.month) && skipOrdinal(index);
    case DateField::MonthName:
        return oneOf(months, found) && set(n.month, found + 1);
    case DateField::MonthNameShort:
        return oneOf(monthsShort, found) && set(n.month, found + 1);
    case DateField::MonthRoman:
        return oneOf(romanMonths, found) && set(n.month, 12 - found);
    case DateField::OutputOnly:
        return refuse("0A000", "expected no “" + std::string(parts_[index].text) + "” in a template: it is for output only");
    case DateField::Exact:
        return true;
    default:
        return isTimeField(parts_[index].field) || isZoneField(parts_[index].field) ? timeField(index) : yearField(index);
    }
}

bool DatetimeReader::timeField(std::size_t index)
{
    int found = 0;
    int used = 0;
    DateNumbers& n = numbers_;
    const DateField field = parts_[index].field;
    switch (field) {
    case DateField::Meridiem:
    case DateField::MeridiemDotted:
        n.twelveHours = true;
        return (field == DateField::Meridiem ? oneOf(meridiems, found) : oneOf(meridiemsDotted, found)) &&
               set(n.afternoon, found);
    case DateField::Hour12:
        n.twelveHours = true;
        return number(index, 2, &n.hour) && skipOrdinal(index);
    case DateField::Hour24:
        return number(index, 2, &n.hour) && skipOrdinal(index);
    case DateField::Minute:
        return number(index, 2, &n.minute) && skipOrdinal(index);
    case DateField::Second:
        return number(index, 2, &n.second) && skipOrdinal(index);
    case DateField::SecondsOfDay:
        return number(index, parts_[index].text.size(), &n.secondOfDay) && skipOrdinal(index);
    case DateField::Milliseconds:
        if (!number(index, 3, &n.milliseconds, &used))
            return false;
        n.milliseconds *= used == 1 ? 100 : used == 2 ? 10 : 1;
        return skipOrdinal(index);
    case DateField::Microseconds:
        return fraction(index, 6);
    case DateField::ZoneHour:
        return zoneHour(index);
    case DateField::ZoneMinute:
        n.zoneSign = n.zoneSign == 0 ? 1 : n.zoneSign;
        return number(index, 2, &n.zoneMinute);
    default:
        n.fractionDigits = static_cast<int>(field) - static_cast<int>(DateField::Fraction1) + 1;
        return fraction(index, n.fractionDigits);
    }
}

/// Digits behind the point: “25” is 250,000 µs.
bool DatetimeReader::fraction(std::size_t index, int digits)
{
    int used = 0;
    if (!number(index, static_cast<std::size_t>(digits), &numbers_.microseconds, &used))
        return false;
    std::int64_t us = numbers_.microseconds;
    for (; used < 6; ++used)
        us *= 10;
    numbers_.microseconds = static_cast<int>(std::clamp<std::int64_t>(us, INT32_MIN, INT32_MAX));
    return skipOrdinal(index);
}

/// A sign, or a blank for plus, and the hours.
bool DatetimeReader::zoneHour(std::size_t index)
{
    numbers_.zoneSign = 1;
    if (const char c = text_[place_]; c == '+' || c == '-' || c == ' ') {
        numbers_.zoneSign = c == '-' ? -1 : 1;
        ++place_;
    }
    return number(index, 2, &numbers_.zoneHour);
}

bool DatetimeReader::yearField(std::size_t index)
{
    switch (parts_[index].field) {
    case DateField::YearWithComma:
        return yearWithComma() && skipOrdinal(index);
    case DateField::Year4:
    case DateField::IsoYear4:
        numbers_.yearDigits = 4;
        return number(index, 4, &numbers_.year) && skipOrdinal(index);
    case DateField::Year3:
    case DateField::IsoYear3:
        return partialYear(index, 3);
    case DateField::Year2:
    case DateField::IsoYear2:
        return partialYear(index, 2);
    default:
        return partialYear(index, 1);
    }
}

/// `2,024`: thousands, a comma, one to three digits.
bool DatetimeReader::yearWithComma()
{
    std::int64_t thousands = 0;
    std::size_t taken = wholeNumber(text_.substr(place_), thousands);
    if (taken > 0 && text_.substr(place_ + taken).starts_with(",")) {
        const std::string_view rest = text_.substr(place_ + taken + 1);
        std::size_t blanks = 0;
        while (blanks < rest.size() && isCSpace(rest[blanks]))
            ++blanks;
        std::int64_t years = 0;
        if (const std::size_t digits = wholeNumber(rest.substr(blanks, 3), years); digits > 0) {
            place_ += taken + 1 + blanks + digits;
            numbers_.yearDigits = 4;
            // In 32 bits, as PostgreSQL 15 does: a year beyond them matters only where no Julian day is given.
            return set(numbers_.year,
                       static_cast<int>(static_cast<std::uint32_t>(thousands) * 1000U + static_cast<std::uint32_t>(years)));
        }
    }
    return refuse("22007", "expected a year such as 2,024");
}

/// A year of one to three digits is the one nearest to 2020.
bool DatetimeReader::partialYear(std::size_t index, int digits)
{
    int used = 0;
    int& year = numbers_.year;
    if (!number(index, static_cast<std::size_t>(digits), &year, &used))
        return false;
    if (used < 4)
        year += year < 70 ? 2000 : year < 100 ? 1900 : year < 520 ? 2000 : year < 1000 ? 1000 : 0;
    numbers_.yearDigits = digits;
    return skipOrdinal(index);
}

} // namespace iotman::rules
