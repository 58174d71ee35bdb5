// How every path may be asked, as HTTP and OAuth want it, from outside.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QByteArray onePoint = R"({"t":1})";

} // namespace

class TestServerHttp : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("x"));
        QCOMPARE(client_->ingest("x", onePoint).status, 200);
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void everyPathSaysWhatItTakes_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<QByteArray>("allow");
        const auto row = [](const char* path, const char* other, const char* allow) {
            QTest::newRow(path) << QByteArray(path) << QByteArray(other) << QByteArray(allow);
        };
        row("/data/out/x", "DELETE", "GET, HEAD, OPTIONS");
        row("/data/out/x/stream", "PUT", "GET, HEAD, OPTIONS");
        row("/data/out/x/events", "POST", "GET, HEAD, OPTIONS");
        row("/data/in/x", "GET", "POST, OPTIONS");
        row("/oauth/token", "GET", "POST, OPTIONS");
        row("/.well-known/jwks.json", "POST", "GET, HEAD, OPTIONS");
        row("/.well-known/oauth-authorization-server", "PUT", "GET, HEAD, OPTIONS");
        row("/openapi.json", "POST", "GET, HEAD, OPTIONS");
        row("/healthz", "DELETE", "GET, HEAD, OPTIONS");
        row("/metrics", "PATCH", "GET, HEAD, OPTIONS");
        row("/api/me", "POST", "GET, HEAD, OPTIONS");
        row("/api/cors", "DELETE", "GET, HEAD, PUT, OPTIONS");
        row("/api/endpoints", "PUT", "GET, HEAD, POST, OPTIONS");
        row("/api/endpoints/x", "POST", "GET, HEAD, PATCH, DELETE, OPTIONS");
        row("/api/activity/events", "POST", "GET, HEAD, OPTIONS");
    }
    void everyPathSaysWhatItTakes()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, other);
        QFETCH(QByteArray, allow);
        for (const QByteArray& method : {other, QByteArray("TRACE")}) {
            const HttpAnswer refused = request(server_->port(), method, path);
            QCOMPARE(refused.status, 405);
            QCOMPARE(refused.headers.value("allow"), allow);
        }
        const HttpAnswer options = request(server_->port(), "OPTIONS", path);
        QCOMPARE(options.status, 204);
        QCOMPARE(options.headers.value("allow"), allow);
        QVERIFY(options.body.isEmpty());
    }

    void whatIsNotThereTakesNothing()
    {
        for (const char* path : {"/", "/data", "/api/nothing", "/favicon.ico"})
            QCOMPARE(request(server_->port(), "OPTIONS", path).status, 404);
    }

    /// A cache must not give one format to who asked for another.
    void aPageInAnyFormatVariesByAccept()
    {
        for (const char* accept : {"application/json", "text/csv", "application/x-ndjson", "image/png"}) {
            const HttpAnswer answer = client_->get("/data/out/x", {QByteArray("Accept: ") + accept});
            QCOMPARE(answer.status, 200);
            QVERIFY2(answer.headers.value("vary").contains("Accept"), accept);
        }
    }

    /// A page on the web reads why it was refused, also where no handler was asked.
    void whatTheGuardRefusesIsReadableForAnAllowedOrigin_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("readable");
        const QByteArray page = "/data/out/x", allowed = "Origin: https://a.example";
        QTest::newRow("an unknown method") << QByteArray("BREW") << page << QList<QByteArray>{allowed} << 501 << true;
        QTest::newRow("a body that is too long") << QByteArray("GET") << page << QList<QByteArray>{allowed, "Content-Length: 99999999"} << 413 << true;
        QTest::newRow("of another origin") << QByteArray("BREW") << page << QList<QByteArray>{"Origin: https://b.example"} << 501 << false;
        QTest::newRow("a target that is too long") << QByteArray("GET") << QByteArray(page + "?x=" + QByteArray(17'000, 'a')) << QList<QByteArray>{allowed} << 414 << true;
        QTest::newRow("too many fields") << QByteArray("GET") << page << (QList<QByteArray>{allowed} + QList<QByteArray>(101, "X: y")) << 431 << true;
        QTest::newRow("a field that is none") << QByteArray("GET") << page << QList<QByteArray>{allowed, "X : y"} << 400 << true;
        QTest::newRow("an expectation") << QByteArray("GET") << page << QList<QByteArray>{allowed, "Expect: more"} << 417 << true;
        QTest::newRow("two origins") << QByteArray("GET") << page << QList<QByteArray>{allowed, allowed, "X : y"} << 400 << false;
        QTest::newRow("meant for another host") << QByteArray("GET") << "http://evil.example" + page << QList<QByteArray>{allowed} << 421 << false;
    }
    void whatTheGuardRefusesIsReadableForAnAllowedOrigin()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        QFETCH(bool, readable);
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[\"https://a.example\"]}").status, 200);
        const HttpAnswer answer = request(server_->port(), method, target, headers);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("access-control-allow-origin"), QByteArray(readable ? "https://a.example" : ""));
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[]}").status, 200);
    }

    /// RFC 6750 §3, §3.1.
    void aRefusalSaysWhatIsWrongWithTheToken_data()
    {
        QTest::addColumn<QByteArray>("authorization");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        const QByteArray realm = "Bearer realm=\"iotman\"";
        QTest::newRow("none") << QByteArray() << 401 << realm;
        QTest::newRow("another way") << QByteArray("Basic eDp5") << 401 << realm;
        QTest::newRow("no way") << QByteArray(" ") << 401 << realm;
        QTest::newRow("no token") << QByteArray("Bearer") << 401 << QByteArray(realm + ", error=\"invalid_token\"");
        QTest::newRow("one of somebody else") << QByteArray("Bearer abc") << 401 << QByteArray(realm + ", error=\"invalid_token\"");
        QTest::newRow("one that is not enough") << QByteArray("client") << 403 << QByteArray(realm + ", error=\"insufficient_scope\"");
    }
    void aRefusalSaysWhatIsWrongWithTheToken()
    {
        QFETCH(QByteArray, authorization);
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        if (authorization == "client") {
            const QJsonObject made = object(client_->api("POST", "clients", R"({"name":"reader","scopes":[]})").body);
            const QByteArray token = client_->tokenOf(made[u"id"].toString().toUtf8(), made[u"secret"].toString().toUtf8());
            QVERIFY(!token.isEmpty());
            authorization = "Bearer " + token;
        }
        const QList<QByteArray> headers = authorization.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{"Authorization: " + authorization};
        const HttpAnswer answer = request(server_->port(), "GET", "/api/me", headers);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("www-authenticate"), challenge);
    }

    void aTokenThatIsGivenTwiceIsAnInvalidRequest()
    {
        QCOMPARE(client_->api("POST", "scopes", R"({"name":"twice:read"})").status, 201);
        QVERIFY(client_->makeEndpoint("twice", "null", "\"twice:read\""));
        const HttpAnswer answer = client_->get("/data/out/twice/events?access_token=a&access_token=b");
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.headers.value("www-authenticate"), QByteArray("Bearer realm=\"iotman\", error=\"invalid_request\""));
        QVERIFY(answer.body.contains("\"field\":\"access_token\""));
        const HttpAnswer both = request(server_->port(), "GET", "/data/out/twice/events?access_token=a", {"Authorization: Bearer b"});
        QCOMPARE(both.status, 400);
        QVERIFY(both.headers.value("www-authenticate").startsWith("Bearer realm=\"iotman\", error=\"invalid_request\""));
        QVERIFY(both.body.contains("\"field\":\"access_token\""));
    }

    void aPageSaysThatItTakesNoTokenFromItsUrl()
    {
        QCOMPARE(client_->api("POST", "scopes", R"({"name":"paged:read"})").status, 201);
        QVERIFY(client_->makeEndpoint("paged", "null", "\"paged:read\""));
        const auto told = [&](const QByteArray& query) { return object(client_->get("/data/out/paged" + query).body)[u"detail"].toString(); };
        QCOMPARE(told({}), QStringLiteral("an access token is needed: Authorization: Bearer TOKEN"));
        QCOMPARE(told("?access_token=a"), told({}) + QStringLiteral("; access_token in the URL is for streams alone"));
    }

    void aLongCursorIsACursorThatIsNone()
    {
        const HttpAnswer answer = client_->get("/data/out/x?cursor=" + QByteArray(10'000, 'A'));
        QCOMPARE(answer.status, 400);
        QCOMPARE(object(answer.body).value(u"field").toString(), QStringLiteral("cursor"));
    }

    void aStreamIsAskedForWithoutABody_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"/data/out/x/stream", "/data/out/x/events", "/api/activity/events"})
            QTest::newRow(path) << QByteArray(path);
    }
    void aStreamIsAskedForWithoutABody()
    {
        QFETCH(QByteArray, path);
        const HttpAnswer answer = request(client_->port(), "GET", path, {}, "hello");
        QCOMPARE(answer.status, 400);
        QVERIFY2(answer.body.contains("without a body"), answer.body.constData());
        QCOMPARE(request(client_->port(), "POST", path, {}, "hello").headers.value("allow"), QByteArray("GET, HEAD, OPTIONS"));
    }

    /// Some clients say of a GET how long the body is that it has not.
    void aStreamIsAskedForWithABodyOfNoBytes()
    {
        RawConnection events(server_->port()), socket(server_->port());
        QVERIFY(client_->makeEndpoint("asked"));
        events.send("GET /data/out/asked/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(events.waitFor("HTTP/1.1 200 OK"));
        socket.send("GET /data/out/asked/stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        QVERIFY(socket.waitFor("HTTP/1.1 101 "));
        const HttpAnswer plain = client_->get("/data/out/asked/stream");
        QCOMPARE(plain.status, 426);
        QCOMPARE(plain.headers.value("upgrade"), QByteArray("websocket"));
        QVERIFY(plain.headers.value("connection").contains("Upgrade"));
    }

    /// http-7: also by who sends no more.
    void requestsInARowAreAllAnsweredInOrder_data()
    {
        QTest::addColumn<QByteArray>("end"); // of what is sent
        QTest::addColumn<int>("answers");
        QTest::newRow("whole ones") << QByteArray() << 10;
        QTest::newRow("and the beginning of a head") << QByteArray("POST /data/in/row HTT") << 10;
        QTest::newRow("and the beginning of a body") << QByteArray("POST /data/in/row HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{") << 10;
    }
    void requestsInARowAreAllAnsweredInOrder()
    {
        QFETCH(QByteArray, end);
        QFETCH(int, answers);
        const QByteArray name = "row" + QByteArray::number(end.size());
        QVERIFY(client_->makeEndpoint(name));
        QByteArray all;
        for (int n = 0; n < answers; ++n) {
            const QByteArray body = "{\"t\":1,\"n\":" + QByteArray::number(n) + "}";
            all += "POST /data/in/" + name + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
        }
        RawConnection connection(server_->port());
        connection.send(all + end);
        connection.endWriting();
        for (int n = 0; n < answers; ++n)
            QCOMPARE(connection.answer().body, QByteArray("{\"accepted\":1}"));
        QVERIFY(connection.waitForClose());
        QCOMPARE(object(client_->get("/data/out/" + name).body)[u"data"].toArray().size(), answers);
    }

    /// The guard remembers a connection's last head, and nothing of what it was answered.
    void aHeadThatComesAgainIsReadAsTheFirstWas_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const QByteArray& request, int status) {
            const QByteArray line = request.first(request.indexOf('|'));
            QTest::newRow(name) << line + " HTTP/1.1\r\nHost: localhost\r\n" + request.mid(line.size() + 1) << status;
        };
        row("a page", "GET /data/out/again|\r\n", 200);
        row("a page's head", "HEAD /data/out/again|\r\n", 200);
        row("a question that is refused", "GET /data/out/again?limit=many|\r\n", 400);
        row("a stream that is none", "GET /data/out/again/stream|\r\n", 426);
        row("a preflight", "OPTIONS /data/out/again|Origin: https://a.example\r\n\r\n", 204);
        row("a body", "POST /data/in/again|Content-Length: 7\r\n\r\n{\"t\":1}", 200);
        row("a chunked body", "POST /data/in/again|Transfer-Encoding: chunked\r\n\r\n7\r\n{\"t\":2}\r\n0\r\n\r\n", 200);
        row("a method without its body", "PUT /data/out/again|\r\n", 405);
    }
    void aHeadThatComesAgainIsReadAsTheFirstWas()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        if (client_->get("/data/out/again").status == 404)
            QVERIFY(client_->makeEndpoint("again"));
        RawConnection connection(server_->port());
        const QByteArray other = "GET /data/out/again?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (const QByteArray& sent : {request, request, other, request, QByteArray("\r\n" + request), request}) {
            // In two pieces, so that one of them is no whole head.
            connection.send(sent.first(sent.size() / 2));
            connection.send(sent.mid(sent.size() / 2));
            QCOMPARE(connection.answer(sent.contains("HEAD ")).status, sent == other ? 200 : status);
        }
        connection.send(request + request + other + request);
        for (const QByteArray& sent : {request, request, other, request})
            QCOMPARE(connection.answer(sent.startsWith("HEAD ")).status, sent == other ? 200 : status);
    }

    /// Only the whole of a head is known again.
    void aRememberedHeadLetsNobodyElseIn()
    {
        QVERIFY(client_->makeEndpoint("shut", "null", "null"));
        QCOMPARE(client_->api("POST", "scopes", R"({"name":"shut:read"})").status, 201);
        QCOMPARE(client_->api("PATCH", "endpoints/shut", R"({"required_scope":"shut:read"})").status, 200);
        const QJsonObject made = object(client_->api("POST", "clients", R"({"name":"shut","scopes":["shut:read"]})").body);
        const QByteArray token = client_->tokenOf(made[u"id"].toString().toUtf8(), made[u"secret"].toString().toUtf8());
        QVERIFY(!token.isEmpty());
        const auto asks = [](const QByteArray& fields) -> QByteArray { return "GET /data/out/shut HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n"; };
        const QByteArray good = asks("Authorization: Bearer " + token + "\r\n");
        const QByteArray longer = asks("Authorization: Bearer " + token + "x\r\n");
        const QByteArray foreign = QByteArray(good).replace("Host: localhost", "Host: evil.example");
        RawConnection connection(server_->port());
        for (const auto& [sent, status] : {std::pair{good, 200}, {asks({}), 401}, {good, 200}, {good, 200}, {longer, 401}, {good, 200}, {foreign, 421}}) {
            connection.send(sent);
            QCOMPARE(connection.answer().status, status);
        }
    }

    /// A proxy's own sign-in, say, that it passes on.
    void anotherWayToAuthenticateIsNone()
    {
        const QByteArray basic = "Authorization: Basic eDp5";
        QCOMPARE(request(server_->port(), "GET", "/data/out/x", {basic}).status, 200);
        QCOMPARE(request(server_->port(), "GET", "/openapi.json", {basic}).status, 200);
        QVERIFY(client_->makeEndpoint("byquery", "null", "null"));
        QCOMPARE(client_->api("POST", "scopes", R"({"name":"byquery:read"})").status, 201);
        QCOMPARE(client_->api("PATCH", "endpoints/byquery", R"({"required_scope":"byquery:read"})").status, 200);
        const QJsonObject made = object(client_->api("POST", "clients", R"({"name":"byquery","scopes":["byquery:read"]})").body);
        const QByteArray token = client_->tokenOf(made[u"id"].toString().toUtf8(), made[u"secret"].toString().toUtf8());
        RawConnection events(server_->port());
        events.send("GET /data/out/byquery/events?access_token=" + token + " HTTP/1.1\r\nHost: localhost\r\n" + basic + "\r\n\r\n");
        QVERIFY(events.waitFor("HTTP/1.1 200 OK\r\n"));
        QCOMPARE(request(server_->port(), "GET", "/data/out/byquery", {basic}).status, 401);
    }

    void anEndpointIsGoneForWhoAskedJustBefore()
    {
        QVERIFY(client_->makeEndpoint("off"));
        const QByteArray asks = "GET /data/out/off HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawConnection connection(server_->port());
        connection.send(asks);
        QCOMPARE(connection.answer().status, 200);
        QCOMPARE(client_->api("PATCH", "endpoints/off", R"({"enabled":false})").status, 200);
        connection.send(asks);
        QCOMPARE(connection.answer().status, 404);
    }

    /// RFC 9110 §15.5.16.
    void aBodyIsTakenAsItIsAndNotDecoded_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("coding");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const char* method, const char* path, const char* body, const char* coding,
                            int status) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(body) << QByteArray(coding) << status;
        };
        row("datapoints, compressed", "POST", "/data/in/x", "{\"t\":1}", "gzip", 415);
        row("datapoints, compressed twice", "POST", "/data/in/x", "{\"t\":1}", "identity, br", 415);
        row("datapoints as they are", "POST", "/data/in/x", "{\"t\":1}", "Identity", 200);
        row("datapoints of no coding", "POST", "/data/in/x", "{\"t\":1}", "", 200);
        row("a new resource", "POST", "/api/scopes", "{\"name\":\"coded:read\"}", "gzip", 415);
        row("a changed one", "PATCH", "/api/sources/x", "{\"enabled\":true}", "deflate", 415);
        row("a changed one as it is", "PATCH", "/api/sources/x", "{\"enabled\":true}", "identity", 200);
        row("a list", "PUT", "/api/cors", "{\"origins\":[]}", "zstd", 415);
        row("a workspace file", "PUT", "/api/workspace/file", "{\"iotman\":1}", "x-gzip", 415);
        row("what takes no members", "POST", "/api/keys/rotate", "{}", "gzip", 415);
        row("a token's form", "POST", "/oauth/token", "grant_type=client_credentials", "gzip", 415);
        row("a question without a body", "GET", "/api/sources/x", "", "gzip", 200);
    }
    void aBodyIsTakenAsItIsAndNotDecoded()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, coding);
        QFETCH(int, status);
        const QList<QByteArray> headers{"Authorization: Bearer " + client_->token(), "Content-Encoding: " + coding};
        const HttpAnswer answer = request(server_->port(), method, path, headers, body);
        QCOMPARE(answer.status, status);
        if (status == 200)
            return;
        QCOMPARE(answer.headers.value("accept-encoding"), QByteArray("identity"));
        if (path == "/oauth/token") // RFC 6749 §5.2
            QCOMPARE(object(answer.body).value(u"error").toString(), QStringLiteral("invalid_request"));
        else
            QCOMPARE(object(answer.body).value(u"field").toString(), QStringLiteral("Content-Encoding"));
    }

    /// RFC 6749 §2.3 and §5.2.
    void aClientAuthenticatesInOneWay_data()
    {
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<QString>("error");
        const QByteArray basic = "Authorization: Basic eDp5"; // x:y
        const auto row = [](const char* name, const QList<QByteArray>& headers, const char* form, const char* error) {
            QTest::newRow(name) << headers << QByteArray(form) << QString::fromLatin1(error);
        };
        row("the secret in the header and in the form", {basic}, "&client_id=x&client_secret=y", "invalid_request");
        row("another id in the form", {basic}, "&client_id=z", "invalid_request");
        row("two headers", {basic, basic}, "", "invalid_request");
        row("the same id in the form", {basic}, "&client_id=x", "invalid_client");
        row("no way at all", {}, "", "invalid_client");
    }
    void aClientAuthenticatesInOneWay()
    {
        QFETCH(QList<QByteArray>, headers);
        QFETCH(QByteArray, form);
        QFETCH(QString, error);
        const HttpAnswer answer =
            request(server_->port(), "POST", "/oauth/token", headers, "grant_type=client_credentials" + form);
        QCOMPARE(answer.status, error == u"invalid_client" ? 401 : 400);
        QCOMPARE(object(answer.body).value(u"error").toString(), error);
    }

    /// RFC 6749 §3.2.
    void aParameterWithoutAValueCountsAsLeftOut()
    {
        const HttpAnswer missing = request(server_->port(), "POST", "/oauth/token", {}, "grant_type=&client_id=x&client_secret=y");
        QCOMPARE(missing.status, 400);
        QCOMPARE(object(missing.body).value(u"error").toString(), QStringLiteral("invalid_request"));
        QVERIFY(!client_->tokenOf("admin@localhost", server_->adminKey(), "&role=&scope=").isEmpty());
    }

    /// RFC 6749 §5.2.
    void aRoleThatThereIsNoneOfIsAnInvalidRequest()
    {
        const HttpAnswer answer = request(server_->port(), "POST", "/oauth/token", {},
                                          "grant_type=client_credentials&role=king&client_id=admin%40localhost&client_secret=" + server_->adminKey());
        QCOMPARE(answer.status, 400);
        QCOMPARE(object(answer.body).value(u"error").toString(), QStringLiteral("invalid_request"));
        QCOMPARE(object(answer.body).value(u"error_description").toString(), QStringLiteral("expected the role viewer, editor or admin"));
    }

    void aMemberSignsInHoweverTheAddressIsWritten_data()
    {
        QTest::addColumn<QByteArray>("credentials"); // %1 is the access key
        QTest::newRow("as it is") << QByteArray("Basic ada+lab@example.com:%1");
        QTest::newRow("form-encoded (RFC 6749 §2.3.1)") << QByteArray("Basic ada%2Blab%40example.com:%1");
        QTest::newRow("behind two blanks (RFC 9110 §11.4)") << QByteArray("basic  ada+lab@example.com:%1");
        QTest::newRow("in the form") << QByteArray("client_id=ada%2Blab%40example.com&client_secret=%1");
    }
    void aMemberSignsInHoweverTheAddressIsWritten()
    {
        QFETCH(QByteArray, credentials);
        static const QByteArray key =
            object(client_->api("POST", "members", R"({"email":"ada+lab@example.com","role":"viewer"})").body)[u"key"].toString().toUtf8();
        QVERIFY(!key.isEmpty());
        credentials.replace("%1", key);
        const qsizetype scheme = credentials.toLower().startsWith("basic") ? credentials.lastIndexOf(' ') + 1 : 0;
        const QList<QByteArray> headers =
            scheme > 0 ? QList<QByteArray>{"Authorization: " + credentials.first(scheme) + credentials.mid(scheme).toBase64()} : QList<QByteArray>();
        const QByteArray form = "grant_type=client_credentials" + (scheme > 0 ? QByteArray() : QByteArray("&" + credentials));
        const HttpAnswer answer = request(server_->port(), "POST", "/oauth/token", headers, form);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.value("cache-control"), QByteArray("no-store"));
        QCOMPARE(answer.headers.value("pragma"), QByteArray("no-cache"));
    }

    /// To begin anew would lose what was missed.
    void whereAReaderStoppedIsSaidOnce()
    {
        const QByteArray cursor = object(client_->get("/data/out/x?times=1").body)[u"live"].toString().toUtf8();
        QVERIFY(!cursor.isEmpty());
        const QByteArray line = "Last-Event-ID: " + cursor;
        RawConnection once(server_->port());
        once.send("GET /data/out/x/events HTTP/1.1\r\nHost: localhost\r\n" + line + "\r\n\r\n");
        QVERIFY(once.waitFor("HTTP/1.1 200 OK\r\n"));
        const HttpAnswer twice = request(server_->port(), "GET", "/data/out/x/events", {line, line});
        QCOMPARE(twice.status, 400);
        QCOMPARE(object(twice.body)[u"field"].toString(), QStringLiteral("Last-Event-ID"));
        const HttpAnswer another = request(server_->port(), "GET", "/data/out/x/events", {"Last-Event-ID: 12"});
        QCOMPARE(another.status, 400);
        QVERIFY2(object(another.body)[u"detail"].toString().startsWith(u"Last-Event-ID: expected"), another.body.constData());
    }

    /// RFC 9110 §13.1.1 and §13.1.2; %1 is the tag of what is stored.
    void aPreconditionNamesEntityTags_data()
    {
        QTest::addColumn<QList<QByteArray>>("tags");
        QTest::addColumn<bool>("strong");
        QTest::addColumn<bool>("weak");
        QTest::newRow("the one") << QList<QByteArray>{"%1"} << true << true;
        QTest::newRow("another") << QList<QByteArray>{"\"a\""} << false << false;
        QTest::newRow("any") << QList<QByteArray>{"*"} << true << true;
        QTest::newRow("a weak one") << QList<QByteArray>{"W/%1"} << false << true;
        QTest::newRow("one of several") << QList<QByteArray>{"\"a\", %1, \"b\""} << true << true;
        QTest::newRow("several others") << QList<QByteArray>{"\"a\",\"b\""} << false << false;
        QTest::newRow("one on the second line") << QList<QByteArray>{"\"a\"", "%1"} << true << true;
        QTest::newRow("others on two lines") << QList<QByteArray>{"\"a\"", "\"b\""} << false << false;
        QTest::newRow("nothing") << QList<QByteArray>{""} << false << false;
    }
    void aPreconditionNamesEntityTags()
    {
        QFETCH(QList<QByteArray>, tags);
        QFETCH(bool, strong);
        QFETCH(bool, weak);
        const QByteArray bearer = "Authorization: Bearer " + client_->token();
        const QByteArray stored = request(server_->port(), "GET", "/api/cors", {bearer}).headers.value("etag");
        QVERIFY(!stored.isEmpty());
        QList<QByteArray> changes{bearer};
        QList<QByteArray> reads{bearer};
        for (QByteArray tag : tags) {
            tag.replace("%1", stored);
            changes.append("If-Match: " + tag);
            reads.append("If-None-Match: " + tag);
        }
        QCOMPARE(request(server_->port(), "GET", "/api/cors", reads).status, weak ? 304 : 200);
        QCOMPARE(request(server_->port(), "PUT", "/api/cors", changes, "{\"origins\":[]}").status, strong ? 200 : 412);
    }

    /// RFC 9112 appendix C.2.2
    void whoSpeaksHttp10HearsThatItsConnectionStays()
    {
        RawConnection connection(client_->port());
        for (int i = 0; i < 2; ++i) {
            connection.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
            const HttpAnswer answer = connection.answer();
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.headers.value("connection"), QByteArray("keep-alive"));
        }
        connection.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
        QCOMPARE(connection.answer().headers.value("connection"), QByteArray("close"));
        QVERIFY(connection.waitForClose());
    }

    /// They could lock out whoever signs in on this computer.
    void pagesOfOtherOriginsCannotAskForTokens()
    {
        const QByteArray form = "grant_type=client_credentials&client_id=x&client_secret=wrong";
        const QByteArray type = "Content-Type: application/x-www-form-urlencoded";
        for (int i = 0; i < 10; ++i)
            QCOMPARE(request(client_->port(), "POST", "/oauth/token", {type, "Origin: https://evil.example"}, form).status, 403);
        QCOMPARE(request(client_->port(), "POST", "/oauth/token", {type}, form).status, 401);
    }

    void theWorkspaceFileHasATagThatGuardsIt()
    {
        const QByteArray bearer = "Authorization: Bearer " + client_->token();
        const HttpAnswer file = client_->get("/api/workspace/file", {bearer});
        const QByteArray tag = file.headers.value("etag");
        QVERIFY(!tag.isEmpty());
        const auto put = [&](const QByteArray& seen) { return request(client_->port(), "PUT", "/api/workspace/file", {bearer, "If-Match: " + seen}, file.body).status; };
        QCOMPARE(put("\"stale\""), 412);
        QCOMPARE(put(tag), 200);
        QCOMPARE(client_->api("POST", "scopes", "{\"name\":\"a:b\"}").status, 201);
        QCOMPARE(put(tag), 412);
    }

    void aMemberNeedsARole()
    {
        const HttpAnswer answer = client_->api("POST", "members", "{\"email\":\"ada@example.com\"}");
        QCOMPARE(answer.status, 400);
        QCOMPARE(object(answer.body).value(u"field").toString(), QStringLiteral("role"));
    }
};

QTEST_GUILESS_MAIN(TestServerHttp)
#include "tst_e2e_server_http.moc"
