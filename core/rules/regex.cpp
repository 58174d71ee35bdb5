#include "core/rules/regex.h"

namespace iotman::rules {

struct RegexProgram {};

Expected<Regex> Regex::compile(std::string_view, Flags) { return fail(Problem::BadRequest, "expected no like_regex"); }

bool Regex::matches(std::string_view, std::int64_t&) const { return false; }

} // namespace iotman::rules
