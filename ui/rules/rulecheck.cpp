#include "ui/rules/rulecheck.h"

#include "core/rules/transform.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace iotman::ui {

namespace {

struct RuleCheckWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::RuleCheck)
};

struct Place {
    int offset = 0; ///< UTF-16
    int line = 1;
    int column = 1;
};

/// Of the character with the number `column` of the whole text, from 1. Beyond the end: just behind it.
Place placeOf(const QString& text, int column)
{
    Place place;
    for (int character = 1; character < column && place.offset < text.size(); ++character) {
        const QChar c = text[place.offset];
        place.column = c == u'\n' ? 1 : place.column + 1;
        place.line += c == u'\n' ? 1 : 0;
        place.offset += c.isHighSurrogate() && place.offset + 1 < text.size() ? 2 : 1;
    }
    return place;
}

/// The word at `place`, or the character; at the end the last character that is there.
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

} // namespace

std::optional<RuleFault> checkRule(const QString& text, RulePart part)
{
    const std::string utf8 = text.toStdString();
    if (part == RulePart::Filter && text.trimmed().isEmpty())
        return std::nullopt;
    const auto compiled = part == RulePart::Filter ? rules::Transform::compile(utf8, "$") : rules::Transform::compile({}, utf8);
    if (compiled)
        return std::nullopt;
    const Error& error = compiled.error();
    RuleFault fault;
    const Place place = placeOf(text, std::max(1, error.column));
    fault.begin = place.offset;
    fault.line = place.line;
    fault.column = place.column;
    fault.sentence = placedSentence(QString::fromStdString(error.detail), text);
    underline(text, fault);
    return fault;
}

QString placedSentence(const QString& detail, const QString& text)
{
    const bool severalLines = text.contains(u'\n');
    const auto word = [&](int column, bool first) {
        const Place place = placeOf(text, column);
        if (!severalLines)
            return first ? RuleCheckWords::tr("Column %1").arg(column) : RuleCheckWords::tr("column %1").arg(column);
        return (first ? RuleCheckWords::tr("Line %1, column %2") : RuleCheckWords::tr("line %1, column %2"))
            .arg(place.line)
            .arg(place.column);
    };
    static const QRegularExpression places(QStringLiteral("(?<=^|at )column (\\d+)"));
    QString result;
    qsizetype end = 0;
    for (auto found = places.globalMatch(detail); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        result += detail.mid(end, match.capturedStart() - end);
        result += word(match.captured(1).toInt(), match.capturedStart() == 0);
        end = match.capturedEnd();
    }
    return result + detail.mid(end);
}

} // namespace iotman::ui
