#include "core/model/encoding.h"
#include "core/server/signingkey.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::server;

class TestPublicKey : public QObject {
    Q_OBJECT

    std::optional<SigningKey> key_;

    Json changed(const char* patch) const
    {
        Json jwk = key_->publicKey().jwk();
        jwk.merge_patch(*parseJson(QByteArray(patch).replace('\'', '"').toStdString()));
        return jwk;
    }

private Q_SLOTS:
    void initTestCase() { key_ = *SigningKey::generate(); }

    void aPublishedKeyVerifiesWhatItsOwnerSigned()
    {
        const Expected<PublicKey> there = PublicKey::fromJwk(key_->publicKey().jwk());
        QVERIFY(there);
        QCOMPARE(there->kid(), key_->kid());
        QCOMPARE(there->jwk(), key_->publicKey().jwk());
        QVERIFY(there->verify("text", key_->sign("text")));
        QVERIFY(!there->verify("other", key_->sign("text")));
        QVERIFY(!there->verify("text", ""));
    }

    void theKeyOfTheStandardHasTheStandardsId()
    {
        // RFC 7638 §3.1
        const Json jwk = *parseJson(
            R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})");
        const Expected<PublicKey> key = PublicKey::fromJwk(jwk);
        QVERIFY(key);
        QCOMPARE(key->kid(), std::string("2011-04-29"));
        QCOMPARE(key->jwk()["n"], jwk["n"]);
    }

    void aKeyIsTakenOrRefused_data()
    {
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("expected"); // empty: taken
        const auto row = [](const char* name, const char* patch, const char* expected) {
            QTest::newRow(name) << QByteArray(patch) << QByteArray(expected);
        };
        row("as we publish it", "{}", "");
        row("without what may be missing", "{'alg':null,'use':null,'kid':null}", "");
        row("with a certificate", "{'x5c':['MIID'],'x5t':'abc'}", "");
        row("for verifying, among others", "{'key_ops':['verify','encrypt']}", "");
        row("an elliptic curve", "{'kty':'EC'}", "it is of another kind");
        row("no kind", "{'kty':null}", "it is of another kind");
        row("another algorithm", "{'alg':'RS512'}", "it is for something else");
        row("for PS256", "{'alg':'PS256'}", "it is for something else");
        row("for encryption", "{'use':'enc'}", "it is for something else");
        row("for signing only", "{'key_ops':['sign']}", "it is for something else");
        row("no modulus", "{'n':null}", "it has not 2,048 to 8,192 bits");
        row("a short modulus", "{'n':'AQAB'}", "it has not 2,048 to 8,192 bits");
        row("a modulus that is no base64url", "{'n':'a+b/'}", "its numbers cannot be read");
        row("no exponent", "{'e':null}", "its numbers cannot be read");
        row("an exponent of one", "{'e':'AQ'}", "its numbers cannot be those of a key");
        row("an even exponent", "{'e':'Ag'}", "its numbers cannot be those of a key");
        row("an exponent as long as the modulus", "{'e':'AQABAQABAQAB'}", "its numbers cannot be read");
        row("an id that is a number", "{'kid':7}", "its kid is no text of at most 512 bytes");
    }
    void aKeyIsTakenOrRefused()
    {
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, expected);
        const Expected<PublicKey> key = PublicKey::fromJwk(changed(patch.constData()));
        QCOMPARE(key ? QByteArray() : QByteArray::fromStdString(key.error().detail),
                 expected.isEmpty() ? expected : "expected an RSA key for RS256 signatures, but " + expected);
    }

    void aKeyThatIsTooLongIsRefused()
    {
        const Expected<PublicKey> key = PublicKey::fromJwk(changed(("{'n':'" + base64Url(std::string(1025, '\xff')) + "'}").c_str()));
        QVERIFY(!key);
    }

    void aSetIsReadForWhatIsUsableInIt_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("expected"); // how many keys, or why none
        const QByteArray mine = QByteArray::fromStdString(jsonText(key_->publicKey().jwk()));
        const auto row = [](const char* name, const QByteArray& set, const char* expected) { QTest::newRow(name) << set << QByteArray(expected); };
        row("one", "{\"keys\":[" + mine + "]}", "1");
        row("none", "{\"keys\":[]}", "0");
        row("one among others", "{\"keys\":[{\"kty\":\"EC\"}," + mine + ",7]}", "1");
        row("members that we do not know", "{\"keys\":[" + mine + "],\"more\":1}", "1");
        row("no set", "[]", "expected a JWK set: an object with an array “keys”");
        row("keys that are no array", "{\"keys\":{}}", "expected a JWK set: an object with an array “keys”");
        row("a key alone", mine, "expected a JWK set: an object with an array “keys”");
        row("no JSON", "<html>", "line 1, column 1: expected JSON here");
        row("too many", "{\"keys\":[" + QByteArray(mine + ",").repeated(64) + mine + "]}", "expected at most 64 keys");
    }
    void aSetIsReadForWhatIsUsableInIt()
    {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, expected);
        const auto keys = keysOfSet(set.toStdString());
        const QByteArray told = keys ? QByteArray::number(qulonglong(keys->size())) : QByteArray::fromStdString(keys.error().detail);
        QVERIFY2(told.startsWith(expected), told.constData());
        if (keys)
            QCOMPARE(keysOfSet(jsonText(setOf(*keys)))->size(), keys->size());
    }
};

QTEST_APPLESS_MAIN(TestPublicKey)
#include "tst_publickey.moc"
