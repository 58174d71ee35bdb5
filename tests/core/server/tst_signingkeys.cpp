#include "core/server/keyring.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

class FixedClock final : public Clock {
public:
    Timestamp now() const override { return {1'700'000'000'000'000}; }
};

QStringList idsOf(KeyRing& ring)
{
    QStringList ids;
    for (const PublicKey& key : ring.published())
        ids.append(QString::fromStdString(key.kid()));
    return ids;
}

} // namespace

class TestSigningKeys : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    FixedClock clock_;

    std::unique_ptr<KeyRing> open() const { return std::move(*KeyRing::open(folder_.path().toStdString(), clock_)); }
    QByteArray retired() const
    {
        QFile file(folder_.filePath(QStringLiteral("retired-keys.json")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    /// Whoever could read it would sign tokens that are taken for an hour.
    void theOtherHalfOfARetiredKeyIsGone()
    {
        QStringList published;
        {
            const auto ring = open();
            const std::string first = ring->current().kid();
            QVERIFY(ring->rotate());
            published = idsOf(*ring);
            QCOMPARE(published.size(), 2);
            QCOMPARE(published.last().toStdString(), first);
        }
        QVERIFY(retired().contains(published.last().toLatin1()));
        QVERIFY(!retired().contains("PRIVATE"));
        QCOMPARE(idsOf(*open()), published);
    }

    void aRotationThatFailsChangesNothing()
    {
        const auto ring = open();
        const QStringList before = idsOf(*ring);
        const QString elsewhere = folder_.path() + QStringLiteral("-away");
        QVERIFY(QDir().rename(folder_.path(), elsewhere));
        for (int i = 0; i < 3; ++i)
            QVERIFY(!ring->rotate());
        QVERIFY(QDir().rename(elsewhere, folder_.path()));
        QCOMPARE(idsOf(*ring), before);
        QVERIFY(ring->rotate());
        QCOMPARE(idsOf(*ring).size(), before.size() + 1);
    }

    /// Of a start that ended on a full disk, say: it is made without one.
    void aKeyThatCannotBeStoredServesAllTheSame()
    {
        QTemporaryDir folder;
        const auto ring = std::move(*KeyRing::open(folder.path().toStdString(), clock_));
        QVERIFY(folder.remove());
        QCOMPARE(idsOf(*ring), QStringList{QString::fromStdString(ring->current().kid())});
    }

    void withoutRoomForTheKeyNothingBegins()
    {
        QVERIFY(!KeyRing::open("/proc/nothing/here", clock_));
    }

    void checkFindsFilesThatAreNoKeys_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char* name, const char* file, const QByteArray& content) { QTest::newRow(name) << QString::fromLatin1(file) << content; };
        row("retired keys, nothing", "retired-keys.json", "");
        row("retired keys, a number", "retired-keys.json", "5");
        row("retired keys, an object", "retired-keys.json", "{\"a\":1}");
        row("retired keys, no key", "retired-keys.json", "[{\"jwk\":{\"kty\":\"RSA\"},\"until\":5}]");
        row("the signing key, no key", "signing-key.pem", "-----BEGIN PRIVATE KEY-----\n");
        row("the signing key, nothing", "signing-key.pem", "");
    }
    void checkFindsFilesThatAreNoKeys()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QTemporaryDir folder;
        QVERIFY(KeyRing::check(folder.path().toStdString())); // what is not there yet is made
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto checked = KeyRing::check(folder.path().toStdString());
        QVERIFY(!checked);
        QVERIFY2(QByteArray::fromStdString(checked.error().detail).contains(name.toLatin1()), checked.error().detail.c_str());
    }

    /// With one bit changed it may still be read, and what it signs be nobody's.
    void aKeyWhoseHalvesDoNotBelongTogetherIsNone()
    {
        const QByteArray pem = QByteArray::fromStdString(SigningKey::generate()->pem());
        QVERIFY(SigningKey::fromPem(pem.toStdString()));
        QVERIFY(SigningKey::fromPem(pem.toStdString())->isWhole());
        for (qsizetype at = 100; at + 100 < pem.size(); at += 50) {
            QByteArray other = pem;
            if (other[at] == '\n')
                continue;
            other[at] = other[at] == 'A' ? 'B' : 'A';
            const auto key = SigningKey::fromPem(other.toStdString());
            if (!key)
                continue;
            QVERIFY(key->publicKey().verify("text", key->sign("text"))); // where OpenSSL does without the part that changed
            QVERIFY(!key->isWhole());
        }
    }

    void oneThatAnEarlierVersionKeptLosesItAtTheStart()
    {
        const auto ring = open();
        const SigningKey key = *SigningKey::generate();
        const Json kept = Json::array({Json{{"key", key.pem()}, {"until", 1'700'000'100}}});
        QFile file(folder_.filePath(QStringLiteral("retired-keys.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(jsonText(kept)));
        file.close();
        const QStringList published = idsOf(*open());
        QCOMPARE(published, QStringList({QString::fromStdString(ring->current().kid()), QString::fromStdString(key.kid())}));
        QVERIFY(!retired().contains("PRIVATE"));
        QVERIFY(retired().contains("\"jwk\""));
    }
};

QTEST_APPLESS_MAIN(TestSigningKeys)
#include "tst_signingkeys.moc"
