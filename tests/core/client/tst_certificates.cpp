// The certificate by which the program shows who it is: what files hold, and what a server that demands one makes of it.
#include "core/client/clientcertificate.h"
#include "core/client/network.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"
#include "tests/core/client/strictserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

const QString right = QStringLiteral("open sesame");

Expected<ClientCertificate> read(const QString& certificate, const QString& key = {}, const QString& passphrase = {})
{
    return clientCertificateFrom(certificateFile(certificate), key.isEmpty() ? QByteArray() : certificateFile(key),
                                 Secret(fromQt(passphrase)));
}

struct FilesCase {
    const char* name;
    QString certificate, key, passphrase;
    const char* field;    ///< at fault; empty: it is read
    const char* sentence; ///< part of what is said
};

const std::vector<FilesCase>& filesCases()
{
    static const QString client = QStringLiteral("client.pem");
    static const std::vector<FilesCase> cases{
        {"PEM, the key in a file of its own", client, QStringLiteral("client.key"), {}, "", ""},
        {"PEM, the key in the same file", QStringLiteral("both.pem"), {}, {}, "", ""},
        {"PEM, the key encrypted", client, QStringLiteral("encrypted.key"), right, "", ""},
        {"PEM, a passphrase that nothing asks for", client, QStringLiteral("client.key"), right, "", ""},
        {"PEM with an EC key", QStringLiteral("stranger.pem"), QStringLiteral("stranger.key"), {}, "", ""},
        {"PKCS#12", QStringLiteral("client.p12"), {}, right, "", ""},
        {"PKCS#12 without a passphrase", QStringLiteral("bare.p12"), {}, {}, "", ""},
        {"one that has expired", QStringLiteral("expired.pem"), QStringLiteral("client.key"), {}, "", ""},
        {"PEM, the passphrase of the key is missing", client, QStringLiteral("encrypted.key"), {}, "passphrase", "type its"},
        {"PEM, a wrong passphrase", client, QStringLiteral("encrypted.key"), QStringLiteral("x"), "passphrase", "is wrong"},
        {"PKCS#12, the passphrase is missing", QStringLiteral("client.p12"), {}, {}, "passphrase", "type its"},
        {"PKCS#12, a wrong passphrase", QStringLiteral("client.p12"), {}, QStringLiteral("x"), "passphrase", "is wrong"},
        {"PKCS#12, encrypted as long ago", QStringLiteral("old.p12"), {}, right, "certificate", "export it again"},
        {"PEM, no key", client, {}, {}, "key", "choose the key"},
        {"a file for a key that is none", client, client, {}, "key", "no private key"},
        {"a key that does not fit", client, QStringLiteral("other.key"), {}, "key", "does not belong"},
        {"a kind of key that Qt does not know", client, QStringLiteral("ed25519.key"), {}, "key", "does not belong"},
        {"a key instead of the certificate",
         QStringLiteral("client.key"),
         QStringLiteral("client.key"),
         {},
         "certificate",
         "no certificate"},
        {"neither PEM nor PKCS#12", QStringLiteral("make"), {}, {}, "certificate", "neither PEM"},
        {"an empty file", QStringLiteral("nowhere"), {}, {}, "certificate", "neither PEM"},
    };
    return cases;
}

/// Sends one request and tells how it went: the status, or the sentence.
QString asked(Network& network, const QUrl& url)
{
    QString told;
    QObject context;
    network.send({"GET", url, {}, {}, 1000}, &context, [&](const Expected<HttpAnswer>& answer) {
        told = answer ? QString::number(answer->status) : toQt(answer.error().detail);
    });
    [&] { QTRY_VERIFY(!told.isEmpty()); }();
    return told;
}

NetworkSettings trusting()
{
    NetworkSettings settings;
    settings.authorities = QSslCertificate::fromData(certificateFile(QStringLiteral("authority.pem")));
    return settings;
}

} // namespace

class TestCertificates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesAreReadAsTheyAreMeant_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < filesCases().size(); ++i)
            QTest::newRow(filesCases()[i].name) << static_cast<int>(i);
    }
    void filesAreReadAsTheyAreMeant()
    {
        QFETCH(int, at);
        const FilesCase& c = filesCases()[static_cast<std::size_t>(at)];
        const Printed printed;
        const auto found = read(c.certificate, c.key, c.passphrase);
        QCOMPARE(found ? std::string() : found.error().field, std::string(c.field));
        if (found) {
            QVERIFY(!found->isNull());
            QVERIFY(!found->key.isNull());
            QVERIFY(!found->chain.front().subjectInfo(QSslCertificate::CommonName).isEmpty());
        } else {
            QVERIFY2(found.error().detail.find(c.sentence) != std::string::npos, found.error().detail.c_str());
        }
        QCOMPARE(Printed::text(), QString());
    }

    void theChainBeginsWithOnesOwn()
    {
        const auto found = read(QStringLiteral("client.p12"), {}, right);
        QVERIFY(found);
        QCOMPARE(found->chain.size(), qsizetype(2));
        QCOMPARE(found->chain.front().subjectInfo(QSslCertificate::CommonName).join(u','), QStringLiteral("editor"));
        QCOMPARE(found->chain.back().subjectInfo(QSslCertificate::CommonName).join(u','), QStringLiteral("Test authority"));
    }

    void aServerThatDemandsOneGetsIt()
    {
        FakeServer server(FakeServer::Tls::Demanding);
        NetworkSettings settings = trusting();
        settings.clientCertificate = read(QStringLiteral("client.p12"), {}, right).value();
        Network network(settings);
        QCOMPARE(asked(network, server.url(QStringLiteral("/"))), QStringLiteral("404"));
        QCOMPARE(server.shown, QStringList{QStringLiteral("editor")});
    }

    void oneThatComesLateIsUsedFromThenOn()
    {
        const StrictServer server;
        Network network(trusting());
        const QString told = asked(network, server.url());
        QVERIFY2(told.contains(QStringLiteral("asks for a client certificate")), qPrintable(told));
        NetworkSettings settings = trusting();
        settings.clientCertificate = read(QStringLiteral("both.pem")).value();
        network.setSettings(settings);
        QCOMPARE(asked(network, server.url()), QStringLiteral("404"));
    }

    void aServerThatDoesNotTakeItIsTold_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("key");
        QTest::newRow("expired") << QStringLiteral("expired.pem") << QStringLiteral("client.key");
        QTest::newRow("of an authority that it does not know")
            << QStringLiteral("stranger.pem") << QStringLiteral("stranger.key");
    }
    void aServerThatDoesNotTakeItIsTold()
    {
        QFETCH(QString, certificate);
        QFETCH(QString, key);
        const StrictServer server;
        NetworkSettings settings = trusting();
        settings.clientCertificate = read(certificate, key).value();
        Network network(settings);
        const QString told = asked(network, server.url());
        QVERIFY2(told.contains(QStringLiteral("does not accept the client certificate")), qPrintable(told));
    }

    void whoDoesNotAskIsNotShownIt()
    {
        FakeServer server(FakeServer::Tls::Signed);
        NetworkSettings settings = trusting();
        settings.clientCertificate = read(QStringLiteral("both.pem")).value();
        Network network(settings);
        QCOMPARE(asked(network, server.url(QStringLiteral("/"))), QStringLiteral("404"));
        QCOMPARE(server.shown, QStringList{QString()});
    }
};

QTEST_GUILESS_MAIN(TestCertificates)
#include "tst_certificates.moc"
