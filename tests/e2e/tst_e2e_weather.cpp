// Test weather, as programs that read the API meet it.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/QDateTime>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace iotman::test;

namespace {

const QByteArray onePoint = R"({"t":1,"n":1})";
const QByteArray allFail = R"({"error_rate":1,"error_status":502})";
const QByteArray allStall = R"({"stall_rate":1})";
const QByteArray allExpired = R"({"expired_rate":1})";
const QByteArray slow = R"({"delay":{"min":0.4,"max":0.6}})";
const QByteArray cutLater = R"({"cut_after":2})";
const QByteArray smallWorkspace = R"({"iotman":1,"sources":[{"name":"s","kind":"http"}],"outputs":[{"name":"o","rule":"$"}],"endpoints":[{"id":"e","output":"o"}]})";
const QByteArray slowAndFailing = R"({"delay":{"min":30},"error_rate":1})";
const QByteArray hardlyEver = R"({"error_rate":0.000001})";
const QByteArray cutSoon = R"({"cut_after":0.5})";
const QByteArray scopeBody = R"({"name":"weather:read"})";
const QByteArray emptyList = R"({"data":[],"next_page":null})";
const QByteArray quotedScope = R"("weather:read")";
const QByteArray afterwards = R"({"t":2,"n":"after the stall"})";
const QByteArray failsUntil = R"({"error_rate":1,"until":)";
const QByteArray clientBody = R"({"name":"Reader","scopes":["weather:read"]})";
const QByteArray viewerBody = R"({"email":"viewer@company.example","role":"viewer"})";
const QByteArray dashboard = R"({"origins":["https://dash.example"]})";

QByteArray upgradeOf(const QByteArray& endpoint)
{
    return "GET /data/out/" + endpoint + "/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

} // namespace

class TestServerWeather : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    bool begin(const QByteArray& endpoint, const QByteArray& weather) const
    {
        return client_->api("PUT", "weather/" + endpoint, weather).status == 200;
    }
    /// Why the newest request for the endpoint was answered as it was.
    QString reasonOf(const QByteArray& endpoint) const
    {
        const QJsonArray entries = object(client_->api("GET", "activity?limit=50").body).value(u"data").toArray();
        for (const QJsonValue& entry : entries) {
            if (entry.toObject().value(u"path").toString() == u"/data/out/" + QString::fromUtf8(endpoint))
                return entry.toObject().value(u"reason").toString();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY(server_->waitUntilReady());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
    }

    void weatherIsAResource()
    {
        QVERIFY(client_->makeEndpoint("kept"));
        QCOMPARE(client_->api("GET", "weather").body, emptyList);
        QCOMPARE(client_->api("GET", "weather/kept").status, 404);
        QCOMPARE(client_->api("PUT", "weather/nowhere", allFail).status, 404);
        QCOMPARE(client_->api("PUT", "weather/kept", "{}").status, 400);
        const HttpAnswer begun = client_->api("PUT", "weather/kept", allFail);
        QCOMPARE(begun.status, 200);
        QVERIFY(begun.headers.contains("etag"));
        const QJsonObject view = object(begun.body);
        QCOMPARE(view.value(u"endpoint").toString(), QStringLiteral("kept"));
        QCOMPARE(view.value(u"error_status").toInt(), 502);
        QCOMPARE(view.value(u"created_by").toString(), QStringLiteral("admin@localhost"));
        const double until = view.value(u"until").toDouble() - static_cast<double>(QDateTime::currentSecsSinceEpoch());
        QVERIFY(until > 3500 && until <= 3601);
        QCOMPARE(client_->api("GET", "weather/kept").body, begun.body);
        QCOMPARE(object(client_->api("GET", "weather").body).value(u"data").toArray().size(), 1);
        const QByteArray far = failsUntil + QByteArray::number(QDateTime::currentSecsSinceEpoch() + 90'000) + "}";
        QCOMPARE(object(client_->api("PUT", "weather/kept", far).body).value(u"field").toString(), QStringLiteral("until"));
        QVERIFY(client_->get("/metrics").body.contains("\niotman_test_weather 1\n"));
        QCOMPARE(client_->api("DELETE", "weather/kept").status, 204);
        QCOMPARE(client_->api("DELETE", "weather/kept").status, 404);
        QCOMPARE(client_->get("/data/out/kept").status, 200);
        const QJsonArray audit = object(client_->api("GET", "audit?limit=2").body).value(u"data").toArray();
        QCOMPARE(audit.at(0).toObject().value(u"kind").toString(), QStringLiteral("weather"));
        QVERIFY(audit.at(0).toObject().value(u"after").isNull());
        QCOMPARE(audit.at(1).toObject().value(u"id").toString(), QStringLiteral("kept"));
    }

    void aViewerSeesItAndMayNotMakeIt()
    {
        QVERIFY(client_->makeEndpoint("seen"));
        QVERIFY(begin("seen", slow));
        const QJsonObject viewer = object(client_->api("POST", "members", viewerBody).body);
        const QByteArray token = client_->tokenOf("viewer@company.example", viewer.value(u"key").toString().toUtf8());
        QCOMPARE(client_->api("GET", "weather/seen", {}, token).status, 200);
        const HttpAnswer refused = client_->api("PUT", "weather/seen", allFail, token);
        QCOMPARE(refused.status, 403);
        QCOMPARE(object(refused.body).value(u"detail").toString(), QStringLiteral("Requires Editor or Admin role."));
        QCOMPARE(client_->api("DELETE", "weather/seen", {}, token).status, 403);
    }

    void answersFailAsItWasAskedFor()
    {
        QVERIFY(client_->makeEndpoint("failing"));
        QCOMPARE(client_->ingest("failing", onePoint).status, 200);
        QCOMPARE(client_->api("PUT", "cors", dashboard).status, 200);
        QVERIFY(begin("failing", allFail));
        const HttpAnswer answer = client_->get("/data/out/failing", {"Origin: https://dash.example"});
        QCOMPARE(answer.status, 502);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("application/problem+json"));
        QCOMPARE(answer.headers.value("access-control-allow-origin"), QByteArray("https://dash.example"));
        QCOMPARE(object(answer.body).value(u"title").toString(), QStringLiteral("Bad Gateway"));
        QCOMPARE(reasonOf("failing"), QStringLiteral("test weather: answered 502"));
        // Streams, too, and before they are upgraded. What is sent and managed is spared.
        RawConnection stream(server_->port());
        stream.send(upgradeOf("failing"));
        QCOMPARE(stream.answer().status, 502);
        QCOMPARE(client_->ingest("failing", onePoint).status, 200);
        QCOMPARE(client_->api("GET", "endpoints/failing").status, 200);
        // One connection goes on through good and bad.
        RawConnection connection(server_->port());
        for (int i = 0; i < 3; ++i) {
            connection.send("GET /data/out/failing HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QCOMPARE(connection.answer().status, 502);
        }
        QCOMPARE(client_->api("DELETE", "weather/failing").status, 204);
        connection.send("GET /data/out/failing HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(connection.answer().status, 200);
    }

    void answersComeLateAndInOrder()
    {
        QVERIFY(client_->makeEndpoint("slow"));
        QCOMPARE(client_->ingest("slow", onePoint).status, 200);
        QVERIFY(begin("slow", slow));
        QElapsedTimer took;
        took.start();
        RawConnection connection(server_->port());
        connection.send("GET /data/out/slow HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const HttpAnswer late = connection.answer();
        QVERIFY(took.elapsed() >= 400);
        QVERIFY(late.body.contains(onePoint));
        QVERIFY(connection.answer().body.contains("ok"));
        QVERIFY2(reasonOf("slow").startsWith(QStringLiteral("test weather: late by 0.")), qPrintable(reasonOf("slow")));
        took.start();
        RawConnection stream(server_->port());
        stream.send(upgradeOf("slow"));
        QCOMPARE(stream.answer().status, 101);
        QVERIFY(took.elapsed() >= 400);
    }

    void whoIsNotAnsweredWaitsUntilTheWeatherEnds()
    {
        QVERIFY(client_->makeEndpoint("silent"));
        QVERIFY(client_->makeEndpoint("other"));
        QCOMPARE(client_->ingest("silent", onePoint).status, 200);
        QVERIFY(begin("silent", allStall));
        RawConnection page(server_->port());
        page.send("GET /data/out/silent HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        RawConnection stream(server_->port());
        stream.send(upgradeOf("silent"));
        QCOMPARE(stream.answer().status, 101);
        QCOMPARE(client_->ingest("silent", afterwards).status, 200);
        // The weather of another endpoint is another matter.
        QVERIFY(begin("other", allFail));
        QCOMPARE(client_->api("DELETE", "weather/other").status, 204);
        QTest::qWait(1500);
        QElapsedTimer waited;
        waited.start();
        QCOMPARE(client_->api("DELETE", "weather/silent").status, 204);
        const HttpAnswer answer = page.answer();
        QVERIFY(answer.body.contains(afterwards));
        QVERIFY(page.answer().body.contains("ok"));
        QVERIFY2(reasonOf("silent").startsWith(QStringLiteral("test weather: no answer for ")), qPrintable(reasonOf("silent")));
        QVERIFY(stream.waitFor("after the stall")); // nothing was lost
    }

    void whoGivesUpIsInTheLogToo()
    {
        QVERIFY(client_->makeEndpoint("left"));
        QVERIFY(begin("left", allStall));
        {
            RawConnection page(server_->port());
            page.send("GET /data/out/left HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QTest::qWait(100);
        }
        QTRY_COMPARE(reasonOf("left"), QStringLiteral("test weather: no answer"));
        // Also one that sent more than is read ahead of it.
        QVERIFY(client_->makeEndpoint("flooding"));
        QVERIFY(begin("flooding", allStall));
        {
            RawConnection page(server_->port());
            page.send("GET /data/out/flooding HTTP/1.1\r\nHost: localhost\r\n\r\n" + QByteArray(200 * 1024, '\n'));
            QTest::qWait(100);
        }
        QTRY_COMPARE(reasonOf("flooding"), QStringLiteral("test weather: no answer"));
    }

    void whatIsHeldUpGoesOnWhenTheWeatherEnds()
    {
        QVERIFY(client_->makeEndpoint("freed"));
        QCOMPARE(client_->ingest("freed", onePoint).status, 200);
        QVERIFY(begin("freed", slowAndFailing));
        QElapsedTimer waited;
        waited.start();
        RawConnection page(server_->port());
        page.send("GET /data/out/freed HTTP/1.1\r\nHost: localhost\r\n\r\n");
        RawConnection stream(server_->port());
        stream.send(upgradeOf("freed"));
        QTest::qWait(200);
        QCOMPARE(client_->api("DELETE", "weather/freed").status, 204);
        QCOMPARE(page.answer().status, 200);
        QCOMPARE(stream.answer().status, 101);
        QVERIFY(waited.elapsed() < 20'000);
    }

    void aBodyThatNobodyReadsTakesNoRoom()
    {
        QVERIFY(client_->makeEndpoint("bodies"));
        QVERIFY(begin("bodies", allFail));
        RawConnection connection(server_->port());
        const QByteArray asked = "GET /data/out/bodies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" + QByteArray(60'000, 'x');
        for (int i = 0; i < 5000; ++i) { // more than 256 MiB in all
            connection.send(asked);
            QCOMPARE(connection.answer().status, 502);
        }
        QCOMPARE(client_->ingest("bodies", onePoint).status, 200);
        connection.send("POST /data/in/bodies HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + QByteArray::number(onePoint.size()) + "\r\n\r\n" + onePoint);
        QCOMPARE(connection.answer().status, 200);
    }

    void aHeadMeetsTheSame()
    {
        QVERIFY(client_->makeEndpoint("heads"));
        QVERIFY(begin("heads", allFail));
        RawConnection connection(server_->port());
        connection.send("HEAD /data/out/heads HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(connection.answer(true).status, 502);
        QCOMPARE(connection.answer().status, 200);
    }

    void goodLuckLeavesNoTrace()
    {
        QVERIFY(client_->makeEndpoint("lucky"));
        QVERIFY(begin("lucky", hardlyEver));
        QCOMPARE(client_->get("/data/out/lucky?limit=0").status, 400);
        QVERIFY2(!reasonOf("lucky").contains(QStringLiteral("; ")) && !reasonOf("lucky").contains(QStringLiteral("weather")), qPrintable(reasonOf("lucky")));
        QCOMPARE(client_->get("/data/out/lucky").status, 200);
        QCOMPARE(reasonOf("lucky"), QString());
    }

    void tokensCountAsExpired()
    {
        QCOMPARE(client_->api("POST", "scopes", scopeBody).status, 201);
        const QJsonObject reader = object(client_->api("POST", "clients", clientBody).body);
        const QByteArray token = client_->tokenOf(reader.value(u"id").toString().toUtf8(), reader.value(u"secret").toString().toUtf8());
        QVERIFY(client_->makeEndpoint("guarded", "null", quotedScope));
        QVERIFY(client_->makeEndpoint("public"));
        const QList<QByteArray> headers{"Authorization: Bearer " + token};
        QCOMPARE(client_->get("/data/out/guarded", headers).status, 200);
        QVERIFY(begin("guarded", allExpired));
        QVERIFY(begin("public", allExpired));
        const HttpAnswer answer = client_->get("/data/out/guarded", headers);
        QCOMPARE(answer.status, 401);
        QVERIFY2(answer.headers.value("www-authenticate").contains("error=\"invalid_token\""), answer.headers.value("www-authenticate").constData());
        QVERIFY(object(answer.body).value(u"detail").toString().contains(QStringLiteral("expired")));
        QCOMPARE(client_->get("/data/out/guarded").status, 401);
        QCOMPARE(client_->get("/data/out/public").status, 200); // it needs none
        QCOMPARE(request(server_->port(), "GET", "/data/out/guarded/events?access_token=" + token).status, 401);
    }

    void streamsBreakWithoutAWord()
    {
        QVERIFY(client_->makeEndpoint("cut"));
        QVERIFY(begin("cut", cutSoon));
        RawConnection stream(server_->port());
        stream.send(upgradeOf("cut"));
        QCOMPARE(stream.answer().status, 101);
        QVERIFY(stream.waitForClose());
        const auto endOf = [&] {
            const QJsonArray entries = object(client_->api("GET", "activity?limit=20").body).value(u"data").toArray();
            for (const QJsonValue& entry : entries) {
                if (entry.toObject().value(u"path").toString() == u"/data/out/cut/stream")
                    return entry.toObject().value(u"reason").toString();
            }
            return QString();
        };
        QTRY_COMPARE(endOf(), QStringLiteral("test weather: cut"));
        // One that is open when the weather ends stays.
        QVERIFY(begin("cut", cutLater));
        RawConnection other(server_->port());
        other.send(upgradeOf("cut"));
        QCOMPARE(other.answer().status, 101);
        QCOMPARE(client_->api("DELETE", "weather/cut").status, 204);
        QTest::qWait(4000);
        QCOMPARE(client_->ingest("cut", onePoint).status, 200);
        QVERIFY(other.waitFor(onePoint));
    }

    void aResetEndsIt()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("workspace.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(smallWorkspace);
        file.close();
        ServerProcess server({QStringLiteral("--ephemeral"), QStringLiteral("--workspace"), file.fileName()});
        QVERIFY(server.waitUntilReady());
        const ApiClient client(server.port(), server.adminKey());
        QCOMPARE(client.api("PUT", "weather/e", allFail).status, 200);
        QCOMPARE(client.get("/data/out/e").status, 502);
        QCOMPARE(client.api("POST", "snapshots/reset").status, 200);
        QCOMPARE(client.get("/data/out/e").status, 200);
    }

    void itEndsByItselfAndWithItsEndpoint()
    {
        QVERIFY(client_->makeEndpoint("brief"));
        QVERIFY(begin("brief", failsUntil + QByteArray::number(QDateTime::currentSecsSinceEpoch() + 2) + "}"));
        QCOMPARE(client_->get("/data/out/brief").status, 503);
        QTRY_COMPARE_WITH_TIMEOUT(client_->get("/data/out/brief").status, 200, 10'000);
        QCOMPARE(client_->api("GET", "weather/brief").status, 404);
        QVERIFY(begin("brief", allFail));
        QCOMPARE(client_->api("DELETE", "endpoints/brief").status, 204);
        QTRY_COMPARE(client_->api("GET", "weather/brief").status, 404);
    }

    void onlyTheVersionThatWasSeenIsChanged()
    {
        QVERIFY(client_->makeEndpoint("tagged"));
        const HttpAnswer begun = client_->api("PUT", "weather/tagged", slow);
        const QList<QByteArray> stale{"If-Match: \"0\"", "Authorization: Bearer " + client_->token()};
        const QList<QByteArray> current{"If-Match: " + begun.headers.value("etag"), "Authorization: Bearer " + client_->token()};
        QCOMPARE(request(server_->port(), "PUT", "/api/weather/tagged", stale, allFail).status, 412);
        QCOMPARE(request(server_->port(), "DELETE", "/api/weather/tagged", stale).status, 412);
        QCOMPARE(request(server_->port(), "PUT", "/api/weather/tagged", current, allFail).status, 200);
        QCOMPARE(client_->api("DELETE", "weather/tagged").status, 204);
        const QList<QByteArray> any{"If-Match: *", "Authorization: Bearer " + client_->token()};
        QCOMPARE(request(server_->port(), "PUT", "/api/weather/tagged", any, allFail).status, 412); // there is none
    }
};

QTEST_GUILESS_MAIN(TestServerWeather)
#include "tst_e2e_weather.moc"
