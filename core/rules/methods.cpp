// Arithmetic and the item methods.
#include "core/rules/evaluator.h"

#include <charconv>
#include <cmath>

namespace iotman::rules {

namespace {

std::string_view nameOf(const Value& item)
{
    switch (item.type) {
    case Value::Type::Null:
        return "null";
    case Value::Type::Boolean:
        return "boolean";
    case Value::Type::Number:
        return "number";
    case Value::Type::String:
        return "string";
    case Value::Type::Array:
        return "array";
    case Value::Type::Object:
        return "object";
    case Value::Type::Datetime:
        return item.datetime->typeName();
    }
    return {};
}

std::string_view symbolOf(Op op)
{
    switch (op) {
    case Op::Add:
    case Op::Plus:
        return "+";
    case Op::Subtract:
    case Op::Minus:
        return "-";
    case Op::Multiply:
        return "*";
    case Op::Divide:
        return "/";
    default:
        return "%";
    }
}

/// In steps, by the operands' lengths in words. A division also makes a power of ten as long as each of them.
std::int64_t costOf(Op op, std::int64_t a, std::int64_t b)
{
    return a * b / 16 + (op == Op::Divide ? (a * a + b * b) / 256 : 0);
}

/// A number as C's strtod reads it with blanks around it, the whole of `text`; nothing when it is none, not finite or
/// not zero but too small for a double.
std::optional<double> doubleOf(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n\v\f\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
    const bool negative = text.front() == '-';
    if (text.front() == '-' || text.front() == '+')
        text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal)
        text.remove_prefix(2);
    if (text.empty() || text.front() == '-' || text.front() == '+')
        return std::nullopt;
    double value = 0;
    const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, format);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    const std::string_view mantissa = text.substr(0, hexadecimal ? text.find_first_of("pP") : text.find_first_of("eE"));
    if (value == 0 && mantissa.find_first_not_of("0.") != std::string_view::npos)
        return std::nullopt;
    return negative ? -value : value;
}

/// As many digits as every double keeps (15), the way PostgreSQL turns one into a numeric.
Decimal decimalOf(double value)
{
    std::array<char, 40> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 15);
    return *Decimal::parse({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

tl::expected<Decimal, NumberFault> calculated(Op op, const Decimal& a, const Decimal& b)
{
    switch (op) {
    case Op::Add:
        return Decimal::add(a, b);
    case Op::Subtract:
        return Decimal::subtract(a, b);
    case Op::Multiply:
        return Decimal::multiply(a, b);
    case Op::Divide:
        return Decimal::divide(a, b);
    default:
        return Decimal::remainder(a, b);
    }
}

} // namespace

Evaluator::Outcome Evaluator::numberOf(StepIndex step, const Value& item, Decimal& number, std::string& wrong)
{
    Value only;
    switch (single(step, item, only)) {
    case Single::Failed:
        return Outcome::Failed;
    case Single::One:
        if (only.type == Value::Type::Number) {
            number = readNumber(only);
            return Outcome::Found;
        }
        break;
    case Single::Listed:
        break;
    }
    Values found;
    if (operand(step, item, found) == Outcome::Failed)
        return Outcome::Failed;
    if (found.size() == 1 && found[0].type == Value::Type::Number) {
        number = readNumber(found[0]);
        return Outcome::Found;
    }
    if (!quiet_)
        wrong = found.empty()       ? "nothing"
                : found.size() == 1 ? "a value of type " + std::string(nameOf(found[0]))
                                    : std::to_string(found.size()) + " values";
    return Outcome::Nothing;
}

Evaluator::Outcome Evaluator::calculate(const Step& step, const Value& item, Decimal& result)
{
    const Deeper deeper(*this);
    if (deeper.isTooDeep() || !spend(1))
        return Outcome::Failed;
    Decimal a;
    Decimal b;
    std::string wrongLeft;
    std::string wrongRight;
    const Outcome left = numberOf(step.left, item, a, wrongLeft);
    if (left == Outcome::Failed)
        return left;
    const Outcome right = numberOf(step.right, item, b, wrongRight);
    if (right == Outcome::Failed)
        return right;
    if (left == Outcome::Nothing || right == Outcome::Nothing)
        return quiet_ ? Outcome::Failed
                      : failure(step, "22038",
                                "expected one number " + std::string(left == Outcome::Nothing ? "left" : "right") + " of “" +
                                    std::string(symbolOf(step.op)) + "”, but got " +
                                    (left == Outcome::Nothing ? wrongLeft : wrongRight));
    if (!spend(costOf(step.op, static_cast<std::int64_t>(a.words()), static_cast<std::int64_t>(b.words()))))
        return Outcome::Failed;
    auto calculation = calculated(step.op, a, b);
    if (!calculation)
        return calculation.error() == NumberFault::DivisionByZero
                   ? failure(step, "22012", "expected a divisor other than zero")
                   : failure(step, "22003", "expected a result of at most 131,072 digits before the point");
    result = std::move(*calculation);
    return Outcome::Found;
}

Evaluator::Outcome Evaluator::unary(const Step& step, const Value& item, Values* found)
{
    Values operands;
    if (operand(step.left, item, operands) == Outcome::Failed)
        return Outcome::Failed;
    Outcome result = Outcome::Nothing;
    const bool onlyAsked = found == nullptr && step.next == noStep;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const Value& value = operands[i];
        if (onlyAsked) {
            if (value.type == Value::Type::Number)
                return Outcome::Found;
            continue;
        }
        if (value.type != Value::Type::Number)
            return failure(step, "2203B",
                           "expected a number behind “" + std::string(symbolOf(step.op)) + "”, but got a value of type " +
                               std::string(nameOf(value)));
        const Outcome one = next(step, step.op == Op::Minus ? Value::of(readNumber(value).negated()) : value, found);
        if (one == Outcome::Failed || (one == Outcome::Found && found == nullptr))
            return one;
        result = one == Outcome::Found ? one : result;
    }
    return result;
}

Evaluator::Outcome Evaluator::typeName(const Step& step, const Value& item, Values* found)
{
    return next(step, Value::of(nameOf(item)), found);
}

Evaluator::Outcome Evaluator::arraySize(const Step& step, const Value& item, Values* found)
{
    if (item.type == Value::Type::Array)
        return next(step, Value::of(Decimal(item.size())), found);
    if (lax_)
        return next(step, Value::of(Decimal(1)), found);
    return ignoreStructure_ ? Outcome::Nothing : failure(step, "22039", "expected an array to take the size of");
}

Evaluator::Outcome Evaluator::toDouble(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap)
{
    if (unwrap && item.type == Value::Type::Array)
        return unwrapped(index, item, found, false);
    if (item.type == Value::Type::Number) {
        const Decimal number = readNumber(item);
        if (!spend(costOfDigits(number)))
            return Outcome::Failed;
        if (!doubleOf(number.text()))
            return failure(step, "22036", "expected a number within the range of a double");
        return next(step, item, found);
    }
    if (item.type != Value::Type::String)
        return failure(step, "22036",
                       "expected a number or a text for double(), but got a value of type " + std::string(nameOf(item)));
    std::string buffer;
    const std::string_view text = item.characters(buffer);
    if (!spend(static_cast<std::int64_t>(buffer.size() / 16)))
        return Outcome::Failed;
    const std::optional<double> value = doubleOf(text);
    if (!value)
        return failure(step, "22036", "expected a text that is a finite number for double()");
    return next(step, Value::of(decimalOf(*value)), found);
}

Evaluator::Outcome Evaluator::numeric(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap)
{
    if (unwrap && item.type == Value::Type::Array)
        return unwrapped(index, item, found, false);
    if (item.type != Value::Type::Number)
        return failure(step, "22036", "expected a number for this method, but got a value of type " + std::string(nameOf(item)));
    const Decimal number = readNumber(item);
    if (!spend(costOfDigits(number)))
        return Outcome::Failed;
    if (step.op == Op::Abs)
        return next(step, number.sign() < 0 ? Value::of(number.negated()) : item, found);
    return next(step, Value::of(step.op == Op::Floor ? number.floor() : number.ceiling()), found);
}

Evaluator::Outcome Evaluator::datetime(const Step& step, StepIndex index, const Value& item, Values* found, bool unwrap)
{
    if (unwrap && item.type == Value::Type::Array)
        return unwrapped(index, item, found, false);
    if (item.type != Value::Type::String)
        return failure(step, "22031", "expected a text for datetime(), but got a value of type " + std::string(nameOf(item)));
    std::string buffer;
    const std::string_view text = item.characters(buffer);
    if (!spend(static_cast<std::int64_t>((buffer.size() + (step.index != noStep ? program_.texts[step.index].size() : 0)) / 16)))
        return Outcome::Failed;
    Value value;
    value.type = Value::Type::Datetime;
    if (step.index != noStep) {
        const auto parsed = parseDatetime(text, program_.texts[step.index]);
        if (!parsed && parsed.error().inTemplate)
            return abort(parsed.error().sqlState, parsed.error().detail);
        if (!parsed)
            return failure(step, parsed.error().sqlState, parsed.error().detail);
        value.datetime = &datetimes_.emplace_front(*parsed);
    } else {
        const std::optional<Datetime> parsed = parseDatetime(text);
        if (!parsed)
            return failure(step, "22031", "expected a date or time in ISO 8601 for datetime(); other forms need a template");
        value.datetime = &datetimes_.emplace_front(*parsed);
    }
    return next(step, value, found);
}

} // namespace iotman::rules
