#include "core/rules/lexer.h"

#include "core/model/ascii.h"
#include "core/rules/jsontext.h"

#include <algorithm>
#include <array>

namespace iotman::rules {

namespace {

/// What may stand between a rule's tokens: JSON's white space, and form feeds.
constexpr bool isRuleBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
constexpr bool isSpecial(char c)
{
    return std::string_view("?%$.[]{}()|&!=<>@#,*:-+/").find(c) != std::string_view::npos;
}
/// What a name is made of: anything that is not special, blank, a quote or a backslash.
constexpr bool isOther(char c)
{
    return !isSpecial(c) && !isRuleBlank(c) && c != '"' && c != '\\';
}

constexpr std::array<std::string_view, 22> keywords{
    "abs", "ceiling",    "datetime", "double", "exists", "false",  "flag", "floor", "is",   "keyvalue", "last",
    "lax", "like_regex", "null",     "size",   "starts", "strict", "to",   "true",  "type", "unknown",  "with"};

bool isKeywordText(std::string_view text)
{
    const std::string lower = lowered(text);
    if (std::find(keywords.begin(), keywords.end(), lower) == keywords.end())
        return false;
    return (lower != "true" && lower != "false" && lower != "null") || lower == text;
}

} // namespace

bool Token::isKeyword(std::string_view word) const
{
    return kind == Kind::Keyword && lowered(text) == word;
}

Token Lexer::fail(std::size_t place, std::string error, std::string hint)
{
    error_ = std::move(error);
    hint_ = std::move(hint);
    errorPlace_ = place;
    place_ = rule_.size();
    return {Token::Kind::End, place, place, {}};
}

Token Lexer::take(Token::Kind kind, std::size_t end)
{
    Token token{kind, place_, end, std::string(rule_.substr(place_, end - place_))};
    place_ = end;
    return token;
}

Token Lexer::next()
{
    while (true) {
        while (place_ < rule_.size() && isRuleBlank(rule_[place_]))
            ++place_;
        if (place_ == rule_.size())
            return {Token::Kind::End, place_, place_, {}};
        if (!startsWith("/*"))
            break;
        if (!skipComment())
            return {Token::Kind::End, errorPlace_, errorPlace_, {}};
    }
    const char c = rule_[place_];
    if (startsWith("$\""))
        return quoted(Token::Kind::Variable, 2);
    if (c == '$' && isOther(at(place_ + 1)) && place_ + 1 < rule_.size()) {
        Token token = take(Token::Kind::Variable, nameEnd(place_ + 1));
        token.text.erase(0, 1);
        return token;
    }
    if (c == '"')
        return quoted(Token::Kind::String, 1);
    Token::Kind kind = Token::Kind::Integer;
    // The longest token counts: a number with one more character of a name, which is an error, or a name that begins like one.
    if (const std::size_t end = numberEnd(kind); end > place_ && (isSpecial(c) || end + 1 >= nameEnd(place_))) {
        if (end < rule_.size() && isOther(rule_[end]))
            return fail(place_, "expected a number, but got “" + std::string(rule_.substr(place_, nameEnd(end) - place_)) + "”",
                        "a key that begins with a digit is quoted: .\"" +
                            std::string(rule_.substr(place_ + (c == '.' ? 1 : 0), nameEnd(end) - place_ - (c == '.' ? 1 : 0))) +
                            "\"");
        if (const char last = rule_[end - 1]; last == '+' || last == '-')
            return fail(place_, "expected digits in the exponent of “" + std::string(rule_.substr(place_, end - place_)) + "”");
        return take(kind, end);
    }
    return isSpecial(c) ? symbol() : name();
}

std::size_t Lexer::nameEnd(std::size_t from) const
{
    while (from < rule_.size() && isOther(rule_[from]))
        ++from;
    return from;
}

/// The end of the longest number at `place_`, or `place_`. A number cut short in its exponent ends with the sign.
std::size_t Lexer::numberEnd(Token::Kind& kind) const
{
    std::size_t end = place_;
    const auto digits = [&] {
        const std::size_t from = end;
        while (isDigit(at(end)))
            ++end;
        return end > from;
    };
    kind = Token::Kind::Integer;
    const bool whole = at(end) == '0' ? (++end, true) : digits();
    if (at(end) == '.' && (whole || isDigit(at(end + 1)))) {
        ++end;
        digits();
        kind = Token::Kind::Number;
    }
    if (end == place_)
        return end;
    if (at(end) == 'e' || at(end) == 'E') {
        const std::size_t mantissa = end++;
        if (at(end) == '+' || at(end) == '-')
            ++end;
        if (digits() || end == mantissa + 2)
            kind = Token::Kind::Number;
        else
            end = mantissa;
    }
    return end;
}

bool Lexer::skipComment()
{
    const std::size_t close = rule_.find("*/", place_ + 2);
    if (close == std::string_view::npos) {
        fail(place_, "expected “*/” at the end of the comment that begins here");
        return false;
    }
    place_ = close + 2;
    return true;
}

Token Lexer::name()
{
    Token token{Token::Kind::Word, place_, place_, {}};
    while (place_ < rule_.size()) {
        const char c = rule_[place_];
        if (isOther(c)) {
            const std::size_t end = nameEnd(place_);
            token.text += rule_.substr(place_, end - place_);
            place_ = end;
        } else if (c != '\\') {
            break;
        } else if (!escape(token.text)) {
            return {Token::Kind::End, errorPlace_, errorPlace_, {}};
        }
    }
    // PostgreSQL 15 forgets a name that a comment follows at once.
    if (startsWith("/*")) {
        droppedName_ = true;
        return next();
    }
    token.end = place_;
    if (isKeywordText(token.text))
        token.kind = Token::Kind::Keyword;
    return token;
}

Token Lexer::quoted(Token::Kind kind, std::size_t prefix)
{
    Token token{kind, place_, place_, {}};
    place_ += prefix;
    while (at(place_) != '"' || place_ >= rule_.size()) {
        if (place_ >= rule_.size())
            return fail(token.begin, "expected “\"” at the end of the string that begins here");
        if (rule_[place_] == '\\') {
            if (!escape(token.text))
                return {Token::Kind::End, errorPlace_, errorPlace_, {}};
        } else {
            token.text += rule_[place_++];
        }
    }
    token.end = ++place_;
    return token;
}

Token Lexer::symbol()
{
    for (const std::string_view two : {"&&", "||", "**", "<=", "==", "<>", "!=", ">="})
        if (startsWith(two)) {
            Token token = take(Token::Kind::Symbol, place_ + 2);
            if (two == "<>")
                token.text = "!=";
            return token;
        }
    return take(Token::Kind::Symbol, place_ + 1);
}

bool Lexer::escape(std::string& out)
{
    const char kind = at(place_ + 1);
    if (place_ + 1 >= rule_.size() || kind == '\n') {
        fail(place_, "expected a character after the backslash");
        return false;
    }
    if (kind == 'u')
        return unicode(out);
    if (kind == 'x')
        return hexCharacter(out);
    constexpr std::string_view letters = "bfnrtv";
    constexpr std::string_view meanings = "\b\f\n\r\t\v";
    if (const std::size_t i = letters.find(kind); i != std::string_view::npos) {
        out += meanings[i];
        place_ += 2;
        return true;
    }
    // Any other character stands for itself, whole.
    const auto length = static_cast<std::size_t>(std::max(1, utf8Length(rule_.substr(place_ + 1))));
    out += rule_.substr(place_ + 1, length);
    place_ += 1 + length;
    return true;
}

/// `\uXXXX` or `\u{X…}`, one code unit.
bool Lexer::unicodeUnit(char32_t& value)
{
    std::size_t p = place_ + 2;
    const bool braces = at(p) == '{';
    p += braces ? 1 : 0;
    value = 0;
    std::size_t digits = 0;
    for (; digits < (braces ? 6U : 4U) && hexValue(at(p)) >= 0; ++digits)
        value = value * 16 + static_cast<char32_t>(hexValue(at(p++)));
    if (braces ? digits == 0 || at(p) != '}' : digits != 4) {
        fail(place_, "expected four hexadecimal digits after “\\u”, or one to six in braces");
        return false;
    }
    place_ = p + (braces ? 1 : 0);
    return true;
}

bool Lexer::unicode(std::string& out)
{
    const std::size_t from = place_;
    char32_t value = 0;
    if (!unicodeUnit(value))
        return false;
    const bool high = value >= 0xD800 && value < 0xDC00;
    bool paired = !high && !(value >= 0xDC00 && value < 0xE000);
    if (high && startsWith("\\u")) {
        char32_t low = 0;
        if (!unicodeUnit(low))
            return false;
        paired = low >= 0xDC00 && low < 0xE000;
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    if (!paired) {
        fail(from, "expected a whole surrogate pair");
        return false;
    }
    return value <= 0x10FFFF ? append(out, value, from) : (fail(from, "expected a code point up to 10FFFF"), false);
}

bool Lexer::hexCharacter(std::string& out)
{
    const int high = hexValue(at(place_ + 2));
    const int low = hexValue(at(place_ + 3));
    if (high < 0 || low < 0) {
        fail(place_, "expected two hexadecimal digits after “\\x”");
        return false;
    }
    place_ += 4;
    return append(out, static_cast<char32_t>(high * 16 + low), place_ - 4);
}

bool Lexer::append(std::string& out, char32_t character, std::size_t from)
{
    if (character == 0) {
        fail(from, "expected no character 0: text cannot hold it");
        return false;
    }
    appendUtf8(out, character);
    return true;
}

} // namespace iotman::rules
