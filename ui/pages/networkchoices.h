// How this program reaches others: one place for proxy and certificate authorities, used by tokens, REST and streams alike.
#pragma once

#include "core/client/network.h"

#include <QString>

class QSettings;

namespace iotman::ui {

struct NetworkChoices {
    enum class Proxy { System, None, Http, Socks };
    Proxy proxy = Proxy::System;
    QString proxyHost;
    int proxyPort = 8080;
    QString authoritiesFile; ///< PEM, certificate authorities to trust beside the system's; empty: none

    static NetworkChoices load(const QSettings& settings);
    void store(QSettings& settings) const;

    /// What the client takes. Errors: BadRequest, with `field`, when the file cannot be read or has no certificate.
    Expected<client::NetworkSettings> settings(const QByteArray& pinned = {}) const;

    bool operator==(const NetworkChoices&) const = default;
};

} // namespace iotman::ui
