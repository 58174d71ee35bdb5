#include "core/rules/jsonparser.h"

#include "core/model/ascii.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace iotman::rules {

namespace {

constexpr bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
}

/// Of eight bytes, those that a string's fast path stops at, as the high bits of a word: quotes, backslashes, control
/// characters, what is beyond ASCII. Only the lowest bit set is exact, which is all that is asked for.
std::uint64_t stops(const char* p)
{
    constexpr std::uint64_t ones = 0x0101010101010101ULL;
    constexpr std::uint64_t highs = 0x8080808080808080ULL;
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    return ((word - ones * 0x20) | (quote - ones) | (backslash - ones) | word) & highs;
}

constexpr bool isPlain(char c)
{
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\';
}

/// The first byte of a string's inside that is not plain.
const char* skipPlain(const char* p, const char* end)
{
    while (end - p >= 8) {
        if (const std::uint64_t mask = stops(p); mask != 0) {
            if constexpr (std::endian::native == std::endian::little)
                return p + std::countr_zero(mask) / 8;
            break;
        }
        p += 8;
    }
    while (p != end && isPlain(*p))
        ++p;
    return p;
}

const char* skipDigits(const char* p, const char* end)
{
    while (p != end && isDigit(*p))
        ++p;
    return p;
}

} // namespace

bool JsonParser::parse()
{
    const char* p = value(skipBlanks(begin_));
    // Behind each value: the next member or element, or the end of what it is in.
    while (p != nullptr && depth_ > 0) {
        p = skipBlanks(p);
        const bool object = around().kind == Payload::Kind::Object;
        if (p != end_ && *p == ',') {
            ++around().count;
            p = skipBlanks(p + 1);
            if (object)
                p = key(p);
            if (p != nullptr)
                p = value(p);
        } else if (p != end_ && *p == (object ? '}' : ']')) {
            p = close(p);
        } else {
            p = refuse(p, object ? "“,” or “}”" : "“,” or “]”");
        }
    }
    if (p == nullptr)
        return false;
    p = skipBlanks(p);
    return p == end_ || refuse(p, "the end after the value") != nullptr;
}

inline const char* JsonParser::skipBlanks(const char* p) const
{
    while (p != end_ && isSpace(*p))
        ++p;
    return p;
}

/// The usual one: short, of plain characters.
inline const char* JsonParser::string(const char* p)
{
    const char* const end = skipPlain(p + 1, end_);
    if (end == end_ || *end != '"')
        return longString(p, end);
    push(Payload::Kind::String, p, end + 1);
    return end + 1;
}

/// A whole scalar, or the opening of an array or object as far as its first scalar.
const char* JsonParser::value(const char* p)
{
    while (p != nullptr && p != end_) {
        switch (*p) {
        case '"':
            return string(p);
        case '{':
        case '[': {
            const bool object = *p == '{';
            p = open(p);
            if (p == nullptr)
                return nullptr;
            p = skipBlanks(p);
            if (p != end_ && *p == (object ? '}' : ']'))
                return close(p);
            around().count = 1;
            if (object)
                p = key(p);
            continue;
        }
        case 't':
            return literal(p, "true", Payload::Kind::True);
        case 'f':
            return literal(p, "false", Payload::Kind::False);
        case 'n':
            return literal(p, "null", Payload::Kind::Null);
        default:
            return *p == '-' || isDigit(*p) ? number(p) : refuse(p, "a value");
        }
    }
    return p == nullptr ? nullptr : refuse(p, "a value");
}

const char* JsonParser::open(const char* p)
{
    if (depth_ == mostDepth_)
        return refuseAt(p, "expected at most " + std::to_string(mostDepth_) + " arrays and objects inside each other");
    open_[static_cast<std::size_t>(depth_++)] = count_;
    greatestDepth_ = std::max(greatestDepth_, depth_);
    push(*p == '{' ? Payload::Kind::Object : Payload::Kind::Array, p, p);
    return p + 1;
}

const char* JsonParser::close(const char* p)
{
    Payload::Node& node = around();
    node.end = offset(p + 1);
    node.next = count_;
    --depth_;
    return p + 1;
}

const char* JsonParser::key(const char* p)
{
    if (p == end_ || *p != '"')
        return refuse(p, "a key in double quotes");
    p = string(p);
    if (p == nullptr)
        return nullptr;
    p = skipBlanks(p);
    return p != end_ && *p == ':' ? skipBlanks(p + 1) : refuse(p, "“:”");
}

/// Any other, seen as far as `p`.
const char* JsonParser::longString(const char* from, const char* p)
{
    bool escaped = false;
    while (true) {
        p = skipPlain(p, end_);
        if (p == end_)
            return refuseAt(from, "expected “\"” at the end of the string that begins here");
        if (*p == '"') {
            push(Payload::Kind::String, from, p + 1, escaped);
            return p + 1;
        }
        if (*p == '\\') {
            escaped = true;
            p = escape(p);
            if (p == nullptr)
                return nullptr;
        } else if (static_cast<unsigned char>(*p) < 0x20) {
            return refuseAt(p, "expected an escape such as \\n or \\t, but got a raw control character in a string");
        } else {
            const int length = utf8Length({p, static_cast<std::size_t>(end_ - p)});
            if (length == 0)
                return refuseAt(p, "expected UTF-8, but got a byte that does not belong there");
            p += length;
        }
    }
}

const char* JsonParser::escape(const char* p)
{
    if (end_ - p < 2)
        return refuseAt(p, "expected the rest of the string after “\\”");
    if (p[1] == 'u')
        return unicodeEscape(p);
    constexpr std::string_view letters = "\"\\/bfnrt";
    if (letters.find(p[1]) == std::string_view::npos)
        return refuseAt(p, "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash");
    return p + 2;
}

const char* JsonParser::unicodeEscape(const char* p)
{
    const char* const from = p;
    const auto unit = [&](char32_t& value) {
        value = 0;
        if (end_ - p < 6 || p[0] != '\\' || p[1] != 'u')
            return false;
        for (int i = 2; i < 6; ++i) {
            if (hexValue(p[i]) < 0)
                return false;
            value = value * 16 + static_cast<char32_t>(hexValue(p[i]));
        }
        p += 6;
        return true;
    };
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
    return p;
}

const char* JsonParser::number(const char* p)
{
    const char* const from = p;
    if (*p == '-')
        ++p;
    const char* const whole = p;
    p = skipDigits(p, end_);
    if (p == whole)
        return refuse(p, "a digit after “-”");
    if (*whole == '0' && p - whole > 1)
        return refuseAt(from, "expected a number without leading zeros");
    if (p != end_ && *p == '.') {
        const char* const fraction = p + 1;
        p = skipDigits(fraction, end_);
        if (p == fraction)
            return refuse(p, "a digit after the point");
    }
    if (p != end_ && isWord(*p))
        return longNumber(from, p);
    if (p - from > Decimal::greatestScale)
        return longNumber(from, p);
    push(Payload::Kind::Number, from, p);
    return p;
}

/// A number with an exponent, or with very many digits; `p` is behind its fraction.
const char* JsonParser::longNumber(const char* from, const char* p)
{
    if (p != end_ && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p != end_ && (*p == '+' || *p == '-'))
            ++p;
        const char* const exponent = p;
        p = skipDigits(p, end_);
        if (p == exponent)
            return refuse(p, "a digit in the exponent");
    }
    if (p != end_ && isWord(*p))
        return refuse(p, "the end of the number");
    if (!Decimal::fits({from, static_cast<std::size_t>(p - from)}))
        return refuseAt(from, "expected a number of at most 131,072 digits before and 16,383 behind the point");
    push(Payload::Kind::Number, from, p);
    return p;
}

const char* JsonParser::literal(const char* p, std::string_view word, Payload::Kind kind)
{
    const std::string_view rest(p, static_cast<std::size_t>(end_ - p));
    if (!rest.starts_with(word) || (rest.size() > word.size() && isWord(rest[word.size()])))
        return refuse(p, "a value");
    push(kind, p, p + word.size());
    return p + word.size();
}

/// What stands at `place`, for a message: a word, a character, or the end.
std::string JsonParser::found(const char* place) const
{
    constexpr std::size_t longest = 20;
    const std::string_view rest(place, static_cast<std::size_t>(end_ - place));
    if (rest.empty())
        return "the end";
    std::size_t length = rest.front() == '-' || rest.front() == '+' ? 1 : 0;
    while (length < std::min(rest.size(), longest) && isWord(rest[length]))
        ++length;
    if (length == 0) {
        if (static_cast<unsigned char>(rest.front()) < 0x20)
            return "a control character";
        length = static_cast<std::size_t>(utf8Length(rest));
        if (length == 0)
            return "a byte that is no UTF-8";
    }
    return "“" + std::string(rest.substr(0, length)) + "”";
}

/// What the sender probably did.
std::string JsonParser::hint(const char* place) const
{
    std::string word = found(place);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (word.find("nan") != std::string::npos || word.find("inf") != std::string::npos)
        return "; JSON has no NaN and no Infinity, send null";
    if (place == end_)
        return {};
    if (*place == '\'')
        return "; JSON strings stand in double quotes";
    if (*place == '/')
        return "; JSON has no comments";
    const char* before = place;
    while (before != begin_ && isSpace(before[-1]))
        --before;
    if ((*place == '}' || *place == ']') && before != begin_ && before[-1] == ',')
        return "; no comma may stand before it";
    return {};
}

const char* JsonParser::refuse(const char* place, std::string_view expected)
{
    return refuseAt(place, "expected " + std::string(expected) + ", but got " + found(place) + hint(place));
}

const char* JsonParser::refuseAt(const char* place, std::string sentence)
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
    return nullptr;
}

} // namespace iotman::rules
