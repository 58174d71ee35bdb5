#include "core/import/words.h"

#include "core/model/ascii.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <charconv>

namespace iotman::files {

namespace {

/// Takes `word` and the number behind it off the front of `text`.
bool takeNumberAfter(std::string_view& text, std::string_view word, std::int64_t& number)
{
    if (!text.starts_with(word))
        return false;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + word.size(), end, number);
    if (read.ec != std::errc())
        return false;
    text = std::string_view(read.ptr, static_cast<std::size_t>(end - read.ptr));
    return true;
}

} // namespace

std::string inQuotes(std::string_view text)
{
    constexpr int longest = 40;
    std::string shown;
    for (int characters = 0; !text.empty(); ++characters) {
        if (characters == longest)
            return "“" + shown + "…”";
        const auto length = static_cast<std::size_t>(rules::utf8Length(text));
        if (length == 0)
            shown += "\xef\xbf\xbd"; // U+FFFD: a message is UTF-8, whatever it is about
        else if (length == 1 && (static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7f))
            shown += ' ';
        else
            shown += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return "“" + shown + "”";
}

std::string counted(std::size_t count, std::string_view singular)
{
    return std::to_string(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

std::string lineAndColumn(std::int64_t line, std::int64_t column)
{
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string wordAt(std::string_view json, std::size_t at)
{
    constexpr std::string_view punctuation = "{}[],:\"";
    if (at >= json.size())
        return "the end";
    std::size_t end = at + 1;
    if (json[at] == '"')
        end = std::min(json.find('"', end), json.size() - 1) + 1;
    else if (punctuation.find(json[at]) == std::string_view::npos)
        while (end < json.size() && !isSpace(json[end]) && punctuation.find(json[end]) == std::string_view::npos)
            ++end;
    return inQuotes(json.substr(at, end - at));
}

Error movedTo(const Error& error, std::int64_t line, int column)
{
    std::string_view rest = error.detail;
    std::int64_t innerLine = 1;
    std::int64_t innerColumn = 1;
    const bool placed =
        takeNumberAfter(rest, "line ", innerLine) && takeNumberAfter(rest, ", column ", innerColumn) && rest.starts_with(": ");
    Error outer = error;
    if (!placed) {
        outer.column = column;
        return outer.within(lineAndColumn(line, column));
    }
    outer.column = static_cast<int>(innerColumn) + (innerLine == 1 ? column - 1 : 0);
    outer.detail = lineAndColumn(line + innerLine - 1, outer.column) + std::string(rest);
    return outer;
}

} // namespace iotman::files
