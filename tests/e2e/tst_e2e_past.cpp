// Items of the past: rules that are applied again, imports, and what readers and charts get and hear of them.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QByteArray twoPoints = R"([{"t":1,"n":1},{"t":2,"n":2}])";
const QByteArray laterOutput = R"({"name":"later","sources":["past"],"rule":"$"})";

QJsonArray dataOf(const HttpAnswer& answer)
{
    return object(answer.body).value(u"data").toArray();
}

const QByteArray namedOutput = "{\"name\":\"named\",\"filter\":\"$source == \\\"gone\\\"\",\"rule\":\"{ s: $source }\"}";

} // namespace

class TestPast : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

    /// The id of the output of this name.
    QByteArray outputId(const QString& name) const
    {
        for (const QJsonValue& output : dataOf(client_->api("GET", "outputs"))) {
            if (output[u"name"] == name)
                return output[u"id"].toString().toUtf8();
        }
        return {};
    }
    /// Makes all items of an output anew, and waits until the new ones are served. A new output is being applied to what is stored;
    /// until that is done, another time is refused.
    bool remake(const QString& output, const QByteArray& rule) const
    {
        const QByteArray path = "outputs/" + outputId(output);
        return QTest::qWaitFor([&] { return client_->api("PATCH", path, "{\"rule\":\"" + rule + "\",\"apply_to_stored\":true}").status == 200; }) &&
               waitUntilApplied(path);
    }
    bool waitUntilApplied(const QByteArray& output) const
    {
        return QTest::qWaitFor([&] { return object(client_->api("GET", output).body).value(u"applying").isNull(); }, 60'000);
    }
    bool import(const QByteArray& source, const QByteArray& rows) const
    {
        const QByteArray id = object(client_->api("POST", "imports", "{\"source\":\"" + source + "\",\"name\":\"a\"}").body).value(u"id").toString().toUtf8();
        return client_->api("POST", "imports/" + id + "/rows?at=0", rows).status == 200 &&
               client_->api("POST", "imports/" + id + "/commit").status == 200;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
        QVERIFY(client_->makeEndpoint("past"));
        QCOMPARE(client_->ingest("past", twoPoints).status, 200);
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void anOutputsFirstAnswerSaysThatItIsBeingApplied()
    {
        const QJsonObject made = object(client_->api("POST", "outputs", laterOutput).body);
        QVERIFY(made.value(u"applying")[u"total"].toInt() > 0);
        const QByteArray path = "outputs/" + made.value(u"id").toString().toUtf8();
        QVERIFY(waitUntilApplied(path));
        QCOMPARE(object(client_->api("GET", path).body).value(u"items").toInt(), 2);
    }

    void remadeItemsAreNewsAboutHistory()
    {
        QVERIFY(client_->makeEndpoint("remade"));
        QCOMPARE(client_->ingest("remade", twoPoints).status, 200);
        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client_->token() +
                    "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        QVERIFY(remake(QStringLiteral("remade"), "{ n: $.n }"));
        QVERIFY(events.waitFor("event: history-changed"));
        QVERIFY(events.waitFor("\"endpoint\":\"remade\""));
    }

    /// Its datapoints stay; what is made of them still knows whose they are.
    void aDeletedSourceIsStillCalledByItsName()
    {
        QCOMPARE(client_->api("POST", "sources", R"({"name":"gone","kind":"http","time":"$.t"})").status, 201);
        QCOMPARE(client_->api("POST", "outputs", namedOutput).status, 201);
        QCOMPARE(client_->api("POST", "endpoints", R"({"id":"named","output":"named"})").status, 201);
        QCOMPARE(client_->ingest("gone", twoPoints).status, 200);
        QVERIFY(remake(QStringLiteral("named"), "{ s: $source, a: 1 }"));
        QCOMPARE(client_->api("DELETE", "sources/gone").status, 204);
        QVERIFY(remake(QStringLiteral("named"), "{ s: $source, b: 2 }"));
        QVERIFY2(client_->get("/data/out/named").body.startsWith(R"({"data":[{"s":"gone","b":2},{"s":"gone","b":2}])"),
                 client_->get("/data/out/named").body.constData());
        // Another one of that name is another one.
        QCOMPARE(client_->api("POST", "sources", R"({"name":"gone","kind":"http","time":"$.t"})").status, 201);
        QVERIFY(remake(QStringLiteral("named"), "{ s: $source, c: 3 }"));
        QCOMPARE(object(client_->get("/data/out/named").body)[u"data"].toArray().size(), 2);
    }

    /// Whoever has read on is told nothing again; whoever is behind gets what is still new to it, as it is now.
    void remadeItemsReachWhoWasBehindAndNobodyElse()
    {
        QVERIFY(client_->makeEndpoint("lagging"));
        const auto events = [&](const QByteArray& query) {
            auto stream = std::make_unique<RawConnection>(server_->port());
            stream->send("GET /data/out/lagging/events" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return stream;
        };
        const auto ingest = [&](int n) {
            return client_->ingest("lagging", "{\"t\":" + QByteArray::number(100 + n) + ",\"n\":" + QByteArray::number(n) + "}").status == 200;
        };
        /// The numbers of all items up to this one, in the order in which they come.
        const auto numbersUntil = [](RawConnection& stream, const QByteArray& last) {
            QByteArray numbers;
            for (QByteArray line = stream.line(); !line.isNull(); line = stream.line()) {
                if (!line.startsWith("data: "))
                    continue;
                const QJsonObject item = object(line.mid(6));
                numbers += (item.contains(u"made") ? "made " : "") + QByteArray::number(item[item.contains(u"made") ? u"made" : u"n"].toInt()) + ", ";
                if (line.contains(last))
                    break;
            }
            return numbers;
        };
        QVERIFY(ingest(1));
        const QByteArray cursor = object(client_->get("/data/out/lagging?times=1").body).value(u"live").toString().toUtf8();
        const auto reader = events({});
        QVERIFY(reader->waitFor(": items follow"));
        QVERIFY(ingest(2));
        QVERIFY(import("lagging", "{\"time\":5,\"payload\":{\"n\":70}}"));
        QVERIFY(ingest(3));
        QCOMPARE(numbersUntil(*reader, "\"n\":3"), QByteArray("2, 3, "));
        QVERIFY(remake(QStringLiteral("lagging"), "{ made: $.n }"));
        QVERIFY(ingest(4));
        QCOMPARE(numbersUntil(*reader, ":4"), QByteArray("made 4, "));
        QCOMPARE(numbersUntil(*events("?cursor=" + cursor), ":4"), QByteArray("made 2, made 3, made 4, "));
        QCOMPARE(numbersUntil(*events("?from=0"), ":4"), QByteArray("made 70, made 1, made 2, made 3, made 4, "));
    }

    /// What the old rule left out is of the past for who has caught up: it is told where to read it again.
    void aWiderFilterStreamsNothingOfThePast()
    {
        QVERIFY(client_->makeEndpoint("wide"));
        const QByteArray path = "outputs/" + outputId(QStringLiteral("wide"));
        QVERIFY(QTest::qWaitFor([&] { return client_->api("PATCH", path, R"({"filter":"$.n == 1 || $.n > 100"})").status == 200; }));
        RawConnection events(server_->port());
        events.send("GET /data/out/wide/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(events.waitFor(": items follow"));
        QCOMPARE(client_->ingest("wide", "{\"t\":1,\"n\":1}").status, 200);
        QVERIFY(events.waitFor("data: {\"t\":1,\"n\":1}"));
        for (int n = 2; n < 50; ++n)
            QCOMPARE(client_->ingest("wide", "{\"t\":1,\"n\":" + QByteArray::number(n) + "}").status, 200);
        QVERIFY(QTest::qWaitFor([&] { return client_->api("PATCH", path, R"({"filter":null,"apply_to_stored":true})").status == 200; }));
        QVERIFY(waitUntilApplied(path));
        QTRY_COMPARE(object(client_->get("/data/out/wide").body)[u"data"].toArray().size(), 49);
        QCOMPARE(client_->ingest("wide", "{\"t\":1,\"n\":101}").status, 200);
        QByteArray line = events.line();
        while (!line.isNull() && !line.startsWith("data: "))
            line = events.line();
        QCOMPARE(line, QByteArray("data: {\"t\":1,\"n\":101}"));
    }

    void aSlowReaderGetsEveryItemAlthoughTheyAreRemadeMeanwhile()
    {
        constexpr int items = 20'000; // of 1 kB: more than what lies between two sockets
        QVERIFY(client_->makeEndpoint("slow"));
        RawConnection events(server_->port());
        events.send("GET /data/out/slow/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(events.waitFor(": items follow"));
        const QByteArray text(1000, 'x');
        for (int n = 0; n < items;) {
            QByteArray lines;
            for (int end = n + 1000; n < end; ++n)
                lines += "{\"t\":1,\"n\":" + QByteArray::number(n) + ",\"x\":\"" + text + "\"}\n";
            QCOMPARE(client_->ingest("slow", lines).status, 200);
        }
        QVERIFY(remake(QStringLiteral("slow"), "{ n: $.n, x: $.x }"));
        QCOMPARE(client_->ingest("slow", "{\"t\":1,\"n\":" + QByteArray::number(items) + ",\"x\":\"\"}").status, 200);
        for (int n = 0; n <= items; ++n)
            QVERIFY2(events.waitFor("\"n\":" + QByteArray::number(n) + ","), QByteArray::number(n).constData());
    }

    void anImportTellsWhichTimesItAddedTo()
    {
        QVERIFY(client_->makeEndpoint("filled"));
        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client_->token() +
                    "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        const QByteArray id = object(client_->api("POST", "imports", "{\"source\":\"filled\",\"name\":\"a\\nb\"}").body)
                                  .value(u"id")
                                  .toString()
                                  .toUtf8();
        const QByteArray rows = "imports/" + id + "/rows?at=";
        QCOMPARE(client_->api("POST", rows + "0", "[{\"time\":110.5,\"payload\":{}},{\"time\":-55,\"payload\":{}}]").status, 200);
        QCOMPARE(client_->api("POST", rows + "2", "[{\"time\":7,\"payload\":{}}]").status, 200);
        QCOMPARE(client_->api("POST", "imports/" + id + "/commit").status, 200);
        QVERIFY(events.waitFor("\"endpoint\":\"filled\",\"from\":-55,\"to\":110.5"));
        const HttpAnswer told = client_->api("GET", "imports/" + id);
        QVERIFY(!told.headers.value("etag").isEmpty());
        QCOMPARE(object(told.body).value(u"name").toString(), QStringLiteral("a b"));
        QCOMPARE(client_->api("POST", "imports", "{\"source\":\"filled\",\"name\":\"" + QByteArray(257, 'n') + "\"}").status,
                 400);
    }

    void anEmptyImportIsNoNews()
    {
        QVERIFY(client_->makeEndpoint("unfilled"));
        QVERIFY(waitUntilApplied("outputs/" + outputId(QStringLiteral("unfilled")))); // whose end is news of its own
        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client_->token() + "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        const auto made = [&] { return object(client_->api("POST", "imports", "{\"source\":\"unfilled\",\"name\":\"a\"}").body).value(u"id").toString().toUtf8(); };
        QVERIFY(client_->api("POST", "imports/" + made() + "/commit").body.contains("\"accepted\":0"));
        QVERIFY(import("unfilled", "{\"time\":5,\"payload\":{}}"));
        QVERIFY(events.waitFor("event: history-changed"));
        QByteArray line = events.line();
        while (!line.isNull() && !line.contains("\"endpoint\":\"unfilled\""))
            line = events.line();
        QVERIFY2(line.contains("\"from\":5,\"to\":5"), line.constData());
    }

    void theDatapointOfAFailureIsShownCut()
    {
        QVERIFY(client_->makeEndpoint("failing"));
        QVERIFY(client_->api("PATCH", "outputs/" + outputId(QStringLiteral("failing")), "{\"rule\":\"$.n / 0\"}").status == 200);
        const QByteArray datapoint = "{\"t\":1,\"n\":1,\"x\":\"" + QByteArray("ü").repeated(100'000) + "\"}";
        QCOMPARE(client_->ingest("failing", datapoint).status, 200);
        const QString payload = object(client_->api("GET", "outputs/" + outputId(QStringLiteral("failing"))).body)[u"last_error"][u"payload"].toString();
        QVERIFY(payload.startsWith(QStringLiteral("{\"t\":1,\"n\":1,\"x\":\"üü")) && payload.endsWith(QStringLiteral("ü…")));
        QVERIFY(payload.size() < 17'000);
    }

    void aCancelledApplicationIsInTheAuditLog()
    {
        QVERIFY(client_->makeEndpoint("cancelled"));
        std::string many;
        for (int i = 0; i < 50'000; ++i)
            many += "{\"t\":" + std::to_string(i) + ",\"n\":1}\n";
        QCOMPARE(client_->ingest("cancelled", QByteArray::fromStdString(many)).status, 200);
        const QByteArray path = "outputs/" + outputId(QStringLiteral("cancelled"));
        HttpAnswer patched;
        QVERIFY(QTest::qWaitFor([&] {
            patched = client_->api("PATCH", path, "{\"rule\":\"{ n: $.n }\",\"apply_to_stored\":true}");
            return patched.status == 200;
        }));
        QVERIFY(object(patched.body).value(u"applying")[u"total"].toInt() > 0);
        if (client_->api("DELETE", path + "/applying").status == 204)
            QVERIFY(client_->api("GET", "audit").body.contains("{\"applying\":\"cancelled\"}"));
    }
};

QTEST_GUILESS_MAIN(TestPast)
#include "tst_e2e_past.moc"
