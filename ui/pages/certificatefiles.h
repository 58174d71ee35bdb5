// The certificate by which this program shows servers who it is: where its files are, and what they say.
#pragma once

#include "core/client/clientcertificate.h"
#include "ui/pages/words.h"

namespace iotman::ui {

/// The bytes of a file of certificates or keys, at most 4 MiB. Errors: BadRequest with `field`.
Expected<QByteArray> certificateBytes(const QString& path, const std::string& field);

/// Nothing where no file is named. Errors: BadRequest with the `field` at fault: “certificate”, “key” or “passphrase”.
Expected<client::ClientCertificate> readCertificate(const CertificateFiles& files, const client::Secret& passphrase);

/// “editor, by Test authority, valid until 1 Jan 2120”.
QString certificateText(const client::ClientCertificate& certificate, const ReadingContext& context);
bool hasExpired(const client::ClientCertificate& certificate, Timestamp now);

} // namespace iotman::ui
