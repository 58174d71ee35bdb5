// Templates of dates and times, cut into their parts.
#pragma once

#include "core/rules/datetime.h"

#include <string>
#include <string_view>
#include <vector>

namespace iotman::rules {

enum class DateField : std::uint8_t {
    EraDotted,
    Era,
    MeridiemDotted,
    Meridiem,
    Century,
    DayName,
    DayOfYear,
    Day,
    DayNameShort,
    DayOfWeek,
    Fraction1,
    Fraction2,
    Fraction3,
    Fraction4,
    Fraction5,
    Fraction6,
    Exact,
    Hour24,
    Hour12,
    IsoDayOfYear,
    IsoDayOfWeek,
    IsoWeek,
    IsoYear4,
    IsoYear3,
    IsoYear2,
    IsoYear1,
    Julian,
    Minute,
    Month,
    MonthName,
    MonthNameShort,
    Milliseconds,
    OutputOnly,
    Quarter,
    MonthRoman,
    SecondsOfDay,
    Second,
    ZoneHour,
    ZoneMinute,
    Microseconds,
    Week,
    WeekOfMonth,
    YearWithComma,
    Year4,
    Year3,
    Year2,
    Year1,
};

struct DatePart {
    enum class Kind : std::uint8_t { Field, Separator, Literal };

    Kind kind = Kind::Literal;
    DateField field = DateField::Exact;
    std::string_view text; ///< the separator, the literal character, or the field's pattern as written
    bool fillMode = false; ///< FM in front: any number of digits
    bool ordinal = false;  ///< TH behind: two more characters
    bool startsWithDigit() const;
};

/// What a field belongs to: the two ways to count days do not mix.
enum class DateConvention : std::uint8_t { None, Gregorian, IsoWeek };
DateConvention conventionOf(DateField field);

bool isTimeField(DateField field);
bool isZoneField(DateField field);
bool isDateField(DateField field);

/// Errors: a character that is no field and no separator.
tl::expected<std::vector<DatePart>, DatetimeFault> parseDateFormat(std::string_view format);

} // namespace iotman::rules
