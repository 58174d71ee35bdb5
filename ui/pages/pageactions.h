// How pages make their actions: the same for tool bar, menus and keyboard.
#pragma once

#include <QAction>
#include <QModelIndex>
#include <QWidget>

#include <functional>

class QTableView;

namespace iotman::ui {

/// A new action of `owner`, in its actions(). Without an icon it stays out of the tool bar (see page.h).
QAction* addPageAction(QWidget* owner, const QString& text, const QString& iconName, const std::function<void()>& triggered);
void addPageSeparator(QWidget* owner);

/// The row that actions on one thing are about: the current one while it is selected, else the first that is. What is seen to be
/// selected counts, wherever the keyboard has gone. Invalid where none is.
QModelIndex chosenRow(const QTableView& table);

} // namespace iotman::ui
