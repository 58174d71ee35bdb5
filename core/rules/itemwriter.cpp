#include "core/rules/itemwriter.h"

#include "core/rules/jsontext.h"

namespace iotman::rules {

void appendJson(std::string& out, const Value& value)
{
    if (!value.isCalculated()) {
        out += value.payload->text(value.node);
        return;
    }
    switch (value.type) {
    case Value::Type::Boolean:
        out += value.truth ? "true" : "false";
        break;
    case Value::Type::Number:
        value.number.append(out);
        break;
    case Value::Type::String:
        appendQuoted(out, value.text);
        break;
    case Value::Type::Datetime:
        out += '"';
        value.datetime->append(out);
        out += '"';
        break;
    case Value::Type::Object:
        out += "{\"id\":" + std::to_string(value.pair->id) + ",\"key\":";
        appendJson(out, value.pair->key);
        out += ",\"value\":";
        appendJson(out, value.pair->value);
        out += '}';
        break;
    default:
        out += "null";
    }
}

bool ItemWriter::write(StepIndex step)
{
    const Step& head = program_.step(step);
    if (head.op == Op::Object)
        return object(head);
    if (head.op == Op::Array)
        return array(head);
    return one(step);
}

bool ItemWriter::object(const Step& step)
{
    out_ += '{';
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const Member& member = program_.members[step.index + i];
        if (i > 0)
            out_ += ',';
        out_ += member.key;
        out_ += ':';
        if (!write(member.value))
            return false;
    }
    out_ += '}';
    return withinLimit();
}

bool ItemWriter::array(const Step& step)
{
    out_ += '[';
    if (step.count == 1 && !isConstructor(program_.members[step.index].value)) {
        if (!list(program_.members[step.index].value))
            return false;
    } else {
        for (std::uint32_t i = 0; i < step.count; ++i) {
            if (i > 0)
                out_ += ',';
            if (!write(program_.members[step.index + i].value))
                return false;
        }
    }
    out_ += ']';
    return withinLimit();
}

/// All values of a path, separated by commas.
bool ItemWriter::list(StepIndex step)
{
    Values found;
    if (!evaluator_.items(step, found))
        return false;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i > 0)
            out_ += ',';
        appendJson(out_, found[i]);
        if (!withinLimit())
            return false;
    }
    return true;
}

/// Exactly one value of a path: the value, in lax mode else null or an array.
bool ItemWriter::one(StepIndex step)
{
    Value only;
    switch (evaluator_.single(step, only)) {
    case Evaluator::Single::One:
        appendJson(out_, only);
        return withinLimit();
    case Evaluator::Single::Failed:
        return false;
    case Evaluator::Single::Listed:
        break;
    }
    Values found;
    if (!evaluator_.items(step, found))
        return false;
    if (found.size() == 1) {
        appendJson(out_, found[0]);
        return withinLimit();
    }
    if (!program_.lax)
        return refuse(program_.step(step), found.empty() ? "expected one value, but got nothing"
                                                         : "expected one value, but got " + std::to_string(found.size()));
    if (found.empty()) {
        out_ += "null";
        return withinLimit();
    }
    out_ += '[';
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i > 0)
            out_ += ',';
        appendJson(out_, found[i]);
        if (!withinLimit())
            return false;
    }
    out_ += ']';
    return withinLimit();
}

bool ItemWriter::withinLimit()
{
    if (out_.size() <= limit_)
        return true;
    error_ = "expected an item of at most 1 MiB";
    return false;
}

bool ItemWriter::refuse(const Step& step, std::string_view sentence)
{
    column_ = step.column;
    error_ = "column " + std::to_string(column_) + ": " + std::string(sentence);
    return false;
}

} // namespace iotman::rules
