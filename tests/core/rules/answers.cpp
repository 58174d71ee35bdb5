#include "tests/core/rules/answers.h"

#include "core/rules/evaluator.h"
#include "core/rules/itemwriter.h"
#include "core/rules/parser.h"
#include "tests/core/rules/jsonb.h"

namespace tests {

using namespace iotman;
using namespace iotman::rules;

std::string member(const Payload& line, std::string_view key)
{
    const std::uint32_t node = line.member(0, key);
    std::string buffer;
    return node == 0 ? std::string() : std::string(line.string(node, buffer));
}

Question questionFrom(const Payload& line)
{
    Question question{member(line, "path"), member(line, "doc"), std::nullopt};
    if (line.member(0, "vars") != 0)
        question.variables = member(line, "vars");
    return question;
}

std::string answer(const Question& question)
{
    Expected<Program> program = compileProgram(question.path, Grammar::Path, Names::Any);
    if (!program)
        return "syntax: " + program.error().detail;
    Payload document;
    if (const Expected<void> parsed = document.parse(question.document); !parsed)
        return "document: " + parsed.error().detail;
    Payload named;
    if (question.variables && !named.parse(*question.variables))
        return "the variables are no JSON";
    if (question.variables && !named.isObject())
        return "runtime 22023";
    Evaluator evaluator(*program, document, {}, question.variables ? &named : nullptr);
    Values found;
    if (!evaluator.items(program->root, found))
        return "runtime " + std::string(evaluator.sqlState()) + ": " + evaluator.error();
    std::string json = "[";
    for (std::size_t i = 0; i < found.size(); ++i) {
        json += i > 0 ? "," : "";
        appendJson(json, found[i]);
    }
    return jsonb(json + "]");
}

bool isBeyondLimits(const std::string& answer)
{
    for (const char* limit : {"expected at most 16 KiB", "digits together", "arrays and objects inside each other",
                              "parentheses and brackets inside each other", "operators in a row", "steps in a path",
                              "steps inside each other", "steps for one datapoint"})
        if (answer.find(limit) != std::string::npos)
            return true;
    return false;
}

} // namespace tests
