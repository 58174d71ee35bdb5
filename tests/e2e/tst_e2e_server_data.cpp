// The data API from outside: other formats, requests sent again, and what the hosted contract leaves out.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/QtTest>

#include <algorithm>
#include <memory>
#include <vector>

using namespace iotman::test;

namespace {

const QByteArray threePoints = R"([{"t":1,"a":1.50,"in":{"x":"a,b"}},{"t":2,"a":2,"more":true},{"t":3,"a":3}])";
const QByteArray scopeBody = R"({"name":"data:write"})";
const QByteArray clientBody = R"({"name":"Sender","scopes":["data:write"]})";
const QByteArray quotedScope = R"("data:write")";
const QByteArray keptSource = R"({"name":"kept","kind":"http","time":"$.t","settings":{"retention":{"count":10}}})";
const QByteArray agedSource = R"({"name":"aged","kind":"http","time":"$.t","settings":{"retention":{"age":3600}}})";
const QByteArray briefSource = R"({"name":"brief","kind":"http","time":"$.t","settings":{"retention":{"count":3}}})";
const QByteArray fleetingSource = R"({"name":"fleeting","kind":"http","time":"$.t","settings":{"retention":{"count":3}}})";
const QByteArray everythingOutput = R"({"name":"everything","rule":"$"})";
const QByteArray withoutLimits = R"({"settings":{}})";
const QByteArray withoutLimitsInAFile = R"({"iotman":1,"sources":[{"name":"fleeting","kind":"http","time":"$.t"}]})";
const QByteArray lastingSource = R"({"name":"lasting","kind":"http","time":"$.t"})";
const QByteArray mixedOutput = R"({"name":"mixed","sources":["brief","lasting"],"rule":"$"})";
const QByteArray sizedSource = R"({"name":"sized","kind":"http","time":"$.t","settings":{"retention":{"bytes":200}}})";

/// An output of everything that comes from a source, and an endpoint, both named like it.
QByteArray outputOf(const QByteArray& name)
{
    return R"({"name":")" + name + R"(","sources":[")" + name + R"("],"rule":"$"})";
}
QByteArray endpointOf(const QByteArray& name)
{
    return R"({"id":")" + name + R"(","output":")" + name + R"("})";
}

/// 24 bytes for times of today and numbers of three digits.
QByteArray point(const QByteArray& time, int number) { return R"({"t":)" + time + R"(,"n":)" + QByteArray::number(number) + "}"; }

const QByteArray onePoint = R"({"t":1,"n":1})";
const QByteArray otherPoint = R"({"t":2,"n":2})";
const QByteArray acceptedOne = R"({"accepted":1})";
const QByteArray acceptedTwo = R"({"accepted":2})";

const QByteArray settledScope = R"({"name":"settled:read"})";
QByteArray settledEndpoint(const QByteArray& id) { return R"({"id":")" + id + R"(","output":"settled","required_scope":"settled:read"})"; }
const QByteArray openToAll = R"({"required_scope":null})";
const QByteArray rescopedScope = R"({"name":"rescoped:read"})";
const QByteArray rescoped = R"({"required_scope":"rescoped:read"})";

} // namespace

class TestServerData : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    qsizetype stored(const QByteArray& endpoint) const
    {
        return object(client_->get("/data/out/" + endpoint + "?limit=10000").body).value(u"data").toArray().size();
    }

    /// The numbers of all items, page by page; none where a page before the last is empty.
    QList<int> walk(const QByteArray& target) const
    {
        QList<int> numbers;
        const QList<QList<int>> pages = client_->pages(target);
        for (const QList<int>& page : pages) {
            if (page.isEmpty() && pages.size() > 1)
                return {}; // a page of nothing leads nowhere
            numbers += page;
        }
        return numbers;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void aPageComesAsCsvOrNdjsonWhereThatIsPreferred()
    {
        QVERIFY(client_->makeEndpoint("formats"));
        QCOMPARE(client_->ingest("formats", threePoints).status, 200);
        const HttpAnswer csv = client_->get("/data/out/formats?limit=2", {"Accept: text/csv"});
        QCOMPARE(csv.status, 200);
        QVERIFY2(csv.headers.value("content-type").startsWith("text/csv"), csv.headers.value("content-type").constData());
        QCOMPARE(csv.body, QByteArray("t,a,more\r\n3,3,\r\n2,2,true\r\n"));
        const QByteArray link = csv.headers.value("link");
        QVERIFY2(link.startsWith("<http://") && link.endsWith(">; rel=\"next\""), link.constData());

        const QByteArray next = targetOf(QString::fromUtf8(link.mid(1, link.indexOf('>') - 1)));
        const HttpAnswer last = client_->get(next, {"Accept: text/csv"});
        QCOMPARE(last.body, QByteArray("t,a,in.x\r\n1,1.50,\"a,b\"\r\n"));
        QVERIFY(!last.headers.contains("link"));

        const HttpAnswer lines = client_->get("/data/out/formats?limit=2", {"Accept: application/x-ndjson"});
        QCOMPARE(lines.headers.value("content-type"), QByteArray("application/x-ndjson"));
        QCOMPARE(lines.body.count('\n'), 2);
        QVERIFY(lines.headers.contains("link"));
        QVERIFY(!client_->get("/data/out/formats?limit=2").headers.contains("link"));
    }

    void eachItemIsOnOnePageWhateverTheLimit_data()
    {
        QTest::addColumn<int>("limit");
        for (const int limit : {1, 7, 50, 63, 64, 65, 111, 112, 113, 1000})
            QTest::addRow("%d", limit) << limit;
    }
    void eachItemIsOnOnePageWhateverTheLimit()
    {
        QFETCH(int, limit);
        // Blocks, rows and late items, fifty of which share a time.
        static const QList<int> all = [this] {
            QList<std::pair<int, int>> sorted; // negative time and number: newest first
            if (!client_->makeEndpoint("walked"))
                return QList<int>();
            const auto send = [&](int first, int count, int pace, int begin) {
                QByteArray lines;
                for (int n = first; n < first + count; ++n) {
                    const int time = begin + (n - first) / pace;
                    lines += point(QByteArray::number(time), n) + '\n';
                    sorted.append({-time, -n});
                }
                return client_->ingest("walked", lines).status == 200;
            };
            bool isStored = send(0, 300, 50, 1) && send(300, 80, 20, 2);
            for (int n = 380; n < 420; ++n)
                isStored = isStored && send(n, 1, 1, n % 4 == 0 ? 3 : 9);
            std::sort(sorted.begin(), sorted.end());
            QList<int> numbers;
            for (const auto& [time, number] : sorted)
                numbers.append(-number);
            return isStored ? numbers : QList<int>();
        }();
        QCOMPARE(all.size(), 420);
        const QByteArray target = "/data/out/walked?limit=" + QByteArray::number(limit);
        QCOMPARE(walk(target), all);
        QCOMPARE(walk(target + "&times=1"), all);
        const QList<int> ofATime = walk("/data/out/walked?limit=10000&from=3&to=3");
        QVERIFY(ofATime.size() > 50);
        QCOMPARE(walk(target + "&from=3&to=3"), ofATime);
    }

    void errorsOfAPageAreProblemsWhateverIsPreferred()
    {
        QVERIFY(client_->makeEndpoint("preferred"));
        const HttpAnswer answer = client_->get("/data/out/preferred?limit=0", {"Accept: text/csv"});
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("application/problem+json"));
    }

    void aTokenGivenTwiceIsAMistakeAndNoMissingOne()
    {
        const QList<QByteArray> upgrade{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="};
        QCOMPARE(client_->api("POST", "scopes", R"({"name":"twice:read"})").status, 201);
        QVERIFY(client_->makeEndpoint("twice", "null", "\"twice:read\""));
        for (const QByteArray kind : {"events", "stream"}) {
            const HttpAnswer answer = client_->get("/data/out/twice/" + kind + "?access_token=a&access_token=b",
                                                   kind == "stream" ? upgrade : QList<QByteArray>());
            QCOMPARE(answer.status, 400);
            QVERIFY2(answer.body.contains("access_token"), answer.body.constData());
        }
    }

    void aRequestSentAgainGetsItsFirstAnswerAndStoresNothing()
    {
        QVERIFY(client_->makeEndpoint("again"));
        const QByteArray two = "[" + onePoint + "," + otherPoint + "]";
        QCOMPARE(client_->ingest("again", two, {"Idempotency-Key: k1"}).body, acceptedTwo);
        QCOMPARE(client_->ingest("again", two, {"Idempotency-Key: k1"}).body, acceptedTwo);
        QCOMPARE(stored("again"), 2);
        QCOMPARE(client_->ingest("again", two, {"Idempotency-Key: k2"}).body, acceptedTwo);
        QCOMPARE(stored("again"), 4);
        // Without a token the body is a part of who it is: a stranger who chose the same key is served.
        QCOMPARE(client_->ingest("again", onePoint, {"Idempotency-Key: k1"}).body, acceptedOne);
        QCOMPARE(stored("again"), 5);
        const HttpAnswer bad = client_->ingest("again", onePoint, {"Idempotency-Key:"});
        QCOMPARE(bad.status, 400);
        QCOMPARE(object(bad.body).value(u"field").toString(), QStringLiteral("Idempotency-Key"));
    }

    void aRefusedRequestMayBeMendedUnderItsKey()
    {
        QVERIFY(client_->makeEndpoint("mended"));
        QCOMPARE(client_->ingest("mended", "{", {"Idempotency-Key: k"}).status, 400);
        QCOMPARE(client_->ingest("mended", onePoint, {"Idempotency-Key: k"}).body, acceptedOne);
    }

    void withATokenAnotherBodyUnderAKeyIsAMistake()
    {
        QCOMPARE(client_->api("POST", "scopes", scopeBody).status, 201);
        const QJsonObject sender = object(client_->api("POST", "clients", clientBody).body);
        const QByteArray token =
            client_->tokenOf(sender.value(u"id").toString().toUtf8(), sender.value(u"secret").toString().toUtf8());
        QVERIFY(!token.isEmpty());
        QVERIFY(client_->makeEndpoint("guarded", quotedScope));
        const QList<QByteArray> headers{"Authorization: Bearer " + token, "Idempotency-Key: k"};
        QCOMPARE(client_->ingest("guarded", onePoint).status, 401);
        QCOMPARE(client_->ingest("guarded", onePoint, headers).body, acceptedOne);
        QCOMPARE(client_->ingest("guarded", onePoint, headers).body, acceptedOne);
        QCOMPARE(client_->ingest("guarded", otherPoint, headers).status, 422);
        QCOMPARE(stored("guarded"), 1);
        // That nothing was sent is remembered as well.
        const QList<QByteArray> empty{"Authorization: Bearer " + token, "Idempotency-Key: empty"};
        QCOMPARE(client_->ingest("guarded", "[]", empty).body, QByteArray("{\"accepted\":0}"));
        QCOMPARE(client_->ingest("guarded", "[]", empty).body, QByteArray("{\"accepted\":0}"));
        QCOMPARE(client_->ingest("guarded", onePoint, empty).status, 422);
        QCOMPARE(stored("guarded"), 1);
    }

    void aKeyIsRememberedAcrossARestart()
    {
        QTemporaryDir folder;
        const QStringList arguments{QStringLiteral("--data"), folder.path()};
        {
            ServerProcess first(arguments);
            QVERIFY(first.waitUntilReady());
            QFile key(folder.filePath(QStringLiteral("admin.key")));
            QVERIFY(key.open(QIODevice::ReadOnly));
            const ApiClient admin(first.port(), key.readAll().trimmed());
            QVERIFY(admin.makeEndpoint("kept"));
            QCOMPARE(admin.ingest("kept", onePoint, {"Idempotency-Key: k"}).body, acceptedOne);
            first.kill();
        }
        ServerProcess second(arguments);
        QVERIFY(second.waitUntilReady());
        QCOMPARE(request(second.port(), "POST", "/data/in/kept", {"Idempotency-Key: k"}, onePoint).body, acceptedOne);
        const HttpAnswer page = request(second.port(), "GET", "/data/out/kept");
        QCOMPARE(object(page.body).value(u"data").toArray().size(), 1);
    }

    /// The thread that feeds streams may hear of a change later than the one that lets readers in.
    void aStreamThatIsOpenedRightAfterAChangeStays()
    {
        QVERIFY(client_->makeEndpoint("settled"));
        QCOMPARE(client_->api("POST", "scopes", settledScope).status, 201);
        std::vector<std::unique_ptr<RawConnection>> readers;
        for (int i = 0; i < 40; ++i) {
            const QByteArray id = "settled" + QByteArray::number(i);
            QCOMPARE(client_->api("POST", "endpoints", settledEndpoint(id)).status, 201);
            QCOMPARE(client_->api("PATCH", "endpoints/" + id, openToAll).status, 200);
            auto& reader = readers.emplace_back(std::make_unique<RawConnection>(server_->port()));
            reader->send("GET /data/out/" + id + "/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            QCOMPARE(reader->answer().status, 101);
        }
        QCOMPARE(client_->ingest("settled", onePoint).status, 200);
        for (const auto& reader : readers)
            QVERIFY(reader->waitFor(onePoint));
    }

    void aStreamIsToldToComeAgainWhenItsEndpointsScopeChanges()
    {
        QVERIFY(client_->makeEndpoint("rescoped"));
        QCOMPARE(client_->api("POST", "scopes", rescopedScope).status, 201);
        RawConnection reader(server_->port());
        reader.send("GET /data/out/rescoped/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        QCOMPARE(reader.answer().status, 101);
        QCOMPARE(client_->api("PATCH", "endpoints/rescoped", rescoped).status, 200);
        QVERIFY(reader.waitFor(QByteArray("\x11\x31", 2))); // 4401: a new token may do, 4404 would be the end
    }

    void whatASourceDoesNotKeepIsGoneAtOnceAndThenCleanedUp()
    {
        const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        struct Case {
            QByteArray name, source;
            qsizetype kept;
        };
        for (const Case& c : {Case{"kept", keptSource, 10}, Case{"aged", agedSource, 13}, Case{"sized", sizedSource, 8}}) {
            QCOMPARE(client_->api("POST", "sources", c.source).status, 201);
            QCOMPARE(client_->api("POST", "outputs", outputOf(c.name)).status, 201);
            QCOMPARE(client_->api("POST", "endpoints", endpointOf(c.name)).status, 201);
            QByteArray lines;
            for (int i = 0; i < 25; ++i) // every second one of long ago
                lines += point(i % 2 == 0 ? now : QByteArray("1000000000"), 100 + i) + '\n';
            QCOMPARE(client_->ingest(c.name, lines).status, 200);
            QCOMPARE(stored(c.name), c.kept);
            QTRY_COMPARE_WITH_TIMEOUT(object(client_->api("GET", "sources/" + c.name).body).value(u"datapoints").toInteger(),
                                      c.kept, 20000);
            QCOMPARE(stored(c.name), c.kept);
        }
    }

    /// An item does not say what it is of: what a source does not keep is found among what others do.
    void anOutputOfSeveralSourcesLosesWhatOneOfThemDoesNotKeep()
    {
        QCOMPARE(client_->api("POST", "sources", briefSource).status, 201);
        QCOMPARE(client_->api("POST", "sources", lastingSource).status, 201);
        QCOMPARE(client_->api("POST", "outputs", mixedOutput).status, 201);
        QCOMPARE(client_->api("POST", "endpoints", endpointOf("mixed")).status, 201);
        for (int i = 0; i < 20; ++i) {
            const QByteArray time = QByteArray::number(i);
            QCOMPARE(client_->ingest("lasting", point(time, 100 + i)).status, 200);
            QCOMPARE(client_->ingest("brief", point(time, 200 + i) + '\n' + point(time, 300 + i)).status, 200);
            QCOMPARE(stored("mixed"), qsizetype(i + 1 + std::min(2 * i + 2, 3)));
        }
    }

    /// Cleaned up or not.
    void whatHasExpiredStaysAwayWhateverBecomesOfItsSource()
    {
        ServerProcess server({QStringLiteral("--ephemeral")});
        QVERIFY(server.waitUntilReady());
        const ApiClient client(server.port(), server.adminKey());
        const auto items = [&] { return object(client.get("/data/out/everything").body).value(u"data").toArray().size(); };
        QCOMPARE(client.api("POST", "sources", fleetingSource).status, 201);
        QCOMPARE(client.api("POST", "outputs", everythingOutput).status, 201);
        QCOMPARE(client.api("POST", "endpoints", endpointOf("everything")).status, 201);
        const QByteArray some = point("1", 101) + point("2", 102) + point("3", 103) + point("4", 104) + point("5", 105) + point("6", 106);
        const QByteArray limits = fleetingSource.mid(fleetingSource.indexOf("\"settings\"")).prepend('{');
        for (const auto& [method, path, body] : {std::tuple{"PATCH", "sources/fleeting", withoutLimits}, {"PUT", "workspace/file", withoutLimitsInAFile}}) {
            QCOMPARE(client.ingest("fleeting", QByteArray(some).replace("}{", "}\n{")).status, 200);
            QCOMPARE(client.api(method, path, body).status, 200);
            QCOMPARE(items(), 3);
            QCOMPARE(client.api("PATCH", "sources/fleeting", limits).status, 200);
        }
        QCOMPARE(client.ingest("fleeting", QByteArray(some).replace("}{", "}\n{")).status, 200);
        QCOMPARE(client.api("DELETE", "sources/fleeting").status, 204);
        QCOMPARE(items(), 3);
    }

    void theHostedContractLeavesTheExtensionsOut()
    {
        ServerProcess hosted({QStringLiteral("--ephemeral"), QStringLiteral("--contract"), QStringLiteral("hosted")});
        QVERIFY(hosted.waitUntilReady());
        const ApiClient client(hosted.port(), hosted.adminKey());
        QVERIFY(client.makeEndpoint("plain"));
        QCOMPARE(client.ingest("plain", onePoint, {"Idempotency-Key: k"}).body, acceptedOne);
        QCOMPARE(client.ingest("plain", onePoint, {"Idempotency-Key: k"}).body, acceptedOne);
        const HttpAnswer page = client.get("/data/out/plain?times=1", {"Accept: text/csv"});
        QCOMPARE(page.headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(object(page.body).keys(), (QStringList{QStringLiteral("data"), QStringLiteral("next_page")}));
        QCOMPARE(object(page.body).value(u"data").toArray().size(), 2);
        QCOMPARE(client.get("/data/out/plain?times=nonsense").status, 200);
        QCOMPARE(client.get("/data/out/plain/events").status, 404);
        QVERIFY(object(client.api("GET", "endpoints/plain").body).value(u"events_url").isNull());
        QVERIFY(!client.get("/data/out/plain/stream").body.contains("/events"));
        QCOMPARE(object(client.api("GET", "workspace").body).value(u"contract").toString(), QStringLiteral("hosted"));
        // The cursor is a part of next_page, whatever the contract.
        const QString next = object(client.get("/data/out/plain?limit=1").body).value(u"next_page").toString();
        QCOMPARE(object(client.get(targetOf(next)).body).value(u"data").toArray().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestServerData)
#include "tst_e2e_server_data.moc"
