// The recursive descent behind `compileProgram`. The grammar is PostgreSQL 15's (src/backend/utils/adt/jsonpath_gram.y),
// with constructors around it.
#pragma once

#include "core/rules/lexer.h"
#include "core/rules/parser.h"

#include <optional>

namespace iotman::rules {

class Parser {
public:
    Parser(std::string_view text, Names names)
        : text_(text)
        , names_(names)
        , lexer_(text)
    {
        program_.lines = Lines(text);
        advance();
    }
    Expected<Program> parse(Grammar grammar);

private:
    /// What surrounds an expression, for `@` and `last`.
    struct Scope {
        bool inFilter = false;
        bool inSubscript = false;
    };
    /// Nests one deeper while it lives; false when that is too deep.
    class Nest {
    public:
        explicit Nest(Parser& parser);
        ~Nest();
        Nest(const Nest&) = delete;
        Nest& operator=(const Nest&) = delete;

    private:
        Parser& parser_;
    };

    StepIndex value(Scope scope, Grammar grammar);
    StepIndex object(Scope scope);
    StepIndex array(Scope scope);
    void limitConstructors();
    std::optional<std::string> memberKey();

    StepIndex disjunction(Scope scope);
    StepIndex conjunction(Scope scope);
    StepIndex condition(Scope scope);
    StepIndex negation(Scope scope);
    StepIndex exists(Scope scope);
    StepIndex comparison(Scope scope);
    StepIndex startsWith(StepIndex left);
    StepIndex likeRegex(StepIndex left);

    StepIndex sum(Scope scope);
    StepIndex product(Scope scope);
    StepIndex signedOperand(Scope scope);
    StepIndex operand(Scope scope);
    StepIndex primary(Scope scope);
    StepIndex variable();
    StepIndex accessors(StepIndex head, Scope scope);
    bool atAccessor() const { return token_.is(".") || token_.is("[") || token_.is("?"); }
    StepIndex accessor(Scope scope);
    StepIndex afterDot();
    StepIndex method(Op op);
    StepIndex datetime();
    StepIndex descendants();
    bool level(std::uint32_t& level);
    StepIndex subscripts(Scope scope);
    StepIndex filter(Scope scope);

    /// Complains when a predicate stands where a value is needed.
    void needsValue(StepIndex step);
    void needsCondition(StepIndex step, std::string_view where);
    bool isBarePredicate(StepIndex step) const;

    StepIndex make(Op op);
    /// Hangs the operands below an operator.
    void join(StepIndex step, StepIndex left, StepIndex right = noStep);
    StepIndex makeText(Op op);
    StepIndex makeNumber(bool negative);
    std::uint32_t addText(std::string text);

    void advance();
    bool accept(std::string_view symbol);
    bool expect(std::string_view symbol, std::string_view what = {});
    void expectClosing(std::string_view symbol, const Token& open);
    bool failed() const { return error_.column != 0; }
    StepIndex unexpected(std::string_view expected);
    StepIndex refuse(std::size_t place, std::string sentence);
    int columnOf(std::size_t place) const;

    std::string_view text_;
    Names names_;
    Lexer lexer_;
    Token previous_;
    Token token_;
    std::optional<Token> ahead_;
    const Token& ahead();
    Program program_;
    Error error_;
    int depth_ = 0;
    std::size_t digits_ = 0;   ///< of all numbers so far
    std::vector<int> heights_; ///< by step: how deep the operators below it nest
};

} // namespace iotman::rules
