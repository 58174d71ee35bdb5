#include "core/import/jsonrows.h"

#include "core/import/guessencoding.h"
#include "core/import/limits.h"
#include "core/import/utf8.h"
#include "core/import/words.h"
#include "core/model/ascii.h"
#include "core/model/encoding.h"

namespace iotman::files {

namespace {

constexpr std::string_view tooLarge = "expected an object of at most 1 MiB, but this one is larger";

std::size_t spaceAt(std::string_view text)
{
    std::size_t count = 0;
    while (count < text.size() && isSpace(text[count]))
        ++count;
    return count;
}

/// A parser's sentence as a reason of the row that starts at `line`: it need not say that line again.
std::string reasonIn(const Error& error, std::int64_t line, int column)
{
    const std::string detail = movedTo(error, line, column).detail;
    const std::string known = "line " + std::to_string(line) + ", ";
    return detail.starts_with(known) ? detail.substr(known.size()) : detail;
}

} // namespace

JsonRow::JsonRow(const Options& options, TimeReader times)
    : encoding_(options.encoding)
    , timeColumn_(options.timeColumn)
    , times_(std::move(times))
{
}

Next JsonRow::read(std::string_view text, std::int64_t line, int column, std::int64_t offset)
{
    if (const std::size_t at = firstNotUtf8(text); at != std::string_view::npos)
        return Refusal{line, notTextReason(text, at, encoding_, offset)};
    if (const Expected<void> parsed = payload_.parse(text); !parsed)
        return Refusal{line, reasonIn(parsed.error(), line, column)};
    if (!payload_.isObject())
        return Refusal{line, "expected an object, but got " + inQuotes(payload_.text())};
    if (payload_.text().size() > largestObject)
        return Refusal{line, std::string(tooLarge)};
    Row row;
    row.line = line;
    if (auto reason = fillTime(row))
        return Refusal{line, *std::move(reason)};
    row.payload = payload_.text();
    return row;
}

/// Gives the reason where there is no time.
std::optional<std::string> JsonRow::fillTime(Row& row)
{
    if (timeColumn_.empty())
        return std::nullopt;
    const std::uint32_t member = payload_.member(0, timeColumn_);
    if (member == 0)
        return "expected a time in " + inQuotes(timeColumn_) + ", but there is no such member";
    const bool isString = payload_.node(member).kind == rules::Payload::Kind::String;
    if (!isString && payload_.node(member).kind != rules::Payload::Kind::Number)
        return "member " + inQuotes(timeColumn_) + ": expected a time, but got " + inQuotes(payload_.text(member));
    const Expected<Moment> moment = times_.read(isString ? payload_.string(member, scratch_) : payload_.text(member));
    if (!moment)
        return "member " + inQuotes(timeColumn_) + ": " + moment.error().detail;
    row.time = moment->time;
    row.odd = moment->odd;
    return std::nullopt;
}

NdjsonRows::NdjsonRows(ByteSource& source, const Options& options, TimeReader times)
    : window_(source, options.encoding)
    , row_(options, std::move(times))
{
}

Expected<Next> NdjsonRows::next()
{
    for (;;) {
        if (Expected<void> read = window_.atLeast(1); !read)
            return fail(read.error());
        const std::size_t end = std::min(afterLine(window_.text(), window_.complete()), window_.text().size());
        const bool whole = end < window_.text().size() || window_.complete() || window_.text().ends_with('\n');
        if (!whole && end <= largestObject) {
            if (Expected<void> read = window_.more(); !read)
                return fail(read.error());
            continue;
        }
        if (!whole) {
            Refusal refusal{window_.line(), std::string(tooLarge)};
            if (Expected<void> dropped = window_.dropLine(); !dropped)
                return fail(dropped.error());
            return Next(std::move(refusal));
        }
        if (end == 0)
            return Next(End{});
        const std::string_view line = window_.text().substr(0, end);
        if (spaceAt(line) == end) {
            window_.drop(end);
            continue;
        }
        Next row = row_.read(line, window_.line(), 1, window_.offset());
        window_.drop(end);
        return row;
    }
}

JsonRows::JsonRows(ByteSource& source, const Options& options, TimeReader times)
    : window_(source, options.encoding)
    , row_(options, std::move(times))
{
}

Expected<Next> JsonRows::next()
{
    if (state_ == State::Start)
        if (Expected<void> started = start(); !started)
            return fail(started.error());
    if (state_ == State::AfterElement)
        if (Expected<void> separated = separator(); !separated)
            return fail(separated.error());
    if (state_ == State::Done)
        return tail();
    return element();
}

/// The window moves on within its text, and the column with it.
void JsonRows::pass(std::size_t size)
{
    const std::string_view passed = window_.text().substr(0, size);
    const std::size_t lineEnd = passed.find_last_of("\r\n");
    column_ = lineEnd == std::string_view::npos ? column_ + static_cast<int>(characters(passed))
                                                : 1 + static_cast<int>(characters(passed.substr(lineEnd + 1)));
    window_.drop(size);
}

/// False at the end of the file.
Expected<bool> JsonRows::skipSpace()
{
    for (;;) {
        if (Expected<void> read = window_.atLeast(1); !read)
            return fail(read.error());
        const std::size_t space = spaceAt(window_.text());
        const bool atValue = space < window_.text().size();
        pass(space);
        if (atValue || window_.complete())
            return atValue;
    }
}

/// What the window starts with, for a message; pieces of the file may have cut it.
std::string JsonRows::word()
{
    constexpr std::size_t longest = 256;
    static_cast<void>(window_.atLeast(longest)); // where reading fails, what there is has to do
    return wordAt(window_.text(), 0);
}

/// Nothing after this place can be read.
tl::unexpected<Error> JsonRows::unusable(std::string_view why)
{
    Error error{Problem::BadRequest, lineAndColumn(window_.line(), column_) + ": " + std::string(why)};
    error.line = static_cast<int>(window_.line());
    return tl::unexpected<Error>(std::move(error));
}

tl::unexpected<Error> JsonRows::broken(std::string_view expected)
{
    return unusable("expected " + std::string(expected) + ", but got " + word());
}

Expected<void> JsonRows::start()
{
    const Expected<bool> found = skipSpace();
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(Problem::BadRequest, "expected an array of objects, but the file is empty");
    const char first = window_.text().front();
    if (first != '[' && first != '{')
        return broken("an array of objects or one object");
    state_ = State::Element;
    single_ = first == '{';
    if (single_)
        return {};
    pass(1);
    const Expected<bool> more = skipSpace();
    if (!more)
        return fail(more.error());
    if (*more && window_.text().front() == ']') {
        pass(1);
        state_ = State::Done;
    }
    return {};
}

Expected<Next> JsonRows::element()
{
    ++element_;
    const Expected<bool> found = skipSpace();
    if (!found)
        return fail(found.error());
    if (!*found || window_.text().front() == ']' || window_.text().front() == ',')
        return broken("an object");
    if (window_.text().front() == '{')
        return object();
    return refuseElement("expected an object, but got " + word());
}

Expected<Next> JsonRows::object()
{
    ObjectMatcher matcher;
    std::size_t fed = 0;
    for (;;) {
        const ObjectMatcher::Result result = matcher.feed(window_.text().substr(fed));
        const std::size_t end = fed + matcher.end();
        if (result == ObjectMatcher::Result::TooDeep)
            return refuseElement("expected a nesting of at most 128, but it is deeper");
        if (end > largestObject)
            return refuseElement(tooLarge);
        if (result == ObjectMatcher::Result::Closed) {
            Next row = row_.read(window_.text().substr(0, end), window_.line(), column_, window_.offset());
            if (auto* refusal = std::get_if<Refusal>(&row))
                refusal->reason = inElement(refusal->reason);
            else if (!single_)
                std::get<Row>(row).element = element_;
            pass(end);
            state_ = single_ ? State::Done : State::AfterElement;
            return row;
        }
        fed = end;
        if (window_.complete())
            return unusable("the object that starts here is never closed");
        if (Expected<void> read = window_.more(); !read)
            return fail(read.error());
    }
}

std::string JsonRows::inElement(std::string_view reason) const
{
    return (single_ ? "" : "element " + std::to_string(element_) + ": ") + std::string(reason);
}

Expected<Next> JsonRows::refuseElement(std::string_view reason)
{
    Refusal refusal{window_.line(), inElement(reason)};
    if (Expected<void> skipped = skipValue(); !skipped)
        return fail(skipped.error());
    state_ = single_ ? State::Done : State::AfterElement;
    return Next(std::move(refusal));
}

/// Goes to the comma or bracket behind the value that starts here, of whatever size or depth, or to the end of the file.
Expected<void> JsonRows::skipValue()
{
    std::int64_t depth = 0;
    bool inString = false;
    bool escaped = false;
    for (;;) {
        const std::string_view text = window_.text();
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            if (escaped || inString) {
                inString = escaped || c != '"';
                escaped = !escaped && c == '\\';
                continue;
            }
            if (depth == 0 && (c == ',' || c == ']')) {
                pass(at);
                return {};
            }
            inString = c == '"';
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        }
        pass(text.size());
        if (window_.complete())
            return {};
        if (Expected<void> read = window_.more(); !read)
            return read;
    }
}

/// Takes what stands between two elements, or the end of the array.
Expected<void> JsonRows::separator()
{
    const Expected<bool> found = skipSpace();
    if (!found)
        return fail(found.error());
    const char next = *found ? window_.text().front() : '\0';
    if (next != ',' && next != ']')
        return broken("“,” or “]”");
    pass(1);
    state_ = next == ',' ? State::Element : State::Done;
    return {};
}

Expected<Next> JsonRows::tail()
{
    const Expected<bool> found = skipSpace();
    if (!found)
        return fail(found.error());
    if (*found)
        return broken(single_ ? "nothing after the object (one object a line is the format NDJSON)" : "nothing after the array");
    return Next(End{});
}

} // namespace iotman::files
