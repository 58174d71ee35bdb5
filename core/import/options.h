// How a file is to be read. Detection fills these in, a person may change every one.
#pragma once

#include "core/model/error.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::files {

enum class Format {
    Csv,    ///< rows of fields (RFC 4180), whatever the separator: TSV too
    Ndjson, ///< one JSON object a line
    Json,   ///< one JSON document: an array of objects, or one object
};

enum class Encoding { Utf8, Utf16Le, Utf16Be, Cp949, Latin1 };

/// How a time is written. Those of the second kind carry a zone of their own or are read in `Options::zone`.
enum class TimeFormat {
    Seconds, ///< a number since 1970 (or since the start of a measurement), as are the next three
    Milliseconds,
    Microseconds,
    Nanoseconds,
    YearFirst,  ///< ISO 8601 and its relatives: `2024-01-31`, `2024/01/31 06:55`, `2024-01-31T06:55:00.5+09:00`
    DayFirst,   ///< `31.01.2024 06:55`, `31/1/2024`
    MonthFirst, ///< `01/31/2024 6:55 PM`
    Compact,    ///< `20240131`, `20240131T065500`, `202401310655`
    Year,       ///< `2024`: its first moment
};

enum class CellType {
    Auto,    ///< cell by cell: a number, `true` or `false`, else text
    Text,    ///< as it stands
    Number,  ///< anything but a number, or an empty cell, refuses the row
    Boolean, ///< `true` or `false` in any case; anything else but an empty cell refuses the row
};

/// What a cell without a character becomes. A quoted one (`""`) in a column of text is text that happens to be empty.
enum class EmptyCell { Null, Text, Absent };

struct Options {
    Format format = Format::Csv;
    Encoding encoding = Encoding::Utf8;

    // Csv only:
    char separator = ',';
    char quote = '"';
    char decimalMark = '.';
    bool header = true;                    ///< the first row names the columns; else they are `column1`, `column2` …
    std::map<std::string, CellType> types; ///< by column; Auto for those that are not here
    std::vector<std::string> nullTexts;    ///< cells that mean “no value”, such as `NaN`; they become null
    EmptyCell empty = EmptyCell::Null;

    std::string timeColumn; ///< the column, or top-level member, that holds the time; empty: the arrival is the time
    TimeFormat timeFormat = TimeFormat::YearFirst;
    std::string zone = "UTC"; ///< of times that carry none, as `Zone::find` reads it

    bool operator==(const Options&) const = default;
};

/// What a person, a workspace file or a command line has decided; detection leaves it alone.
struct Choices {
    std::optional<Format> format;
    std::optional<Encoding> encoding;
    std::optional<char> separator;
    std::optional<char> quote;
    std::optional<char> decimalMark;
    std::optional<bool> header;
    std::map<std::string, CellType> types;
    std::optional<std::vector<std::string>> nullTexts;
    std::optional<EmptyCell> empty;
    std::optional<std::string> timeColumn; ///< empty text: no column, the arrival is the time
    std::optional<TimeFormat> timeFormat;
    std::optional<std::string> zone;

    /// What is not decided here is as in `others`.
    Choices orElse(const Choices& others) const;

    /// From the words that settings and command lines use; an empty word chooses nothing.
    /// `format`: csv, tsv, ndjson, json. `timeUnit`: s, ms, us, ns, iso, dmy, mdy, yyyymmdd, year.
    /// Errors: BadRequest, with `field` as the setting at fault.
    static Expected<Choices> fromWords(std::string_view format, std::string_view timeColumn, std::string_view timeUnit,
                                       std::string_view zone);
};

/// The words of settings (`tsv` for a tab as separator). The inverse of `Choices::fromWords`.
std::string_view formatWord(Format format, char separator);
std::string_view timeUnitWord(TimeFormat format);
/// Reads `utf-8`, `utf-16le`, `utf-16be`, `cp949`, `latin-1`, and `windows-1252`, which is how Latin-1 is read. Errors:
/// BadRequest, field `encoding`.
Expected<Encoding> encodingFromWord(std::string_view word);

/// For people: `UTF-8`, `CP949`.
std::string_view displayName(Encoding encoding);
/// For people: `seconds since 1970`, `year-month-day`.
std::string_view displayName(TimeFormat format);
/// For people: `number`, `text`.
std::string_view displayName(CellType type);
/// For people: `comma`, `tab`; any other character as it is.
std::string separatorName(char separator);

} // namespace iotman::files
