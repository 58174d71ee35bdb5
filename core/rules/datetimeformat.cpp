#include "core/rules/datetimeformat.h"

#include "core/model/ascii.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <array>

namespace iotman::rules {

namespace {

struct Pattern {
    std::string_view name; ///< upper case; lower case is the same
    DateField field;
    bool digits; ///< read as a number
};

/// Longer patterns stand before those they begin with.
constexpr std::array<Pattern, 54> patterns{{
    {"A.D.", DateField::EraDotted, false},
    {"A.M.", DateField::MeridiemDotted, false},
    {"AD", DateField::Era, false},
    {"AM", DateField::Meridiem, false},
    {"B.C.", DateField::EraDotted, false},
    {"BC", DateField::Era, false},
    {"CC", DateField::Century, true},
    {"DAY", DateField::DayName, false},
    {"DDD", DateField::DayOfYear, true},
    {"DD", DateField::Day, true},
    {"DY", DateField::DayNameShort, false},
    {"D", DateField::DayOfWeek, true},
    {"FF1", DateField::Fraction1, true},
    {"FF2", DateField::Fraction2, true},
    {"FF3", DateField::Fraction3, true},
    {"FF4", DateField::Fraction4, true},
    {"FF5", DateField::Fraction5, true},
    {"FF6", DateField::Fraction6, true},
    {"FX", DateField::Exact, false},
    {"HH24", DateField::Hour24, true},
    {"HH12", DateField::Hour12, true},
    {"HH", DateField::Hour12, true},
    {"IDDD", DateField::IsoDayOfYear, true},
    {"ID", DateField::IsoDayOfWeek, true},
    {"IW", DateField::IsoWeek, true},
    {"IYYY", DateField::IsoYear4, true},
    {"IYY", DateField::IsoYear3, true},
    {"IY", DateField::IsoYear2, true},
    {"I", DateField::IsoYear1, true},
    {"J", DateField::Julian, true},
    {"MI", DateField::Minute, true},
    {"MM", DateField::Month, true},
    {"MONTH", DateField::MonthName, false},
    {"MON", DateField::MonthNameShort, false},
    {"MS", DateField::Milliseconds, true},
    {"OF", DateField::OutputOnly, false},
    {"P.M.", DateField::MeridiemDotted, false},
    {"PM", DateField::Meridiem, false},
    {"Q", DateField::Quarter, true},
    {"RM", DateField::MonthRoman, false},
    {"SSSSS", DateField::SecondsOfDay, true},
    {"SSSS", DateField::SecondsOfDay, true},
    {"SS", DateField::Second, true},
    {"TZH", DateField::ZoneHour, false},
    {"TZM", DateField::ZoneMinute, true},
    {"TZ", DateField::OutputOnly, false},
    {"US", DateField::Microseconds, true},
    {"WW", DateField::Week, true},
    {"W", DateField::WeekOfMonth, true},
    {"Y,YYY", DateField::YearWithComma, true},
    {"YYYY", DateField::Year4, true},
    {"YYY", DateField::Year3, true},
    {"YY", DateField::Year2, true},
    {"Y", DateField::Year1, true},
}};

/// Whether `format` begins with the pattern: in upper case, in lower case, and names also as `Month`.
bool fits(std::string_view format, const Pattern& pattern)
{
    const std::string_view name = pattern.name;
    if (name.empty() || format.size() < name.size())
        return false;
    const bool isName = pattern.field == DateField::DayName || pattern.field == DateField::DayNameShort ||
                        pattern.field == DateField::MonthName || pattern.field == DateField::MonthNameShort;
    bool asUpper = true;
    bool asLower = true;
    bool asName = isName && format.front() == name.front();
    for (std::size_t i = 0; i < name.size(); ++i) {
        asUpper = asUpper && format[i] == name[i];
        asLower = asLower && format[i] == lowered(name[i]);
        asName = asName && (i == 0 || format[i] == lowered(name[i]));
    }
    return asUpper || asLower || asName;
}

const Pattern* patternAt(std::string_view format)
{
    const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const Pattern& p) { return fits(format, p); });
    return found == patterns.end() ? nullptr : &*found;
}

bool take(std::string_view& text, std::string_view upper, std::string_view lowerCase)
{
    if (!text.starts_with(upper) && !text.starts_with(lowerCase))
        return false;
    text.remove_prefix(upper.size());
    return true;
}

/// The characters between double quotes, one part each; a backslash quotes the next one.
void takeQuoted(std::string_view& format, std::vector<DatePart>& parts)
{
    format.remove_prefix(1);
    while (!format.empty() && format.front() != '"') {
        if (format.front() == '\\' && format.size() > 1)
            format.remove_prefix(1);
        const auto length = static_cast<std::size_t>(std::max(1, utf8Length(format)));
        DatePart& part = parts.emplace_back();
        part.text = format.substr(0, length);
        format.remove_prefix(length);
    }
    if (!format.empty())
        format.remove_prefix(1);
}

} // namespace

bool DatePart::startsWithDigit() const
{
    if (kind != Kind::Field)
        return text.front() >= '0' && text.front() <= '9';
    return patternAt(text)->digits;
}

DateConvention conventionOf(DateField field)
{
    switch (field) {
    case DateField::DayOfYear:
    case DateField::Day:
    case DateField::DayOfWeek:
    case DateField::Month:
    case DateField::MonthName:
    case DateField::MonthNameShort:
    case DateField::MonthRoman:
    case DateField::Week:
    case DateField::WeekOfMonth:
    case DateField::YearWithComma:
    case DateField::Year4:
    case DateField::Year3:
    case DateField::Year2:
    case DateField::Year1:
        return DateConvention::Gregorian;
    case DateField::IsoDayOfYear:
    case DateField::IsoDayOfWeek:
    case DateField::IsoWeek:
    case DateField::IsoYear4:
    case DateField::IsoYear3:
    case DateField::IsoYear2:
    case DateField::IsoYear1:
        return DateConvention::IsoWeek;
    default:
        return DateConvention::None;
    }
}

bool isZoneField(DateField field)
{
    return field == DateField::ZoneHour || field == DateField::ZoneMinute || field == DateField::OutputOnly;
}

bool isTimeField(DateField field)
{
    switch (field) {
    case DateField::MeridiemDotted:
    case DateField::Meridiem:
    case DateField::Fraction1:
    case DateField::Fraction2:
    case DateField::Fraction3:
    case DateField::Fraction4:
    case DateField::Fraction5:
    case DateField::Fraction6:
    case DateField::Hour24:
    case DateField::Hour12:
    case DateField::Minute:
    case DateField::Second:
    case DateField::Milliseconds:
    case DateField::Microseconds:
    case DateField::SecondsOfDay:
        return true;
    default:
        return false;
    }
}

bool isDateField(DateField field)
{
    // PostgreSQL 15 forgets the ISO week: a template with nothing else of a date has no date.
    return field != DateField::Exact && field != DateField::IsoWeek && !isTimeField(field) && !isZoneField(field);
}

tl::expected<std::vector<DatePart>, DatetimeFault> parseDateFormat(std::string_view format)
{
    std::vector<DatePart> parts;
    while (!format.empty()) {
        const bool fillMode = take(format, "FM", "fm");
        if (!fillMode)
            take(format, "TM", "tm"); // names in the language of the session, which is English
        if (const Pattern* pattern = patternAt(format)) {
            DatePart& part = parts.emplace_back();
            part.kind = DatePart::Kind::Field;
            part.field = pattern->field;
            part.fillMode = fillMode;
            part.text = format.substr(0, pattern->name.size());
            format.remove_prefix(pattern->name.size());
            part.ordinal = take(format, "TH", "th");
            if (!part.ordinal)
                take(format, "SP", "SP");
        } else if (format.empty()) {
            break;
        } else if (format.front() == '"') {
            takeQuoted(format, parts);
        } else if (std::string_view("-./,':; ").find(format.front()) == std::string_view::npos) {
            const auto length = static_cast<std::size_t>(std::max(1, utf8Length(format)));
            return tl::unexpected(
                DatetimeFault{"22007",
                              "expected fields and the separators - . / , ' : ; and blank in the template, but got “" +
                                  std::string(format.substr(0, length)) + "”",
                              true});
        } else {
            DatePart& part = parts.emplace_back();
            part.kind = DatePart::Kind::Separator;
            part.text = format.substr(0, 1);
            format.remove_prefix(1);
        }
    }
    return parts;
}

} // namespace iotman::rules
