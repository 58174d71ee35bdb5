// The parser of regular expressions: PostgreSQL 15's "advanced regular expressions" (its manual, section 9.7.3;
// src/backend/regex).
#pragma once

#include "core/rules/jsontext.h"
#include "core/rules/regexprogram.h"

#include <optional>
#include <string>

namespace iotman::rules {

constexpr bool isAsciiDigit(char32_t c)
{
    return c >= '0' && c <= '9';
}
constexpr bool isAsciiLetter(char32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Instructions with jumps relative to themselves, so that they can be moved and repeated.
struct Fragment {
    std::vector<RegexInstruction> code;
    bool nullable = true; ///< may match nothing

    void append(Fragment other)
    {
        code.insert(code.end(), other.code.begin(), other.code.end());
        nullable = nullable && other.nullable;
    }
    static Fragment of(RegexOp op, std::uint32_t value, bool isNullable)
    {
        return {{{op, value, 0, 0}}, isNullable};
    }
    std::int32_t size() const { return static_cast<std::int32_t>(code.size()); }
};

class RegexParser {
public:
    RegexParser(std::string_view pattern, Regex::Flags flags)
        : flags_(flags)
    {
        while (!pattern.empty())
            text_.push_back(takeCodePoint(pattern));
    }
    Expected<RegexProgram> parse();

private:
    bool atEnd() const { return place_ >= text_.size(); }
    char32_t peek(std::size_t ahead = 0) const { return place_ + ahead < text_.size() ? text_[place_ + ahead] : U'\0'; }
    bool sees(std::u32string_view what) const { return std::u32string_view(text_).substr(place_).starts_with(what); }
    bool accept(std::u32string_view what);

    void director();
    void options();
    bool option(char32_t letter);
    void literalText(Fragment& whole);

    Fragment alternatives();
    Fragment branch();
    Fragment repeated();
    Fragment atom(bool& isConstraint);
    Fragment group();
    Fragment look(bool ahead, bool negative);
    Fragment escape(bool& isConstraint);
    Fragment reference();
    Fragment character(char32_t c);
    Fragment set(CharSet set, bool complement);
    bool repeat(int& least, int& most);
    Fragment times(const Fragment& one, int least, int most);
    Fragment loop(const Fragment& one);
    Fragment optional(const Fragment& one);

    Fragment bracket();
    bool bracketPart(CharSet& set, bool first);
    bool bracketEnd(char32_t& last);
    bool bracketName(char32_t kind, std::string& name);
    std::optional<char32_t> collatingElement(const std::string& name);
    std::optional<char32_t> plainEscape(char32_t letter);
    std::optional<char32_t> digits(int base, std::size_t least, std::size_t most);
    static std::optional<std::pair<CharClass, bool>> classEscape(char32_t letter);

    void skipExpanded();
    void refuse(std::string_view sentence);
    bool failed() const { return !error_.empty(); }
    void checkSize(std::size_t size);

    std::u32string text_;
    std::size_t place_ = 0;
    Regex::Flags flags_;
    bool noBreak_ = false;     ///< `.` and complemented sets leave out \n
    bool lineAnchors_ = false; ///< ^ and $ match at line breaks
    bool expanded_ = false;
    bool inLook_ = false; ///< within “(?=…)” and its like
    int depth_ = 0;
    std::vector<bool> closed_{false}; ///< by group: whether its end was seen
    RegexProgram program_;
    std::string error_;
};

} // namespace iotman::rules
