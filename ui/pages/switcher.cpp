#include "ui/pages/switcher.h"

#include "core/client/text.h"
#include "ui/look/icons.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/connectiondialog.h"
#include "ui/pages/deletedialog.h"
#include "ui/pages/networkdialog.h"
#include "ui/pages/networkway.h"
#include "ui/pages/secretdialog.h"
#include "ui/pages/session.h"
#include "ui/pages/signindialog.h"
#include "ui/pages/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>

namespace iotman::ui {

namespace {

QString iconOf(ConnectionKind kind)
{
    switch (kind) {
    case ConnectionKind::ThisComputer:
        return QStringLiteral("computer");
    case ConnectionKind::Server:
        return QStringLiteral("server");
    case ConnectionKind::Endpoint:
        return QStringLiteral("link");
    }
    return {};
}

Connections::Keep placeOf(bool inVault)
{
    return inVault ? Connections::Keep::InVault : Connections::Keep::ThisSession;
}

/// In a menu “&” would underline.
QString menuText(const ConnectionInfo& connection)
{
    const QString text =
        Switcher::tr("%1 (%2)", "connection, environment").arg(connection.name, environmentTitle(connection.environment));
    return QString(text).replace(u'&', QStringLiteral("&&"));
}

} // namespace

Switcher::Switcher(Connections& connections, const Clock& clock, QWidget* window)
    : QObject(window)
    , connections_(connections)
    , clock_(clock)
    , window_(window)
    , add_(new QAction(icon(u"add"), tr("&Add connection\u2026"), this))
    , change_(new QAction(icon(u"settings"), tr("&Change this connection\u2026"), this))
    , signIn_(new QAction(icon(u"user"), tr("Sign &in\u2026"), this))
    , signOut_(new QAction(tr("Sign &out"), this))
{
    connect(add_, &QAction::triggered, this, &Switcher::openAdd);
    connect(change_, &QAction::triggered, this, &Switcher::openChange);
    connect(signIn_, &QAction::triggered, this, &Switcher::askSignIn);
    connect(signOut_, &QAction::triggered, this, &Switcher::signOut);
    connect(&connections_, &Connections::changed, this, &Switcher::fill);
    fill();
}

void Switcher::fill()
{
    menu_.clear();
    const QString current = session_ ? session_->connection().id : wanted_;
    const auto addChoice = [&](const QString& text, ConnectionKind kind, const QString& id) {
        QAction* action = menu_.addAction(icon(iconOf(kind)), text, this, [this, id] { choose(id); });
        action->setCheckable(true);
        action->setChecked(id == current);
    };
    addChoice(tr("This computer (local)"), ConnectionKind::ThisComputer, {});
    for (const ConnectionInfo& connection : connections_.all())
        addChoice(menuText(connection), connection.kind, connection.id);
    menu_.addSeparator();
    menu_.addActions({add_, change_, signIn_, signOut_});
    menu_.addSeparator();
    menu_.addAction(icon(u"copy"), tr("Copy the server’s address"), this, [this] {
        if (session_)
            QApplication::clipboard()->setText(session_->connection().url.toString());
    });
    menu_.addAction(icon(u"copy"), tr("Copy the workspace’s id"), this, [this] {
        if (session_)
            QApplication::clipboard()->setText(session_->workspaceId());
    });
    updateActions();
}

void Switcher::updateActions()
{
    const bool listed = session_ && !session_->connection().id.isEmpty();
    const QString own = tr("This computer’s workspace signs in by itself.");
    const bool signsIn = listed && (session_->hasWorkspace() || !session_->connection().email.isEmpty());
    setAllowed(change_, listed, own);
    setAllowed(signIn_, signsIn, listed ? tr("It is read as the public does.") : own);
    setAllowed(signOut_, signsIn && !session_->connection().lacksSecret(), listed ? tr("Nobody is signed in.") : own);
}

void Switcher::setLocal(const ConnectionInfo& local)
{
    local_ = local;
    if (wantsLocal())
        Q_EMIT chosen(local);
}

void Switcher::setSession(Session* session)
{
    session_ = session;
    if (session) {
        wanted_ = session->connection().id;
        connect(session, &Session::stateChanged, this, &Switcher::updateActions, Qt::UniqueConnection);
    }
    fill();
}

void Switcher::choose(const QString& id)
{
    const ConnectionInfo* known = connections_.find(id);
    wanted_ = known ? id : QString();
    connections_.setLast(wanted_);
    if (known)
        Q_EMIT chosen(ConnectionInfo(*known));
    else if (local_)
        Q_EMIT chosen(*local_);
    else
        Q_EMIT localAwaited();
    fill();
}

void Switcher::chooseLast()
{
    choose(connections_.last());
}

Expected<void> Switcher::chooseUrl(const QString& url)
{
    const Expected<ConnectionInfo> wanted = connectionOf(url);
    if (!wanted)
        return fail(wanted.error());
    for (const ConnectionInfo& known : connections_.all()) {
        if (known.kind == wanted->kind && known.url == wanted->url) {
            choose(known.id);
            return {};
        }
    }
    choose(connections_.save(*wanted));
    return {};
}

void Switcher::begin(Session& session)
{
    if (session.connection().id.isEmpty())
        return session.start(); // on this computer: nothing lies between
    findWay(connections_, session.connection(), &session, [this, &session](const NetworkWay& way) {
        session.network().setSettings(way.settings);
        if (!way.troubles.empty())
            Q_EMIT noticed(way.troubles.front().lead, way.troubles.front().sentence);
        signInKept(session);
    });
}

void Switcher::signInKept(Session& session)
{
    const ConnectionInfo& connection = session.connection();
    if (!connection.lacksSecret() || connection.email.isEmpty()) {
        session.start();
        return;
    }
    connections_.readSecret(Connections::keyOf(connection.id), &session, [this, &session](Expected<client::Secret> key) {
        if (key)
            session.signIn(*key);
        else if (key.error().kind != Problem::NotFound)
            Q_EMIT noticed(tr("The access key could not be read."), errorText(key.error()));
        session.start();
    });
}

void Switcher::openAdd()
{
    open({});
}

void Switcher::openChange()
{
    if (!session_)
        return;
    if (const ConnectionInfo* known = connections_.find(session_->connection().id))
        open(*known);
}

void Switcher::open(const ConnectionInfo& begin)
{
    auto* dialog = new ConnectionDialog(begin.url.isEmpty() ? std::nullopt : std::optional(begin), clock_.now(), window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!begin.clientCertificate.certificate.isEmpty())
        connections_.readSecret(Connections::passphraseOf(begin.id), dialog, [dialog](const Expected<client::Secret>& kept) {
            if (kept)
                dialog->setPassphrase(*kept);
        });
    connect(dialog, &QDialog::accepted, this, [this, dialog] { saved(*dialog); });
    connect(dialog, &ConnectionDialog::removeRequested, this, [this, begin] { askRemove(begin); });
    dialog->open();
}

void Switcher::saved(const ConnectionDialog& dialog)
{
    const ConnectionInfo connection = dialog.connection();
    const ConnectionInfo* before = connections_.find(connection.id);
    // A key belongs to who signs in where: it is not sent to another place.
    const bool moved = before && (before->url != connection.url || before->email != connection.email);
    if (moved)
        connections_.forgetSecret(Connections::keyOf(connection.id), this, [](Expected<void>) {});
    const QString id = connections_.save(connection);
    if (!connection.key.isEmpty())
        keep(id, connection.key, dialog.wantsVault());
    if (dialog.hasNewCertificate())
        keepPassphrase(id, dialog.passphrase(), dialog.wantsPassphraseInVault());
    choose(id);
}

void Switcher::keep(const QString& id, const client::Secret& key, bool inVault)
{
    connections_.keepSecret(Connections::keyOf(id), key, placeOf(inVault), this, [this](const Expected<void>& kept) {
        if (!kept)
            Q_EMIT noticed(tr("Signed in for this session only."),
                           tr("%1 The key will be asked for at the next start.").arg(errorText(kept.error())));
    });
}

void Switcher::keepPassphrase(const QString& id, const client::Secret& passphrase, bool inVault)
{
    const QString name = Connections::passphraseOf(id);
    if (passphrase.isEmpty())
        return (void)connections_.forgetSecret(name, this, [](Expected<void>) {});
    connections_.keepSecret(name, passphrase, placeOf(inVault), this, [this](const Expected<void>& kept) {
        if (!kept)
            Q_EMIT noticed(tr("The certificate can be used in this session only."),
                           tr("%1 Its passphrase will be asked for at the next start.").arg(errorText(kept.error())));
    });
}

void Switcher::openNetworkSettings()
{
    auto* dialog = new NetworkDialog(connections_.networkChoices(), window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const NetworkChoices choices = dialog->choices();
        const bool neededPassword = connections_.networkChoices().needsPassword();
        connections_.setNetworkChoices(choices);
        if (neededPassword && !choices.needsPassword())
            connections_.forgetSecret(Connections::proxySecret(), this, [](Expected<void>) {});
        else if (!choices.proxyPassword.isEmpty())
            connections_.keepSecret(
                Connections::proxySecret(), choices.proxyPassword, Connections::Keep::InVault, this, [this](Expected<void> kept) {
                    if (!kept)
                        Q_EMIT noticed(tr("The proxy’s password is kept for this session only."), errorText(kept.error()));
                });
        if (session_ && session_->connection().kind != ConnectionKind::ThisComputer)
            choose(session_->connection().id);
    });
    dialog->open();
}

void Switcher::askRemove(const ConnectionInfo& connection)
{
    DeleteQuestion question;
    question.title = tr("Remove the connection “%1”?").arg(connection.name);
    question.impact = tr("It goes from this computer, with its key in the keychain. Nothing changes at the server.");
    question.button = tr("Remove connection");
    ask(question, window_, [this, connection] {
        connections_.remove(connection.id, this, [this, connection](Expected<void> removed) {
            if (!removed)
                Q_EMIT noticed(tr("The key of “%1” may still be in the keychain.").arg(connection.name),
                               tr("%1 Remove it there by hand.").arg(errorText(removed.error())));
        });
        choose({});
    });
}

void Switcher::askSignIn()
{
    if (!session_)
        return;
    const ConnectionInfo connection = session_->connection();
    const bool refused = session_->state().phase == Phase::SignInNeeded && !connection.lacksSecret();
    auto* dialog = new SignInDialog(connection, refused ? session_->state().reason : QString(), window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, connection] {
        ConnectionInfo now = connection;
        now.email = dialog->user();
        keep(connection.id, dialog->key(), dialog->wantsVault());
        if (now.email == connection.email && session_ && session_->connection().id == connection.id) {
            session_->signIn(dialog->key());
            return;
        }
        connections_.save(now);
        choose(now.id);
    });
    dialog->open();
}

void Switcher::offerVault(SecretDialog& dialog)
{
    if (!session_)
        return;
    dialog.setStorable();
    const QString workspace = session_->workspaceId();
    connect(&dialog, &SecretDialog::storeRequested, this,
            [this, workspace, shown = &dialog](const QString& id, const client::Secret& secret) {
                connections_.vault().write(
                    QStringLiteral("access/%1/%2").arg(workspace, id), secret, shown,
                    [shown](Expected<void> stored) { shown->setStored(stored ? QString() : errorText(stored.error())); });
            });
}

void Switcher::signOut()
{
    if (!session_)
        return;
    connections_.forgetSecret(Connections::keyOf(session_->connection().id), this, [this](Expected<void> forgotten) {
        if (!forgotten)
            Q_EMIT noticed(tr("The key may still be in the keychain."),
                           tr("%1 Remove it there by hand.").arg(errorText(forgotten.error())));
    });
    session_->signOut();
}

void Switcher::pin(const QByteArray& fingerprint)
{
    const ConnectionInfo* known = session_ ? connections_.find(session_->connection().id) : nullptr;
    if (!known)
        return;
    ConnectionInfo now = *known;
    now.pinned = fingerprint;
    connections_.save(now);
    choose(now.id);
}

} // namespace iotman::ui
