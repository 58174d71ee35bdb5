// How pages make their actions: the same for tool bar, menus and keyboard.
#pragma once

#include <QAction>
#include <QWidget>

#include <functional>

namespace iotman::ui {

/// A new action of `owner`, in its actions(). Without an icon it stays out of the tool bar (see page.h).
QAction* addPageAction(QWidget* owner, const QString& text, const QString& iconName, const std::function<void()>& triggered);
void addPageSeparator(QWidget* owner);

} // namespace iotman::ui
