#include "core/rules/jsonparser.h"

#include "core/model/encoding.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <cstring>

namespace iotman::rules {

namespace {

constexpr bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool isWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c); }

/// Characters that a string's fast path passes over: printable ASCII but quote and backslash.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x80; ++c)
        table[c] = c != '"' && c != '\\';
    return table;
}();

/// True when none of the eight bytes is a quote, a backslash, a control character or beyond ASCII.
inline bool allPlain(const char* p)
{
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    constexpr std::uint64_t highs = 0x8080808080808080ULL;
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    return (((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & highs) == 0;
}

} // namespace

Expected<void> JsonParser::parse()
{
    if (end_ - begin_ > INT32_MAX)
        return fail(Problem::TooLarge, "expected at most 2 GiB of JSON");
    if (!run())
        return fail(error_);
    return {};
}

bool JsonParser::run()
{
    skipBlanks();
    if (!value())
        return false;
    while (!done_)
        if (!afterValue())
            return false;
    skipBlanks();
    return p_ == end_ || refuse("the end after the value");
}

inline void JsonParser::skipBlanks()
{
    while (p_ != end_ && isBlank(*p_))
        ++p_;
}

Payload::Node& JsonParser::push(Payload::Kind kind, const char* from)
{
    Payload::Node& node = nodes_.emplace_back();
    node.begin = offset(from);
    node.end = offset(p_);
    node.next = static_cast<std::uint32_t>(nodes_.size());
    node.kind = kind;
    return node;
}

/// Reads a value, or the opening of one and its first key; leaves `p_` behind it.
bool JsonParser::value()
{
    while (true) {
        if (p_ == end_)
            return refuse("a value");
        switch (*p_) {
        case '"':
            return string() && (done_ = depth_ == 0, true);
        case '{':
        case '[': {
            const bool object = *p_ == '{';
            if (!open(object ? Payload::Kind::Object : Payload::Kind::Array))
                return false;
            skipBlanks();
            if (p_ != end_ && *p_ == (object ? '}' : ']'))
                return close();
            ++nodes_[open_[static_cast<std::size_t>(depth_) - 1]].count;
            if (object && !key())
                return false;
            continue; // the first member's value, the first element
        }
        case 't':
            return literal("true", Payload::Kind::True);
        case 'f':
            return literal("false", Payload::Kind::False);
        case 'n':
            return literal("null", Payload::Kind::Null);
        default:
            if (*p_ == '-' || isDigit(*p_))
                return number() && (done_ = depth_ == 0, true);
            return refuse("a value");
        }
    }
}

bool JsonParser::afterValue()
{
    skipBlanks();
    const bool object = inObject();
    if (p_ != end_ && *p_ == ',') {
        ++p_;
        skipBlanks();
        ++nodes_[open_[static_cast<std::size_t>(depth_) - 1]].count;
        return (!object || key()) && value();
    }
    if (p_ != end_ && *p_ == (object ? '}' : ']'))
        return close();
    return refuse(object ? "“,” or “}”" : "“,” or “]”");
}

bool JsonParser::open(Payload::Kind kind)
{
    if (depth_ == greatestPayloadDepth)
        return refuseAt(p_, "expected at most " + std::to_string(greatestPayloadDepth) + " arrays and objects inside each other");
    ++p_;
    open_[static_cast<std::size_t>(depth_++)] = static_cast<std::uint32_t>(nodes_.size());
    push(kind, p_ - 1);
    return true;
}

bool JsonParser::close()
{
    ++p_;
    Payload::Node& node = nodes_[open_[static_cast<std::size_t>(--depth_)]];
    node.end = offset(p_);
    node.next = static_cast<std::uint32_t>(nodes_.size());
    done_ = depth_ == 0;
    return true;
}

bool JsonParser::key()
{
    if (p_ == end_ || *p_ != '"')
        return refuse("a key in double quotes");
    if (!string())
        return false;
    skipBlanks();
    if (p_ == end_ || *p_ != ':')
        return refuse("“:”");
    ++p_;
    skipBlanks();
    return true;
}

bool JsonParser::string()
{
    const char* const from = p_++;
    bool escaped = false;
    while (true) {
        while (end_ - p_ >= 8 && allPlain(p_))
            p_ += 8;
        while (p_ != end_ && plain[static_cast<unsigned char>(*p_)])
            ++p_;
        if (p_ == end_)
            return refuseAt(from, "expected “\"” at the end of the string that begins here");
        if (*p_ == '"')
            break;
        if (*p_ == '\\') {
            escaped = true;
            if (!escape())
                return false;
        } else if (static_cast<unsigned char>(*p_) < 0x20) {
            return refuseAt(p_, "expected an escape such as \\n or \\t, but got a raw control character in a string");
        } else {
            const int length = utf8Length({p_, static_cast<std::size_t>(end_ - p_)});
            if (length == 0)
                return refuseAt(p_, "expected UTF-8, but got a byte that does not belong there");
            p_ += length;
        }
    }
    ++p_;
    push(Payload::Kind::String, from).escaped = escaped;
    return true;
}

bool JsonParser::escape()
{
    const char* const from = p_++;
    if (p_ == end_)
        return refuseAt(from, "expected the rest of the string after “\\”");
    if (*p_ == 'u')
        return unicodeEscape();
    constexpr std::string_view letters = "\"\\/bfnrt";
    if (letters.find(*p_) == std::string_view::npos)
        return refuseAt(from, "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash");
    ++p_;
    return true;
}

bool JsonParser::unicodeEscape()
{
    const char* const from = p_ - 1;
    const auto unit = [&](char32_t& value) {
        value = 0;
        if (end_ - p_ < 6 || p_[0] != '\\' || p_[1] != 'u')
            return false;
        for (int i = 2; i < 6; ++i) {
            if (hexValue(p_[i]) < 0)
                return false;
            value = value * 16 + static_cast<char32_t>(hexValue(p_[i]));
        }
        p_ += 6;
        return true;
    };
    p_ = from;
    char32_t first = 0;
    if (!unit(first))
        return refuseAt(from, "expected four hexadecimal digits after “\\u”");
    if (first == 0)
        return refuseAt(from, "expected no \\u0000: text cannot hold that character");
    char32_t second = 0;
    if (first >= 0xD800 && first < 0xDC00 && !(unit(second) && second >= 0xDC00 && second < 0xE000))
        return refuseAt(from, "expected the second half of a surrogate pair (\\uDC00 to \\uDFFF) after the first");
    if (first >= 0xDC00 && first < 0xE000)
        return refuseAt(from, "expected the first half of a surrogate pair (\\uD800 to \\uDBFF) before the second");
    return true;
}

bool JsonParser::number()
{
    const char* const from = p_;
    const auto digits = [&] {
        const char* const first = p_;
        while (p_ != end_ && isDigit(*p_))
            ++p_;
        return p_ != first;
    };
    if (*p_ == '-')
        ++p_;
    const bool zero = p_ != end_ && *p_ == '0';
    if (!digits())
        return refuse("a digit after “-”");
    if (zero && p_ - from > (*from == '-' ? 2 : 1))
        return refuseAt(from, "expected a number without leading zeros");
    bool checked = p_ - from < Decimal::greatestScale;
    if (p_ != end_ && *p_ == '.') {
        ++p_;
        if (!digits())
            return refuse("a digit after the point");
        checked = p_ - from < Decimal::greatestScale;
    }
    if (p_ != end_ && (*p_ == 'e' || *p_ == 'E')) {
        ++p_;
        if (p_ != end_ && (*p_ == '+' || *p_ == '-'))
            ++p_;
        if (!digits())
            return refuse("a digit in the exponent");
        checked = false;
    }
    if (p_ != end_ && isWord(*p_))
        return refuse("the end of the number");
    if (!checked && !Decimal::fits({from, static_cast<std::size_t>(p_ - from)}))
        return refuseAt(from, "expected a number of at most 131,072 digits before and 16,383 behind the point");
    push(Payload::Kind::Number, from);
    return true;
}

bool JsonParser::literal(std::string_view word, Payload::Kind kind)
{
    const auto left = static_cast<std::size_t>(end_ - p_);
    if (left < word.size() || std::string_view(p_, word.size()) != word || (left > word.size() && isWord(p_[word.size()])))
        return refuse("a value");
    const char* const from = p_;
    p_ += word.size();
    push(kind, from);
    done_ = depth_ == 0;
    return true;
}

/// What stands at `p_`, for a message: a word, a character, or the end.
std::string JsonParser::found() const
{
    if (p_ == end_)
        return "the end";
    const std::string_view rest(p_, static_cast<std::size_t>(end_ - p_));
    const char* last = p_;
    while (last != end_ && last - p_ < 20 && (isWord(*last) || (last == p_ && (*last == '-' || *last == '+'))))
        ++last;
    std::string_view word(p_, static_cast<std::size_t>(last - p_));
    if (word.empty()) {
        const int length = utf8Length(rest);
        if (length == 0)
            return "a byte that is no UTF-8";
        if (static_cast<unsigned char>(*p_) < 0x20)
            return "a control character";
        word = rest.substr(0, static_cast<std::size_t>(length));
    }
    return "“" + std::string(word) + "”";
}

bool JsonParser::followsComma() const
{
    const char* before = p_;
    while (before != begin_ && isBlank(before[-1]))
        --before;
    return before != begin_ && before[-1] == ',';
}

bool JsonParser::refuse(std::string expected)
{
    std::string sentence = "expected " + expected + ", but got " + found();
    std::string lower;
    for (const char* c = p_; c != end_ && (isWord(*c) || *c == '-' || *c == '+') && lower.size() < 12; ++c)
        lower += static_cast<char>(*c | 0x20);
    if (lower.starts_with("nan") || lower.find("inf") != std::string::npos)
        sentence += "; JSON has no NaN and no Infinity, send null";
    else if (p_ != end_ && *p_ == '\'')
        sentence += "; JSON strings stand in double quotes";
    else if (p_ != end_ && (*p_ == '}' || *p_ == ']') && followsComma())
        sentence += "; no comma may stand before it";
    else if (p_ != end_ && *p_ == '/')
        sentence += "; JSON has no comments";
    return refuseAt(p_, std::move(sentence));
}

bool JsonParser::refuseAt(const char* place, std::string sentence)
{
    const auto line = 1 + std::count(begin_, place, '\n');
    const char* start = place;
    while (start != begin_ && start[-1] != '\n')
        --start;
    const std::string_view before(start, static_cast<std::size_t>(place - start));
    error_.kind = Problem::BadRequest;
    error_.column = static_cast<int>(std::count_if(before.begin(), before.end(),
                                                   [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; })) +
                    1;
    error_.detail = "line " + std::to_string(line) + ", column " + std::to_string(error_.column) + ": " + std::move(sentence);
    return false;
}

} // namespace iotman::rules
