#include "ui/workspace/contractdetails.h"

#include "core/client/text.h"
#include "ui/look/fonts.h"
#include "ui/look/look.h"
#include "ui/look/metrics.h"
#include "ui/workspace/contractrows.h"

#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace iotman::ui {

using client::toQt;

namespace {

/// What was said stands in the first line: marked by colour, weight and a line below it.
void markWords(QPlainTextEdit* view, const QString& said, const QString& other)
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const TextRange& range : differingWords(said, other)) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(view->document());
        mark.cursor.setPosition(static_cast<int>(range.start));
        mark.cursor.setPosition(static_cast<int>(range.start + range.length), QTextCursor::KeepAnchor);
        mark.format.setBackground(extras(view).dangerBg);
        mark.format.setFontUnderline(true);
        mark.format.setFontWeight(QFont::Bold);
        marks << mark;
    }
    view->setExtraSelections(marks);
}

} // namespace

ContractDetails::ContractDetails(QWidget* parent)
    : QSplitter(parent)
    , there_(half(tr("There")))
    , here_(half(tr("Here")))
{
    setChildrenCollapsible(false);
}

ContractDetails::Half ContractDetails::half(const QString& name)
{
    auto* side = new QWidget(this);
    auto* head = new QLabel(name, side);
    head->setTextFormat(Qt::PlainText);
    head->setFont(headFont());
    auto* text = new QPlainTextEdit(side);
    text->setAccessibleName(name);
    text->setReadOnly(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setFont(monospaceFont());
    text->setTabChangesFocus(true);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::tinySpace);
    column->addWidget(head);
    column->addWidget(text, 1);
    addWidget(side);
    return {head, text};
}

void ContractDetails::setNames(const QString& there, const QString& here)
{
    there_.head->setText(tr("There: %1").arg(there));
    here_.head->setText(tr("Here: %1").arg(here));
}

void ContractDetails::setFinding(const std::optional<lab::Finding>& finding)
{
    finding_ = finding;
    there_.text->setPlainText(finding ? testimonyText(finding->there) : QString());
    here_.text->setPlainText(finding ? testimonyText(finding->here) : QString());
    mark();
}

void ContractDetails::mark()
{
    const bool differs = finding_ && finding_->verdict() == lab::Verdict::Different;
    const QString there = differs ? toQt(finding_->there.text()) : QString();
    const QString here = differs ? toQt(finding_->here.text()) : QString();
    markWords(there_.text, there, here);
    markWords(here_.text, here, there);
}

void ContractDetails::changeEvent(QEvent* event)
{
    QSplitter::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

} // namespace iotman::ui
