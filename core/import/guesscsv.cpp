#include "core/import/guesscsv.h"

#include "core/import/cell.h"
#include "core/import/textwindow.h"
#include "core/import/timereader.h"
#include "core/import/words.h"
#include "core/model/ascii.h"

#include <array>
#include <map>

namespace iotman::files {

namespace {

constexpr std::array<char, 4> separators{',', ';', '\t', '|'};
constexpr std::size_t rowsForSeparator = 100;

constexpr std::array<std::string_view, 12> nullSpellings{"NaN",  "nan",  "NAN",  "NA", "N/A", "n/a",
                                                         "null", "NULL", "None", "-",  "--",  "#N/A"};

bool isNumber(std::string_view text, char decimalMark)
{
    std::string scratch;
    return numberIn(text, decimalMark, scratch).has_value();
}

/// `2024-01-31…`, `31.01.2024…`, `01/31/2024…`.
bool isDate(std::string_view text)
{
    static const Zone utc = *Zone::find("UTC");
    const auto reads = [&](TimeFormat format) { return TimeReader(format, utc).read(text).has_value(); };
    return reads(TimeFormat::YearFirst) || reads(TimeFormat::DayFirst) || reads(TimeFormat::MonthFirst);
}

bool isValue(std::string_view text, char decimalMark)
{
    return isNumber(text, decimalMark) || booleanIn(text) || isDate(text);
}

/// `12,345,678`: groups of three, so the comma need not be a decimal mark.
bool mayBeGrouped(std::string_view number)
{
    if (number.starts_with('-'))
        number.remove_prefix(1);
    const std::size_t first = number.find(',');
    if (first == 0 || first > 3 || number.front() == '0')
        return false;
    for (std::size_t at = first; at < number.size(); at += 4)
        if (number[at] != ',' || number.size() - at < 4 || !std::all_of(&number[at + 1], &number[at + 1] + 3, isDigit))
            return false;
    return true;
}

struct Consistency {
    std::size_t fields = 0; ///< what most rows have
    double share = 0;       ///< of the rows that have it
};

Consistency consistencyOf(const Table& table)
{
    std::map<std::size_t, std::size_t> counts;
    for (const auto& row : table)
        ++counts[row.size()];
    Consistency best;
    for (const auto& [fields, count] : counts) {
        const double share = static_cast<double>(count) / static_cast<double>(table.size());
        if (share >= best.share)
            best = {fields, share};
    }
    return best;
}

} // namespace

Table readTable(std::string_view text, bool whole, const CsvSyntax& syntax, std::size_t most)
{
    Table table;
    CsvRecord record;
    std::string scratch;
    while (!text.empty() && table.size() < most) {
        const RecordEnd end = readRecord(text, whole, syntax, record);
        if (end == RecordEnd::NeedsMore)
            break;
        if (end != RecordEnd::Complete) {
            text.remove_prefix(std::min(afterLine(text, whole), text.size()));
            continue;
        }
        if (!record.isBlank()) {
            auto& row = table.emplace_back();
            for (const CsvField& field : record.fields)
                row.emplace_back(field.text(syntax.quote, scratch));
        }
        text.remove_prefix(record.size);
    }
    return table;
}

SeparatorGuess guessSeparator(std::string_view text, bool whole, char quote)
{
    SeparatorGuess guess{',', {Setting::Separator, "No separator stands out: one column.", true}};
    Consistency best;
    for (const char separator : separators) {
        const Table table = readTable(text, whole, {separator, quote}, rowsForSeparator);
        const Consistency found = table.empty() ? Consistency{} : consistencyOf(table);
        if (found.fields < 2 || found.share < best.share || (found.share == best.share && found.fields <= best.fields))
            continue;
        best = found;
        guess.separator = separator;
        guess.reason.text = found.share == 1 ? "Every row of the sample has " : "Most rows of the sample have ";
        guess.reason.text += counted(found.fields, "field");
        guess.reason.text += " with the separator ";
        guess.reason.text += separatorName(separator);
        guess.reason.text += '.';
        guess.reason.sure = found.share >= 0.8;
    }
    return guess;
}

DecimalMarkGuess guessDecimalMark(const Table& table, char separator)
{
    std::size_t points = 0;
    std::size_t commas = 0;
    std::size_t grouped = 0;
    std::string example;
    for (const auto& row : table) {
        for (const std::string& whole : row) {
            const std::string_view cell = trimmed(whole);
            const std::size_t mark = cell.find_first_of(".,");
            if (mark == std::string_view::npos)
                continue;
            if (cell[mark] == ',' && mayBeGrouped(cell))
                ++grouped;
            else if (isNumber(cell, cell[mark]))
                ++(cell[mark] == '.' ? points : commas);
            else
                continue;
            if (example.empty() && cell[mark] == ',')
                example = cell;
        }
    }
    if (commas > points || (commas == 0 && points == 0 && grouped > 0 && separator != ','))
        return {
            ',',
            {Setting::DecimalMark, "Numbers such as " + inQuotes(example) + " have a comma before their decimals.", commas > 0}};
    if (grouped > 0)
        return {
            '.',
            {Setting::DecimalMark, inQuotes(example) + " may be a grouped number or have decimals; it stays text.", points > 0}};
    return {'.', {Setting::DecimalMark, points > 0 ? "Decimals follow a point." : "No decimals in the sample.", true}};
}

HeaderGuess guessHeader(const Table& table, char decimalMark)
{
    const auto guess = [](bool header, std::string_view text, bool sure) {
        return HeaderGuess{header, {Setting::Header, std::string(text), sure}};
    };
    if (table.empty())
        return guess(true, "The sample is empty.", true);
    std::size_t names = 0;  // columns of values below something that is none
    std::size_t values = 0; // columns whose first cell is a value too
    for (std::size_t i = 0; i < table.front().size(); ++i) {
        if (isValue(table.front()[i], decimalMark)) {
            ++values;
            continue;
        }
        names += std::any_of(table.begin() + 1, table.end(),
                             [&](const auto& row) { return i < row.size() && isValue(row[i], decimalMark); })
                     ? 1
                     : 0;
    }
    if (values > names)
        return guess(false, "The first row has values in it, not only names.", true);
    if (names > 0)
        return guess(true, "The first row has names above columns of values.", true);
    return guess(true, "All cells are text; the first row is taken for names.", true);
}

TypeGuess guessType(const std::vector<std::string_view>& cells, char decimalMark)
{
    std::size_t numbers = 0;
    std::size_t booleans = 0;
    std::size_t filled = 0;
    TypeGuess guess;
    std::size_t nulls = 0;
    for (const std::string_view whole : cells) {
        const std::string_view cell = trimmed(whole);
        if (cell.empty())
            continue;
        ++filled;
        numbers += isNumber(cell, decimalMark) ? 1 : 0;
        booleans += booleanIn(cell) ? 1 : 0;
        if (std::find(nullSpellings.begin(), nullSpellings.end(), cell) == nullSpellings.end())
            continue;
        ++nulls;
        if (std::find(guess.nullTexts.begin(), guess.nullTexts.end(), cell) == guess.nullTexts.end())
            guess.nullTexts.emplace_back(cell);
    }
    if (filled > 0 && numbers + nulls == filled && numbers > 0)
        guess.type = CellType::Number;
    else if (filled > 0 && booleans == filled)
        guess.type = CellType::Boolean;
    else if (filled > 0)
        guess.type = CellType::Text;
    if (guess.type != CellType::Number)
        guess.nullTexts.clear();
    return guess;
}

} // namespace iotman::files
