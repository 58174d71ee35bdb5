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
    TokenIssuer own() const { return TokenIssuer::own("ws", {keys_[0].publicKey(), keys_[1].publicKey()}); }
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
        QCOMPARE(*verifiedToken(signedToken(given, keys_[1]), own(), at(now)), given);
        given.role = Role::Editor;
        QCOMPARE(*verifiedToken(signedToken(given, keys_[0]), own(), at(now)), given);
        QVERIFY(given.grants(ScopeName{"a:b"}));
        QVERIFY(!given.grants(ScopeName{"a"}));
    }

    void itExpiresToTheSecond()
    {
        const std::string token = signedToken(claims(), keys_[0]);
        QVERIFY(verifiedToken(token, own(), {at(now + 3600).us - 1}));
        QVERIFY(!verifiedToken(token, own(), at(now + 3600)));
        QVERIFY(verifiedToken(token, own(), at(now - 60)));
        QVERIFY(!verifiedToken(token, own(), at(now - 61)));
    }

    void whoseAnExpiredTokenIsCanBeAsked()
    {
        const std::string token = signedToken(claims(), keys_[0]);
        const auto expired = verifiedToken(token, own(), at(now + 7200), Expired::Taken);
        QVERIFY(expired);
        QCOMPARE(expired->subject, claims().subject);
        QVERIFY(!verifiedToken(signedText(header("none"), payload("\"ws\"")), own(), at(now + 7200), Expired::Taken));
    }

    void onlyRs256ByOurOwnKeysPasses()
    {
        for (const char* algorithm : {"none", "nOnE", "HS256", "RS512", "PS256", ""})
            QVERIFY2(!verifiedToken(signedText(header(algorithm), payload("\"ws\"")), own(), at(now)), algorithm);
        QVERIFY(verifiedToken(signedText(header("RS256"), payload("\"ws\"")), own(), at(now)));
        const std::string token = signedToken(claims(), keys_[0]);
        QVERIFY(!verifiedToken(token, TokenIssuer::own("ws", {keys_[1].publicKey()}), at(now)));
        QVERIFY(!verifiedToken(token.substr(0, token.rfind('.') + 1), own(), at(now)));
        QVERIFY(!verifiedToken("..", own(), at(now)));
        QVERIFY(!verifiedToken(token + ".x", own(), at(now)));
        std::string changed = token;
        changed[token.size() / 2] = changed[token.size() / 2] == 'A' ? 'B' : 'A';
        QVERIFY(!verifiedToken(changed, own(), at(now)));
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
        QCOMPARE(bool(verifiedToken(signedText(header("RS256"), payload(audience.toStdString())), own(), at(now))), accepted);
    }

    void aTrustedIssuersTokenIsTakenAsItsSettingsSay_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("expected"); // empty: taken
        const auto row = [](const char* name, const char* change, const char* expected) {
            Json payload{{"iss", "https://far.example"}, {"aud", "far"}, {"sub", "me"}, {"scope", "a:b"}, {"iat", now}, {"exp", now + 10}};
            payload.merge_patch(*parseJson(QByteArray(change).replace('\'', '"').toStdString()));
            QTest::newRow(name) << QByteArray::fromStdString(jsonText(payload)) << QByteArray(expected);
        };
        row("as it is to be", "{}", "");
        row("one of several audiences", "{'aud':['other','far']}", "");
        row("another issuer", "{'iss':'https://near.example'}", "is from another issuer");
        row("the issuer with a slash", "{'iss':'https://far.example/'}", "is from another issuer");
        row("the issuer in capitals", "{'iss':'https://FAR.example'}", "is from another issuer");
        row("the issuer in an array", "{'iss':['https://far.example']}", "is from another issuer");
        row("no issuer", "{'iss':null}", "is from another issuer");
        row("another audience", "{'aud':'ws'}", "is for another audience");
        row("no audience", "{'aud':null}", "is for another audience");
        row("expired for less than a minute", "{'exp':1699999941}", "");
        row("expired for a minute", "{'exp':1699999940}", "has expired");
        row("issued in less than a minute", "{'iat':1700000060}", "");
        row("issued in more than a minute", "{'iat':1700000061}", "was issued in the future");
        row("valid in less than a minute", "{'nbf':1700000060}", "");
        row("valid in more than a minute", "{'nbf':1700000061}", "is not valid yet");
        row("valid from a text", "{'nbf':'now'}", "is not valid yet");
        row("no time of issue", "{'iat':null}", "has no time of issue or expiry");
        row("no expiry", "{'exp':null}", "has no time of issue or expiry");
        row("a role", "{'role':'admin'}", "");
        row("a role that nobody knows", "{'role':7}", "");
    }
    void aTrustedIssuersTokenIsTakenAsItsSettingsSay()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, expected);
        const TokenIssuer far{"far", "https://far.example", {keys_[0].publicKey()}};
        const auto claims = verifiedToken(signedText(header("RS256"), payload.toStdString()), far, at(now));
        QCOMPARE(claims ? QByteArray() : QByteArray::fromStdString(claims.error().detail),
                 expected.isEmpty() ? expected : "the access token " + expected);
        if (claims) {
            QVERIFY(!claims->role);
            QVERIFY(claims->grants(ScopeName{"a:b"}));
        }
    }

    void aKeyWithoutAnIdSignsForOthersOnly()
    {
        Json jwk = keys_[0].publicKey().jwk();
        jwk.erase("kid");
        const PublicKey unnamed = *PublicKey::fromJwk(jwk);
        const std::string payload = jsonText({{"iss", "far"}, {"aud", "ws"}, {"iat", now}, {"exp", now + 10}});
        const std::string bare = signedText(R"({"alg":"RS256"})", payload), named = signedText(header("RS256"), payload);
        const TokenIssuer far{"ws", "far", {unnamed, keys_[1].publicKey()}};
        QVERIFY(verifiedToken(bare, far, at(now)));
        QVERIFY(verifiedToken(named, far, at(now)));
        QVERIFY(verifiedToken(bare, TokenIssuer{"ws", "far", {keys_[0].publicKey()}}, at(now)));
        QVERIFY(!verifiedToken(bare, TokenIssuer{"ws", "far", {keys_[1].publicKey()}}, at(now)));
        QVERIFY(!verifiedToken(bare, own(), at(now)));
        QVERIFY(!verifiedToken(named, TokenIssuer{"ws", "far", {}}, at(now)));
    }

    void noErrorShowsAnythingOfTheToken()
    {
        const auto refused = verifiedToken("SENTINEL.SENTINEL.SENTINEL", own(), at(now));
        QVERIFY(!refused);
        QVERIFY(refused.error().detail.find("SENTINEL") == std::string::npos);
    }

    void aKeySurvivesItsFile()
    {
        const SigningKey again = *SigningKey::fromPem(keys_[0].pem());
        QCOMPARE(again.kid(), keys_[0].kid());
        QVERIFY(keys_[0].publicKey().verify("text", again.sign("text")));
        QVERIFY(!keys_[0].publicKey().verify("other", again.sign("text")));
        QVERIFY(!SigningKey::fromPem("rubbish"));
    }
};

QTEST_APPLESS_MAIN(TestToken)
#include "tst_token.moc"
