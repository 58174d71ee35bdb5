// Reads the fields of a date and time from text, as a template has them.
#pragma once

#include "core/rules/datetimeformat.h"

namespace iotman::rules {

/// The numbers read; 0 is not given.
struct DateNumbers {
    DateConvention convention = DateConvention::None;
    int century = 0, year = 0, yearDigits = 0, month = 0, day = 0, dayOfWeek = 0, dayOfYear = 0, week = 0, weekOfMonth = 0,
        julian = 0;
    int hour = 0, minute = 0, second = 0, secondOfDay = 0, milliseconds = 0, microseconds = 0;
    int fractionDigits = 0; ///< of FF1 to FF6
    int afternoon = 0, beforeChrist = 0, zoneSign = 0, zoneHour = 0, zoneMinute = 0;
    bool twelveHours = false;
};

class DatetimeReader {
public:
    DatetimeReader(std::string_view text, const std::vector<DatePart>& parts)
        : text_(text)
        , parts_(parts)
    {
    }
    tl::expected<DateNumbers, DatetimeFault> read();

private:
    bool part(std::size_t index);
    bool field(std::size_t index);
    bool timeField(std::size_t index);
    bool yearField(std::size_t index);
    bool fraction(std::size_t index, int digits);
    bool zoneHour(std::size_t index);
    bool yearWithComma();
    bool partialYear(std::size_t index, int digits);

    /// Reads a whole number of at most `most` characters, or of any number where no digit can follow it; `used` tells
    /// how many characters it took.
    bool number(std::size_t index, std::size_t most, int* into, int* used = nullptr);
    template <std::size_t N>
    bool oneOf(const std::string_view (&names)[N], int& found);
    bool set(int& into, int value);
    bool slurps(std::size_t index) const;
    bool skipOrdinal(std::size_t index);
    bool refuse(std::string_view sqlState, std::string sentence);

    std::string_view text_;
    std::size_t place_ = 0;
    const std::vector<DatePart>& parts_;
    DateNumbers numbers_;
    DatetimeFault fault_;
};

} // namespace iotman::rules
