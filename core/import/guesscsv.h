// What separates the fields of a table, whether it has a header, and what its columns hold.
#pragma once

#include "core/import/csvrecord.h"
#include "core/import/detect.h"

namespace iotman::files {

using Table = std::vector<std::vector<std::string>>;

/// The rows of a text, at most `most`. Where the text goes on (`whole` is false), the row that its end cuts is left out;
/// so are blank lines and rows whose quotes are wrong.
Table readTable(std::string_view text, bool whole, const CsvSyntax& syntax, std::size_t most);

struct SeparatorGuess {
    char separator = ',';
    Reason reason;
};
SeparatorGuess guessSeparator(std::string_view text, bool whole, char quote);

struct DecimalMarkGuess {
    char mark = '.';
    Reason reason;
};
/// `separator` breaks the tie where `1,234` may be either a decimal or a grouped number.
DecimalMarkGuess guessDecimalMark(const Table& table, char separator);

struct HeaderGuess {
    bool header = true;
    Reason reason;
};
HeaderGuess guessHeader(const Table& table, char decimalMark);

struct TypeGuess {
    CellType type = CellType::Auto;
    std::vector<std::string> nullTexts; ///< the spellings of “no value” among the numbers
};
/// Of a column's cells without the header. One number with a leading zero makes all of them text: they are codes.
TypeGuess guessType(const std::vector<std::string_view>& cells, char decimalMark);

} // namespace iotman::files
