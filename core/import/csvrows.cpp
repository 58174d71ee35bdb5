#include "core/import/csvrows.h"

#include "core/import/cell.h"
#include "core/import/guessencoding.h"
#include "core/import/limits.h"
#include "core/import/utf8.h"
#include "core/import/words.h"
#include "core/model/ascii.h"
#include "core/model/encoding.h"
#include "core/rules/decimal.h"
#include "core/rules/jsontext.h"

#include <set>

namespace iotman::files {

namespace {

constexpr std::size_t shortNumber = 100; ///< numbers up to this length without an exponent need no check of their range

std::string columnsInWords(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 20;
    std::string words;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        words += (i == 0 ? "" : ", ") + inQuotes(names[i]);
    return words + (names.size() > most ? ", …" : "");
}

bool isUnit(TimeFormat format)
{
    return format == TimeFormat::Seconds || format == TimeFormat::Milliseconds || format == TimeFormat::Microseconds ||
           format == TimeFormat::Nanoseconds;
}

bool fitsNumeric(std::string_view number)
{
    return (number.size() <= shortNumber && number.find_first_of("eE") == std::string_view::npos) || rules::Decimal::fits(number);
}

} // namespace

std::vector<std::string> columnNames(std::vector<std::string> names)
{
    std::set<std::string> taken(names.begin(), names.end());
    std::set<std::string> used;
    std::map<std::string, int> lastSuffix; // so that a thousand columns of one name do not try each suffix a thousand times
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string name = names[i].empty() ? "column" + std::to_string(i + 1) : names[i];
        const std::string base = name;
        while (used.contains(name) || (name != names[i] && taken.contains(name)))
            name = base + "_" + std::to_string(++lastSuffix.try_emplace(base, 1).first->second);
        used.insert(name);
        names[i] = std::move(name);
    }
    return names;
}

CsvRows::CsvRows(ByteSource& source, const Options& options, TimeReader times)
    : options_(options)
    , syntax_{options.separator, options.quote}
    , times_(std::move(times))
    , window_(source, options.encoding)
{
}

/// Finds the next record that is not blank. False at the end of the file. A record that cannot be read as one is
/// described by `refusal`, and the window stands behind its first line.
Expected<bool> CsvRows::nextRecord(std::optional<Refusal>& refusal)
{
    const auto refuse = [&](std::string reason) -> Expected<bool> {
        refusal = refusalOf(std::move(reason));
        if (Expected<void> dropped = window_.dropLine(); !dropped)
            return fail(dropped.error());
        return true;
    };
    for (;;) {
        if (Expected<void> read = window_.atLeast(1); !read)
            return fail(read.error());
        const RecordEnd end = readRecord(window_.text(), window_.complete(), syntax_, record_);
        const bool tooLong = end == RecordEnd::Complete ? record_.size > largestObject : window_.text().size() > largestObject;
        if (end == RecordEnd::AfterClosing || end == RecordEnd::Unclosed)
            return refuse(misquoted(end));
        if (tooLong)
            return refuse("expected a row of at most 1 MiB, but this one is longer" +
                          std::string(end == RecordEnd::NeedsMore && record_.open ? "; is a quote not closed?" : ""));
        if (end == RecordEnd::NeedsMore) {
            if (Expected<void> read = window_.more(); !read)
                return fail(read.error());
            continue;
        }
        if (record_.size == 0)
            return false;
        if (!record_.isBlank())
            return true;
        window_.drop(record_.size);
    }
}

std::string CsvRows::misquoted(RecordEnd end) const
{
    const std::string_view before = window_.text().substr(0, record_.at);
    LineCount lines{window_.line()};
    lines.pass(before);
    const std::size_t lineEnd = before.find_last_of("\r\n");
    const std::string_view inLine = lineEnd == std::string_view::npos ? before : before.substr(lineEnd + 1);
    const int column = columnAt(inLine, inLine.size());
    const std::string place =
        lines.line == window_.line() ? "column " + std::to_string(column) : lineAndColumn(lines.line, column);
    if (end == RecordEnd::Unclosed)
        return "the quote that opens in " + place + " is never closed";
    return place + ": expected the separator or the end of the line after a closing quote, but got " +
           wordAt(window_.text(), record_.at);
}

/// Why a record's bytes are no text, where they are not.
std::optional<std::string> CsvRows::badText(std::string_view text) const
{
    const std::size_t at = firstNotUtf8(text);
    if (at == std::string_view::npos)
        return std::nullopt;
    return notTextReason(text, at, options_.encoding, window_.offset());
}

Expected<void> CsvRows::readHeader()
{
    headerRead_ = true;
    std::optional<Refusal> refusal;
    const Expected<bool> found = nextRecord(refusal);
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(Problem::BadRequest, "expected rows, but the file is empty");
    if (!refusal)
        if (const auto reason = badText(window_.text().substr(0, record_.size)))
            refusal = refusalOf(*reason);
    if (refusal) {
        Error error{Problem::BadRequest, "line " + std::to_string(refusal->line) + ": " + refusal->reason};
        error.line = static_cast<int>(refusal->line);
        return fail(error);
    }
    std::vector<std::string> names;
    for (const CsvField& field : record_.fields)
        names.emplace_back(options_.header ? trimmed(field.text(syntax_.quote, cell_)) : std::string_view());
    if (options_.header)
        window_.drop(record_.size);
    return setColumns(columnNames(std::move(names)));
}

Expected<void> CsvRows::setColumns(std::vector<std::string> names)
{
    names_ = std::move(names);
    for (std::size_t i = 0; i < names_.size(); ++i) {
        Column column;
        rules::appendQuoted(column.key, names_[i]);
        column.key += ':';
        if (const auto type = options_.types.find(names_[i]); type != options_.types.end())
            column.type = type->second;
        columns_.push_back(std::move(column));
        if (!options_.timeColumn.empty() && names_[i] == options_.timeColumn)
            timeColumn_ = i;
    }
    if (!options_.timeColumn.empty() && !timeColumn_)
        return fail(Problem::BadRequest,
                    "there is no column " + inQuotes(options_.timeColumn) + " to take the time from; the columns are " +
                        columnsInWords(names_),
                    "time_column");
    return {};
}

Expected<Next> CsvRows::next()
{
    if (!headerRead_)
        if (Expected<void> read = readHeader(); !read)
            return fail(read.error());
    std::optional<Refusal> refusal;
    const Expected<bool> found = nextRecord(refusal);
    if (!found)
        return fail(found.error());
    if (!*found)
        return Next(End{});
    if (refusal)
        return Next(*std::move(refusal));
    Next row = rowFrom();
    window_.drop(record_.size);
    return row;
}

Next CsvRows::rowFrom()
{
    if (const auto reason = badText(window_.text().substr(0, record_.size)))
        return refusalOf(*reason);
    if (record_.fields.size() != columns_.size())
        return refusalOf("expected " + counted(columns_.size(), "field") +
                         (options_.header ? " as in the header" : " as in the first row") + ", but got " +
                         std::to_string(record_.fields.size()));
    Row row;
    row.line = window_.line();
    if (auto reason = fillPayload(row.payload))
        return refusalOf(*std::move(reason));
    if (auto reason = fillTime(row))
        return refusalOf(*std::move(reason));
    return row;
}

/// Each of these gives the reason where it cannot be done.
std::optional<std::string> CsvRows::fillPayload(std::string& payload)
{
    payload.reserve(record_.size * 2);
    payload = '{';
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (auto reason = appendCell(columns_[i], record_.fields[i], payload))
            return "column " + inQuotes(names_[i]) + ": " + *reason;
    payload += '}';
    if (payload.size() > largestObject)
        return "expected a datapoint of at most 1 MiB, but this one is larger";
    return std::nullopt;
}

bool CsvRows::meansNull(std::string_view text) const
{
    return std::find(options_.nullTexts.begin(), options_.nullTexts.end(), text) != options_.nullTexts.end();
}

std::optional<std::string> CsvRows::appendCell(const Column& column, const CsvField& field, std::string& payload)
{
    const std::string_view text = field.text(syntax_.quote, cell_);
    const bool values = column.type == CellType::Number || column.type == CellType::Boolean;
    const bool empty = values ? trimmed(text).empty() : text.empty() && !field.quoted;
    if (empty && options_.empty == EmptyCell::Absent)
        return std::nullopt;
    if (payload.size() > 1)
        payload += ',';
    payload += column.key;
    if ((empty && (values || options_.empty == EmptyCell::Null)) || meansNull(trimmed(text))) {
        payload += "null";
        return std::nullopt;
    }
    if (column.type == CellType::Number || column.type == CellType::Auto) {
        const auto number = numberIn(text, options_.decimalMark, number_);
        if (number && fitsNumeric(*number)) {
            payload += *number;
            return std::nullopt;
        }
        if (column.type == CellType::Number)
            return "expected a number, but got " + inQuotes(text);
    }
    if (column.type == CellType::Boolean || column.type == CellType::Auto) {
        if (const auto boolean = booleanIn(text)) {
            payload += *boolean ? "true" : "false";
            return std::nullopt;
        }
        if (column.type == CellType::Boolean)
            return "expected true or false, but got " + inQuotes(text);
    }
    if (text.find('\0') != std::string_view::npos)
        return "expected text, but it has a NUL character in it";
    rules::appendQuoted(payload, text);
    return std::nullopt;
}

std::optional<std::string> CsvRows::fillTime(Row& row)
{
    if (!timeColumn_)
        return std::nullopt;
    std::string_view text = record_.fields[*timeColumn_].text(syntax_.quote, cell_);
    if (isUnit(options_.timeFormat) && options_.decimalMark != '.')
        text = numberIn(text, options_.decimalMark, number_).value_or(text);
    const Expected<Moment> moment = times_.read(text);
    if (!moment)
        return "column " + inQuotes(options_.timeColumn) + ": " + moment.error().detail;
    row.time = moment->time;
    row.odd = moment->odd;
    return std::nullopt;
}

} // namespace iotman::files
