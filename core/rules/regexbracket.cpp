// Escapes and bracket expressions of patterns.
#include "core/rules/jsontext.h"
#include "core/rules/regexparser.h"

namespace iotman::rules {

std::optional<std::pair<CharClass, bool>> RegexParser::classEscape(char32_t letter)
{
    switch (letter) {
    case 'd':
    case 'D':
        return std::pair(CharClass::Digit, letter == 'D');
    case 's':
    case 'S':
        return std::pair(CharClass::Space, letter == 'S');
    case 'w':
    case 'W':
        return std::pair(CharClass::Word, letter == 'W');
    default:
        return std::nullopt;
    }
}

/// The character that a backslash and `letter` (already taken) stand for.
std::optional<char32_t> RegexParser::plainEscape(char32_t letter)
{
    switch (letter) {
    case 'a':
        return U'\a';
    case 'b':
        return U'\b';
    case 'B':
        return U'\\';
    case 'c':
        if (atEnd())
            break;
        return text_[place_++] & 037U;
    case 'e':
        return U'\033';
    case 'f':
        return U'\f';
    case 'n':
        return U'\n';
    case 'r':
        return U'\r';
    case 't':
        return U'\t';
    case 'v':
        return U'\v';
    case 'u':
        return digits(16, 4, 4);
    case 'U':
        return digits(16, 8, 8);
    case 'x':
        return digits(16, 1, 255);
    case '0':
        --place_;
        return digits(8, 1, 3);
    default:
        if (!isAsciiLetter(letter) && !isAsciiDigit(letter))
            return letter;
    }
    refuse("an escape that PostgreSQL knows");
    return std::nullopt;
}

/// As PostgreSQL reads them: modulo 2^32, and beyond Unicode it is a character that no text has.
std::optional<char32_t> RegexParser::digits(int base, std::size_t least, std::size_t most)
{
    constexpr char32_t greatest = 0x7FFFFFFE;
    char32_t value = 0;
    std::size_t count = 0;
    for (; count < most && peek() < 128; ++count, ++place_) {
        const int digit = hexValue(static_cast<char>(peek()));
        if (digit < 0 || digit >= base)
            break;
        value = value * static_cast<char32_t>(base) + static_cast<char32_t>(digit);
    }
    if (count < least || value > greatest) {
        refuse("the digits of a character");
        return std::nullopt;
    }
    return value;
}

Fragment RegexParser::bracket()
{
    ++place_;
    const bool complement = accept(U"^");
    CharSet chars;
    bool first = true;
    while (!failed() && (first || peek() != ']')) {
        if (atEnd()) {
            refuse("“]”");
            break;
        }
        if (!bracketPart(chars, first))
            return {};
        first = false;
    }
    if (failed())
        return {};
    ++place_;
    return set(std::move(chars), complement);
}

bool RegexParser::bracketPart(CharSet& set, bool first)
{
    char32_t from = peek();
    if (from == '-' && !first && peek(1) != ']') {
        refuse("a range such as a-z");
        return false;
    }
    ++place_;
    if (from == '\\') {
        const char32_t letter = peek();
        if (const auto escaped = classEscape(letter)) {
            ++place_;
            set.add(escaped->first, escaped->second);
            return true;
        }
        if (atEnd() || (letter >= '1' && letter <= '9')) {
            refuse("an escape that PostgreSQL knows in brackets");
            return false;
        }
        ++place_;
        const std::optional<char32_t> plain = plainEscape(letter);
        if (!plain)
            return false;
        from = *plain;
    } else if (from == '[' && (peek() == ':' || peek() == '.' || peek() == '=')) {
        const char32_t kind = text_[place_++];
        std::string name;
        if (!bracketName(kind, name))
            return false;
        if (kind == ':') {
            std::optional<CharClass> named = charClassNamed(name);
            if (flags_.ignoreCase && (named == CharClass::Upper || named == CharClass::Lower))
                named = CharClass::Alpha;
            if (!named) {
                refuse("a class such as [:alpha:]");
                return false;
            }
            set.add(*named, false);
            return true;
        }
        const std::optional<char32_t> element = collatingElement(name);
        if (!element)
            return false;
        if (kind == '=') {
            set.add(*element, *element);
            return true;
        }
        from = *element;
    }
    char32_t to = from;
    if (peek() == '-' && peek(1) != ']') {
        ++place_;
        if (!bracketEnd(to))
            return false;
    }
    if (from > to) {
        refuse("a range that rises");
        return false;
    }
    set.add(from, to);
    return true;
}

/// The upper end of a range.
bool RegexParser::bracketEnd(char32_t& last)
{
    last = peek();
    if (atEnd()) {
        refuse("the end of the range");
        return false;
    }
    ++place_;
    std::optional<char32_t> element;
    if (last == '\\') {
        const char32_t letter = peek();
        if (atEnd() || classEscape(letter) || (letter >= '1' && letter <= '9')) {
            refuse("a character at the end of the range");
            return false;
        }
        ++place_;
        element = plainEscape(letter);
    } else if (last == '[' && peek() == '.') {
        ++place_;
        std::string name;
        if (bracketName('.', name))
            element = collatingElement(name);
    } else if (last == '[' && (peek() == ':' || peek() == '=')) {
        refuse("a character at the end of the range");
        return false;
    } else {
        return true;
    }
    last = element.value_or(0);
    return element.has_value();
}

/// What stands before `:]`, `.]` or `=]`, as UTF-8.
bool RegexParser::bracketName(char32_t kind, std::string& name)
{
    while (!atEnd() && !(peek() == kind && peek(1) == ']'))
        appendUtf8(name, text_[place_++]);
    if (atEnd()) {
        refuse("“]”");
        return false;
    }
    place_ += 2;
    return true;
}

std::optional<char32_t> RegexParser::collatingElement(const std::string& name)
{
    std::string_view rest = name;
    if (!rest.empty()) {
        const char32_t only = takeCodePoint(rest);
        if (rest.empty())
            return only;
    }
    refuse("a single character");
    return std::nullopt;
}

} // namespace iotman::rules
