// Staged imports and snapshots over HTTP: nobody sees half of anything, whoever asks, whatever ends in between.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

QJsonObject object(const QByteArray& json)
{
    return QJsonDocument::fromJson(json).object();
}

QByteArray textIn(const QByteArray& json, const char* member)
{
    return object(json).value(QLatin1String(member)).toString().toUtf8();
}

constexpr const char* workspace = "{\"iotman\": 1,"
                                  "\"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.t\"}],"
                                  "\"outputs\": [{\"name\": \"all\", \"sources\": [\"room\"], \"rule\": \"$\"}],"
                                  "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}";

} // namespace

class TestStaged : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;
    std::unique_ptr<ServerProcess> server_;
    QByteArray token_;

    QString folder() const { return dir_->filePath(QStringLiteral("data")); }
    QByteArray run(const QStringList& arguments, int& code) const { return runOn(folder(), arguments, code); }
    void start()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--data"), folder()});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
    }
    HttpAnswer call(const QByteArray& method, const QByteArray& path, const QByteArray& body = {}) const
    {
        return callAs(token_, method, path, body);
    }
    HttpAnswer callAs(const QByteArray& token, const QByteArray& method, const QByteArray& path,
                      const QByteArray& body = {}) const
    {
        return request(server_->port(), method, path, {"Authorization: Bearer " + token}, body);
    }
    QByteArray tokenOf(const QString& email, const QString& role) const
    {
        int code = 0;
        (void)run({QStringLiteral("member"), QStringLiteral("add"), email, QStringLiteral("--role"), role}, code);
        return run({QStringLiteral("token"), QStringLiteral("--member"), email}, code).trimmed();
    }
    int items() const { return int(object(call("GET", "/data/out/all?limit=10000").body).value(u"data").toArray().size()); }
    QByteArray newImport() const
    {
        const HttpAnswer made = call("POST", "/api/imports", "{\"source\":\"room\",\"name\":\"log.csv\"}");
        return made.status == 201 ? textIn(made.body, "id") : QByteArray();
    }
    static QByteArray rows(int first, int count)
    {
        QByteArray lines;
        for (int i = first; i < first + count; ++i)
            lines += "{\"time\":" + QByteArray::number(i) + ",\"payload\":{\"n\":" + QByteArray::number(i) + "}}\n";
        return lines;
    }

private Q_SLOTS:
    void init()
    {
        dir_ = std::make_unique<QTemporaryDir>();
        QFile file(dir_->filePath(QStringLiteral("w.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(workspace);
        file.close();
        int code = 0;
        const QByteArray output = run({QStringLiteral("apply"), file.fileName()}, code);
        QVERIFY2(code == 0, output.constData());
        start();
        token_ = tokenOf(QStringLiteral("admin@example.com"), QStringLiteral("admin"));
        QVERIFY(!token_.isEmpty());
    }
    void cleanup()
    {
        server_.reset();
        int code = 0;
        const QByteArray output = run({QStringLiteral("check")}, code);
        QVERIFY2(code == 0, output.constData());
    }

    void rowsAreSeenTogetherOnceTheyAreCommitted()
    {
        const HttpAnswer made = call("POST", "/api/imports", "{\"source\":\"room\",\"name\":\"log.csv\"}");
        QCOMPARE(made.status, 201);
        const QByteArray id = textIn(made.body, "id");
        QCOMPARE(made.headers.value("location"), QByteArray("/api/imports/" + id));
        QCOMPARE(textIn(made.body, "state"), QByteArray("open"));
        QCOMPARE(object(made.body).value(u"rows").toInt(-1), 0);

        const HttpAnswer first = call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 3));
        QCOMPARE(first.body, QByteArray("{\"rows\":3}"));
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=3", rows(3, 500)).body, QByteArray("{\"rows\":503}"));
        QCOMPARE(items(), 0);
        const HttpAnswer committed = call("POST", "/api/imports/" + id + "/commit");
        QCOMPARE(committed.status, 200);
        QCOMPARE(object(committed.body), object("{\"id\":\"" + id + "\",\"state\":\"committed\",\"accepted\":503}"));
        QCOMPARE(items(), 503);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").body, committed.body);
        QCOMPARE(items(), 503);
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=503", rows(0, 1)).status, 409);
        QVERIFY(call("GET", "/api/audit").body.contains("\"kind\":\"import\""));
    }

    void nobodySeesWhatIsStaged()
    {
        const auto seen = [&] {
            QByteArray all;
            for (const char* path :
                 {"/data/out/all?limit=10000", "/api/sources/room", "/api/sources/room/datapoints?limit=1000", "/api/outputs"})
                all += call("GET", path).body + "\n";
            const QByteArray metrics = request(server_->port(), "GET", "/metrics").body;
            for (const QByteArray& line : metrics.split('\n')) {
                if (line.startsWith("iotman_items") || line.startsWith("iotman_datapoints"))
                    all += line + "\n";
            }
            return all;
        };
        QCOMPARE(call("POST", "/data/in/room", "{\"t\":1,\"n\":\"live\"}").status, 200);
        const QByteArray id = newImport();
        const QByteArray before = seen();
        QVERIFY(before.contains("live"));
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 700)).status, 200);
        QCOMPARE(seen(), before);
        QCOMPARE(call("POST", "/data/in/room", "{\"t\":2,\"n\":\"live\"}").status, 200);
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=700", rows(700, 5)).status, 200);
        QCOMPARE(items(), 2);

        // Streams replay and deliver live items alone, in their order; a commit tells those who watch.
        RawConnection events(server_->port());
        events.send("GET /data/out/all/events?from=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        QVERIFY(events.waitFor("{\"t\":2,\"n\":\"live\"}"));
        RawConnection activity(server_->port());
        activity.send("GET /api/activity/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token_ + "\r\n\r\n");
        QVERIFY(activity.waitFor(":"));
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        QVERIFY(activity.waitFor("history-changed"));
        QCOMPARE(call("POST", "/data/in/room", "{\"t\":3,\"n\":\"live\"}").status, 200);
        QVERIFY(events.waitFor("{\"t\":3,\"n\":\"live\"}"));
        QCOMPARE(items(), 708);
        QCOMPARE(object(call("GET", "/api/sources/room").body).value(u"datapoints").toInt(), 708);
    }

    void outputsMayChangeBeforeTheCommit()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 700)).status, 200);
        const QJsonArray outputs = object(call("GET", "/api/outputs").body).value(u"data").toArray();
        const QByteArray output = outputs.first().toObject().value(u"id").toString().toUtf8();
        QCOMPARE(call("PATCH", "/api/outputs/" + output, "{\"rule\":\"{ m: $.n }\"}").status, 200);
        QCOMPARE(call("POST", "/api/outputs", "{\"name\":\"late\",\"rule\":\"{ l: $.n }\"}").status, 201);
        QCOMPARE(call("POST", "/api/endpoints", "{\"output\":\"late\",\"id\":\"late\"}").status, 201);
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=700", rows(700, 300)).status, 200);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        QCOMPARE(items(), 1000);
        QVERIFY(call("GET", "/data/out/all?limit=1").body.contains("{\"m\":999}"));
        QVERIFY(call("GET", "/data/out/all?limit=1&to=0").body.contains("{\"m\":0}"));
        QTRY_COMPARE(object(call("GET", "/data/out/late?limit=10000").body).value(u"data").toArray().size(), 1000);
    }

    void anImportThatIsOpenAcrossARestoreIsLost()
    {
        QCOMPARE(call("POST", "/api/snapshots", "{\"name\":\"s\"}").status, 201);
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 700)).status, 200);
        QCOMPARE(call("POST", "/api/snapshots/s/restore").status, 200);
        for (const bool restarted : {false, true}) {
            if (restarted) {
                server_->kill();
                start();
            }
            const HttpAnswer committed = call("POST", "/api/imports/" + id + "/commit");
            QCOMPARE(committed.status, 409);
            QVERIFY2(committed.body.contains("a snapshot was restored"), committed.body.constData());
        }
        QCOMPARE(call("DELETE", "/api/imports/" + id).status, 204);
        QCOMPARE(items(), 0);
    }

    void aLostAnswerDoublesNothing()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 5)).status, 200);
        const HttpAnswer again = call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 5));
        QCOMPARE(again.status, 409);
        QCOMPARE(again.headers.value("content-type"), QByteArray("application/problem+json"));
        QCOMPARE(object(again.body).value(u"rows").toInt(), 5);
        QCOMPARE(object(again.body).value(u"field").toString(), QStringLiteral("at"));
    }

    void aRequestWithOneBadRowStagesNothing_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("no payload") << QByteArray("{\"time\":1}") << QByteArray("payload: expected an object, but it is missing");
        QTest::newRow("a payload that is no object") << QByteArray("{\"time\":1,\"payload\":[1]}") << QByteArray("payload: expected an object, but got “[1]”");
        QTest::newRow("a time that is none") << QByteArray("{\"time\":null,\"payload\":{}}") << QByteArray("ISO 8601 with a zone, but got “null”");
        QTest::newRow("a time before all") << QByteArray("{\"time\":-99999999999.9999999,\"payload\":{}}") << QByteArray("time: expected");
        QTest::newRow("a member that is not known") << QByteArray("{\"time\":1,\"payload\":{},\"pay\":1}") << QByteArray("pay");
        QTest::newRow("milliseconds") << QByteArray("{\"time\":1700000000000,\"payload\":{}}") << QByteArray("1700000000");
        QTest::newRow("no JSON") << QByteArray("{\"time\":1,\"payload\":{}") << QByteArray("line 2");
        QTest::newRow("a text for the time") << QByteArray("{\"time\":\"soon\",\"payload\":{}}") << QByteArray("line 2");
        QTest::newRow("no time where the source wants one") << QByteArray("{\"payload\":{\"x\":1}}") << QByteArray("line 2");
    }
    void aRequestWithOneBadRowStagesNothing()
    {
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, told);
        const QByteArray id = newImport();
        const HttpAnswer refused = call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 1) + bad + "\n");
        QCOMPARE(refused.status, 400);
        QVERIFY2(refused.body.contains(told), refused.body.constData());
        QCOMPARE(object(call("GET", "/api/imports/" + id).body).value(u"rows").toInt(-1), 0);
    }

    /// What a file or an array of a request may hold may be imported: the time beside it does not count.
    void aRowHoldsAsMuchAsADatapoint()
    {
        const auto row = [](const QByteArray& payload) -> QByteArray { return "{\"time\":1,\"payload\":" + payload + "}"; };
        const auto nested = [](int depth) -> QByteArray { return QByteArray("{\"a\":").repeated(depth - 1) + "{}" + QByteArray("}").repeated(depth - 1); };
        const auto sized = [](int bytes) -> QByteArray { return "{\"a\":\"" + QByteArray(bytes - 8, 'x') + "\"}"; };
        constexpr int mebibyte = 1024 * 1024;
        const QByteArray id = newImport();
        const QByteArray rows = "/api/imports/" + id + "/rows?at=";
        QCOMPARE(call("POST", rows + "0", "[" + row(nested(128)) + "," + row(sized(mebibyte)) + "]").body, QByteArray("{\"rows\":2}"));
        QCOMPARE(call("POST", rows + "2", row(nested(129))).status, 400);
        QCOMPARE(call("POST", rows + "2", row(sized(mebibyte + 1))).status, 413);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        QCOMPARE(items(), 2);
    }

    void withoutATimeTheSourceDecides()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0",
                      "[{\"payload\":{\"t\":5,\n\"n\":1.50}},{\"time\":\"1970-01-01T00:00:07Z\",\"payload\":{\"t\":1}}]")
                     .status,
                 200);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        const QByteArray page = call("GET", "/data/out/all?times=1").body;
        QVERIFY2(page.startsWith("{\"data\":[{\"t\":1},{\"t\":5,\n\"n\":1.50}],\"next_page\":null,\"times\":[7,5],"),
                 page.constData());
    }

    /// In whatever spelling, as a source reads them.
    void timesAreNumbers()
    {
        const QByteArray id = newImport();
        QByteArray rows;
        for (const char* time : {"1e9", "1700000000.1234567", "-0.0000001", "17E-1", "2.50"})
            rows += QByteArray("{\"time\":") + time + ",\"payload\":{}}\n";
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows).body, QByteArray("{\"rows\":5}"));
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        const QByteArray page = call("GET", "/data/out/all?times=1").body;
        QVERIFY2(page.contains("\"times\":[1700000000.123456,1000000000,2.5,1.7,-0.000001]"), page.constData());
    }

    void whatIsAskedWronglyIsRefused()
    {
        const HttpAnswer unknown = call("POST", "/api/imports", "{\"source\":\"attic\"}");
        QCOMPARE(unknown.status, 400);
        QCOMPARE(object(unknown.body).value(u"field").toString(), QStringLiteral("source"));
        QCOMPARE(call("POST", "/api/imports", "{}").status, 400);
        QCOMPARE(call("POST", "/api/sources", "{\"name\":\"played\",\"kind\":\"replay\",\"settings\":{\"recording\":\"room\",\"paused\":true}}").status, 201);
        QCOMPARE(call("POST", "/api/imports", "{\"source\":\"played\"}").status, 409); // what it has comes from elsewhere
        const QByteArray id = newImport();
        const auto told = [&](const QByteArray& query) {
            return object(call("POST", "/api/imports/" + id + "/rows" + query, rows(0, 1)).body).value(u"detail").toString();
        };
        QCOMPARE(told({}), QStringLiteral("at: expected the number of rows staged so far, but it is missing"));
        QCOMPARE(told("?at=-1"), QStringLiteral("at: expected the number of rows staged so far, but got “-1”"));
        QCOMPARE(told("?at=1"), QStringLiteral("at: expected 0, the number of rows staged so far, but got 1"));
        QCOMPARE(call("POST", "/api/imports/nowhere/rows?at=0", rows(0, 1)).status, 404);
        QCOMPARE(call("POST", "/api/imports/nowhere/commit").status, 404);
        QCOMPARE(call("DELETE", "/api/imports/nowhere").status, 404);
    }

    void whatWasBeingSavedWhenTheProgramEndedIsRemoved()
    {
        QVERIFY(QDir(folder()).mkpath(QStringLiteral("snapshots")));
        const QString unfinished = folder() + QStringLiteral("/snapshots/now.snapshot.new");
        QFile file(unfinished);
        QVERIFY(file.open(QFile::WriteOnly));
        file.close();
        server_->kill();
        start();
        QVERIFY(!QFile::exists(unfinished));
    }

    void theSameImportedTwiceAtOnceIsThereOnce()
    {
        QByteArrayList ids;
        for (int i = 0; i < 2; ++i) {
            ids += textIn(call("POST", "/api/imports", "{\"source\":\"room\",\"name\":\"log.csv\",\"once\":\"same\"}").body, "id");
            QCOMPARE(call("POST", "/api/imports/" + ids.last() + "/rows?at=0", rows(0, 5)).status, 200);
        }
        for (const QByteArray& id : ids)
            QCOMPARE(object(call("POST", "/api/imports/" + id + "/commit").body).value(u"accepted").toInt(), 5);
        QCOMPARE(items(), 5);
        QVERIFY(call("GET", "/api/audit").body.contains("log.csv"));
    }

    void whatCannotBeReadOfAnImportIsToldAndLeftAsItIs()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 5)).status, 200);
        const QString path = folder() + QStringLiteral("/imports/") + QString::fromLatin1(id) + QStringLiteral(".json");
        const QString aside = folder() + QStringLiteral("/aside");
        server_->kill();
        QVERIFY(QFile::rename(path, aside));
        QFile damaged(path);
        QVERIFY(damaged.open(QFile::WriteOnly));
        QCOMPARE(damaged.write("{"), 1);
        damaged.close();
        start();
        QCOMPARE(call("GET", "/api/imports/" + id).status, 404);
        QVERIFY(server_->terminate());
        const QByteArray told = server_->errors();
        QVERIFY2(told.contains(path.toUtf8()), told.constData());
        QVERIFY(QFile::remove(path));
        QVERIFY(QFile::rename(aside, path));
        start();
        QCOMPARE(object(call("POST", "/api/imports/" + id + "/commit").body).value(u"accepted").toInt(), 5);
        QCOMPARE(items(), 5);
    }

    void whatWasCommittedCannotBeDiscarded()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 5)).status, 200);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        QCOMPARE(call("DELETE", "/api/imports/" + id).status, 409);
        QCOMPARE(object(call("GET", "/api/imports/" + id).body).value(u"state").toString(), QStringLiteral("committed"));
        QCOMPARE(items(), 5);
    }

    void whatWasDiscardedIsGone()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 5)).status, 200);
        QCOMPARE(call("DELETE", "/api/imports/" + id).status, 204);
        QCOMPARE(call("GET", "/api/imports/" + id).status, 404);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 404);
        QCOMPARE(items(), 0);
        QCOMPARE(object(call("GET", "/api/sources/room").body).value(u"datapoints").toInt(-1), 0);
        server_.reset();
        int code = 0;
        QCOMPARE(run({QStringLiteral("check")}, code), QByteArray("ok 0 datapoints 0 items\n"));
    }

    void whatWasStagedSurvivesTheEndOfTheServer()
    {
        const QByteArray id = newImport();
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=0", rows(0, 700)).status, 200);
        server_->kill();
        start();
        QCOMPARE(object(call("GET", "/api/imports/" + id).body).value(u"rows").toInt(), 700);
        QCOMPARE(call("POST", "/api/imports/" + id + "/rows?at=700", rows(700, 300)).status, 200);
        QCOMPARE(call("POST", "/api/imports/" + id + "/commit").status, 200);
        server_->kill();
        start();
        QCOMPARE(items(), 1000);
        QCOMPARE(object(call("POST", "/api/imports/" + id + "/commit").body).value(u"accepted").toInt(), 1000);
        QCOMPARE(items(), 1000);
    }

    void eachRoleMayDoWhatItsTableSays()
    {
        const QByteArray viewer = tokenOf(QStringLiteral("v@example.com"), QStringLiteral("viewer"));
        const QByteArray editor = tokenOf(QStringLiteral("e@example.com"), QStringLiteral("editor"));
        const auto refusal = [&](const QByteArray& token, const QByteArray& method, const QByteArray& path,
                                 const QByteArray& body = {}) {
            const HttpAnswer answer = callAs(token, method, path, body);
            return answer.status == 403 ? textIn(answer.body, "detail") : QByteArray::number(answer.status);
        };
        const QByteArray editors = "Requires Editor or Admin role.";
        const QByteArray admins = "Requires Admin role.";
        QCOMPARE(refusal(viewer, "POST", "/api/imports", "{\"source\":\"room\"}"), editors);
        QCOMPARE(refusal(editor, "POST", "/api/imports", "{\"source\":\"room\"}"), QByteArray("201"));
        QCOMPARE(refusal(viewer, "GET", "/api/imports"), QByteArray("200"));
        QCOMPARE(refusal(viewer, "POST", "/api/snapshots", "{\"name\":\"s\"}"), editors);
        QCOMPARE(refusal(editor, "POST", "/api/snapshots", "{\"name\":\"s\"}"), QByteArray("201"));
        QCOMPARE(refusal(viewer, "GET", "/api/snapshots/s"), QByteArray("200"));
        QCOMPARE(refusal(editor, "POST", "/api/snapshots/s/restore"), admins);
        QCOMPARE(refusal(token_, "POST", "/api/snapshots/s/restore"), QByteArray("200"));
        QCOMPARE(refusal(editor, "GET", "/api/workspace/file"), admins);
        QCOMPARE(refusal(editor, "PUT", "/api/workspace/file", "{\"iotman\":1}"), admins);
        QCOMPARE(refusal(viewer, "DELETE", "/api/snapshots/s"), editors);
        QCOMPARE(refusal(editor, "DELETE", "/api/snapshots/s"), QByteArray("204"));
    }

    void aSnapshotIsMadeListedAndRestored()
    {
        const HttpAnswer made = call("POST", "/api/snapshots", "{\"name\":\"empty\"}");
        QCOMPARE(made.status, 201);
        QCOMPARE(made.headers.value("location"), QByteArray("/api/snapshots/empty"));
        QCOMPARE(object(made.body).keys(),
                 (QStringList{QStringLiteral("bytes"), QStringLiteral("created_at"), QStringLiteral("name")}));
        QCOMPARE(call("POST", "/api/snapshots", "{\"name\":\"empty\"}").status, 409);
        QCOMPARE(call("POST", "/api/snapshots", "{\"name\":\"../x\"}").status, 400);
        QCOMPARE(call("POST", "/api/snapshots/nothing/restore").status, 404);
        QCOMPARE(call("GET", "/api/snapshots/..%2Fworkspace").status, 404);
        QCOMPARE(call("GET", "/api/snapshots/empty").body, made.body);
        QCOMPARE(object(call("GET", "/api/snapshots").body).value(u"data").toArray().size(), 1);

        QCOMPARE(call("POST", "/data/in/room", "{\"t\":1}").status, 200);
        const QByteArray live = textIn(call("GET", "/data/out/all?times=1").body, "live");
        const HttpAnswer restored = call("POST", "/api/snapshots/empty/restore");
        QCOMPARE(restored.status, 200);
        QCOMPARE(textIn(restored.body, "name"), QByteArray("empty"));
        QCOMPARE(items(), 0);
        // Tokens and cursors stay good.
        QCOMPARE(call("GET", "/api/me").status, 200);
        QCOMPARE(textIn(call("GET", "/data/out/all?times=1").body, "live"), live);
        QCOMPARE(call("POST", "/api/snapshots").status, 201); // the moment is a name
    }

    void theFileOverHttpReadsNothingOfThisComputer()
    {
        const HttpAnswer env = call("PUT", "/api/workspace/file",
                                    "{\"iotman\":1,\"clients\":[{\"id\":\"c\",\"name\":\"C\",\"secret\":{\"env\":\"HOME\"}}]}");
        QCOMPARE(env.status, 400);
        QCOMPARE(textIn(env.body, "pointer"), QByteArray("/clients/0/secret"));
        const HttpAnswer path =
            call("PUT", "/api/workspace/file",
                 "{\"iotman\":1,\"sources\":[{\"name\":\"f\",\"kind\":\"file\",\"settings\":{\"path\":\"/etc/passwd\"}}]}");
        QCOMPARE(path.status, 400);
        QVERIFY(!call("GET", "/api/workspace/file").body.contains("passwd"));
    }

    void anEndInTheMiddleLeavesTheStateBeforeOrTheOneAfter_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::newRow("save") << QStringList{QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("new")};
        QTest::newRow("restore") << QStringList{QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("old")};
        QTest::newRow("import") << QStringList{QStringLiteral("import"), QStringLiteral("FILE"), QStringLiteral("--source"),
                                               QStringLiteral("room")};
    }
    void anEndInTheMiddleLeavesTheStateBeforeOrTheOneAfter()
    {
        QFETCH(QStringList, verb);
        const QString file = dir_->filePath(QStringLiteral("rows.ndjson"));
        {
            QFile written(file);
            QVERIFY(written.open(QIODevice::WriteOnly));
            for (int i = 0; i < 5000; ++i)
                written.write("{\"t\":" + QByteArray::number(i) + ",\"text\":\"" + QByteArray(40, char('a' + i % 26)) + "\"}\n");
        }
        verb.replaceInStrings(QStringLiteral("FILE"), file);
        server_.reset();
        int code = 0;
        (void)run({QStringLiteral("import"), file, QStringLiteral("--source"), QStringLiteral("room")}, code);
        QCOMPARE(code, 0);
        (void)run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("old")}, code);
        QCOMPARE(code, 0);
        (void)run({QStringLiteral("import"), file, QStringLiteral("--source"), QStringLiteral("room")}, code);
        const QList<QByteArray> allowed{"ok 5000 datapoints 5000 items\n", "ok 10000 datapoints 10000 items\n",
                                        "ok 15000 datapoints 15000 items\n"};
        for (const int delay : {20, 60, 100, 140, 180, 220}) {
            QProcess process;
            process.start(QStringLiteral(IOTMAN_SERVER), verb + QStringList{QStringLiteral("--data"), folder()});
            QVERIFY(process.waitForStarted());
            (void)process.waitForFinished(delay);
            process.kill();
            process.waitForFinished();
            const QByteArray state = run({QStringLiteral("check")}, code);
            QVERIFY2(allowed.contains(state), state.constData());
            if (state == allowed.last())
                break;
        }
        // What a save left is a whole snapshot or none.
        const bool saved = run({QStringLiteral("snapshot"), QStringLiteral("list")}, code).contains("new ");
        (void)run({QStringLiteral("snapshot"), QStringLiteral("restore"), saved ? QStringLiteral("new") : QStringLiteral("old")},
                  code);
        QCOMPARE(code, 0);
        QVERIFY(!QFile::exists(QString(folder() + QStringLiteral("/snapshots/new.snapshot"))) || saved);
    }

    void aFullDiskRefusesWholeAndHarmsNothing()
    {
        const QString file = dir_->filePath(QStringLiteral("rows.ndjson"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::WriteOnly));
        for (int i = 0; i < 20'000; ++i)
            written.write("{\"t\":" + QByteArray::number(i) + ",\"v\":\"" + QByteArray::number(i * 7919LL * 104729 % 1000003) +
                          "\"}\n");
        written.close();
        server_.reset();
        int code = 0;
        (void)run({QStringLiteral("import"), file, QStringLiteral("--source"), QStringLiteral("room")}, code);
        QCOMPARE(code, 0);
        // No file may grow beyond what a small workspace has: what a full disk looks like to a program.
        const auto limited = [&](const QStringList& verb) -> QByteArray {
            QProcess process;
            process.setProcessChannelMode(QProcess::MergedChannels);
            process.start(QStringLiteral("/bin/bash"),
                          QStringList{QStringLiteral("-c"), QStringLiteral("trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""),
                                      QStringLiteral(IOTMAN_SERVER)} +
                              verb + QStringList{QStringLiteral("--data"), folder()});
            process.waitForFinished(60'000);
            return QByteArray::number(process.exitCode()) + " " + process.readAll();
        };
        const QByteArray imported = limited({QStringLiteral("import"), file, QStringLiteral("--source"), QStringLiteral("room")});
        QVERIFY2(imported.startsWith("1 ") &&
                     (imported.contains("full") || imported.contains("space") || imported.contains("large")),
                 imported.constData());
        const QByteArray saved = limited({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("s")});
        QVERIFY2(saved.startsWith("1 "), saved.constData());
        QCOMPARE(run({QStringLiteral("check")}, code), QByteArray("ok 20000 datapoints 20000 items\n"));
        QCOMPARE(run({QStringLiteral("snapshot"), QStringLiteral("list")}, code), QByteArray());
        (void)run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("s")}, code);
        QCOMPARE(code, 0);
        const QByteArray restored = limited({QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("s")});
        QVERIFY2(restored.startsWith("1 "), restored.constData());
        QCOMPARE(run({QStringLiteral("check")}, code), QByteArray("ok 20000 datapoints 20000 items\n"));
        const QByteArray exported = run({QStringLiteral("export")}, code);
        QByteArray large = "{\"iotman\": 1, \"outputs\": [{\"name\": \"all\", \"sources\": [\"room\"], \"rule\": \"$\"}";
        for (int i = 0; i < 200; ++i)
            large += ",\n{\"name\": \"o" + QByteArray::number(i) + "\", \"rule\": \"{ " + QByteArray("a").repeated(8000) +
                     ": $.v }\"}";
        QFile big(dir_->filePath(QStringLiteral("large.json")));
        QVERIFY(big.open(QIODevice::WriteOnly) && big.write(large + "]}") > 0);
        big.close();
        const QByteArray applied = limited({QStringLiteral("apply"), big.fileName(), QStringLiteral("--yes")});
        QVERIFY2(applied.startsWith("1 "), applied.constData());
        QCOMPARE(run({QStringLiteral("export")}, code), exported);
    }
};

QTEST_GUILESS_MAIN(TestStaged)
#include "tst_e2e_staged.moc"
