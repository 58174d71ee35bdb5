#include "tests/core/pipeline/support.h"

#include "core/pipeline/workspaceapply.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;
using namespace iotman::test;

namespace {

const Environment noEnvironment{[](const std::string&) { return std::optional<std::string>(); }};
const std::string demo = IOTMAN_SOURCE_DIR "/resources/demo/workspace.json";

} // namespace

class TestWorkspaceApply : public QObject {
    Q_OBJECT

    static bool write(const QString& path, const QByteArray& content)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    }

    static Expected<std::string> apply(TestWorkspace& workspace, const std::string& file)
    {
        return applyWorkspaceFile(*workspace.pipeline, file, "workspace file", noEnvironment, workspace.clock, workspace.random);
    }

private Q_SLOTS:
    void theDemoHoldsWhatItPromises()
    {
        TestWorkspace workspace;
        const auto applied = apply(workspace, demo);
        QVERIFY2(applied, applied ? "" : applied.error().detail.c_str());
        const auto catalog = workspace.store->catalog();
        QCOMPARE(catalog->outputs.size(), std::size_t(3));
        QCOMPARE(catalog->endpoints.size(), std::size_t(4));
        QCOMPARE(catalog->scopes.size(), std::size_t(2));
        QCOMPARE(catalog->clients.size(), std::size_t(1));
        QCOMPARE(workspace.store->sourceCounts(catalog->sources.at(SourceName{"weather"}).key).datapoints, std::int64_t(2922));
        const Output* seattle = catalog->outputNamed(OutputName{"Seattle daily"});
        QCOMPARE(workspace.store->counts(seattle->key).items, std::int64_t(1461));
        // An import is history: nobody's stream was flooded.
        QVERIFY(workspace.streamed.isEmpty());
    }

    void aSecondApplyChangesNothingAndImportsNothingAgain()
    {
        TestWorkspace workspace;
        QVERIFY(apply(workspace, demo));
        const std::uint64_t version = workspace.store->catalog()->version;
        QVERIFY(apply(workspace, demo));
        QCOMPARE(workspace.store->catalog()->version, version);
        QCOMPARE(workspace.store->sourceCounts(workspace.store->catalog()->sources.at(SourceName{"weather"}).key).datapoints, std::int64_t(2922));
        const auto file = readWorkspaceFile(demo);
        QVERIFY(file.has_value());
        QVERIFY(workspaceFileDifference(*workspace.store->catalog(), demo, *file, noEnvironment, workspace.clock, workspace.random)->empty());
    }

    void aMistakeIsToldWithItsPlaceAndNothingIsApplied_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("no JSON") << QByteArray("{\n\"iotman\": 1,\n}") << QByteArray(":3: ");
        QTest::newRow("a rule that does not parse")
            << QByteArray("{\"iotman\":1,\n\"scopes\":[{\"name\":\"a:b\"}],\n\"outputs\":[{\"name\":\"o\",\n\"rule\":\"{ a: \"}]}") << QByteArray(":4: ");
        QTest::newRow("an unknown scope")
            << QByteArray("{\"iotman\":1,\"outputs\":[{\"name\":\"o\",\"rule\":\"$\"}],\n\"endpoints\":[\n{\"id\":\"e\",\"output\":\"o\",\n\"required_scope\":\"x:y\"}]}")
            << QByteArray(":4: ");
        QTest::newRow("a time expression that does not parse")
            << QByteArray("{\"iotman\":1,\n\"sources\":[{\"name\":\"s\",\"kind\":\"http\",\n\"time\":\"$.\"}]}") << QByteArray(":3: ");
    }
    void aMistakeIsToldWithItsPlaceAndNothingIsApplied()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        TestWorkspace workspace;
        const QString file = workspace.folder.filePath(QStringLiteral("w.json"));
        QVERIFY(write(file, text));
        const auto applied = apply(workspace, file.toStdString());
        QVERIFY(!applied);
        QVERIFY2(QByteArray::fromStdString(applied.error().detail).contains(QByteArray("w.json" + place)), applied.error().detail.c_str());
        QCOMPARE(workspace.store->catalog()->version, std::uint64_t(0));
    }

    /// All or nothing, the data included.
    void aFileThatCannotBeImportedLeavesTheWorkspaceAsItIs_data()
    {
        QTest::addColumn<QByteArray>("settings");
        QTest::addColumn<QByteArray>("rows"); // of rows.csv
        QTest::addColumn<QByteArray>("told");
        const QByteArray good = "t,v\n1,10\n2,20\n";
        const auto path = [](const char* name) -> QByteArray {
            return QByteArray("\"path\":\"") + name + "\",\"time_column\":\"t\"";
        };
        QTest::newRow("a file that is not there")
            << path("none.csv") << good << QByteArray("w.json:3: sources “log”: settings: cannot read");
        QTest::newRow("a folder") << path(".") << good << QByteArray("w.json:3: sources “log”: settings: ");
        QTest::newRow("an unknown zone") << QByteArray(path("rows.csv") + ",\"zone\":\"Mars\"") << good
                                         << QByteArray("w.json:3: sources “log”: settings: ");
        QTest::newRow("an unknown encoding") << QByteArray(path("rows.csv") + ",\"encoding\":\"ebcdic\"") << good
                                             << QByteArray("w.json:3: sources “log”: settings: encoding: expected utf-8, ");
        QTest::newRow("bytes of another encoding")
            << QByteArray(path("rows.csv") + ",\"encoding\":\"utf-8\"") << QByteArray("t,v\n1,caf\xe9\n") << QByteArray("rows.csv:2: ");
        QTest::newRow("a column that is not there") << QByteArray("\"path\":\"rows.csv\",\"time_column\":\"at\"") << good
                                                    << QByteArray("w.json:3: sources “log”: settings: ");
        QTest::newRow("a row without a time")
            << QByteArray(path("rows.csv") + ",\"time_unit\":\"s\"") << QByteArray("t,v\n1,10\nx,20\n") << QByteArray("rows.csv:3: ");
    }
    void aFileThatCannotBeImportedLeavesTheWorkspaceAsItIs()
    {
        QFETCH(QByteArray, settings);
        QFETCH(QByteArray, rows);
        QFETCH(QByteArray, told);
        TestWorkspace workspace;
        const QString file = workspace.folder.filePath(QStringLiteral("w.json"));
        QVERIFY(write(workspace.folder.filePath(QStringLiteral("rows.csv")), rows));
        QVERIFY(
            write(file, "{\"iotman\":1,\n\"sources\":[{\"name\":\"log\",\"kind\":\"file\",\n\"settings\":{" + settings + "}}]}"));
        const auto applied = apply(workspace, file.toStdString());
        QVERIFY(!applied);
        QVERIFY2(QByteArray::fromStdString(applied.error().detail).contains(QByteArray("/" + told)), applied.error().detail.c_str());
        QCOMPARE(workspace.store->catalog()->version, std::uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TestWorkspaceApply)
#include "tst_workspaceapply.moc"
