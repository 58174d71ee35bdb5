// Reset to the workspace file, while it is served: what a test leaves behind is gone for the next one.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qthread.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

/// One source over HTTP, one whose rows lie in a file, a restricted endpoint.
constexpr const char* workspaceText =
    "{\"iotman\": 1,\n"
    "\"scopes\": [{\"name\": \"room:read\"}],\n"
    "\"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.t\"},\n"
    "  {\"name\": \"log\", \"kind\": \"file\", \"settings\": {\"path\": \"rows.csv\", \"time_column\": \"t\"}}],\n"
    "\"outputs\": [{\"name\": \"all\", \"rule\": \"{ id: $id, v: $.v }\"}],\n"
    "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}, {\"id\": \"kept\", \"output\": \"all\", \"required_scope\": "
    "\"room:read\"}],\n"
    "\"cors\": [\"https://dash.example\"],\n"
    "\"clients\": [{\"id\": \"dash\", \"name\": \"Dash\", \"scopes\": [\"room:read\"], \"secret\": {\"hash\": \"HASH\"}}]}";

/// SHA-256 of "correct-horse".
QByteArray hashOfSecret()
{
    return QCryptographicHash::hash("correct-horse", QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

class TestReset : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;
    QString file_;

    QString folder() const { return dir_->filePath(QStringLiteral("data")); }
    void write(const QString& name, const QByteArray& content) const
    {
        QFile file(dir_->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    QStringList ephemeral() const { return {QStringLiteral("--ephemeral"), QStringLiteral("--workspace"), file_}; }
    QStringList kept(bool withFile = true) const
    {
        const QStringList data{QStringLiteral("--data"), folder()};
        return withFile ? data + QStringList{QStringLiteral("--workspace"), file_} : data;
    }
    QByteArray run(const QStringList& arguments, int& code) const { return runOn(folder(), arguments, code); }
    static QByteArray page(int port) { return request(port, "GET", "/data/out/all?times=1").body; }
    static qsizetype items(int port) { return object(page(port)).value(u"data").toArray().size(); }

private Q_SLOTS:
    void init()
    {
        dir_ = std::make_unique<QTemporaryDir>();
        file_ = dir_->filePath(QStringLiteral("workspace.json"));
        write(QStringLiteral("workspace.json"), QByteArray(workspaceText).replace("HASH", hashOfSecret()));
        write(QStringLiteral("rows.csv"), "t,v\n1,10\n2,20\n");
    }

    void whatWasChangedIsAsTheFileSays()
    {
        ServerProcess server(ephemeral());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        const QByteArray file = api.api("GET", "workspace/file").body;
        const QByteArray data =
            object(page(server.port())).value(u"data").toArray().size() == 2 ? page(server.port()) : QByteArray();
        QVERIFY(!data.isEmpty());
        for (int round = 0; round < 2; ++round) {
            QCOMPARE(api.ingest("room", "{\"t\":3,\"v\":30}").status, 200);
            QCOMPARE(api.api("DELETE", "endpoints/kept").status, 204);
            QCOMPARE(api.api("DELETE", "clients/dash").status, 204);
            QCOMPARE(api.api("DELETE", "scopes/room:read").status, 204);
            QCOMPARE(api.api("POST", "scopes", "{\"name\":\"made:here\"}").status, 201);
            QCOMPARE(api.api("PUT", "cors", "{\"origins\":[]}").status, 200);
            QCOMPARE(api.api("PATCH", "workspace", "{\"slug\":\"other\",\"name\":\"Other\"}").status, 200);
            QCOMPARE(
                api.api("POST", "members", "{\"email\":\"m" + QByteArray::number(round) + "@example.com\",\"role\":\"viewer\"}")
                    .status,
                201);
            const HttpAnswer reset = api.api("POST", "snapshots/reset");
            QCOMPARE(reset.status, 200);
            QCOMPARE(object(reset.body).keys(), QStringList{QStringLiteral("created_at")});
            QCOMPARE(api.api("GET", "workspace/file").body, file);
            // The same bytes at the same times; only the stream goes on behind all that ever was.
            QCOMPARE(object(page(server.port())).value(u"data"), object(data).value(u"data"));
            QCOMPARE(object(page(server.port())).value(u"times"), object(data).value(u"times"));
            QCOMPARE(api.get("/data/out/kept").status, 401);
            QVERIFY(!api.tokenOf("dash", "correct-horse").isEmpty());
        }
        QCOMPARE(object(api.api("GET", "members").body).value(u"data").toArray().size(), 3);
        QVERIFY(api.api("GET", "audit").body.contains("{\\\"done\\\":\\\"reset\\\"}") ||
                api.api("GET", "audit").body.contains("\"done\":\"reset\""));
        QVERIFY(object(api.api("GET", "snapshots").body).value(u"data").toArray().isEmpty());
    }

    void streamsCloseAndComeBackAndSeeWhatComesThen()
    {
        ServerProcess server(ephemeral());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        RawConnection events(server.port());
        events.send("GET /data/out/all/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        QCOMPARE(api.ingest("room", "{\"t\":3,\"v\":30}").status, 200);
        QVERIFY(events.waitFor("\"v\":30"));
        QCOMPARE(api.api("POST", "snapshots/reset", R"({"x":1})").status, 400);
        QCOMPARE(api.api("POST", "snapshots/reset").status, 200);
        QVERIFY(events.waitForClose());
        RawConnection again(server.port());
        again.send("GET /data/out/all/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        QVERIFY(again.waitFor("text/event-stream"));
        QCOMPARE(api.ingest("room", "{\"t\":4,\"v\":40}").status, 200);
        QVERIFY(again.waitFor("\"v\":40"));
        QCOMPARE(items(server.port()), 3);
    }

    void aGeneratorMakesTheSameAgain()
    {
        write(QStringLiteral("workspace.json"),
              "{\"iotman\": 1, \"sources\": [{\"name\": \"lab\", \"kind\": \"generator\", \"settings\": {\"seed\": 7, "
              "\"interval\": 0.05,"
              "\"signals\": [{\"name\": \"c\", \"kind\": \"walk\", \"min\": 18, \"max\": 26}]}}],"
              "\"outputs\": [{\"name\": \"all\", \"rule\": \"$\"}], \"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}");
        ServerProcess server(ephemeral());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        const auto firstThree = [&] {
            (void)QTest::qWaitFor([&] { return items(server.port()) >= 3; }, 20'000);
            const QJsonArray newestFirst =
                object(request(server.port(), "GET", "/data/out/all?limit=10000").body).value(u"data").toArray();
            QJsonArray oldest;
            for (int i = 1; i <= 3; ++i)
                oldest.append(newestFirst[newestFirst.size() - i]);
            return oldest;
        };
        const QJsonArray before = firstThree();
        QCOMPARE(api.api("POST", "snapshots/reset").status, 200);
        QCOMPARE(firstThree(), before);
    }

    void theCommandLineResetsAFolderWhoeverHoldsIt_data()
    {
        QTest::addColumn<bool>("held");
        QTest::newRow("a folder that nobody holds") << false;
        QTest::newRow("a folder that a server holds") << true;
    }
    void theCommandLineResetsAFolderWhoeverHoldsIt()
    {
        QFETCH(bool, held);
        auto server = std::make_unique<ServerProcess>(kept());
        QVERIFY2(server->waitUntilReady(), server->errors().constData());
        QCOMPARE(request(server->port(), "POST", "/data/in/room", {}, "{\"t\":3}").status, 200);
        if (!held)
            QVERIFY(server->terminate());
        int code = -1;
        QCOMPARE(run({QStringLiteral("snapshot"), QStringLiteral("reset")}, code), QByteArray());
        QCOMPARE(code, 0);
        QVERIFY(!held || items(server->port()) == 2);
        server.reset();
        QCOMPARE(run({QStringLiteral("check")}, code), QByteArray("ok 2 datapoints 2 items\n"));
        QVERIFY((QFile::permissions(QDir(folder()).entryInfoList({QStringLiteral("start-*.snapshot")}).value(0).filePath()) &
                 (QFile::ReadGroup | QFile::ReadOther)) == 0);
    }

    void theStateIsTheOneOfTheFilesFirstApplication()
    {
        const auto itemsAfterReset = [&](const QStringList& arguments) -> qsizetype {
            ServerProcess server(arguments);
            if (!server.waitUntilReady())
                return -1;
            request(server.port(), "POST", "/data/in/room", {}, "{\"t\":3,\"v\":30}");
            int code = -1;
            run({QStringLiteral("snapshot"), QStringLiteral("reset")}, code);
            const qsizetype count = code == 0 ? items(server.port()) : -2;
            request(server.port(), "POST", "/data/in/room", {}, "{\"t\":4,\"v\":40}");
            return server.terminate() ? count : -3;
        };
        QCOMPARE(itemsAfterReset(kept()), 2);
        QCOMPARE(itemsAfterReset(kept()), 2);      // what came in before this start is gone, too
        QCOMPARE(itemsAfterReset(kept(false)), 2); // nor is the file needed any more
        write(QStringLiteral("rows.csv"), "t,v\n1,10\n2,20\n5,50\n6,60\n");
        QCOMPARE(itemsAfterReset(kept()), 2 + 1 + 4); // another file: what was there and what it brings
        QCOMPARE(QDir(folder()).entryList({QStringLiteral("start-*")}).size(), 1);
    }

    void withoutAWorkspaceFileThereIsNothingToResetTo()
    {
        ServerProcess server({QStringLiteral("--ephemeral")});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        const HttpAnswer refused = api.api("POST", "snapshots/reset");
        QCOMPARE(refused.status, 409);
        QVERIFY2(refused.body.contains("no workspace file"), refused.body.constData());
    }

    void onlyAnAdminResets_data()
    {
        QTest::addColumn<QByteArray>("role");
        QTest::addColumn<int>("status");
        QTest::newRow("a viewer may not") << QByteArray("viewer") << 403;
        QTest::newRow("an editor may not") << QByteArray("editor") << 403;
        QTest::newRow("an admin may") << QByteArray("admin") << 200;
    }
    void onlyAnAdminResets()
    {
        QFETCH(QByteArray, role);
        QFETCH(int, status);
        ServerProcess server(ephemeral());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        const QByteArray token = api.tokenOf("admin@localhost", server.adminKey(), "&role=" + role);
        const HttpAnswer answer = api.api("POST", "snapshots/reset", {}, token);
        QCOMPARE(answer.status, status);
        QVERIFY(status == 200 || answer.body.contains("Requires Admin role."));
    }

    void aDamagedStateIsRefusedAndNothingChanges()
    {
        ServerProcess server(kept());
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        QCOMPARE(request(server.port(), "POST", "/data/in/room", {}, "{\"t\":3}").status, 200);
        QFile state(QDir(folder()).entryInfoList({QStringLiteral("start-*.snapshot")}).value(0).filePath());
        QVERIFY(state.open(QIODevice::ReadWrite));
        QByteArray bytes = state.readAll();
        for (qsizetype i = bytes.size() / 2; i < bytes.size(); ++i)
            bytes[i] = char(bytes[i] ^ 0x55);
        state.seek(0);
        state.write(bytes);
        state.close();
        int code = -1;
        const QByteArray told = run({QStringLiteral("snapshot"), QStringLiteral("reset")}, code);
        QCOMPARE(code, 1);
        QVERIFY2(told.contains("workspace file") && told.contains("damaged"), told.constData());
        QCOMPARE(items(server.port()), 3);
    }

    void anEndInTheMiddleLeavesTheStateBeforeOrTheOneAfter()
    {
        QByteArray rows = "t,v\n";
        for (int i = 0; i < 5000; ++i)
            rows += QByteArray::number(i) + "," + QByteArray::number(i * 7919LL % 104729) + "\n";
        write(QStringLiteral("rows.csv"), rows);
        QByteArray lines;
        for (int i = 0; i < 5000; ++i)
            lines += "{\"t\":" + QByteArray::number(i) + "}\n";
        int code = -1;
        for (const int delay : {0, 5, 15, 40, 100}) {
            ServerProcess server(kept());
            QVERIFY2(server.waitUntilReady(), server.errors().constData());
            if (object(request(server.port(), "GET", "/data/out/all?limit=1").body).isEmpty())
                QFAIL("no page");
            QCOMPARE(request(server.port(), "POST", "/data/in/room", {}, lines).status, 200);
            const QByteArray token =
                run({QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("admin@localhost")}, code).trimmed();
            std::unique_ptr<QThread> client(QThread::create([&, port = server.port()] {
                request(port, "POST", "/api/snapshots/reset", {"Authorization: Bearer " + token});
            }));
            client->start();
            QThread::msleep(delay);
            server.kill();
            QVERIFY(client->wait(30'000));
            const QByteArray state = run({QStringLiteral("check")}, code);
            QCOMPARE(code, 0);
            const qint64 stored = state.split(' ').value(1).toLongLong();
            QVERIFY2(stored % 5000 == 0 && stored >= 5000, state.constData());
        }
        (void)run({QStringLiteral("snapshot"), QStringLiteral("reset")}, code);
        QCOMPARE(code, 0);
        QCOMPARE(run({QStringLiteral("check")}, code), QByteArray("ok 5000 datapoints 5000 items\n"));
    }

    void theDemoIsBackBeforeATestNotices()
    {
        constexpr int mostMilliseconds = 100;
        ServerProcess server({QStringLiteral("--ephemeral"), QStringLiteral("--workspace"),
                              QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/workspace.json")});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const ApiClient api(server.port(), server.adminKey());
        QCOMPARE(api.api("POST", "snapshots", "{\"name\":\"s\"}").status, 201);
        for (const QByteArray path : {"snapshots/reset", "snapshots/s/restore"}) {
            qint64 best = INT64_MAX; // the machine may be busy with other things
            for (int round = 0; round < 10; ++round) {
                QElapsedTimer timer;
                timer.start();
                QCOMPARE(api.api("POST", path).status, 200);
                best = std::min(best, timer.elapsed());
            }
            qInfo("%s: %lld ms", path.constData(), static_cast<long long>(best));
            QVERIFY2(best < mostMilliseconds, path.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestReset)
#include "tst_e2e_reset.moc"
