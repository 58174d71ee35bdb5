// Streams from outside: what a handshake is answered, what comes, and that it is what the pages say.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qrandom.h>
#include <QtTest/QtTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace iotman::test;

namespace {

const QList<QByteArray> handshake{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="};

struct Sent {
    const char* name;
    const char* rule;
    const char* payload;
    const char* event; ///< null: the payload's own bytes
};

const char* const digits =
    R"({"a":9007199254740993,"b":1700000000123456789,"c":18446744073709551615,"d":123456789012345678901234567890,"e":1.50})";

const Sent sent[] = {
    {"line feeds between (sse-1)", "$", "{\n  \"t\": 1,\n  \"a\": [\n    2\n  ]\n}", "{   \"t\": 1,   \"a\": [     2   ] }"},
    {"CR LF between (sse-1)", "$", "{\r\n\"t\": 1,\r\n\"a\": 2\r\n}", nullptr},
    {"a lone CR between (sse-1)", "$", "{\"t\": 1,\r\"a\": 2}", "{\"t\": 1, \"a\": 2}"},
    {"a line separator in a text (sse-1)", "$", "{\"t\":1,\"a\":\"x\xe2\x80\xa8y\xe2\x80\xa9z\"}", nullptr},
    {"escaped line breaks in a text", "$", R"({"t":1,"a":"x\r\ny\nz"})", nullptr},
    {"what looks like an event", "$", R"({"t":1,"a":"\n\ndata: x\n\nid: 5"})", nullptr},
    {"digits (json-1)", "$", digits, nullptr},
    {"digits through a constructor (json-1)", "{ x: $.d, y: $.a }", digits,
     R"({"x":123456789012345678901234567890,"y":9007199254740993})"},
    {"keys in the constructor's order (json-5)", "{ 온도: $.온도, z: 1, a: 2 }", R"({"온도":21.5})",
     R"({"온도":21.5,"z":1,"a":2})"},
    {"composed and decomposed letters (json-5)", "{ x: $.\"\xc3\xa9\", y: $.\"e\xcc\x81\" }", "{\"e\xcc\x81\":2,\"\xc3\xa9\":1}",
     R"({"x":1,"y":2})"},
    {"the same letters passed through (json-5)", "$", "{\"e\xcc\x81\":2,\"\xc3\xa9\":1,\"\xf0\x9f\x8c\xa1\":3}", nullptr},
};

QByteArray quoted(const QByteArray& text)
{
    const QByteArray list = QJsonDocument(QJsonArray{QString::fromUtf8(text)}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

QByteArray numbered(int first, int count)
{
    QByteArray lines;
    for (int n = first; n < first + count; ++n)
        lines += "{\"t\":" + QByteArray::number(1'700'000'000 + n) + ",\"n\":" + QByteArray::number(n) + "}\n";
    return lines;
}

const QByteArray mixedScope = R"({"name":"guarded:read"})";
const QByteArray mixedClient = R"({"name":"Reader","scopes":["guarded:read"]})";
const QByteArray otherClient = R"({"name":"Other","scopes":[]})";
const QByteArray onePoint = R"({"t":1})";

} // namespace

class TestStreams : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    QByteArray good_, other_; ///< tokens, with the scope `guarded:read` and without

    QByteArray head(const QByteArray& target, const QList<QByteArray>& fields = {}) const
    {
        QByteArray text = "GET /data/out/" + target + " HTTP/1.1\r\nHost: localhost\r\n";
        for (const QByteArray& field : fields)
            text += field + "\r\n";
        return text + "\r\n";
    }
    std::unique_ptr<RawConnection> connected(const QByteArray& target, const QList<QByteArray>& fields = {}) const
    {
        auto connection = std::make_unique<RawConnection>(server_->port());
        connection->send(head(target, fields));
        return connection;
    }
    QByteArray tokenOf(const QByteArray& body) const
    {
        const QJsonObject made = object(client_->api("POST", "clients", body).body);
        return client_->tokenOf(made[u"id"].toString().toUtf8(), made[u"secret"].toString().toUtf8());
    }
    bool streamsAre(const QByteArray& endpoint, int count) const
    {
        const QByteArray line = "iotman_streams{endpoint=\"" + endpoint + "\"} " + QByteArray::number(count) + "\n";
        return client_->get("/metrics").body.contains(line);
    }
    /// The next line with data; whatever else stands before it is dropped.
    static QByteArray dataLine(RawConnection& events)
    {
        QByteArray line = events.line();
        while (!line.isNull() && !line.startsWith("data: "))
            line = events.line();
        return line.mid(6);
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("open"));
        QCOMPARE(client_->api("POST", "scopes", mixedScope).status, 201);
        QVERIFY(client_->makeEndpoint("guarded", "null", "\"guarded:read\""));
        good_ = tokenOf(mixedClient);
        other_ = tokenOf(otherClient);
        QVERIFY(!good_.isEmpty() && !other_.isEmpty());
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void anItemIsTheSameOnPageStreamAndEvents_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < int(std::size(sent)); ++i)
            QTest::newRow(sent[i].name) << i;
    }
    void anItemIsTheSameOnPageStreamAndEvents()
    {
        QFETCH(int, number);
        const Sent& c = sent[number];
        const QByteArray name = "sent" + QByteArray::number(number);
        QCOMPARE(client_->api("POST", "sources", "{\"name\":\"" + name + "\",\"kind\":\"http\"}").status, 201);
        QCOMPARE(client_
                     ->api("POST", "outputs",
                           "{\"name\":\"" + name + "\",\"sources\":[\"" + name + "\"],\"rule\":" + quoted(c.rule) + "}")
                     .status,
                 201);
        QCOMPARE(client_->api("POST", "endpoints", "{\"id\":\"" + name + "\",\"output\":\"" + name + "\"}").status, 201);
        const auto stream = connected(name + "/stream", handshake);
        QCOMPARE(stream->answer().status, 101);
        const auto events = connected(name + "/events");
        QVERIFY(events->waitFor("HTTP/1.1 200 OK\r\n"));
        QCOMPARE(client_->ingest(name, c.payload).status, 200);

        const QByteArray page = client_->get("/data/out/" + name).body;
        const QByteArray item = page.mid(9, page.size() - 9 - int(strlen("],\"next_page\":null}")));
        if (QByteArrayView(c.rule) == "$")
            QCOMPARE(item, QByteArray(c.payload));
        QVERIFY2(item.size() < 126, "longer than a frame with a short head");
        QVERIFY(stream->waitFor(QByteArray("\x81") + char(item.size()) + item));
        const QByteArray data = dataLine(*events);
        if (c.event)
            QCOMPARE(data, QByteArray(c.event));
        QVERIFY2(!data.contains('\r'), "which ends a line of an event, too");
        QVERIFY(events->line().isEmpty());
        QVERIFY(!object(data).isEmpty());
        QCOMPARE(object(data), object(item));
    }

    void whatIsStoredIsNoNews()
    {
        QVERIFY(client_->makeEndpoint("stored"));
        QCOMPARE(client_->ingest("stored", numbered(0, 10'000)).status, 200);
        const auto events = connected("stored/events"); // sse-2
        QVERIFY(events->waitFor("HTTP/1.1 200 OK\r\n"));
        const auto stream = connected("stored/stream", handshake);
        QCOMPARE(stream->answer().status, 101);
        QCOMPARE(client_->ingest("stored", numbered(10'000, 2)).status, 200);
        for (const int expected : {10'000, 10'001})
            QCOMPARE(object(dataLine(*events))[u"n"].toInt(), expected);
        const QByteArray first = numbered(10'000, 1).trimmed();
        QCOMPARE(stream->bytes(2), QByteArray("\x81") + char(first.size()));
        QCOMPARE(stream->bytes(first.size()), first);
    }

    /// ws-6: half of the readers by WebSocket, half by events, all of them while more arrives.
    void fromATimeOnEachNumberComesOnceAndInOrder()
    {
        constexpr int stored = 10'000, readers = 24;
        QVERIFY(client_->makeEndpoint("joined"));
        QCOMPARE(client_->ingest("joined", numbered(0, stored)).status, 200);
        std::atomic<bool> isOver = false;
        std::atomic<int> next = stored;
        std::jthread sender([&] {
            while (!isOver && client_->ingest("joined", numbered(next, 20)).status == 200)
                next += 20;
        });
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        std::vector<std::pair<int, std::unique_ptr<RawConnection>>> joined;
        for (int i = 0; i < readers; ++i) {
            const int first = random.bounded(stored);
            const QByteArray query = "?from=" + QByteArray::number(1'700'000'000 + first);
            joined.emplace_back(first,
                                i % 2 ? connected("joined/events" + query) : connected("joined/stream" + query, handshake));
            QTest::qWait(5);
        }
        const int seen = next;
        QTRY_VERIFY_WITH_TIMEOUT(next > seen + 200, 30'000);
        isOver = true;
        sender.join();
        QCOMPARE(client_->ingest("joined", R"({"t":1,"n":-1})").status, 200); // the end
        for (const auto& [first, connection] : joined) {
            int expected = first;
            QVERIFY(connection->waitFor("\r\n\r\n"));
            while (true) {
                QVERIFY2(connection->waitFor("\"n\":"), "it ended early");
                const int number = connection->until('}').toInt();
                if (number == -1)
                    break;
                QCOMPARE(number, expected++);
            }
            QCOMPARE(expected, next.load());
        }
    }

    /// ws-3: a context of its own for each reader would cost more than it spares.
    void compressionIsDeclined()
    {
        const auto stream = connected(
            "open/stream", handshake + QList<QByteArray>{"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"});
        const HttpAnswer answer = stream->answer();
        QCOMPARE(answer.status, 101);
        QVERIFY(!answer.headers.contains("sec-websocket-extensions"));
        QCOMPARE(client_->ingest("open", onePoint).status, 200);
        QVERIFY(stream->waitFor("\x81\x07" + onePoint)); // a whole text, none of the reserved bits
    }

    void aRefusedStreamIsToldWhy_data()
    {
        QTest::addColumn<QByteArray>("field"); // G: a good token, O: one without the scope
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        const QByteArray realm = "Bearer realm=\"iotman\"", scope = ", scope=\"guarded:read\"";
        QTest::newRow("no token (ws-7)") << QByteArray("X: y") << 401 << realm + scope;
        QTest::newRow("a bad one (ws-7)") << QByteArray("Authorization: Bearer bad") << 401
                                          << realm + ", error=\"invalid_token\"" + scope;
        QTest::newRow("one without the scope (ws-7)")
            << QByteArray("Authorization: Bearer O") << 403 << realm + ", error=\"insufficient_scope\"" + scope;
        QTest::newRow("a good one as sub-protocol (ws-4)")
            << QByteArray("Sec-WebSocket-Protocol: bearer, G") << 401 << realm + scope;
    }
    void aRefusedStreamIsToldWhy()
    {
        QFETCH(QByteArray, field);
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        field.replace(" G", QByteArray(" " + good_)).replace(" O", QByteArray(" " + other_));
        for (const bool isSocket : {true, false}) {
            const HttpAnswer answer = connected(isSocket ? "guarded/stream" : "guarded/events",
                                                (isSocket ? handshake : QList<QByteArray>()) + QList<QByteArray>{field})
                                          ->answer();
            QCOMPARE(answer.status, status);
            QCOMPARE(answer.headers.value("www-authenticate"), challenge);
            QCOMPARE(answer.headers.value("content-type"), QByteArray("application/problem+json"));
        }
    }

    /// ws-4: with a token where it belongs, the sub-protocols are passed over.
    void aTokenIsNeverChosenAsSubprotocol()
    {
        const auto stream = connected("guarded/stream?access_token=" + good_,
                                      handshake + QList<QByteArray>{"Sec-WebSocket-Protocol: bearer, " + good_});
        const HttpAnswer answer = stream->answer();
        QCOMPARE(answer.status, 101);
        QVERIFY(!answer.headers.contains("sec-websocket-protocol"));
        for (const QByteArray& value : answer.headers)
            QVERIFY(!value.contains(good_));
    }

    /// qt-3: neither the program's name nor a permission that nobody gave.
    void noAnswerNamesTheProgramOrLetsAnyOriginIn_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QList<QByteArray>>("fields");
        QTest::addColumn<int>("status");
        const QList<QByteArray> none, own{"Origin: http://localhost"};
        QTest::newRow("a handshake") << QByteArray("GET /data/out/open/stream") << handshake << 101;
        QTest::newRow("a handshake of our own origin") << QByteArray("GET /data/out/open/stream") << handshake + own << 101;
        QTest::newRow("events") << QByteArray("GET /data/out/open/events") << none << 200;
        QTest::newRow("a page") << QByteArray("GET /data/out/open") << own << 200;
        QTest::newRow("a preflight") << QByteArray("OPTIONS /data/out/open")
                                     << QList<QByteArray>{"Origin: https://b.example", "Access-Control-Request-Method: GET"}
                                     << 204;
        QTest::newRow("nothing there") << QByteArray("GET /data/out/nowhere") << none << 404;
        QTest::newRow("a refused handshake") << QByteArray("GET /data/out/guarded/stream") << handshake << 401;
        QTest::newRow("a foreign page's handshake")
            << QByteArray("GET /data/out/open/stream") << handshake + QList<QByteArray>{"Origin: https://b.example"} << 403;
        QTest::newRow("a head that is none") << QByteArray("GET /data/out/open") << QList<QByteArray>{"X : y"} << 400;
        QTest::newRow("the state") << QByteArray("GET /healthz") << none << 200;
        QTest::newRow("management") << QByteArray("GET /api/me") << none << 401;
        QTest::newRow("a token's form") << QByteArray("POST /oauth/token") << QList<QByteArray>{"Content-Length: 0"} << 400;
        QTest::newRow("no datapoint") << QByteArray("POST /data/in/open") << QList<QByteArray>{"Content-Length: 0"} << 400;
    }
    void noAnswerNamesTheProgramOrLetsAnyOriginIn()
    {
        QFETCH(QByteArray, request);
        QFETCH(QList<QByteArray>, fields);
        QFETCH(int, status);
        RawConnection connection(server_->port());
        connection.send(request + " HTTP/1.1\r\nHost: localhost\r\n" + fields.join("\r\n") + "\r\n\r\n");
        const HttpAnswer answer = connection.answer();
        QCOMPARE(answer.status, status);
        QVERIFY(!answer.headers.contains("server"));
        QVERIFY2(!answer.headers.value("access-control-allow-origin").contains("*"),
                 answer.headers.value("access-control-allow-origin").constData());
    }

    void theSixStreamsOfAPageAreFreedWithIt_data()
    {
        QTest::addColumn<bool>("isSocket");
        QTest::newRow("events (sse-4)") << false;
        QTest::newRow("WebSockets") << true;
    }
    void theSixStreamsOfAPageAreFreedWithIt()
    {
        QFETCH(bool, isSocket);
        const QByteArray name = isSocket ? "sockets" : "sources";
        QVERIFY(client_->makeEndpoint(name));
        std::vector<std::unique_ptr<RawConnection>> page;
        for (int i = 0; i < 6; ++i) {
            page.push_back(isSocket ? connected(name + "/stream", handshake) : connected(name + "/events"));
            QVERIFY(page.back()->waitFor("\r\n\r\n"));
        }
        QTRY_VERIFY_WITH_TIMEOUT(streamsAre(name, 6), 30'000);
        QCOMPARE(client_->get("/data/out/" + name).status, 200);
        page.clear();
        QTRY_VERIFY_WITH_TIMEOUT(streamsAre(name, 0), 30'000);
    }
};

QTEST_GUILESS_MAIN(TestStreams)
#include "tst_e2e_streams.moc"
