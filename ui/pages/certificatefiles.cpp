#include "ui/pages/certificatefiles.h"

#include "core/client/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

namespace iotman::ui {

namespace {

struct CertificateWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::CertificateWords)
};

constexpr qint64 mostFileBytes = 4 << 20;

Timestamp endOf(const client::ClientCertificate& certificate)
{
    return {certificate.chain.constFirst().expiryDate().toMSecsSinceEpoch() * 1000};
}

QString named(const QStringList& names)
{
    return names.isEmpty() ? CertificateWords::tr("without a name", "certificate") : names.join(QStringLiteral(", "));
}

} // namespace

Expected<QByteArray> certificateBytes(const QString& path, const std::string& field)
{
    // Anything but a file might keep the reader waiting.
    if (!QFileInfo(path).isFile())
        return fail(Problem::BadRequest, "There is no such file.", field);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Problem::BadRequest, "The file can't be read: " + client::fromQt(file.errorString()), field);
    return file.read(mostFileBytes);
}

Expected<client::ClientCertificate> readCertificate(const CertificateFiles& files, const client::Secret& passphrase)
{
    if (files.certificate.isEmpty())
        return client::ClientCertificate();
    return certificateBytes(files.certificate, "certificate").and_then([&](const QByteArray& certificate) {
        const Expected<QByteArray> key = files.key.isEmpty() ? QByteArray() : certificateBytes(files.key, "key");
        return key.and_then(
            [&](const QByteArray& bytes) { return client::clientCertificateFrom(certificate, bytes, passphrase); });
    });
}

QString certificateText(const client::ClientCertificate& certificate, const ReadingContext& context)
{
    const QSslCertificate& own = certificate.chain.constFirst();
    const QString text = hasExpired(certificate, context.now) ? CertificateWords::tr("%1, by %2, expired on %3", "certificate")
                                                              : CertificateWords::tr("%1, by %2, valid until %3", "certificate");
    return text.arg(named(own.subjectInfo(QSslCertificate::CommonName)), named(own.issuerInfo(QSslCertificate::CommonName)),
                    dayWord(endOf(certificate), context));
}

bool hasExpired(const client::ClientCertificate& certificate, Timestamp now)
{
    return endOf(certificate) < now;
}

} // namespace iotman::ui
