// The desktop's own keychain as a vault: the Secret Service of GNOME, KWallet and others.
#pragma once

#include "core/client/vault.h"

namespace iotman::client {

/// Its entries show up in the desktop's keychain program under `service`. There is no fallback to a file.
class Keychain : public Vault {
public:
    explicit Keychain(const QString& service, QObject* parent = nullptr);

    Call read(const QString& name, QObject* context, Reply<Secret> reply) override;
    Call write(const QString& name, const Secret& secret, QObject* context, Reply<void> reply) override;
    Call remove(const QString& name, QObject* context, Reply<void> reply) override;

private:
    QString service_;
};

} // namespace iotman::client
