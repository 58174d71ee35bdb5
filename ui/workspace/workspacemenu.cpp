#include "ui/workspace/workspacemenu.h"

#include "ui/look/icons.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/mainwindow.h"
#include "ui/workspace/applydialog.h"
#include "ui/workspace/contractdialog.h"
#include "ui/workspace/exportdialog.h"
#include "ui/workspace/snapshotsdialog.h"

#include <QAction>

namespace iotman::ui {

namespace {

/// The dialog of this kind that is open already, in front again.
template <class Dialog>
Dialog* broughtBack(const MainWindow& window)
{
    auto* dialog = window.findChild<Dialog*>();
    if (dialog) {
        dialog->raise();
        dialog->activateWindow();
    }
    return dialog;
}

/// Those that are served, public ones first: they can be asked without a client.
QStringList addressesOf(const Session* session)
{
    QStringList open, restricted;
    for (const EndpointView& view : session ? session->endpoints() : std::vector<EndpointView>()) {
        if (view.endpoint.enabled)
            (view.endpoint.requiredScope ? restricted : open) << session->addressOf(view).page.toString();
    }
    return open + restricted;
}

} // namespace

WorkspaceMenu::WorkspaceMenu(MainWindow& window, QSettings& settings, const Clock& clock, client::Variables variables,
                             lab::HereMaker here)
    : QObject(&window)
    , window_(window)
    , settings_(settings)
    , clock_(clock)
    , variables_(std::move(variables))
    , here_(std::move(here))
    , apply_(add(QStringLiteral("import"), tr("A&pply workspace file\u2026"), &WorkspaceMenu::openApply))
    , export_(add(QStringLiteral("export"), tr("&Export workspace file\u2026"), &WorkspaceMenu::openExport))
    , snapshots_(add(QStringLiteral("clock"), tr("&Snapshots\u2026"), &WorkspaceMenu::openSnapshots))
    , contract_(add(QStringLiteral("ok"), tr("Contract &lab\u2026"), &WorkspaceMenu::openContract))
{
    window_.addWorkspaceActions({apply_, export_, snapshots_, contract_});
    connect(&window_, &MainWindow::connected, this, &WorkspaceMenu::follow);
    if (window_.session())
        follow();
    else
        update();
}

QAction* WorkspaceMenu::add(const QString& iconName, const QString& text, void (WorkspaceMenu::*open)())
{
    auto* action = new QAction(icon(iconName), text, this);
    connect(action, &QAction::triggered, this, open);
    return action;
}

void WorkspaceMenu::follow()
{
    Session* session = window_.session();
    connect(session, &Session::roleChanged, this, &WorkspaceMenu::update);
    connect(session, &Session::stateChanged, this, &WorkspaceMenu::update);
    connect(session, &QObject::destroyed, this, &WorkspaceMenu::update);
    update();
}

void WorkspaceMenu::update()
{
    const Session* session = window_.session();
    const auto permit = [&](Action action) {
        if (!session)
            return Permit{false, tr("Not connected yet.")};
        return session->hasWorkspace() ? session->permit(action) : Permit{false, tr("An endpoint by URL is no whole workspace.")};
    };
    const auto allow = [](QAction* action, const Permit& given) { setAllowed(action, given.allowed, given.reason); };
    allow(apply_, permit(Action::ChangeWorkspace));
    allow(export_, permit(Action::ChangeWorkspace));
    allow(snapshots_, permit(Action::Read));
}

bool WorkspaceMenu::offerFile(const QString& path)
{
    if (!apply_->isEnabled())
        return false;
    const Expected<WorkspaceText> file = readWorkspaceText(path);
    if (!file || !looksLikeWorkspaceFile(file->text))
        return false;
    openApply();
    window_.findChild<ApplyDialog*>()->setFile(path);
    return true;
}

void WorkspaceMenu::openApply()
{
    if (broughtBack<ApplyDialog>(window_))
        return;
    auto* dialog = new ApplyDialog(*window_.session(), variables_, window_.zone(), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void WorkspaceMenu::openExport()
{
    if (broughtBack<ExportDialog>(window_))
        return;
    auto* dialog = new ExportDialog(*window_.session(), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void WorkspaceMenu::openSnapshots()
{
    if (broughtBack<SnapshotsDialog>(window_))
        return;
    auto* dialog = new SnapshotsDialog(*window_.session(), settings_, window_.zone(), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void WorkspaceMenu::openContract()
{
    if (broughtBack<ContractDialog>(window_))
        return;
    Session* session = window_.session();
    const client::NetworkSettings network = session ? session->network().settings() : client::NetworkSettings();
    auto* dialog = new ContractDialog({clock_, network, here_}, addressesOf(session), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

} // namespace iotman::ui
