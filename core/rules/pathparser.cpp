// The steps of a path: what follows `$`, `@` or parentheses.
#include "core/rules/parserimpl.h"

namespace iotman::rules {

/// Reads accessors and hangs them behind `head`; with `noStep` as head the first accessor is returned.
StepIndex Parser::accessors(StepIndex head, Scope scope)
{
    StepIndex tail = head;
    for (int count = 1; !failed() && atAccessor(); ++count) {
        if (count > greatestRuleHeight)
            return refuse(token_.begin, "expected at most " + std::to_string(greatestRuleHeight) + " steps in a path");
        const StepIndex step = accessor(scope);
        if (failed())
            return noStep;
        if (tail == noStep)
            head = step;
        else
            program_.steps[tail].next = step;
        tail = step;
    }
    return failed() ? noStep : head;
}

StepIndex Parser::accessor(Scope scope)
{
    if (token_.is("["))
        return subscripts(scope);
    if (token_.is("?"))
        return filter(scope);
    advance();
    return afterDot();
}

StepIndex Parser::afterDot()
{
    if (token_.is("*")) {
        const StepIndex step = make(Op::AnyKey);
        advance();
        return step;
    }
    if (token_.is("**"))
        return descendants();
    if (token_.kind == Token::Kind::Keyword && ahead().is("(")) {
        constexpr std::pair<std::string_view, Op> methods[] = {
            {"type", Op::Type},   {"size", Op::Size}, {"double", Op::Double},     {"ceiling", Op::Ceiling},
            {"floor", Op::Floor}, {"abs", Op::Abs},   {"datetime", Op::Datetime}, {"keyvalue", Op::KeyValue}};
        for (const auto& [name, op] : methods)
            if (token_.isKeyword(name))
                return op == Op::Datetime ? datetime() : method(op);
    }
    if (token_.kind != Token::Kind::Word && token_.kind != Token::Kind::Keyword && token_.kind != Token::Kind::String)
        return unexpected("a key, “*” or a method after “.”");
    const StepIndex step = makeText(Op::Key);
    advance();
    return step;
}

StepIndex Parser::method(Op op)
{
    const StepIndex step = make(op);
    advance();
    advance();
    expect(")", "“)”, for this method takes nothing");
    return step;
}

StepIndex Parser::datetime()
{
    const StepIndex step = make(Op::Datetime);
    advance();
    advance();
    if (token_.kind == Token::Kind::String) {
        program_.steps[step].index = addText(token_.text);
        advance();
    }
    expect(")", program_.steps[step].index == noStep ? "a template in double quotes or “)”" : "“)”");
    return step;
}

StepIndex Parser::descendants()
{
    const StepIndex step = make(Op::Descendants);
    program_.steps[step].last = anyLevel;
    advance();
    if (!token_.is("{"))
        return step;
    const Token open = token_;
    advance();
    std::uint32_t first = 0;
    if (!level(first))
        return noStep;
    std::uint32_t last = first;
    if (token_.isKeyword("to")) {
        advance();
        if (!level(last))
            return noStep;
    }
    expectClosing("}", open);
    program_.steps[step].first = first;
    program_.steps[step].last = last;
    return step;
}

bool Parser::level(std::uint32_t& level)
{
    if (token_.isKeyword("last")) {
        level = anyLevel;
        advance();
        return !failed();
    }
    if (token_.kind != Token::Kind::Integer) {
        unexpected("a level: a whole number or last");
        return false;
    }
    const auto number = Decimal::parse(token_.text);
    const auto whole = number ? number->toInt32() : std::nullopt;
    if (!whole) {
        refuse(token_.begin, "expected a level up to 2147483647");
        return false;
    }
    level = static_cast<std::uint32_t>(*whole);
    advance();
    return !failed();
}

StepIndex Parser::subscripts(Scope scope)
{
    const Nest nest(*this);
    const Token open = token_;
    const StepIndex step = make(Op::Subscripts);
    advance();
    if (token_.is("*") && ahead().is("]")) {
        advance();
        advance();
        program_.steps[step].op = Op::AnyElement;
        return step;
    }
    scope.inSubscript = true;
    std::vector<Subscript> list;
    do {
        Subscript subscript{sum(scope), noStep};
        needsValue(subscript.from);
        if (token_.isKeyword("to")) {
            advance();
            subscript.to = sum(scope);
            needsValue(subscript.to);
        }
        list.push_back(subscript);
    } while (!failed() && accept(","));
    expectClosing("]", open);
    if (failed())
        return noStep;
    program_.steps[step].index = static_cast<std::uint32_t>(program_.subscripts.size());
    program_.steps[step].count = static_cast<std::uint32_t>(list.size());
    program_.subscripts.insert(program_.subscripts.end(), list.begin(), list.end());
    return step;
}

StepIndex Parser::filter(Scope scope)
{
    const Nest nest(*this);
    const StepIndex step = make(Op::Filter);
    advance();
    const Token open = token_;
    if (!expect("(", "“(” after “?”"))
        return noStep;
    scope.inFilter = true;
    const StepIndex condition = disjunction(scope);
    needsCondition(condition, "in a filter");
    expectClosing(")", open);
    if (failed())
        return noStep;
    join(step, condition);
    return step;
}

} // namespace iotman::rules
