// What our rules answer, in the words that PostgreSQL's answers are compared in.
#pragma once

#include "core/rules/payload.h"

#include <optional>
#include <string>

namespace tests {

/// A path of PostgreSQL's over a document, as `jsonb_path_query_array` takes them.
struct Question {
    std::string path;
    std::string document;
    std::optional<std::string> variables;
};

/// From a line of the corpus: the members `path`, `doc` and, where there are variables, `vars`.
Question questionFrom(const iotman::rules::Payload& line);
/// The characters of member `key` of an object; empty when it has none.
std::string member(const iotman::rules::Payload& line, std::string_view key);

/// `[…]` as jsonb prints it, or the stage that refused (`syntax`, `document`, `runtime`), for `runtime` with PostgreSQL's
/// number for the error, and our sentence.
std::string answer(const Question& question);

/// True of an answer that refuses what lies beyond a limit of ours (docs/rules.md), whatever PostgreSQL makes of it.
bool isBeyondLimits(const std::string& answer);

} // namespace tests
