#include "core/rules/regex.h"

#include "core/rules/regexmatcher.h"

namespace iotman::rules {

Expected<Regex> Regex::compile(std::string_view pattern, Flags flags)
{
    Expected<RegexProgram> program = parseRegex(pattern, flags);
    if (!program)
        return fail(program.error());
    Regex regex;
    regex.program_ = std::make_shared<const RegexProgram>(std::move(*program));
    return regex;
}

bool Regex::matches(std::string_view text, std::int64_t& budget) const
{
    const bool found =
        program_->hasReferences ? Backtracker(*program_, text, budget).matches() : StateSets(*program_, text, budget).matches();
    budget = std::max<std::int64_t>(budget, 0);
    return found && budget > 0;
}

} // namespace iotman::rules
