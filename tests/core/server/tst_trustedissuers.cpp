#include "core/server/signingkey.h"
#include "core/server/trustedissuers.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

const TrustedIssuer far{"https://far.example", "far", "https://far.example/jwks"};

Timestamp at(std::int64_t seconds) { return {seconds * Timestamp::usPerSecond}; }

Catalog catalogWith(SourceKey key, const TrustedIssuer& issuer)
{
    Catalog catalog;
    Source source;
    source.name = SourceName{"m"};
    source.kind = SourceKind::Mirror;
    source.key = key;
    source.settings = {{"url", "https://far.example/data/out/w"},
                       {"trusted_issuer", {{"issuer", issuer.name}, {"audience", issuer.audience}, {"jwks_uri", issuer.jwksUri}}}};
    catalog.sources.emplace(source.name, source);
    return catalog;
}

} // namespace

class TestTrustedIssuers : public QObject {
    Q_OBJECT

    std::optional<SigningKey> key_;
    std::unique_ptr<QTemporaryDir> dir_;

    std::filesystem::path folder() const { return dir_->path().toStdString(); }
    std::string published() const { return jsonText(setOf({key_->publicKey()})); }

private Q_SLOTS:
    void initTestCase() { key_ = *SigningKey::generate(); }
    void init() { dir_ = std::make_unique<QTemporaryDir>(); }

    void whatWasFetchedIsThereAfterARestart()
    {
        {
            TrustedIssuers issuers(folder());
            QVERIFY(issuers.keysOf(3, far).empty());
            QCOMPARE(issuers.fetched(3, far, published(), at(5)), (TrustedIssuers::State{1, at(5), ""}));
        }
        TrustedIssuers again(folder());
        QCOMPARE(again.stateOf(3, far), (TrustedIssuers::State{1, at(5), ""}));
        QCOMPARE(again.keysOf(3, far).front().kid(), key_->kid());
        QVERIFY(again.keysOf(3, far).front().verify("text", key_->sign("text")));
    }

    void keysAreForOneMirrorAndForTheIssuerThatItNamed()
    {
        TrustedIssuers issuers(folder());
        issuers.fetched(3, far, published(), at(5));
        QVERIFY(issuers.keysOf(4, far).empty());
        QVERIFY(issuers.keysOf(3, {"https://near.example", far.audience, far.jwksUri}).empty());
        QVERIFY(issuers.keysOf(3, {far.name, "near", far.jwksUri}).empty());
        QVERIFY(issuers.keysOf(3, {far.name, far.audience, "https://near.example/jwks"}).empty());
    }

    void whatFailsLeavesTheKeysAndSaysWhy()
    {
        TrustedIssuers issuers(folder());
        issuers.fetched(3, far, published(), at(5));
        const std::uint64_t before = issuers.generation();
        const auto down = issuers.fetched(3, far, fail(Problem::Unavailable, "nobody answers"), at(6));
        QCOMPARE(down, (TrustedIssuers::State{1, at(5), "nobody answers"}));
        const auto damaged = issuers.fetched(3, far, std::string("{}"), at(7));
        QCOMPARE(damaged, (TrustedIssuers::State{1, at(5), "expected a JWK set: an object with an array “keys”"}));
        QCOMPARE(issuers.generation(), before);
        QCOMPARE(issuers.fetched(3, far, published(), at(8)), (TrustedIssuers::State{1, at(8), ""}));
    }

    void anIssuerThatTakesItsKeysBackIsTrustedNoMore()
    {
        TrustedIssuers issuers(folder());
        issuers.fetched(3, far, published(), at(5));
        const std::uint64_t before = issuers.generation();
        QCOMPARE(issuers.fetched(3, far, std::string(R"({"keys":[]})"), at(6)),
                 (TrustedIssuers::State{0, at(6), "The issuer publishes no RSA key for RS256."}));
        QVERIFY(issuers.generation() > before);
        QVERIFY(issuers.keysOf(3, far).empty());
        QVERIFY(TrustedIssuers(folder()).keysOf(3, far).empty());
    }

    void aMirrorThatGoesOrTrustsAnotherIsForgotten()
    {
        TrustedIssuers issuers(folder());
        issuers.fetched(3, far, published(), at(5));
        issuers.prune(catalogWith(3, far));
        QCOMPARE(issuers.stateOf(3, far).keys, std::size_t(1));
        const std::uint64_t before = issuers.generation();
        issuers.prune(catalogWith(3, {"https://near.example", "near", "https://near.example/jwks"}));
        QCOMPARE(issuers.stateOf(3, far).keys, std::size_t(0));
        QVERIFY(issuers.generation() > before);
        QCOMPARE(TrustedIssuers(folder()).stateOf(3, far).keys, std::size_t(0));
        issuers.fetched(3, far, published(), at(5));
        issuers.prune(Catalog());
        QCOMPARE(issuers.stateOf(3, far).keys, std::size_t(0));
    }

    void anUnknownKeyIsAskedForEveryTenSecondsAtMost()
    {
        TrustedIssuers issuers(folder());
        QList<qint64> asked;
        issuers.setMissing([&](SourceKey mirror) { asked << mirror; });
        issuers.missed(3, at(99)); // nothing is here yet: they are being fetched
        issuers.fetched(3, far, fail(Problem::Unavailable, "nobody answers"), at(99));
        issuers.missed(3, at(99));
        issuers.fetched(3, far, published(), at(99));
        issuers.fetched(4, far, published(), at(99));
        for (const int second : {100, 101, 109, 110, 111, 119, 120})
            issuers.missed(3, at(second));
        issuers.missed(4, at(111));
        issuers.missed(3, at(50)); // the clock was set back
        QCOMPARE(asked, (QList<qint64>{3, 3, 3, 4, 3}));
    }

    void aFileThatCannotBeReadIsAsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "[", "{}", "[7]", "[{}]", "[{\"source\":3,\"jwks\":{\"keys\":[7]}}]", "[{\"source\":\"3\"}]"})
            QTest::newRow(text) << QByteArray(text);
    }
    void aFileThatCannotBeReadIsAsNone()
    {
        QFETCH(QByteArray, text);
        QFile file(dir_->filePath(QStringLiteral("issuer-keys.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        TrustedIssuers issuers(folder());
        QVERIFY(issuers.keysOf(3, far).empty());
        QCOMPARE(issuers.fetched(3, far, published(), at(5)).keys, std::size_t(1));
        QCOMPARE(TrustedIssuers(folder()).keysOf(3, far).size(), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(TestTrustedIssuers)
#include "tst_trustedissuers.moc"
