// The main job, from outside the process: the demo is served, read to its end, guarded, streamed, managed and ended.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qset.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qurl.h>
#include <QtCore/qurlquery.h>
#include <QtTest/QtTest>
#include <QtWebSockets/qwebsocket.h>

#include <memory>

using namespace iotman::test;

namespace {

QJsonObject object(const QByteArray& json) { return QJsonDocument::fromJson(json).object(); }

QByteArray targetOf(const QString& url)
{
    const QUrl parsed(url);
    return parsed.path(QUrl::FullyEncoded).toUtf8() + (parsed.hasQuery() ? "?" + parsed.query(QUrl::FullyEncoded).toUtf8() : QByteArray());
}

/// `["a","b"]`
QByteArray textArray(const QList<QByteArray>& texts) { return "[\"" + texts.join("\",\"") + "\"]"; }

/// A reader of a stream that keeps what came.
struct StreamClient {
    QWebSocket socket;
    QList<QByteArray> messages;
    int closeCode = 0;

    explicit StreamClient(const QUrl& url, const QByteArray& token = {})
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket, [this](const QString& text) { messages.append(text.toUtf8()); });
        QObject::connect(&socket, &QWebSocket::disconnected, &socket, [this] { closeCode = socket.closeCode(); });
        QNetworkRequest request(url);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        socket.open(request);
    }
};

} // namespace

class TestServer : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    QByteArray token_; ///< the first admin's

    int port() const { return server_->port(); }
    HttpAnswer get(const QByteArray& target, const QList<QByteArray>& headers = {}) const { return request(port(), "GET", target, headers); }
    HttpAnswer api(const QByteArray& method, const QByteArray& path, const QByteArray& body = {}, const QByteArray& token = {}) const
    {
        return request(port(), method, "/api/" + path, {"Authorization: Bearer " + (token.isEmpty() ? token_ : token)}, body);
    }
    QByteArray tokenOf(const QByteArray& id, const QByteArray& secret, const QByteArray& extra = {}) const
    {
        const HttpAnswer answer = request(port(), "POST", "/oauth/token", {"Authorization: Basic " + QByteArray(id + ":" + secret).toBase64()},
                                          "grant_type=client_credentials" + extra);
        return object(answer.body).value(u"access_token").toString().toUtf8();
    }
    QUrl streamUrl(const QByteArray& endpoint, const QByteArray& query = {}) const
    {
        return QUrl(QStringLiteral("ws://127.0.0.1:%1/data/out/%2/stream").arg(port()).arg(QString::fromUtf8(endpoint)) + QString::fromUtf8(query));
    }
    /// Creates a source, an output that passes everything through, and an endpoint of the same name.
    void makeEndpoint(const QByteArray& name, const QByteArray& scope = "null")
    {
        QCOMPARE(api("POST", "sources", R"({"name":")" + name + R"(","kind":"http","time":"$.t"})").status, 201);
        QCOMPARE(api("POST", "outputs", R"({"name":")" + name + R"(","sources":[")" + name + R"("],"rule":"$"})").status, 201);
        const HttpAnswer made = api("POST", "endpoints", R"({"id":")" + name + R"(","output":")" + name + R"(","required_scope":)" + scope + "}");
        QCOMPARE(made.status, 201);
        QCOMPARE(made.headers.value("location"), "/api/endpoints/" + name);
    }
    HttpAnswer ingest(const QByteArray& source, const QByteArray& body) const { return request(port(), "POST", "/data/in/" + source, {}, body); }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(
            QStringList{QStringLiteral("--ephemeral"), QStringLiteral("--workspace"), QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/workspace.json")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        token_ = tokenOf("admin@localhost", server_->adminKey());
        QVERIFY(!token_.isEmpty());
    }
    void cleanupTestCase()
    {
        QVERIFY(server_->terminate());
        QCOMPARE(server_->exitCode(), 0);
    }

    void stdoutSaysTheAdminsKeyAndWhereItIsReadyAndNothingElse()
    {
        QCOMPARE(server_->lines().size(), 2);
        static const QRegularExpression admin(QStringLiteral("^admin admin@localhost [A-Za-z0-9_-]{43}$"));
        QVERIFY(admin.match(QString::fromUtf8(server_->lines().at(0))).hasMatch());
        QCOMPARE(server_->lines().at(1), "ready http://127.0.0.1:" + QByteArray::number(port()));
    }

    void everyRecordOfTheDemoComesOnceThoughEachDateStandsThereTwice()
    {
        for (const QByteArray limit : {"7", "100", "1000"}) {
            QSet<QByteArray> seen;
            QByteArray target = "/data/out/two-cities?limit=" + limit;
            int count = 0;
            double last = 1e18;
            while (!target.isEmpty()) {
                const HttpAnswer page = get(target);
                QCOMPARE(page.status, 200);
                const QJsonObject json = object(page.body);
                for (const QJsonValue& item : json.value(u"data").toArray()) {
                    QVERIFY(item[u"at"].toDouble() <= last);
                    last = item[u"at"].toDouble();
                    seen.insert(item[u"location"].toString().toUtf8() + QByteArray::number(last, 'f', 0));
                    ++count;
                }
                const QJsonValue next = json.value(u"next_page");
                target = next.isNull() ? QByteArray() : targetOf(next.toString());
            }
            QCOMPARE(count, 2922);
            QCOMPARE(seen.size(), 2922);
        }
    }

    void aPageHasAHundredItemsUnlessAskedOtherwiseAndItsOwnBytes()
    {
        const HttpAnswer page = get("/data/out/seattle");
        QCOMPARE(page.headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(object(page.body).value(u"data").toArray().size(), 100);
        QVERIFY2(page.body.startsWith(R"({"data":[{"at":1451520000,"max":5.6,"min":-2.1,"mean":1.75,)"), page.body.left(120).constData());
    }

    void badParametersAreRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("field");
        QTest::newRow("milliseconds (time-1)") << QByteArray("from=1700000000000") << QStringLiteral("from");
        QTest::newRow("rubbish behind a number (time-4)") << QByteArray("to=1700000000abc") << QStringLiteral("to");
        QTest::newRow("given twice (time-4)") << QByteArray("from=1&from=2") << QStringLiteral("from");
        QTest::newRow("limit of zero (limit-1)") << QByteArray("limit=0") << QStringLiteral("limit");
        QTest::newRow("limit beyond 10000 (limit-1)") << QByteArray("limit=10001") << QStringLiteral("limit");
        QTest::newRow("a damaged cursor (paging-5)") << QByteArray("cursor=pAAAA!") << QStringLiteral("cursor");
        QTest::newRow("an empty cursor (paging-5)") << QByteArray("cursor=") << QStringLiteral("cursor");
    }
    void badParametersAreRefusedByName()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, field);
        const HttpAnswer answer = get("/data/out/seattle?" + query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("application/problem+json"));
        const QJsonObject problem = object(answer.body);
        QCOMPARE(problem.value(u"field").toString(), field);
        QCOMPARE(problem.value(u"status").toInt(), 400);
    }

    void bothEndsOfATimeRangeBelongToIt()
    {
        makeEndpoint("ends");
        QCOMPARE(ingest("ends", R"([{"t":1700000000},{"t":1700000000.000001},{"t":1700000001}])").status, 200);
        const auto count = [&](const QByteArray& query) { return object(get("/data/out/ends?" + query).body).value(u"data").toArray().size(); };
        QCOMPARE(count("from=1700000000&to=1700000000"), 1);
        QCOMPARE(count("from=1700000000&to=1700000001"), 3);
        QCOMPARE(count("from=1700000000.000001&to=1700000000.000001"), 1);
    }

    void aRestrictedEndpointNeedsATokenWithItsScope()
    {
        const QByteArray target = "/data/out/two-cities-restricted?limit=1";
        const HttpAnswer without = get(target);
        QCOMPARE(without.status, 401);
        QCOMPARE(without.headers.value("www-authenticate"), QByteArray("Bearer realm=\"iotman\", scope=\"sensor:read\""));

        const HttpAnswer renewed = api("POST", "clients/dashboard/secret");
        QCOMPARE(renewed.status, 200);
        const QByteArray secret = object(renewed.body).value(u"secret").toString().toUtf8();
        QCOMPARE(get(target, {"Authorization: Bearer " + tokenOf("dashboard", secret)}).status, 200);

        const HttpAnswer other = api("POST", "clients", R"({"name":"Other","scopes":["system:read"]})");
        QCOMPARE(other.status, 201);
        const QByteArray id = object(other.body).value(u"id").toString().toUtf8();
        const QByteArray otherToken = tokenOf(id, object(other.body).value(u"secret").toString().toUtf8());
        const HttpAnswer foreign = get(target, {"Authorization: Bearer " + otherToken});
        QCOMPARE(foreign.status, 403);
        QVERIFY(foreign.headers.value("www-authenticate").contains("insufficient_scope"));
        QCOMPARE(get(target, {"Authorization: Bearer rubbish"}).status, 401);
        QVERIFY(tokenOf("dashboard", "wrong").isEmpty());
    }

    void everyItemIngestedArrivesOnTheStreamWithTheBytesOfThePage()
    {
        makeEndpoint("live");
        StreamClient reader(streamUrl("live"));
        QTRY_COMPARE(reader.socket.state(), QAbstractSocket::ConnectedState);
        const QList<QByteArray> sent{R"({"t":1700000003,"n":9007199254740993})", R"({"t":1700000001, "x" : 1.50})", R"({"t":1700000002,"온도":21.50})"};
        for (const QByteArray& item : sent)
            QCOMPARE(object(ingest("live", item).body).value(u"accepted").toInt(), 1);
        QTRY_COMPARE(reader.messages, sent);
        const QByteArray page = get("/data/out/live").body;
        QCOMPARE(page, "{\"data\":[" + sent[0] + "," + sent[2] + "," + sent[1] + "],\"next_page\":null}");
    }

    void aClientInAnotherLanguageReadsTheSameBytes()
    {
        makeEndpoint("python");
        QProcess client;
        client.start(QStringLiteral("/usr/bin/python3"),
                     {QStringLiteral(IOTMAN_SOURCE_DIR "/tests/clients/read_stream.py"), streamUrl("python").toString(), QStringLiteral("2")});
        QTRY_VERIFY_WITH_TIMEOUT(client.canReadLine(), 30000);
        QCOMPARE(client.readLine().trimmed(), QByteArray("open"));
        const QByteArray lines = "{\"t\":1,\"n\": 1.50}\n{\"t\":2}";
        QCOMPARE(ingest("python", lines).status, 200);
        QVERIFY(client.waitForFinished(30000));
        const QByteArray expected = "\"{\\\"t\\\":1,\\\"n\\\": 1.50}\"\n\"{\\\"t\\\":2}\"\n";
        QCOMPARE(client.readAllStandardOutput(), expected);
    }

    void aStreamFromATimeReplaysAndGoesOnWithoutGapOrRepeat()
    {
        makeEndpoint("replayed");
        QByteArray lines;
        for (int i = 0; i < 5000; ++i)
            lines += "{\"t\":" + QByteArray::number(1700000000 + i) + ",\"n\":" + QByteArray::number(i) + "}\n";
        QCOMPARE(ingest("replayed", lines).status, 200);
        StreamClient reader(streamUrl("replayed", "?from=1700001000"));
        for (int i = 5000; i < 5050; ++i)
            QCOMPARE(ingest("replayed", "{\"t\":" + QByteArray::number(1700000000 + i) + ",\"n\":" + QByteArray::number(i) + "}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(reader.messages.size(), 4050, 20000);
        for (int i = 0; i < 4050; ++i)
            QCOMPARE(object(reader.messages[i]).value(u"n").toInt(), 1000 + i);
    }

    void refusedStreamsGetTheirStatusBeforeAnyUpgrade_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        const QList<QByteArray> good{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="};
        QTest::newRow("without a token (ws-7)") << QByteArray("two-cities-restricted/stream") << good << 401;
        QTest::newRow("with a bad token (ws-7)") << QByteArray("two-cities-restricted/stream?access_token=bad") << good << 401;
        QTest::newRow("unknown endpoint (ws-7)") << QByteArray("nowhere/stream") << good << 404;
        QTest::newRow("foreign origin (ws-7, host-3)") << QByteArray("seattle/stream") << good + QList<QByteArray>{"Origin: https://evil.example"} << 403;
        QTest::newRow("origin null (cors-4)") << QByteArray("seattle/stream") << good + QList<QByteArray>{"Origin: null"} << 403;
        QTest::newRow("version 12 (ws-7)") << QByteArray("seattle/stream")
                                           << QList<QByteArray>{good[0], good[1], "Sec-WebSocket-Version: 12", good[3]} << 426;
        QTest::newRow("without a key (ws-7)") << QByteArray("seattle/stream") << good.mid(0, 3) << 400;
        QTest::newRow("a token as sub-protocol (ws-4)")
            << QByteArray("two-cities-restricted/stream") << good + QList<QByteArray>{"Sec-WebSocket-Protocol: bearer, abc"} << 401;
        QTest::newRow("no upgrade at all") << QByteArray("seattle/stream") << QList<QByteArray>{} << 426;
    }
    void refusedStreamsGetTheirStatusBeforeAnyUpgrade()
    {
        QFETCH(QByteArray, path);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        const HttpAnswer answer = get("/data/out/" + path, headers);
        QCOMPARE(answer.status, status);
        if (status == 401)
            QVERIFY(answer.headers.value("www-authenticate").startsWith("Bearer"));
        if (status == 426)
            QCOMPARE(answer.headers.value("sec-websocket-version"), QByteArray("13"));
    }

    void aRestrictedStreamTakesItsTokenFromTheHeaderOrTheQuery()
    {
        const QByteArray secret = object(api("POST", "clients/dashboard/secret").body).value(u"secret").toString().toUtf8();
        const QByteArray token = tokenOf("dashboard", secret);
        StreamClient byHeader(streamUrl("two-cities-restricted"), token);
        StreamClient byQuery(streamUrl("two-cities-restricted", "?access_token=" + token));
        QTRY_COMPARE(byHeader.socket.state(), QAbstractSocket::ConnectedState);
        QTRY_COMPARE(byQuery.socket.state(), QAbstractSocket::ConnectedState);
    }

    void eventsCarryTheSameItemsWithTheirCursors()
    {
        makeEndpoint("events");
        const QByteArray asks = "GET /data/out/events/events HTTP/1.1\r\nHost: localhost\r\n";
        RawConnection connection(port());
        connection.send(asks + "\r\n");
        const HttpAnswer head = connection.answer();
        QCOMPARE(head.status, 200);
        QCOMPARE(head.headers.value("content-type"), QByteArray("text/event-stream"));
        QVERIFY(connection.line().startsWith(':')); // the first thing is a comment
        while (!connection.line().isEmpty()) {
        }
        const QList<QByteArray> sent{R"({"t":3,"n":1})", R"({"t":1,"n":2})", R"({"t":2,"n":3})"};
        for (const QByteArray& item : sent)
            QCOMPARE(ingest("events", item).status, 200);
        QList<QByteArray> cursors;
        for (const QByteArray& item : sent) {
            const QByteArray id = connection.line();
            QVERIFY2(id.startsWith("id: s"), id.constData());
            cursors.append(id.mid(4));
            QCOMPARE(connection.line(), QByteArray("data: " + item));
            QVERIFY(connection.line().isEmpty());
        }
        // Each leads to what came behind it.
        for (qsizetype i = 0; i + 1 < sent.size(); ++i) {
            RawConnection again(port());
            again.send(asks + "Last-Event-ID: " + cursors[i] + "\r\n\r\n");
            QVERIFY(again.waitFor("\nid: " + cursors[i + 1] + "\n"));
            QCOMPARE(again.line(), QByteArray("data: " + sent[i + 1]));
        }
    }

    void theAllowlistDecidesWhatABrowserGets()
    {
        const QByteArray allowed = "https://mydashboard.example.com";
        const QByteArray typed = "HTTPS://MyDashboard.Example.com/";
        const HttpAnswer saved = api("PUT", "cors", "{\"origins\":" + textArray({typed, "https://other.example"}) + "}");
        QCOMPARE(saved.status, 200);
        const QByteArray expected = "{\"origins\":" + textArray({allowed, "https://other.example"}) + ",\"repairs\":[{\"given\":\"" + typed +
                                    "\",\"stored\":\"" + allowed + "\"}]}";
        QCOMPARE(saved.body, expected);
        for (const QByteArray target : {"/data/out/seattle", "/data/out/seattle?limit=0", "/data/out/two-cities-restricted", "/data/out/nowhere"}) {
            const HttpAnswer answer = get(target, {"Origin: " + allowed});
            QCOMPARE(answer.headers.value("access-control-allow-origin"), allowed);
            QVERIFY(answer.headers.value("vary").contains("Origin"));
        }
        const HttpAnswer foreign = get("/data/out/seattle", {"Origin: https://evil.example"});
        QVERIFY(!foreign.headers.contains("access-control-allow-origin"));
        QVERIFY(foreign.headers.value("vary").contains("Origin"));

        const QList<QByteArray> asks{"Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization"};
        const HttpAnswer preflight = request(port(), "OPTIONS", "/data/out/two-cities-restricted", asks + QList<QByteArray>{"Origin: " + allowed});
        QCOMPARE(preflight.status, 204);
        QVERIFY(preflight.headers.value("access-control-allow-headers").contains("Authorization"));
        QVERIFY(preflight.headers.value("access-control-allow-methods").contains("GET"));
        const HttpAnswer refused = request(port(), "OPTIONS", "/data/out/seattle", asks + QList<QByteArray>{"Origin: https://evil.example"});
        QVERIFY(!refused.headers.contains("access-control-allow-origin"));
        QVERIFY(!refused.headers.contains("access-control-allow-headers"));

        QCOMPARE(api("PUT", "cors", R"({"origins":["*"]})").status, 200);
        QCOMPARE(get("/data/out/seattle", {"Origin: https://evil.example"}).headers.value("access-control-allow-origin"), QByteArray("*"));
        const HttpAnswer both = api("PUT", "cors", "{\"origins\":" + textArray({"*", "https://a.example"}) + "}");
        QCOMPARE(both.status, 400);
        QCOMPARE(api("PUT", "cors", R"({"origins":[]})").status, 200);
    }

    void aDeletedEndpointIsGoneFromTheNextRequestOnAndItsOutputStays()
    {
        makeEndpoint("doomed");
        QCOMPARE(ingest("doomed", R"({"t":1,"n":1})").status, 200);
        StreamClient reader(streamUrl("doomed"));
        QTRY_COMPARE(reader.socket.state(), QAbstractSocket::ConnectedState);
        QCOMPARE(api("DELETE", "endpoints/doomed").status, 204);
        QCOMPARE(get("/data/out/doomed").status, 404);
        QTRY_COMPARE(reader.closeCode, 4404);
        QCOMPARE(api("POST", "endpoints", R"({"id":"reborn","output":"doomed"})").status, 201);
        QCOMPARE(get("/data/out/reborn").body, QByteArray(R"({"data":[{"t":1,"n":1}],"next_page":null})"));
    }

    void aLowerRoleReadsAndIsRefusedTheSameThatTheDialogsDisable()
    {
        const QByteArray viewer = tokenOf("admin@localhost", server_->adminKey(), "&role=viewer");
        QVERIFY(!viewer.isEmpty());
        QCOMPARE(api("GET", "endpoints", {}, viewer).status, 200);
        const HttpAnswer refused = api("POST", "endpoints", R"({"output":"Two cities"})", viewer);
        QCOMPARE(refused.status, 403);
        QCOMPARE(object(refused.body).value(u"detail").toString(), QStringLiteral("Requires Editor or Admin role."));
        QCOMPARE(object(api("POST", "scopes", R"({"name":"a:b"})", viewer).body).value(u"detail").toString(), QStringLiteral("Requires Admin role."));
        QCOMPARE(request(port(), "GET", "/api/endpoints").status, 401);
    }

    void aRefusedBatchIsRefusedWhole()
    {
        makeEndpoint("whole");
        QByteArray lines;
        for (int i = 1; i <= 1000; ++i)
            lines += i == 637 ? QByteArray("{\"n\":637,}\n") : "{\"t\":1,\"n\":" + QByteArray::number(i) + "}\n";
        const HttpAnswer refused = ingest("whole", lines);
        QCOMPARE(refused.status, 400);
        QVERIFY2(object(refused.body).value(u"detail").toString().contains(QStringLiteral("line 637")), refused.body.constData());
        const HttpAnswer element = ingest("whole", R"([{"t":1},{"t":2},5])");
        QCOMPARE(element.status, 400);
        QVERIFY2(object(element.body).value(u"detail").toString().contains(QStringLiteral("element 3")), element.body.constData());
        QCOMPARE(get("/data/out/whole").body, QByteArray(R"({"data":[],"next_page":null})"));
        QCOMPARE(ingest("whole", {""}).status, 400);
        QCOMPARE(ingest("whole", "[]").body, QByteArray(R"({"accepted":0})"));
    }

    void onlyOurOwnHostNamesAreAnswered_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("status");
        for (const char* host : {"localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost.", "localhost:8787", "127.0.0.1:1"})
            QTest::newRow(host) << QByteArray(host) << 200;
        for (const char* host : {"evil.example", "evil.example:8787", "localhost.evil.example"})
            QTest::newRow(host) << QByteArray(host) << 421;
    }
    void onlyOurOwnHostNamesAreAnswered()
    {
        QFETCH(QByteArray, host);
        QFETCH(int, status);
        for (const QByteArray target : {"/data/out/seattle", "/.well-known/jwks.json"}) {
            RawConnection connection(port());
            connection.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            QCOMPARE(connection.answer().status, status);
        }
    }

    void pagesOfOtherOriginsCannotSendDatapoints()
    {
        makeEndpoint("guarded");
        const HttpAnswer answer = request(port(), "POST", "/data/in/guarded", {"Origin: https://evil.example", "Content-Type: text/plain"}, R"({"t":1})");
        QCOMPARE(answer.status, 403);
        QCOMPARE(get("/data/out/guarded").body, QByteArray(R"({"data":[],"next_page":null})"));
    }

    void requestsOnOneConnectionAreAnsweredInOrder()
    {
        RawConnection connection(port());
        QByteArray many;
        for (int i = 1; i <= 200; ++i)
            many += "GET /data/out/seattle?limit=" + QByteArray::number(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        connection.send(many);
        for (int i = 1; i <= 200; ++i)
            QCOMPARE(object(connection.answer().body).value(u"data").toArray().size(), i);
    }

    void aHeadAnswerHasNoBodyAndTheConnectionGoesOn()
    {
        RawConnection connection(port());
        connection.send("HEAD /data/out/seattle HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const HttpAnswer head = connection.answer(true);
        QCOMPARE(head.status, 200);
        QVERIFY(head.headers.value("content-length").toInt() > 1000);
        connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        QCOMPARE(connection.answer().body, QByteArray(R"({"status":"ok"})"));
        QVERIFY(connection.waitForClose());
    }

    void chunkedBodiesAndExpectationsAreTaken()
    {
        makeEndpoint("chunked");
        RawConnection connection(port());
        connection.send("POST /data/in/chunked HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
        QCOMPARE(connection.answer().status, 100);
        for (const char c : QByteArray(R"({"t":7})"))
            connection.send(QByteArray("1\r\n") + c + "\r\n");
        connection.send("0\r\n\r\n");
        QCOMPARE(connection.answer().body, QByteArray(R"({"accepted":1})"));
    }

    void theLiveEndpointOfThisComputerMoves()
    {
        QTRY_VERIFY_WITH_TIMEOUT(object(get("/data/out/computer").body).value(u"data").toArray().size() >= 2, 15000);
        const QJsonObject item = object(get("/data/out/computer").body).value(u"data").toArray().first().toObject();
        QVERIFY(item.value(u"cpu").isDouble());
        QVERIFY(item.value(u"memory").toDouble() > 0);
    }

    void aSecondServerOnTheSamePortSaysSoAndEnds()
    {
        QByteArray output;
        const QString address = QStringLiteral("127.0.0.1:%1").arg(port());
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--listen"), address}, output), 1);
        QCOMPARE(output.count('\n'), 1);
        QVERIFY2(output.contains("taken"), output.constData());
    }

    void aFolderInUseIsRefusedNamingItsHolder()
    {
        QTemporaryDir folder;
        ServerProcess first({QStringLiteral("--data"), folder.path()});
        QVERIFY(first.waitUntilReady());
        QVERIFY(first.lines().first().startsWith("admin admin@localhost file:"));
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--data"), folder.path(), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")}, output), 1);
        QVERIFY2(output.contains("in use"), output.constData());
        QVERIFY(first.terminate());
    }

    void mistakesInAWorkspaceFileAreToldWithTheirLine()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("broken.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\n  \"iotman\": 1,\n  \"outputs\": [\n    {\"name\": \"x\", \"rule\": \"{ a: \"}\n  ]\n}\n");
        file.close();
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                            QStringLiteral("--workspace"), file.fileName()},
                           output),
                 1);
        QVERIFY2(output.contains("broken.json:4: "), output.constData());
    }

    void wrongUsageIsExitCodeTwo()
    {
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("1")}, output), 2);
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:65536")}, output), 2);
        QCOMPARE(runServer({}, output), 2);
        QCOMPARE(runServer({QStringLiteral("version")}, output), 0);
    }
};

QTEST_GUILESS_MAIN(TestServer)
#include "tst_e2e_server.moc"
