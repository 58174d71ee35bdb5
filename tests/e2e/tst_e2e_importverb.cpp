// Files by the command line: on a folder that nobody holds, and on one that a running server holds.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/verbs.h"

#include <QtCore/qjsondocument.h>
#include <QtTest/QtTest>

using namespace iotman::test;

namespace {

const QByteArray seoulFile = R"({"iotman":1,"sources":[{"name":"log","kind":"file","settings":{"zone":"Asia/Seoul","time_column":"b"}}],
"outputs":[{"name":"all","rule":"{ at: $ts }"}],"endpoints":[{"id":"all","output":"all"}]})";

} // namespace

class TestImportVerb : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsOfFilesBecomeDatapoints_data() { addFreeAndHeld(); }
    void rowsOfFilesBecomeDatapoints()
    {
        QFETCH(bool, held);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString csv = folder.write(QStringLiteral("a.csv"), "when,v\n2026-01-01T00:00:00Z,1.50\n2026-01-01T00:00:01Z,2\n");
        const QString ndjson = folder.write(QStringLiteral("b.ndjson"), "{\"t\":5,\"v\":1e2}\n{\"t\":6,\"v\":-0.0}\n");
        const Ran first = folder.run({QStringLiteral("import"), csv, QStringLiteral("--source"), QStringLiteral("room"),
                                      QStringLiteral("--time-column"), QStringLiteral("when")});
        QCOMPARE(first.err, QByteArray());
        QCOMPARE(first.out, QByteArray("accepted 2 refused 0\n"));
        QCOMPARE(first.code, 0);
        const Ran second = folder.run({QStringLiteral("import"), ndjson, ndjson, QStringLiteral("--source=room")});
        QCOMPARE(second.out, QByteArray("accepted 4 refused 0\n"));
        QCOMPARE(folder.items("all").size(), 6);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 6 datapoints 6 items\n"));
    }

    void aRowThatCannotBeReadSpoilsTheImportUnlessItIsSkipped_data() { addFreeAndHeld(); }
    void aRowThatCannotBeReadSpoilsTheImportUnlessItIsSkipped()
    {
        QFETCH(bool, held);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString good = folder.write(QStringLiteral("good.ndjson"), "{\"t\":1}\n");
        const QString bad = folder.write(QStringLiteral("bad.ndjson"), "{\"t\":2}\n{\"t\":}\n{\"t\":\"soon\"}\n{\"t\":3}\n");
        const QStringList import{QStringLiteral("import"), good, bad, QStringLiteral("--source"), QStringLiteral("room")};
        const Ran refused = folder.run(import);
        QCOMPARE(refused.code, 1);
        QCOMPARE(refused.out, QByteArray("accepted 0 refused 2\n"));
        const QList<QByteArray> lines = refused.err.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY2(lines[0].startsWith(QByteArray(bad.toUtf8() + ":2: ")), lines[0].constData());
        QVERIFY2(lines[1].startsWith(QByteArray(bad.toUtf8() + ":3: ")), lines[1].constData());
        QCOMPARE(folder.items("all").size(), 0);

        const Ran skipped = folder.run(import + QStringList{QStringLiteral("--skip-bad")});
        QCOMPARE(skipped.code, 0);
        QCOMPARE(skipped.out, QByteArray("accepted 3 refused 2\n"));
        QCOMPARE(skipped.err, refused.err);
        QCOMPARE(folder.items("all").size(), 3);
    }

    void aFileInWhichNothingReadsAsTimesIsTold_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("isTold");
        QTest::newRow("no column of times") << QByteArray("v,w\n1,2\n") << QStringList() << true;
        QTest::newRow("the only time is none") << QByteArray("time,v\nsoon,2\n") << QStringList() << true;
        QTest::newRow("a column of times") << QByteArray("time,v\n2026-01-01,2\n") << QStringList() << false;
        QTest::newRow("the arrival was chosen") << QByteArray("v,w\n1,2\n") << QStringList{QStringLiteral("--time-column=")} << false;
    }
    void aFileInWhichNothingReadsAsTimesIsTold()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QStringList, options);
        QFETCH(bool, isTold);
        Folder folder(false);
        QCOMPARE(folder.apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\"}]}").code, 0);
        const QString file = folder.write(QStringLiteral("f.csv"), rows);
        const Ran ran = folder.run(QStringList{QStringLiteral("import"), file, QStringLiteral("--source=room")} + options);
        QCOMPARE(ran.out, QByteArray("accepted 1 refused 0\n"));
        QCOMPARE(ran.err, isTold ? file.toUtf8() + ": no column reads as times, so its rows have the time at which they came in. Say --time-column.\n"
                                 : QByteArray());
    }

    void aUnitOfTimesThatNoColumnHasIsRefused()
    {
        Folder folder(false);
        QCOMPARE(folder.apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\"}]}").code, 0);
        const QString mixed = folder.write(QStringLiteral("mixed.csv"), "time,v\n-863715600,1\n1700000000,2\n");
        const QStringList import{QStringLiteral("import"), mixed, QStringLiteral("--source=room"), QStringLiteral("--time-unit=s")};
        const Ran refused = folder.run(import);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("no column reads as times of the unit that was chosen. Say --time-column."), refused.err.constData());
        QCOMPARE(folder.run(import + QStringList{QStringLiteral("--time-column=time")}).out, QByteArray("accepted 2 refused 0\n"));
        const QString empty = folder.write(QStringLiteral("empty.csv"), "time,v\n");
        QCOMPARE(folder.run({QStringLiteral("import"), empty, QStringLiteral("--source=room"), QStringLiteral("--time-unit=s")}).out,
                 QByteArray("accepted 0 refused 0\n"));
    }

    void theSourcesOwnTimeExpressionDecidesUnlessAColumnIsChosen()
    {
        Folder folder(false);
        QCOMPARE(folder
                     .apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.ms / 1000\"}],"
                            "\"outputs\": [{\"name\": \"all\", \"rule\": \"{ at: $ts }\"}],"
                            "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}")
                     .code,
                 0);
        const QString good = folder.write(QStringLiteral("good.csv"), "day,ms\n2024-01-01,5000\n");
        const QString bad = folder.write(QStringLiteral("bad.csv"), "day,ms\n2024-01-01,6000\n2024-01-02,\n");
        const QStringList import{QStringLiteral("import"), QStringLiteral("--source=room")};
        QCOMPARE(folder.run(import + QStringList{good}).err, QByteArray());
        const Ran refused = folder.run(import + QStringList{bad});
        QVERIFY2(refused.err.startsWith(QByteArray(bad.toUtf8() + ":3: ")), refused.err.constData());
        QCOMPARE(refused.code, 1);
        QCOMPARE(folder.run(import + QStringList{bad, QStringLiteral("--time-column=day")}).out,
                 QByteArray("accepted 2 refused 0\n"));
        QCOMPARE(QJsonDocument(folder.items("all")).toJson(QJsonDocument::Compact),
                 QByteArray("[{\"at\":1704153600},{\"at\":1704067200},{\"at\":5}]"));
        QCOMPARE(folder.run(import + QStringList{good, QStringLiteral("--zone=")}).code, 2);
    }

    void aColumnOfTimesIsLeftAloneOnRequest_data()
    {
        QTest::addColumn<QStringList>("none");
        QTest::newRow("with a sign of equality") << QStringList{QStringLiteral("--time-column=")};
        QTest::newRow("as a word") << QStringList{QStringLiteral("--time-column"), QString()};
    }
    void aColumnOfTimesIsLeftAloneOnRequest()
    {
        QFETCH(QStringList, none);
        Folder folder(false);
        QCOMPARE(folder
                     .apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\"}],"
                            "\"outputs\": [{\"name\": \"all\", \"rule\": \"{ at: $ts }\"}],"
                            "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}")
                     .code,
                 0);
        const QString file = folder.write(QStringLiteral("good.csv"), "day,n\n2024-01-01,1\n2024-01-02,2\n");
        const QStringList import{QStringLiteral("import"), QStringLiteral("--source=room"), file};
        QCOMPARE(folder.run(import).out, QByteArray("accepted 2 refused 0\n"));
        QCOMPARE(folder.items("all").first().toObject()[u"at"].toDouble(), 1704153600.0);
        const double before = double(QDateTime::currentSecsSinceEpoch());
        QCOMPARE(folder.run(import + none).out, QByteArray("accepted 2 refused 0\n"));
        QVERIFY(folder.items("all").first().toObject()[u"at"].toDouble() >= before);
    }

    void noColumnOnRequestIsNoExpressionEither()
    {
        Folder folder(false);
        QCOMPARE(folder
                     .apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.t\"}],"
                            "\"outputs\": [{\"name\": \"all\", \"rule\": \"{ at: $ts }\"}],"
                            "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}")
                     .code,
                 0);
        const QString file = folder.write(QStringLiteral("f.csv"), "t,v\n1000,1\n2000,2\n");
        const double before = double(QDateTime::currentSecsSinceEpoch());
        QCOMPARE(folder.run({QStringLiteral("import"), QStringLiteral("--source=room"), file, QStringLiteral("--time-column=")}).out,
                 QByteArray("accepted 2 refused 0\n"));
        QVERIFY(folder.items("all").last().toObject()[u"at"].toDouble() >= before);
    }

    void endsOfDaysAndLeapSecondsAreTimesInFilesToo()
    {
        Folder folder(false);
        QCOMPARE(folder
                     .apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\"}],"
                            "\"outputs\": [{\"name\": \"all\", \"rule\": \"{ at: $ts }\"}],"
                            "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}")
                     .code,
                 0);
        const QString file = folder.write(QStringLiteral("f.csv"), "t,v\n2024-01-01T24:00:00Z,1\n2024-01-02T24:00:00Z,2\n2016-12-31T23:59:60Z,3\n");
        QCOMPARE(folder.run({QStringLiteral("import"), QStringLiteral("--source=room"), file}).out, QByteArray("accepted 3 refused 0\n"));
        QCOMPARE(QJsonDocument(folder.items("all")).toJson(QJsonDocument::Compact),
                 QByteArray("[{\"at\":1704240000},{\"at\":1704153600},{\"at\":1483228800}]"));
    }

    void theTimeExpressionOfAFileSourceDecidesToo_data() { addFreeAndHeld(); }
    void theTimeExpressionOfAFileSourceDecidesToo()
    {
        QFETCH(bool, held);
        Folder folder(held);
        folder.write(QStringLiteral("rows.csv"), "day,ms\n2024-01-01,5000\n");
        QCOMPARE(
            folder
                .apply("{\"iotman\": 1, \"sources\": [{\"name\": \"log\", \"kind\": \"file\", \"time\": \"$.ms / 1000\","
                       "\"settings\": {\"path\": \"rows.csv\"}}], \"outputs\": [{\"name\": \"all\", \"rule\": \"{ at: $ts }\"}],"
                       "\"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}")
                .err,
            QByteArray());
        QCOMPARE(QJsonDocument(folder.items("all")).toJson(QJsonDocument::Compact), QByteArray("[{\"at\":5}]"));
    }

    void theSettingsOfAFileSourceDecideWhatTheCommandLineLeavesOpen_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("items");
        QTest::newRow("nothing is said") << QStringList() << QByteArray("[{\"at\":1704034800}]");
        QTest::newRow("another zone is") << QStringList{QStringLiteral("--zone=UTC")} << QByteArray("[{\"at\":1704067200}]");
        QTest::newRow("another column is") << QStringList{QStringLiteral("--time-column=a")} << QByteArray("[{\"at\":1577804400}]");
    }
    void theSettingsOfAFileSourceDecideWhatTheCommandLineLeavesOpen()
    {
        QFETCH(QStringList, options);
        Folder folder(false);
        QCOMPARE(folder.apply(seoulFile).code, 0);
        const QString rows = folder.write(QStringLiteral("rows.csv"), "a,b\n2020-01-01 00:00:00,2024-01-01 00:00:00\n");
        QCOMPARE(folder.run(QStringList{QStringLiteral("import"), rows, QStringLiteral("--source=log")} + options).out, QByteArray("accepted 1 refused 0\n"));
        QTEST(QJsonDocument(folder.items("all")).toJson(QJsonDocument::Compact), "items");
    }

    void settingsThatNoFileCanHaveAreRefused_data()
    {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("a zone") << QByteArray(R"("zone":"Mars/X")") << QByteArray("zone");
        QTest::newRow("a unit") << QByteArray(R"("time_unit":"weeks")") << QByteArray("time_unit");
        QTest::newRow("a format in capitals") << QByteArray(R"("format":"CSV")") << QByteArray("format");
        QTest::newRow("an encoding") << QByteArray(R"("encoding":"utf-7")") << QByteArray("encoding");
    }
    void settingsThatNoFileCanHaveAreRefused()
    {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, said);
        Folder folder(false);
        const QString file = folder.write(QStringLiteral("w.json"), "{\"iotman\":1,\n\"sources\":[{\"name\":\"log\",\"kind\":\"file\",\n\"settings\":{" + settings + "}}]}");
        const Ran applied = folder.run({QStringLiteral("apply"), file});
        QCOMPARE(applied.code, 1);
        QVERIFY2(applied.err.contains("w.json:3: ") && applied.err.contains(QByteArray("settings: " + said + ": ")), applied.err.constData());
    }

    void hoursThatTheClocksSkipOrRepeatAreToldWithTheirRule()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString rows = folder.write(QStringLiteral("rows.csv"),
                                          "t\n2024-03-31 02:30\n2024-10-27 02:30\n2024-10-27 02:45\n2024-06-01 02:30\n");
        const QStringList import{QStringLiteral("import"), rows, QStringLiteral("--source=room"),
                                 QStringLiteral("--time-column=t")};
        const Ran there = folder.run(import + QStringList{QStringLiteral("--zone=Europe/Berlin")});
        QCOMPARE(there.err,
                 QByteArray("zone Europe/Berlin: 1 time in an hour that the clocks skip, moved forward by what they skip; "
                            "2 times in an hour that comes twice, taken for the earlier\n"));
        QCOMPARE(there.out, QByteArray("accepted 4 refused 0\n"));
        QCOMPARE(folder.run(import).err, QByteArray());
    }

    void aTimeColumnThatIsNotThereIsSaidToBeSo_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("a table") << QStringLiteral("f.csv") << QByteArray("t,v\n1,2\n");
        QTest::newRow("lines") << QStringLiteral("f.ndjson") << QByteArray("{\"t\":1,\"v\":2}\n");
        QTest::newRow("an array") << QStringLiteral("f.json") << QByteArray("[{\"t\":1,\"v\":2}]\n");
    }
    void aTimeColumnThatIsNotThereIsSaidToBeSo()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        for (const QStringList& unit : {QStringList(), QStringList{QStringLiteral("--time-unit=s")}}) {
            const Ran ran = folder.run(QStringList{QStringLiteral("import"), folder.write(name, content),
                                                   QStringLiteral("--source=room"), QStringLiteral("--time-column=nope")} +
                                       unit);
            QVERIFY2(ran.err.contains("there is no column “nope” to take the time from; the columns are “t”, “v”"),
                     ran.err.constData());
            QCOMPARE(ran.code, 1);
        }
    }

    void whatMakesAWholeFileUselessIsToldWithItsLine_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("a comma is missing") << QStringLiteral("f.json") << QByteArray("[{\"t\":1}\n{\"t\":2}]\n")
                                            << QByteArray("f.json:2: column 1: expected “,” or “]”, but got “{”\n");
        QTest::newRow("an object is not closed")
            << QStringLiteral("f.json") << QByteArray("[{\"t\":1},\n{\"t\":2\n")
            << QByteArray("f.json:2: column 1: the object that starts here is never closed\n");
    }
    void whatMakesAWholeFileUselessIsToldWithItsLine()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, told);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString file = folder.write(name, content);
        const Ran ran = folder.run({QStringLiteral("import"), file, QStringLiteral("--source=room")});
        QCOMPARE(ran.err, file.left(file.size() - name.size()).toUtf8() + told);
        QCOMPARE(ran.code, 1);
        const Ran applied = folder.apply(
            "{\"iotman\": 1, \"sources\": [{\"name\": \"log\", \"kind\": \"file\", \"settings\": {\"path\": \"f.json\"}}]}");
        QCOMPARE(applied.err, ran.err);
    }

    /// A column that is named holds Unix seconds where its numbers do not say otherwise (time-2), and one bad cell is one bad row.
    void aNamedColumnOfNumbersIsRead()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QStringList room{QStringLiteral("--source=room"), QStringLiteral("--time-column=time")};
        const QString small = folder.write(QStringLiteral("small.csv"), "time,n\n1700000000.000007,1\n2.000002,2\n-1,3\n4102444799.999999,4\n");
        QCOMPARE(folder.run(QStringList{QStringLiteral("import"), small} + room).out, QByteArray("accepted 4 refused 0\n"));
        const QString bad = folder.write(QStringLiteral("bad.csv"), "time,n\n1700000000,1\n1700000001,2\noops,3\n");
        const Ran refused = folder.run(QStringList{QStringLiteral("import"), bad} + room);
        QVERIFY2(refused.code == 1 && refused.err.contains("bad.csv:4: "), refused.err.constData());
        QCOMPARE(folder.run(QStringList{QStringLiteral("import"), bad, QStringLiteral("--skip-bad")} + room).out, QByteArray("accepted 2 refused 1\n"));
    }

    void aBadElementIsNamedThoughAllStandOnOneLine()
    {
        Folder folder(false);
        QCOMPARE(folder.apply("{\"iotman\": 1, \"sources\": [{\"name\": \"room\", \"kind\": \"http\", \"time\": \"$.t\"}]}").code, 0);
        const QString file = folder.write(QStringLiteral("f.json"), "[{\"t\":1},{\"t\":2},{\"t\":\"x\"},{\"t\":4}]");
        const Ran ran = folder.run({QStringLiteral("import"), file, QStringLiteral("--source=room")});
        QVERIFY2(ran.err.contains("f.json:1: element 3: "), ran.err.constData());
        QCOMPARE(ran.code, 1);
    }

    /// Two bytes, one of which is not UTF-8, may be anything.
    void textThatIsNoUtf8IsReadAsSomethingElseOnlyWhereThatIsSaid_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("Latin-1") << QByteArray("t,name\n1,Stra\xdf" "e\n") << QByteArray("line 2 has the byte 0xDF at offset 13");
        QTest::newRow("cut inside a character") << QByteArray("t,name\n1,ok\n2,\xc3") << QByteArray("line 3 has the byte 0xC3 at offset 14");
        QTest::newRow("CP949") << QByteArray("t,name\n1,\xbf\xc2\xb5\xb5\n") << QByteArray("line 2 has the byte 0xBF at offset 9");
    }
    void textThatIsNoUtf8IsReadAsSomethingElseOnlyWhereThatIsSaid()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, told);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString file = folder.write(QStringLiteral("f.csv"), content);
        const QStringList import{QStringLiteral("import"), file, QStringLiteral("--source=room")};
        for (const QStringList& more : {QStringList(), QStringList{QStringLiteral("--encoding=utf-8")}}) {
            const Ran refused = folder.run(import + more);
            QCOMPARE(refused.code, 1);
            QVERIFY2(refused.err.contains("f.csv"), refused.err.constData());
            QVERIFY2(!more.isEmpty() || (refused.err.contains(told) && refused.err.endsWith("Say --encoding.\n")), refused.err.constData());
        }
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 0 datapoints 0 items\n"));
        QCOMPARE(folder.run(import + QStringList{QStringLiteral("--encoding=latin-1")}).code, 0);
    }

    void textThatIsDamagedIsNotStoredAsAnother_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("a table") << QStringLiteral("f.csv") << QByteArray("t,name\n1,온도\n2,온도\n5,온\xec\x98")
                                 << QByteArray("f.csv: Not UTF-8: line 4 has the byte 0xEC at offset 30 of the file");
        QTest::newRow("lines") << QStringLiteral("f.ndjson") << QByteArray("{\"t\":1}\n{\"t\":2,\"n\":\"Stra\xdf\"}\n")
                               << QByteArray("f.ndjson: Not UTF-8: line 2 has the byte 0xDF at offset 24 of the file");
        QTest::newRow("an array") << QStringLiteral("f.json") << QByteArray("[{\"t\":1},\n{\"t\":2,\"n\":\"Stra\xdf\"}]\n")
                                  << QByteArray("f.json: Not UTF-8: line 2 has the byte 0xDF at offset 26 of the file");
    }
    void textThatIsDamagedIsNotStoredAsAnother()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, told);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QStringList import{QStringLiteral("import"), folder.write(name, content), QStringLiteral("--source=room")};
        const Ran refused = folder.run(import);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains(told) && refused.err.endsWith("Say --encoding.\n"), refused.err.constData());
        QCOMPARE(refused.out, QByteArray());
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 0 datapoints 0 items\n"));

        const Ran skipped = folder.run(import + QStringList{QStringLiteral("--skip-bad")});
        QVERIFY2(skipped.out.endsWith(" refused 1\n"), skipped.out.constData());
        QCOMPARE(skipped.code, 0);
        const Ran chosen = folder.run(import + QStringList{QStringLiteral("--encoding=latin-1")});
        QVERIFY2(chosen.out.endsWith(" refused 0\n"), chosen.out.constData());
        QCOMPARE(chosen.code, 0);
    }

    void elementsOfAJsonFileKeepTheirBytesThoughTheySpanLines()
    {
        Folder folder(true);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QString json =
            folder.write(QStringLiteral("rows.json"), "[\n  {\n    \"t\": 1,\n    \"v\": 1.500\n  },\n  {\"t\": 2}\n]\n");
        const Ran ran = folder.run({QStringLiteral("import"), json, QStringLiteral("--source"), QStringLiteral("room")});
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.out, QByteArray("accepted 2 refused 0\n"));
        QCOMPARE(request(folder.server().port(), "GET", "/data/out/all").body,
                 QByteArray("{\"data\":[{\"t\": 2},{\n    \"t\": 1,\n    \"v\": 1.500\n  }],\"next_page\":null}"));
    }

    void whatCannotBeImportedIsNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("a file that is not there")
            << QStringList{QStringLiteral("/nowhere/x.csv"), QStringLiteral("--source"), QStringLiteral("room")}
            << QByteArray("/nowhere/x.csv");
        QTest::newRow("a source that is not there")
            << QStringList{QStringLiteral("/dev/null"), QStringLiteral("--source"), QStringLiteral("attic")}
            << QByteArray("attic");
    }
    void whatCannotBeImportedIsNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, told);
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const Ran ran = folder.run(QStringList{QStringLiteral("import")} + arguments);
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.err.contains(told), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
        QCOMPARE(ran.out, QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestImportVerb)
#include "tst_e2e_importverb.moc"
