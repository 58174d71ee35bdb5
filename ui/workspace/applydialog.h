// “Apply workspace file”: what a file would change, and then the change itself.
#pragma once

#include "core/client/workspacecalls.h"
#include "ui/look/messageline.h"
#include "ui/workspace/workspacechanges.h"
#include "ui/workspace/workspacetext.h"

#include <QDialog>
#include <QTimeZone>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace iotman {
class BusyRing;
class EmptyPage;
} // namespace iotman

namespace iotman::ui {

class ReasonLine;
class Session;

/// Shows first what the server says a file would change, or the mistake in it, at its line. Nothing is changed before somebody
/// says so; in production the workspace's name has to be typed for it.
class ApplyDialog : public QDialog {
    Q_OBJECT

public:
    /// `variables`: where secrets come from that the file takes from the environment.
    ApplyDialog(Session& session, client::Variables variables, const QTimeZone& zone, QWidget* parent = nullptr);

    /// Reads the file and asks what it would change.
    void setFile(const QString& path);

    const std::vector<WorkspaceChange>& changes() const { return changes_; }
    QTableView* table() const { return table_; }
    QPlainTextEdit* text() const { return text_; } ///< of a file that is not applied
    MessageLine* message() const { return message_; }
    QLineEdit* typedName() const { return typed_; }
    QPushButton* applyButton() const { return apply_; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum class Stage { Choosing, Asking, Faulty, Planned, Applying, Applied };

    void arrange();
    void choose();
    void plan();
    void ask(const std::string& body);
    void planned(const Expected<std::vector<std::string>>& lines);
    void apply();
    void applied(const Expected<std::vector<std::string>>& lines);
    void showMeaning();
    void showChanges(const std::vector<std::string>& lines);
    void showMistake(const Error& error);
    void showText();
    void markLine();
    void say(MessageLine::Kind kind, const QString& lead, const QString& sentence);
    void setStage(Stage stage);
    void update();
    QString whyNot() const; ///< there is nothing to apply; empty: there is

    Session& session_;
    const client::Variables variables_;
    const QTimeZone zone_;
    Stage stage_ = Stage::Choosing;
    QString path_;
    WorkspaceText file_;
    std::string body_;
    std::vector<WorkspaceChange> changes_;
    int markedLine_ = 0;
    client::Call call_;

    QLabel* name_;
    QPushButton* choose_;
    BusyRing* ring_;
    MessageLine* message_;
    QStackedWidget* pages_;
    EmptyPage* empty_;
    RowsModel* model_;
    QTableView* table_;
    QLabel* meaning_; ///< of the current row, in full
    QPlainTextEdit* text_;
    QWidget* question_;
    QLineEdit* typed_;
    ReasonLine* reason_;
    QPushButton* close_;
    QPushButton* apply_;
};

} // namespace iotman::ui
