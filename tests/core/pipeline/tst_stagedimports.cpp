// Imports in two steps, with outputs that come, change and go in between: what is shown is what the rules of the commit make.
#include "core/pipeline/applier.h"
#include "core/pipeline/staging.h"
#include "core/store/check.h"
#include "tests/core/pipeline/support.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::pipeline;
using namespace iotman::test;

class TestStagedImports : public QObject {
    Q_OBJECT

    std::unique_ptr<TestWorkspace> workspace_;
    std::unique_ptr<Applier> applier_;

    static store::Batch rows(std::int64_t at, int count)
    {
        store::Batch batch;
        for (int i = 0; i < count; ++i) {
            const std::int64_t n = at + i;
            batch.payloads += "{\"n\":" + std::to_string(n) + "}";
            batch.datapoints.push_back({{n * Timestamp::usPerSecond}, batch.payloads.size()});
        }
        batch.staged = store::Staged{"i", at};
        return batch;
    }
    Expected<void> stageRows(std::int64_t at, int count)
    {
        return stage(*workspace_->pipeline, SourceName{"s"}, rows(at, count));
    }
    Expected<std::int64_t> commit() { return commitStaged(*workspace_->pipeline, "i", {}); }
    Expected<void> patch(const std::string& output, const OutputPatch& patch)
    {
        return workspace_->change(
            [&](Catalog& catalog, Sequence last, const Author&) { return changeOutput(catalog, OutputId{output}, patch, last); });
    }
    OutputKey keyOf(const std::string& output) const { return workspace_->store->catalog()->outputs.at(OutputId{output}).key; }
    void startApplier()
    {
        applier_ = std::make_unique<Applier>(*workspace_->pipeline, workspace_->clock);
        workspace_->onCatalog = [this] { applier_->catalogChanged(); };
        applier_->start();
    }
    bool isApplied(const std::string& output) const
    {
        return !workspace_->store->catalog()->outputs.at(OutputId{output}).applying;
    }
    /// `{"a":N}` for each row, newest first.
    static QByteArrayList items(const char* key, int count, int except = -1)
    {
        QByteArrayList all;
        for (int n = count - 1; n >= 0; --n) {
            if (n != except)
                all.append("{\"" + QByteArray(key) + "\":" + QByteArray::number(n) + "}");
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        workspace_ = std::make_unique<TestWorkspace>();
        QVERIFY(workspace_->addSource("s"));
        QVERIFY(workspace_->addOutput("a", "{ a: $.n }"));
    }
    void cleanup()
    {
        if (applier_)
            applier_->stop();
        applier_.reset();
        const std::filesystem::path folder = workspace_->folder.path().toStdString();
        workspace_->store.reset();
        const auto checked = store::check(folder);
        QVERIFY2(checked, checked ? "" : checked.error().detail.c_str());
        workspace_.reset();
    }

    void rowsAreSeenOnceTheyAreCommitted()
    {
        QVERIFY(stageRows(0, 700));
        QVERIFY(workspace_->post("s", "{\"n\":-1}"));
        QVERIFY(stageRows(700, 10));
        QCOMPARE(workspace_->items("a"), QByteArrayList{"{\"a\":-1}"});
        QCOMPARE(commit().value_or(0), std::int64_t(710));
        QByteArrayList expected = items("a", 710);
        expected.prepend("{\"a\":-1}"); // the clock is later
        QCOMPARE(workspace_->items("a"), expected);
        QCOMPARE(workspace_->streamed, QByteArrayList{"{\"a\":-1}"});
    }

    void theSequenceIsKnownToRules()
    {
        QVERIFY(workspace_->addOutput("numbered", "{ id: $id }"));
        QVERIFY(stageRows(0, 2));
        QVERIFY(commit());
        QCOMPARE(workspace_->items("numbered"), (QByteArrayList{"{\"id\":2}", "{\"id\":1}"}));
    }

    void outputsMayChangeInBetween_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<QByteArrayList>("expected");
        constexpr int all = 6'500; // more than a slice
        QTest::newRow("the rule") << QByteArray("rule") << items("b", all);
        QTest::newRow("the filter") << QByteArray("filter") << items("a", all, 77);
        QTest::newRow("the rule, back and forth") << QByteArray("back") << items("a", all);
        QTest::newRow("it reads another source") << QByteArray("sources") << QByteArrayList();
    }
    void outputsMayChangeInBetween()
    {
        QFETCH(QByteArray, what);
        QFETCH(QByteArrayList, expected);
        QVERIFY(workspace_->addSource("other"));
        QVERIFY(stageRows(0, 3'000));
        OutputPatch change;
        if (what == "rule" || what == "back")
            change.rule = "{ b: $.n }";
        else if (what == "filter")
            change.filter = "$.n != 77";
        else
            change.sources = std::vector{SourceName{"other"}};
        QVERIFY(patch("a", change));
        QVERIFY(stageRows(3'000, 3'500));
        if (what == "back") {
            change.rule = "{ a: $.n }";
            QVERIFY(patch("a", change));
        }
        QCOMPARE(workspace_->items("a"), QByteArrayList());
        const auto committed = commit();
        QVERIFY2(committed, committed ? "" : committed.error().detail.c_str());
        QCOMPARE(*committed, std::int64_t(6'500));
        QCOMPARE(workspace_->items("a"), expected);
        const store::OutputCounts counts = workspace_->store->counts(keyOf("a"));
        QCOMPARE(counts.items, std::int64_t(expected.size()));
        QCOMPARE(counts.skipped, std::int64_t(what == "filter" ? 1 : 0));
    }

    void anOutputMayComeInBetween_data()
    {
        QTest::addColumn<bool>("applied");
        QTest::newRow("for what comes") << false;
        QTest::newRow("for what is stored, too") << true;
    }
    void anOutputMayComeInBetween()
    {
        QFETCH(bool, applied);
        QVERIFY(workspace_->post("s", "{\"n\":-1}"));
        QVERIFY(stageRows(0, 300));
        QVERIFY(workspace_->addOutput("late", "{ l: $.n }", {}, applied));
        startApplier();
        QTRY_VERIFY(isApplied("late"));
        QVERIFY(stageRows(300, 200));
        QCOMPARE(workspace_->items("late"), applied ? QByteArrayList{"{\"l\":-1}"} : QByteArrayList());
        QCOMPARE(workspace_->store->counts(keyOf("late")).items, std::int64_t(applied ? 1 : 0));
        QVERIFY(commit());
        QByteArrayList expected = items("l", 500);
        if (applied)
            expected.prepend("{\"l\":-1}");
        QCOMPARE(workspace_->items("late"), expected);
        QCOMPARE(workspace_->store->counts(keyOf("late")).items, std::int64_t(expected.size()));
    }

    void whatIsNotAppliedYetIsAppliedAfterTheCommit()
    {
        QVERIFY(stageRows(0, 300));
        QVERIFY(workspace_->addOutput("late", "{ l: $.n }", {}, true)); // nobody applies it yet
        QVERIFY(stageRows(300, 200));
        QVERIFY(commit());
        startApplier();
        QTRY_VERIFY(isApplied("late"));
        QCOMPARE(workspace_->items("late"), items("l", 500));
        QCOMPARE(workspace_->store->counts(keyOf("late")).items, std::int64_t(500));
    }

    void whatIsRemadeMeanwhileIsRight()
    {
        startApplier();
        QVERIFY(workspace_->post("s", "{\"n\":-1}"));
        QVERIFY(stageRows(0, 6'000));
        OutputPatch change;
        change.rule = "{ b: $.n }";
        change.applyToStored = true;
        const OutputKey before = keyOf("a");
        QVERIFY(patch("a", change));
        QVERIFY(stageRows(6'000, 10)); // before the switch, or behind it
        QTRY_VERIFY(keyOf("a") != before && isApplied("a"));
        QCOMPARE(workspace_->items("a"), QByteArrayList{"{\"b\":-1}"});
        QVERIFY(commit());
        QByteArrayList expected = items("b", 6'010);
        expected.prepend("{\"b\":-1}");
        QCOMPARE(workspace_->items("a"), expected);
        QCOMPARE(workspace_->store->counts(keyOf("a")).items, std::int64_t(6'011));
    }

    void anOutputMayGoInBetween()
    {
        QVERIFY(workspace_->addOutput("gone", "{ g: $.n }"));
        QVERIFY(stageRows(0, 300));
        QVERIFY(workspace_->change(
            [](Catalog& catalog, Sequence, const Author&) { return deleteOutput(catalog, OutputId{"gone"}); }));
        QVERIFY(commit());
        QCOMPARE(workspace_->items("a"), items("a", 300));
    }
};

QTEST_GUILESS_MAIN(TestStagedImports)
#include "tst_stagedimports.moc"
