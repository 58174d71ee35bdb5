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

/// Arrays and objects inside each other.
static int depthOf(const Value& value)
{
    if (!value.isCalculated())
        return value.payload->depth(value.node);
    return value.pair != nullptr ? 1 + depthOf(value.pair->value) : 0;
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
    ++depth_;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const Member& member = program_.members[step.index + i];
        if (i > 0)
            out_ += ',';
        out_ += member.key;
        out_ += ':';
        if (!write(member.value))
            return false;
    }
    --depth_;
    out_ += '}';
    return withinLimit();
}

bool ItemWriter::array(const Step& step)
{
    if (step.count == 1 && !isConstructor(program_.members[step.index].value)) {
        const StepIndex path = program_.members[step.index].value;
        Values found;
        return evaluator_.items(path, found) && list(path, found);
    }
    out_ += '[';
    ++depth_;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        if (i > 0)
            out_ += ',';
        if (!write(program_.members[step.index + i].value))
            return false;
    }
    --depth_;
    out_ += ']';
    return withinLimit();
}

/// An array of what a path yielded.
bool ItemWriter::list(StepIndex path, const Values& found)
{
    out_ += '[';
    ++depth_;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i > 0)
            out_ += ',';
        if (!append(path, found[i]))
            return false;
    }
    --depth_;
    out_ += ']';
    return withinLimit();
}

/// Exactly one value of a path: the value, in lax mode else null or an array.
bool ItemWriter::one(StepIndex path)
{
    Value only;
    switch (evaluator_.single(path, only)) {
    case Evaluator::Single::One:
        return append(path, only);
    case Evaluator::Single::Failed:
        return false;
    case Evaluator::Single::Listed:
        break;
    }
    Values found;
    if (!evaluator_.items(path, found))
        return false;
    if (found.size() == 1)
        return append(path, found[0]);
    if (!program_.lax)
        return refuse(program_.step(path), found.empty() ? "expected one value, but got nothing"
                                                         : "expected one value, but got " + std::to_string(found.size()));
    if (!found.empty())
        return list(path, found);
    out_ += "null";
    return withinLimit();
}

bool ItemWriter::append(StepIndex path, const Value& value)
{
    // Only what is deep as a whole needs a look at the part.
    const bool surelyFits = !value.isCalculated() && depth_ + value.payload->depth() <= greatestPayloadDepth;
    if (!surelyFits && depth_ + depthOf(value) > greatestPayloadDepth)
        return refuse(program_.step(path), "expected an item of at most " + std::to_string(greatestPayloadDepth) +
                                               " arrays and objects inside each other");
    appendJson(out_, value);
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
    error_ = program_.lines.place(column_) + ": " + std::string(sentence);
    return false;
}

} // namespace iotman::rules
