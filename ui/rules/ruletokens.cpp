#include "ui/rules/ruletokens.h"

#include <algorithm>
#include <array>

namespace iotman::ui {

namespace {

constexpr QStringView specials = u"?%$.[]{}()|&!=<>@#,*:-+/";

bool isNamePart(QChar c)
{
    return !specials.contains(c) && !c.isSpace() && c != u'"' && c != u'\\';
}

constexpr std::array<QStringView, 9> operatorWords{u"exists", u"is", u"unknown", u"starts",    u"with",
                                                   u"flag",   u"to", u"last",    u"like_regex"};
constexpr std::array<QStringView, 2> modeWords{u"strict", u"lax"};
constexpr std::array<QStringView, 3> constants{u"true", u"false", u"null"};

template <std::size_t n>
bool isOneOf(QStringView word, const std::array<QStringView, n>& words, Qt::CaseSensitivity sensitivity)
{
    return std::any_of(words.begin(), words.end(), [&](QStringView one) { return word.compare(one, sensitivity) == 0; });
}

/// Walks over one line.
class Scanner {
public:
    Scanner(QStringView line, RuleLineEnd& state)
        : line_(line)
        , state_(state)
    {
    }

    std::vector<RuleSpan> scan()
    {
        if (state_ == RuleLineEnd::InComment)
            comment(0);
        else if (state_ == RuleLineEnd::InText)
            text(0, 0);
        while (at_ < size()) {
            const QChar c = line_[at_];
            if (c.isSpace())
                ++at_;
            else if (c == u'/' && next() == u'*')
                comment(at_ + 2);
            else if (c == u'"')
                text(at_, at_ + 1);
            else if (c == u'$' || c == u'@')
                variable();
            else if (c.isDigit() || (c == u'.' && next().isDigit()))
                number();
            else if (isNamePart(c))
                name();
            else
                symbol();
        }
        return std::move(spans_);
    }

private:
    int size() const { return static_cast<int>(line_.size()); }
    QChar next() const { return at_ + 1 < size() ? line_[at_ + 1] : QChar(); }
    void push(int begin, int end, RuleToken token)
    {
        if (end > begin)
            spans_.push_back({begin, end - begin, token});
        at_ = end;
    }
    int nameEnd(int from) const
    {
        while (from < size() && isNamePart(line_[from]))
            ++from;
        return from;
    }
    QChar before(int place) const
    {
        while (place > 0 && line_[place - 1].isSpace())
            --place;
        return place > 0 ? line_[place - 1] : QChar();
    }
    QChar behind(int place) const
    {
        while (place < size() && line_[place].isSpace())
            ++place;
        return place < size() ? line_[place] : QChar();
    }

    void comment(int from)
    {
        const qsizetype close = line_.indexOf(u"*/", from);
        state_ = close < 0 ? RuleLineEnd::InComment : RuleLineEnd::Closed;
        push(at_, close < 0 ? size() : static_cast<int>(close) + 2, RuleToken::Comment);
    }

    void text(int begin, int from)
    {
        int end = from;
        while (end < size() && line_[end] != u'"')
            end += line_[end] == u'\\' && end + 1 < size() ? 2 : 1;
        const bool closed = end < size();
        state_ = closed ? RuleLineEnd::Closed : RuleLineEnd::InText;
        end = closed ? end + 1 : size();
        push(begin, end, before(begin) == u'.' ? RuleToken::Step : behind(end) == u':' ? RuleToken::Key : RuleToken::Text);
    }

    void variable() { push(at_, line_[at_] == u'$' ? nameEnd(at_ + 1) : at_ + 1, RuleToken::Variable); }

    void number()
    {
        int end = at_;
        while (end < size() && (isNamePart(line_[end]) || line_[end] == u'.' ||
                                ((line_[end] == u'-' || line_[end] == u'+') && line_[end - 1].toLower() == u'e')))
            ++end;
        push(at_, end, behind(end) == u':' ? RuleToken::Key : RuleToken::Number);
    }

    void name()
    {
        const int end = nameEnd(at_);
        const QStringView word = line_.sliced(at_, end - at_);
        if (before(at_) == u'.')
            push(at_, end, behind(end) == u'(' ? RuleToken::Method : RuleToken::Step);
        else if (behind(end) == u':')
            push(at_, end, RuleToken::Key);
        else if (isOneOf(word, operatorWords, Qt::CaseInsensitive) || isOneOf(word, modeWords, Qt::CaseInsensitive))
            push(at_, end, RuleToken::Operator);
        else if (isOneOf(word, constants, Qt::CaseSensitive))
            push(at_, end, RuleToken::Number);
        else
            at_ = end;
    }

    void symbol()
    {
        if (QStringView(u"=!<>&|+-*/%?").contains(line_[at_]))
            push(at_, at_ + 1, RuleToken::Operator);
        else
            ++at_;
    }

    QStringView line_;
    RuleLineEnd& state_;
    int at_ = 0;
    std::vector<RuleSpan> spans_;
};

} // namespace

std::vector<RuleSpan> ruleSpans(QStringView line, RuleLineEnd& state)
{
    return Scanner(line, state).scan();
}

bool isPlainKey(QStringView key)
{
    return !key.isEmpty() && !key.front().isDigit() && std::all_of(key.begin(), key.end(), isNamePart);
}

QString quotedText(const QString& text)
{
    QString quoted = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\';
        if (c.unicode() < 0x20)
            quoted += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            quoted += c;
    }
    return quoted + u'"';
}

QString keyStep(const QString& key)
{
    return QLatin1Char('.') + (isPlainKey(key) ? key : quotedText(key));
}

} // namespace iotman::ui
