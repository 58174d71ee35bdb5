// Running a server: proxies in front, TLS, counters, the list of what was asked, the audit log, long lists.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/owncertificate.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qprocess.h>
#include <QtCore/qset.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qsslsocket.h>
#include <QtTest/QtTest>

#include <array>
#include <memory>

using namespace iotman::test;

namespace {

const QByteArray twoPoints = R"([{"t":1,"n":1},{"t":2,"n":2}])";
const QByteArray unwantedScope = R"({"scope":"ops:read"})";
const QByteArray oneScope = R"({"name":"many:1000"})";

/// `fields`: of the head, with their line ends.
QByteArray post(const QByteArray& path, const QByteArray& fields, const QByteArray& body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "Content-Length: " + QByteArray::number(body.size()) +
           "\r\n\r\n" + body;
}

QString nextPage(const HttpAnswer& answer)
{
    return object(answer.body).value(u"next_page").toString();
}

QJsonArray dataOf(const HttpAnswer& answer)
{
    return object(answer.body).value(u"data").toArray();
}

/// Threads of a program that runs with these free what they have of OpenSSL behind all that the program does at its end.
QProcessEnvironment withLateThreads()
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(IOTMAN_LATE_THREADS));
    variables.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("verify_asan_link_order=0"));
    return variables;
}

} // namespace

class TestServerOps : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    /// The newest entry about this path.
    QJsonObject activityOf(const QString& path) const
    {
        for (const QJsonValue& entry : dataOf(client_->api("GET", "activity?limit=1000"))) {
            if (entry[u"path"].toString() == path)
                return entry.toObject();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
        QVERIFY(client_->makeEndpoint("ops"));
        QCOMPARE(client_->ingest("ops", twoPoints).status, 200);
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void theCountersAreThereForALocalScraperOnly()
    {
        const HttpAnswer metrics = client_->get("/metrics");
        QCOMPARE(metrics.status, 200);
        QVERIFY(metrics.headers.value("content-type").startsWith("text/plain; version=0.0.4"));
        for (const QByteArray line :
             {"iotman_datapoints{source=\"ops\"} 2", "iotman_items{output=\"ops\"} 2", "iotman_streams{endpoint=\"ops\"} 0",
              "iotman_up 1", "# TYPE iotman_http_requests_total counter"})
            QVERIFY2(metrics.body.contains(QByteArray(line + "\n")), line.constData());
        QCOMPARE(client_->get("/metrics", {"X-Forwarded-For: 198.51.100.7"}).status, 401);
        QCOMPARE(client_->get("/metrics", {"Forwarded: for=198.51.100.7", "Authorization: Bearer " + client_->token()}).status,
                 200);
    }

    void whatWasRefusedIsToldInWordsAndHoldsNoSecret()
    {
        (void)client_->get("/data/out/ops?limit=0&access_token=SENTINELabc",
                           {"Authorization: Bearer SENTINELdef", "Cookie: SENTINELghi"});
        const QJsonObject entry = activityOf(QStringLiteral("/data/out/ops"));
        QCOMPARE(entry.value(u"status").toInt(), 400);
        QCOMPARE(entry.value(u"method").toString(), QStringLiteral("GET"));
        QCOMPARE(entry.value(u"client").toString(), QStringLiteral("127.0.0.1"));
        QVERIFY(entry.value(u"reason").toString().contains(QStringLiteral("limit")));
        QCOMPARE(client_->get("/data/out/nowhere?access%5Ftoken=SENTINELjkl").status, 404);
        const HttpAnswer listed = client_->api("GET", "activity?limit=1000");
        QCOMPARE(listed.status, 200);
        QVERIFY(listed.body.contains("/data/out/nowhere"));
        QVERIFY(!listed.body.contains("SENTINEL"));
    }

    void whatWorksHereOnlyIsMarked()
    {
        (void)client_->get("/data/out/ops");
        QCOMPARE(activityOf(QStringLiteral("/data/out/ops")).value(u"extension").toBool(), false);
        (void)client_->get("/data/out/ops?times=1");
        QCOMPARE(activityOf(QStringLiteral("/data/out/ops")).value(u"extension").toBool(), true);
        QCOMPARE(activityOf(QStringLiteral("/api/sources")).value(u"caller").toString(), QStringLiteral("admin@localhost"));
    }

    void theActivityIsPagedAndLive()
    {
        const HttpAnswer first = client_->api("GET", "activity?limit=2");
        QCOMPARE(dataOf(first).size(), 2);
        const HttpAnswer second = client_->get(targetOf(nextPage(first)), {"Authorization: Bearer " + client_->token()});
        QVERIFY(dataOf(second).first()[u"number"].toInt() < dataOf(first).last()[u"number"].toInt());

        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client_->token() +
                    "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        (void)client_->get("/data/out/marker");
        QVERIFY(events.waitFor("\"path\":\"/data/out/marker\""));
        QCOMPARE(client_->get("/api/activity/events").status, 401);
    }

    void aStreamTellsWhatItIsBehindAndWhereItEnded()
    {
        QVERIFY(client_->makeEndpoint("behind"));
        const auto open = [&] {
            auto events = std::make_unique<RawConnection>(server_->port());
            events->send("GET /data/out/behind/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return events->waitFor("text/event-stream") ? std::move(events) : nullptr;
        };
        const auto behind = [&]() -> QJsonValue {
            for (const QJsonValue& stream : dataOf(client_->api("GET", "activity/streams"))) {
                if (stream[u"endpoint"] == QStringLiteral("behind"))
                    return stream[u"behind"];
            }
            return QStringLiteral("no stream");
        };
        const auto place = [&](const QString& part) {
            return activityOf(QStringLiteral("/data/out/behind/events")).value(u"place")[part];
        };
        QCOMPARE(client_->ingest("behind", twoPoints).status, 200);
        auto reader = open();
        QVERIFY(reader);
        QCOMPARE(behind(), QJsonValue(0));
        QCOMPARE(place(QStringLiteral("began")), QJsonValue(2));
        QVERIFY(place(QStringLiteral("ended")).isNull());
        // More than the network between two processes holds, in pieces of which it takes some at least: the rest waits in the store.
        constexpr int large = 300;
        for (int n = 1; n <= large; ++n)
            QCOMPARE(client_
                         ->ingest("behind",
                                  "{\"t\":3,\"n\":" + QByteArray::number(n) + ",\"text\":\"" + QByteArray(100'000, 'x') + "\"}")
                         .status,
                     200);
        QTRY_VERIFY2(behind().toInt() > 10 && behind().toInt() < large, qPrintable(QString::number(behind().toInt())));
        QVERIFY(reader->waitFor("\"n\":" + QByteArray::number(large) + ","));
        QVERIFY(reader->waitFor("\n\n"));
        QTRY_COMPARE(behind(), QJsonValue(0));
        reader.reset();
        QTRY_COMPARE(behind(), QJsonValue(QStringLiteral("no stream")));
        QCOMPARE(place(QStringLiteral("ended")), QJsonValue(2 + large));
        // What comes while nobody reads is what the next one has lost.
        QCOMPARE(client_->ingest("behind", twoPoints).status, 200);
        QCOMPARE(client_->ingest("behind", "{\"t\":4,\"n\":3}").status, 200);
        reader = open();
        QVERIFY(reader);
        QCOMPARE(place(QStringLiteral("began")), QJsonValue(2 + large + 3));
        QCOMPARE(client_->api("GET", "activity/streams?limit=0").status, 400);
        QCOMPARE(client_->get("/api/activity/streams").status, 401);
    }

    void whatTakesNoMembersPassesNoneOver_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"clients/x/secret", "clients/x/token", "members/x/key", "members/x/token", "imports/x/commit",
                                 "snapshots/x/restore", "keys/rotate"})
            QTest::newRow(path) << QByteArray(path);
    }
    void whatTakesNoMembersPassesNoneOver()
    {
        QFETCH(QByteArray, path);
        const HttpAnswer refused = client_->api("POST", path, unwantedScope);
        QCOMPARE(refused.status, 400);
        QCOMPARE(object(refused.body).value(u"field").toString(), QStringLiteral("scope"));
        QCOMPARE(client_->api("POST", path, "[]").status, 400);
        if (path == "keys/rotate")
            return; // which would be done
        for (const QByteArray body : {"", "{}"})
            QCOMPARE(client_->api("POST", path, body).status, 404);
    }

    void whatWasChangedMeanwhileIsNotDeleted_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("id"); // the member that says it
        const auto row = [](const char* list, const char* body, const char* id) { QTest::newRow(list) << QByteArray(list) << QByteArray(body) << QByteArray(id); };
        row("scopes", "{\"name\":\"to:delete\"}", "name");
        row("sources", "{\"name\":\"to-delete\",\"kind\":\"http\"}", "name");
        row("outputs", "{\"name\":\"to delete\",\"rule\":\"$\"}", "id");
        row("clients", "{\"name\":\"to delete\"}", "id");
        row("members", "{\"email\":\"to@delete.example\",\"role\":\"viewer\"}", "id");
        row("imports", "{\"source\":\"ops\",\"name\":\"to delete\"}", "id");
        row("snapshots", "{\"name\":\"to-delete\"}", "name");
    }
    void whatWasChangedMeanwhileIsNotDeleted()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, id);
        const HttpAnswer made = client_->api("POST", list, body);
        QCOMPARE(made.status, 201);
        const QByteArray path = "/api/" + list + "/" + object(made.body)[QLatin1String(id)].toString().toUtf8();
        const auto remove = [&](const QByteArray& tag) {
            return request(server_->port(), "DELETE", path, {"Authorization: Bearer " + client_->token(), "If-Match: " + tag}).status;
        };
        const HttpAnswer now = request(server_->port(), "GET", path, {"Authorization: Bearer " + client_->token()});
        QVERIFY(!now.headers.value("etag").isEmpty());
        QCOMPARE(remove("\"nope\""), 412);
        QCOMPARE(remove(now.headers.value("etag")), 204);
    }

    void whatIsCountedChangesTheTagButNotTheVersion()
    {
        QVERIFY(client_->makeEndpoint("counted"));
        const QByteArray bearer = "Authorization: Bearer " + client_->token();
        const auto source = [&](const QByteArray& method, const QByteArray& precondition, const QByteArray& body = {}) {
            return request(server_->port(), method, "/api/sources/counted", {bearer, precondition}, body);
        };
        const QByteArray tag = source("GET", "Accept: */*").headers.value("etag");
        QCOMPARE(source("GET", "If-None-Match: " + tag).status, 304);
        QCOMPARE(client_->ingest("counted", twoPoints).status, 200);
        QCOMPARE(source("GET", "If-None-Match: " + tag).status, 200);
        QCOMPARE(source("PATCH", "If-Match: " + tag, "{\"enabled\":true}").status, 200); // as it is
        QCOMPARE(source("PATCH", "If-Match: " + tag, "{\"enabled\":false}").status, 200);
        QCOMPARE(source("PATCH", "If-Match: " + tag, "{\"enabled\":true}").status, 412);
    }

    void snapshotsWithoutANameNeverMeet()
    {
        for (int i = 0; i < 3; ++i) {
            const HttpAnswer saved = client_->api("POST", "snapshots");
            QCOMPARE(saved.status, 201);
            const QByteArray name = object(saved.body).value(u"name").toString().toUtf8();
            QVERIFY(!client_->api("GET", "snapshots/" + name).headers.value("etag").isEmpty());
        }
    }

    void theStreamsOfAnOriginEndWhenItIsTakenOffTheList()
    {
        QVERIFY(client_->makeEndpoint("listed"));
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[\"https://dash.example\",\"https://other.example\"]}").status, 200);
        const auto opened = [&](const QByteArray& origin) {
            auto events = std::make_unique<RawConnection>(server_->port());
            events->send("GET /data/out/listed/events HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n\r\n");
            return events;
        };
        const auto dash = opened("https://dash.example"), other = opened("https://other.example");
        QVERIFY(dash->waitFor("text/event-stream") && other->waitFor("text/event-stream"));
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[\"https://other.example\"]}").status, 200);
        QVERIFY(dash->waitForClose());
        QCOMPARE(client_->ingest("listed", twoPoints).status, 200);
        QVERIFY(other->waitFor("data: "));
    }

    void longListsArePagedAndHoldEachOnce_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body"); // %1 is a number
        const auto row = [](const char* list, const char* path, const char* body) {
            QTest::newRow(list) << QByteArray(list) << QByteArray(path) << QByteArray(body);
        };
        row("/api/scopes", "/api/scopes", "{\"name\":\"many:%1\"}");
        row("/api/imports", "/api/imports", "{\"source\":\"ops\"}");
        row("/api/snapshots", "/api/snapshots", "{\"name\":\"many-%1\"}");
        row("/api/sources/many/datapoints", "/data/in/many", "{\"t\":%1}");
    }
    void longListsArePagedAndHoldEachOnce()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        constexpr int made = 7;
        if (path == "/data/in/many")
            QVERIFY(client_->makeEndpoint("many"));
        const QList<QByteArray> bearer{"Authorization: Bearer " + client_->token()};
        for (int i = 0; i < made; ++i) {
            QByteArray one = body;
            one.replace("%1", QByteArray::number(100 + i));
            QVERIFY(request(server_->port(), "POST", path, bearer, one).status / 100 == 2);
        }
        QJsonArray paged;
        for (QByteArray target = list + "?limit=3"; !target.isEmpty();) {
            const HttpAnswer page = client_->get(target, bearer);
            QCOMPARE(page.status, 200);
            QVERIFY(!dataOf(page).isEmpty() && dataOf(page).size() <= 3);
            for (const QJsonValue& one : dataOf(page))
                paged.append(one);
            target = nextPage(page).isEmpty() ? QByteArray() : targetOf(nextPage(page));
        }
        QVERIFY(paged.size() >= made);
        QCOMPARE(paged, dataOf(client_->get(list + "?limit=1000", bearer)));
        const HttpAnswer none = client_->get(list + "?limit=0", bearer);
        QCOMPARE(none.status, 400);
        QCOMPARE(object(none.body).value(u"field").toString(), QStringLiteral("limit"));
    }

    void everyChangeIsInTheAuditLogWithBeforeAndAfter()
    {
        QCOMPARE(client_->api("POST", "scopes", "{\"name\":\"audit:me\",\"description\":\"x\"}").status, 201);
        const QJsonObject made = dataOf(client_->api("GET", "audit?limit=1")).first().toObject();
        QCOMPARE(made.value(u"who").toString(), QStringLiteral("admin@localhost"));
        QVERIFY(made.value(u"before").isNull());
        QCOMPARE(made.value(u"after")[u"description"].toString(), QStringLiteral("x"));
        QCOMPARE(client_->api("DELETE", "scopes/audit:me").status, 204);
        const QJsonObject gone = dataOf(client_->api("GET", "audit?limit=1")).first().toObject();
        QVERIFY(gone.value(u"after").isNull());
        QVERIFY(!nextPage(client_->api("GET", "audit?limit=1")).isEmpty());
    }

    void whatIfNoneMatchRulesOutIsNotChanged()
    {
        const QByteArray authorization = "Authorization: Bearer " + client_->token();
        const HttpAnswer cors = client_->get("/api/cors", {authorization});
        const QByteArray tag = cors.headers.value("etag");
        QVERIFY(!tag.isEmpty());
        const QByteArray origins = "{\"origins\":[\"https://a.example\"]}";
        const QList<QByteArray> json{authorization, "Content-Type: application/json"};
        for (const QByteArray& none : {QByteArray("*"), tag, QByteArray("\"other\", " + tag), QByteArray("W/" + tag)})
            QCOMPARE(request(server_->port(), "PUT", "/api/cors", json + QList<QByteArray>{"If-None-Match: " + none}, origins).status, 412);
        QCOMPARE(client_->get("/api/cors", {authorization}).body, cors.body);
        QCOMPARE(request(server_->port(), "PUT", "/api/workspace/file", json + QList<QByteArray>{"If-None-Match: *"}, "{\"iotman\":1}").status, 412);
        QCOMPARE(request(server_->port(), "PUT", "/api/cors", json + QList<QByteArray>{"If-None-Match: \"other\""}, origins).status, 200);
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[]}").status, 200);
    }

    void openApiDescribesThisWorkspaceToWhoMaySeeIt()
    {
        QCOMPARE(client_->api("POST", "scopes", "{\"name\":\"secret:read\"}").status, 201);
        QVERIFY(client_->makeEndpoint("hidden", "null", "\"secret:read\""));
        const QJsonObject open = object(client_->get("/openapi.json").body);
        QCOMPARE(open.value(u"openapi").toString(), QStringLiteral("3.1.0"));
        QVERIFY(open.value(u"paths").toObject().contains(QStringLiteral("/data/out/ops")));
        QVERIFY(!open.value(u"paths").toObject().contains(QStringLiteral("/data/out/hidden")));
        const QJsonValue schema = open.value(u"components")[u"schemas"][u"ops.Item"];
        QCOMPARE(schema[u"properties"][u"n"][u"type"].toString(), QStringLiteral("number"));
        QVERIFY(schema[u"examples"].isUndefined());
        const QJsonObject full = object(client_->get("/openapi.json", {"Authorization: Bearer " + client_->token()}).body);
        QVERIFY(full.value(u"paths").toObject().contains(QStringLiteral("/data/out/hidden")));
        QCOMPARE(full.value(u"components")[u"schemas"][u"ops.Item"][u"examples"][0][u"n"].toInt(), 2);
    }

    void openApiSaysOnceWhatEndpointsShare()
    {
        QVERIFY(client_->makeEndpoint("shared"));
        QCOMPARE(client_->api("POST", "endpoints", R"({"output":"shared","id":"shared-too"})").status, 201);
        QCOMPARE(client_->ingest("shared", R"({"t":1,"n":1e400})").status, 200); // which no double holds, hence no example
        const QJsonObject document = object(client_->get("/openapi.json", {"Authorization: Bearer " + client_->token()}).body);
        const QJsonValue schemas = document.value(u"components")[u"schemas"];
        QCOMPARE(schemas[u"shared-too.Page"][u"properties"][u"data"][u"items"][u"$ref"].toString(),
                 QStringLiteral("#/components/schemas/shared.Item"));
        QCOMPARE(schemas[u"shared-too.Item"][u"$ref"].toString(), QStringLiteral("#/components/schemas/shared.Item"));
        QCOMPARE(schemas[u"shared.Item"][u"properties"][u"n"][u"type"].toString(), QStringLiteral("number"));
        QVERIFY(schemas[u"shared.Item"][u"examples"].isUndefined());
        const QJsonArray parameters = document.value(u"paths")[u"/data/out/shared-too"][u"get"][u"parameters"].toArray();
        QCOMPARE(parameters.size(), 5);
        for (const QJsonValue& parameter : parameters) {
            const QString name = parameter[u"$ref"].toString().section(u'/', -1);
            QVERIFY2(!document.value(u"components")[u"parameters"][name][u"name"].toString().isEmpty(), qPrintable(name));
        }
    }

    void aTrustedProxysWordMakesTheLinks()
    {
        ServerProcess behind({QStringLiteral("--ephemeral"), QStringLiteral("--trusted-proxy"), QStringLiteral("127.0.0.0/8")});
        QVERIFY(behind.waitUntilReady());
        const ApiClient client(behind.port(), behind.adminKey());
        QVERIFY(client.makeEndpoint("ops"));
        QCOMPARE(client.ingest("ops", twoPoints).status, 200);
        const QList<QByteArray> forwarded{"X-Forwarded-Host: gw.example:8443", "X-Forwarded-Proto: https",
                                          "X-Forwarded-For: 198.51.100.7"};
        const QString next = nextPage(client.get("/data/out/ops?limit=1", forwarded));
        QVERIFY2(next.startsWith(QStringLiteral("https://gw.example:8443/data/out/ops?")), qPrintable(next));
        QCOMPARE(client.get("/metrics").status, 401);
        // From anyone else the same is ignored (nextpage-2).
        const QString own = nextPage(client_->get("/data/out/ops?limit=1", forwarded));
        QVERIFY2(own.startsWith(QStringLiteral("http://localhost")) || own.startsWith(QStringLiteral("http://127.0.0.1")),
                 qPrintable(own));
    }

    /// Else a page on the web whose name leads to the proxy would read as one of our own (DNS rebinding).
    void aForwardedNameIsOneOfThoseThatWereGiven_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("forwarded");
        QTest::addColumn<int>("status");
        const QStringList host{QStringLiteral("--host"), QStringLiteral("gw.example")};
        const QStringList base{QStringLiteral("--base-url"), QStringLiteral("https://gw.example/iot")};
        QTest::newRow("no name was given") << QStringList() << QByteArray("X-Forwarded-Host: any.example") << 200;
        QTest::newRow("a host") << host << QByteArray("X-Forwarded-Host: gw.example:8443") << 200;
        QTest::newRow("another one") << host << QByteArray("X-Forwarded-Host: evil.example") << 421;
        QTest::newRow("the base URL's") << base << QByteArray("X-Forwarded-Host: GW.example.") << 200;
        QTest::newRow("not the base URL's") << base << QByteArray("Forwarded: host=evil.example;proto=https") << 421;
        QTest::newRow("none is forwarded") << host << QByteArray("X-Forwarded-Proto: https") << 200;
        QTest::newRow("our own") << host << QByteArray("X-Forwarded-Host: localhost:9") << 200;
    }
    void aForwardedNameIsOneOfThoseThatWereGiven()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, forwarded);
        QFETCH(int, status);
        ServerProcess behind(options + QStringList{QStringLiteral("--ephemeral"), QStringLiteral("--trusted-proxy=127.0.0.1")});
        QVERIFY(behind.waitUntilReady());
        QCOMPARE(request(behind.port(), "GET", "/healthz", {forwarded}).status, status);
    }

    /// RFC 8414 §3.1, which puts the well-known part in front of the issuer's path.
    void theMetadataAreFoundForAnIssuerWithAPath()
    {
        ServerProcess behind({QStringLiteral("--ephemeral"), QStringLiteral("--base-url=https://gw.example/iot")});
        QVERIFY(behind.waitUntilReady());
        const QByteArray metadata = "/.well-known/oauth-authorization-server";
        for (const QByteArray& path : QByteArrayList{metadata, metadata + "/iot"}) {
            const HttpAnswer answer = request(behind.port(), "GET", path);
            QCOMPARE(answer.status, 200);
            QCOMPARE(object(answer.body).value(u"issuer").toString(), QStringLiteral("https://gw.example/iot"));
        }
        QCOMPARE(request(behind.port(), "GET", QByteArray(metadata + "/other")).status, 404);
        QCOMPARE(request(behind.port(), "GET", QByteArray(metadata + "/")).status, 404);
    }

    /// Behind a proxy that adds a path and names its own host, a path alone would lead beside it.
    void whatIsMadeLiesUnderTheBaseUrl()
    {
        for (const QByteArray& base : QByteArrayList{"", "https://gw.example/iot"}) {
            const QStringList option = base.isEmpty() ? QStringList() : QStringList{QStringLiteral("--base-url=") + QString::fromUtf8(base)};
            ServerProcess behind(option + QStringList{QStringLiteral("--ephemeral")});
            QVERIFY(behind.waitUntilReady());
            ApiClient client(behind.port(), behind.adminKey());
            const HttpAnswer made = client.api("POST", "sources", R"({"name":"s","kind":"http"})");
            QCOMPARE(made.status, 201);
            QCOMPARE(made.headers.value("location"), QByteArray(base + "/api/sources/s"));
        }
    }

    void wrongOptionsAreWrongUsage_data()
    {
        QTest::addColumn<QStringList>("options");
        const auto row = [](const char* name, const QStringList& options) { QTest::newRow(name) << options; };
        row("a proxy that is no network", {QStringLiteral("--trusted-proxy"), QStringLiteral("gateway")});
        row("a base URL without a scheme", {QStringLiteral("--base-url"), QStringLiteral("gw.example")});
        row("a base URL with a blank", {QStringLiteral("--base-url"), QStringLiteral("https://gw example")});
        row("a base URL with a port beyond all", {QStringLiteral("--base-url"), QStringLiteral("https://gw.example:99999")});
        row("a host with a blank", {QStringLiteral("--host"), QStringLiteral("a b")});
        row("a host that is a URL", {QStringLiteral("--host"), QStringLiteral("http://gw.example")});
        row("a contract that nobody knows", {QStringLiteral("--contract"), QStringLiteral("strict")});
        row("a certificate without its key", {QStringLiteral("--tls-cert"), QStringLiteral("cert.pem")});
    }
    void wrongOptionsAreWrongUsage()
    {
        QFETCH(QStringList, options);
        QByteArray output;
        QCOMPARE(runServer(QStringList{QStringLiteral("serve"), QStringLiteral("--ephemeral")} + options, output), 2);
        QCOMPARE(output.count('\n'), 1);
    }

    void withACertificateEverythingIsTls()
    {
        QTemporaryDir folder;
        const OwnCertificate own(folder);
        ServerProcess server(own.options() + QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        QVERIFY2(server.lines().last().startsWith("ready https://127.0.0.1:"), server.lines().last().constData());

        QSslSocket socket;
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), static_cast<quint16>(server.port()));
        QVERIFY2(socket.waitForEncrypted(10000), qPrintable(socket.errorString()));
        QByteArray received;
        for (int i = 0; i < 2; ++i) { // the connection is kept
            socket.write("GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: localhost:1\r\n\r\n");
            received.clear();
            while (!received.contains("token_endpoint_auth_methods_supported") && socket.waitForReadyRead(10000))
                received += socket.readAll();
            QVERIFY2(received.contains("\"issuer\":\"https://localhost:1\""), received.constData());
        }
        // A stream goes through TLS as well.
        socket.write("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        received.clear();
        while (!received.contains("401") && socket.waitForReadyRead(10000))
            received += socket.readAll();
        QVERIFY(received.contains("401"));

        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--tls-cert"), own.key,
                            QStringLiteral("--tls-key"), own.key},
                           output),
                 1);
        QVERIFY2(output.contains("--tls-cert"), output.constData());
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--tls-cert"), own.certificate}, output), 2);
    }

    void theServersThreadsMayBeLateAtItsEnd()
    {
        ServerProcess server({QStringLiteral("--ephemeral")}, withLateThreads());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient admin(server.port(), server.adminKey());
        for (int connection = 0; connection < 4; ++connection) // both workers look at a token
            QCOMPARE(admin.api("GET", "sources").status, 200);
        QVERIFY(server.terminate());
    }

    void theThreadsOfAClientMayBeLateAtItsEnd()
    {
        QTemporaryDir folder;
        const OwnCertificate own(folder);
        ServerProcess server(own.options() + QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const QString url = QStringLiteral("https://localhost:%1/data/out/any").arg(server.port());
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("contract"), url}, output, withLateThreads()), 1);
        QVERIFY(output.contains("No secure connection"));
    }

    void changesMayWaitForTheWriterAtItsEnd()
    {
        ServerProcess server({QStringLiteral("--ephemeral")});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient admin(server.port(), server.adminKey());
        QVERIFY(admin.makeEndpoint("busy"));
        QCOMPARE(admin.api("POST", "outputs", R"({"name":"numbered","sources":["busy"],"rule":"{ id: $id }"})").status, 201);
        // The writer makes items with sequences. Once the first of these requests is answered, the others wait for it.
        const QByteArray row = "{\"t\":1,\"text\":\"" + QByteArray(50, 'x') + "\"}\n";
        std::array<RawConnection, 6> busy{RawConnection(server.port()), RawConnection(server.port()),
                                          RawConnection(server.port()), RawConnection(server.port()),
                                          RawConnection(server.port()), RawConnection(server.port())};
        for (RawConnection& connection : busy)
            connection.send(post("/data/in/busy", QByteArray(), row.repeated(100'000)));
        QVERIFY(busy.front().waitFor("accepted"));
        std::array<RawConnection, 2> changes{RawConnection(server.port()), RawConnection(server.port())};
        for (RawConnection& connection : changes)
            connection.send(post("/api/scopes", "Authorization: Bearer " + admin.token() + "\r\n", oneScope));
        QTest::qWait(100);
        QVERIFY(server.terminate());
    }

    void whenTheyWereLastUsedIsKnownAfterARestart()
    {
        QTemporaryDir folder;
        const QStringList arguments{QStringLiteral("--data"), folder.path()};
        QByteArray key;
        {
            ServerProcess first(arguments);
            QVERIFY(first.waitUntilReady());
            QFile file(folder.filePath(QStringLiteral("admin.key")));
            QVERIFY(file.open(QIODevice::ReadOnly));
            key = file.readAll().trimmed();
            const ApiClient admin(first.port(), key);
            QVERIFY(admin.makeEndpoint("used"));
            QCOMPARE(admin.get("/data/out/used").status, 200);
            QVERIFY(first.terminate());
        }
        ServerProcess second(arguments);
        QVERIFY(second.waitUntilReady());
        const ApiClient admin(second.port(), key);
        QVERIFY(object(admin.api("GET", "endpoints/used").body).value(u"last_read_at").toDouble() > 0);
    }
};

QTEST_GUILESS_MAIN(TestServerOps)
#include "tst_e2e_server_ops.moc"
