#include "core/import/detect.h"

#include "core/import/cell.h"
#include "core/import/csvrows.h"
#include "core/import/decoder.h"
#include "core/import/guesscsv.h"
#include "core/import/guessencoding.h"
#include "core/import/guesstime.h"
#include "core/import/objectmatcher.h"
#include "core/import/preview.h"
#include "core/import/timereader.h"
#include "core/import/utf8.h"
#include "core/import/words.h"
#include "core/model/ascii.h"
#include "core/rules/payload.h"

#include <limits>

namespace iotman::files {

namespace {

constexpr std::string_view spaces = " \t\r\n";

std::string decoded(std::string_view sample, Encoding encoding)
{
    std::string text;
    Decoder(encoding).append(sample, false, text);
    if (text.starts_with(byteOrderMark))
        text.erase(0, byteOrderMark.size());
    return text;
}

/// The first character that is no white space at or after `at`; NUL where there is none.
char firstOf(std::string_view text, std::size_t at)
{
    const std::size_t found = text.find_first_not_of(spaces, at);
    return found == std::string_view::npos ? '\0' : text[found];
}

/// Whether the object at `start` ends in the line it starts in.
bool endsInItsLine(std::string_view text, std::size_t start)
{
    const std::string_view line = text.substr(start, std::min(text.find_first_of("\r\n", start), text.size()) - start);
    return ObjectMatcher().feed(line) == ObjectMatcher::Result::Closed;
}

Reason guessFormat(std::string_view text, Format& format)
{
    format = Format::Csv;
    const std::size_t start = text.find_first_not_of(spaces);
    const char next = start == std::string_view::npos ? '\0' : firstOf(text, start + 1);
    if (next != '\0' && text[start] == '[' && std::string_view("{]\"[-0123456789").find(next) != std::string_view::npos) {
        format = Format::Json;
        return {Setting::Format, "The text starts with “[”: a JSON array.", true};
    }
    if (next != '\0' && text[start] == '{' && (next == '"' || next == '}')) {
        const bool lines = endsInItsLine(text, start);
        format = lines ? Format::Ndjson : Format::Json;
        return {Setting::Format, lines ? "The first line is a JSON object." : "The text is a JSON object over several lines.",
                true};
    }
    // An export that went wrong, rather than a table of one cell.
    const std::string_view whole = start == std::string_view::npos ? std::string_view() : text.substr(start, text.find_last_not_of(spaces) + 1 - start);
    if (!whole.empty() && whole.find_first_of("\r\n") == std::string_view::npos && rules::Payload().parse(whole)) {
        format = Format::Json;
        return {Setting::Format, "The text is a single JSON value.", true};
    }
    return {Setting::Format, "The text is no JSON: a table of rows.", true};
}

/// What detection knows of one column while it goes on.
struct Seen {
    Column column;
    NamedValues texts;
};

class Detector {
public:
    Detector(std::string_view sample, Sample extent, const Choices& choices)
        : sample_(sample)
        , extent_(extent)
        , choices_(choices)
    {
    }

    Detected run()
    {
        Options& options = detected_.options;
        options.zone = choices_.zone.value_or(options.zone);
        options.empty = choices_.empty.value_or(options.empty);
        encoding();
        text_ = decoded(sample_, options.encoding);
        if (choices_.format)
            options.format = *choices_.format;
        else
            detected_.reasons.push_back(guessFormat(text_, options.format));
        if (options.format == Format::Csv)
            table();
        else
            members();
        time();
        for (Seen& seen : seen_)
            detected_.columns.push_back(std::move(seen.column));
        return std::move(detected_);
    }

private:
    bool whole() const { return extent_ == Sample::Whole; }

    /// Bytes will do: JSON starts in ASCII, whatever follows; of UTF-16 it is not asked.
    Text textKind() const
    {
        Format format = Format::Csv;
        if (choices_.format)
            format = *choices_.format;
        else
            guessFormat(sample_, format);
        return format == Format::Csv ? Text::Any : Text::Json;
    }

    void encoding()
    {
        if (choices_.encoding) {
            detected_.options.encoding = *choices_.encoding;
            return;
        }
        EncodingGuess guess = guessEncoding(sample_, whole(), textKind());
        detected_.options.encoding = guess.encoding;
        detected_.reasons.push_back({Setting::Encoding, std::move(guess.reason), guess.sure});
    }

    /// The chosen value, or the guess and its reason.
    template <class T, class Guess>
    void settle(T& option, const std::optional<T>& choice, T guessed, const Guess& guess)
    {
        option = choice.value_or(guessed);
        if (!choice)
            detected_.reasons.push_back(guess.reason);
    }

    void table()
    {
        Options& options = detected_.options;
        options.quote = choices_.quote.value_or(options.quote);
        const SeparatorGuess separator = guessSeparator(text_, whole(), options.quote);
        settle(options.separator, choices_.separator, separator.separator, separator);
        Table rows = readTable(text_, whole(), {options.separator, options.quote}, std::numeric_limits<std::size_t>::max());
        const DecimalMarkGuess mark = guessDecimalMark(rows, options.separator);
        settle(options.decimalMark, choices_.decimalMark, mark.mark, mark);
        const HeaderGuess header = guessHeader(rows, options.decimalMark);
        settle(options.header, choices_.header, header.header, header);
        if (rows.empty())
            return;
        std::vector<std::string> names(rows.front().size());
        if (options.header) {
            for (std::size_t i = 0; i < names.size(); ++i)
                names[i] = trimmed(rows.front()[i]);
            rows.erase(rows.begin());
        }
        columns(columnNames(std::move(names)), rows);
    }

    void columns(const std::vector<std::string>& names, const Table& rows)
    {
        Options& options = detected_.options;
        std::vector<std::string> nullTexts;
        for (std::size_t i = 0; i < names.size(); ++i) {
            std::vector<std::string_view> cells;
            for (const auto& row : rows)
                if (row.size() == names.size())
                    cells.push_back(row[i]);
            const TypeGuess guess = guessType(cells, options.decimalMark);
            const auto chosen = choices_.types.find(names[i]);
            options.types[names[i]] = chosen == choices_.types.end() ? guess.type : chosen->second;
            for (const std::string& text : guess.nullTexts)
                if (std::find(nullTexts.begin(), nullTexts.end(), text) == nullTexts.end())
                    nullTexts.push_back(text);
            see(names[i], options.types[names[i]], cells);
        }
        options.nullTexts = choices_.nullTexts.value_or(nullTexts);
        if (!choices_.nullTexts && !nullTexts.empty())
            detected_.reasons.push_back(
                {Setting::NullTexts, "Among numbers, " + listed(nullTexts) + " means “no value”: null.", true});
    }

    static std::string listed(const std::vector<std::string>& texts)
    {
        std::string list;
        for (const std::string& text : texts)
            list += (list.empty() ? "" : ", ") + inQuotes(text);
        return list;
    }

    void see(const std::string& name, CellType type, const std::vector<std::string_view>& cells)
    {
        Seen seen{{name, type, {}}, {name, {}}};
        std::string scratch;
        for (const std::string_view whole : cells) {
            const std::string_view cell = trimmed(whole);
            if (cell.empty() || isNull(cell))
                continue;
            if (seen.column.example.empty())
                seen.column.example = whole;
            // Unix seconds with a decimal comma are times too.
            seen.texts.values.emplace_back(numberIn(cell, detected_.options.decimalMark, scratch).value_or(cell));
        }
        seen_.push_back(std::move(seen));
    }

    bool isNull(std::string_view cell) const
    {
        const auto& texts = detected_.options.nullTexts;
        return std::find(texts.begin(), texts.end(), cell) != texts.end();
    }

    /// Of JSON: the members of the first rows.
    void members()
    {
        rules::Payload payload;
        std::string buffer;
        for (const auto& row : preview(sample_, extent_, detected_.options).rows) {
            if (!std::holds_alternative<Row>(row) || !payload.parse(std::get<Row>(row).payload))
                continue;
            for (std::uint32_t key = 1; key < payload.node(0).next; key = payload.node(key + 1).next)
                member(std::string(payload.string(key, buffer)), payload, key + 1);
        }
    }

    void member(const std::string& name, const rules::Payload& payload, std::uint32_t value)
    {
        using Kind = rules::Payload::Kind;
        const auto [place, isNew] = places_.try_emplace(name, seen_.size());
        if (isNew)
            seen_.push_back({{name, CellType::Auto, {}}, {name, {}}});
        Seen& seen = seen_[place->second];
        const Kind kind = payload.node(value).kind;
        if (kind == Kind::Null)
            return;
        const CellType type = kind == Kind::Number                        ? CellType::Number
                              : kind == Kind::True || kind == Kind::False ? CellType::Boolean
                              : kind == Kind::String                      ? CellType::Text
                                                                          : CellType::Auto;
        std::string buffer;
        const std::string text(kind == Kind::String ? payload.string(value, buffer) : payload.text(value));
        const bool first = seen.texts.values.empty();
        if (first)
            seen.column.example = text;
        seen.column.type = first || seen.column.type == type ? type : CellType::Auto;
        seen.texts.values.push_back(text);
    }

    void time()
    {
        if (choices_.timeColumn && choices_.timeColumn->empty())
            return;
        const Seen* best = nullptr;
        std::optional<TimeGuess> guess;
        for (const Seen& seen : seen_) {
            if (choices_.timeColumn && seen.column.name != *choices_.timeColumn)
                continue;
            std::optional<TimeGuess> other = guessTime(seen.texts);
            if (!other && choices_.timeColumn)
                other = guessTimeOfChosen(seen.texts);
            if (!best || (other && (!guess || other->rank > guess->rank))) {
                best = &seen;
                guess = std::move(other);
            }
        }
        for (const Seen& seen : seen_) {
            if (guess || choices_.timeColumn)
                break;
            if ((guess = guessTimeWithFaults(seen.texts)))
                best = &seen;
        }
        Options& options = detected_.options;
        if (choices_.timeColumn)
            options.timeColumn = *choices_.timeColumn;
        else if (guess)
            options.timeColumn = best->column.name;
        timeReasons(guess);
        options.timeFormat = choices_.timeFormat.value_or(guess ? guess->format : options.timeFormat);
        if (!options.timeColumn.empty() && best)
            zone(*best);
    }

    void timeReasons(const std::optional<TimeGuess>& guess)
    {
        const std::string& column = detected_.options.timeColumn;
        if (!choices_.timeColumn)
            detected_.reasons.push_back({Setting::TimeColumn,
                                         column.empty() ? "No column reads as times: the arrival is the time of a row."
                                                        : "Column " + inQuotes(column) + ": " + guess->text,
                                         !column.empty() && guess->sure});
        if (!choices_.timeFormat && !column.empty())
            detected_.reasons.push_back(
                {Setting::TimeFormat,
                 guess ? guess->text : "The values of " + inQuotes(column) + " read as no time that is known.",
                 guess && guess->sure});
    }

    void zone(const Seen& seen)
    {
        const TimeFormat format = detected_.options.timeFormat;
        const bool calendar = format == TimeFormat::YearFirst || format == TimeFormat::DayFirst ||
                              format == TimeFormat::MonthFirst || format == TimeFormat::Compact || format == TimeFormat::Year;
        const auto& values = seen.texts.values;
        const TimeReader reader(format, *Zone::find("UTC"));
        const auto lacksZone = [&](const std::string& value) {
            return reader.read(value).has_value() && !carriesZone(value, format);
        };
        if (!calendar || choices_.zone || std::none_of(values.begin(), values.end(), lacksZone))
            return;
        detected_.asksForZone = true;
        detected_.reasons.push_back(
            {Setting::Zone, "The times carry no zone; they are read as UTC unless you choose another.", false});
    }

    std::string_view sample_;
    Sample extent_;
    const Choices& choices_;
    std::string text_;
    std::vector<Seen> seen_;
    std::map<std::string, std::size_t> places_; ///< of JSON members in `seen_`
    Detected detected_;
};

} // namespace

const Reason* Detected::reason(Setting setting) const
{
    const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& one) { return one.setting == setting; });
    return found == reasons.end() ? nullptr : &*found;
}

Detected detect(std::string_view sample, Sample extent, const Choices& choices)
{
    return Detector(sample, extent, choices).run();
}

} // namespace iotman::files
