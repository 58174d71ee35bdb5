// What is answered by a request's head alone: HEAD, expectations, conditions.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qbytearraylist.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

QByteArray headOf(const QByteArray& request, const QList<QByteArray>& headers)
{
    return request + " HTTP/1.1\r\nHost: localhost\r\n" + headers.join("\r\n") + (headers.isEmpty() ? "\r\n" : "\r\n\r\n");
}

} // namespace

class TestHeads : public QObject {
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
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    /// RFC 9110 §7.4.
    void aTargetForHttpsIsServedWhereItCameSecured_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        const QStringList proxy{QStringLiteral("--trusted-proxy=127.0.0.1")};
        QTest::newRow("straight to us") << QStringList() << QList<QByteArray>() << 421;
        QTest::newRow("straight to us, as if it had not") << QStringList() << QList<QByteArray>{"X-Forwarded-Proto: https"} << 421;
        QTest::newRow("secured up to a proxy") << proxy << QList<QByteArray>{"X-Forwarded-Proto: https"} << 200;
        QTest::newRow("not secured up to a proxy") << proxy << QList<QByteArray>{"X-Forwarded-Proto: http"} << 421;
        QTest::newRow("as the base URL says") << QStringList{QStringLiteral("--base-url=https://gw.example")} << QList<QByteArray>() << 200;
    }
    void aTargetForHttpsIsServedWhereItCameSecured()
    {
        QFETCH(QStringList, options);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        ServerProcess behind(options + QStringList{QStringLiteral("--ephemeral")});
        QVERIFY(behind.waitUntilReady());
        QCOMPARE(request(behind.port(), "GET", "https://localhost/healthz", headers).status, status);
        QCOMPARE(request(behind.port(), "GET", "http://localhost/healthz", headers).status, 200);
    }

    /// RFC 9110 §9.3.2, also where the head could not be read.
    void aRefusedHeadHasNoContent_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        QTest::newRow("an expectation") << QByteArray("/healthz") << QList<QByteArray>{"Expect: more"} << 417;
        QTest::newRow("a field that is none") << QByteArray("/healthz") << QList<QByteArray>{"X : y"} << 400;
        QTest::newRow("a target that is too long") << QByteArray("/" + QByteArray(17'000, 'a')) << QList<QByteArray>() << 414;
        QTest::newRow("one that is longer than a head") << QByteArray("/" + QByteArray(40'000, 'a')) << QList<QByteArray>() << 414;
        QTest::newRow("too many fields") << QByteArray("/healthz") << QList<QByteArray>(101, "X: y") << 431;
        QTest::newRow("another host") << QByteArray("http://evil.example/") << QList<QByteArray>() << 421;
        QTest::newRow("nothing there") << QByteArray("/nothing") << QList<QByteArray>() << 404;
    }
    void aRefusedHeadHasNoContent()
    {
        QFETCH(QByteArray, target);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        RawConnection connection(server_->port());
        connection.send(headOf("HEAD " + target, headers + QList<QByteArray>{"Connection: close"}));
        const HttpAnswer answer = connection.answer(true);
        QCOMPARE(answer.status, status);
        QVERIFY(answer.headers.contains("content-length"));
        QVERIFY2(connection.line().isNull(), "content");
    }

    /// RFC 9110 §9.3.2.
    void aHeadOfAStreamIsAnsweredAsItsGetWithoutContent_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        const QList<QByteArray> none;
        QTest::newRow("events") << QByteArray("/data/out/x/events") << none << 200;
        QTest::newRow("events of nothing") << QByteArray("/data/out/nothing/events") << none << 404;
        QTest::newRow("a bad cursor") << QByteArray("/data/out/x/events?cursor=x") << none << 400;
        QTest::newRow("activity without a token") << QByteArray("/api/activity/events") << none << 401;
        QTest::newRow("a WebSocket") << QByteArray("/data/out/x/stream") << none << 426;
        QTest::newRow("a WebSocket with a handshake") << QByteArray("/data/out/x/stream")
                                                      << QList<QByteArray>{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                                                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
                                                      << 426;
    }
    void aHeadOfAStreamIsAnsweredAsItsGetWithoutContent()
    {
        QFETCH(QByteArray, target);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        RawConnection connection(server_->port());
        connection.send(headOf("HEAD " + target, headers));
        const HttpAnswer answer = connection.answer(true);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.contains("content-length"), status != 200);
        QCOMPARE(answer.headers.value("content-type"), QByteArray(status == 200 ? "text/event-stream" : "application/problem+json"));
        connection.send(headOf("GET /healthz", {}));
        QCOMPARE(connection.answer().status, 200);
    }

    /// RFC 9110 §10.1.1: who asks before sending much is told what can be told.
    void aBodyThatWouldBeRefusedIsNotAskedFor_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<int>("status");
        const QList<QByteArray> none;
        QTest::newRow("no such source") << QByteArray("POST /data/in/nowhere") << none << 404;
        QTest::newRow("another method") << QByteArray("PUT /data/in/x") << none << 405;
        QTest::newRow("nothing there") << QByteArray("POST /nothing") << none << 404;
        QTest::newRow("a foreign page") << QByteArray("POST /data/in/x") << QList<QByteArray>{"Origin: https://evil.example"} << 403;
        QTest::newRow("a coding that is not taken") << QByteArray("POST /data/in/x") << QList<QByteArray>{"Content-Encoding: gzip"} << 415;
        QTest::newRow("a token that is none") << QByteArray("POST /api/scopes") << QList<QByteArray>{"Authorization: Bearer x"} << 401;
        QTest::newRow("one that is taken") << QByteArray("POST /data/in/x") << none << 100;
    }
    void aBodyThatWouldBeRefusedIsNotAskedFor()
    {
        QFETCH(QByteArray, request);
        QFETCH(QList<QByteArray>, headers);
        QFETCH(int, status);
        RawConnection connection(server_->port());
        connection.send(headOf(request, headers + QList<QByteArray>{"Expect: 100-continue", "Content-Length: 7"}));
        QVERIFY(connection.line().startsWith(QByteArray("HTTP/1.1 " + QByteArray::number(status))));
        if (status != 100) {
            QVERIFY(connection.waitForClose());
            return;
        }
        connection.send("{\"t\":1}");
        QVERIFY(connection.waitFor("HTTP/1.1 200"));
    }

    void aVersionThatIsWantedAndGoneIsNotRead()
    {
        const QByteArray bearer = "Authorization: Bearer " + client_->token();
        const auto get = [&](const QByteArray& tag) { return request(server_->port(), "GET", "/api/cors", {bearer, "If-Match: " + tag}).status; };
        QCOMPARE(get("\"another\""), 412);
        QCOMPARE(get("*"), 200);
        QCOMPARE(get(client_->api("GET", "cors").headers.value("etag")), 200);
    }
};

QTEST_GUILESS_MAIN(TestHeads)
#include "tst_e2e_heads.moc"
