// Under which names it answers, which links it gives, and which origins of pages it lets read.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QList<QByteArray> handshake{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="};
const QByteArray twoPoints = R"([{"t":1},{"t":2}])";
const QByteArray onePoint = R"({"t":1})";
const QByteArray guardedScope = R"({"name":"guarded:read"})";
const QByteArray noOrigins = R"({"origins":[]})";
const QByteArray oneOrigin = R"({"origins":["https://a.example"]})";
const QByteArray twoOrigins = R"({"origins":["https://a.example","https://b.example:8443"]})";
const QByteArray anyOrigin = R"({"origins":["*"]})";
const QByteArray otherClient = R"({"name":"Other","scopes":[]})";

struct Call {
    const char* name;
    QByteArray line;
    QList<QByteArray> fields;
    QByteArray body;
    int status; ///< under a name of ours
};

QList<Call> calls()
{
    return {{"a page", "GET /data/out/x", {}, {}, 200},
            {"a stream", "GET /data/out/x/stream", handshake, {}, 101},
            {"events", "GET /data/out/x/events", {}, {}, 200},
            {"datapoints", "POST /data/in/x", {"Content-Length: 7"}, onePoint, 200},
            {"tokens", "POST /oauth/token", {"Content-Length: 0"}, {}, 400},
            {"management", "GET /api/endpoints", {}, {}, 401},
            {"keys", "GET /.well-known/jwks.json", {}, {}, 200},
            {"what it does", "GET /openapi.json", {}, {}, 200},
            {"its state", "GET /healthz", {}, {}, 200},
            {"counters", "GET /metrics", {}, {}, 200},
            {"a preflight", "OPTIONS /data/out/x", {"Origin: https://a.example", "Access-Control-Request-Method: GET"}, {}, 204},
            {"nothing", "GET /nothing", {}, {}, 404}};
}

} // namespace

class TestNames : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;
    QByteArray other_; ///< a token without scopes

    HttpAnswer answerTo(const Call& call, const QByteArray& host) const
    {
        RawConnection connection(server_->port());
        QByteArray text = call.line + " HTTP/1.1\r\nHost: " + host + "\r\n";
        for (const QByteArray& field : call.fields)
            text += field + "\r\n";
        connection.send(text + "\r\n" + call.body);
        return connection.answer();
    }
    /// The head of an answer as it came.
    QByteArray headOf(const QByteArray& line, const QList<QByteArray>& fields) const
    {
        RawConnection connection(server_->port());
        connection.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + fields.join("\r\n") +
                        (fields.isEmpty() ? "\r\n" : "\r\n\r\n"));
        QByteArray head;
        for (QByteArray next = connection.line(); next.size() > 1; next = connection.line())
            head += next + "\n";
        return head;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("x"));
        QVERIFY(client_->makeEndpoint("links"));
        QCOMPARE(client_->ingest("links", twoPoints).status, 200);
        QCOMPARE(client_->api("POST", "scopes", guardedScope).status, 201);
        QVERIFY(client_->makeEndpoint("guarded", "null", "\"guarded:read\""));
        const QJsonObject made = object(client_->api("POST", "clients", otherClient).body);
        other_ = client_->tokenOf(made[u"id"].toString().toUtf8(), made[u"secret"].toString().toUtf8());
        QVERIFY(!other_.isEmpty());
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void anotherHostIsRefusedEverywhere_data()
    {
        QTest::addColumn<QByteArray>("host"); // PORT is the server's
        for (const char* host : {"evil.example", "evil.example:PORT", "localhost.evil.example", "localhost.evil.example:PORT",
                                 "localhostx", "127.0.0.1.evil.example", "127.0.0.2:PORT", "[::2]", "0"})
            QTest::addRow("%s (host-1)", host) << QByteArray(host);
    }
    void anotherHostIsRefusedEverywhere()
    {
        QFETCH(QByteArray, host);
        host.replace("PORT", QByteArray::number(server_->port()));
        const QByteArray before = client_->get("/data/out/x").body;
        for (const Call& call : calls()) {
            const HttpAnswer answer = answerTo(call, host);
            if (answer.status != 421 || answer.headers.contains("access-control-allow-origin"))
                QFAIL(call.name);
        }
        QCOMPARE(client_->get("/data/out/x").body, before);
    }

    void ourOwnNamesAreServedEverywhere_data()
    {
        QTest::addColumn<QByteArray>("host");
        for (const char* host : {"localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost."}) {
            QTest::addRow("%s (host-1)", host) << QByteArray(host);
            QTest::addRow("%s with its port (host-1)", host) << QByteArray(host) + ":PORT";
            QTest::addRow("%s with another port", host) << QByteArray(host) + ":1";
        }
    }
    void ourOwnNamesAreServedEverywhere()
    {
        QFETCH(QByteArray, host);
        host.replace("PORT", QByteArray::number(server_->port()));
        for (const Call& call : calls())
            QVERIFY2(answerTo(call, host).status == call.status, call.name);
    }

    void whatAnyoneSaysOfForwardingIsPassedOver_data()
    {
        QTest::addColumn<QList<QByteArray>>("fields");
        QTest::newRow("X-Forwarded (nextpage-2)")
            << QList<QByteArray>{"X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Port: 666"};
        QTest::newRow("Forwarded (nextpage-2)") << QList<QByteArray>{"Forwarded: host=evil.example;proto=https"};
        QTest::newRow("both, and others") << QList<QByteArray>{"Forwarded: for=evil.example;host=\"evil.example\"",
                                                               "X-Forwarded-Host: evil.example",
                                                               "X-Original-Host: evil.example",
                                                               "X-Forwarded-Server: evil.example",
                                                               "X-Host: evil.example",
                                                               "X-Forwarded-Prefix: /evil.example"};
    }
    void whatAnyoneSaysOfForwardingIsPassedOver()
    {
        QFETCH(QList<QByteArray>, fields);
        for (const QByteArray target :
             {"/data/out/links?limit=1", "/.well-known/oauth-authorization-server", "/openapi.json", "/data/out/nowhere"}) {
            for (const QByteArray accept : {"Accept: application/json", "Accept: text/csv"}) {
                const HttpAnswer answer = client_->get(target, fields + QList<QByteArray>{accept});
                QVERIFY(answer.status == 200 || target.endsWith("nowhere"));
                QVERIFY2(!answer.body.contains("evil.example") && !answer.body.contains("https://localhost"),
                         answer.body.constData());
                for (const QByteArray& value : answer.headers)
                    QVERIFY2(!value.contains("evil.example") && !value.contains("https:"), value.constData());
            }
        }
        const QByteArray link =
            client_->get("/data/out/links?limit=1", fields + QList<QByteArray>{"Accept: text/csv"}).headers.value("link");
        QVERIFY2(link.startsWith(QByteArray("<http://127.0.0.1:" + QByteArray::number(server_->port()) + "/data/out/links?")),
                 link.constData());
    }

    /// store-6, nextpage-3.
    void localhostIsBothLoopbacksAndLinksKeepTheirBrackets()
    {
        if (!QTcpServer().listen(QHostAddress::LocalHostIPv6))
            QSKIP("this machine has no ::1");
        ServerProcess both({QStringLiteral("--ephemeral"), QStringLiteral("--listen"), QStringLiteral("localhost:0")});
        QVERIFY2(both.waitUntilReady(3), both.errors().constData());
        const QUrl four(QString::fromUtf8(both.lines().at(2).mid(6))), six(QString::fromUtf8(both.lines().at(3).mid(6)));
        QCOMPARE(four.host(), QStringLiteral("127.0.0.1"));
        QCOMPARE(six.host(), QStringLiteral("::1"));
        const ApiClient admin(four.port(), both.adminKey());
        QVERIFY(admin.makeEndpoint("links"));
        QCOMPARE(admin.ingest("links", twoPoints).status, 200);

        const QByteArray address = "[::1]:" + QByteArray::number(six.port());
        const QByteArray begin = "http://" + address + "/data/out/links?";
        RawConnection connection(six.port(), Loopback::V6);
        connection.send("GET /data/out/links?limit=1 HTTP/1.1\r\nHost: " + address + "\r\n\r\n");
        const QString next = object(connection.answer().body)[u"next_page"].toString();
        QVERIFY2(next.toUtf8().startsWith(begin), qPrintable(next));
        connection.send("GET " + targetOf(next) + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n");
        QCOMPARE(connection.answer().body, QByteArray("{\"data\":[{\"t\":1}],\"next_page\":null}"));
        connection.send("GET /healthz HTTP/1.1\r\nHost: localhost:" + QByteArray::number(six.port()) + "\r\n\r\n");
        QCOMPARE(connection.answer().status, 200);
    }

    /// cors-3: of one list, one value is said, and once.
    void oneOfSeveralOriginsIsAnsweredByItsOwnName_data()
    {
        QTest::addColumn<QByteArray>("origins");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<QByteArray>("allowed"); // empty: none
        QTest::newRow("the first of two") << twoOrigins << QByteArray("https://a.example") << QByteArray("https://a.example");
        QTest::newRow("the second of two (cors-3)")
            << twoOrigins << QByteArray("https://b.example:8443") << QByteArray("https://b.example:8443");
        QTest::newRow("another port") << twoOrigins << QByteArray("https://b.example") << QByteArray();
        QTest::newRow("another scheme") << twoOrigins << QByteArray("http://a.example") << QByteArray();
        QTest::newRow("both in one") << twoOrigins << QByteArray("https://a.example, https://b.example:8443") << QByteArray();
        QTest::newRow("null (cors-4)") << twoOrigins << QByteArray("null") << QByteArray();
        QTest::newRow("any (cors-3)") << anyOrigin << QByteArray("https://c.example") << QByteArray("*");
        QTest::newRow("null, where any may (cors-4)") << anyOrigin << QByteArray("null") << QByteArray("*");
    }
    void oneOfSeveralOriginsIsAnsweredByItsOwnName()
    {
        QFETCH(QByteArray, origins);
        QFETCH(QByteArray, origin);
        QFETCH(QByteArray, allowed);
        QCOMPARE(client_->api("PUT", "cors", origins).status, 200);
        for (const QByteArray line : {"GET /data/out/links", "HEAD /data/out/links", "GET /data/out/x/events",
                                      "GET /data/out/links?limit=0", "GET /data/out/nowhere"}) {
            const QByteArray head = headOf(line, {"Origin: " + origin});
            QVERIFY(head.startsWith("HTTP/1.1 "));
            QCOMPARE(head.toLower().count("access-control-allow-origin"), allowed.isEmpty() ? 0 : 1);
            if (!allowed.isEmpty())
                QVERIFY2(head.contains(QByteArray("\nAccess-Control-Allow-Origin: " + allowed + "\r")), head.constData());
        }
        QCOMPARE(client_->api("PUT", "cors", noOrigins).status, 200);
    }

    /// cors-6, cors-7: a page reads why, and a cache keeps apart what is for whom.
    void whateverIsAnsweredAnAllowedPageCanReadIt_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<int>("status");
        const QByteArray none = "X: y";
        QTest::newRow("a page") << QByteArray("GET /data/out/links") << none << 200;
        QTest::newRow("a bad parameter (cors-6)") << QByteArray("GET /data/out/links?limit=0") << none << 400;
        QTest::newRow("no token (cors-6)") << QByteArray("GET /data/out/guarded") << none << 401;
        QTest::newRow("a bad token") << QByteArray("GET /data/out/guarded") << QByteArray("Authorization: Bearer x") << 401;
        QTest::newRow("no scope (cors-6)") << QByteArray("GET /data/out/guarded") << QByteArray("Authorization: Bearer OTHER")
                                           << 403;
        QTest::newRow("nothing there (cors-6)") << QByteArray("GET /data/out/nowhere") << none << 404;
        QTest::newRow("another method (cors-6)") << QByteArray("DELETE /data/out/links") << none << 405;
        QTest::newRow("a body for a page") << QByteArray("POST /data/out/links") << QByteArray("Content-Length: 0") << 405;
        QTest::newRow("events without a token") << QByteArray("GET /data/out/guarded/events") << none << 401;
        QTest::newRow("events without the scope")
            << QByteArray("GET /data/out/guarded/events") << QByteArray("Authorization: Bearer OTHER") << 403;
        QTest::newRow("events of nothing") << QByteArray("GET /data/out/nowhere/events") << none << 404;
    }
    void whateverIsAnsweredAnAllowedPageCanReadIt()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, field);
        QFETCH(int, status);
        field.replace("OTHER", other_);
        QCOMPARE(client_->api("PUT", "cors", oneOrigin).status, 200);
        for (const QByteArray origin : {"", "https://a.example", "https://b.example"}) {
            const QByteArray head =
                headOf(line, origin.isEmpty() ? QList<QByteArray>{field} : QList<QByteArray>{field, "Origin: " + origin});
            QVERIFY2(head.startsWith(QByteArray("HTTP/1.1 " + QByteArray::number(status))), head.constData());
            QCOMPARE(head.contains("\nAccess-Control-Allow-Origin: https://a.example\r"), origin == "https://a.example");
            QVERIFY2(head.contains("\nVary: ") && head.contains("Origin"), head.constData());
        }
        QCOMPARE(client_->api("PUT", "cors", noOrigins).status, 200);
    }
};

QTEST_GUILESS_MAIN(TestNames)
#include "tst_e2e_names.moc"
