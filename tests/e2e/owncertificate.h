// A certificate that nobody vouches for, as a server of a company has one.
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

namespace iotman::test {

/// A certificate and its key, made in `folder`.
struct OwnCertificate {
    explicit OwnCertificate(const QTemporaryDir& folder)
        : certificate(folder.filePath(QStringLiteral("cert.pem")))
        , key(folder.filePath(QStringLiteral("key.pem")))
    {
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                       QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"),
                       QStringLiteral("-subj"), QStringLiteral("/CN=localhost"), QStringLiteral("-keyout"), key,
                       QStringLiteral("-out"), certificate});
        QVERIFY(openssl.waitForFinished() && openssl.exitCode() == 0);
    }

    /// Of `serve`.
    QStringList options() const { return {QStringLiteral("--tls-cert"), certificate, QStringLiteral("--tls-key"), key}; }

    QString certificate, key;
};

} // namespace iotman::test
