#include "core/rules/hints.h"

#include "core/model/encoding.h"

#include <array>
#include <utility>

namespace iotman::rules {

namespace {

bool isName(const Token& token)
{
    return token.kind == Token::Kind::Word || token.kind == Token::Kind::Keyword;
}

std::string quotedKey(std::string_view key)
{
    return "quote such a key: .\"" + std::string(key) + "\"";
}

/// A word of another language, and how it is said here.
std::string translated(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 20> words{{
        {"and", "&&"},
        {"AND", "&&"},
        {"or", "||"},
        {"OR", "||"},
        {"not", "!(…)"},
        {"NOT", "!(…)"},
        {"True", "true"},
        {"TRUE", "true"},
        {"False", "false"},
        {"FALSE", "false"},
        {"None", "null"},
        {"NULL", "null"},
        {"nil", "null"},
        {"undefined", "null"},
        {"in", "== …  || == …"},
        {"like", "like_regex \"…\""},
        {"matches", "like_regex \"…\""},
        {"startsWith", "starts with \"…\""},
        {"mod", "%"},
        {"div", "/"},
    }};
    for (const auto& [said, meant] : words)
        if (said == word)
            return "write " + std::string(meant) + " for " + std::string(said);
    return {};
}

/// The run of characters from a name through dashes, dots and whatever belongs to a key that should have been quoted.
std::string_view wholeKey(std::string_view rule, std::size_t begin)
{
    std::size_t end = begin;
    while (end < rule.size() && std::string_view(" \t\r\n,:;()[]{}?*/+<>=!&|\"").find(rule[end]) == std::string_view::npos)
        ++end;
    return rule.substr(begin, end - begin);
}

/// Whether a member of a constructor begins with `token`: a colon follows it.
bool beginsMember(std::string_view rule, const Token& token)
{
    const std::size_t next = rule.find_first_not_of(" \t\r\n\f", token.end);
    return next != std::string_view::npos && rule[next] == ':';
}

std::string afterName(std::string_view rule, const Token& previous, const Token& token)
{
    if (token.is("("))
        return previous.text == "length" || previous.text == "count" || previous.text == "len"
                   ? "the number of elements is .size()"
                   : "the methods are .type() .size() .double() .ceiling() .floor() .abs() .datetime() .keyvalue()";
    const bool isKey = previous.begin > 0 && rule[previous.begin - 1] == '.';
    if (token.is("-") && token.begin == previous.end && !isKey)
        return "quote such a key: \"" + std::string(wholeKey(rule, previous.begin)) + "\"";
    if (isKey && token.kind == Token::Kind::Number && token.text.front() == '.')
        return "an element is taken with brackets: [" + token.text.substr(1) + "]";
    if (isKey && isName(token) && translated(token.text).empty())
        return quotedKey(std::string(rule.substr(previous.begin, token.end - previous.begin)));
    if (isKey && (token.is("@") || token.is("#") || token.is(":") || token.is("$")) && token.begin == previous.end)
        return quotedKey(wholeKey(rule, previous.begin));
    return {};
}

std::string afterSymbol(std::string_view rule, const Token& previous, const Token& token)
{
    if (previous.is(".")) {
        if (token.is("."))
            return "at any depth is written .**.key";
        if (token.is("["))
            return "subscripts need no point: $.a[0]";
        if (token.kind == Token::Kind::Variable || token.is("@") || token.is("#") || token.is("$"))
            return quotedKey(wholeKey(rule, token.begin));
    }
    if (previous.is("?") && token.is("@"))
        return "a filter stands in parentheses: ?(@.a > 1)";
    if (previous.is("[") && token.is("?"))
        return "a filter needs no brackets: $.list ? (@.a > 1)";
    if (previous.is("[") && token.kind == Token::Kind::Word && token.text.size() > 2 && token.text.starts_with('\'') && token.text.ends_with('\''))
        return "a key follows a point: $." + token.text.substr(1, token.text.size() - 2);
    if (previous.is("{") && !isName(token))
        return "a member is a key and a value: { a: $.a }";
    if (previous.is("[") && token.is(":"))
        return "a range is written [0 to 2]";
    if (previous.is("-") && isName(token) && previous.end == token.begin) {
        std::size_t begin = previous.begin;
        while (begin > 0 && std::string_view(" .([{,").find(rule[begin - 1]) == std::string_view::npos)
            --begin;
        if (begin < previous.begin && begin > 0 && rule[begin - 1] == '.')
            return quotedKey(wholeKey(rule, begin));
    }
    if (token.is("!") || (previous.is("!") && !token.is("(")))
        return "a negation takes parentheses: !($.a == 1)";
    return {};
}

std::string anyHint(std::string_view rule, const Token& previous, const Token& token)
{
    if (token.is("="))
        return "equality is written ==";
    if (token.is("&") || token.is("|"))
        return token.is("&") ? "and is written &&" : "or is written ||";
    if (token.kind == Token::Kind::Word && token.text == ";")
        return "a comma stands between members";
    if (previous.kind == Token::Kind::Symbol)
        if (std::string hint = afterSymbol(rule, previous, token); !hint.empty())
            return hint;
    if (token.kind == Token::Kind::Word && token.text.find('\'') != std::string::npos)
        return "text stands in double quotes: \"…\"";
    if (previous.kind == Token::Kind::Word && previous.text.find('\'') != std::string::npos)
        return "text stands in double quotes: \"…\"";
    if (token.is(":") && (previous.kind == Token::Kind::Integer || previous.kind == Token::Kind::Number))
        return "a range is written [0 to 2]";
    if (token.kind == Token::Kind::Symbol && token.text == "." && previous.kind == Token::Kind::Word)
        return "a path begins with $: $." + std::string(wholeKey(rule, previous.begin));
    if (token.is(".") && previous.kind == Token::Kind::End)
        return "a path begins with $: $" + std::string(wholeKey(rule, token.begin));
    if (isName(token) && previous.kind != Token::Kind::End && beginsMember(rule, token))
        return "a comma stands between members";
    if (isName(previous))
        if (std::string hint = afterName(rule, previous, token); !hint.empty())
            return hint;
    if (isName(token)) {
        if (std::string hint = translated(token.text); !hint.empty())
            return hint;
        if (token.kind == Token::Kind::Word && (previous.kind == Token::Kind::End || previous.kind == Token::Kind::Symbol))
            return "a path begins with $: $." + std::string(wholeKey(rule, token.begin)) + "; text stands in double quotes";
    }
    return {};
}

} // namespace

std::string shown(const Token& token)
{
    constexpr std::size_t longest = 40;
    std::string start(cutBetweenCharacters(token.text, longest));
    if (start.size() < token.text.size())
        start += "…";
    switch (token.kind) {
    case Token::Kind::End:
        return "the end";
    case Token::Kind::String:
        return "the text “" + start + "”";
    case Token::Kind::Variable:
        return "“$" + start + "”";
    default:
        return "“" + start + "”";
    }
}

std::string hintFor(std::string_view rule, const Token& previous, const Token& token)
{
    // What is to be pasted is of no use cut.
    constexpr std::size_t longest = 200;
    std::string hint = anyHint(rule, previous, token);
    return hint.size() <= longest ? hint : std::string();
}

} // namespace iotman::rules
