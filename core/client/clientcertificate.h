// The certificate by which this program shows a server who it is, read from the files that people are given.
#pragma once

#include "core/client/secret.h"
#include "core/model/error.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>

namespace iotman::client {

struct ClientCertificate {
    QList<QSslCertificate> chain; ///< one's own, then those up to the authority; empty: there is none
    QSslKey key;

    bool isNull() const { return chain.isEmpty(); }
};

/// `certificate`: the bytes of a PEM or PKCS#12 file. `key`: those of a PEM file; empty where the other file holds the key too,
/// as PKCS#12 does. `passphrase` opens what is encrypted. A certificate that has expired is a value like others. Errors:
/// BadRequest with the `field` at fault: “certificate”, “key” or “passphrase”.
Expected<ClientCertificate> clientCertificateFrom(const QByteArray& certificate, const QByteArray& key, const Secret& passphrase);

} // namespace iotman::client
