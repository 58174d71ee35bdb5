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
    if (++depth_ > greatestEvaluationDepth || !spend(1)) {
        --depth_;
        abort("54001", "expected at most " + std::to_string(greatestEvaluationDepth) + " conditions inside each other");
        return Truth::Unknown;
    }
    Truth result = Truth::Unknown;
    switch (step.op) {
    case Op::And: {
        const Truth left = truth(step.left, item);
        if (left == Truth::False || aborted_) {
            result = left;
            break;
        }
        const Truth right = truth(step.right, item);
        result = right == Truth::True ? left : right;
        break;
    }
    case Op::Or: {
        const Truth left = truth(step.left, item);
        if (left == Truth::True || aborted_) {
            result = left;
            break;
        }
        const Truth right = truth(step.right, item);
        result = right == Truth::False ? left : right;
        break;
    }
    case Op::Not: {
        const Truth inner = truth(step.left, item);
        result = inner == Truth::Unknown ? inner : inner == Truth::True ? Truth::False : Truth::True;
        break;
    }
    case Op::IsUnknown:
        result = truth(step.left, item) == Truth::Unknown ? Truth::True : Truth::False;
        break;
    case Op::Exists:
        result = exists(step, item);
        break;
    default:
        result = predicate(step, item);
    }
    --depth_;
    return result;
}

/// Runs an operand whose failure only makes a predicate unknown.
Evaluator::Outcome Evaluator::quietly(StepIndex step, const Value& item, bool unwrap, Values* found)
{
    const bool saved = std::exchange(quiet_, true);
    const Outcome outcome = found != nullptr && unwrap ? operand(step, item, true, *found) : run(step, item, found);
    quiet_ = saved;
    return outcome;
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
    Values left;
    if (quietly(step.left, item, true, &left) == Outcome::Failed)
        return Truth::Unknown;
    Values right;
    if (step.right != noStep && quietly(step.right, item, step.op != Op::StartsWith, &right) == Outcome::Failed)
        return Truth::Unknown;

    bool unknown = false;
    bool found = false;
    const std::size_t rounds = step.right != noStep ? right.size() : 1;
    for (std::size_t i = 0; i < left.size(); ++i)
        for (std::size_t k = 0; k < rounds; ++k) {
            if (!spend(1))
                return Truth::Unknown;
            const Truth one = decide(step, left[i], step.right != noStep ? &right[k] : nullptr);
            if (aborted_)
                return Truth::Unknown;
            if (one == Truth::True && lax_)
                return one;
            if (one == Truth::Unknown && !lax_)
                return one;
            unknown = unknown || one == Truth::Unknown;
            found = found || one == Truth::True;
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
        const Decimal a = left.decimal();
        const Decimal b = right.decimal();
        spend(static_cast<std::int64_t>(a.words() + b.words()));
        order = Decimal::compare(a, b);
        break;
    }
    case Value::Type::String: {
        std::string one;
        std::string two;
        const std::string_view a = left.characters(one);
        const std::string_view b = right.characters(two);
        spend(static_cast<std::int64_t>(std::min(a.size(), b.size()) / 64));
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
