#include "ui/pages/clientspane.h"

#include "core/client/text.h"
#include "ui/look/messageline.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/accessrows.h"
#include "ui/pages/accesstexts.h"
#include "ui/pages/clientdialog.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/listpane.h"
#include "ui/pages/pageactions.h"
#include "ui/pages/secretdialog.h"

#include <QApplication>
#include <QClipboard>
#include <QVBoxLayout>

#include <algorithm>

namespace iotman::ui {

using client::toQt;

ClientsPane::ClientsPane(Session& session, QSettings& settings, QWidget* parent)
    : AccessPane(session, parent)
    , list_(new ListPane(
          clientColumns(),
          {tr("Clients"), tr("Filter clients"), QStringLiteral("access"), tr("No client yet"),
           tr("A client is a program that signs in by itself: a dashboard, a job, a device. It has an id and a secret."),
           tr("No client has this text in its name, id, scopes or author.")},
          settings, QStringLiteral("access/clients"), this))
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(list_);
    makeActions();
    list_->addActions(actions());
    list_->setEmptyAction(new_);
    connect(list_, &ListPane::chosenChanged, this, &ClientsPane::updateActions);
    connect(list_, &ListPane::activated, change_, &QAction::trigger);
    connect(list_, &ListPane::copied, this, [this](const QString& sentence) { Q_EMIT said(sentence, false); });
    reload();
}

void ClientsPane::makeActions()
{
    new_ = addPageAction(this, tr("&New client\u2026"), QStringLiteral("add"), [this] { openNew(); });
    new_->setShortcut(QKeySequence::New);
    delete_ = addPageAction(this, tr("&Delete\u2026"), QStringLiteral("delete"), [this] { askDelete(); });
    delete_->setShortcut(QKeySequence::Delete);
    delete_->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addPageSeparator(this);
    copyId_ = addPageAction(this, tr("Copy &id"), QStringLiteral("copy"), [this] {
        QApplication::clipboard()->setText(list_->current());
        Q_EMIT said(tr("Id copied."), false);
    });
    secret_ = addPageAction(this, tr("New &secret\u2026"), QStringLiteral("refresh"), [this] { askSecret(); });
    addPageSeparator(this);
    change_ = addPageAction(this, tr("C&hange\u2026"), {}, [this] { openChange(); });
    copy_ = addPageAction(this, tr("Cop&y client\u2026"), {}, [this] { openCopy(); });
    enable_ = addPageAction(this, tr("Switch &on"), {}, [this] { setEnabledAll(true); });
    disable_ = addPageAction(this, tr("Switch o&ff"), {}, [this] { setEnabledAll(false); });
    addPageSeparator(this);
    list_->addCopyActions(this);
}

void ClientsPane::reload()
{
    list_->setRows(clientRows(session().clients(), context()), session().isLoaded());
    updateActions();
}

void ClientsPane::updateActions()
{
    const Permit permit = session().permit(Action::WriteClients);
    const std::vector<ClientView> clients = chosen();
    const bool some = !clients.empty();
    const bool one = current().has_value();
    const QString choose = tr("Choose a client first.");
    const auto isOn = [](const ClientView& view) { return view.client.enabled; };
    const bool anyOff = !std::all_of(clients.begin(), clients.end(), isOn);
    const bool anyOn = std::any_of(clients.begin(), clients.end(), isOn);

    setAllowed(new_, permit.allowed, permit.reason);
    setAllowed(delete_, permit.allowed && some, permit.allowed ? choose : permit.reason);
    for (QAction* action : {secret_, change_, copy_})
        setAllowed(action, permit.allowed && one, permit.allowed ? choose : permit.reason);
    setAllowed(enable_, permit.allowed && anyOff, !permit.allowed ? permit.reason : some ? tr("It is on already.") : choose);
    setAllowed(disable_, permit.allowed && anyOn, !permit.allowed ? permit.reason : some ? tr("It is off already.") : choose);
    setAllowed(copyId_, one, choose);
}

void ClientsPane::choose(const QString& id)
{
    list_->choose(id);
}

std::vector<std::pair<QString, QString>> ClientsPane::places() const
{
    std::vector<std::pair<QString, QString>> places;
    for (const ClientView& view : session().clients())
        places.emplace_back(toQt(view.client.id.text),
                            tr("%1 · client %2").arg(toQt(view.client.name), toQt(view.client.id.text)));
    return places;
}

std::vector<ClientView> ClientsPane::chosen() const
{
    const QStringList ids = list_->chosen();
    std::vector<ClientView> clients;
    for (const ClientView& view : session().clients()) {
        if (ids.contains(toQt(view.client.id.text)))
            clients.push_back(view);
    }
    return clients;
}

std::optional<ClientView> ClientsPane::current() const
{
    const std::string id = client::fromQt(list_->current());
    for (const ClientView& view : session().clients()) {
        if (view.client.id.text == id)
            return view;
    }
    return std::nullopt;
}

void ClientsPane::openNew()
{
    auto* dialog = new ClientDialog(session(), ClientDialog::Purpose::New, std::nullopt, context().zone, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ClientDialog::created, this, &ClientsPane::showSecret);
    dialog->open();
}

void ClientsPane::openCopy()
{
    const std::optional<ClientView> model = current();
    if (!model)
        return;
    auto* dialog = new ClientDialog(session(), ClientDialog::Purpose::Copy, model, context().zone, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ClientDialog::created, this, &ClientsPane::showSecret);
    dialog->open();
}

void ClientsPane::openChange()
{
    const std::optional<ClientView> model = current();
    if (!model || !change_->isEnabled())
        return;
    auto* dialog = new ClientDialog(session(), ClientDialog::Purpose::Change, model, context().zone, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ClientDialog::changed, this, [this] { Q_EMIT said(tr("Client changed."), false); });
    dialog->open();
}

void ClientsPane::askSecret()
{
    const std::optional<ClientView> client = current();
    if (!client)
        return;
    ask(newSecretQuestion(*client, environment()), this, [this, client = *client] {
        list_->message()->hide();
        session().management().renewSecret(
            client.client.id, this, session().noted<ClientView>([this, client](Expected<ClientView> now) {
                if (now)
                    showSecret(*now);
                else
                    failed(tr("“%1” keeps its secret.").arg(toQt(client.client.name)), now.error());
            }));
    });
}

void ClientsPane::showSecret(const ClientView& client)
{
    choose(toQt(client.client.id.text));
    HandedSecret handed;
    handed.title = tr("The client “%1” can sign in with this.").arg(toQt(client.client.name));
    handed.idLabel = tr("Client id");
    handed.id = toQt(client.client.id.text);
    handed.secretLabel = tr("Secret");
    handed.secret = client::Secret(client.secret.value_or(std::string()));
    handed.wayOut = tr("If it gets lost, make another with “New secret”.");
    auto* dialog = new SecretDialog(std::move(handed), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    Q_EMIT secretShown(dialog);
    dialog->open();
}

void ClientsPane::askDelete()
{
    const std::vector<ClientView> clients = chosen();
    if (clients.empty())
        return;
    ask(clientQuestion(clients, environment(), context()), this, [this, clients] {
        list_->message()->hide();
        for (const ClientView& client : clients) {
            session().management().deleteClient(
                client.client.id, this, session().noted<void>([this, client](Expected<void> done) {
                    if (done)
                        Q_EMIT said(tr("“%1” deleted.").arg(toQt(client.client.name)), false);
                    else
                        failed(tr("“%1” was not deleted.").arg(toQt(client.client.name)), done.error());
                }));
        }
    });
}

void ClientsPane::setEnabledAll(bool enabled)
{
    list_->message()->hide();
    ClientPatch patch;
    patch.enabled = enabled;
    for (const ClientView& client : chosen()) {
        if (client.client.enabled == enabled)
            continue;
        session().management().changeClient(
            client.client.id, patch, {}, this, session().noted<ClientView>([this, client, enabled](Expected<ClientView> now) {
                if (!now)
                    return failed(tr("“%1” was not changed.").arg(toQt(client.client.name)), now.error());
                Q_EMIT said(enabled ? tr("Switched on.")
                                    : tr("Switched off: it gets no token. Those that are out stay valid until they expire."),
                            false);
            }));
    }
}

void ClientsPane::failed(const QString& what, const Error& error)
{
    list_->message()->setMessage(MessageLine::Kind::Error, errorText(error), what);
    list_->message()->show();
}

} // namespace iotman::ui
