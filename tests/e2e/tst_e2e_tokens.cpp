// Tokens from outside: what is asked for, how they are shown, whose they are, and what happens at their end.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/folderkey.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qmessageauthenticationcode.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qnetworkrequest.h>
#include <QtTest/QtTest>
#include <QtWebSockets/qwebsocket.h>

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <optional>

using namespace iotman::test;

namespace {

const QByteArray scopeA = R"({"name":"a:read"})";
const QByteArray scopeB = R"({"name":"b:read"})";
const QByteArray reader = R"({"name":"Reader","scopes":["a:read","b:read"]})";

int modeOf(const QString& path)
{
    struct stat status {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? static_cast<int>(status.st_mode & 0777) : -1;
}

} // namespace

class TestTokens : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    std::optional<FolderKey> key_;   ///< the workspace's own
    QByteArray id_, secret_, token_; ///< of a client that may read `a` and `b`
    QString workspace_;

    QString path(const QString& name) const { return folder_.filePath(QStringLiteral("data/") + name); }

    HttpAnswer askFor(const QByteArray& form) const
    {
        return request(server_->port(), "POST", "/oauth/token",
                       {"Authorization: Basic " + QByteArray(id_ + ":" + secret_).toBase64()},
                       "grant_type=client_credentials" + form);
    }
    QJsonObject claims(qint64 expiresAt = QDateTime::currentSecsSinceEpoch() + 60) const
    {
        return {{QStringLiteral("sub"), QString::fromUtf8(id_)},
                {QStringLiteral("aud"), workspace_},
                {QStringLiteral("scope"), QStringLiteral("a:read")},
                {QStringLiteral("iat"), expiresAt - 600},
                {QStringLiteral("exp"), expiresAt}};
    }
    HttpAnswer readWith(const QByteArray& token) const { return client_->get("/data/out/a", {"Authorization: Bearer " + token}); }

private Q_SLOTS:
    void initTestCase()
    {
        server_ =
            std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), folder_.filePath(QStringLiteral("data"))});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), readFile(path(QStringLiteral("admin.key"))).trimmed());
        QVERIFY(!client_->token().isEmpty());
        QCOMPARE(client_->api("POST", "scopes", scopeA).status, 201);
        QCOMPARE(client_->api("POST", "scopes", scopeB).status, 201);
        QVERIFY(client_->makeEndpoint("a", "null", "\"a:read\""));
        QVERIFY(client_->makeEndpoint("b", "null", "\"b:read\""));
        const QJsonObject made = object(client_->api("POST", "clients", reader).body);
        id_ = made[u"id"].toString().toUtf8();
        secret_ = made[u"secret"].toString().toUtf8();
        token_ = client_->tokenOf(id_, secret_);
        QVERIFY(!token_.isEmpty());
        workspace_ = object(client_->api("GET", "workspace").body)[u"id"].toString();
        key_ = FolderKey::of(folder_.filePath(QStringLiteral("data")));
        QVERIFY(key_);
        QCOMPARE(readWith(key_->sign(key_->header(), claims())).status, 200);
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void scopesAreAskedForAsASetOfWords_data()
    {
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<QString>("granted"); // sorted; empty: refused
        const QString both = QStringLiteral("a:read b:read");
        QTest::newRow("none: all of the client's (oauth-3)") << QByteArray() << both;
        QTest::newRow("an empty list (oauth-3)") << QByteArray("&scope=") << both;
        QTest::newRow("nothing but blanks") << QByteArray("&scope=++") << both;
        QTest::newRow("one") << QByteArray("&scope=b%3Aread") << QStringLiteral("b:read");
        QTest::newRow("two blanks between (oauth-3)") << QByteArray("&scope=a:read++b:read") << both;
        QTest::newRow("one of them twice (oauth-3)") << QByteArray("&scope=a:read+a:read") << QStringLiteral("a:read");
        QTest::newRow("in another order (oauth-3)") << QByteArray("&scope=b:read%20a:read") << both;
        QTest::newRow("a blank behind (oauth-3)") << QByteArray("&scope=a:read+") << QStringLiteral("a:read");
        QTest::newRow("a blank before") << QByteArray("&scope=+a:read") << QStringLiteral("a:read");
        QTest::newRow("upper case, which is another scope (oauth-3)") << QByteArray("&scope=A:READ") << QString();
        QTest::newRow("one that is granted and one that is not") << QByteArray("&scope=a:read+c:read") << QString();
        QTest::newRow("a comma between") << QByteArray("&scope=a:read,b:read") << QString();
    }
    void scopesAreAskedForAsASetOfWords()
    {
        QFETCH(QByteArray, form);
        QFETCH(QString, granted);
        const HttpAnswer answer = askFor(form);
        const QJsonObject body = object(answer.body);
        if (granted.isEmpty()) {
            QCOMPARE(answer.status, 400);
            QCOMPARE(body[u"error"].toString(), QStringLiteral("invalid_scope"));
            QVERIFY(!body.contains(u"access_token"));
            return;
        }
        QCOMPARE(answer.status, 200);
        QStringList scopes = body[u"scope"].toString().split(u' ');
        scopes.sort();
        QCOMPARE(scopes.join(u' '), granted);
        const QByteArray bearer = "Authorization: Bearer " + body[u"access_token"].toString().toUtf8();
        for (const QByteArray name : {"a", "b"})
            QCOMPARE(client_->get("/data/out/" + name, {bearer}).status,
                     granted.contains(QString::fromUtf8(name + ":read")) ? 200 : 403);
    }

    /// RFC 9110 §11.1, §11.4; T stands for a good token.
    void theSchemeIsReadWithoutCaseAndTheTokenExactly_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("status");
        QTest::newRow("lower case (oauth-8)") << QByteArray("authorization: bearer T") << 200;
        QTest::newRow("upper case (oauth-8)") << QByteArray("AUTHORIZATION: BEARER T") << 200;
        QTest::newRow("two blanks (oauth-8)") << QByteArray("Authorization: Bearer  T") << 200;
        QTest::newRow("a blank behind (oauth-8)") << QByteArray("Authorization: Bearer T ") << 200;
        QTest::newRow("no blank behind the colon") << QByteArray("Authorization:Bearer T") << 200;
        QTest::newRow("no token (oauth-8)") << QByteArray("Authorization: Bearer") << 401;
        QTest::newRow("two words (oauth-8)") << QByteArray("Authorization: Bearer a b") << 401;
        QTest::newRow("a word behind the token") << QByteArray("Authorization: Bearer T b") << 401;
        QTest::newRow("a comma behind the token") << QByteArray("Authorization: Bearer T,") << 401;
        QTest::newRow("in quotes") << QByteArray("Authorization: Bearer \"T\"") << 401;
        QTest::newRow("another scheme (oauth-8)") << QByteArray("Authorization: Basic eDp5") << 401;
        QTest::newRow("no scheme") << QByteArray("Authorization: T") << 401;
        QTest::newRow("two fields (oauth-8)") << QByteArray("Authorization: Bearer T\r\nAuthorization: Bearer T") << 401;
        QTest::newRow("two fields, one of another scheme")
            << QByteArray("Authorization: Basic eDp5\r\nAuthorization: Bearer T") << 401;
    }
    void theSchemeIsReadWithoutCaseAndTheTokenExactly()
    {
        QFETCH(QByteArray, fields);
        QFETCH(int, status);
        fields.replace(" T", QByteArray(" " + token_)).replace("\"T\"", QByteArray("\"" + token_ + "\""));
        const HttpAnswer answer = client_->get("/data/out/a", {fields});
        QCOMPARE(answer.status, status);
        if (status == 401)
            QVERIFY2(answer.headers.value("www-authenticate").startsWith("Bearer realm="),
                     answer.headers.value("www-authenticate").constData());
    }

    void aTokenIsForThisWorkspace_data()
    {
        QTest::addColumn<QByteArray>("audience"); // JSON; WS is the workspace's id
        QTest::addColumn<int>("status");
        QTest::newRow("a text (oauth-4)") << QByteArray("\"WS\"") << 200;
        QTest::newRow("an array (oauth-4)") << QByteArray("[\"WS\"]") << 200;
        QTest::newRow("one of several (oauth-4)") << QByteArray("[\"other\",\"WS\"]") << 200;
        QTest::newRow("none (oauth-4)") << QByteArray("[]") << 401;
        QTest::newRow("another (oauth-4)") << QByteArray("[\"other\"]") << 401;
        QTest::newRow("another text") << QByteArray("\"other\"") << 401;
        QTest::newRow("a number (oauth-4)") << QByteArray("5") << 401;
        QTest::newRow("null") << QByteArray("null") << 401;
        QTest::newRow("inside another array") << QByteArray("[[\"WS\"]]") << 401;
        QTest::newRow("absent (oauth-4)") << QByteArray() << 401;
    }
    void aTokenIsForThisWorkspace()
    {
        QFETCH(QByteArray, audience);
        QFETCH(int, status);
        QJsonObject payload = claims();
        payload.remove(QStringLiteral("aud"));
        if (!audience.isEmpty())
            payload[QStringLiteral("aud")] = object("{\"aud\":" + audience.replace("WS", workspace_.toUtf8()) + "}")[u"aud"];
        const HttpAnswer answer = readWith(key_->sign(key_->header(), payload));
        QCOMPARE(answer.status, status);
        if (status == 401)
            QVERIFY2(answer.headers.value("www-authenticate").contains("error=\"invalid_token\""),
                     answer.headers.value("www-authenticate").constData());
    }

    void onlyOurOwnSignatureCounts_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QByteArray>("signature"); // "own": by the workspace's key, "hmac": by what is public of it
        for (const char* algorithm : {"none", "nOnE", "RS512", "PS256", "HS256", ""})
            QTest::addRow("by our key, as %s (oauth-5)", algorithm) << QString::fromLatin1(algorithm) << QByteArray("own");
        QTest::newRow("HS256 with the public key (oauth-5)") << QStringLiteral("HS256") << QByteArray("hmac");
        QTest::newRow("none at all (oauth-5)") << QStringLiteral("none") << QByteArray();
        QTest::newRow("an empty one (oauth-5)") << QStringLiteral("RS256") << QByteArray();
        QTest::newRow("of other bytes") << QStringLiteral("RS256") << QByteArray("AAAA");
    }
    void onlyOurOwnSignatureCounts()
    {
        QFETCH(QString, algorithm);
        QFETCH(QByteArray, signature);
        QJsonObject head = key_->header(algorithm);
        if (algorithm.isEmpty())
            head.remove(QStringLiteral("alg"));
        QByteArray token = FolderKey::content(head, claims()) + "." + signature;
        if (signature == "own")
            token = key_->sign(head, claims());
        if (signature == "hmac") {
            QProcess openssl; // as a library that takes any key for any algorithm would be given it
            openssl.start(QStringLiteral("openssl"), {QStringLiteral("rsa"), QStringLiteral("-in"),
                                                      path(QStringLiteral("signing-key.pem")), QStringLiteral("-pubout")});
            QVERIFY(openssl.waitForFinished() && openssl.exitCode() == 0);
            const QByteArray text = FolderKey::content(head, claims());
            token =
                text + "." +
                base64Url(QMessageAuthenticationCode::hash(text, openssl.readAllStandardOutput(), QCryptographicHash::Sha256));
        }
        const HttpAnswer answer = readWith(token);
        QCOMPARE(answer.status, 401);
        QVERIFY(answer.headers.value("www-authenticate").contains("error=\"invalid_token\""));
        QCOMPARE(readWith("..").status, 401);
    }

    /// oauth-6: with its file out of reach, whoever looked for a key again would not find even the one there is.
    void keysThatNobodyKnowsAreRefusedWithoutLookingForThem()
    {
        QVERIFY(QFile::rename(path(QStringLiteral("signing-key.pem")), path(QStringLiteral("away.pem"))));
        RawConnection connection(server_->port());
        QJsonObject head = key_->header();
        for (int n = 0; n < 500; ++n) {
            head[QStringLiteral("kid")] = QStringLiteral("unknown-%1").arg(n);
            const QByteArray token = FolderKey::content(head, claims()) + ".AAAA";
            connection.send("GET /data/out/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
            const HttpAnswer answer = connection.answer();
            QCOMPARE(answer.status, 401);
            QVERIFY(answer.headers.value("www-authenticate").contains("error=\"invalid_token\""));
        }
        QCOMPARE(readWith(token_).status, 200);
        QVERIFY(!client_->tokenOf(id_, secret_).isEmpty());
        QVERIFY(QFile::rename(path(QStringLiteral("away.pem")), path(QStringLiteral("signing-key.pem"))));
        QCOMPARE(object(client_->get("/.well-known/jwks.json").body)[u"keys"].toArray().size(), 1);
    }

    /// ws-5: on the WebSocket and on events alike.
    void aStreamEndsWithItsToken()
    {
        const qint64 expiresAt = QDateTime::currentSecsSinceEpoch() + 5;
        const QByteArray token = key_->sign(key_->header(), claims(expiresAt));
        QWebSocket socket;
        QList<qint64> received; // when each item was sent, in ms
        qint64 closedAt = 0;
        connect(&socket, &QWebSocket::textMessageReceived, this,
                [&](const QString& text) { received.append(object(text.toUtf8())[u"sent"].toInteger()); });
        connect(&socket, &QWebSocket::disconnected, this, [&] { closedAt = QDateTime::currentMSecsSinceEpoch(); });
        QNetworkRequest upgrade(QUrl(QStringLiteral("ws://127.0.0.1:%1/data/out/a/stream").arg(server_->port())));
        upgrade.setRawHeader("Authorization", "Bearer " + token);
        socket.open(upgrade);
        RawConnection events(server_->port());
        events.send("GET /data/out/a/events?access_token=" + token + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(events.waitFor("HTTP/1.1 200 OK\r\n"));
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);

        const auto deadline = QDeadlineTimer(60'000);
        qint64 lastSent = 0;
        while ((closedAt == 0 || lastSent < expiresAt * 1000 + 500) && !deadline.hasExpired()) {
            lastSent = QDateTime::currentMSecsSinceEpoch();
            QCOMPARE(client_->ingest("a", "{\"t\":1,\"sent\":" + QByteArray::number(lastSent) + "}").status, 200);
            QTest::qWait(50);
        }
        QVERIFY2(closedAt >= expiresAt * 1000, "the stream was closed early, or never");
        QCOMPARE(int(socket.closeCode()), 4401);
        QList<qint64> heard;
        for (QByteArray line = events.line(); !line.isNull(); line = events.line()) {
            if (line.startsWith("data: "))
                heard.append(object(line.mid(6))[u"sent"].toInteger());
        }
        QVERIFY(events.waitForClose());
        for (const QList<qint64>& items : {received, heard}) {
            QVERIFY2(!items.isEmpty(), "nothing came before the end");
            QVERIFY2(items.last() < expiresAt * 1000, "an item came that is younger than the token's end");
        }
    }

    /// oauth-7: one of them holds the folder, and the umask opens nothing to others.
    void twoFirstStartsAtOnceMakeOneKey()
    {
        QTemporaryDir folder;
        const QStringList arguments{QStringLiteral("--data"), folder.filePath(QStringLiteral("data"))};
        const auto file = [&](const char* name) { return folder.filePath(QStringLiteral("data/") + QLatin1String(name)); };
        const mode_t usual = ::umask(0);
        auto one = std::make_unique<ServerProcess>(arguments);
        auto other = std::make_unique<ServerProcess>(arguments);
        ::umask(usual);
        const bool isOneReady = one->waitUntilReady();
        QCOMPARE(other->waitUntilReady(), !isOneReady);
        if (!isOneReady)
            one.swap(other);
        QVERIFY(other->waitForEnd());
        QCOMPARE(other->exitCode(), 1);
        QVERIFY2(other->errors().contains("in use"), other->errors().constData());

        const QByteArray adminKey = readFile(file("admin.key")).trimmed();
        QCOMPARE(modeOf(file("admin.key")), 0600);
        const ApiClient admin(one->port(), adminKey);
        QVERIFY(!admin.token().isEmpty());
        QCOMPARE(modeOf(file("signing-key.pem")), 0600);
        QCOMPARE(object(admin.get("/.well-known/jwks.json").body)[u"keys"].toArray().size(), 1);
        const QByteArray key = readFile(file("signing-key.pem"));

        one->kill();
        ServerProcess again(arguments);
        QVERIFY2(again.waitUntilReady(), again.errors().constData());
        QCOMPARE(request(again.port(), "GET", "/api/me", {"Authorization: Bearer " + admin.token()}).status, 200);
        QCOMPARE(readFile(file("signing-key.pem")), key);
        QVERIFY(again.terminate());
    }
};

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_e2e_tokens.moc"
