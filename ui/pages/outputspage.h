// The page Outputs: what the workspace makes of its datapoints.
#pragma once

#include "ui/pages/outputedits.h"
#include "ui/pages/outputremover.h"
#include "ui/pages/outputtexts.h"
#include "ui/pages/page.h"
#include "ui/pages/recentreader.h"
#include "ui/pages/session.h"
#include "ui/rules/previewrunner.h"

#include <QTimer>

#include <map>

class QAction;
class QSettings;
class QSplitter;

namespace iotman {
class Toast;
}

namespace iotman::ui {

class ListPane;
class OutputEditor;
class OutputResult;

/// The outputs, the editor of the current one, and what its rule makes of the latest datapoints. Edits are kept per output until
/// they are saved or reverted, whichever output one looks at meanwhile.
class OutputsPage : public Page {
    Q_OBJECT

public:
    /// `settings` remembers columns and splitter. Both must outlive the page.
    OutputsPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~OutputsPage() override;

    void setZone(const QTimeZone& zone) override;
    std::vector<GotoTarget> targets() override;
    void choose(const QString& id) override;
    QString unsaved() const override;

    ListPane* list() const { return list_; }
    OutputEditor* editor() const { return editor_; }
    OutputResult* result() const { return result_; }
    QAction* newAction() const { return new_; }
    QAction* deleteAction() const { return delete_; }
    QAction* undoAction() const { return undo_; }

protected:
    void showEvent(QShowEvent*) override;

private:
    void makeActions();
    void arrange();
    void listsChanged();
    void chosenChanged();
    void showCurrent();
    void edited();
    void judge();
    void updateActions();
    void updateList();

    void openNew(const QString& rule);
    bool mayReplaceNewRule(const QString& rule);
    void save();
    void saved(const Expected<OutputView>& result, const QString& edited, const OutputFields& sent);
    void revert();
    void askDelete();
    void removed(const OutputId& id, int count);
    void undoDelete();
    void failed(const QString& what, const Error& error);
    void cancelApplying();

    void readDatapoints();
    void tookDatapoints();

    const OutputView* stored(const QString& id) const;
    const Output* shownOutput() const;                            ///< as it is stored; none of a new one
    QString key() const { return isNew_ ? QString() : current_; } ///< of what is in the form
    bool isSaving() const;
    std::vector<OutputView> chosenOutputs() const;
    ReadingContext context() const;

    Session& session_;
    QSettings& settings_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    QString current_;    ///< the id of the output in the form; empty: a new one, or none
    bool isNew_ = false; ///< a new one is in the form
    OutputEdits edits_;
    QString proposed_; ///< the rule that a new output began with
    std::optional<Timestamp> parsedAt_; ///< when the rule in the form last parsed

    std::map<QString, client::Call> saving_; ///< changes on their way, by id as in edits_
    OutputRemover remover_;

    RecentReader reader_;
    std::int64_t seenDatapoints_ = -1; ///< of the sources read, at the last reading
    QTimer again_{this};

    QAction *new_, *delete_, *undo_, *save_, *revert_, *serve_;
    ListPane* list_;
    OutputEditor* editor_;
    OutputResult* result_;
    QSplitter* splitter_;
    Toast* toast_;
};

} // namespace iotman::ui
