#include "ui/rules/rulecheck.h"

#include "core/rules/timeexpression.h"
#include "core/rules/transform.h"

#include <algorithm>

namespace iotman::ui {

namespace {

/// Where the character with the number `column` begins, in UTF-16. Beyond the end: just behind it.
int offsetOf(const QString& text, int column)
{
    int offset = 0;
    for (int character = 1; character < column && offset < text.size(); ++character)
        offset += text[offset].isHighSurrogate() && offset + 1 < text.size() ? 2 : 1;
    return offset;
}

/// The word at its beginning, or the character; at the end the last character that is there.
void underline(const QString& text, RuleFault& fault)
{
    const auto isWord = [](QChar c) { return c.isLetterOrNumber() || c == u'_' || c == u'\'' || c.isSurrogate(); };
    while (fault.begin > 0 && (fault.begin >= text.size() || text[fault.begin].isSpace()))
        --fault.begin;
    int end = fault.begin;
    while (end < text.size() && isWord(text[end]))
        ++end;
    fault.length = std::max(1, end - fault.begin);
}

template <class T>
std::optional<Error> errorOf(const Expected<T>& compiled)
{
    return compiled ? std::nullopt : std::optional(compiled.error());
}

std::optional<Error> errorOf(const std::string& text, RulePart part)
{
    switch (part) {
    case RulePart::Filter:
        return errorOf(rules::Transform::compile(text, "$"));
    case RulePart::Rule:
        return errorOf(rules::Transform::compile({}, text));
    case RulePart::Time:
        return text.find_first_not_of(" \t\r\n") == std::string::npos ? std::nullopt
                                                                      : errorOf(rules::TimeExpression::compile(text));
    }
    return std::nullopt;
}

} // namespace

std::optional<RuleFault> checkRule(const QString& text, RulePart part)
{
    const std::optional<Error> error = errorOf(text.toStdString(), part);
    if (!error)
        return std::nullopt;
    RuleFault fault;
    fault.begin = offsetOf(text, std::max(1, error->column));
    fault.sentence = asSentence(*error);
    underline(text, fault);
    return fault;
}

QString asSentence(const Error& error)
{
    QString sentence = QString::fromStdString(error.detail);
    if (!sentence.isEmpty())
        sentence[0] = sentence[0].toUpper();
    return sentence;
}

} // namespace iotman::ui
