// What imports stage: nobody sees it in any way of reading until it is committed, and never when it is discarded.
#include "core/store/check.h"
#include "core/store/hidden.h"
#include "core/store/sqlitestore.h"
#include "core/store/staging.h"
#include "tests/core/store/stored.h"

#include <QtCore/QTemporaryDir>

using namespace iotman;
using namespace iotman::store;
using namespace std::chrono_literals;

namespace {

/// As passThrough, with the rules that made the items.
std::vector<MadeItems> madeWith(const std::string& rules, const Batch& batch, Sequence first, const Catalog& catalog)
{
    std::vector<MadeItems> all = passThrough(batch, first, catalog);
    for (MadeItems& made : all)
        made.madeWith = rules;
    return all;
}

StagedNeeds everyOutput(std::string rules, bool isApplied = false)
{
    return [rules = std::move(rules), isApplied](const Catalog& catalog, const Source&) {
        std::vector<StagedNeed> needs;
        for (const auto& [id, output] : catalog.outputs)
            needs.push_back({output.key, rules, isApplied});
        return needs;
    };
}

constexpr const char* storedItems =
    "SELECT (SELECT coalesce(sum(count), 0) FROM item_block) + (SELECT count(*) FROM item_tail) + "
    "(SELECT coalesce(sum(count), 0) FROM item_late)";

std::vector<Timestamp> times(std::int64_t first, int count, std::int64_t step = 1)
{
    std::vector<Timestamp> all;
    for (int i = 0; i < count; ++i)
        all.push_back({first + i * step});
    return all;
}

} // namespace

class TestStaging : public QObject {
    Q_OBJECT

    std::optional<QTemporaryDir> folder_;
    std::unique_ptr<SqliteStore> store_;
    std::unique_ptr<Reader> reader_;

    std::filesystem::path path() const { return folder_->path().toStdString(); }
    void open()
    {
        reader_.reset();
        store_.reset();
        auto opened = SqliteStore::open(path(), smallCatalog());
        VERIFY_DONE(opened);
        store_ = std::move(*opened);
        reader_ = store_->reader();
    }
    Expected<Committed> stage(const std::string& import, std::int64_t at, Batch batch, const std::string& rules = "r")
    {
        batch.staged = Staged{import, at};
        return append(*store_, std::move(batch), [rules](const Batch& staged, Sequence first, const Catalog& catalog) {
            return madeWith(rules, staged, first, catalog);
        });
    }
    Expected<StagedOutcome> commit(const std::string& import, const StagedNeeds& needs = everyOutput("r"),
                                   const std::vector<OutputKey>& cleared = {})
    {
        return await<StagedOutcome>([&](Reply<StagedOutcome> reply) {
            store_->commitStaged(import, needs, cleared, {{"staged:" + import, "done"}}, std::move(reply));
        });
    }
    Expected<void> discard(const std::string& import)
    {
        return await<void>([&](Reply<void> reply) { store_->discardStaged(import, std::move(reply)); });
    }
    std::int64_t number(const char* sql) const
    {
        auto connection = Connection::open((path() / "workspace.sqlite").string(), OpenMode::ReadOnly, 10s);
        return connection ? connection->integer(sql).value_or(-1) : -1;
    }

    /// All that a reader is told, as text.
    std::string seen()
    {
        std::string text;
        const auto add = [&](const char* name, const Lines& lines) {
            text += std::string(name) + "\n";
            for (const std::string& some : lines)
                text += "  " + some + "\n";
        };
        for (const OutputKey output : {3, 4}) {
            add("newest first", newestFirst(*reader_, output));
            add("a page", newestFirst(*reader_, output, 7, {10}, {900}, Position{{800}, 5}));
            add("oldest first", oldestFirst(*reader_, output));
            add("a replay", oldestFirst(*reader_, output, 3, 2000, {{20}, 0}, 9));
            add("by sequence", bySequence(*reader_, output));
            const OutputCounts counts = store_->counts(output);
            text += "items " + std::to_string(counts.items) + " skipped " + std::to_string(counts.skipped) + " last " +
                    std::to_string(counts.lastItemAt.value_or(Timestamp{-1}).us) + "\n";
        }
        for (const std::optional<SourceKey> source :
             {std::optional<SourceKey>(), std::optional<SourceKey>(1), std::optional<SourceKey>(2)})
            add("datapoints", datapoints(*reader_, source));
        add("some datapoints", datapoints(*reader_, 1, 4, 900, 50));
        for (const SourceKey source : {1, 2}) {
            Retention retention;
            retention.count = 10;
            const auto floor = reader_->floor(source, retention, {0});
            text += "floor " + std::to_string(floor ? floor->sequence : 0) + " of " +
                    std::to_string(store_->sourceCounts(source).datapoints) + " last " +
                    std::to_string(store_->sourceCounts(source).lastDatapointAt.value_or(Timestamp{-1}).us) + "\n";
        }
        return text;
    }

private Q_SLOTS:
    /// What lies in a range is seen by nobody: a range that is too long hides what comes next.
    void checkFindsARangeThatIsNotItsImports_data()
    {
        QTest::addColumn<QByteArray>("sql");
        const auto row = [](const char* name, const char* sql) { QTest::newRow(name) << QByteArray(sql); };
        row("it reaches beyond the last sequence", "UPDATE staged_range SET last = last + 4");
        row("it is too short", "UPDATE staged_range SET last = last - 1");
        row("it begins too early", "UPDATE staged_range SET first = first - 1");
        row("it is of another source", "UPDATE staged_range SET source = 2");
        row("it is of no import", "UPDATE staged_range SET staged = staged + 1");
        row("its import has another source", "UPDATE staged_import SET source = 2");
        row("its import is lost", "UPDATE staged_import SET lost = 1");
        row("its import has more rows", "UPDATE staged_import SET rows = rows + 1");
    }
    void checkFindsARangeThatIsNotItsImports()
    {
        QFETCH(QByteArray, sql);
        VERIFY_DONE(append(*store_, batchOf(1, times(1, 3))));
        VERIFY_DONE(stage("i", 0, batchOf(1, times(10, 5))));
        reader_.reset();
        store_.reset();
        const QTemporaryDir copied;
        const std::filesystem::path copy = copied.path().toStdString();
        std::filesystem::copy(path(), copy, std::filesystem::copy_options::recursive);
        VERIFY_DONE(check(copy));
        {
            auto other = Connection::open((copy / "workspace.sqlite").string(), OpenMode::ReadWrite, std::chrono::seconds(1));
            VERIFY_DONE(other->execute(sql.constData()));
            QVERIFY(*other->integer("SELECT changes()") > 0);
        }
        const auto wrong = check(copy);
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, Problem::Internal);
    }

    void init()
    {
        folder_.emplace();
        open();
    }
    void cleanup()
    {
        reader_.reset();
        store_.reset();
        VERIFY_DONE(check(path()));
    }

    void nobodySeesWhatIsStaged_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("piece");
        QTest::addColumn<int>("pieces");
        QTest::addColumn<int>("step");
        QTest::addColumn<bool>("reopened");
        struct Row {
            const char* name;
            int before, piece, pieces, step;
        };
        const Row rows[] = {
            {"a few rows", 5, 3, 1, 1},
            {"a few rows in an empty store", 0, 3, 1, 1},
            {"blocks of their own", 300, 1000, 2, 1},
            {"many small pieces between others", 20, 7, 60, 1},
            {"late rows, in the middle of blocks", 1000, 60, 5, 3},
            {"rows at times that are taken", 500, 200, 3, 0},
        };
        for (const Row& row : rows) {
            for (const bool reopened : {false, true})
                QTest::addRow("%s%s", row.name, reopened ? ", reopened" : "")
                    << row.before << row.piece << row.pieces << row.step << reopened;
        }
    }
    void nobodySeesWhatIsStaged()
    {
        QFETCH(int, before);
        QFETCH(int, piece);
        QFETCH(int, pieces);
        QFETCH(int, step);
        QFETCH(bool, reopened);
        VERIFY_DONE(append(*store_, batchOf(1, times(0, before), 0)));
        std::string expected;
        for (int i = 0; i < pieces; ++i) {
            VERIFY_DONE(append(*store_, batchOf(1 + i % 2, times(2000 + i, 1), 1000 + i)));
            expected = seen();
            VERIFY_DONE(stage("kept", i * piece, batchOf(1, times(100 + i, piece, step), 10'000 + i)));
            VERIFY_DONE(stage("dropped", i * piece, batchOf(2, times(50 + i, piece, step), 20'000 + i)));
            QCOMPARE(seen(), expected);
        }
        if (reopened)
            open();
        QCOMPARE(seen(), expected);

        VERIFY_DONE(discard("dropped"));
        QCOMPARE(seen(), expected);
        if (reopened)
            open();
        const auto committed = commit("kept");
        VERIFY_DONE(committed);
        QVERIFY(committed->committed());
        QCOMPARE(committed->datapoints, std::int64_t(piece) * pieces);
        QCOMPARE(**reader_->note("staged:kept"), std::string("done"));
        if (reopened)
            open();
        const std::size_t all = static_cast<std::size_t>(before + pieces + piece * pieces);
        for (const OutputKey output : {3, 4}) {
            QCOMPARE(newestFirst(*reader_, output).size(), all);
            QCOMPARE(oldestFirst(*reader_, output).size(), all);
            QCOMPARE(bySequence(*reader_, output).size(), static_cast<std::size_t>(before + pieces)); // imports are history
            QCOMPARE(store_->counts(output).items, static_cast<std::int64_t>(all));
        }
        QCOMPARE(datapoints(*reader_).size(), all);
        const std::string shown = seen();

        // What was discarded goes, and takes no place.
        QTRY_COMPARE(number("SELECT count(*) FROM staged_range"), 0);
        QCOMPARE(number("SELECT (SELECT coalesce(sum(count), 0) FROM datapoint_block) + (SELECT count(*) FROM datapoint_tail)"),
                 std::int64_t(all));
        QCOMPARE(number(storedItems),
                 std::int64_t(2 * all));
        QCOMPARE(seen(), shown);
    }

    void aPieceMustBeTheNextOne()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        const auto again = stage("i", 0, batchOf(1, times(0, 5)));
        QVERIFY(!again);
        QCOMPARE(again.error().kind, Problem::Conflict);
        QCOMPARE(again.error().field, std::string("at"));
        QCOMPARE(stage("i", 5, batchOf(2, times(0, 5))).error().kind, Problem::Conflict); // of another source
        VERIFY_DONE(stage("i", 5, batchOf(1, times(5, 5))));
        QCOMPARE(commit("i")->datapoints, std::int64_t(10));
    }

    void nothingStagedIsNothingToShow()
    {
        const auto committed = commit("nothing");
        VERIFY_DONE(committed);
        QCOMPARE(committed->datapoints, std::int64_t(0));
        QCOMPARE(**reader_->note("staged:nothing"), std::string("done"));
        VERIFY_DONE(discard("nothing"));
    }

    void theStagedReaderSeesAllButWhatWasDiscarded()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 3))));
        VERIFY_DONE(stage("a", 0, batchOf(1, times(10, 4))));
        VERIFY_DONE(stage("b", 0, batchOf(2, times(20, 2))));
        VERIFY_DONE(stage("a", 4, batchOf(1, times(30, 1))));
        const auto reader = store_->stagedReader();
        const auto imports = reader->stagedImports();
        VERIFY_DONE(imports);
        QCOMPARE(imports->size(), std::size_t(2));
        const StagedImport& a = imports->front();
        QCOMPARE(a.import, std::string("a"));
        QCOMPARE(a.datapoints, std::int64_t(5));
        QCOMPARE(std::pair(a.first, a.last), std::pair(Sequence(4), Sequence(10)));
        VERIFY_DONE(discard("b"));
        std::string order;
        VERIFY_DONE(reader->allDatapoints(0, INT64_MAX, [&](const KeptDatapoint& datapoint) {
            order += datapoint.staged == 0 ? '.' : datapoint.staged == a.key ? 'a' : '?';
            return true;
        }));
        QCOMPARE(order, std::string("...aaaaa"));
    }

    void outputsThatChangedAreToBeMade_data()
    {
        QTest::addColumn<QByteArray>("rules");
        QTest::addColumn<bool>("comesAnother");
        QTest::addColumn<bool>("isApplied");
        QTest::addColumn<int>("toMake");
        QTest::newRow("the same rules") << QByteArray("r") << false << false << 0;
        QTest::newRow("other rules") << QByteArray("s") << false << false << 2;
        QTest::newRow("a new output") << QByteArray("r") << true << false << 1;
        QTest::newRow("a new output that is being applied") << QByteArray("r") << true << true << 0;
    }
    void outputsThatChangedAreToBeMade()
    {
        QFETCH(QByteArray, rules);
        QFETCH(bool, comesAnother);
        QFETCH(bool, isApplied);
        QFETCH(int, toMake);
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        if (comesAnother) {
            VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
                catalog.outputs.emplace(OutputId{"new"}, outputOf(9, "new"));
                return {};
            }));
        }
        const auto outcome = commit("i", everyOutput(rules.toStdString(), isApplied));
        VERIFY_DONE(outcome);
        QCOMPARE(outcome->toMake.size(), std::size_t(toMake));
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(toMake == 0 ? 5 : 0));
    }

    void rowsMadeWithTwoRulesAreMadeAnew()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        VERIFY_DONE(stage("i", 5, batchOf(1, times(5, 5)), "s"));
        QCOMPARE(commit("i", everyOutput("s"))->toMake, (std::vector<OutputKey>{3, 4}));
        const StagedImport import = store_->stagedReader()->stagedImports()->front();
        for (const OutputKey output : {3, 4}) {
            for (int i = 0; i < 10; ++i) {
                Store::Remade remade{output, "again", {{{{i}, Sequence(i + 1)}, Arrival::Live, 5}}, 0, 0, std::nullopt, {}};
                remade.staged = import.key;
                remade.madeWith = "s";
                remade.replaced = {{{i}, Sequence(i + 1)}};
                remade.startsAnew = i == 0;
                VERIFY_DONE(await<void>([&](Reply<void> reply) { store_->addRemade(remade, std::move(reply)); }));
            }
        }
        QCOMPARE(newestFirst(*reader_, 3), Lines());
        QVERIFY(commit("i", everyOutput("s"))->committed());
        QCOMPARE(newestFirst(*reader_, 3, 1), Lines{"9/10 again"});
        QCOMPARE(bySequence(*reader_, 3), Lines()); // an import is history whoever makes it anew
        QCOMPARE(store_->counts(3).items, std::int64_t(10));
    }

    void outputsThatReadTheSourceNoLongerAreToBeCleared()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        const StagedNeeds onlyOne = [](const Catalog&, const Source&) { return std::vector<StagedNeed>{{3, "r", false}}; };
        QCOMPARE(commit("i", onlyOne)->toClear, std::vector<OutputKey>{4});
        Store::Remade remade;
        remade.output = 4;
        remade.staged = store_->stagedReader()->stagedImports()->front().key;
        for (int i = 0; i < 5; ++i)
            remade.replaced.push_back({{i}, Sequence(i + 1)});
        VERIFY_DONE(await<void>([&](Reply<void> reply) { store_->addRemade(remade, std::move(reply)); }));
        QVERIFY(commit("i", onlyOne, {4})->committed());
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(5));
        QCOMPARE(newestFirst(*reader_, 4), Lines());
    }

    void whatIsRemadeOfAnImportThatEndedIsReadAgain()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        Store::Remade remade;
        remade.output = 3;
        remade.staged = store_->stagedReader()->stagedImports()->front().key;
        VERIFY_DONE(discard("i"));
        const auto added = await<void>([&](Reply<void> reply) { store_->addRemade(remade, std::move(reply)); });
        QVERIFY(!added);
        QCOMPARE(added.error().kind, Problem::Unavailable);
    }

    void retentionLeavesWhatIsStaged()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 2000))));
        VERIFY_DONE(append(*store_, batchOf(1, times(5000, 100))));
        VERIFY_DONE(stage("i", 2000, batchOf(1, times(2000, 3))));
        VERIFY_DONE(append(*store_, batchOf(1, times(6000, 100))));
        bool mayBeMore = true;
        for (int turn = 0; mayBeMore && turn < 100; ++turn) {
            const auto done = await<bool>([&](Reply<bool> reply) {
                store_->expire(1, {Timestamp::min(), 2150}, store_->catalog()->version, std::move(reply));
            });
            VERIFY_DONE(done);
            mayBeMore = *done;
        }
        QVERIFY(!mayBeMore);
        QCOMPARE(store_->sourceCounts(1).datapoints, std::int64_t(54));
        QCOMPARE(commit("i")->datapoints, std::int64_t(2003));
        QCOMPARE(datapoints(*reader_, 1).size(), std::size_t(2003 + 54));
    }

    void anOutputThatGoesTakesWhatItMadeOfStagedRows()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 500))));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.erase(OutputId{"two"});
            return {};
        }));
        QTRY_COMPARE(number("SELECT count(*) FROM item_block WHERE output = 4"), 0);
        QVERIFY(commit("i")->committed());
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(500));
    }

    void aSourceThatIsGoneKeepsItFromBeingShown()
    {
        VERIFY_DONE(stage("i", 0, batchOf(1, times(0, 5))));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.sources.erase(SourceName{"a"});
            return {};
        }));
        QCOMPARE(commit("i").error().kind, Problem::Conflict);
        VERIFY_DONE(discard("i"));
        QTRY_COMPARE(number("SELECT count(*) FROM staged_range"), 0);
        QCOMPARE(number("SELECT count(*) FROM datapoint_tail"), 0);
    }

    void aRestoreTakesWhatIsStagedWithIt()
    {
        VERIFY_DONE(append(*store_, batchOf(1, times(0, 10))));
        VERIFY_DONE(stage("in the snapshot", 0, batchOf(1, times(100, 700))));
        VERIFY_DONE(store_->saveSnapshot(path() / "s", {}, Extent::Data));
        VERIFY_DONE(stage("later", 0, batchOf(2, times(100, 5))));
        VERIFY_DONE(stage("in the snapshot", 700, batchOf(1, times(800, 5))));
        const std::string before = seen();
        VERIFY_DONE(await<void>([&](Reply<void> reply) {
            store_->restoreSnapshot(path() / "s", "ada", {5}, {"snapshot", "s", {}, "{}"}, {}, std::move(reply));
        }));
        QCOMPARE(newestFirst(*reader_, 3),
                 Lines({"9/10 {\"n\":9}", "8/9 {\"n\":8}", "7/8 {\"n\":7}", "6/7 {\"n\":6}", "5/6 {\"n\":5}", "4/5 {\"n\":4}",
                        "3/4 {\"n\":3}", "2/3 {\"n\":2}", "1/2 {\"n\":1}", "0/1 {\"n\":0}"}));
        for (const char* import : {"in the snapshot", "later"}) {
            QCOMPARE(commit(import).error().kind, Problem::Conflict);
            QCOMPARE(stage(import, 705, batchOf(1, times(0, 1))).error().kind, Problem::Conflict);
        }
        open();
        QCOMPARE(commit("later").error().kind, Problem::Conflict);
        VERIFY_DONE(discard("later"));
        QTRY_COMPARE(number("SELECT count(*) FROM staged_range"), 0);
        QCOMPARE(number(storedItems),
                 std::int64_t(20));
    }

    void tooManyPiecesAreRefused()
    {
        HiddenRanges ranges;
        for (std::size_t i = 0; i < mostHiddenRanges; ++i)
            QVERIFY(!ranges.add({2 * i + 1, 2 * i + 1, 1, 1}));
        QVERIFY(ranges.contains(1) && !ranges.contains(2) && ranges.contains(3));
        QVERIFY(!ranges.contains(0) && !ranges.contains(2 * mostHiddenRanges));
        QVERIFY(ranges.covers(5, 5) && !ranges.covers(5, 6) && !ranges.covers(5, 7));
        auto connection = Connection::open((path() / "other").string(), OpenMode::Create, 1s);
        VERIFY_DONE(connection);
        VERIFY_DONE(connection->execute("CREATE TABLE staged_import (staged, import, source, rows, last_datapoint_at, lost)"));
        Staging staging(*connection);
        auto hidden = std::make_shared<const HiddenRanges>(ranges);
        QCOMPARE(staging.add({"i", 0}, 1, 50'000, 1, {0}, hidden).error().kind, Problem::Conflict);
    }
};

QTEST_APPLESS_MAIN(TestStaging)
#include "tst_staging.moc"
