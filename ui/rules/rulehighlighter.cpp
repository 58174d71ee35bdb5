#include "ui/rules/rulehighlighter.h"

#include "ui/rules/rulecolors.h"
#include "ui/rules/ruletokens.h"

#include <QWidget>

namespace iotman::ui {

RuleHighlighter::RuleHighlighter(QTextDocument* document, const QWidget* shownBy)
    : QSyntaxHighlighter(document)
    , shownBy_(shownBy)
{
}

void RuleHighlighter::highlightBlock(const QString& text)
{
    RuleLineEnd state = previousBlockState() > 0 ? static_cast<RuleLineEnd>(previousBlockState()) : RuleLineEnd::Closed;
    for (const RuleSpan& span : ruleSpans(text, state))
        setFormat(span.begin, span.length, ruleColor(span.token, shownBy_->palette()));
    setCurrentBlockState(static_cast<int>(state));
}

} // namespace iotman::ui
