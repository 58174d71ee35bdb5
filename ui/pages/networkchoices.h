// How this program reaches others: one place for proxy and certificate authorities, used by tokens, REST and streams alike.
#pragma once

#include "core/client/network.h"
#include "core/client/secret.h"

#include <QString>

class QSettings;

namespace iotman::ui {

struct NetworkChoices {
    enum class Proxy { System, None, Http, Socks };
    Proxy proxy = Proxy::System;
    QString proxyHost;
    int proxyPort = 8080;
    QString proxyUser;            ///< for proxies that ask who comes; empty: they do not
    client::Secret proxyPassword; ///< from the vault; neither stored nor loaded here
    QString authoritiesFile;      ///< PEM, certificate authorities to trust beside the system's; empty: none

    bool isProxyByHand() const { return proxy == Proxy::Http || proxy == Proxy::Socks; }
    bool needsPassword() const { return isProxyByHand() && !proxyUser.isEmpty(); }

    static NetworkChoices load(const QSettings& settings);
    void store(QSettings& settings) const;

    /// What the client takes. Errors: BadRequest, with `field`, when the file cannot be read or has no certificate.
    Expected<client::NetworkSettings> settings() const;

    bool operator==(const NetworkChoices&) const = default;
};

} // namespace iotman::ui
