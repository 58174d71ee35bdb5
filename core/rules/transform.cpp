#include "core/rules/transform.h"

#include "core/model/ascii.h"
#include "core/rules/evaluator.h"
#include "core/rules/itemwriter.h"
#include "core/rules/parser.h"

#include <algorithm>

namespace iotman::rules {

namespace {

void set(Error& error, std::string_view detail, std::string_view field, int column)
{
    error = Error{Problem::BadRequest, std::string(detail), std::string(field), column, {}, 0};
}

/// Errors: BadRequest with `column` where no datapoint could be let through. A path is taken: only the payload knows whether it
/// leads to true or false.
Expected<void> needsCondition(const Program& filter)
{
    const Step& first = filter.step(filter.root);
    const Step* last = &first;
    while (last->next != noStep)
        last = &filter.step(last->next);
    if (!isNeverBoolean(last->op))
        return {};
    return fail(Error{Problem::BadRequest,
                      filter.lines.place(first.column) +
                          ": expected a condition such as $.t > 20, but got a value that is never true or false",
                      "filter", first.column});
}

} // namespace

Expected<Transform> Transform::compile(std::string_view filter, std::string_view rule)
{
    Transform transform;
    if (!std::all_of(filter.begin(), filter.end(), isSpace)) {
        Expected<Program> program = compileProgram(filter, Grammar::Path);
        if (!program)
            return fail(program.error().at("filter"));
        if (auto condition = needsCondition(*program); !condition)
            return fail(condition.error());
        transform.filter_ = std::make_shared<const Program>(std::move(*program));
    }
    Expected<Program> program = compileProgram(rule, Grammar::Rule);
    if (!program)
        return fail(program.error().at("rule"));
    // Both run where the sequence is known.
    if (transform.filter_ && transform.filter_->usesId != program->usesId) {
        program->usesId = true;
        auto whole = std::make_shared<Program>(*transform.filter_);
        whole->usesId = true;
        transform.filter_ = std::move(whole);
    }
    transform.rule_ = std::make_shared<const Program>(std::move(*program));
    return transform;
}

bool Transform::usesId() const
{
    return rule_->usesId || (filter_ && filter_->usesId);
}

bool Transform::isPassthrough() const
{
    return rule_->isPassthrough();
}

Transform::Outcome Transform::filter(const Payload& payload, const Variables& variables, Error& error, std::int64_t& steps) const
{
    Evaluator evaluator(*filter_, payload, variables);
    Values found;
    const bool done = evaluator.items(filter_->root, found);
    steps += evaluator.steps();
    if (!done) {
        set(error, evaluator.error(), "filter", evaluator.errorColumn());
        return Outcome::Failed;
    }
    // As jsonb_path_match: one boolean decides, null is unknown.
    if (found.size() == 1 && found[0].type == Value::Type::Boolean)
        return found[0].truth ? Outcome::Item : Outcome::Filtered;
    if (found.size() == 1 && found[0].type == Value::Type::Null)
        return Outcome::Filtered;
    std::string got = found.empty() ? "nothing" : std::to_string(found.size()) + " values";
    if (found.size() == 1) {
        got.clear();
        appendJson(got, found[0]);
        if (got.size() > 60)
            got = "a longer value";
    }
    set(error, "expected true or false, but got " + got + "; a filter is a condition such as $.t > 20", "filter", 0);
    return Outcome::Failed;
}

Transform::Outcome Transform::run(const Payload& payload, const Variables& variables, std::string& out, Error& error, std::int64_t& steps) const
{
    if (filter_)
        if (const Outcome outcome = filter(payload, variables, error, steps); outcome != Outcome::Item)
            return outcome;
    const std::size_t start = out.size();
    Evaluator evaluator(*rule_, payload, variables);
    ItemWriter writer(*rule_, evaluator, out, greatestItemSize);
    const bool done = writer.write(rule_->root);
    steps += evaluator.steps();
    if (done)
        return Outcome::Item;
    out.resize(start);
    set(error, writer.error(), "rule", writer.column());
    return Outcome::Failed;
}

} // namespace iotman::rules
