// Every verb of iotman-server as a script uses it: on a folder that nobody holds, and on one that a running server holds.
#include "tests/e2e/owncertificate.h"
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/serverprocess.h"
#include "tests/e2e/verbs.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
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
    void whatWasExportedAppliesToTheSameBytes_data() { addFreeAndHeld(); }
    void whatWasExportedAppliesToTheSameBytes()
    {
        QFETCH(bool, held);
        Folder folder(held);
        const Ran applied =
            folder.run({QStringLiteral("apply"), QStringLiteral(IOTMAN_SOURCE_DIR "/resources/demo/workspace.json")});
        QCOMPARE(applied.err, QByteArray());
        QCOMPARE(applied.code, 0);
        const QByteArray exported = folder.exported();
        QVERIFY(exported.startsWith("{\n  \"iotman\": 1,"));

        Folder other(held);
        other.putDemoData();
        QCOMPARE(other.apply(exported).code, 0);
        QCOMPARE(other.exported(), exported);
        const Ran again = other.apply(exported, {QStringLiteral("--dry-run")});
        QCOMPARE(again.out, QByteArray());
        QCOMPARE(again.code, 0);
    }

    void theFilesThatAWorkspaceFileNamesAreImportedOnce_data() { addFreeAndHeld(); }
    void theFilesThatAWorkspaceFileNamesAreImportedOnce()
    {
        QFETCH(bool, held);
        Folder folder(held);
        const QByteArray file =
            "{\"iotman\": 1, \"sources\": [{\"name\": \"log\", \"kind\": \"file\", \"settings\": {\"path\": \"rows.csv\", "
            "\"time_column\": \"t\"}}],"
            "\"outputs\": [{\"name\": \"all\", \"rule\": \"$\"}], \"endpoints\": [{\"id\": \"all\", \"output\": \"all\"}]}";
        folder.write(QStringLiteral("rows.csv"), "t,v\n1,10\n2,20\n");
        QCOMPARE(folder.apply(file).err, QByteArray());
        QCOMPARE(folder.items("all").size(), 2);
        QCOMPARE(folder.apply(file).code, 0);
        QCOMPARE(folder.items("all").size(), 2);
    }

    void dataThatIsStillToComeIsADifference_data() { addFreeAndHeld(); }
    void dataThatIsStillToComeIsADifference()
    {
        QFETCH(bool, held);
        Folder folder(held);
        const QByteArray file = "{\"iotman\": 1, \"scopes\": [{\"name\": \"a:b\"}], \"sources\": ["
                                "{\"name\": \"a\", \"kind\": \"http\"}, {\"name\": \"log\", \"kind\": \"file\", "
                                "\"settings\": {\"path\": \"rows.csv\", \"time_column\": \"t\", \"time_unit\": \"s\"}}],"
                                "\"outputs\": [{\"name\": \"all\", \"rule\": \"$\"}]}";
        folder.write(QStringLiteral("rows.csv"), "t,v\n1,10\n");
        QCOMPARE(folder.apply(file).out, QByteArray("+ scope a:b\n+ source a\n+ source log\n+ output all\n"));
        QCOMPARE(folder.apply(file, {QStringLiteral("--dry-run")}).code, 0);
        // As after an apply that was killed before its data was there.
        folder.write(QStringLiteral("rows.csv"), "t,v\n2,20\n");
        const QByteArray more =
            QByteArray(file).replace("a:b", "a:c").replace("\"outputs\": [", "\"outputs\": [{\"name\": \"b\", \"rule\": \"$\"},");
        const Ran both = folder.apply(more, {QStringLiteral("--dry-run")});
        QCOMPARE(both.out, QByteArray("- scope a:b\n+ scope a:c\n~ source log\n+ output b\n"));
        const Ran dry = folder.apply(file, {QStringLiteral("--dry-run")});
        QCOMPARE(dry.out, QByteArray("~ source log\n"));
        QCOMPARE(dry.code, 3);
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 1 datapoints 1 items\n"));
        QCOMPARE(folder.apply(file).out, QByteArray("~ source log\n"));
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 2 datapoints 2 items\n"));
        QCOMPARE(folder.apply(file, {QStringLiteral("--dry-run")}).code, 0);
    }

    void originsAreRemovedAfterAQuestionToo()
    {
        Folder folder(false);
        QCOMPARE(folder.apply("{\"iotman\": 1, \"cors\": [\"https://a.example\", \"https://b.example\"]}").code, 0);
        const QString fewer = folder.write(QStringLiteral("fewer.json"),
                                           "{\"iotman\": 1, \"cors\": [\"https://B.example/\", \"https://c.example\"]}");
        const Ran nobody = folder.run({QStringLiteral("apply"), fewer});
        QCOMPARE(nobody.code, 1);
        QCOMPARE(nobody.err, QByteArray("cors: “https://B.example/” is stored as “https://b.example”\n"
                                        "- cors https://a.example\nThese are not in the file. Remove them? [y/N] \n"
                                        "iotman-server: nothing was changed; --yes removes without asking\n"));
        QVERIFY(folder.exported().contains("https://a.example"));
        const Ran agreed = folder.run({QStringLiteral("apply"), fewer}, "y\n");
        QCOMPARE(agreed.out, QByteArray("~ cors\n"));
        QCOMPARE(agreed.code, 0);
        // Whoever reads now may read afterwards: nothing is removed.
        QCOMPARE(folder.apply("{\"iotman\": 1, \"cors\": [\"*\"]}").code, 0);
        QVERIFY(folder.apply("{\"iotman\": 1, \"cors\": [\"https://a.example\"]}").err.startsWith("- cors *\n"));
    }

    void aWorkspaceFileMayComeOnStandardInput_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("a dash") << QStringLiteral("-");
        QTest::newRow("its device") << QStringLiteral("/dev/stdin");
    }
    void aWorkspaceFileMayComeOnStandardInput()
    {
        QFETCH(QString, name);
        Folder folder(false);
        const Ran ran = folder.run({QStringLiteral("apply"), name}, plainFile);
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.code, 0);
        const Ran wrong = folder.run({QStringLiteral("apply"), name}, "{\n\"iotman\": 1,,\n}");
        QVERIFY2(wrong.err.startsWith("-:2: "), wrong.err.constData());
        QCOMPARE(wrong.code, 1);
        const Ran data =
            folder.run({QStringLiteral("apply"), name}, "{\"iotman\": 1, \"sources\": [{\"name\": \"log\", \"kind\": \"file\", "
                                                        "\"settings\": {\"path\": \"nowhere.csv\"}}]}");
        QVERIFY2(data.err.contains("“nowhere.csv”"), data.err.constData());
    }

    void aDryRunTellsTheDifferenceAndChangesNothing_data() { addFreeAndHeld(); }
    void aDryRunTellsTheDifferenceAndChangesNothing()
    {
        QFETCH(bool, held);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QByteArray before = folder.exported();
        const Ran dry = folder.apply(
            "{\"iotman\": 1, \"scopes\": [{\"name\": \"room:read\"}], \"cors\": [\"https://dash.example\"],"
            "\"outputs\": [{\"name\": \"all\", \"sources\": [\"room\"], \"rule\": \"{ v: $.v }\"}], \"endpoints\": []}",
            {QStringLiteral("--dry-run")});
        QCOMPARE(dry.out, QByteArray("+ scope room:read\n~ output all\n- endpoint all\n~ cors\n"));
        QCOMPARE(dry.err, QByteArray());
        QCOMPARE(dry.code, 3);
        QCOMPARE(folder.exported(), before);
    }

    void aDryRunMakesNoFolder()
    {
        Folder folder(false);
        const Ran dry = folder.apply(plainFile, {QStringLiteral("--dry-run")});
        QCOMPARE(dry.code, 3);
        QCOMPARE(dry.out, QByteArray("+ source room\n+ output all\n+ endpoint all\n"));
        QVERIFY(!QFile::exists(folder.path()));
    }

    void whatIsNotInTheFileIsRemovedAfterAQuestion_data()
    {
        QTest::addColumn<bool>("held");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("agreed");
        for (const bool held : {false, true}) {
            const QByteArray where = held ? ", held" : ", free";
            QTest::newRow(QByteArray("yes" + where).constData()) << held << QByteArray("y\n") << true;
            QTest::newRow(QByteArray("no" + where).constData()) << held << QByteArray("n\n") << false;
            QTest::newRow(QByteArray("nothing" + where).constData()) << held << QByteArray("\n") << false;
            QTest::newRow(QByteArray("nobody there" + where).constData()) << held << QByteArray() << false;
        }
    }
    void whatIsNotInTheFileIsRemovedAfterAQuestion()
    {
        QFETCH(bool, held);
        QFETCH(QByteArray, answer);
        QFETCH(bool, agreed);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QByteArray before = folder.exported();
        const QString file = folder.write(QStringLiteral("less.json"), "{\"iotman\": 1, \"endpoints\": []}");
        const Ran ran = folder.run({QStringLiteral("apply"), file}, answer);
        QVERIFY2(ran.err.contains("- endpoint all"), ran.err.constData());
        QCOMPARE(ran.code, agreed ? 0 : 1);
        QCOMPARE(ran.out, agreed ? QByteArray("- endpoint all\n") : QByteArray());
        QCOMPARE(folder.exported() == before, !agreed);
    }

    void withYesNothingIsAsked()
    {
        Folder folder(false);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const Ran ran = folder.apply("{\"iotman\": 1, \"endpoints\": []}", {QStringLiteral("--yes")});
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.out, QByteArray("- endpoint all\n"));
        QCOMPARE(ran.code, 0);
    }

    void aMistakeIsToldWithItsLineAndNothingIsApplied_data()
    {
        QTest::addColumn<QByteArray>("wrong"); // what stands on line 40
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("a member that is not known")
            << QByteArray("{\"name\": \"x\", \"rule\": \"$\", \"ruel\": 1}") << QByteArray("ruel");
        QTest::newRow("a rule that does not parse")
            << QByteArray("{\"name\": \"x\", \"rule\": \"{ a: $.b\"}") << QByteArray("expected");
        QTest::newRow("a comma too many") << QByteArray("{\"name\": \"x\",, \"rule\": \"$\"}") << QByteArray("expected");
        QTest::newRow("a source that is not there")
            << QByteArray("{\"name\": \"x\", \"sources\": [\"nowhere\"], \"rule\": \"$\"}") << QByteArray("nowhere");
        QTest::newRow("a number for a name") << QByteArray("{\"name\": 7, \"rule\": \"$\"}") << QByteArray("name");
    }
    void aMistakeIsToldWithItsLineAndNothingIsApplied()
    {
        QFETCH(QByteArray, wrong);
        QFETCH(QByteArray, told);
        for (const bool held : {false, true}) {
            Folder folder(held);
            QCOMPARE(folder.apply(plainFile).code, 0);
            const QByteArray before = folder.exported();
            QByteArray file = "{\n  \"iotman\": 1,\n  \"scopes\": [{\"name\": \"a:b\"}],\n  \"outputs\": [\n";
            while (file.count('\n') < 39)
                file += "    {\"name\": \"o" + QByteArray::number(file.count('\n')) + "\", \"rule\": \"$\"},\n";
            file += "    " + wrong + "\n  ]\n}\n";
            for (const QString& option : {QStringLiteral("--yes"), QStringLiteral("--dry-run")}) {
                const Ran ran = folder.apply(file, {option});
                QCOMPARE(ran.code, 1);
                QVERIFY2(ran.err.contains("workspace.json:40: "), ran.err.constData());
                QVERIFY2(ran.err.contains(told), ran.err.constData());
                QCOMPARE(ran.err.count('\n'), 1);
                QCOMPARE(ran.out, QByteArray());
            }
            QCOMPARE(folder.exported(), before);
        }
    }

    void aDataFileThatIsNotThereIsAMistakeOfTheWorkspaceFile_data() { addFreeAndHeld(); }
    void aDataFileThatIsNotThereIsAMistakeOfTheWorkspaceFile()
    {
        QFETCH(bool, held);
        Folder folder(held);
        QCOMPARE(folder.apply(plainFile).code, 0);
        const QByteArray before = folder.exported();
        const QByteArray file =
            "{\"iotman\": 1,\n\"sources\": [\n{\"name\": \"log\", \"kind\": \"file\", \"settings\":\n{\"path\": "
            "\"none.csv\"}}]}";
        for (const QString& option : {QStringLiteral("--yes"), QStringLiteral("--dry-run")}) {
            const Ran ran = folder.apply(file, {option});
            QCOMPARE(ran.code, 1);
            QVERIFY2(ran.err.contains("workspace.json:4: sources “log”: ") && ran.err.contains("none.csv"), ran.err.constData());
            QCOMPARE(ran.err.count('\n'), 1);
            QCOMPARE(ran.out, QByteArray());
        }
        QCOMPARE(folder.exported(), before);
    }

    void aSecretComesFromTheEnvironmentOfWhoApplies()
    {
        Folder folder(true);
        const QByteArray file = "{\"iotman\": 1,\n\"scopes\": [{\"name\": \"a:b\"}],\n"
                                "\"clients\": [{\"id\": \"dash\", \"name\": \"Dash\", \"scopes\": [\"a:b\"],\n\"secret\": "
                                "{\"env\": \"DASH_SECRET\"}}]}";
        const QString path = folder.write(QStringLiteral("clients.json"), file);
        const Ran without = folder.run({QStringLiteral("apply"), path});
        QCOMPARE(without.code, 1);
        QVERIFY2(without.err.contains("clients.json:4: ") && without.err.contains("DASH_SECRET"), without.err.constData());

        const Ran with = folder.run({QStringLiteral("apply"), path}, {}, {QStringLiteral("DASH_SECRET=correct+horse%2f=")});
        QCOMPARE(with.err, QByteArray());
        QCOMPARE(with.code, 0);
        // As curl sends it, and form-encoded as RFC 6749 §2.3.1 wants it.
        for (const QByteArray credentials : {"dash:correct+horse%2f=", "dash:correct%2Bhorse%252f%3D"}) {
            const HttpAnswer token = request(folder.server().port(), "POST", "/oauth/token",
                                             {"Authorization: Basic " + credentials.toBase64()}, "grant_type=client_credentials");
            QCOMPARE(token.status, 200);
        }
        QVERIFY(!folder.exported().contains("correct+horse"));
    }

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
        QCOMPARE(folder.run({QStringLiteral("check")}).out, QByteArray("ok 2000 datapoints 2000 items\n"));
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
