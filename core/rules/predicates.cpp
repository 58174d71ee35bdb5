#include "core/rules/evaluator.h"

#include <algorithm>

namespace iotman::rules {

namespace {

bool holds(Op op, int order)
{
    switch (op) {
    case Op::Equal:
        return order == 0;
    case Op::NotEqual:
        return order != 0;
    case Op::Less:
        return order < 0;
    case Op::LessOrEqual:
        return order <= 0;
    case Op::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

} // namespace

Evaluator::Truth Evaluator::truth(StepIndex index, const Value& item)
{
    const Step& step = program_.step(index);
    const Deeper deeper(*this);
    if (deeper.isTooDeep() || !spend(1))
        return Truth::Unknown;
    switch (step.op) {
    case Op::And: {
        const Truth left = truth(step.left, item);
        if (left == Truth::False || aborted_)
            return left;
        const Truth right = truth(step.right, item);
        return right == Truth::True ? left : right;
    }
    case Op::Or: {
        const Truth left = truth(step.left, item);
        if (left == Truth::True || aborted_)
            return left;
        const Truth right = truth(step.right, item);
        return right == Truth::False ? left : right;
    }
    case Op::Not: {
        const Truth inner = truth(step.left, item);
        return inner == Truth::Unknown ? inner : inner == Truth::True ? Truth::False : Truth::True;
    }
    case Op::IsUnknown:
        return truth(step.left, item) == Truth::Unknown ? Truth::True : Truth::False;
    case Op::Exists:
        return exists(step, item);
    default:
        return predicate(step, item);
    }
}

/// Runs an operand whose failure only makes a predicate unknown.
Evaluator::Outcome Evaluator::quietly(StepIndex step, const Value& item, bool unwrap, Values* found)
{
    const bool saved = std::exchange(quiet_, true);
    const Outcome outcome = found != nullptr && unwrap ? operand(step, item, *found) : run(step, item, found);
    quiet_ = saved;
    return outcome;
}

Evaluator::Single Evaluator::quietly(StepIndex step, const Value& item, Value& into)
{
    const bool saved = std::exchange(quiet_, true);
    const Single result = single(step, item, into);
    quiet_ = saved;
    return result;
}

Evaluator::Truth Evaluator::exists(const Step& step, const Value& item)
{
    if (lax_) {
        const Outcome outcome = quietly(step.left, item, false, nullptr);
        return outcome == Outcome::Failed ? Truth::Unknown : outcome == Outcome::Found ? Truth::True : Truth::False;
    }
    // Strict mode looks at all items, so that no failure goes unnoticed.
    Values found;
    if (quietly(step.left, item, false, &found) == Outcome::Failed)
        return Truth::Unknown;
    return found.empty() ? Truth::False : Truth::True;
}

/// True for any pair of items in lax mode; strict mode looks at all pairs and one unknown makes all unknown.
Evaluator::Truth Evaluator::predicate(const Step& step, const Value& item)
{
    // The usual case: one item on either side, and no list of them.
    Value oneLeft;
    Value oneRight;
    Single left = quietly(step.left, item, oneLeft);
    if (left == Single::Failed)
        return Truth::Unknown;
    if (left == Single::One && oneLeft.type == Value::Type::Array)
        left = Single::Listed;
    Single right = Single::Listed;
    if (left == Single::One && step.right != noStep) {
        right = quietly(step.right, item, oneRight);
        if (right == Single::Failed)
            return Truth::Unknown;
        if (right == Single::One && oneRight.type == Value::Type::Array)
            right = Single::Listed;
    }
    if (left == Single::One && (right == Single::One || step.right == noStep))
        return decide(step, oneLeft, step.right != noStep ? &oneRight : nullptr);

    Values lefts;
    if (left == Single::One)
        lefts.push_back(std::move(oneLeft));
    else if (quietly(step.left, item, true, &lefts) == Outcome::Failed)
        return Truth::Unknown;
    Values rights;
    if (step.right != noStep && quietly(step.right, item, step.op != Op::StartsWith, &rights) == Outcome::Failed)
        return Truth::Unknown;

    bool unknown = false;
    bool found = false;
    const std::size_t rounds = step.right != noStep ? rights.size() : 1;
    for (const Value& one : lefts)
        for (std::size_t k = 0; k < rounds; ++k) {
            if (!spend(1))
                return Truth::Unknown;
            const Truth pair = decide(step, one, step.right != noStep ? &rights[k] : nullptr);
            if (aborted_)
                return Truth::Unknown;
            if (pair == Truth::True && lax_)
                return pair;
            if (pair == Truth::Unknown && !lax_)
                return pair;
            unknown = unknown || pair == Truth::Unknown;
            found = found || pair == Truth::True;
        }
    return found ? Truth::True : unknown ? Truth::Unknown : Truth::False;
}

Evaluator::Truth Evaluator::decide(const Step& step, const Value& left, const Value* right)
{
    if (step.op != Op::StartsWith && step.op != Op::LikeRegex)
        return compareValues(step.op, left, *right);
    if (left.type != Value::Type::String || (right != nullptr && right->type != Value::Type::String))
        return Truth::Unknown;
    std::string buffer;
    const std::string_view text = left.characters(buffer);
    spend(static_cast<std::int64_t>(buffer.size() / 16));
    bool matches = false;
    if (right != nullptr) {
        std::string other;
        matches = text.starts_with(right->characters(other));
    } else {
        matches = program_.regexes[step.index].matches(text, budget_);
        if (budget_ <= 0) {
            spend(1);
            return Truth::Unknown;
        }
    }
    return matches ? Truth::True : Truth::False;
}

Evaluator::Truth Evaluator::compareValues(Op op, const Value& left, const Value& right)
{
    if (left.type != right.type) {
        // Null is different from everything else; other types do not compare.
        if (left.type == Value::Type::Null || right.type == Value::Type::Null)
            return op == Op::NotEqual ? Truth::True : Truth::False;
        return Truth::Unknown;
    }
    int order = 0;
    switch (left.type) {
    case Value::Type::Null:
        break;
    case Value::Type::Boolean:
        order = static_cast<int>(left.truth) - static_cast<int>(right.truth);
        break;
    case Value::Type::Number: {
        const Decimal a = readNumber(left);
        const Decimal b = readNumber(right);
        if (const auto words = static_cast<std::int64_t>(a.words() + b.words()); words > 2)
            spend(words + words * words / 256);
        order = Decimal::compare(a, b);
        break;
    }
    case Value::Type::String: {
        std::string one;
        std::string two;
        const std::string_view a = left.characters(one);
        const std::string_view b = right.characters(two);
        // Escapes have to be resolved whole before anything is compared.
        spend(static_cast<std::int64_t>(std::min(a.size(), b.size()) / 64 + (one.size() + two.size()) / 16));
        order = a.compare(b);
        break;
    }
    case Value::Type::Datetime: {
        const DatetimeOrder result = compare(*left.datetime, *right.datetime);
        if (result.outcome == DatetimeOrder::Outcome::NeedsZone)
            abort("0A000", "expected two " + std::string(left.datetime->typeName()) + ", but got " +
                               std::string(right.datetime->typeName()) + ": times with and without a zone do not compare");
        if (result.outcome != DatetimeOrder::Outcome::Ordered)
            return Truth::Unknown;
        order = result.order;
        break;
    }
    case Value::Type::Array:
    case Value::Type::Object:
        return Truth::Unknown;
    }
    return holds(op, order) ? Truth::True : Truth::False;
}

} // namespace iotman::rules
