#include "ui/rules/ruleeditor.h"

#include "ui/look/fonts.h"
#include "ui/look/lookstyle.h"
#include "ui/look/metrics.h"
#include "ui/rules/brackets.h"
#include "ui/rules/completion.h"
#include "ui/rules/rulecolors.h"
#include "ui/rules/rulehighlighter.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QStringListModel>
#include <QTextBlock>
#include <QTextEdit>

#include <algorithm>

namespace iotman::ui {

namespace {

constexpr int mostRuleCharacters = 16 * 1024; ///< as core/rules takes, if all were ASCII
constexpr int usualLines = 9;
constexpr int indentation = 2;

} // namespace

/// The numbers of the lines, at the leading edge.
class RuleEditor::Gutter : public QWidget {
public:
    explicit Gutter(RuleEditor* editor)
        : QWidget(editor)
        , editor_(editor)
    {
    }
    QSize sizeHint() const override { return {editor_->gutterWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { editor_->paintGutter(event); }

private:
    RuleEditor* editor_;
};

RuleEditor::RuleEditor(RulePart part, QWidget* parent)
    : QPlainTextEdit(parent)
    , part_(part)
    , highlighter_(new RuleHighlighter(document(), this))
    , completer_(new QCompleter(this))
    , completions_(new QStringListModel(this))
{
    setFont(monospaceFont());
    setTabChangesFocus(true);
    completer_->setModel(completions_);
    completer_->setWidget(this);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &RuleEditor::complete);
    connect(this, &QPlainTextEdit::textChanged, this, &RuleEditor::check);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &RuleEditor::mark);
    if (isOneLine()) {
        setLineWrapMode(NoWrap);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        document()->setDocumentMargin((metrics::controlHeight - lineHeight()) / 2.0 - frameWidth());
    } else {
        gutter_ = new Gutter(this);
        setViewportMargins(gutterWidth(), 0, 0, 0);
        connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { setViewportMargins(gutterWidth(), 0, 0, 0); });
        connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int dy) {
            if (dy != 0)
                gutter_->scroll(0, dy);
            else
                gutter_->update(0, area.y(), gutter_->width(), area.height());
        });
    }
    check();
}

RuleEditor::~RuleEditor() = default;

void RuleEditor::setText(const QString& text)
{
    if (text != toPlainText())
        setPlainText(text);
}

void RuleEditor::setSeenKeys(const QStringList& keys)
{
    seenKeys_ = keys;
}

void RuleEditor::insertPath(const QString& path)
{
    if (isReadOnly())
        return;
    textCursor().insertText(path);
    setFocus();
}

int RuleEditor::lineHeight() const
{
    return fontMetrics().lineSpacing();
}

QSize RuleEditor::sizeHint() const
{
    const int width = fontMetrics().averageCharWidth() * 44;
    if (isOneLine())
        return {width, metrics::controlHeight};
    return {width, usualLines * lineHeight() + 2 * metrics::smallSpace};
}

QSize RuleEditor::minimumSizeHint() const
{
    return isOneLine() ? QSize(120, metrics::controlHeight) : QSize(160, 3 * lineHeight() + 2 * metrics::smallSpace);
}

void RuleEditor::check()
{
    fault_ = checkRule(toPlainText(), part_);
    setFaulty(this, fault_.has_value());
    setAccessibleDescription(fault_ ? fault_->sentence : QString());
    mark();
    Q_EMIT checked();
}

/// The tint of the faulty line, the wave below the fault, the brackets that belong together.
void RuleEditor::mark()
{
    QList<QTextEdit::ExtraSelection> marks;
    const Extras& colors = extras(this);
    // The cursor moves before a text that became shorter is checked.
    const auto add = [&, end = document()->characterCount() - 1](int begin, int length, const QTextCharFormat& format) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = textCursor();
        mark.cursor.setPosition(std::min(begin, end));
        mark.cursor.setPosition(std::min(begin + length, end), QTextCursor::KeepAnchor);
        mark.format = format;
        marks.append(mark);
    };
    if (fault_ && !document()->isEmpty()) {
        QTextCharFormat line;
        line.setBackground(colors.dangerBg);
        line.setProperty(QTextFormat::FullWidthSelection, true);
        if (document()->blockCount() > 1)
            add(fault_->begin, 0, line);
        QTextCharFormat wave;
        wave.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wave.setUnderlineColor(colors.danger);
        add(fault_->begin, fault_->length, wave);
    }
    if (const auto brackets = bracketsAt(toPlainText(), textCursor().position()); brackets && hasFocus()) {
        QTextCharFormat format;
        format.setBackground(brackets->second < 0 ? colors.dangerBg : colors.sel);
        format.setFontWeight(QFont::Bold);
        for (const int place : {brackets->first, brackets->second})
            if (place >= 0)
                add(place, 1, format);
    }
    setExtraSelections(marks);
    if (gutter_)
        gutter_->update();
}

void RuleEditor::keyPressEvent(QKeyEvent* event)
{
    const bool popup = completer_->popup()->isVisible();
    switch (event->key()) {
    case Qt::Key_Enter:
    case Qt::Key_Return:
        if (popup) {
            event->ignore(); // the list takes it
            return;
        }
        if (isOneLine() || event->modifiers() != Qt::NoModifier)
            event->ignore();
        else if (!isReadOnly())
            breakLine();
        return;
    case Qt::Key_Escape:
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        if (popup) {
            event->ignore();
            return;
        }
        break;
    case Qt::Key_Space:
        if (event->modifiers() == Qt::ControlModifier) {
            offerCompletions(true);
            return;
        }
        break;
    default:
        break;
    }
    const int before = document()->revision();
    QPlainTextEdit::keyPressEvent(event);
    if (document()->revision() == before) {
        if (popup && event->key() != Qt::Key_Shift)
            completer_->popup()->hide();
    } else {
        offerCompletions(false);
    }
}

/// Tab leaves the editor, but while choices are shown it takes one.
bool RuleEditor::focusNextPrevChild(bool next)
{
    return !completer_->popup()->isVisible() && QPlainTextEdit::focusNextPrevChild(next);
}

/// A new line begins where the one before did, deeper behind an opening bracket.
void RuleEditor::breakLine()
{
    QTextCursor cursor = textCursor();
    const QString line = cursor.block().text().left(cursor.positionInBlock());
    int blanks = 0;
    while (blanks < line.size() && line[blanks] == u' ')
        ++blanks;
    const QString typed = line.trimmed();
    const bool opens = !typed.isEmpty() && QStringView(u"{[(").contains(typed.back());
    const QString rest = cursor.block().text().mid(cursor.positionInBlock()).trimmed();
    const bool closes = opens && !rest.isEmpty() && QStringView(u"}])").contains(rest.front());
    cursor.beginEditBlock();
    cursor.insertText(u'\n' + QString(blanks + (opens ? indentation : 0), u' '));
    const int place = cursor.position();
    if (closes) {
        cursor.insertText(u'\n' + QString(blanks, u' '));
        cursor.setPosition(place);
    }
    cursor.endEditBlock();
    setTextCursor(cursor);
    ensureCursorVisible();
}

void RuleEditor::offerCompletions(bool asked)
{
    const Completion completion = completionAt(toPlainText(), textCursor().position(), seenKeys_);
    const bool typing = textCursor().position() > completion.begin || asked ||
                        (completion.begin > 0 && toPlainText()[completion.begin - 1] == u'.');
    if (isReadOnly() || completion.choices.isEmpty() || !typing) {
        completer_->popup()->hide();
        return;
    }
    completions_->setStringList(completion.choices);
    QAbstractItemView* list = completer_->popup();
    list->setFont(font());
    QRect place = cursorRect();
    place.translate(viewport()->pos());
    place.setWidth(list->sizeHintForColumn(0) + list->verticalScrollBar()->sizeHint().width() + metrics::largeSpace);
    completer_->complete(place);
    list->setCurrentIndex(completions_->index(0));
}

void RuleEditor::complete(const QString& completion)
{
    QTextCursor cursor = textCursor();
    const int begin = completionAt(toPlainText(), cursor.position(), seenKeys_).begin;
    cursor.setPosition(begin, QTextCursor::KeepAnchor);
    cursor.insertText(completion);
    if (completion == QLatin1String("datetime()"))
        cursor.movePosition(QTextCursor::PreviousCharacter);
    setTextCursor(cursor);
}

bool RuleEditor::canInsertFromMimeData(const QMimeData* source) const
{
    return source->hasText();
}

/// Only text, and of a filter only one line of it.
void RuleEditor::insertFromMimeData(const QMimeData* source)
{
    if (isReadOnly())
        return;
    QString text = source->text();
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    text.replace(QChar(QChar::Nbsp), u' ');
    if (isOneLine())
        text.replace(u'\n', u' ');
    const qsizetype room = std::max<qsizetype>(0, mostRuleCharacters - document()->characterCount());
    textCursor().insertText(text.left(room));
    ensureCursorVisible();
}

int RuleEditor::gutterWidth() const
{
    const int digits = std::max(2, static_cast<int>(QString::number(blockCount()).size()));
    return fontMetrics().horizontalAdvance(u'0') * digits + 2 * metrics::smallSpace;
}

void RuleEditor::paintGutter(QPaintEvent* event)
{
    QPainter painter(gutter_);
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    painter.setFont(font());
    QTextBlock block = firstVisibleBlock();
    const int faulty = fault_ && !document()->isEmpty() ? document()->findBlock(fault_->begin).blockNumber() : -1;
    for (; block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom())
            break;
        const bool isFaulty = block.blockNumber() == faulty;
        QFont numberFont = font();
        numberFont.setBold(isFaulty);
        painter.setFont(numberFont);
        painter.setPen(isFaulty ? extras(this).danger : extras(this).dimText);
        painter.drawText(QRectF(0, place.top(), gutter_->width() - metrics::smallSpace, lineHeight()),
                         Qt::AlignRight | Qt::AlignVCenter, locale().toString(block.blockNumber() + 1));
    }
}

void RuleEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    if (gutter_) {
        const QRect inside = contentsRect();
        gutter_->setGeometry(inside.left(), inside.top(), gutterWidth(), inside.height());
    }
}

void RuleEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
        highlighter_->rehighlight();
        mark();
    }
}

void RuleEditor::focusInEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusInEvent(event);
    mark();
}

void RuleEditor::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    mark();
}

} // namespace iotman::ui
