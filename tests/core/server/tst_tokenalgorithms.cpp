// oauth-5: each algorithm's real signature, made with what an attacker or a careless service has in hand.
#include "core/model/encoding.h"
#include "core/server/token.h"

#include <QtTest/QtTest>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <functional>
#include <memory>

using namespace iotman;
using namespace iotman::server;

namespace {

constexpr std::int64_t now = 1'700'000'000;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Text = std::unique_ptr<BIO, decltype(&BIO_free)>;

Key privateKey(const SigningKey& key)
{
    const std::string pem = key.pem();
    const Text bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
}

std::string contentOf(const Text& bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

/// As a service would publish it.
std::string publicPem(const SigningKey& key)
{
    const Text bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), privateKey(key).get());
    return contentOf(bio);
}

std::string publicDer(const SigningKey& key)
{
    const Text bio(BIO_new(BIO_s_mem()), BIO_free);
    i2d_PUBKEY_bio(bio.get(), privateKey(key).get());
    return contentOf(bio);
}

enum class Padding { Pkcs1, Pss };

std::string rsaSignature(const SigningKey& key, const EVP_MD* digest, Padding padding, const std::string& text)
{
    const Key pair = privateKey(key);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (EVP_DigestSignInit(context.get(), &options, digest, nullptr, pair.get()) != 1 ||
        (padding == Padding::Pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                                     EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
        qFatal("no signature");
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) != 1)
        qFatal("no signature");
    return signature;
}

std::string hmac(const EVP_MD* digest, const std::string& secret, const std::string& text)
{
    unsigned char signature[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         signature, &size);
    return {reinterpret_cast<const char*>(signature), size};
}

using Sign = std::function<std::string(const std::string& text)>;

} // namespace

class TestTokenAlgorithms : public QObject {
    Q_OBJECT

    std::vector<SigningKey> keys_;

    TokenIssuer own() const { return TokenIssuer::own("ws", {keys_[0].publicKey()}); }
    Json header() const { return {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", keys_[0].kid()}}; }
    static Json payload() { return {{"aud", "ws"}, {"sub", "me"}, {"scope", "a:b"}, {"iat", now}, {"exp", now + 10}}; }
    static std::string token(const Json& header, const Json& payload, const Sign& sign)
    {
        const std::string content = base64Url(jsonText(header)) + "." + base64Url(jsonText(payload));
        return content + "." + base64Url(sign(content));
    }
    /// Empty where it is taken.
    static QByteArray refusal(const std::string& token, const TokenIssuer& issuer)
    {
        const auto claims = verifiedToken(token, issuer, {now * 1'000'000});
        if (!claims && claims.error().kind != Problem::Unauthorized)
            return "not 401";
        return claims ? QByteArray() : QByteArray::fromStdString(claims.error().detail);
    }

private Q_SLOTS:
    void initTestCase() { keys_ = {*SigningKey::generate(), *SigningKey::generate()}; }

    /// Each row is taken or refused for its algorithm alone: everything else of the token is right.
    void onlyRs256IsTakenHoweverWellItIsSigned_data()
    {
        QTest::addColumn<QString>("algorithm"); // null: the header names none
        QTest::addColumn<Sign>("sign");
        QTest::addColumn<bool>("isTaken");
        const SigningKey& key = keys_[0];
        const auto row = [](const char* name, const QString& algorithm, Sign sign, bool isTaken = false) {
            QTest::newRow(name) << algorithm << std::move(sign) << isTaken;
        };
        const auto rsa = [&key](const EVP_MD* digest, Padding padding) -> Sign {
            return [&key, digest, padding](const std::string& text) { return rsaSignature(key, digest, padding, text); };
        };
        const auto keyed = [](const EVP_MD* digest, std::string secret) -> Sign {
            return [digest, secret](const std::string& text) { return hmac(digest, secret, text); };
        };
        const Sign nothing = [](const std::string&) { return std::string(); };
        const Sign rs256 = rsa(EVP_sha256(), Padding::Pkcs1);
        std::string pem = publicPem(key);

        row("RS256, as OpenSSL signs it", QStringLiteral("RS256"), rs256, true);
        row("RS256 in name, RS512 in truth", QStringLiteral("RS256"), rsa(EVP_sha512(), Padding::Pkcs1));
        row("RS256 in name, PS256 in truth", QStringLiteral("RS256"), rsa(EVP_sha256(), Padding::Pss));
        row("RS256 in name, HS256 in truth", QStringLiteral("RS256"), keyed(EVP_sha256(), pem));
        row("RS256 in name, unsigned", QStringLiteral("RS256"), nothing);
        row("RS384", QStringLiteral("RS384"), rsa(EVP_sha384(), Padding::Pkcs1));
        row("RS512", QStringLiteral("RS512"), rsa(EVP_sha512(), Padding::Pkcs1));
        row("PS256", QStringLiteral("PS256"), rsa(EVP_sha256(), Padding::Pss));
        row("PS512", QStringLiteral("PS512"), rsa(EVP_sha512(), Padding::Pss));
        row("HS256 with the public key's PEM", QStringLiteral("HS256"), keyed(EVP_sha256(), pem));
        row("HS512 with the public key's PEM", QStringLiteral("HS512"), keyed(EVP_sha512(), pem));
        pem.pop_back();
        row("HS256 with the PEM without its last line end", QStringLiteral("HS256"), keyed(EVP_sha256(), pem));
        row("HS256 with the public key's DER", QStringLiteral("HS256"), keyed(EVP_sha256(), publicDer(key)));
        row("HS256 with the key's published JWK", QStringLiteral("HS256"), keyed(EVP_sha256(), jsonText(key.publicKey().jwk())));
        row("HS256 with an empty secret", QStringLiteral("HS256"), keyed(EVP_sha256(), {}));
        row("none, unsigned", QStringLiteral("none"), nothing);
        row("none in odd letters, unsigned", QStringLiteral("nOnE"), nothing);
        row("none, signed all the same", QStringLiteral("none"), rs256);
        row("an empty name, unsigned", QStringLiteral(""), nothing);
        row("an empty name, signed", QStringLiteral(""), rs256);
        row("RS256 in small letters", QStringLiteral("rs256"), rs256);
        row("RS256 with a blank", QStringLiteral("RS256 "), rs256);
        row("no name, unsigned", {}, nothing);
        row("no name, signed", {}, rs256);
    }
    void onlyRs256IsTakenHoweverWellItIsSigned()
    {
        QFETCH(QString, algorithm);
        QFETCH(Sign, sign);
        QFETCH(bool, isTaken);
        Json head = header();
        if (algorithm.isNull())
            head.erase("alg");
        else
            head["alg"] = algorithm.toStdString();
        const QByteArray refused = refusal(token(head, payload(), sign), own());
        QCOMPARE(refused.isEmpty(), isTaken);
        // Another service's keys are no reason to be less strict.
        Json from = payload();
        from["iss"] = "far";
        QCOMPARE(refusal(token(head, from, sign), TokenIssuer{"ws", "far", {keys_[0].publicKey()}}).isEmpty(), isTaken);
    }

    void anAlgorithmThatIsNoTextIsRefused_data()
    {
        QTest::addColumn<QByteArray>("algorithm");
        for (const char* value : {"256", "null", "true", "[\"RS256\"]", "{\"RS256\":1}"})
            QTest::newRow(value) << QByteArray(value);
    }
    void anAlgorithmThatIsNoTextIsRefused()
    {
        QFETCH(QByteArray, algorithm);
        Json head = header();
        head["alg"] = *parseJson(algorithm.toStdString());
        const auto sign = [this](const std::string& text) { return keys_[0].sign(text); };
        QVERIFY(!refusal(token(head, payload(), sign), own()).isEmpty());
    }

    void aTokenForNobodyIsRefused()
    {
        Json forNobody = payload();
        forNobody.erase("aud"); // oauth-4
        const auto sign = [this](const std::string& text) { return keys_[0].sign(text); };
        QCOMPARE(refusal(token(header(), forNobody, sign), own()), "the access token is for another workspace");
        QVERIFY(refusal(token(header(), payload(), sign), own()).isEmpty());
    }

    /// oauth-6: our own keys are found by their id alone; none is tried because it might fit.
    void aKeyThatIsNotOursIsNotTried_data()
    {
        QTest::addColumn<QByteArray>("kid");
        const QByteArray own = QByteArray::fromStdString(keys_[0].kid());
        QTest::newRow("at random") << QByteArray("4f1c0de5b0a94c0e");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("ours, cut") << own.chopped(1);
        QTest::newRow("ours, longer") << QByteArray(own + 'A');
        QTest::newRow("ours in capitals") << own.toUpper();
        QTest::newRow("a path") << QByteArray("../../signing-key.pem");
        QTest::newRow("another of ours, which did not sign it") << QByteArray::fromStdString(keys_[1].kid());
    }
    void aKeyThatIsNotOursIsNotTried()
    {
        QFETCH(QByteArray, kid);
        Json head = header();
        if (kid.isNull())
            head.erase("kid");
        else
            head["kid"] = kid.toStdString();
        const TokenIssuer both = TokenIssuer::own("ws", {keys_[0].publicKey(), keys_[1].publicKey()});
        const auto sign = [this](const std::string& text) { return keys_[0].sign(text); };
        QVERIFY(refusal(token(header(), payload(), sign), both).isEmpty());
        QVERIFY(!refusal(token(head, payload(), sign), both).isEmpty());
    }

    void tenThousandUnknownKeysAreRefusedWithoutASignatureBeingLookedAt()
    {
        const TokenIssuer issuer = own();
        for (int i = 0; i < 10'000; ++i)
            QVERIFY(issuer.keysFor("key-" + std::to_string(i)).empty());
        QCOMPARE(issuer.keysFor(keys_[0].kid()).size(), std::size_t(1));
        QVERIFY(issuer.keysFor("").empty());
    }
};

QTEST_APPLESS_MAIN(TestTokenAlgorithms)
#include "tst_tokenalgorithms.moc"
