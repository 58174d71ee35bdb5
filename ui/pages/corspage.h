// The page CORS: which web pages may read the workspace from a browser.
#pragma once

#include "ui/pages/corsentries.h"
#include "ui/pages/page.h"
#include "ui/pages/session.h"

class QAction;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSettings;
class QSplitter;
class QTableView;

namespace iotman {
class MessageLine;
class Toast;
} // namespace iotman

namespace iotman::ui {

class CorsAsk;
class CorsModel;

/// An editor for the whole list; below it what becomes of each entry, and what a page would get. isWindowModified() while there
/// is something unsaved.
class CorsPage : public Page {
    Q_OBJECT

public:
    CorsPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~CorsPage() override;

    QString unsaved() const override;
    QPlainTextEdit* editor() const { return editor_; }
    QAction* saveAction() const { return save_; }
    QAction* revertAction() const { return revert_; }
    CorsAsk* askPart() const { return ask_; }
    int stored() const; ///< how many origins are stored

private:
    void makeActions();
    void arrange();
    void listsChanged();
    void adopt(const client::Tagged<CorsView>& theirs);
    void replaceText(const QString& text);
    void edited();
    void markRefused();
    void updateActions();
    void removeAny();
    void save();
    void saved(Expected<client::Tagged<CorsView>> answer);
    void loadTheirs();
    void showConflict();
    void addOrigin(const QString& origin);
    QWidget* list();

    Session& session_;
    QSettings& settings_;
    std::optional<client::Tagged<CorsView>> base_; ///< what the edits are based on
    CorsCheck check_;
    bool saving_ = false;
    bool wantsTheirs_ = false; ///< what comes next replaces the edits

    QAction *save_, *revert_, *undo_, *redo_, *copy_;
    QPlainTextEdit* editor_;
    CorsModel* model_;
    QTableView* table_;
    MessageLine* any_;
    MessageLine* message_;
    MessageLine* conflict_;
    MessageLine* summary_;
    QPushButton* revertButton_;
    QPushButton* saveButton_;
    CorsAsk* ask_;
    QSplitter* splitter_;
    Toast* toast_;
};

} // namespace iotman::ui
