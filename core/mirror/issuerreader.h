// The keys that a trusted issuer publishes, read on and on.
#pragma once

#include "core/client/backoff.h"
#include "core/client/network.h"
#include "core/mirror/mirrorworld.h"
#include "core/model/mirrorsettings.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <string>

namespace iotman::mirror {

/// Reads a JWK set (RFC 7517) at once, then each hour, and sooner where that failed. Lives on one thread with an event loop.
class IssuerReader : public QObject {
public:
    /// What came, or why nothing did; true where it is of use.
    using Told = std::function<bool(const Expected<std::string>& jwks)>;

    IssuerReader(const MirrorWorld& world, const TrustedIssuer& issuer, Told told);

    /// Now; where it is being read already, that is enough.
    void read();

private:
    void arrived(const Expected<client::HttpAnswer>& answer);

    const MirrorWorld& world_;
    const QUrl uri_;
    const Told told_;
    client::Backoff backoff_;
    client::Call flight_;
    QTimer again_;
};

} // namespace iotman::mirror
