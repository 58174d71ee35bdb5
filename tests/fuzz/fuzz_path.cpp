#include "core/rules/evaluator.h"
#include "core/rules/itemwriter.h"
#include "core/rules/parser.h"
#include "tests/fuzz/fuzz.h"

/// A path over one document with something of everything in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace iotman;
    using namespace iotman::rules;
    static const std::string_view document =
        R"({"a":{"b":[1,2.50,-3e2,{"c":"x1"}],"":null},"t":"2024-02-29 12:30:00+05:30","n":12345678901234567890,"s":"\u00e9\n\"","on":true,)"
        R"("list":[[],[1,[2,[3]]],"ab","AB"]})";
    static const auto* payload = [] {
        auto* made = new Payload;
        fuzz::require(made->parse(document).has_value(), "the document is JSON");
        return made;
    }();
    const std::string_view text = fuzz::text(data, size);
    const Expected<Program> program = compileProgram(text, Grammar::Path, Names::Any);
    if (!program) {
        const Error& error = program.error();
        fuzz::requireWhy(error);
        fuzz::require(error.column >= 0 && error.column <= static_cast<int>(text.size()) + 1,
                      "its column is in the text or behind it");
        return 0;
    }
    const Variables variables{Timestamp{1'700'000'000'000'000}, "fuzz", 7};
    Evaluator evaluator(*program, *payload, variables, payload);
    Values found;
    if (!evaluator.items(program->root, found)) {
        fuzz::require(!evaluator.error().empty() && evaluator.sqlState().size() == 5, "a failure says why");
        return 0;
    }
    for (const Value& value : found) {
        std::string json;
        appendJson(json, value);
        Payload again;
        fuzz::require(again.parse(json).has_value(), "what comes out is JSON");
    }
    return 0;
}
