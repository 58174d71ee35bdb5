// What the menu Workspace does with the workspace as a whole: files, snapshots, and whether the contract is kept.
#pragma once

#include "core/client/workspacecalls.h"
#include "core/lab/here.h"

#include <QObject>
#include <QPointer>

class QAction;
class QSettings;

namespace iotman::ui {

class MainWindow;
struct Permit;

/// Adds its actions to the window, keeps them allowed as the role says, and opens their dialogs. It goes with the window.
class WorkspaceMenu : public QObject {
    Q_OBJECT

public:
    /// `settings` and `clock` must outlive the window. `variables`: for workspace files whose secrets come from the environment;
    /// `here`: what the contract lab compares with.
    WorkspaceMenu(MainWindow& window, QSettings& settings, const Clock& clock, client::Variables variables, lab::HereMaker here);

    /// Opens a workspace file to be applied; nothing happens, and false, where the file is something else or may not be applied.
    bool offerFile(const QString& path);

    QAction* applyAction() const { return apply_; }
    QAction* exportAction() const { return export_; }
    QAction* snapshotsAction() const { return snapshots_; }
    QAction* contractAction() const { return contract_; }

private:
    QAction* add(const QString& iconName, const QString& text, void (WorkspaceMenu::*open)());
    void follow();
    void update();
    void openApply();
    void openExport();
    void openSnapshots();
    void openContract();

    MainWindow& window_;
    QSettings& settings_;
    const Clock& clock_;
    const client::Variables variables_;
    const lab::HereMaker here_;
    QAction* apply_;
    QAction* export_;
    QAction* snapshots_;
    QAction* contract_;
};

} // namespace iotman::ui
