// What iotman-server makes of a wrong command line, of folders that are none, and of a terminal that goes.
#include "tests/e2e/serverprocess.h"
#include "tests/e2e/verbs.h"

#include <QtTest/QtTest>

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
                                 "version --data x",
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
