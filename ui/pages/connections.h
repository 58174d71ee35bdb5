// The connections that people keep, and where their secrets are.
#pragma once

#include "core/client/vault.h"
#include "ui/pages/connection.h"
#include "ui/pages/networkchoices.h"

#include <QObject>

#include <map>
#include <vector>

class QSettings;

namespace iotman::ui {

/// The list lies in the settings, without a secret; secrets lie in the vault, or, where there is none or nobody wanted that, here
/// until the program ends. This computer's own workspace is not in it. GUI thread only.
class Connections : public QObject {
    Q_OBJECT

public:
    /// Both must outlive it.
    Connections(QSettings& settings, client::Vault& vault, QObject* parent = nullptr);

    /// In the order they were added, without keys.
    const std::vector<ConnectionInfo>& all() const { return all_; }
    const ConnectionInfo* find(const QString& id) const;

    /// Adds what has no id yet, else changes what has it. Returns the id.
    QString save(ConnectionInfo connection);
    /// Takes it off the list, and its secrets out of the vault. The reply tells whether the vault is rid of them.
    void remove(const QString& id, QObject* context, client::Reply<void> reply);

    /// The names of secrets: what a connection signs in with, what opens its client certificate, what the proxy of all asks for.
    static QString keyOf(const QString& id);
    static QString passphraseOf(const QString& id);
    static QString proxySecret();

    /// A secret of this session, else the vault's. Errors as Vault::read.
    void readSecret(const QString& name, QObject* context, client::Reply<client::Secret> reply);
    enum class Keep { ThisSession, InVault };
    /// Keeps a secret. Where the vault does not take it, it stays for this session, and the reply says why.
    void keepSecret(const QString& name, const client::Secret& secret, Keep keep, QObject* context, client::Reply<void> reply);
    /// The secret goes from here and from the vault.
    void forgetSecret(const QString& name, QObject* context, client::Reply<void> reply);

    /// What holds for the network of all connections.
    NetworkChoices networkChoices() const { return NetworkChoices::load(settings_); }
    void setNetworkChoices(const NetworkChoices& choices) { choices.store(settings_); }

    client::Vault& vault() { return vault_; }

    /// Which connection was used last; empty: this computer's.
    QString last() const;
    void setLast(const QString& id);

Q_SIGNALS:
    void changed();

private:
    void load();
    void store();

    QSettings& settings_;
    client::Vault& vault_;
    std::vector<ConnectionInfo> all_;
    std::map<QString, client::Secret> session_; ///< by name
};

/// Text as the settings spell it, and back; unknown text is the first of each.
QString text(Environment environment);
Environment environmentFrom(const QString& text);

} // namespace iotman::ui
