#include "ui/pages/textsearch.h"

#include "ui/look/filterbox.h"
#include "ui/look/look.h"

#include <QAction>
#include <QTextDocument>

namespace iotman::ui {

namespace {

constexpr int mostMarks = 1000;

} // namespace

void connectSearch(QWidget* dialog, FilterBox* box, const Search& search, const std::function<void()>& markAll)
{
    const auto add = [dialog](QKeySequence::StandardKey keys, const auto& triggered) {
        auto* action = new QAction(dialog);
        action->setShortcuts(keys);
        QObject::connect(action, &QAction::triggered, dialog, triggered);
        dialog->addAction(action);
    };
    add(QKeySequence::Find, [box] {
        box->setFocus();
        box->selectAll();
    });
    add(QKeySequence::FindNext, [search] { search(SearchDirection::Forward, true); });
    add(QKeySequence::FindPrevious, [search] { search(SearchDirection::Back, true); });
    QObject::connect(box, &QLineEdit::returnPressed, dialog, [search] { search(SearchDirection::Forward, true); });
    QObject::connect(box, &QLineEdit::textChanged, dialog, [search, markAll] {
        markAll();
        search(SearchDirection::Forward, false);
    });
}

QTextCursor nextPlace(QTextCursor from, const QString& wanted, SearchDirection direction, bool again)
{
    if (!again)
        from.setPosition(from.selectionStart());
    const bool back = direction == SearchDirection::Back;
    return from.document()->find(wanted, from, back ? QTextDocument::FindBackward : QTextDocument::FindFlags());
}

QTextCursor otherEnd(QTextCursor cursor, SearchDirection direction)
{
    cursor.movePosition(direction == SearchDirection::Back ? QTextCursor::End : QTextCursor::Start);
    return cursor;
}

qsizetype nextPosition(const QString& wanted, const QString& text, qsizetype begin, qsizetype end, SearchDirection direction, bool again)
{
    if (wanted.isEmpty())
        return -1;
    if (direction == SearchDirection::Back) {
        const qsizetype before = begin > 0 ? text.lastIndexOf(wanted, begin - 1, Qt::CaseInsensitive) : -1;
        return before >= 0 ? before : text.lastIndexOf(wanted, -1, Qt::CaseInsensitive);
    }
    const qsizetype behind = text.indexOf(wanted, again ? end : begin, Qt::CaseInsensitive);
    return behind >= 0 ? behind : text.indexOf(wanted, 0, Qt::CaseInsensitive);
}

QList<QTextEdit::ExtraSelection> searchMarks(QTextDocument& document, const QString& wanted, const QWidget* widget)
{
    QList<QTextEdit::ExtraSelection> marks;
    QTextCharFormat format;
    format.setBackground(extras(widget).sel);
    for (QTextCursor at(&document); !wanted.isEmpty() && marks.size() < mostMarks;) {
        at = document.find(wanted, at);
        if (at.isNull())
            break;
        marks.append({at, format});
    }
    return marks;
}

} // namespace iotman::ui
