// The other verbs of iotman-server as a script uses them: on a folder that nobody holds, and on one that a running server holds.
#include "tests/e2e/owncertificate.h"
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"
#include "tests/e2e/verbs.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/QtTest>
#include <QtWebSockets/qwebsocket.h>

#include <csignal>

using namespace iotman::test;

namespace {

constexpr int longest = 60'000; // ms; the machine may be busy

QJsonObject object(const QByteArray& json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

class TestCommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMemberIsAddedWithAKeyThatSignsIn_data() { addFreeAndHeld(); }
    void aMemberIsAddedWithAKeyThatSignsIn()
    {
        QFETCH(bool, held);
        Folder folder(held);
        const Ran added = folder.run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("Ada@Example.com"),
                                      QStringLiteral("--role"), QStringLiteral("editor")});
        QCOMPARE(added.err, QByteArray());
        QCOMPARE(added.code, 0);
        static const QRegularExpression shape(QStringLiteral("^ada@example\\.com ([A-Za-z0-9_-]{43})\\n$"));
        const auto match = shape.match(QString::fromUtf8(added.out));
        QVERIFY2(match.hasMatch(), added.out.constData());
        QCOMPARE(folder
                     .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("ada@example.com"),
                           QStringLiteral("--role"), QStringLiteral("viewer")})
                     .code,
                 1);
        if (!held)
            return;
        const HttpAnswer token =
            request(folder.server().port(), "POST", "/oauth/token",
                    {"Authorization: Basic " + QByteArray("ada%40example.com:" + match.captured(1).toUtf8()).toBase64()},
                    "grant_type=client_credentials");
        QCOMPARE(token.status, 200);
        const QByteArray bearer = "Authorization: Bearer " + object(token.body).value(u"access_token").toString().toUtf8();
        QCOMPARE(object(request(folder.server().port(), "GET", "/api/me", {bearer}).body).value(u"role").toString(),
                 QStringLiteral("editor"));
    }

    /// A full disk, say: the next start tells it.
    void anAdminWhoseKeyCannotBeKeptIsNotThere()
    {
        Folder folder(false);
        QVERIFY(QDir().mkpath(folder.path() + QStringLiteral("/admin.key")));
        const QString unfinished = folder.path() + QStringLiteral("/admin.key.new-aB3xyz");
        const QString other = folder.path() + QStringLiteral("/admin.key.backup");
        for (const QString& name : {unfinished, other})
            QVERIFY(QFile(name).open(QIODevice::WriteOnly));
        QByteArray output;
        QCOMPARE(runServer({QStringLiteral("serve"), QStringLiteral("--listen=127.0.0.1:0"), QStringLiteral("--data"), folder.path()}, output), 1);
        QVERIFY2(output.contains("admin.key could not be written"), output.constData());
        QVERIFY(QDir().rmdir(folder.path() + QStringLiteral("/admin.key")));
        ServerProcess server({QStringLiteral("--data"), folder.path()});
        QVERIFY(server.waitUntilReady());
        QVERIFY(server.lines().first().startsWith("admin admin@localhost file:"));
        QVERIFY(QFile::exists(folder.path() + QStringLiteral("/admin.key")));
        QVERIFY2(!QFile::exists(unfinished), "left by a program that was killed");
        QVERIFY2(QFile::exists(other), "somebody else's");
        QVERIFY(server.terminate());
    }

    void aFolderWhoseMembersAreNoAdminsStillGetsItsFirstAdmin()
    {
        Folder folder(false);
        QCOMPARE(folder
                     .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("v@example.com"),
                           QStringLiteral("--role"), QStringLiteral("viewer")})
                     .code,
                 0);
        ServerProcess server({QStringLiteral("--data"), folder.path()});
        QVERIFY(server.waitUntilReady());
        QVERIFY(server.lines().first().startsWith("admin admin@localhost file:"));
        QVERIFY(server.terminate());
    }

    void aHolderThatDoesNotAnswerIsNamedSoon()
    {
        Folder folder(true);
        const auto holder = static_cast<pid_t>(folder.server().processId());
        QCOMPARE(::kill(holder, SIGSTOP), 0);
        QElapsedTimer elapsed;
        elapsed.start();
        const Ran ran = folder.run({QStringLiteral("export")});
        ::kill(holder, SIGCONT);
        QCOMPARE(ran.code, 1);
        const QByteArray process = "(process " + QByteArray::number(holder) + ")";
        QVERIFY2(ran.err.contains(folder.path().toUtf8()) && ran.err.contains(process), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(elapsed.elapsed() < 20'000);
        QCOMPARE(folder.run({QStringLiteral("export")}).code, 0);
    }

    void aHolderIsReachedWhateverItsCertificateAndTheProxiesAround_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("with a certificate that nobody vouches for") << true;
    }
    void aHolderIsReachedWhateverItsCertificateAndTheProxiesAround()
    {
        QFETCH(bool, tls);
        const QTemporaryDir certificates;
        const QString data = certificates.filePath(QStringLiteral("data"));
        QStringList serve{QStringLiteral("serve"), QStringLiteral("--data"), data, QStringLiteral("--listen"),
                          QStringLiteral("0.0.0.0:0")};
        if (tls)
            serve += OwnCertificate(certificates).options();
        QProcess server;
        server.start(QStringLiteral(IOTMAN_SERVER), serve);
        QByteArray told;
        while (!told.contains("ready ") && server.waitForReadyRead(longest))
            told += server.readAllStandardOutput();
        QVERIFY2(told.contains(tls ? "ready https://0.0.0.0:" : "ready http://0.0.0.0:"), told.constData());
        QStringList proxies;
        for (const char* name : {"http_proxy", "https_proxy", "all_proxy"})
            proxies << QLatin1String(name) + QStringLiteral("=http://127.0.0.1:1");
        const Ran ran = run({QStringLiteral("export"), QStringLiteral("--data"), data}, {}, proxies);
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.code, 0);
        server.terminate();
        QVERIFY(server.waitForFinished(longest));
    }

    void aTokenOpensWhatItsOwnerMayRead()
    {
        Folder folder(true);
        QCOMPARE(folder
                     .apply("{\"iotman\": 1, \"scopes\": [{\"name\": \"room:read\"}], \"outputs\": [{\"name\": \"all\", "
                            "\"rule\": \"$\"}],"
                            "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\", \"required_scope\": \"room:read\"}],"
                            "\"clients\": [{\"id\": \"dash\", \"name\": \"Dash\", \"scopes\": [\"room:read\"]}, {\"id\": "
                            "\"poor\", \"name\": \"Poor\"}]}")
                     .code,
                 0);
        QCOMPARE(folder
                     .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("v@example.com"),
                           QStringLiteral("--role"), QStringLiteral("viewer")})
                     .code,
                 0);
        const auto statusWith = [&](const QStringList& whose) {
            const Ran ran = folder.run(QStringList{QStringLiteral("token")} + whose);
            return ran.code == 0
                       ? request(folder.server().port(), "GET", "/data/out/all", {"Authorization: Bearer " + ran.out.trimmed()})
                             .status
                       : -ran.code;
        };
        QCOMPARE(statusWith({QStringLiteral("--client"), QStringLiteral("dash")}), 200);
        QCOMPARE(statusWith({QStringLiteral("--client"), QStringLiteral("poor")}), 403);
        QCOMPARE(statusWith({QStringLiteral("--member"), QStringLiteral("v@example.com")}), 200);
        QCOMPARE(statusWith({QStringLiteral("--client"), QStringLiteral("nobody")}), -1);
        QCOMPARE(statusWith({QStringLiteral("--member"), QStringLiteral("nobody@example.com")}), -1);
        // Who did it stands in the audit log.
        const QByteArray admin = folder
                                     .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("a@example.com"),
                                           QStringLiteral("--role"), QStringLiteral("admin")})
                                     .out;
        QVERIFY(!admin.isEmpty());
        const Ran token = folder.run({QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("a@example.com")});
        const QByteArray audit =
            request(folder.server().port(), "GET", "/api/audit", {"Authorization: Bearer " + token.out.trimmed()}).body;
        QVERIFY2(audit.contains("\"who\":\"cli\""), audit.constData());
        QVERIFY(audit.contains("\"kind\":\"token\""));
    }

    void aTokenOfAFreeFolderIsGoodOnceItIsServed()
    {
        Folder folder(false);
        QCOMPARE(folder.apply("{\"iotman\": 1, \"clients\": [{\"id\": \"dash\", \"name\": \"Dash\"}]}").code, 0);
        QCOMPARE(folder
                     .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("v@example.com"),
                           QStringLiteral("--role"), QStringLiteral("viewer")})
                     .code,
                 0);
        const Ran token = folder.run({QStringLiteral("token"), QStringLiteral("--member"), QStringLiteral("v@example.com")});
        QCOMPARE(token.code, 0);
        ServerProcess server({QStringLiteral("--data"), folder.path()});
        QVERIFY(server.waitUntilReady());
        QCOMPARE(request(server.port(), "GET", "/api/me", {"Authorization: Bearer " + token.out.trimmed()}).status, 200);
        QVERIFY(server.terminate());
    }

    void aSnapshotBringsBackWhatWas_data() { addFreeAndHeld(); }
    void aSnapshotBringsBackWhatWas()
    {
        QFETCH(bool, held);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString rows = folder.write(QStringLiteral("rows.ndjson"), "{\"t\":1}\n{\"t\":2}\n");
        const QStringList import{QStringLiteral("import"), rows, QStringLiteral("--source"), QStringLiteral("room")};
        QCOMPARE(folder.run(import).code, 0);
        const QByteArray before = folder.exported();
        const Ran saved = folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("two-rows")});
        QCOMPARE(saved.err, QByteArray());
        QCOMPARE(saved.code, 0);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("two-rows")}).code, 1);

        QCOMPARE(folder.run(import).code, 0);
        QCOMPARE(
            folder.apply("{\"iotman\": 1, \"endpoints\": [], \"cors\": [\"https://x.example\"]}", {QStringLiteral("--yes")}).code,
            0);
        const Ran restored = folder.run({QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("two-rows")});
        QCOMPARE(restored.err, QByteArray());
        QCOMPARE(restored.code, 0);
        QCOMPARE(folder.exported(), before);
        QCOMPARE(folder.items("all").size(), 2);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 2 datapoints 2 items\n"));
        // What comes after it lies behind everything that ever was.
        QCOMPARE(folder.run(import).code, 0);
        QCOMPARE(folder.items("all").size(), 4);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 4 datapoints 4 items\n"));

        const Ran list = folder.run({QStringLiteral("snapshot"), QStringLiteral("list")});
        QVERIFY2(list.out.startsWith("two-rows "), list.out.constData());
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("delete"), QStringLiteral("two-rows")}).code, 0);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("list")}).out, QByteArray());
        const Ran gone = folder.run({QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("two-rows")});
        QCOMPARE(gone.code, 1);
        QVERIFY2(gone.err.contains("two-rows"), gone.err.constData());
    }

    void aDamagedSnapshotIsNamedAndTheRestIsUnharmed_data()
    {
        QTest::addColumn<double>("from"); // as parts of the file
        QTest::addColumn<double>("to");
        QTest::newRow("its first tenth") << 0.0 << 0.1;
        QTest::newRow("its second half") << 0.5 << 1.0;
        QTest::newRow("all of it") << 0.0 << 1.0;
    }
    void aDamagedSnapshotIsNamedAndTheRestIsUnharmed()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        QByteArray rows;
        for (int i = 0; i < 2000; ++i)
            rows += "{\"t\":" + QByteArray::number(i) + ",\"v\":\"" + QByteArray::number(i * 7919 % 104729) + "\"}\n";
        QCOMPARE(folder
                     .run({QStringLiteral("import"), folder.write(QStringLiteral("rows.ndjson"), rows),
                           QStringLiteral("--source"), QStringLiteral("room")})
                     .code,
                 0);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("s1")}).code, 0);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 2000 datapoints 2000 items\n"));
        QFile file(QString(folder.path() + QStringLiteral("/snapshots/s1.snapshot")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto start = static_cast<qint64>(double(file.size()) * from);
        file.seek(start);
        QByteArray bytes = file.read(static_cast<qint64>(double(file.size()) * (to - from)));
        for (char& byte : bytes)
            byte = char(byte ^ 0x55);
        file.seek(start);
        file.write(bytes);
        file.close();
        const Ran restored = folder.run({QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("s1")});
        QCOMPARE(restored.code, 1);
        QVERIFY2(restored.err.contains("s1"), restored.err.constData());
        const Ran checked = folder.run({QStringLiteral("check")});
        QCOMPARE(checked.code, 1);
        QVERIFY2(checked.err.contains("s1.snapshot"), checked.err.constData());
        // Nobody needs it; its name is free again.
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("delete"), QStringLiteral("s1")}).code, 0);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 2000 datapoints 2000 items\n"));
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("s1")}).code, 0);
    }

    void aRestoreClosesStreamsWith1012()
    {
        Folder folder(true);
        QCOMPARE(folder.apply(plainFile).code, 0);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("empty")}).code, 0);
        const int port = folder.server().port();
        QWebSocket socket;
        QSignalSpy connected(&socket, &QWebSocket::connected);
        QSignalSpy closed(&socket, &QWebSocket::disconnected);
        QSignalSpy messages(&socket, &QWebSocket::textMessageReceived);
        socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/data/out/all/stream").arg(port)));
        QVERIFY(connected.wait(longest));
        QCOMPARE(request(port, "POST", "/data/in/room", {}, "{\"t\":1}").status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(messages.size(), 1, longest);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("restore"), QStringLiteral("empty")}).code, 0);
        QVERIFY(!closed.isEmpty() || closed.wait(longest));
        // 1012, which QWebSocket of Qt 6.4 takes for a breach of the protocol.
        QVERIFY(socket.closeCode() == 1012 || int(socket.closeCode()) == 1002);
        QCOMPARE(folder.items("all").size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_e2e_cli.moc"
