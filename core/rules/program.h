// A compiled filter or rule: a flat list of steps.
#pragma once

#include "core/rules/decimal.h"
#include "core/rules/regex.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::rules {

enum class Op : std::uint8_t {
    // Where a path begins.
    Root,
    Current,
    Last,
    Null,
    True,
    False,
    Number,
    String,
    Variable,
    Ts,
    Source,
    Id,
    // Steps of a path.
    Key,
    AnyKey,
    AnyElement,
    Subscripts,
    Descendants,
    Filter,
    Type,
    Size,
    Double,
    Ceiling,
    Floor,
    Abs,
    Datetime,
    KeyValue,
    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Plus,
    Minus,
    // Predicates.
    And,
    Or,
    Not,
    IsUnknown,
    Exists,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    StartsWith,
    LikeRegex,
    // Constructors.
    Object,
    Array,
};

constexpr bool isPredicate(Op op)
{
    return op >= Op::And && op <= Op::LikeRegex;
}

/// What only ever gives numbers, texts, times or objects: nothing that could be true or false.
constexpr bool isNeverBoolean(Op op)
{
    return op == Op::Number || op == Op::String || (op >= Op::Ts && op <= Op::Id) || (op >= Op::Type && op <= Op::Minus);
}

using StepIndex = std::uint32_t;
inline constexpr StepIndex noStep = UINT32_MAX;

struct Step {
    Op op = Op::Root;
    StepIndex next = noStep;  ///< the step of the path that goes on from this one's items
    StepIndex left = noStep;  ///< the operand, the condition, the left operand
    StepIndex right = noStep; ///< the right operand
    /// Key, String, Variable: index into `texts`; Number: into `numbers`; LikeRegex: into `regexes`; Datetime: into
    /// `texts` or `noStep`; Subscripts: of the first of `subscripts`; Object, Array: of the first of `members`.
    std::uint32_t index = noStep;
    std::uint32_t count = 0;           ///< how many subscripts or members
    std::uint32_t first = 0, last = 0; ///< Descendants: levels; `anyLevel` is `last`
    int column = 0;                    ///< where it stands in the rule, 1-based, in characters
};

inline constexpr std::uint32_t anyLevel = UINT32_MAX;

struct Subscript {
    StepIndex from = noStep;
    StepIndex to = noStep; ///< noStep when it is no range
};

struct Member {
    std::string key; ///< quoted and escaped, as it goes into the item; empty in an array
    StepIndex value = noStep;
};

/// Where the lines of a text begin, for sentences about places in it.
class Lines {
public:
    Lines() = default;
    explicit Lines(std::string_view text);
    /// “column 5”, of a text of several lines “line 2, column 3”. `column` counts the characters of the whole text from 1.
    std::string place(int column) const;

private:
    std::vector<int> breaks_; ///< the columns of the line breaks
};

/// Immutable once compiled; any thread.
struct Program {
    std::vector<Step> steps;
    std::vector<std::string> texts;
    std::vector<Decimal> numbers;
    std::vector<Regex> regexes;
    std::vector<Subscript> subscripts;
    std::vector<Member> members;
    StepIndex root = noStep;
    Lines lines;
    bool lax = true;
    bool usesId = false;

    const Step& step(StepIndex index) const { return steps[index]; }
    /// The rule is `$` and nothing else.
    bool isPassthrough() const { return root != noStep && steps[root].op == Op::Root && steps[root].next == noStep; }
};

} // namespace iotman::rules
