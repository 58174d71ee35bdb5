// The desktop's vault at a real keyring. tests/ui/pages/with_keyring makes one, in the state that it names in KEYRING.
#include "core/client/keychain.h"
#include "core/client/text.h"
#include "ui/pages/connections.h"

#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include <algorithm>

using namespace iotman;
using namespace iotman::ui;

namespace {

const QString service = QStringLiteral("IoTMan Desktop");
const client::Secret sentinel("SENTINELkey");

/// Waits for what a call of the vault ends with: `answered<T>([&](auto reply) { vault.read(…, reply); })`.
template <class T, class Start>
Expected<T> answered(Start start)
{
    std::optional<Expected<T>> result;
    start([&](Expected<T> came) { result = std::move(came); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(result, 20'000); }();
    return result ? std::move(*result) : Expected<T>(fail(Problem::Internal, "no reply"));
}

/// What the keyring's own tool shows for the service: each entry's name.
QByteArrayList entries()
{
    QProcess tool;
    tool.setProcessChannelMode(QProcess::MergedChannels);
    tool.start(QStringLiteral("secret-tool"),
               {QStringLiteral("search"), QStringLiteral("--all"), QStringLiteral("server"), service});
    tool.waitForFinished();
    QByteArrayList names;
    for (const QByteArray& line : tool.readAll().split('\n')) {
        if (line.startsWith("attribute.user = "))
            names << line.mid(17);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool lockKeyring()
{
    return QProcess::execute(QStringLiteral("dbus-send"),
                             {QStringLiteral("--session"), QStringLiteral("--print-reply=literal"),
                              QStringLiteral("--dest=org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
                              QStringLiteral("org.freedesktop.Secret.Service.Lock"),
                              QStringLiteral("array:objpath:/org/freedesktop/secrets/collection/login")}) == 0;
}

} // namespace

/// What both sessions have: with a keyring, and without.
class KeyringTest : public QObject {
protected:
    client::Keychain keychain_{service};
    QTemporaryDir folder_;

    Expected<client::Secret> read(const QString& name)
    {
        return answered<client::Secret>([&](auto reply) { keychain_.read(name, this, reply); });
    }
    Expected<void> write(const QString& name, const client::Secret& secret = sentinel)
    {
        return answered<void>([&](auto reply) { keychain_.write(name, secret, this, reply); });
    }
    Expected<void> remove(const QString& name)
    {
        return answered<void>([&](auto reply) { keychain_.remove(name, this, reply); });
    }
    QSettings settings_{folder_.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};

    bool leavesNothingInFiles()
    {
        settings_.sync();
        QDirIterator files(folder_.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly) || file.readAll().contains("SENTINEL"))
                return false;
        }
        return true;
    }
};

class TestUnlockedKeyring : public KeyringTest {
    Q_OBJECT

private Q_SLOTS:
    void aSecretIsKeptReadAndRemoved()
    {
        QVERIFY(write(QStringLiteral("connection/1")));
        QCOMPARE(entries(), QByteArrayList{"connection/1"});
        const auto kept = read(QStringLiteral("connection/1"));
        QVERIFY2(kept, kept ? "" : kept.error().detail.c_str());
        QVERIFY(*kept == sentinel);
        QVERIFY(write(QStringLiteral("connection/1"), client::Secret("naïve \"quoted\" 鍵\n")));
        QVERIFY(*read(QStringLiteral("connection/1")) == client::Secret("naïve \"quoted\" 鍵\n"));
        QVERIFY(remove(QStringLiteral("connection/1")));
        QCOMPARE(entries(), QByteArrayList());
        QCOMPARE(read(QStringLiteral("connection/1")).error().kind, Problem::NotFound);
        QVERIFY(remove(QStringLiteral("connection/1")));
    }

    void aRemovedConnectionLeavesNothingBehind() // keychain-2
    {
        Connections connections(settings_, keychain_);
        ConnectionInfo connection;
        connection.kind = ConnectionKind::Server;
        connection.url = QUrl(QStringLiteral("https://iot.example"));
        connection.clientCertificate = {QStringLiteral("/somewhere/client.p12"), {}};
        const QString id = connections.save(connection);
        for (const QString& name : {Connections::keyOf(id), Connections::passphraseOf(id)})
            QVERIFY(answered<void>(
                [&](auto reply) { connections.keepSecret(name, sentinel, Connections::Keep::InVault, this, reply); }));
        QCOMPARE(entries().size(), qsizetype(2));
        QVERIFY(answered<void>([&](auto reply) { connections.remove(id, this, reply); }));
        QCOMPARE(entries(), QByteArrayList());
        QVERIFY(leavesNothingInFiles());
    }

    void aKeyringThatStaysLockedIsTold() // keychain-1, keychain-2
    {
        QVERIFY(write(QStringLiteral("connection/2")));
        QVERIFY(lockKeyring());
        const auto told = [](const auto& result) {
            return result ? QStringLiteral("done") : client::toQt(result.error().detail);
        };
        QCOMPARE(told(read(QStringLiteral("connection/2"))), QStringLiteral("The keychain stayed locked."));
        QCOMPARE(told(remove(QStringLiteral("connection/2"))), QStringLiteral("The keychain stayed locked."));
        QCOMPARE(told(write(QStringLiteral("connection/3"))), QStringLiteral("The keychain stayed locked."));
        QCOMPARE(entries(), QByteArrayList{"connection/2"});
    }
};

class TestNoKeyring : public KeyringTest {
    Q_OBJECT

private Q_SLOTS:
    void withoutAKeyringASecretIsForThisSessionOnly() // keychain-1
    {
        Connections connections(settings_, keychain_);
        const QString name = Connections::keyOf(QStringLiteral("1"));
        const auto kept =
            answered<void>([&](auto reply) { connections.keepSecret(name, sentinel, Connections::Keep::InVault, this, reply); });
        QVERIFY(!kept);
        QCOMPARE(kept.error().kind, Problem::Unavailable);
        QVERIFY2(kept.error().detail.find("keychain") != std::string::npos, kept.error().detail.c_str());
        QVERIFY(*answered<client::Secret>([&](auto reply) { connections.readSecret(name, this, reply); }) == sentinel);
        QVERIFY(leavesNothingInFiles());
        // The next start asks again.
        Connections next(settings_, keychain_);
        QVERIFY(!answered<client::Secret>([&](auto reply) { next.readSecret(name, this, reply); }));
    }
};

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QByteArray keyring = qgetenv("KEYRING");
    if (keyring == "unlocked") {
        TestUnlockedKeyring test;
        return QTest::qExec(&test, argc, argv);
    }
    if (keyring == "none" || keyring == "nobus") {
        TestNoKeyring test;
        return QTest::qExec(&test, argc, argv);
    }
    qCritical("expected KEYRING to be unlocked, none or nobus");
    return 2;
}

#include "tst_keyring.moc"
