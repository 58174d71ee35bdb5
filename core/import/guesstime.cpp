#include "core/import/guesstime.h"

#include "core/import/timereader.h"
#include "core/import/words.h"
#include "core/model/ascii.h"
#include "core/model/timestamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace iotman::files {

namespace {

// What people call such a column, in English, German and Korean.
constexpr std::array<std::string_view, 26> timeNames{
    "t",   "ts",   "when",  "time", "timestamp", "date",  "datetime", "epoch", "unix", "unixtime", "seconds", "sec",  "elapsed",
    "utc", "year", "month", "day",  "zeit",      "datum", "uhrzeit",  "jahr",  "시간", "시각",     "일시",    "날짜", "연도"};
constexpr std::array<std::string_view, 8> timeEndings{"_time", "_at", "_ts", "timestamp", "datetime", "_date", " time", " date"};

bool namesTime(std::string_view name)
{
    const std::string lower = lowered(name);
    return std::find(timeNames.begin(), timeNames.end(), lower) != timeNames.end() ||
           std::any_of(timeEndings.begin(), timeEndings.end(), [&](std::string_view ending) { return lower.ends_with(ending); });
}

bool allDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

/// The numbers, where all of them are plain decimals.
std::optional<std::vector<double>> numbersOf(const std::vector<std::string>& values)
{
    std::vector<double> numbers;
    for (const std::string& value : values) {
        double number = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), number, std::chars_format::fixed);
        if (read.ec != std::errc() || read.ptr != value.data() + value.size())
            return std::nullopt;
        numbers.push_back(number);
    }
    return numbers;
}

std::size_t countRead(const std::vector<std::string>& values, TimeFormat format)
{
    const TimeReader reader(format, *Zone::find("UTC"));
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [&](const std::string& value) { return reader.read(value).has_value(); }));
}

bool allRead(const std::vector<std::string>& values, TimeFormat format)
{
    const TimeReader reader(format, *Zone::find("UTC"));
    return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return reader.read(value).has_value(); });
}

/// Digits that are dates between 1800 and 2200, as `19580329` or `202401310655`.
bool allCompactDates(const std::vector<std::string>& values)
{
    return allRead(values, TimeFormat::Compact) && std::all_of(values.begin(), values.end(), [](const std::string& value) {
               const std::string_view century = std::string_view(value).substr(0, 2);
               return century >= "18" && century <= "21";
           });
}

std::optional<TimeGuess> guessCalendar(const NamedValues& column, int rank)
{
    if (allRead(column.values, TimeFormat::YearFirst))
        return TimeGuess{TimeFormat::YearFirst, "All values read as year, month, day.", true, rank};
    const bool dayFirst = allRead(column.values, TimeFormat::DayFirst);
    const bool monthFirst = allRead(column.values, TimeFormat::MonthFirst);
    if (!dayFirst && !monthFirst)
        return std::nullopt;
    if (dayFirst && monthFirst && column.values.front().find('/') != std::string::npos)
        return TimeGuess{TimeFormat::MonthFirst,
                         inQuotes(column.values.front()) + " may be month/day/year or day/month/year; no value tells which.",
                         false, rank};
    if (dayFirst)
        return TimeGuess{TimeFormat::DayFirst, "All values read as day, month, year.", true, rank};
    return TimeGuess{TimeFormat::MonthFirst, "All values read as month, day, year.", true, rank};
}

struct UnitSize {
    double below;
    TimeFormat format;
};
// A time between 1973 and 5138 says by its size what it counts.
constexpr double leastUnixSeconds = 1e8;
constexpr std::array<UnitSize, 4> unitSizes{UnitSize{1e11, TimeFormat::Seconds}, UnitSize{1e14, TimeFormat::Milliseconds},
                                            UnitSize{1e17, TimeFormat::Microseconds}, UnitSize{1e20, TimeFormat::Nanoseconds}};

std::optional<TimeGuess> guessUnit(const std::vector<std::string>& values, bool named)
{
    const auto numbers = numbersOf(values);
    if (!numbers)
        return std::nullopt;
    const auto [least, greatest] = std::minmax_element(numbers->begin(), numbers->end());
    const bool rises = std::is_sorted(numbers->begin(), numbers->end());
    for (const UnitSize& size : unitSizes) {
        if (*greatest >= size.below)
            continue;
        const double floor = size.format == TimeFormat::Seconds ? leastUnixSeconds : size.below / 1000;
        if (*least >= floor && (named || (rises && numbers->size() > 1)))
            return TimeGuess{size.format, "The values have the size of " + std::string(displayName(size.format)) + ".", true,
                             named ? 4 : 2};
        break;
    }
    if (named && rises && *greatest < leastUnixSeconds && numbers->size() > 1)
        return TimeGuess{TimeFormat::Seconds,
                         "The values rise from " + values.front() + ": seconds from the start of a measurement.", true, 2};
    return std::nullopt;
}

/// Of a column whose name does not speak for times, one value in so many may be none.
constexpr std::size_t fewValues = 10;

/// At least one.
std::size_t halfOf(std::size_t count)
{
    return std::max<std::size_t>(1, count - count / 2);
}

std::string someOf(std::size_t count, const NamedValues& column)
{
    return std::to_string(count) + " of " + std::to_string(column.values.size()) + " values";
}

/// The calendar that most values read in, if `least` do; unsure where as many read in another one.
std::optional<TimeGuess> calendarOf(const NamedValues& column, std::size_t least)
{
    struct Calendar {
        TimeFormat format;
        std::string_view order;
    };
    constexpr std::array<Calendar, 3> calendars{Calendar{TimeFormat::YearFirst, "year, month, day"},
                                                Calendar{TimeFormat::DayFirst, "day, month, year"},
                                                Calendar{TimeFormat::MonthFirst, "month, day, year"}};
    std::optional<TimeGuess> best;
    for (const Calendar& calendar : calendars) {
        const std::size_t read = countRead(column.values, calendar.format);
        if (best && read + 1 == least)
            best->sure = false;
        if (read < least)
            continue;
        least = read + 1;
        best = TimeGuess{calendar.format, someOf(read, column) + " read as " + std::string(calendar.order) + ".", true, 1};
    }
    return best;
}

std::vector<std::string> plainNumbers(const std::vector<std::string>& values)
{
    std::vector<std::string> numbers;
    std::copy_if(values.begin(), values.end(), std::back_inserter(numbers),
                 [](const std::string& value) { return numbersOf({value}).has_value(); });
    return numbers;
}

/// The unit that the numbers have the size of, if half of the values or more are some.
std::optional<TimeGuess> unitOfMost(const NamedValues& column)
{
    const std::vector<std::string> numbers = plainNumbers(column.values);
    if (numbers.size() < halfOf(column.values.size()))
        return std::nullopt;
    std::optional<TimeGuess> unit = guessUnit(numbers, true);
    if (unit)
        unit = TimeGuess{unit->format,
                         someOf(numbers.size(), column) + " have the size of " + std::string(displayName(unit->format)) + ".",
                         true, 1};
    return unit;
}

} // namespace

std::optional<TimeGuess> guessTime(const NamedValues& column)
{
    if (column.values.empty())
        return std::nullopt;
    const bool named = namesTime(column.name);
    if (auto calendar = guessCalendar(column, named ? 6 : 5))
        return calendar;
    if (allCompactDates(column.values)) {
        const bool digits = std::all_of(column.values.begin(), column.values.end(), allDigits);
        if (!digits || named)
            return TimeGuess{TimeFormat::Compact,
                             "All values read as dates without separators, such as " + inQuotes(column.values.front()) + ".",
                             true, named ? 4 : 3};
    }
    const bool years = std::all_of(column.values.begin(), column.values.end(), [](const std::string& value) {
        return value.size() == 4 && allDigits(value) && value >= "1500" && value <= "2200";
    });
    if (named && years)
        return TimeGuess{TimeFormat::Year, "All values read as years.", true, 3};
    return guessUnit(column.values, named);
}

std::optional<TimeGuess> guessTimeOfChosen(const NamedValues& column)
{
    if (auto all = guessTime({"time", column.values}))
        return all;
    if (auto calendar = calendarOf(column, halfOf(column.values.size())))
        return calendar;
    if (auto unit = unitOfMost(column))
        return unit;
    const std::vector<std::string> numbers = plainNumbers(column.values);
    const bool areSeconds = std::all_of(numbers.begin(), numbers.end(), [](const std::string& number) {
        return std::abs(numbersOf({number})->front()) < static_cast<double>(secondsLimit);
    });
    if (numbers.size() < halfOf(column.values.size()) || !areSeconds)
        return std::nullopt;
    return TimeGuess{TimeFormat::Seconds, someOf(numbers.size(), column) + " are plain numbers: Unix seconds.", true, 1};
}

std::optional<TimeGuess> guessTimeWithFaults(const NamedValues& column)
{
    const std::size_t all = column.values.size();
    if (!namesTime(column.name))
        return all < fewValues ? std::nullopt : calendarOf(column, all - all / fewValues);
    auto calendar = calendarOf(column, halfOf(all));
    return calendar ? calendar : unitOfMost(column);
}

} // namespace iotman::files
