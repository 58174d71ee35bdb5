// “Snapshots”: named states of the workspace, saved, restored and deleted while it is served.
#pragma once

#include "ui/workspace/snapshotrows.h"

#include <QDialog>
#include <QTimeZone>

class QLineEdit;
class QPushButton;
class QSettings;

namespace iotman {
class BusyRing;
class MessageLine;
} // namespace iotman

namespace iotman::ui {

class ListPane;
class ReasonLine;
class Session;

/// Not modal. One thing is done at a time; what went wrong stands in one line.
class SnapshotsDialog : public QDialog {
    Q_OBJECT

public:
    /// `settings` remembers the columns and must outlive it.
    SnapshotsDialog(Session& session, QSettings& settings, const QTimeZone& zone, QWidget* parent = nullptr);

    ListPane* list() const { return list_; }
    MessageLine* message() const { return message_; }
    QLineEdit* nameEdit() const { return name_; }
    QPushButton* saveButton() const { return save_; }
    QAction* restoreAction() const { return restore_; }
    QAction* deleteAction() const { return delete_; }
    QPushButton* resetButton() const { return reset_; }

private:
    void arrange();
    void load();
    void took(const Expected<Snapshots>& snapshots);
    void save();
    void askRestore();
    void askDelete();
    void askReset();
    void begin(const QString& what);
    /// `done`: what is said when it went well; `failed`: what comes before the reason when not.
    void ended(const std::optional<Error>& error, const QString& done, const QString& failed);
    void update();
    const client::SnapshotView* chosen() const;
    ReadingContext context() const;

    Session& session_;
    const QTimeZone zone_;
    Snapshots snapshots_;
    bool loaded_ = false;
    bool busy_ = false;
    client::Call call_;

    ListPane* list_;
    QLineEdit* name_;
    QPushButton* save_;
    MessageLine* nameError_;
    MessageLine* message_;
    BusyRing* ring_;
    ReasonLine* reason_;
    QAction* restore_;
    QAction* delete_;
    QPushButton *restoreButton_, *deleteButton_, *reset_, *close_;
};

} // namespace iotman::ui
