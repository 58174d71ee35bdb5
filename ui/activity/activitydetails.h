// One request or stream in full: what was sent, what became of it, and why.
#pragma once

#include "ui/activity/activityentry.h"

#include <QWidget>

class QAction;
class QLabel;
class QPlainTextEdit;
class QTabWidget;
class QTreeWidget;

namespace iotman {
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ActivityDetails : public QWidget {
    Q_OBJECT

public:
    /// `actions` stand as buttons beside the title.
    explicit ActivityDetails(const QList<QAction*>& actions, QWidget* parent = nullptr);

    /// Null: nothing is chosen.
    void showEntry(const ActivityEntry* entry);

private:
    QLabel* title_;
    MessageLine* why_;
    QPlainTextEdit* exchange_;
    QTreeWidget* headers_;
    QTabWidget* tabs_;
};

} // namespace iotman::ui
