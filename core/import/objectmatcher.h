// Where a JSON object or array ends, by its brackets alone: strings are stepped over, nothing else is checked.
#pragma once

#include "core/import/limits.h"

#include <cstddef>
#include <string_view>

namespace iotman::files {

/// Follows one bracketed value, piece by piece, with three words of state. One thread at a time.
class ObjectMatcher {
public:
    enum class Result {
        Open,    ///< the value goes on behind the piece
        Closed,  ///< it ends within the piece
        TooDeep, ///< more than `deepest` brackets within each other
    };
    explicit ObjectMatcher(int deepest = deepestNesting)
        : deepest_(deepest)
    {
    }

    /// `piece` starts with the opening bracket, or continues where the last piece ended.
    Result feed(std::string_view piece);

    /// Bytes of the last piece that belong to the value; TooDeep: those before the bracket that is one too many.
    std::size_t end() const { return end_; }
    /// The value so far ends inside a string.
    bool inString() const { return inString_; }

private:
    bool step(char c);
    bool blockWithoutEscapes(const char* block, std::size_t at);

    int deepest_;
    int depth_ = 0;
    bool inString_ = false;
    bool escaped_ = false; ///< the last character was a backslash that escapes the next
    std::size_t end_ = 0;
};

} // namespace iotman::files
