// What a file says is what is served: the same bytes wherever, all of it or nothing, and never by a program that is too old for
// it.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qurl.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

QByteArray fileWith(int outputs)
{
    QByteArray file = "{\"iotman\": 1,\n"
                      "\"sources\": [{\"name\": \"log\", \"kind\": \"file\", \"settings\": {\"path\": \"rows.csv\", "
                      "\"time_column\": \"t\"}}],\n"
                      "\"outputs\": [{\"name\": \"all\", \"sources\": [\"log\"], \"rule\": \"{ n: $id, at: $ts, v: $.v }\"}";
    for (int i = 0; i < outputs; ++i)
        file += ",\n{\"name\": \"o" + QByteArray::number(i) + "\", \"sources\": [\"log\"], \"rule\": \"$.v\"}";
    return file + "],\n\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}";
}

/// Rows with times that repeat and go back and forth, and numbers whose digits matter.
QByteArray rows(int count)
{
    QByteArray text = "t,v\n";
    for (int i = 0; i < count; ++i)
        text += QByteArray::number(1'700'000'000 + i * 37 % 500) + "," + QByteArray::number(i) + ".1000000000000000000001\n";
    return text;
}

} // namespace

class TestStates : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;

    QString path(const QString& name) const { return dir_->filePath(name); }
    void write(const QString& name, const QByteArray& content) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    QByteArray run(const QStringList& arguments, int& code) const { return runOn(path(QStringLiteral("data")), arguments, code); }
    /// The bodies of all pages of an endpoint, one after the other.
    static QByteArrayList pages(int port, QByteArray target, const QByteArray& accept)
    {
        QByteArrayList all;
        while (!target.isEmpty()) {
            const HttpAnswer page = request(port, "GET", target, {"Accept: " + accept});
            all.append(page.body);
            const QByteArray link = page.headers.value("link");
            const QString next = link.isEmpty() ? QJsonDocument::fromJson(page.body).object().value(u"next_page").toString()
                                                : QString::fromUtf8(link.mid(1, link.indexOf('>') - 1));
            const QUrl url(next);
            target = next.isEmpty() ? QByteArray()
                                    : url.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::FullyEncoded).toUtf8();
        }
        return all;
    }
    /// Names and bytes of all files in the data folder.
    QMap<QString, QByteArray> contents() const
    {
        QMap<QString, QByteArray> all;
        const QDir folder(path(QStringLiteral("data")));
        for (const QString& name : folder.entryList(QDir::Files | QDir::Hidden)) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::ReadOnly))
                all.insert(name, file.readAll());
        }
        return all;
    }

private Q_SLOTS:
    void init() { dir_ = std::make_unique<QTemporaryDir>(); }

    void twoServersOfOneFileServeTheSameBytes_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("accept");
        QTest::newRow("pages of JSON") << QByteArray("/data/out/all?limit=7") << QByteArray("application/json");
        QTest::newRow("with times and cursors")
            << QByteArray("/data/out/all?limit=100&times=1") << QByteArray("application/json");
        QTest::newRow("lines") << QByteArray("/data/out/all?limit=50") << QByteArray("application/x-ndjson");
        QTest::newRow("a table") << QByteArray("/data/out/all?limit=50") << QByteArray("text/csv");
        QTest::newRow("a range") << QByteArray("/data/out/all?from=1700000100&to=1700000200&limit=9")
                                 << QByteArray("application/json");
    }
    void twoServersOfOneFileServeTheSameBytes()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, accept);
        write(QStringLiteral("workspace.json"), fileWith(0));
        write(QStringLiteral("rows.csv"), rows(600));
        const QStringList same{QStringLiteral("--workspace"), path(QStringLiteral("workspace.json")),
                               QStringLiteral("--base-url"), QStringLiteral("https://iot.example")};
        ServerProcess here(same + QStringList{QStringLiteral("--ephemeral")});
        ServerProcess there(same + QStringList{QStringLiteral("--data"), path(QStringLiteral("data"))});
        QVERIFY2(here.waitUntilReady() && there.waitUntilReady(), there.errors().constData());
        const QByteArrayList mine = pages(here.port(), target, accept);
        QVERIFY(mine.size() > 3);
        QCOMPARE(pages(there.port(), target, accept), mine);
    }

    void anEndInTheMiddleOfApplyLeavesAllOfTheFileOrNothing()
    {
        constexpr int outputs = 400;
        constexpr int count = 1000;
        write(QStringLiteral("rows.csv"), rows(count));
        write(QStringLiteral("before.json"), fileWith(0).replace("rows.csv", "none.csv"));
        write(QStringLiteral("none.csv"), "t,v\n1700000000,1\n");
        write(QStringLiteral("after.json"), fileWith(outputs));
        int code = -1;
        (void)run({QStringLiteral("apply"), path(QStringLiteral("before.json"))}, code);
        QCOMPARE(code, 0);
        const QByteArray before = run({QStringLiteral("export")}, code);
        for (const int delay : {20, 50, 80, 120, 170, 230, 300, 400}) {
            QProcess process;
            process.start(QStringLiteral(IOTMAN_SERVER),
                          {QStringLiteral("apply"), path(QStringLiteral("after.json")), QStringLiteral("--yes"),
                           QStringLiteral("--data"), path(QStringLiteral("data"))});
            QVERIFY(process.waitForStarted());
            (void)process.waitForFinished(delay);
            process.kill();
            process.waitForFinished();
            const QByteArray state = run({QStringLiteral("check")}, code);
            QCOMPARE(code, 0);
            const QByteArray now = run({QStringLiteral("export")}, code);
            const qsizetype found = now.count("\"name\": \"o");
            QVERIFY2(now == before || found == outputs, QByteArray::number(found).constData());
            const qint64 datapoints = state.split(' ').value(1).toLongLong();
            QVERIFY2(datapoints == 1 || datapoints == 1 + count, state.constData());
        }
        (void)run({QStringLiteral("apply"), path(QStringLiteral("after.json")), QStringLiteral("--yes")}, code);
        QCOMPARE(code, 0);
        QCOMPARE(run({QStringLiteral("check")}, code).split(' ').value(1), QByteArray::number(1 + count));
    }

    /// Nothing is answered that nobody would find again, and what is put in its place is left alone.
    void aFolderThatIsMovedAwayTakesNothingUntilItIsBack()
    {
        QDir dir(dir_->path());
        write(QStringLiteral("w.json"), R"({"iotman":1,"sources":[{"name":"s","kind":"http","time":"$.t"}],"outputs":[{"name":"o","rule":"$"}],)"
                                        R"("endpoints":[{"id":"e","output":"o"}]})");
        ServerProcess server({QStringLiteral("--data"), path(QStringLiteral("data")), QStringLiteral("--workspace"), path(QStringLiteral("w.json"))});
        QVERIFY2(server.waitUntilReady(), server.errors().constData());
        const auto post = [&](const QByteArray& body) { return request(server.port(), "POST", "/data/in/s", {}, body).status; };
        const auto health = [&] { return request(server.port(), "GET", "/healthz").status; };
        QCOMPARE(post("{\"t\":1}"), 200);
        QCOMPARE(request(server.port(), "GET", "/.well-known/jwks.json").status, 200); // the key is made by now

        // A copy that was made meanwhile, with its own log.
        QVERIFY(QDir().mkpath(path(QStringLiteral("copy"))));
        for (const char* name : {"workspace.sqlite", "workspace.sqlite-wal"}) {
            const QString file = QString::fromLatin1(name);
            QVERIFY(QFile::copy(path(QStringLiteral("data/") + file), path(QStringLiteral("copy/") + file)));
        }
        const QByteArray key = contents().value(QStringLiteral("admin.key")).trimmed();
        write(QStringLiteral("copy/admin.key"), "another's");
        QVERIFY(dir.rename(QStringLiteral("data"), QStringLiteral("away")));
        QCOMPARE(post("{\"t\":2}"), 503);
        QCOMPARE(health(), 503);
        QVERIFY(dir.rename(QStringLiteral("copy"), QStringLiteral("data")));
        const QByteArray credentials = QByteArray("admin@localhost:" + key).toBase64();
        QCOMPARE(request(server.port(), "POST", "/oauth/token", {"Authorization: Basic " + credentials}, "grant_type=client_credentials").status, 200);
        QVERIFY2(contents().contains(QStringLiteral("admin.key")), "a first sign-in removes the server's own");
        QCOMPARE(post("{\"t\":2}"), 503);
        QCOMPARE(health(), 503);
        for (int i = 0; i < 8; ++i) { // by whichever thread
            const HttpAnswer page = request(server.port(), "GET", "/data/out/e?to=9");
            QVERIFY2(page.status == 503 || page.body.startsWith("{\"data\":[{\"t\":1}]"), page.body.constData());
        }
        const QMap<QString, QByteArray> before = contents();

        QVERIFY(dir.rename(QStringLiteral("data"), QStringLiteral("copy")));
        QVERIFY(dir.rename(QStringLiteral("away"), QStringLiteral("data")));
        QCOMPARE(post("{\"t\":3}"), 200);
        QCOMPARE(health(), 200);

        QVERIFY(dir.rename(QStringLiteral("data"), QStringLiteral("away")));
        QVERIFY(dir.rename(QStringLiteral("copy"), QStringLiteral("data")));
        QVERIFY(server.terminate());
        QCOMPARE(contents(), before);
        int code = -1;
        QCOMPARE(runOn(path(QStringLiteral("away")), {QStringLiteral("check")}, code), QByteArray("ok 2 datapoints 2 items\n"));
    }

    void aFolderOfANewerProgramIsNamedRefusedAndLeftAsItIs_data()
    {
        QTest::addColumn<QStringList>("verb");
        const auto row = [](const char* name, const QStringList& verb) { QTest::newRow(name) << verb; };
        row("serve", {QStringLiteral("serve"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
        row("apply", {QStringLiteral("apply"), QStringLiteral("FILE"), QStringLiteral("--yes")});
        row("export", {QStringLiteral("export")});
        row("import", {QStringLiteral("import"), QStringLiteral("FILE"), QStringLiteral("--source"), QStringLiteral("log")});
        row("member", {QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("x@example.com"), QStringLiteral("--role"),
                       QStringLiteral("viewer")});
        row("token", {QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("x@example.com")});
        row("snapshot", {QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("s")});
        row("reset", {QStringLiteral("snapshot"), QStringLiteral("reset")});
        row("replay", {QStringLiteral("replay"), QStringLiteral("show"), QStringLiteral("log")});
        row("check", {QStringLiteral("check")});
    }
    void aFolderOfANewerProgramIsNamedRefusedAndLeftAsItIs()
    {
        QFETCH(QStringList, verb);
        write(QStringLiteral("workspace.json"), fileWith(1));
        write(QStringLiteral("rows.csv"), rows(300));
        int code = -1;
        (void)run({QStringLiteral("apply"), path(QStringLiteral("workspace.json"))}, code);
        QCOMPARE(code, 0);
        // SQLite keeps what `PRAGMA user_version` says at byte 60 of the file, big-endian.
        QFile database(path(QStringLiteral("data/workspace.sqlite")));
        QVERIFY(database.open(QIODevice::ReadWrite) && database.seek(60) && database.write(QByteArray("\0\0\0\x63", 4)) == 4);
        database.close();
        // What an older program would make, or clear away.
        QFile::remove(path(QStringLiteral("data/signing-key.pem")));
        write(QStringLiteral("data/admin.key.new-abc123"), "left");
        QMap<QString, QByteArray> before = contents();
        verb.replaceInStrings(QStringLiteral("FILE"), path(QStringLiteral("workspace.json")));
        const QByteArray told = run(verb, code);
        QCOMPARE(code, 1);
        QVERIFY2(told.contains("newer version"), told.constData());
        QMap<QString, QByteArray> after = contents();
        for (const char* name : {"lock", "workspace.sqlite-shm"}) { // who held it; an index of the log that is made anew each time
            before.remove(QLatin1String(name));
            after.remove(QLatin1String(name));
        }
        if (after.value(QStringLiteral("workspace.sqlite-wal")).isEmpty()) // no log is an empty one to SQLite
            after.remove(QStringLiteral("workspace.sqlite-wal"));
        QCOMPARE(after.keys(), before.keys());
        for (auto file = before.cbegin(); file != before.cend(); ++file)
            QVERIFY2(after.value(file.key()) == file.value(), qPrintable(file.key()));
    }
};

QTEST_GUILESS_MAIN(TestStates)
#include "tst_e2e_states.moc"
