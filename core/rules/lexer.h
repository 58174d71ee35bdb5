// Rule text -> tokens, as PostgreSQL 15 cuts a jsonpath (src/backend/utils/adt/jsonpath_scan.l).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace iotman::rules {

struct Token {
    enum class Kind : std::uint8_t {
        End,
        Word,     ///< a name that is no keyword
        Keyword,  ///< a name that is one; as a key it is an ordinary name
        String,   ///< "…"
        Variable, ///< $name, $"…"
        Integer,
        Number, ///< with a point or an exponent
        Symbol, ///< the rest: one or two characters
    };

    Kind kind = Kind::End;
    std::size_t begin = 0, end = 0; ///< bytes of the rule
    std::string text;               ///< names, strings, variables: their characters, escapes resolved; else as written

    bool is(std::string_view symbol) const { return kind == Kind::Symbol && text == symbol; }
    /// Keywords are known in any case, but `true`, `false` and `null` in lower case only; `word` is lower case.
    bool isKeyword(std::string_view word) const;
};

class Lexer {
public:
    explicit Lexer(std::string_view rule)
        : rule_(rule)
    {
    }

    /// The next token; End at the end of the rule and for ever after an error.
    Token next();

    /// What the lexer could not read, empty when all went well, and where it is.
    const std::string& error() const { return error_; }
    const std::string& hint() const { return hint_; }
    std::size_t errorPlace() const { return errorPlace_; }
    /// True when a name was dropped because a comment follows it without a blank, which is what PostgreSQL 15 does.
    bool droppedName() const { return droppedName_; }

private:
    char at(std::size_t place) const { return place < rule_.size() ? rule_[place] : '\0'; }
    bool startsWith(std::string_view text) const { return rule_.substr(place_).starts_with(text); }
    std::size_t nameEnd(std::size_t from) const;
    std::size_t numberEnd(Token::Kind& kind) const;
    bool skipComment();
    Token name();
    Token quoted(Token::Kind kind, std::size_t prefix);
    Token symbol();
    Token take(Token::Kind kind, std::size_t end);
    bool escape(std::string& out);
    bool unicode(std::string& out);
    bool unicodeUnit(char32_t& value);
    bool hexCharacter(std::string& out);
    bool append(std::string& out, char32_t character, std::size_t from);
    Token fail(std::size_t place, std::string error, std::string hint = {});

    std::string_view rule_;
    std::size_t place_ = 0;
    std::string error_;
    std::string hint_;
    std::size_t errorPlace_ = 0;
    bool droppedName_ = false;
};

} // namespace iotman::rules
