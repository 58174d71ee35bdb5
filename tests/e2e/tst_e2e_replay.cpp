// A recording replayed by a server: its pages, its streams and its events are of one virtual now.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/replayedday.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qtemporarydir.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtTest/QtTest>
#include <QtWebSockets/qwebsocket.h>

#include <memory>

using namespace iotman::test;

namespace {

constexpr int longest = 60'000; // ms; the machine may be busy

} // namespace

class TestReplayed : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;
    std::unique_ptr<ServerProcess> server_;
    QByteArray token_;

    QString folder() const { return dir_->filePath(QStringLiteral("data")); }
    QByteArray run(const QStringList& arguments, int& code) const { return runOn(folder(), arguments, code); }
    HttpAnswer api(const QByteArray& method, const QByteArray& path, const QByteArray& body = {}) const
    {
        return request(server_->port(), method, "/api/sources/" + path, {"Authorization: Bearer " + token_}, body);
    }
    QJsonObject state() const { return object(api("GET", "again/replay").body); }
    bool patch(const QByteArray& settings) const
    {
        return api("PATCH", "again", "{\"settings\":{\"recording\":\"load\"," + settings + "}}").status == 200;
    }
    /// All items as text, oldest first.
    QByteArrayList walked() const
    {
        QByteArrayList all;
        QByteArray target = "/data/out/again?limit=1000";
        while (!target.isEmpty()) {
            const HttpAnswer page = request(server_->port(), "GET", target, {"Accept: application/x-ndjson"});
            QByteArrayList lines = page.body.split('\n');
            lines.removeAll(QByteArray());
            all += lines;
            const QByteArray link = page.headers.value("link");
            target = link.isEmpty() ? QByteArray() : targetOf(QString::fromUtf8(link.mid(1, link.indexOf('>') - 1)));
        }
        std::reverse(all.begin(), all.end());
        return all;
    }

private Q_SLOTS:
    void init()
    {
        dir_ = std::make_unique<QTemporaryDir>();
        QFile file(dir_->filePath(QStringLiteral("workspace.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(replayWorkspace);
        file.close();
        server_ = std::make_unique<ServerProcess>(
            QStringList{QStringLiteral("--data"), folder(), QStringLiteral("--workspace"), file.fileName()});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        int code = -1;
        token_ = run({QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("admin@localhost")}, code).trimmed();
        QCOMPARE(code, 0);
    }
    void cleanup() { server_.reset(); }

    void aDayKeepsOrderCountAndDigitsOnPagesStreamsAndEvents()
    {
        const QByteArrayList day = dayOfLoad();
        QCOMPARE(day.size(), 1440);
        QCOMPARE(request(server_->port(), "POST", "/data/in/load", {}, day.join('\n')).status, 200);
        const QString address = QStringLiteral("127.0.0.1:%1/data/out/again/").arg(server_->port());

        QByteArrayList streamed;
        QWebSocket socket;
        connect(&socket, &QWebSocket::textMessageReceived, this,
                [&](const QString& message) { streamed.append(message.toUtf8()); });
        QSignalSpy connected(&socket, &QWebSocket::connected);
        socket.open(QUrl(QStringLiteral("ws://") + address + QStringLiteral("stream")));
        QVERIFY(connected.wait(longest));
        QNetworkAccessManager network;
        QByteArray events;
        const std::unique_ptr<QNetworkReply> reply(
            network.get(QNetworkRequest(QUrl(QStringLiteral("http://") + address + QStringLiteral("events")))));
        connect(reply.get(), &QNetworkReply::readyRead, this, [&] { events += reply->readAll(); });
        QTRY_VERIFY_WITH_TIMEOUT(!events.isEmpty(), longest);

        QVERIFY(patch("\"speed\":50000"));
        // What a page holds lies before the virtual now, whenever it is asked.
        while (state().value(u"state").toString() == u"playing") {
            const QJsonArray times =
                object(request(server_->port(), "GET", "/data/out/again?times=1&limit=1").body).value(u"times").toArray();
            const QJsonObject after = state();
            if (after.value(u"state").toString() == u"playing" && !times.isEmpty())
                QVERIFY(times[0].toDouble() <= after.value(u"now").toDouble());
            QTest::qWait(20);
        }
        QCOMPARE(state().value(u"state").toString(), QStringLiteral("ended"));
        QTRY_COMPARE_WITH_TIMEOUT(streamed.size(), day.size(), longest);
        QVERIFY(streamed == day);
        QVERIFY(walked() == day);
        QByteArrayList sent;
        QTRY_COMPARE_WITH_TIMEOUT(events.count("\ndata: "), day.size(), longest);
        for (const QByteArray& line : events.split('\n')) {
            if (line.startsWith("data: "))
                sent.append(line.mid(6));
        }
        QVERIFY(sent == day);
        // Tokens know nothing of it.
        QCOMPARE(api("GET", "again").status, 200);
    }

    /// Whether the cleaning came by or not.
    void whatTheRecordingDoesNotKeepIsNotPlayed()
    {
        QCOMPARE(request(server_->port(), "PATCH", "/api/sources/load", {"Authorization: Bearer " + token_}, "{\"settings\":{\"retention\":{\"count\":2}}}").status, 200);
        QCOMPARE(request(server_->port(), "POST", "/data/in/load", {}, "{\"ts\":100}\n{\"ts\":200}\n{\"ts\":300}").status, 200);
        int code = -1;
        (void)run({QStringLiteral("replay"), QStringLiteral("step"), QStringLiteral("again"), QStringLiteral("3")}, code);
        QCOMPARE(walked(), (QByteArrayList{"{\"ts\":200}", "{\"ts\":300}"}));
    }

    void theCommandLinePausesStepsAndGoesOn()
    {
        QCOMPARE(request(server_->port(), "POST", "/data/in/load", {}, "{\"ts\":100}\n{\"ts\":200}\n{\"ts\":300}").status, 200);
        int code = -1;
        QCOMPARE(run({QStringLiteral("replay"), QStringLiteral("show"), QStringLiteral("again")}, code),
                 QByteArray("paused - -\n"));
        const QByteArray stepped =
            run({QStringLiteral("replay"), QStringLiteral("step"), QStringLiteral("again"), QStringLiteral("2")}, code);
        QVERIFY2(stepped.startsWith("paused 1970-01-01T00:03:20Z 2"), stepped.constData());
        QCOMPARE(walked(), (QByteArrayList{"{\"ts\":100}", "{\"ts\":200}"}));
        QVERIFY(run({QStringLiteral("replay"), QStringLiteral("speed"), QStringLiteral("again"), QStringLiteral("1e6")}, code)
                    .startsWith("paused 1970-01-01T00:03:20Z"));
        (void)run({QStringLiteral("replay"), QStringLiteral("resume"), QStringLiteral("again")}, code);
        QCOMPARE(code, 0);
        QTRY_COMPARE_WITH_TIMEOUT(state().value(u"state").toString(), QStringLiteral("ended"), longest);
        QCOMPARE(walked().size(), 3);
        QVERIFY(run({QStringLiteral("replay"), QStringLiteral("step"), QStringLiteral("again")}, code).contains("not") ||
                code == 1);
        QCOMPARE(code, 1);
        QVERIFY(run({QStringLiteral("replay"), QStringLiteral("pause"), QStringLiteral("load")}, code).contains("no replay"));
        QCOMPARE(code, 1);
        // Where nobody serves, nothing plays; what is set is set.
        server_.reset();
        QCOMPARE(run({QStringLiteral("replay"), QStringLiteral("show"), QStringLiteral("again")}, code), QByteArray("off - -\n"));
        QVERIFY(
            run({QStringLiteral("replay"), QStringLiteral("step"), QStringLiteral("again")}, code).contains("no server plays"));
        QCOMPARE(code, 1);
    }

    void whatIsAskedWronglyIsRefused_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const QByteArray step = "again/replay/step";
        const auto settings = [](const QByteArray& more) -> QByteArray {
            return "{\"settings\":{\"recording\":\"load\"," + more + "}}";
        };
        QTest::newRow("no such source") << QByteArray("GET") << QByteArray("nowhere/replay") << QByteArray() << 404;
        QTest::newRow("a source that is no replay") << QByteArray("GET") << QByteArray("load/replay") << QByteArray() << 404;
        QTest::newRow("steps of a source that is no replay")
            << QByteArray("POST") << QByteArray("load/replay/step") << QByteArray() << 404;
        QTest::newRow("no datapoints") << QByteArray("POST") << step << QByteArray("{\"datapoints\":0}") << 400;
        QTest::newRow("too many datapoints") << QByteArray("POST") << step << QByteArray("{\"datapoints\":100001}") << 400;
        QTest::newRow("a member that is not known") << QByteArray("POST") << step << QByteArray("{\"seconds\":1}") << 400;
        QTest::newRow("another method") << QByteArray("DELETE") << QByteArray("again/replay") << QByteArray() << 405;
        QTest::newRow("a pause that is no flag") << QByteArray("PATCH") << QByteArray("again") << settings("\"paused\":1") << 400;
        QTest::newRow("an end before the start")
            << QByteArray("PATCH") << QByteArray("again") << settings("\"from\":5,\"to\":4") << 400;
        QTest::newRow("a range") << QByteArray("PATCH") << QByteArray("again") << settings("\"from\":4.5,\"to\":5") << 200;
    }
    void whatIsAskedWronglyIsRefused()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QCOMPARE(api(method, path, body).status, status);
    }

    void onlyAnEditorSteps()
    {
        int code = -1;
        (void)run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("v@example.com"), QStringLiteral("--role"),
                   QStringLiteral("viewer")},
                  code);
        token_ = run({QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("v@example.com")}, code).trimmed();
        QCOMPARE(api("GET", "again/replay").status, 200);
        const HttpAnswer refused = api("POST", "again/replay/step");
        QCOMPARE(refused.status, 403);
        QVERIFY(refused.body.contains("Requires Editor or Admin role."));
    }
};

QTEST_GUILESS_MAIN(TestReplayed)
#include "tst_e2e_replay.moc"
