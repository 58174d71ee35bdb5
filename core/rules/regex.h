// The regular expressions of `like_regex`.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace iotman::rules {

struct RegexProgram;

/// A compiled pattern in the dialect of PostgreSQL 15 ("advanced regular expressions"), as `like_regex` uses it.
/// Immutable, cheap to copy, any thread.
class Regex {
public:
    struct Flags {
        bool ignoreCase = false; ///< i
        bool dotAll = false;     ///< s: `.` and complemented classes match a line break too
        bool multiLine = false;  ///< m: `^` and `$` match at line breaks
        bool literal = false;    ///< q: the pattern is plain text
    };
    /// Errors: BadRequest, with the place in the pattern where it is known.
    static Expected<Regex> compile(std::string_view pattern, Flags flags);

    /// Whether the pattern matches anywhere in `text` (well-formed UTF-8). `budget` is what may be spent, in steps of the
    /// matcher; it is lowered by what was spent. When it runs out the answer is false and the budget 0.
    /// Time grows with length × pattern, or, for a pattern with back references, ends with the budget.
    bool matches(std::string_view text, std::int64_t& budget) const;

private:
    std::shared_ptr<const RegexProgram> program_;
};

} // namespace iotman::rules
