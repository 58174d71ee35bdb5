// Rule text -> program.
#pragma once

#include "core/rules/program.h"

#include <string_view>

namespace iotman::rules {

/// A rule or filter may be this long, in bytes, and nest this deep.
inline constexpr std::size_t greatestRuleSize = 16 * 1024;
inline constexpr int greatestRuleDepth = 200;
/// The numbers of a rule may have so many digits together, the zeros of their exponents included.
inline constexpr std::size_t greatestRuleDigits = 1'000'000;
/// So many operators may depend on each other, so many steps a path may have: evaluation nests as deep.
inline constexpr int greatestRuleHeight = 1024;

/// What a text may be.
enum class Grammar {
    Path, ///< PostgreSQL's jsonpath: an expression or a predicate
    Rule, ///< the same, or a constructor
};

/// Which `$name` are known.
enum class Names {
    BuiltIn, ///< `$ts`, `$source` and `$id`
    Any,     ///< every one; its value is looked up when the program runs, as PostgreSQL's `vars`
};

/// Errors: BadRequest with `column`, and a detail "column 9: expected …, but got …; hint", of a text of
/// several lines "line 2, column 3: …". Any thread.
Expected<Program> compileProgram(std::string_view text, Grammar grammar, Names names = Names::BuiltIn);

} // namespace iotman::rules
