#include "core/model/encoding.h"
#include "core/server/token.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

namespace {

constexpr std::int64_t now = 1'700'000'000;
Timestamp at(std::int64_t seconds) { return {seconds * 1'000'000}; }

} // namespace

class TestToken : public QObject {
    Q_OBJECT

    std::vector<SigningKey> keys_;

    std::string signedText(const std::string& header, const std::string& payload) const
    {
        const std::string content = base64Url(header) + "." + base64Url(payload);
        return content + "." + base64Url(keys_[0].sign(content));
    }
    std::string header(const std::string& algorithm) const { return jsonText({{"alg", algorithm}, {"kid", keys_[0].kid()}}); }
    std::string payload(const std::string& audience) const
    {
        return jsonText({{"aud", *parseJson(audience)}, {"iat", now}, {"exp", now + 10}});
    }
    Claims claims() const
    {
        Claims made;
        made.issuer = "http://localhost";
        made.subject = "dashboard";
        made.audience = "ws";
        made.scopes = {"sensor:read", "a:b"};
        made.issuedAt = now;
        made.expiresAt = now + 3600;
        made.id = "1";
        return made;
    }

private Q_SLOTS:
    void initTestCase() { keys_ = {*SigningKey::generate(), *SigningKey::generate()}; }

    void aTokenSaysWhatWasSignedIntoIt()
    {
        Claims given = claims();
        QCOMPARE(*verifiedToken(signedToken(given, keys_[1]), keys_, "ws", at(now)), given);
        given.role = Role::Editor;
        QCOMPARE(*verifiedToken(signedToken(given, keys_[0]), keys_, "ws", at(now)), given);
        QVERIFY(given.grants(ScopeName{"a:b"}));
        QVERIFY(!given.grants(ScopeName{"a"}));
    }

    void itExpiresToTheSecond()
    {
        const std::string token = signedToken(claims(), keys_[0]);
        QVERIFY(verifiedToken(token, keys_, "ws", {at(now + 3600).us - 1}));
        QVERIFY(!verifiedToken(token, keys_, "ws", at(now + 3600)));
        QVERIFY(verifiedToken(token, keys_, "ws", at(now - 60)));
        QVERIFY(!verifiedToken(token, keys_, "ws", at(now - 61)));
    }

    void onlyRs256ByOurOwnKeysPasses()
    {
        for (const char* algorithm : {"none", "nOnE", "HS256", "RS512", "PS256", ""})
            QVERIFY2(!verifiedToken(signedText(header(algorithm), payload("\"ws\"")), keys_, "ws", at(now)), algorithm);
        QVERIFY(verifiedToken(signedText(header("RS256"), payload("\"ws\"")), keys_, "ws", at(now)));
        const std::string token = signedToken(claims(), keys_[0]);
        QVERIFY(!verifiedToken(token, {keys_[1]}, "ws", at(now)));
        QVERIFY(!verifiedToken(token.substr(0, token.rfind('.') + 1), keys_, "ws", at(now)));
        QVERIFY(!verifiedToken("..", keys_, "ws", at(now)));
        QVERIFY(!verifiedToken(token + ".x", keys_, "ws", at(now)));
        std::string changed = token;
        changed[token.size() / 2] = changed[token.size() / 2] == 'A' ? 'B' : 'A';
        QVERIFY(!verifiedToken(changed, keys_, "ws", at(now)));
    }

    void theAudienceMayBeATextOrAnArray_data()
    {
        QTest::addColumn<QByteArray>("audience");
        QTest::addColumn<bool>("accepted");
        for (const char* good : {"\"ws\"", "[\"ws\"]", "[\"other\",\"ws\"]"})
            QTest::newRow(good) << QByteArray(good) << true;
        for (const char* bad : {"[]", "[\"other\"]", "7", "null", "\"other\""})
            QTest::newRow(bad) << QByteArray(bad) << false;
    }
    void theAudienceMayBeATextOrAnArray()
    {
        QFETCH(QByteArray, audience);
        QFETCH(bool, accepted);
        QCOMPARE(bool(verifiedToken(signedText(header("RS256"), payload(audience.toStdString())), keys_, "ws", at(now))), accepted);
    }

    void noErrorShowsAnythingOfTheToken()
    {
        const auto refused = verifiedToken("SENTINEL.SENTINEL.SENTINEL", keys_, "ws", at(now));
        QVERIFY(!refused);
        QVERIFY(refused.error().detail.find("SENTINEL") == std::string::npos);
    }

    void aKeySurvivesItsFile()
    {
        const SigningKey again = *SigningKey::fromPem(keys_[0].pem());
        QCOMPARE(again.kid(), keys_[0].kid());
        QVERIFY(keys_[0].verify("text", again.sign("text")));
        QVERIFY(!keys_[0].verify("other", again.sign("text")));
        QVERIFY(!SigningKey::fromPem("rubbish"));
    }
};

QTEST_APPLESS_MAIN(TestToken)
#include "tst_token.moc"
