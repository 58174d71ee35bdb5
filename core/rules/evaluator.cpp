#include "core/rules/evaluator.h"

#include "core/rules/children.h"

#include <algorithm>

namespace iotman::rules {

Evaluator::Evaluator(const Program& program, const Payload& payload, const Variables& variables, const Payload* named)
    : program_(program)
    , variables_(variables)
    , named_(named)
    , root_(Value::of(payload, 0))
    , current_(root_)
    , serials_(named != nullptr ? 2 : 1)
    , lax_(program.lax)
    , ignoreStructure_(program.lax)
{
}

namespace {

/// So that no list of values takes more than some 50 MB.
constexpr std::int64_t stepsPerKeptValue = 8;

/// Members are looked for one after the other.
std::int64_t lookUpCost(const Payload& payload, std::uint32_t object)
{
    return payload.node(object).count / 32;
}

} // namespace

bool Evaluator::items(StepIndex step, Values& found)
{
    const Outcome outcome = run(step, root_, &found);
    return outcome != Outcome::Failed && !aborted_;
}

Evaluator::Single Evaluator::single(StepIndex step, Value& into)
{
    return single(step, root_, into);
}

Evaluator::Single Evaluator::single(StepIndex index, const Value& item, Value& into)
{
    const Step* step = &program_.step(index);
    switch (step->op) {
    case Op::Number:
        if (step->next != noStep)
            return Single::Listed;
        into.type = Value::Type::Number;
        into.number = program_.numbers[step->index];
        return Single::One;
    case Op::String:
        if (step->next != noStep)
            return Single::Listed;
        into.type = Value::Type::String;
        into.text = program_.texts[step->index];
        return Single::One;
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Remainder: {
        Decimal result;
        if (step->next != noStep)
            return Single::Listed;
        if (calculate(*step, item, result) == Outcome::Failed)
            return Single::Failed;
        into.type = Value::Type::Number;
        into.number = std::move(result);
        return Single::One;
    }
    case Op::Root:
    case Op::Current:
        break;
    default:
        return Single::Listed;
    }
    const Value& start = step->op == Op::Root ? root_ : current_;
    if (start.isCalculated())
        return Single::Listed;
    std::uint32_t node = start.node;
    while (step->next != noStep) {
        step = &program_.step(step->next);
        if (step->op != Op::Key || start.payload->node(node).kind != Payload::Kind::Object)
            return Single::Listed;
        if (!spend(lookUpCost(*start.payload, node)))
            return Single::Failed;
        node = start.payload->member(node, program_.texts[step->index]);
        if (node == 0)
            return Single::Listed;
    }
    into.become(*start.payload, node);
    return Single::One;
}

bool Evaluator::overspent()
{
    abort("54000", "expected at most " + std::to_string(mostSteps(program_)) + " steps for one datapoint");
    return false;
}

Decimal Evaluator::readNumber(const Value& number)
{
    Decimal value = number.decimal();
    if (const auto words = static_cast<std::int64_t>(value.words()); words > 1 && !number.isCalculated())
        spend(words + words * words / 256);
    return value;
}

std::int64_t Evaluator::costOfDigits(const Decimal& number)
{
    const auto words = static_cast<std::int64_t>(number.words());
    return words > 1 ? words + words * words / 64 : 0;
}

void Evaluator::keep(Values& found, const Value& item)
{
    spend(stepsPerKeptValue);
    found.push_back(item);
}

Evaluator::Outcome Evaluator::failure(const Step& step, std::string_view sqlState, std::string_view sentence)
{
    // Where no predicate turns it into unknown, the first failure ends the run.
    if (!quiet_ && !aborted_) {
        aborted_ = true;
        sqlState_ = sqlState;
        errorColumn_ = step.column;
        error_ = program_.lines.place(step.column) + ": " + std::string(sentence);
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

bool Evaluator::tooDeep()
{
    abort("54001", "expected at most " + std::to_string(greatestEvaluationDepth) + " steps inside each other");
    return true;
}

Evaluator::Outcome Evaluator::next(const Step& step, const Value& item, Values* found)
{
    if (step.next != noStep)
        return run(step.next, item, found);
    if (found != nullptr)
        keep(*found, item);
    return Outcome::Found;
}

Evaluator::Outcome Evaluator::run(StepIndex index, const Value& start, Values* found, bool unwrap)
{
    const Deeper deeper(*this);
    if (deeper.isTooDeep())
        return Outcome::Failed;
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
            if (!at->isCalculated() && !spend(lookUpCost(*at->payload, at->node)))
                return Outcome::Failed;
            if (!memberOf(*at, program_.texts[step.index], here))
                return ignoreStructure_
                           ? Outcome::Nothing
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
        case Op::Remainder: {
            Decimal result;
            if (calculate(step, *at, result) == Outcome::Failed)
                return Outcome::Failed;
            return next(step, Value::of(std::move(result)), found);
        }
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
                keep(*found, *at);
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
        const Base saved = std::exchange(base_, Base{named_, 0, nullptr, 1});
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
            keep(*found, element);
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

Evaluator::Outcome Evaluator::subscript(const Step& step, const Value& item, std::uint32_t size, const Subscript& subscript,
                                        Values* found)
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
    const std::optional<std::int32_t> whole = (constant ? program_.numbers[literal.index] : readNumber(found[0])).toInt32();
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

Evaluator::Outcome Evaluator::descend(StepIndex step, const Value& container, Values* found, std::uint32_t level,
                                      const Step& range, bool unwrapNext)
{
    const Deeper deeper(*this);
    if (deeper.isTooDeep())
        return Outcome::Failed;
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
                    keep(*found, child);
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

Evaluator::Outcome Evaluator::operand(StepIndex step, const Value& item, Values& found)
{
    if (run(step, item, &found) == Outcome::Failed)
        return Outcome::Failed;
    const auto isArray = [](const Value& value) { return value.type == Value::Type::Array; };
    if (!lax_ || std::none_of(found.begin(), found.end(), isArray))
        return Outcome::Found;
    Values opened;
    for (const Value& value : found) {
        if (isArray(value))
            unwrapped(noStep, value, &opened, false);
        else
            keep(opened, value);
    }
    found = std::move(opened);
    return aborted_ ? Outcome::Failed : Outcome::Found;
}

} // namespace iotman::rules
