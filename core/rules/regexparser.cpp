#include "core/rules/regexparser.h"

#include "core/rules/jsontext.h"

#include <algorithm>

namespace iotman::rules {

namespace {

constexpr int greatestRepeat = 255;
constexpr int greatestNesting = 600;
constexpr int unbounded = -1;

} // namespace

void RegexParser::refuse(std::string_view sentence)
{
    if (!failed())
        error_ = "expected " + std::string(sentence) + " at character " + std::to_string(std::min(place_, text_.size()) + 1) +
                 " of the pattern";
    place_ = text_.size();
}

void RegexParser::checkSize(std::size_t size)
{
    if (size > greatestRegexSize)
        refuse("a pattern that is less complex");
}

bool RegexParser::accept(std::u32string_view what)
{
    if (!sees(what))
        return false;
    place_ += what.size();
    return true;
}

Expected<RegexProgram> RegexParser::parse()
{
    noBreak_ = !flags_.dotAll;
    lineAnchors_ = flags_.multiLine;
    Fragment whole;
    if (!flags_.literal)
        director();
    if (flags_.literal) {
        literalText(whole);
    } else {
        whole = alternatives();
        if (!failed() && !atEnd())
            refuse("a “(” before this “)”");
    }
    checkSize(whole.code.size());
    if (failed())
        return fail(Problem::BadRequest, error_);
    whole.code.push_back({});
    program_.code = std::move(whole.code);
    program_.groups = static_cast<std::uint32_t>(closed_.size()) - 1;
    program_.ignoreCase = flags_.ignoreCase;
    return std::move(program_);
}

/// `***=`, `***:` and the options in front of a pattern: `(?i)`.
void RegexParser::director()
{
    if (sees(U"***")) {
        if (accept(U"***=")) {
            flags_.literal = true;
            return;
        }
        if (!accept(U"***:"))
            return refuse("“***:” or “***=”");
    }
    if (sees(U"(?") && isAsciiLetter(peek(2)))
        options();
}

void RegexParser::options()
{
    place_ += 2;
    for (; isAsciiLetter(peek()); ++place_)
        if (!option(peek()))
            return refuse("one of the options c, i, m, n, p, q, s, t, w and x");
    if (!accept(U")"))
        refuse("“)” after the options");
}

bool RegexParser::option(char32_t letter)
{
    switch (letter) {
    case 'c':
    case 'i':
        flags_.ignoreCase = letter == 'i';
        return true;
    case 'm':
    case 'n':
        noBreak_ = lineAnchors_ = true;
        return true;
    case 'p':
        noBreak_ = true;
        lineAnchors_ = false;
        return true;
    case 's':
        noBreak_ = lineAnchors_ = false;
        return true;
    case 'w':
        noBreak_ = false;
        lineAnchors_ = true;
        return true;
    case 'q':
        flags_.literal = true;
        return true;
    case 't':
    case 'x':
        expanded_ = letter == 'x';
        return true;
    default:
        return false;
    }
}

void RegexParser::literalText(Fragment& whole)
{
    for (; !atEnd(); ++place_)
        whole.append(character(peek()));
}

void RegexParser::skipExpanded()
{
    while (!atEnd()) {
        if (accept(U"(?#")) {
            while (!atEnd() && peek() != ')')
                ++place_;
            if (atEnd())
                return refuse("“)” after the comment");
            ++place_;
        } else if (expanded_ && isIn(CharClass::Space, peek())) {
            ++place_;
        } else if (expanded_ && peek() == '#') {
            while (!atEnd() && peek() != '\n')
                ++place_;
        } else {
            return;
        }
    }
}

Fragment RegexParser::alternatives()
{
    std::vector<Fragment> branches;
    do
        branches.push_back(branch());
    while (accept(U"|"));
    Fragment whole;
    whole.nullable = false;
    std::int32_t rest = 0;
    for (const Fragment& one : branches)
        rest += one.size() + 2;
    rest -= 2;
    for (std::size_t i = 0; i < branches.size(); ++i) {
        const bool last = i + 1 == branches.size();
        rest -= branches[i].size();
        if (!last) {
            whole.code.push_back({RegexOp::Split, 0, 1, branches[i].size() + 2});
            rest -= 2;
        }
        whole.nullable = whole.nullable || branches[i].nullable;
        whole.code.insert(whole.code.end(), branches[i].code.begin(), branches[i].code.end());
        if (!last)
            whole.code.push_back({RegexOp::Jump, 0, rest + 1, 0});
    }
    checkSize(whole.code.size());
    return whole;
}

Fragment RegexParser::branch()
{
    Fragment whole;
    skipExpanded();
    while (!failed() && !atEnd() && peek() != '|' && peek() != ')') {
        whole.append(repeated());
        checkSize(whole.code.size());
        skipExpanded();
    }
    return whole;
}

Fragment RegexParser::repeated()
{
    bool isConstraint = false;
    Fragment one = atom(isConstraint);
    skipExpanded();
    int least = 1;
    int most = 1;
    if (failed() || isConstraint || !repeat(least, most))
        return one;
    return times(one, least, most);
}

/// Reads a quantifier; greedy or not makes no difference to whether there is a match.
bool RegexParser::repeat(int& least, int& most)
{
    const auto bound = [&] {
        int value = 0;
        while (isAsciiDigit(peek()) && value <= greatestRepeat)
            value = value * 10 + static_cast<int>(text_[place_++] - '0');
        if (value > greatestRepeat)
            refuse("at most 255 repetitions");
        return value;
    };
    if (accept(U"*")) {
        least = 0;
        most = unbounded;
    } else if (accept(U"+")) {
        most = unbounded;
    } else if (accept(U"?")) {
        least = 0;
    } else if (peek() == '{' && isAsciiDigit(peek(1))) {
        ++place_;
        least = most = bound();
        if (accept(U","))
            most = isAsciiDigit(peek()) ? bound() : unbounded;
        if (!failed() && (!accept(U"}") || (most != unbounded && least > most)))
            refuse("a repetition such as {2} or {2,5}");
    } else {
        return false;
    }
    accept(U"?");
    return !failed();
}

Fragment RegexParser::times(const Fragment& one, int least, int most)
{
    const std::size_t copies = static_cast<std::size_t>(most == unbounded ? least + 1 : most);
    checkSize((one.code.size() + 1) * copies);
    Fragment whole;
    if (failed())
        return whole;
    // A reference to a group without a match fails, also where it may stand no times at all.
    if (least == 0 && copies > 0 && one.size() == 1 && one.code.front().op == RegexOp::Reference)
        whole.append(Fragment::of(RegexOp::Matched, one.code.front().value, true));
    for (int i = 0; i < least; ++i)
        whole.append(one);
    if (most == unbounded) {
        whole.append(loop(one));
        return whole;
    }
    // a{0,3} is (a(a(a)?)?)?
    Fragment rest;
    for (int i = least; i < most; ++i) {
        Fragment next = one;
        next.append(std::move(rest));
        rest = optional(next);
    }
    whole.append(std::move(rest));
    return whole;
}

Fragment RegexParser::loop(const Fragment& one)
{
    Fragment whole;
    const bool marked = one.nullable;
    const std::int32_t body = one.size() + (marked ? 2 : 0);
    whole.code.push_back({RegexOp::Split, 0, 1, body + 2});
    if (marked)
        whole.code.push_back({RegexOp::Mark, program_.slots, 0, 0});
    whole.code.insert(whole.code.end(), one.code.begin(), one.code.end());
    if (marked)
        whole.code.push_back({RegexOp::Moved, program_.slots++, 0, 0});
    whole.code.push_back({RegexOp::Jump, 0, -(body + 1), 0});
    return whole;
}

Fragment RegexParser::optional(const Fragment& one)
{
    Fragment whole;
    whole.code.push_back({RegexOp::Split, 0, 1, one.size() + 1});
    whole.code.insert(whole.code.end(), one.code.begin(), one.code.end());
    return whole;
}

Fragment RegexParser::atom(bool& isConstraint)
{
    if (sees(U"[[:<:]]") || sees(U"[[:>:]]")) {
        const RegexOp op = peek(3) == '<' ? RegexOp::WordBegin : RegexOp::WordEnd;
        place_ += 7;
        isConstraint = true;
        return Fragment::of(op, 0, true);
    }
    const char32_t c = peek();
    switch (c) {
    case '*':
    case '+':
    case '?':
        refuse("something to repeat before “" + std::string(1, static_cast<char>(c)) + "”");
        return {};
    case '(':
        if (sees(U"(?=") || sees(U"(?!") || sees(U"(?<=") || sees(U"(?<!")) {
            isConstraint = true;
            const bool ahead = peek(2) != '<';
            const bool negative = peek(ahead ? 2 : 3) == '!';
            place_ += ahead ? 3 : 4;
            return look(ahead, negative);
        }
        return group();
    case '[':
        return bracket();
    case '.':
        ++place_;
        return Fragment::of(noBreak_ ? RegexOp::AnyButBreak : RegexOp::Any, 0, false);
    case '^':
    case '$':
        ++place_;
        isConstraint = true;
        if (c == '^')
            return Fragment::of(lineAnchors_ ? RegexOp::LineBegin : RegexOp::TextBegin, 0, true);
        return Fragment::of(lineAnchors_ ? RegexOp::LineEnd : RegexOp::TextEnd, 0, true);
    case '\\':
        return escape(isConstraint);
    case '{':
        if (isAsciiDigit(peek(1))) {
            refuse("something to repeat before “{”");
            return {};
        }
        [[fallthrough]];
    default:
        ++place_;
        return character(c);
    }
}

Fragment RegexParser::character(char32_t c)
{
    if (flags_.ignoreCase && (lowerCase(c) != c || upperCase(c) != c)) {
        CharSet both;
        both.add(c, c);
        both.add(lowerCase(c), lowerCase(c));
        both.add(upperCase(c), upperCase(c));
        return set(std::move(both), false);
    }
    return Fragment::of(RegexOp::Character, static_cast<std::uint32_t>(c), false);
}

Fragment RegexParser::set(CharSet set, bool complement)
{
    set.complete(complement, flags_.ignoreCase, noBreak_);
    program_.sets.push_back(std::move(set));
    return Fragment::of(RegexOp::Set, static_cast<std::uint32_t>(program_.sets.size() - 1), false);
}

Fragment RegexParser::group()
{
    if (++depth_ > greatestNesting) {
        refuse("a pattern that nests less deep");
        return {};
    }
    ++place_;
    const bool plain = !accept(U"?:");
    const bool captures = plain && !inLook_;
    if (plain && peek() == '?') {
        refuse("“(?:”, “(?=”, “(?!”, “(?<=” or “(?<!”");
        return {};
    }
    const auto number = static_cast<std::uint32_t>(closed_.size());
    if (captures)
        closed_.push_back(false);
    Fragment inner = alternatives();
    if (!failed() && !accept(U")"))
        refuse("“)”");
    --depth_;
    if (!captures)
        return inner;
    closed_[number] = true;
    Fragment whole = Fragment::of(RegexOp::Open, number, true);
    whole.append(std::move(inner));
    whole.code.push_back({RegexOp::Close, number, 0, 0});
    return whole;
}

Fragment RegexParser::look(bool ahead, bool negative)
{
    if (++depth_ > greatestNesting) {
        refuse("a pattern that nests less deep");
        return {};
    }
    // What is looked at captures nothing and refers to nothing.
    const bool outside = std::exchange(inLook_, true);
    Fragment inner = alternatives();
    inLook_ = outside;
    if (!failed() && !accept(U")"))
        refuse("“)”");
    --depth_;
    inner.code.push_back({});
    Fragment whole;
    whole.code.push_back({ahead ? RegexOp::Ahead : RegexOp::Behind, negative ? 1U : 0U, inner.size(), 0});
    whole.code.insert(whole.code.end(), inner.code.begin(), inner.code.end());
    return whole;
}

Fragment RegexParser::escape(bool& isConstraint)
{
    ++place_;
    if (atEnd()) {
        refuse("a character after the backslash");
        return {};
    }
    const char32_t c = peek();
    if (const auto escaped = classEscape(c)) {
        ++place_;
        CharSet one;
        one.add(escaped->first, escaped->second);
        const bool breaks = std::exchange(noBreak_, false); // \D, \S and \W match a line break in any mode
        Fragment result = set(std::move(one), false);
        noBreak_ = breaks;
        return result;
    }
    constexpr std::pair<char32_t, RegexOp> constraints[] = {{'A', RegexOp::TextBegin}, {'Z', RegexOp::TextEnd},  {'m', RegexOp::WordBegin},
                                                            {'M', RegexOp::WordEnd},   {'y', RegexOp::WordEdge}, {'Y', RegexOp::NoWordEdge}};
    for (const auto& [letter, op] : constraints)
        if (c == letter) {
            ++place_;
            isConstraint = true;
            return Fragment::of(op, 0, true);
        }
    if (c >= '1' && c <= '9')
        return reference();
    ++place_;
    const std::optional<char32_t> plain = plainEscape(c);
    return plain ? character(*plain) : Fragment();
}

/// `\1` to `\9` always refer to a group; more digits do when there is such a group, else they are an octal character.
Fragment RegexParser::reference()
{
    const std::size_t from = place_;
    std::size_t number = 0;
    while (isAsciiDigit(peek()) && number < 10'000)
        number = number * 10 + (text_[place_++] - '0');
    if (place_ - from > 1 && number >= closed_.size()) {
        place_ = from;
        const std::optional<char32_t> octal = digits(8, 1, 3);
        return octal ? character(*octal) : Fragment();
    }
    if (inLook_) {
        refuse("no reference in what is looked at ahead or behind");
        return {};
    }
    if (number >= closed_.size() || !closed_[number]) {
        refuse("a group before the reference to it");
        return {};
    }
    program_.hasReferences = true;
    return Fragment::of(RegexOp::Reference, static_cast<std::uint32_t>(number), true);
}

Expected<RegexProgram> parseRegex(std::string_view pattern, Regex::Flags flags)
{
    Expected<RegexProgram> program = RegexParser(pattern, flags).parse();
    if (program)
        program->analyse();
    return program;
}

} // namespace iotman::rules
