// Two ways to run a regular expression's program.
#pragma once

#include "core/rules/regexprogram.h"

#include <array>
#include <memory>
#include <string_view>

namespace iotman::rules {

/// The text and the places in it that constraints look at.
class RegexText {
public:
    explicit RegexText(std::string_view text)
        : text_(text)
    {
    }

    std::size_t size() const { return text_.size(); }
    unsigned char byte(std::size_t place) const { return static_cast<unsigned char>(text_[place]); }
    /// The character at `place`, which moves behind it.
    char32_t take(std::size_t& place) const;
    bool holds(RegexOp constraint, std::size_t place) const;
    std::string_view part(std::size_t from, std::size_t to) const { return text_.substr(from, to - from); }

private:
    bool isWordBefore(std::size_t place) const;
    bool isWordAfter(std::size_t place) const;

    std::string_view text_;
};

bool takes(const RegexProgram& program, const RegexInstruction& instruction, char32_t character);

/// Follows all ways through the program at once: time is length of the text times size of the program (Ken Thompson,
/// "Regular Expression Search Algorithm", 1968).
class StateSets {
public:
    StateSets(const RegexProgram& program, std::string_view text, std::int64_t& budget)
        : program_(program)
        , text_(text)
        , budget_(budget)
    {
    }
    bool matches() { return run(0, 0, text_.size(), program_.fromTextBegin, false); }

    /// Whether the program from `entry` on matches within `from`…`to`; `anchored`: beginning at `from`; `toEnd`: ending at `to`.
    bool run(std::size_t entry, std::size_t from, std::size_t to, bool anchored, bool toEnd);

private:
    class Set;
    /// Adds what is reachable from `state` without a character; true when that is a match.
    bool add(Set& set, std::size_t state, std::size_t place);
    bool looks(const RegexInstruction& instruction, std::size_t state, std::size_t place);

    const RegexProgram& program_;
    RegexText text_;
    std::int64_t& budget_;
};

/// Tries one way after the other: for patterns with references to groups, which no set of states can follow. The budget
/// bounds its time.
class Backtracker {
public:
    Backtracker(const RegexProgram& program, std::string_view text, std::int64_t& budget);
    bool matches();

private:
    /// A way not yet tried, or (`slot` set) a value to restore on the way back to one.
    struct Choice {
        std::size_t state = 0, place = 0;
        std::ptrdiff_t slot = -1;
    };
    bool from(std::size_t start);
    bool step(std::size_t& state, std::size_t& place);
    void set(std::size_t slot, std::size_t value);
    bool repeats(std::uint32_t group, std::size_t& place);

    const RegexProgram& program_;
    std::string_view whole_;
    RegexText text_;
    std::int64_t& budget_;
    std::vector<std::size_t> slots_; ///< begin and end of each group, then the marks of loops
    std::vector<Choice> choices_;
    bool matched_ = false;
};

} // namespace iotman::rules
