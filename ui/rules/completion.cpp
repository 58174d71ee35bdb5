#include "ui/rules/completion.h"

#include "ui/rules/ruletokens.h"

#include <algorithm>

namespace iotman::ui {

namespace {

const char* const methods[] = {"size()", "type()", "double()", "abs()", "floor()", "ceiling()", "datetime()", "keyvalue()"};

bool isPart(QChar c)
{
    return isPlainKey(QStringView(&c, 1)) || c.isDigit();
}

/// Whether `place` lies in a text or a comment.
bool isInside(QStringView text, int place)
{
    RuleLineEnd state = RuleLineEnd::Closed;
    ruleSpans(text.first(place).toString().replace(u'\n', u' '), state);
    return state != RuleLineEnd::Closed;
}

} // namespace

Completion completionAt(QStringView text, int cursor, const QStringList& keys)
{
    Completion completion;
    completion.begin = cursor;
    if (isInside(text, cursor))
        return completion;
    while (completion.begin > 0 && isPart(text[completion.begin - 1]))
        --completion.begin;
    const QStringView typed = text.sliced(completion.begin, cursor - completion.begin);
    const QChar before = completion.begin > 0 ? text[completion.begin - 1] : QChar();
    const auto offer = [&](const QString& choice) {
        const QStringView bare = choice.startsWith(u'"') ? QStringView(choice).sliced(1) : QStringView(choice);
        if (bare.startsWith(typed, Qt::CaseInsensitive) && choice != typed && !completion.choices.contains(choice))
            completion.choices.append(choice);
    };
    if (before == u'.') {
        // `1.` and `.**.` are no places for a first key, but any key may follow a point.
        if (!typed.isEmpty() && typed.front().isDigit())
            return completion;
        for (const QString& key : keys)
            offer(keyStep(key).mid(1));
        for (const char* method : methods)
            offer(QString::fromLatin1(method));
    } else if (before == u'$') {
        for (const char* variable : {"ts", "source", "id"})
            offer(QString::fromLatin1(variable));
    }
    return completion;
}

} // namespace iotman::ui
