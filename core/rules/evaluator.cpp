#include "core/rules/evaluator.h"

#include "core/rules/children.h"

#include <algorithm>

namespace iotman::rules {

class Evaluator::Deeper {
public:
    explicit Deeper(Evaluator& evaluator) : depth_(evaluator.depth_) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

private:
    int& depth_;
};

Evaluator::Evaluator(const Program& program, const Payload& payload, const Variables& variables, const Payload* named)
    : program_(program), variables_(variables), named_(named), root_(Value::of(payload, 0)), current_(root_),
      serials_(named != nullptr ? 2 : 1), lax_(program.lax), ignoreStructure_(program.lax)
{
}

bool Evaluator::items(StepIndex step, Values& found)
{
    const Outcome outcome = run(step, root_, &found);
    return outcome != Outcome::Failed && !aborted_;
}

bool Evaluator::spend(std::int64_t steps)
{
    budget_ -= steps;
    if (budget_ >= 0 && !aborted_)
        return true;
    abort("54000", "expected at most " + std::to_string(greatestSteps) + " steps for one datapoint");
    return false;
}

Evaluator::Outcome Evaluator::failure(const Step& step, std::string_view sqlState, std::string_view sentence)
{
    if (!quiet_ && !aborted_) {
        sqlState_ = sqlState;
        errorColumn_ = step.column;
        error_ = "column " + std::to_string(step.column) + ": " + std::string(sentence);
    }
    return Outcome::Failed;
}

/// Ends the whole run: no predicate turns this into unknown.
Evaluator::Outcome Evaluator::abort(std::string_view sqlState, std::string sentence)
{
    if (!aborted_) {
        aborted_ = true;
        errorColumn_ = 0;
        sqlState_ = sqlState;
        error_ = std::move(sentence);
    }
    return Outcome::Failed;
}

std::string_view Evaluator::keep(std::string text) { return texts_.emplace_front(std::move(text)); }

Evaluator::Outcome Evaluator::next(const Step& step, const Value& item, Values* found)
{
    if (step.next != noStep)
        return run(step.next, item, found);
    if (found != nullptr)
        found->add(item);
    return Outcome::Found;
}

Evaluator::Outcome Evaluator::run(StepIndex index, const Value& start, Values* found, bool unwrap)
{
    const Deeper deeper(*this);
    if (depth_ > greatestEvaluationDepth)
        return abort("54001", "expected at most " + std::to_string(greatestEvaluationDepth) + " steps inside each other");

    const Value* at = &start;
    Value here;
    while (true) {
        if (!spend(1))
            return Outcome::Failed;
        const Step& step = program_.step(index);
        switch (step.op) {
        case Op::Root: {
            const Base saved = std::exchange(base_, Base{root_.payload, 0, nullptr, 0});
            const Outcome outcome = next(step, root_, found);
            base_ = saved;
            return outcome;
        }
        case Op::Current:
            return next(step, current_, found);
        case Op::Key: {
            if (at->type == Value::Type::Array && unwrap)
                return unwrapped(index, *at, found, false);
            if (at->type != Value::Type::Object)
                return ignoreStructure_ ? Outcome::Nothing : failure(step, "2203A", "expected an object to take a key of");
            if (!memberOf(*at, program_.texts[step.index], here))
                return ignoreStructure_ ? Outcome::Nothing
                                        : failure(step, "2203A", "expected the key “" + program_.texts[step.index] + "” in the object");
            at = &here;
            break;
        }
        case Op::Filter: {
            if (at->type == Value::Type::Array && unwrap)
                return unwrapped(index, *at, found, false);
            const Value saved = std::exchange(current_, *at);
            const Truth passes = truth(step.left, *at);
            current_ = saved;
            if (passes != Truth::True)
                return aborted_ ? Outcome::Failed : Outcome::Nothing;
            break;
        }
        case Op::AnyKey:
            return anyKey(step, index, *at, found, unwrap);
        case Op::AnyElement:
            return anyElement(step, *at, found);
        case Op::Subscripts:
            return subscripts(step, *at, found);
        case Op::Descendants:
            return descendants(step, *at, found);
        case Op::Type:
            return typeName(step, *at, found);
        case Op::Size:
            return arraySize(step, *at, found);
        case Op::Double:
            return toDouble(step, index, *at, found, unwrap);
        case Op::Abs:
        case Op::Floor:
        case Op::Ceiling:
            return numeric(step, index, *at, found, unwrap);
        case Op::Datetime:
            return datetime(step, index, *at, found, unwrap);
        case Op::KeyValue:
            return keyValue(step, index, *at, found, unwrap);
        case Op::Add:
        case Op::Subtract:
        case Op::Multiply:
        case Op::Divide:
        case Op::Remainder:
            return binary(step, *at, found);
        case Op::Plus:
        case Op::Minus:
            return unary(step, *at, found);
        case Op::Last:
            return next(step, Value::of(Decimal(arraySize_ - 1)), found);
        default:
            if (!isPredicate(step.op))
                return literal(step, found);
            const Truth outcome = truth(index, *at);
            if (aborted_)
                return Outcome::Failed;
            return next(step, outcome == Truth::Unknown ? Value() : Value::boolean(outcome == Truth::True), found);
        }
        // The one item of a key or a filter goes on to the next step.
        if (step.next == noStep) {
            if (found != nullptr)
                found->add(*at);
            return Outcome::Found;
        }
        index = step.next;
        unwrap = lax_;
    }
}

Evaluator::Outcome Evaluator::literal(const Step& step, Values* found)
{
    Value value;
    switch (step.op) {
    case Op::True:
    case Op::False:
        value = Value::boolean(step.op == Op::True);
        break;
    case Op::Number:
        value = Value::of(program_.numbers[step.index]);
        break;
    case Op::String:
        value = Value::of(std::string_view(program_.texts[step.index]));
        break;
    case Op::Ts:
        value = Value::of(Decimal::fromTimestamp(variables_.ts));
        break;
    case Op::Source:
        value = Value::of(variables_.source);
        break;
    case Op::Id:
        value = Value::of(*Decimal::parse(std::to_string(variables_.id)));
        break;
    case Op::Variable: {
        const std::uint32_t node = named_ != nullptr ? named_->member(0, program_.texts[step.index]) : 0;
        if (node == 0)
            return abort("42704", "expected a value for the variable “$" + program_.texts[step.index] + "”");
        const Base saved = std::exchange(base_, Base{named_, node, nullptr, 1});
        const Outcome outcome = next(step, Value::of(*named_, node), found);
        base_ = saved;
        return outcome;
    }
    default:
        break;
    }
    return next(step, value, found);
}

Evaluator::Outcome Evaluator::unwrapped(StepIndex step, const Value& array, Values* found, bool unwrapElements)
{
    Outcome result = Outcome::Nothing;
    forEachChild(array, [&](const Value& element) {
        if (!spend(1)) {
            result = Outcome::Failed;
            return false;
        }
        if (step != noStep) {
            result = run(step, element, found, unwrapElements);
            return result != Outcome::Failed && (result != Outcome::Found || found != nullptr);
        }
        result = Outcome::Found;
        if (found != nullptr)
            found->add(element);
        return found != nullptr;
    });
    return result;
}

Evaluator::Outcome Evaluator::anyKey(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap)
{
    if (item.type == Value::Type::Object)
        return unwrapped(step.next, item, found, lax_);
    if (unwrap && item.type == Value::Type::Array)
        return unwrapped(index, item, found, false);
    return ignoreStructure_ ? Outcome::Nothing : failure(step, "2203C", "expected an object to take all keys of");
}

Evaluator::Outcome Evaluator::anyElement(const Step& step, const Value& item, Values* found)
{
    if (item.type == Value::Type::Array)
        return unwrapped(step.next, item, found, lax_);
    if (lax_)
        return next(step, item, found);
    return ignoreStructure_ ? Outcome::Nothing : failure(step, "22039", "expected an array to take all elements of");
}

Evaluator::Outcome Evaluator::subscripts(const Step& step, const Value& item, Values* found)
{
    const bool isArray = item.type == Value::Type::Array;
    if (!isArray && !lax_)
        return ignoreStructure_ ? Outcome::Nothing : failure(step, "22039", "expected an array to take elements of");
    const std::uint32_t size = isArray ? item.size() : 1;
    const std::int32_t saved = std::exchange(arraySize_, static_cast<std::int32_t>(size));
    Outcome result = Outcome::Nothing;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        result = subscript(step, item, size, program_.subscripts[step.index + i], found);
        if (result == Outcome::Failed || (result == Outcome::Found && found == nullptr))
            break;
    }
    arraySize_ = saved;
    return result;
}

Evaluator::Outcome Evaluator::subscript(const Step& step, const Value& item, std::uint32_t size, const Subscript& subscript, Values* found)
{
    std::int32_t from = 0;
    if (!arrayIndex(step, subscript.from, item, from))
        return Outcome::Failed;
    std::int32_t to = from;
    if (subscript.to != noStep && !arrayIndex(step, subscript.to, item, to))
        return Outcome::Failed;
    const auto end = static_cast<std::int32_t>(size);
    if (!ignoreStructure_ && (from < 0 || from > to || to >= end))
        return failure(step, "22033", "expected a subscript from 0 to " + std::to_string(end - 1));
    from = std::max(from, 0);
    to = std::min(to, end - 1);
    if (from > to)
        return Outcome::Nothing;
    if (item.type != Value::Type::Array)
        return next(step, item, found);
    Outcome result = Outcome::Nothing;
    if (!spend(from / 8))
        return Outcome::Failed;
    std::uint32_t node = item.payload->element(item.node, static_cast<std::uint32_t>(from));
    for (std::int32_t i = from; i <= to; ++i) {
        result = spend(1) ? next(step, Value::of(*item.payload, node), found) : Outcome::Failed;
        if (result == Outcome::Failed || (result == Outcome::Found && found == nullptr))
            break;
        node = item.payload->node(node).next;
    }
    return result;
}

bool Evaluator::arrayIndex(const Step& step, StepIndex expression, const Value& array, std::int32_t& index)
{
    const Step& literal = program_.step(expression);
    const bool constant = literal.op == Op::Number && literal.next == noStep;
    Values found;
    if (!constant) {
        if (run(expression, array, &found) == Outcome::Failed)
            return false;
        if (found.size() != 1 || found[0].type != Value::Type::Number)
            return (failure(step, "22033", "expected one number as a subscript; a key follows a point: $.a"), false);
    }
    const std::optional<std::int32_t> whole = (constant ? program_.numbers[literal.index] : found[0].decimal()).toInt32();
    if (!whole)
        return (failure(step, "22033", "expected a subscript within the 32-bit whole numbers"), false);
    index = *whole;
    return true;
}

Evaluator::Outcome Evaluator::descendants(const Step& step, const Value& item, Values* found)
{
    Outcome result = Outcome::Nothing;
    if (step.first == 0) {
        const bool saved = std::exchange(ignoreStructure_, true);
        result = next(step, item, found);
        ignoreStructure_ = saved;
        if (aborted_ || (result == Outcome::Found && found == nullptr))
            return result;
    }
    if (item.type == Value::Type::Array || item.type == Value::Type::Object)
        result = descend(step.next, item, found, 1, step, lax_);
    return result;
}

Evaluator::Outcome Evaluator::descend(StepIndex step, const Value& container, Values* found, std::uint32_t level, const Step& range,
                                      bool unwrapNext)
{
    const Deeper deeper(*this);
    Outcome result = Outcome::Nothing;
    if (level > range.last)
        return result;
    const bool leavesOnly = range.first == anyLevel && range.last == anyLevel;
    forEachChild(container, [&](const Value& child) {
        if (!spend(1)) {
            result = Outcome::Failed;
            return false;
        }
        const bool isContainer = child.type == Value::Type::Array || child.type == Value::Type::Object;
        if (level >= range.first || (leavesOnly && !isContainer)) {
            if (step != noStep) {
                const bool saved = std::exchange(ignoreStructure_, true);
                result = run(step, child, found, unwrapNext);
                ignoreStructure_ = saved;
            } else {
                result = Outcome::Found;
                if (found != nullptr)
                    found->add(child);
            }
            if (result == Outcome::Failed || (result == Outcome::Found && found == nullptr))
                return false;
        }
        if (level < range.last && isContainer) {
            result = descend(step, child, found, level + 1, range, unwrapNext);
            return result != Outcome::Failed && (result != Outcome::Found || found != nullptr);
        }
        return true;
    });
    return result;
}

Evaluator::Outcome Evaluator::operand(StepIndex step, const Value& item, bool unwrap, Values& found)
{
    if (!unwrap || !lax_)
        return run(step, item, &found);
    Values plain;
    const Outcome outcome = run(step, item, &plain);
    if (outcome == Outcome::Failed)
        return outcome;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (plain[i].type == Value::Type::Array)
            unwrapped(noStep, plain[i], &found, false);
        else
            found.add(plain[i]);
    }
    return aborted_ ? Outcome::Failed : Outcome::Found;
}

} // namespace iotman::rules
