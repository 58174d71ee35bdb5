// What iotman-server makes of a wrong command line, of folders that are none, and of a terminal that goes.
#include "tests/e2e/serverprocess.h"
#include "tests/e2e/verbs.h"

#include <QtCore/qprocess.h>
#include <QtTest/QtTest>

#include <grp.h>
#include <unistd.h>

using namespace iotman::test;

class TestUsage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsMistypedIsRefusedAndTheNearestRightWordNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("nearest");
        QTest::newRow("an option with two letters swapped") << QByteArray("serve --worksapce x") << QByteArray("--workspace");
        QTest::newRow("an option cut short") << QByteArray("serve --work x") << QByteArray("--workspace");
        QTest::newRow("one dash") << QByteArray("serve -ephemeral") << QByteArray("--ephemeral");
        QTest::newRow("an underscore") << QByteArray("serve --base_url http://x") << QByteArray("--base-url");
        QTest::newRow("a letter missing, with a value") << QByteArray("serve --lisen=127.0.0.1:0") << QByteArray("--listen");
        QTest::newRow("of apply") << QByteArray("apply x --dryrun") << QByteArray("--dry-run");
        QTest::newRow("of import") << QByteArray("import x --souce y") << QByteArray("--source");
        QTest::newRow("of token") << QByteArray("token --clinet x") << QByteArray("--client");
        QTest::newRow("a verb") << QByteArray("sevre") << QByteArray("serve");
        QTest::newRow("a verb of snapshot") << QByteArray("snapshot resotre x") << QByteArray("restore");
        QTest::newRow("a verb of replay") << QByteArray("replay puase x") << QByteArray("pause");
        QTest::newRow("a verb of member") << QByteArray("member ad x@y.example --role viewer") << QByteArray("add");
    }
    void whatIsMistypedIsRefusedAndTheNearestRightWordNamed()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, nearest);
        const Ran ran = run(QString::fromUtf8(line).split(u' '));
        QCOMPARE(ran.code, 2);
        QCOMPARE(ran.out, QByteArray());
        QVERIFY2(ran.err.contains(QByteArray("“" + nearest + "”")), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
    }

    void wrongUsageIsExitCodeTwo_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char* line : {"",
                                 "apply",
                                 "apply a b",
                                 "export x",
                                 "import --source x",
                                 "import x",
                                 "import x --source Not_A-Name",
                                 "import x --source a --zone Mars/Olympus --time-unit weeks",
                                 "member",
                                 "member add",
                                 "member add x@y.example",
                                 "member add nobody --role admin",
                                 "member add x@y.example --role boss",
                                 "token",
                                 "token --client a --member b@c.example",
                                 "snapshot",
                                 "snapshot save",
                                 "snapshot save a b",
                                 "snapshot list x",
                                 "snapshot reset x",
                                 "replay",
                                 "replay show",
                                 "replay pause a b",
                                 "replay step a 0",
                                 "replay step a many",
                                 "replay speed a",
                                 "replay speed a fast",
                                 "contract",
                                 "contract ftp://h.example/data/out/a",
                                 "contract https:///data/out/a",
                                 "contract https://h.example/data/out/",
                                 "contract https://h.example/data/out/a/b",
                                 "contract https://h.example/elsewhere",
                                 "contract https://h.example/data/out/a?limit=1",
                                 "contract https://h.example/data/out/a#top",
                                 "contract https://h.example/data/out/a --token-url https://h.example/oauth/token",
                                 "contract https://h.example/data/out/a --client c --token-url h.example/token",
                                 "contract https://h.example/data/out/a --client c --token-url https://",
                                 "check x",
                                 "version x",
                                 "serve x",
                                 "serve --data",
                                 "serve --listen nonsense",
                                 "apply x --yes=1",
                                 "apply x --yes --yes",
                                 "unheard-of"})
            QTest::newRow(*line ? line : "nothing") << QByteArray(line);
    }
    void wrongUsageIsExitCodeTwo()
    {
        QFETCH(QByteArray, line);
        const Ran ran = run(line.isEmpty() ? QStringList() : QString::fromUtf8(line).split(u' '));
        QCOMPARE(ran.code, 2);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.err.count('\n'), 1);
    }

    void aFolderWithoutAWorkspaceIsNamedAndNotMade_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("export") << QStringList{QStringLiteral("export")};
        QTest::newRow("token") << QStringList{QStringLiteral("token"), QStringLiteral("--client"), QStringLiteral("x")};
        QTest::newRow("snapshot") << QStringList{QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("x")};
        QTest::newRow("import") << QStringList{QStringLiteral("import"), QStringLiteral("/dev/null"), QStringLiteral("--source"),
                                               QStringLiteral("x")};
        QTest::newRow("check") << QStringList{QStringLiteral("check")};
    }
    void aFolderWithoutAWorkspaceIsNamedAndNotMade()
    {
        QFETCH(QStringList, arguments);
        Folder folder(false);
        const Ran ran = folder.run(arguments);
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.err.contains(folder.path().toUtf8()), ran.err.constData());
        QVERIFY(!QFile::exists(folder.path()));
    }

    void whatCannotBePrintedIsAFailure_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("output"); // in words of the shell
        for (const char* line : {"--help", "version", "serve --ephemeral --listen 127.0.0.1:0", "export --data %1",
                                 "serve --listen 127.0.0.1:0 --data %1", "member add a@b.example --role viewer --data %1"}) {
            for (const char* output : {">/dev/full", ">&-", "| true"})
                QTest::addRow("%s %s", line, output) << QByteArray(line) << QByteArray(output);
        }
    }
    void whatCannotBePrintedIsAFailure()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, output);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QByteArray before = folder.exported();
        QProcess shell;
        // A reader that is gone before anything is written; the sleep lets it go.
        QByteArray command = "exec " IOTMAN_SERVER " " + line;
        command = output.startsWith('|') ? QByteArray("set -o pipefail; (sleep 0.2; " + command + ") " + output)
                                         : QByteArray(command + " " + output);
        shell.start(QStringLiteral("bash"),
                    {QStringLiteral("-c"), QString::fromUtf8(command).replace(QStringLiteral("%1"), folder.path())});
        QVERIFY(shell.waitForFinished());
        const QByteArray told = shell.readAllStandardError();
        QCOMPARE(shell.exitCode(), 1);
        QVERIFY2(told.startsWith("iotman-server: standard output cannot be written: "), told.constData());
        QCOMPARE(told.count('\n'), 1);
        QCOMPARE(folder.exported(), before);
        // The member is gone again, so that it can be added.
        if (line.startsWith("member"))
            QCOMPARE(folder
                         .run({QStringLiteral("member"), QStringLiteral("add"), QStringLiteral("a@b.example"),
                               QStringLiteral("--role"), QStringLiteral("viewer")})
                         .code,
                     0);
    }

    void aKeyThatCannotBeUsedIsReported_data()
    {
        QTest::addColumn<QByteArray>("pem");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("none") << QByteArray("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n");
    }
    void aKeyThatCannotBeUsedIsReported()
    {
        QFETCH(QByteArray, pem);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        QFile key(QString(folder.path() + QStringLiteral("/signing-key.pem")));
        QVERIFY(key.open(QIODevice::WriteOnly | QIODevice::Truncate));
        key.write(pem);
        key.close();
        const Ran ran = folder.run({QStringLiteral("check")});
        QVERIFY2(ran.err.contains("signing-key.pem"), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QCOMPARE(ran.code, 1);
    }

    void aCertificateThatIsNotThereIsSaidToBeSo()
    {
        const Ran ran =
            run({QStringLiteral("serve"), QStringLiteral("--ephemeral"), QStringLiteral("--tls-cert"),
                 QStringLiteral("/nowhere/cert.pem"), QStringLiteral("--tls-key"), QStringLiteral("/nowhere/key.pem")});
        QCOMPARE(ran.err,
                 QByteArray("iotman-server: --tls-cert: “/nowhere/cert.pem” cannot be read: No such file or directory\n"));
        QCOMPARE(ran.code, 1);
    }

    void aFolderThatMayNotBeReadIsNotAnEmptyOne_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("export") << QStringList{QStringLiteral("export")};
        QTest::newRow("apply") << QStringList{QStringLiteral("apply"), QStringLiteral("-"), QStringLiteral("--dry-run")};
        QTest::newRow("check") << QStringList{QStringLiteral("check")};
    }
    void aFolderThatMayNotBeReadIsNotAnEmptyOne()
    {
        QFETCH(QStringList, arguments);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        constexpr uid_t nobody = 65534;
        const bool isRoot = geteuid() == 0;
        if (!isRoot)
            QVERIFY(QFile::setPermissions(folder.path(), {}));
        QProcess process;
        process.setChildProcessModifier([isRoot] {
            if (isRoot && (setgroups(0, nullptr) != 0 || setgid(nobody) != 0 || setuid(nobody) != 0))
                _exit(99);
        });
        process.start(QStringLiteral(IOTMAN_SERVER), arguments + QStringList{QStringLiteral("--data"), folder.path()});
        process.write(plainFile);
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        const QByteArray told = process.readAllStandardError();
        QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QVERIFY2(told.contains(folder.path().toUtf8()) && told.contains("ermission denied"), told.constData());
        QCOMPARE(told.count('\n'), 1);
        QCOMPARE(process.exitCode(), 1);
        QCOMPARE(process.readAllStandardOutput(), QByteArray());
    }

    /// Whatever SQLite has to say of it.
    void ofADamagedFolderOneLineIsSaid()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        QFile database(folder.path() + QStringLiteral("/workspace.sqlite"));
        QVERIFY(database.open(QIODevice::ReadWrite));
        constexpr qint64 page = 4096;
        const qint64 pages = database.size() / page;
        QVERIFY(pages > 3);
        for (qint64 i = 2; i < pages; ++i) {
            QVERIFY(database.seek(i * page));
            QCOMPARE(database.write(QByteArray(64, '\xff')), qint64(64));
        }
        database.close();
        const Ran ran = folder.run({QStringLiteral("check")});
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.err.contains("damaged"), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QCOMPARE(ran.out, QByteArray());
    }

    void nothingPrivateIsReadableByOthers()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        QCOMPARE(folder.run({QStringLiteral("snapshot"), QStringLiteral("save"), QStringLiteral("x")}).code, 0);
        for (const char* name : {"/workspace.sqlite", "/signing-key.pem", "/snapshots/x.snapshot"}) {
            const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
            QVERIFY2((QFile::permissions(QString(folder.path() + QString::fromUtf8(name))) & others) == 0, name);
        }
    }

    void aKeyThatWasOpenToEveryoneIsClosed()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString key = folder.path() + QStringLiteral("/signing-key.pem");
        QVERIFY(QFile::setPermissions(key, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
        QCOMPARE(folder.run({QStringLiteral("export")}).code, 0);
        QCOMPARE(QFile::permissions(key) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void aTerminalThatIsClosedEndsAServerInGoodOrder()
    {
        ServerProcess server({QStringLiteral("--ephemeral")});
        QVERIFY(server.waitUntilReady());
        QVERIFY(server.hangUp());
        QCOMPARE(server.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_e2e_usage.moc"
