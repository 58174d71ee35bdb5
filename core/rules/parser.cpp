#include "core/model/encoding.h"
#include "core/rules/hints.h"
#include "core/rules/jsontext.h"
#include "core/rules/parserimpl.h"
#include "core/rules/payload.h"

#include <algorithm>

namespace iotman::rules {

Parser::Nest::Nest(Parser& parser)
    : parser_(parser)
{
    if (++parser_.depth_ > greatestRuleDepth)
        parser_.refuse(parser_.token_.begin,
                       "expected at most " + std::to_string(greatestRuleDepth) + " parentheses and brackets inside each other");
}

Parser::Nest::~Nest()
{
    --parser_.depth_;
}

Expected<Program> Parser::parse(Grammar grammar)
{
    if (token_.isKeyword("strict") || token_.isKeyword("lax")) {
        program_.lax = token_.isKeyword("lax");
        advance();
    }
    program_.root = value({}, grammar);
    if (!failed() && token_.kind != Token::Kind::End)
        unexpected("an operator or the end");
    if (failed())
        return fail(error_);
    return std::move(program_);
}

StepIndex Parser::value(Scope scope, Grammar grammar)
{
    if (grammar == Grammar::Rule && token_.is("{"))
        return object(scope);
    if (grammar == Grammar::Rule && token_.is("["))
        return array(scope);
    return disjunction(scope);
}

StepIndex Parser::object(Scope scope)
{
    const Nest nest(*this);
    limitConstructors();
    const StepIndex step = make(Op::Object);
    const Token open = token_;
    advance();
    std::vector<Member> members;
    while (!failed() && !token_.is("}")) {
        const Token name = token_;
        std::optional<std::string> key = memberKey();
        if (!key || !expect(":"))
            break;
        for (const Member& other : members)
            if (other.key == *key)
                return refuse(name.begin, "expected each key once, but got " + *key + " again");
        members.push_back({std::move(*key), value(scope, Grammar::Rule)});
        if (!accept(","))
            break;
        if (token_.is("}"))
            return unexpected("another key after the comma");
    }
    expectClosing("}", open);
    program_.steps[step].index = static_cast<std::uint32_t>(program_.members.size());
    program_.steps[step].count = static_cast<std::uint32_t>(members.size());
    for (Member& member : members)
        program_.members.push_back(std::move(member));
    return step;
}

/// Nothing but constructors is around a constructor, so what nests is what the item nests.
void Parser::limitConstructors()
{
    if (depth_ > greatestPayloadDepth)
        refuse(token_.begin,
               "expected at most " + std::to_string(greatestPayloadDepth) + " objects and arrays of an item inside each other");
}

std::optional<std::string> Parser::memberKey()
{
    if (token_.kind != Token::Kind::Word && token_.kind != Token::Kind::Keyword && token_.kind != Token::Kind::String) {
        unexpected("a key");
        return std::nullopt;
    }
    std::string key;
    appendQuoted(key, token_.text);
    advance();
    return key;
}

StepIndex Parser::array(Scope scope)
{
    const Nest nest(*this);
    limitConstructors();
    const StepIndex step = make(Op::Array);
    const Token open = token_;
    advance();
    std::vector<Member> members;
    while (!failed() && !token_.is("]")) {
        members.push_back({{}, value(scope, Grammar::Rule)});
        if (!accept(","))
            break;
        if (token_.is("]"))
            return unexpected("another element after the comma");
    }
    expectClosing("]", open);
    program_.steps[step].index = static_cast<std::uint32_t>(program_.members.size());
    program_.steps[step].count = static_cast<std::uint32_t>(members.size());
    for (Member& member : members)
        program_.members.push_back(std::move(member));
    return step;
}

StepIndex Parser::disjunction(Scope scope)
{
    StepIndex left = conjunction(scope);
    while (token_.is("||")) {
        needsCondition(left, "before “||”");
        advance();
        const StepIndex right = conjunction(scope);
        needsCondition(right, "after “||”");
        const StepIndex both = make(Op::Or);
        join(both, left, right);
        left = both;
    }
    return left;
}

StepIndex Parser::conjunction(Scope scope)
{
    StepIndex left = condition(scope);
    while (token_.is("&&")) {
        needsCondition(left, "before “&&”");
        advance();
        const StepIndex right = condition(scope);
        needsCondition(right, "after “&&”");
        const StepIndex both = make(Op::And);
        join(both, left, right);
        left = both;
    }
    return left;
}

/// A predicate, or an expression that stands alone.
StepIndex Parser::condition(Scope scope)
{
    if (token_.is("!"))
        return negation(scope);
    if (token_.isKeyword("exists"))
        return exists(scope);
    return comparison(scope);
}

StepIndex Parser::negation(Scope scope)
{
    const Nest nest(*this);
    const StepIndex step = make(Op::Not);
    advance();
    StepIndex inner = noStep;
    if (token_.isKeyword("exists")) {
        inner = exists(scope);
    } else {
        const Token open = token_;
        if (!expect("(", "“(” or exists after “!”"))
            return noStep;
        inner = disjunction(scope);
        needsCondition(inner, "in a negation");
        expectClosing(")", open);
    }
    join(step, inner);
    return step;
}

StepIndex Parser::exists(Scope scope)
{
    const Nest nest(*this);
    const StepIndex step = make(Op::Exists);
    advance();
    const Token open = token_;
    if (!expect("(", "“(” after exists"))
        return noStep;
    const StepIndex inner = sum(scope);
    needsValue(inner);
    expectClosing(")", open);
    join(step, inner);
    return step;
}

StepIndex Parser::comparison(Scope scope)
{
    const StepIndex left = sum(scope);
    if (failed())
        return noStep;
    if (isBarePredicate(left)) {
        if (!token_.isKeyword("is"))
            return left;
        const StepIndex step = make(Op::IsUnknown);
        join(step, left);
        advance();
        if (!token_.isKeyword("unknown"))
            return unexpected("unknown after is");
        advance();
        return step;
    }
    constexpr std::pair<std::string_view, Op> operators[] = {{"==", Op::Equal},  {"!=", Op::NotEqual},
                                                             {"<", Op::Less},    {"<=", Op::LessOrEqual},
                                                             {">", Op::Greater}, {">=", Op::GreaterOrEqual}};
    for (const auto& [symbol, op] : operators)
        if (token_.is(symbol)) {
            const StepIndex step = make(op);
            advance();
            const StepIndex right = sum(scope);
            needsValue(right);
            join(step, left, right);
            return step;
        }
    if (token_.isKeyword("starts"))
        return startsWith(left);
    if (token_.isKeyword("like_regex"))
        return likeRegex(left);
    return left;
}

StepIndex Parser::startsWith(StepIndex left)
{
    const StepIndex step = make(Op::StartsWith);
    advance();
    if (!token_.isKeyword("with"))
        return unexpected("with after starts");
    advance();
    StepIndex right = noStep;
    if (token_.kind == Token::Kind::String) {
        right = makeText(Op::String);
        advance();
    } else if (token_.kind == Token::Kind::Variable) {
        right = variable();
    } else {
        return unexpected("a text in double quotes or a variable after starts with");
    }
    join(step, left, right);
    return step;
}

StepIndex Parser::likeRegex(StepIndex left)
{
    const StepIndex step = make(Op::LikeRegex);
    join(step, left);
    advance();
    if (token_.kind != Token::Kind::String)
        return unexpected("a pattern in double quotes after like_regex");
    const Token pattern = token_;
    advance();
    Regex::Flags flags;
    if (token_.isKeyword("flag")) {
        advance();
        if (token_.kind != Token::Kind::String)
            return unexpected("flags in double quotes after flag");
        bool expanded = false;
        for (const char c : token_.text) {
            if (c == 'i')
                flags.ignoreCase = true;
            else if (c == 's')
                flags.dotAll = true;
            else if (c == 'm')
                flags.multiLine = true;
            else if (c == 'q')
                flags.literal = true;
            else if (c == 'x')
                expanded = true;
            else
                return refuse(token_.begin, "expected the flags i, s, m or q, but got “" + token_.text + "”");
        }
        if (expanded && !flags.literal)
            return refuse(token_.begin,
                          "expected the flags i, s, m or q; the flag x (expanded syntax) is not known to PostgreSQL 15 either");
        advance();
    }
    Expected<Regex> regex = Regex::compile(pattern.text, flags);
    if (!regex)
        return refuse(pattern.begin, regex.error().detail);
    if (failed())
        return noStep;
    program_.steps[step].index = static_cast<std::uint32_t>(program_.regexes.size());
    program_.regexes.push_back(std::move(*regex));
    return step;
}

StepIndex Parser::sum(Scope scope)
{
    StepIndex left = product(scope);
    while (token_.is("+") || token_.is("-")) {
        needsValue(left);
        const StepIndex step = make(token_.is("+") ? Op::Add : Op::Subtract);
        advance();
        const StepIndex right = product(scope);
        needsValue(right);
        join(step, left, right);
        left = step;
    }
    return left;
}

StepIndex Parser::product(Scope scope)
{
    StepIndex left = signedOperand(scope);
    while (token_.is("*") || token_.is("/") || token_.is("%")) {
        needsValue(left);
        const StepIndex step = make(token_.is("*") ? Op::Multiply : token_.is("/") ? Op::Divide : Op::Remainder);
        advance();
        const StepIndex right = signedOperand(scope);
        needsValue(right);
        join(step, left, right);
        left = step;
    }
    return left;
}

StepIndex Parser::signedOperand(Scope scope)
{
    if (!token_.is("+") && !token_.is("-"))
        return operand(scope);
    const Nest nest(*this);
    const bool minus = token_.is("-");
    const StepIndex step = make(minus ? Op::Minus : Op::Plus);
    advance();
    const StepIndex inner = signedOperand(scope);
    needsValue(inner);
    if (failed())
        return noStep;
    // A signed literal is a literal.
    if (const Step& literal = program_.steps[inner]; literal.op == Op::Number && literal.next == noStep) {
        if (minus)
            program_.numbers[literal.index] = program_.numbers[literal.index].negated();
        return inner;
    }
    join(step, inner);
    return step;
}

StepIndex Parser::operand(Scope scope)
{
    if (!token_.is("("))
        return accessors(primary(scope), scope);
    const Nest nest(*this);
    const Token open = token_;
    advance();
    const StepIndex inner = disjunction(scope);
    expectClosing(")", open);
    if (failed())
        return noStep;
    if (!atAccessor())
        return inner;
    // In `(a + b).c` and `(a.b).c` the path goes on from what the parentheses yield.
    StepIndex tail = inner;
    while (program_.steps[tail].next != noStep)
        tail = program_.steps[tail].next;
    const StepIndex rest = accessors(noStep, scope);
    if (failed())
        return noStep;
    program_.steps[tail].next = rest;
    return inner;
}

StepIndex Parser::primary(Scope scope)
{
    StepIndex step = noStep;
    if (token_.is("$")) {
        step = make(Op::Root);
    } else if (token_.is("@")) {
        if (!scope.inFilter)
            return refuse(token_.begin, "expected “@” inside of a filter only; the payload is $");
        step = make(Op::Current);
    } else if (token_.isKeyword("last")) {
        if (!scope.inSubscript)
            return refuse(token_.begin, "expected “last” inside of a subscript only: $.list[last]; a key called last is $.last");
        step = make(Op::Last);
    } else if (token_.isKeyword("null")) {
        step = make(Op::Null);
    } else if (token_.isKeyword("true")) {
        step = make(Op::True);
    } else if (token_.isKeyword("false")) {
        step = make(Op::False);
    } else if (token_.kind == Token::Kind::String) {
        step = makeText(Op::String);
    } else if (token_.kind == Token::Kind::Integer || token_.kind == Token::Kind::Number) {
        step = makeNumber(false);
    } else if (token_.kind == Token::Kind::Variable) {
        return variable();
    } else {
        return unexpected("a value or a path");
    }
    if (!failed())
        advance();
    return failed() ? noStep : step;
}

StepIndex Parser::variable()
{
    constexpr std::pair<std::string_view, Op> known[] = {{"ts", Op::Ts}, {"source", Op::Source}, {"id", Op::Id}};
    StepIndex step = noStep;
    if (names_ == Names::Any) {
        step = makeText(Op::Variable);
    } else {
        for (const auto& [name, op] : known)
            if (token_.text == name)
                step = make(op);
        program_.usesId = program_.usesId || token_.text == "id";
        if (step == noStep)
            return refuse(token_.begin, "expected $ts, $source or $id, but got “$" + token_.text +
                                            "”; a key of the payload is $.\"" + token_.text + "\"");
    }
    advance();
    return failed() ? noStep : step;
}

void Parser::needsValue(StepIndex step)
{
    if (!failed() && isBarePredicate(step))
        refuse(previous_.begin, "expected a value, but got a condition in parentheses; conditions are joined with && and ||");
}

void Parser::needsCondition(StepIndex step, std::string_view where)
{
    if (!failed() && !isBarePredicate(step))
        unexpected("a comparison such as == or > to make a condition " + std::string(where));
}

/// A predicate whose outcome no path goes on from.
bool Parser::isBarePredicate(StepIndex step) const
{
    return step != noStep && isPredicate(program_.steps[step].op) && program_.steps[step].next == noStep;
}

StepIndex Parser::make(Op op)
{
    Step step;
    step.op = op;
    step.column = columnOf(token_.begin);
    program_.steps.push_back(step);
    heights_.push_back(1);
    return static_cast<StepIndex>(program_.steps.size() - 1);
}

void Parser::join(StepIndex step, StepIndex left, StepIndex right)
{
    if (failed())
        return;
    program_.steps[step].left = left;
    program_.steps[step].right = right;
    heights_[step] = 1 + std::max(heights_[left], right != noStep ? heights_[right] : 0);
    if (heights_[step] > greatestRuleHeight + 1)
        refuse(token_.begin, "expected at most " + std::to_string(greatestRuleHeight) + " operators in a row");
}

StepIndex Parser::makeText(Op op)
{
    const StepIndex step = make(op);
    program_.steps[step].index = addText(token_.text);
    return step;
}

std::uint32_t Parser::addText(std::string text)
{
    program_.texts.push_back(std::move(text));
    return static_cast<std::uint32_t>(program_.texts.size() - 1);
}

StepIndex Parser::makeNumber(bool negative)
{
    const auto number = Decimal::parse(token_.text);
    if (!number)
        return refuse(token_.begin, "expected a number of at most 131,072 digits before and 16,383 behind the point");
    constexpr std::size_t digitsPerWord = 19;
    digits_ += number->words() * digitsPerWord;
    if (digits_ > greatestRuleDigits)
        return refuse(token_.begin, "expected numbers of at most 1,000,000 digits together");
    const StepIndex step = make(Op::Number);
    program_.steps[step].index = static_cast<std::uint32_t>(program_.numbers.size());
    program_.numbers.push_back(negative ? number->negated() : *number);
    return step;
}

void Parser::advance()
{
    if (failed())
        return;
    previous_ = std::move(token_);
    if (ahead_) {
        token_ = std::move(*ahead_);
        ahead_.reset();
    } else {
        token_ = lexer_.next();
    }
    if (!lexer_.error().empty())
        refuse(lexer_.errorPlace(), lexer_.error() + (lexer_.hint().empty() ? "" : "; " + lexer_.hint()));
}

const Token& Parser::ahead()
{
    if (!ahead_)
        ahead_ = lexer_.next();
    return *ahead_;
}

bool Parser::accept(std::string_view symbol)
{
    if (!token_.is(symbol))
        return false;
    advance();
    return true;
}

bool Parser::expect(std::string_view symbol, std::string_view what)
{
    if (accept(symbol))
        return !failed();
    unexpected(what.empty() ? "“" + std::string(symbol) + "”" : std::string(what));
    return false;
}

void Parser::expectClosing(std::string_view symbol, const Token& open)
{
    if (failed() || accept(symbol))
        return;
    std::string what =
        "“" + std::string(symbol) + "” for the “" + open.text + "” at " + program_.lines.place(columnOf(open.begin));
    if (token_.kind != Token::Kind::End)
        what = (symbol == ")" ? "an operator or " : "“,” or ") + what;
    unexpected(what);
}

StepIndex Parser::unexpected(std::string_view expected)
{
    if (failed())
        return noStep;
    const std::string hint = lexer_.droppedName()
                                 ? "PostgreSQL forgets a name that a comment follows at once; put a blank between them"
                                 : hintFor(text_, previous_, token_);
    return refuse(token_.begin,
                  "expected " + std::string(expected) + ", but got " + shown(token_) + (hint.empty() ? "" : "; " + hint));
}

StepIndex Parser::refuse(std::size_t place, std::string sentence)
{
    if (!failed()) {
        error_.kind = Problem::BadRequest;
        error_.column = columnOf(place);
        error_.detail = program_.lines.place(error_.column) + ": " + std::move(sentence);
    }
    token_ = Token{Token::Kind::End, text_.size(), text_.size(), {}};
    return noStep;
}

int Parser::columnOf(std::size_t place) const
{
    return columnAt(text_, place);
}

Expected<Program> compileProgram(std::string_view text, Grammar grammar, Names names)
{
    if (text.size() > greatestRuleSize)
        return fail(Error{
            Problem::BadRequest, "expected at most 16 KiB, but got " + std::to_string(text.size()) + " bytes", {}, 0, {}, 0});
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
        const int column = columnAt(text, zero);
        return fail(Error{Problem::BadRequest,
                          Lines(text).place(column) + ": expected no character 0: text cannot hold it",
                          {},
                          column,
                          {},
                          0});
    }
    if (!isUtf8(text))
        return fail(Error{Problem::BadRequest, "expected well-formed UTF-8", {}, 0, {}, 0});
    return Parser(text, names).parse(grammar);
}

} // namespace iotman::rules
