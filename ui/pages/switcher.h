// The choice of a connection: the menu at the top left, and the dialogs that belong to it.
#pragma once

#include "ui/pages/connections.h"

#include <QMenu>
#include <QPointer>

#include <functional>

namespace iotman::ui {

class ConnectionDialog;
class SecretDialog;
class Session;

/// Says which connection is wanted; who owns the window makes it. Works with a session when there is one.
class Switcher : public QObject {
    Q_OBJECT

public:
    /// `connections` and `clock` must outlive it; dialogs open over `window`.
    Switcher(Connections& connections, const Clock& clock, QWidget* window);

    QMenu* menu() { return &menu_; }
    /// The actions for the window's own menu, too.
    QAction* addAction() const { return add_; }
    QAction* changeAction() const { return change_; }
    QAction* signInAction() const { return signIn_; }
    QAction* signOutAction() const { return signOut_; }

    /// This computer's workspace, once its server is there.
    void setLocal(const ConnectionInfo& local);
    const std::optional<ConnectionInfo>& local() const { return local_; }
    /// The connection of the window now; null: none.
    void setSession(Session* session);

    /// Asks for a connection by its id; empty: this computer's.
    void choose(const QString& id);
    /// `--connect`: a known connection with that address, else a new one. Errors: BadRequest.
    Expected<void> chooseUrl(const QString& url);
    /// The one that was used last.
    void chooseLast();
    /// Whether this computer's workspace is what is wanted, though its server may not be there yet.
    bool wantsLocal() const { return wanted_.isEmpty(); }

    /// Starts the session, with its key where it is known.
    void begin(Session& session);
    void askSignIn();
    void openNetworkSettings();
    /// Lets a dialog that shows a secret put it into the keychain, under the workspace's id and its own.
    void offerVault(SecretDialog& dialog);
    /// Trusts a certificate for the connection of now, and connects again.
    void pin(const QByteArray& fingerprint);

Q_SIGNALS:
    void chosen(const iotman::ui::ConnectionInfo& connection);
    void localAwaited(); ///< this computer's workspace is wanted, and its server is not there yet
    /// Something that a person should know, and what it is about: “Signed in for this session only.”
    void noticed(const QString& lead, const QString& sentence);

private:
    void fill();
    void updateActions();
    void openAdd();
    void openChange();
    void open(const ConnectionInfo& begin);
    void saved(const ConnectionDialog& dialog);
    void signInKept(Session& session);
    void askRemove(const ConnectionInfo& connection);
    void keep(const QString& id, const client::Secret& key, bool inVault);
    void keepPassphrase(const QString& id, const client::Secret& passphrase, bool inVault);
    void signOut();

    Connections& connections_;
    const Clock& clock_;
    QWidget* window_;
    QMenu menu_;
    QAction *add_, *change_, *signIn_, *signOut_;
    std::optional<ConnectionInfo> local_;
    QPointer<Session> session_;
    QString wanted_;
};

} // namespace iotman::ui
