// The page Sources: the ways in.
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/session.h"

#include <QTimeZone>

class QAction;
class QLabel;
class QSettings;
class QStackedWidget;
class QTableView;

namespace iotman {
class CopyButton;
class EmptyPage;
class FilterBox;
class MessageLine;
class Toast;
} // namespace iotman

namespace iotman::ui {

class ImportDialog;
class MirrorLine;
class ReplayBar;
class RowsProxy;
class SourceDeletion;
class SourcesModel;

/// A table of the sources with everything that can be done to them; below it how to post to the current one.
class SourcesPage : public Page {
    Q_OBJECT

public:
    /// Both must outlive the page. `settings` remembers the columns.
    SourcesPage(Session& session, QSettings& settings, QWidget* parent = nullptr);
    ~SourcesPage() override;

    void setZone(const QTimeZone& zone) override;
    std::vector<GotoTarget> targets() override;
    void choose(const QString& name) override;
    /// Opens the import dialog, with this file where one is given. A second file goes into the dialog that is open.
    void importFile(const QString& path = {});

    QTableView* table() const { return table_; }
    QAction* newAction() const { return new_; }
    QAction* importAction() const { return import_; }
    QAction* changeAction() const { return change_; }
    QAction* deleteAction() const { return delete_; }
    QAction* undoAction() const { return undo_; }
    ImportDialog* importDialog() const { return dialog_; }
    ReplayBar* replayBar() const { return replay_; }
    MirrorLine* mirrorLine() const { return mirror_; }

Q_SIGNALS:
    void read(); ///< the list has come

protected:
    void showEvent(QShowEvent* event) override;

private:
    void makeActions();
    void arrange();
    void readSources();
    void keep(const std::vector<SourceView>& sources);
    void updateActions();
    void showHow(const SourceView& source);
    std::vector<SourceView> chosen() const;
    std::optional<SourceView> current() const;
    void openNew();
    void openChange();
    void setEnabledAll(bool enabled);
    void failed(const QString& what, const Error& error);
    void copy(const QString& text, const QString& done);

    Session& session_;
    QSettings& settings_;
    SourcesModel* model_;
    RowsProxy* proxy_;
    std::vector<SourceView> sources_;
    bool isLoaded_ = false;
    client::Call reading_;
    QString wanted_;
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    ImportDialog* dialog_ = nullptr;

    QAction *new_, *import_, *change_, *enable_, *disable_, *delete_, *undo_, *copyUrl_, *copyCurl_, *copyText_, *copyCsv_;
    QLabel* count_;
    FilterBox* filter_;
    MessageLine* message_;
    QStackedWidget* stack_;
    QTableView* table_;
    EmptyPage* empty_;
    EmptyPage* nothingFound_;
    QWidget* how_;
    QLabel* howLine_;
    QLabel* howNote_;
    CopyButton* howCopy_;
    ReplayBar* replay_;
    MirrorLine* mirror_;
    SourceDeletion* deletion_;
    Toast* toast_;
};

} // namespace iotman::ui
