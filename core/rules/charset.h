// Sets of characters of a regular expression.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace iotman::rules {

/// A POSIX character class.
enum class CharClass : unsigned char {
    Alnum,
    Alpha,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Xdigit,
    Word
};

std::optional<CharClass> charClassNamed(std::string_view name);
bool isIn(CharClass charClass, char32_t character);
inline bool isWordCharacter(char32_t character)
{
    return isIn(CharClass::Word, character);
}

/// The simple case mappings of Unicode.
char32_t lowerCase(char32_t character);
char32_t upperCase(char32_t character);

/// What a bracket expression or a class escape matches.
class CharSet {
public:
    void add(char32_t first, char32_t last) { ranges_.emplace_back(first, last); }
    void add(CharClass charClass, bool complement) { classes_.emplace_back(charClass, complement); }
    /// `noLineBreak`: a complemented set leaves out \n.
    void complete(bool complement, bool ignoreCase, bool noLineBreak);

    bool contains(char32_t character) const { return character < 128 ? ascii_[character] : slowly(character); }

private:
    bool slowly(char32_t character) const;
    bool plain(char32_t character) const;

    std::vector<std::pair<char32_t, char32_t>> ranges_;
    std::vector<std::pair<CharClass, bool>> classes_;
    bool complement_ = false;
    bool ignoreCase_ = false;
    bool noLineBreak_ = false;
    std::bitset<128> ascii_;
};

} // namespace iotman::rules
