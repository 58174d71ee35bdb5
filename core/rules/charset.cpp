#include "core/rules/charset.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace iotman::rules {

namespace {

UChar32 icu(char32_t character)
{
    return static_cast<UChar32>(character);
}

bool isAlpha(char32_t c)
{
    return u_isUAlphabetic(icu(c)) || (c > 127 && u_isdigit(icu(c)));
}

/// White space but the blanks that never break a line, as the C library has it.
bool isBreakingSpace(char32_t c)
{
    return u_isUWhiteSpace(icu(c)) && c != 0xA0 && c != 0x2007 && c != 0x202F;
}

} // namespace

std::optional<CharClass> charClassNamed(std::string_view name)
{
    constexpr std::array<std::string_view, 13> names{"alnum", "alpha", "blank", "cntrl", "digit",  "graph", "lower",
                                                     "print", "punct", "space", "upper", "xdigit", "word"};
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<CharClass>(found - names.begin());
}

bool isIn(CharClass charClass, char32_t c)
{
    const bool isDigit = c >= '0' && c <= '9';
    switch (charClass) {
    case CharClass::Alnum:
        return isDigit || isAlpha(c);
    case CharClass::Alpha:
        return isAlpha(c);
    case CharClass::Blank:
        return c == '\t' || (isBreakingSpace(c) && u_charType(icu(c)) == U_SPACE_SEPARATOR);
    case CharClass::Cntrl:
        return u_charType(icu(c)) == U_CONTROL_CHAR || c == 0x2028 || c == 0x2029;
    case CharClass::Digit:
        return isDigit;
    case CharClass::Graph:
        return u_isgraph(icu(c)) && !isBreakingSpace(c);
    case CharClass::Lower:
        return u_isULowercase(icu(c));
    case CharClass::Print:
        return u_isprint(icu(c));
    case CharClass::Punct:
        return isIn(CharClass::Graph, c) && !isIn(CharClass::Alnum, c);
    case CharClass::Space:
        return isBreakingSpace(c);
    case CharClass::Upper:
        return u_isUUppercase(icu(c));
    case CharClass::Xdigit:
        return isDigit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case CharClass::Word:
        return c == '_' || isIn(CharClass::Alnum, c);
    }
    return false;
}

char32_t lowerCase(char32_t character)
{
    return static_cast<char32_t>(u_tolower(icu(character)));
}
char32_t upperCase(char32_t character)
{
    return static_cast<char32_t>(u_toupper(icu(character)));
}

void CharSet::complete(bool complement, bool ignoreCase, bool noLineBreak)
{
    complement_ = complement;
    ignoreCase_ = ignoreCase;
    noLineBreak_ = complement && noLineBreak;
    for (char32_t c = 0; c < 128; ++c)
        ascii_[c] = slowly(c);
}

bool CharSet::slowly(char32_t character) const
{
    if (noLineBreak_ && character == '\n')
        return false;
    const bool inside = plain(character) || (ignoreCase_ && (plain(lowerCase(character)) || plain(upperCase(character))));
    return inside != complement_;
}

bool CharSet::plain(char32_t character) const
{
    for (const auto& [first, last] : ranges_)
        if (character >= first && character <= last)
            return true;
    for (const auto& [charClass, complement] : classes_)
        if (isIn(charClass, character) != complement)
            return true;
    return false;
}

} // namespace iotman::rules
