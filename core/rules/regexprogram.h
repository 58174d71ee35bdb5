// A regular expression as instructions of a small machine.
#pragma once

#include "core/model/error.h"
#include "core/rules/charset.h"
#include "core/rules/regex.h"

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace iotman::rules {

struct RegexInstruction {
    enum class Op : std::uint8_t {
        Character,   ///< one character, `value`
        Set,         ///< one of set `value`
        Any,         ///< any character
        AnyButBreak, ///< any character but \n
        Split,       ///< go on at `+first` or at `+second`
        Jump,        ///< go on at `+first`
        Mark,        ///< remember the place in slot `value`: a round of a loop begins
        Moved,       ///< fail when the place is still that of slot `value`: a round matched nothing
        Open,
        Close,     ///< group `value` begins, ends
        Reference, ///< what group `value` matched
        Matched,   ///< nothing; group `value` must have matched
        TextBegin,
        TextEnd,
        LineBegin,
        LineEnd,
        WordBegin,
        WordEnd,
        WordEdge,
        NoWordEdge,
        Ahead,
        Behind, ///< the `first` instructions that follow match from, up to here; `value` 1: they do not
        Match,
    };

    Op op = Op::Match;
    std::uint32_t value = 0;
    std::int32_t first = 0, second = 0;
};

using RegexOp = RegexInstruction::Op;

struct RegexProgram {
    std::vector<RegexInstruction> code;
    std::vector<CharSet> sets;
    std::uint32_t slots = 0;  ///< loops with a mark
    std::uint32_t groups = 0; ///< groups, the first is 1
    bool ignoreCase = false;
    bool hasReferences = false;
    bool fromTextBegin = false;  ///< matches begin at the text's begin only
    std::bitset<256> firstBytes; ///< the bytes a match may begin with; all when it may be empty

    /// Finds the two above.
    void analyse();
};

/// A pattern may be this complex, in instructions.
inline constexpr std::size_t greatestRegexSize = 20'000;

/// Errors: BadRequest.
Expected<RegexProgram> parseRegex(std::string_view pattern, Regex::Flags flags);

} // namespace iotman::rules
