// Finding text in what a dialog shows: the next place, and all of them marked.
#pragma once

#include <QTextCursor>
#include <QTextEdit>

#include <functional>

namespace iotman {
class FilterBox;
}

namespace iotman::ui {

enum class SearchDirection { Forward, Back };

/// What a dialog does to search: `again` leaves the place one is at, while typing it may stay.
using Search = std::function<void(SearchDirection direction, bool again)>;

/// Ctrl+F goes to `box`; typing calls `markAll` and searches, Return and F3 go on, Shift+F3 goes back.
void connectSearch(QWidget* dialog, FilterBox* box, const Search& search, const std::function<void()>& markAll);

/// The place of `wanted` next to `from` in its document; null when there is none up to that end.
QTextCursor nextPlace(QTextCursor from, const QString& wanted, SearchDirection direction, bool again);
/// Where a search goes on that has come to its end.
QTextCursor otherEnd(QTextCursor cursor, SearchDirection direction);

/// As `nextPlace`, and round the ends, in a text that no document holds, for one who has `begin` to `end` selected. Any thread.
qsizetype nextPosition(const QString& wanted, const QString& text, qsizetype begin, qsizetype end, SearchDirection direction, bool again);

/// Every place of `wanted`, up to a thousand, with the colour of `widget`'s selections behind it.
QList<QTextEdit::ExtraSelection> searchMarks(QTextDocument& document, const QString& wanted, const QWidget* widget);

} // namespace iotman::ui
