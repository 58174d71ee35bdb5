#include "core/import/options.h"

#include "core/import/words.h"
#include "core/import/zone.h"

#include <algorithm>
#include <array>

namespace iotman::files {

namespace {

struct TimeFormatNames {
    TimeFormat format;
    std::string_view word;
    std::string_view display;
};

constexpr std::array timeFormats{
    TimeFormatNames{TimeFormat::Seconds, "s", "seconds since 1970"},
    TimeFormatNames{TimeFormat::Milliseconds, "ms", "milliseconds since 1970"},
    TimeFormatNames{TimeFormat::Microseconds, "us", "microseconds since 1970"},
    TimeFormatNames{TimeFormat::Nanoseconds, "ns", "nanoseconds since 1970"},
    TimeFormatNames{TimeFormat::YearFirst, "iso", "year-month-day"},
    TimeFormatNames{TimeFormat::DayFirst, "dmy", "day.month.year"},
    TimeFormatNames{TimeFormat::MonthFirst, "mdy", "month/day/year"},
    TimeFormatNames{TimeFormat::Compact, "yyyymmdd", "yyyymmdd"},
    TimeFormatNames{TimeFormat::Year, "year", "years"},
};

const TimeFormatNames& namesOf(TimeFormat format)
{
    return *std::find_if(timeFormats.begin(), timeFormats.end(), [&](const auto& row) { return row.format == format; });
}

struct EncodingNames {
    Encoding encoding;
    std::string_view word;
    std::string_view display;
};

constexpr std::array encodings{
    EncodingNames{Encoding::Utf8, "utf-8", "UTF-8"},          EncodingNames{Encoding::Utf16Le, "utf-16le", "UTF-16LE"},
    EncodingNames{Encoding::Utf16Be, "utf-16be", "UTF-16BE"}, EncodingNames{Encoding::Cp949, "cp949", "CP949"},
    EncodingNames{Encoding::Latin1, "latin-1", "Latin-1"},
};

Expected<void> chooseFormat(Choices& choices, std::string_view word)
{
    if (word == "csv" || word == "tsv")
        choices.format = Format::Csv;
    else if (word == "ndjson")
        choices.format = Format::Ndjson;
    else if (word == "json")
        choices.format = Format::Json;
    else if (!word.empty())
        return fail(Problem::BadRequest, "expected csv, tsv, ndjson or json, but got " + inQuotes(word), "format");
    if (word == "tsv")
        choices.separator = '\t';
    return {};
}

Expected<void> chooseTimeUnit(Choices& choices, std::string_view word)
{
    if (word.empty())
        return {};
    for (const TimeFormatNames& row : timeFormats) {
        if (row.word == word) {
            choices.timeFormat = row.format;
            return {};
        }
    }
    return fail(Problem::BadRequest, "expected s, ms, us, ns, iso, dmy, mdy, yyyymmdd or year, but got " + inQuotes(word),
                "time_unit");
}

} // namespace

Expected<Choices> Choices::fromWords(std::string_view format, std::string_view timeColumn, std::string_view timeUnit,
                                     std::string_view zone)
{
    Choices choices;
    if (Expected<void> chosen = chooseFormat(choices, format); !chosen)
        return fail(chosen.error());
    if (Expected<void> chosen = chooseTimeUnit(choices, timeUnit); !chosen)
        return fail(chosen.error());
    if (!timeColumn.empty())
        choices.timeColumn = timeColumn;
    if (!zone.empty()) {
        if (Expected<Zone> found = Zone::find(zone); !found)
            return fail(found.error());
        choices.zone = zone;
    }
    return choices;
}

Choices Choices::orElse(const Choices& others) const
{
    Choices all = *this;
    const auto take = [&](auto member) {
        if (!(all.*member))
            all.*member = others.*member;
    };
    // A separator is one of a format.
    if (!format)
        take(&Choices::separator);
    take(&Choices::format);
    take(&Choices::encoding);
    take(&Choices::quote);
    take(&Choices::decimalMark);
    take(&Choices::header);
    take(&Choices::nullTexts);
    take(&Choices::empty);
    take(&Choices::timeColumn);
    take(&Choices::timeFormat);
    take(&Choices::zone);
    all.types.insert(others.types.begin(), others.types.end());
    return all;
}

std::string_view formatWord(Format format, char separator)
{
    switch (format) {
    case Format::Ndjson:
        return "ndjson";
    case Format::Json:
        return "json";
    case Format::Csv:
        break;
    }
    return separator == '\t' ? "tsv" : "csv";
}

std::string_view timeUnitWord(TimeFormat format)
{
    return namesOf(format).word;
}

Expected<Encoding> encodingFromWord(std::string_view word)
{
    if (word == "windows-1252")
        return Encoding::Latin1;
    for (const EncodingNames& row : encodings)
        if (row.word == word)
            return row.encoding;
    return fail(Problem::BadRequest,
                "expected utf-8, utf-16le, utf-16be, cp949, latin-1 or windows-1252, but got " + inQuotes(word), "encoding");
}

std::string_view displayName(Encoding encoding)
{
    return std::find_if(encodings.begin(), encodings.end(), [&](const auto& row) { return row.encoding == encoding; })->display;
}

std::string_view displayName(TimeFormat format)
{
    return namesOf(format).display;
}

std::string_view displayName(CellType type)
{
    switch (type) {
    case CellType::Text:
        return "text";
    case CellType::Number:
        return "number";
    case CellType::Boolean:
        return "true or false";
    case CellType::Auto:
        break;
    }
    return "by cell";
}

std::string separatorName(char separator)
{
    switch (separator) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "vertical bar";
    default:
        return inQuotes({&separator, 1});
    }
}

} // namespace iotman::files
