// Workspace files by the command line: applied, exported, compared; on a folder that nobody holds, and on one that a running
// server holds.
#include "tests/e2e/rawhttp.h"
#include "tests/e2e/verbs.h"

#include <QtCore/qfile.h>
#include <QtTest/QtTest>

using namespace iotman::test;

class TestApply : public QObject {
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
};

QTEST_GUILESS_MAIN(TestApply)
#include "tst_e2e_apply.moc"
