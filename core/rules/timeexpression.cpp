#include "core/rules/timeexpression.h"

#include "core/rules/evaluator.h"
#include "core/rules/itemwriter.h"
#include "core/rules/parser.h"

namespace iotman::rules {

Expected<TimeExpression> TimeExpression::compile(std::string_view text)
{
    Expected<Program> program = compileProgram(text, Grammar::Path);
    if (!program)
        return fail(program.error().at("time"));
    if (program->usesId)
        return fail(Problem::BadRequest, "expected a time of the payload, but $id is only known once it is stored", "time");
    const Step* last = &program->step(program->root);
    while (last->next != noStep)
        last = &program->step(last->next);
    if (isPredicate(last->op) || last->op == Op::True || last->op == Op::False || last->op == Op::Null)
        return fail(
            Error{Problem::BadRequest,
                  program->lines.place(last->column) +
                      ": expected what gives Unix seconds or a text in ISO 8601, such as $.ts / 1000, but this never is a time",
                  "time", last->column});
    TimeExpression expression;
    expression.program_ = std::make_shared<const Program>(std::move(*program));
    return expression;
}

Expected<Timestamp> TimeExpression::evaluate(const Payload& payload, const Variables& variables) const
{
    Evaluator evaluator(*program_, payload, variables);
    Values found;
    if (!evaluator.items(program_->root, found))
        return fail(Error{Problem::BadRequest, evaluator.error(), "time", evaluator.errorColumn(), {}, 0});
    const auto refuse = [](std::string detail) {
        return fail(Problem::BadRequest, "expected a time: Unix seconds or a text in ISO 8601 with a zone, but got " + detail,
                    "time");
    };
    if (found.size() != 1)
        return refuse(found.empty() ? "nothing" : std::to_string(found.size()) + " values");
    const Value& value = found[0];
    Expected<Timestamp> time;
    if (value.type == Value::Type::Number) {
        time = value.decimal().toTimestamp();
    } else if (value.type == Value::Type::String) {
        std::string buffer;
        time = Timestamp::parseIso(value.characters(buffer));
    } else if (value.type == Value::Type::Datetime && value.datetime->type == Datetime::Type::TimestampTz) {
        time = Timestamp{value.datetime->us};
    } else {
        std::string shown;
        appendJson(shown, value);
        return refuse(shown.size() > 60 ? std::string("a longer value") : shown);
    }
    if (!time)
        return fail(time.error().at("time"));
    // Also of a number that was cut to the limit.
    constexpr std::int64_t limit = secondsLimit * Timestamp::usPerSecond;
    if (time->us >= limit || time->us <= -limit)
        return refuse("a year beyond all data");
    return time;
}

} // namespace iotman::rules
