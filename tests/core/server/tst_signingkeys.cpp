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

    void oneThatAnEarlierVersionKeptLosesItAtTheStart()
    {
        const auto ring = open();
        const SigningKey key = ring->current();
        const Json kept = Json::array({Json{{"key", key.pem()}, {"until", 1'700'000'100}}});
        QFile file(folder_.filePath(QStringLiteral("retired-keys.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(jsonText(kept)));
        file.close();
        const QStringList published = idsOf(*open());
        QCOMPARE(published, QStringList({QString::fromStdString(key.kid()), QString::fromStdString(key.kid())}));
        QVERIFY(!retired().contains("PRIVATE"));
        QVERIFY(retired().contains("\"jwk\""));
    }
};

QTEST_APPLESS_MAIN(TestSigningKeys)
#include "tst_signingkeys.moc"
