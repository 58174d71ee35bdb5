// A certificate by which the program shows a server who it is, from the dialog to the server: and the proxy's password beside it.
#include "tests/ui/pages/desk.h"
#include "ui/look/messageline.h"
#include "ui/pages/clientcertificatedialog.h"
#include "ui/pages/connectiondialog.h"
#include "ui/pages/networkdialog.h"
#include "ui/pages/networkway.h"
#include "ui/pages/switcher.h"

using namespace iotman;
using namespace iotman::ui;
using namespace iotman::client;

namespace {

const QString sesame = QStringLiteral("open sesame");
const Timestamp today{1'700'000'000'000'000};

QString path(const QString& name)
{
    return name.isEmpty() ? name : QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/client/certificates/") + name;
}

QLineEdit* fieldNamed(const QWidget* parent, const QString& name)
{
    for (auto* edit : parent->findChildren<QLineEdit*>()) {
        if (edit->accessibleName() == name)
            return edit;
    }
    return nullptr;
}

/// All sentences in sight, one a line.
QString linesOf(const QWidget* parent)
{
    QStringList lines;
    for (const MessageLine* line : parent->findChildren<MessageLine*>()) {
        if (line->isVisibleTo(parent))
            lines << line->text();
    }
    return lines.join(u'\n');
}

/// A server in the list that demands a certificate; the pages of its window may stay empty.
struct Demanding {
    Desk desk;
    FakeServer server{FakeServer::Tls::Demanding};
    QString id;

    explicit Demanding(const CertificateFiles& files)
    {
        server.answer = [](const FakeRequest&) { return tokenAnswer("SENTINELtoken"); };
        NetworkChoices choices;
        choices.authoritiesFile = path(QStringLiteral("authority.pem"));
        desk.connections.setNetworkChoices(choices);
        ConnectionInfo connection;
        connection.kind = ConnectionKind::Server;
        connection.name = QStringLiteral("plant");
        connection.url = server.url();
        connection.email = QStringLiteral("kim@company.example");
        connection.clientCertificate = files;
        id = desk.connections.save(connection);
        desk.vault.kept[Connections::keyOf(id)] = Secret("SENTINELkey");
    }
    ~Demanding() { desk.window.reset(); }
};

QByteArray settingsText(Desk& desk)
{
    desk.settings.sync();
    QFile file(desk.settings.fileName());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestClientCertificate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDialogSaysWhatIsInTheFiles_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QString>("said");
        QTest::addColumn<bool>("usable");
        const QString pem = QStringLiteral("client.pem");
        QTest::newRow("nothing yet") << QString() << QString() << QString() << QString() << false;
        QTest::newRow("PEM") << pem << "client.key" << QString() << "editor, by Test authority, valid until 1 Jan 2120" << true;
        QTest::newRow("PKCS#12") << "client.p12" << QString() << sesame << "editor, by Test authority, valid until 1 Jan 2120"
                                 << true;
        QTest::newRow("expired") << "expired.pem"
                                 << "client.key" << QString() << "editor, by Test authority, expired on 1 Jan 2021" << true;
        QTest::newRow("no such file") << "nowhere" << QString() << QString() << "There is no such file." << false;
        QTest::newRow("no certificate") << "client.key" << QString() << QString()
                                        << "The file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)." << false;
        QTest::newRow("no key") << pem << QString() << QString()
                                << "The certificate’s file holds no key: choose the key’s file, too." << false;
        QTest::newRow("no passphrase") << pem << "encrypted.key" << QString() << "The key is encrypted: type its passphrase."
                                       << false;
        QTest::newRow("a wrong passphrase") << "client.p12" << QString() << "x"
                                            << "The passphrase is wrong." << false;
        QTest::newRow("a key that does not fit")
            << pem << "other.key" << QString() << "The key does not belong to this certificate." << false;
    }
    void theDialogSaysWhatIsInTheFiles()
    {
        QFETCH(QString, certificate);
        QFETCH(QString, key);
        QFETCH(QString, passphrase);
        QFETCH(QString, said);
        QFETCH(bool, usable);
        ClientCertificateDialog dialog({}, {}, today);
        dialog.show();
        fieldNamed(&dialog, QStringLiteral("Certificate"))->setText(path(certificate));
        fieldNamed(&dialog, QStringLiteral("Private key"))->setText(path(key));
        fieldNamed(&dialog, QStringLiteral("Passphrase"))->setText(passphrase);
        QTRY_COMPARE(linesOf(&dialog), said);
        QTRY_COMPARE(defaultButton(&dialog)->isEnabled(), usable);
        QVERIFY(usable || !defaultButton(&dialog)->toolTip().isEmpty());
    }

    void aKeptPassphraseIsUsedUntilAnotherIsTyped()
    {
        ClientCertificateDialog dialog({path(QStringLiteral("client.p12")), {}}, Secret(sesame.toStdString()), today);
        dialog.show();
        QVERIFY(!defaultButton(&dialog)->isEnabled()); // nobody waits for the reading, and nothing is taken before it
        QTRY_VERIFY(defaultButton(&dialog)->isEnabled());
        QVERIFY(fieldNamed(&dialog, QStringLiteral("Passphrase"))->text().isEmpty());
        QVERIFY(dialog.passphrase() == Secret(sesame.toStdString()));
        fieldNamed(&dialog, QStringLiteral("Passphrase"))->setText(QStringLiteral("x"));
        QTRY_COMPARE(linesOf(&dialog), QStringLiteral("The passphrase is wrong."));
        // What is typed while a reading is at work counts, and only the last of it.
        for (const QString& typed : {QStringLiteral("y"), QStringLiteral("z"), sesame})
            fieldNamed(&dialog, QStringLiteral("Passphrase"))->setText(typed);
        QTRY_VERIFY(defaultButton(&dialog)->isEnabled());
    }

    void itIsShownToTheServerAndItsPassphraseGoesIntoTheVault()
    {
        Demanding world({});
        Desk& desk = world.desk;
        desk.window->switcher().choose(world.id);
        QTRY_COMPARE(desk.window->session()->state().phase, Phase::Offline);
        QCOMPARE(world.server.requests.size(), qsizetype(0));
        desk.window->switcher().changeAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        buttonNamed(dialog, QStringLiteral("Client certificate\u2026"))->click();
        auto* chooser = desk.dialog<ClientCertificateDialog>();
        QVERIFY(chooser);
        fieldNamed(chooser, QStringLiteral("Certificate"))->setText(path(QStringLiteral("client.p12")));
        fieldNamed(chooser, QStringLiteral("Passphrase"))->setText(sesame);
        QTRY_VERIFY(defaultButton(chooser)->isEnabled());
        defaultButton(chooser)->click();
        defaultButton(dialog)->click();
        QTRY_VERIFY(!world.server.requests.isEmpty());
        QCOMPARE(world.server.shown.constFirst(), QStringLiteral("editor"));
        QVERIFY(desk.vault.kept.at(Connections::passphraseOf(world.id)) == Secret(sesame.toStdString()));
        QVERIFY(!settingsText(desk).contains("sesame"));

        // The next start finds it by itself.
        Connections next(desk.settings, desk.vault);
        std::optional<NetworkWay> way;
        findWay(next, *next.find(world.id), this, [&](const NetworkWay& found) { way = found; });
        QTRY_VERIFY(way);
        QVERIFY(way->troubles.empty());
        QVERIFY(!way->settings.clientCertificate.isNull());

        // It goes with its connection.
        std::optional<Expected<void>> removed;
        desk.connections.remove(world.id, this, [&](Expected<void> done) { removed = std::move(done); });
        QTRY_VERIFY(removed);
        QVERIFY(desk.vault.kept.empty());
    }

    void usingNoneForgetsThePassphrase()
    {
        Demanding world({path(QStringLiteral("client.p12")), {}});
        Desk& desk = world.desk;
        desk.vault.kept[Connections::passphraseOf(world.id)] = Secret(sesame.toStdString());
        desk.window->switcher().choose(world.id);
        QTRY_VERIFY(!world.server.requests.isEmpty());
        desk.window->switcher().changeAction()->trigger();
        auto* dialog = desk.dialog<ConnectionDialog>();
        QVERIFY(dialog);
        buttonNamed(dialog, QStringLiteral("Client certificate\u2026"))->click();
        auto* chooser = desk.dialog<ClientCertificateDialog>();
        QVERIFY(chooser);
        buttonNamed(chooser, QStringLiteral("Use none"))->click();
        defaultButton(dialog)->click();
        QTRY_COMPARE(desk.vault.kept.count(Connections::passphraseOf(world.id)), std::size_t(0));
        QVERIFY(desk.connections.find(world.id)->clientCertificate.certificate.isEmpty());
    }

    void whatCannotBeUsedIsSaidInTheWindow()
    {
        Demanding world({path(QStringLiteral("client.p12")), {}});
        world.desk.window->switcher().choose(world.id);
        QTRY_VERIFY2(linesOf(world.desk.window.get()).contains(QStringLiteral("The client certificate can’t be used:")),
                     qPrintable(linesOf(world.desk.window.get())));
        QVERIFY(linesOf(world.desk.window.get()).contains(QStringLiteral("type its passphrase")));
    }

    void theProxysPasswordGoesIntoTheVaultAndToTheProxy()
    {
        Desk desk;
        desk.window->switcher().openNetworkSettings();
        auto* dialog = desk.dialog<NetworkDialog>();
        QVERIFY(dialog);
        auto* password = fieldNamed(dialog, QStringLiteral("Proxy password"));
        QVERIFY(!password->isEnabled());
        auto* kind = dialog->findChildren<QComboBox*>().constFirst();
        kind->setCurrentIndex(kind->findText(QStringLiteral("SOCKS 5 proxy")));
        QVERIFY(linesOf(dialog).contains(QStringLiteral("Type the proxy's host first.")));
        fieldNamed(dialog, QStringLiteral("Proxy host"))->setText(QStringLiteral("proxy.example"));
        QVERIFY(!password->isEnabled());
        fieldNamed(dialog, QStringLiteral("Proxy user"))->setText(QStringLiteral("kim"));
        QVERIFY(password->isEnabled());
        password->setText(QStringLiteral("SENTINELword"));
        defaultButton(dialog)->click();
        QTRY_COMPARE(desk.vault.kept.count(Connections::proxySecret()), std::size_t(1));
        QVERIFY(!settingsText(desk).contains("SENTINEL"));

        Connections next(desk.settings, desk.vault);
        ConnectionInfo connection;
        connection.url = QUrl(QStringLiteral("https://iot.example"));
        std::optional<NetworkWay> way;
        findWay(next, connection, this, [&](const NetworkWay& found) { way = found; });
        QTRY_VERIFY(way);
        const QNetworkProxy proxy = way->settings.proxies(QNetworkProxyQuery(connection.url)).constFirst();
        QCOMPARE(proxy.user(), QStringLiteral("kim"));
        QCOMPARE(proxy.password(), QStringLiteral("SENTINELword"));

        // A locked vault: the way is there without it, and that is said.
        Connections locked(desk.settings, desk.vault);
        desk.vault.refusal = Error{Problem::Forbidden, "The keychain stayed locked."};
        way.reset();
        findWay(locked, connection, this, [&](const NetworkWay& found) { way = found; });
        QTRY_VERIFY(way);
        QCOMPARE(way->troubles.size(), std::size_t(1));
        QCOMPARE(way->troubles.front().lead, QStringLiteral("The proxy’s password could not be read."));
    }
};

QTEST_MAIN(TestClientCertificate)
#include "tst_clientcertificate.moc"
