// Late items that have come to rest go from the late layer among the others, and no reader can tell the difference.
#include "core/store/blockcut.h"
#include "core/store/check.h"
#include "tests/core/store/latestore.h"

#include <atomic>
#include <thread>

using namespace iotman;
using namespace iotman::store;
using namespace std::chrono_literals;

class TestLateMerging : public QObject, LateStore {
    Q_OBJECT

    std::int64_t blocks() const { return number("SELECT count(*) FROM item_block WHERE output = 3"); }
    std::int64_t items() const { return number("SELECT coalesce(sum(count), 0) FROM item_block WHERE output = 3"); }
    /// Blocks that are small, but the last one.
    std::int64_t smallBlocks() const
    {
        return number("SELECT count(*) FROM item_block WHERE output = 3 AND count < 70 AND first_time < "
                      "(SELECT max(first_time) FROM item_block WHERE output = 3)");
    }
    /// What has yet to be merged, seen at one moment: what waits goes into a layer that was empty already. A few wait on.
    std::int64_t unmerged() const
    {
        return number("SELECT (SELECT count(*) FROM item_block WHERE output = -3) + "
                      "(SELECT coalesce(sum(count), 0) >= 16 FROM item_late WHERE output = 3)");
    }
    void execute(const char* sql)
    {
        close();
        {
            auto connection = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(connection->execute(sql));
        }
        open();
    }
    /// One block of the shelf, behind so many older ones.
    void damage(OutputKey shelf, int behind)
    {
        execute(("CREATE TABLE kept AS SELECT block, body FROM item_block WHERE output = " + std::to_string(shelf) +
                 " ORDER BY first_time LIMIT 1 OFFSET " + std::to_string(behind) +
                 ";UPDATE item_block SET body = substr(body, 1, length(body) - 2) || x'0000' WHERE block = (SELECT block FROM kept)")
                    .c_str());
    }
    void allIsMergedOnceItIsRepaired()
    {
        execute("UPDATE item_block SET body = (SELECT body FROM kept) WHERE block = (SELECT block FROM kept); DROP TABLE kept");
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        compare();
    }
    /// Until nothing is written any more.
    void waitForRest() const
    {
        std::int64_t before = -1;
        const auto written = [this] { return number("SELECT sum(block) FROM item_block") + number("SELECT coalesce(sum(lot), 0) FROM item_late"); };
        while (written() != std::exchange(before, written()))
            QTest::qWait(100);
    }
    /// So many in every other block.
    static std::vector<Timestamp> inEveryOtherBlock(std::int64_t shift, int count = 4)
    {
        std::vector<Timestamp> all;
        for (int i = 0; i < 8; ++i) {
            for (int k = 0; k < count; ++k)
                all.push_back({(2 * i * std::int64_t(itemBlock.entries) + 40 + k) * stepUs + shift});
        }
        return all;
    }
    static std::vector<Timestamp> inFrontOfAll()
    {
        std::vector<Timestamp> all;
        for (int i = 0; i < 20; ++i)
            all.push_back({-5000 - i * 7});
        return all;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup()
    {
        close();
        VERIFY_DONE(check(folder()));
    }

    void whatWasPlacedGoesAmongTheOthers()
    {
        placeSoon();
        add(scattered(1, enough));
        QCOMPARE(layerItems(), std::int64_t(enough));
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(items() + tailRows(), std::int64_t(inOrder + enough));
        QCOMPARE(smallBlocks(), 0);
        compare();
        open();
        compare();
    }

    void soDoesWhatWaits()
    {
        for (int i = 0; i < 40; ++i)
            add(late(5 * i, 5));
        QVERIFY(unmerged() > 0);
        QCOMPARE(layerItems(), 0);
        mergeAtOnce(); // not before all are there: of those of one stretch the last few would stay
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        compare();
    }

    void fewThatABlockWouldBeWrittenAnewForStayUntilMoreCame()
    {
        placeSoon();
        add(inEveryOtherBlock(1, 2));
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(layerItems(), 16, 30'000);
        waitForRest();
        QCOMPARE(layerItems(), 16);
        compare();
        add(inEveryOtherBlock(2, 2));
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        compare();
    }

    /// Whoever follows an output by sequence would have to look at all blocks for their sake.
    void whatCameVeryLateStaysInTheLayer()
    {
        execute("UPDATE state SET value = 1000000 WHERE name = 'last_sequence'");
        placeSoon();
        add(scattered(1, enough));
        const Lines all = newestFirst(*reader_, 3), live = bySequence(*reader_, 3);
        mergeAtOnce();
        waitForRest();
        QCOMPARE(layerItems(), std::int64_t(enough));
        QVERIFY(number("SELECT value FROM state WHERE name = 'live_width:3'") < 1000);
        QCOMPARE(newestFirst(*reader_, 3), all);
        QCOMPARE(bySequence(*reader_, 3), live);
    }

    /// Those before the first block are few, and would get into it.
    void whatCameVeryLateBeforeAllOthersBecomesABlock()
    {
        execute("UPDATE state SET value = 1000000 WHERE name = 'last_sequence'");
        const std::int64_t before = blocks();
        placeSoon();
        add(inFrontOfAll());
        const Lines all = newestFirst(*reader_, 3), live = bySequence(*reader_, 3);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(blocks(), before + 1);
        QVERIFY(number("SELECT value FROM state WHERE name = 'live_width:3'") < 1000);
        QCOMPARE(newestFirst(*reader_, 3), all);
        QCOMPARE(bySequence(*reader_, 3), live);
    }

    void aStepThatFailsStopsNoOther()
    {
        placeSoon();
        add(scattered(1, enough));
        add(scattered(3, enough));
        execute("CREATE TRIGGER refusal BEFORE DELETE ON item_block WHEN OLD.output = 3 AND OLD.first_time = "
                "(SELECT min(first_time) FROM item_block WHERE output = 3) BEGIN SELECT RAISE(ABORT, 'no'); END");
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(number("SELECT count(*) FROM item_block WHERE output = -3 AND first_time > 1000000"), 0, 30'000);
        QVERIFY(layerItems() > 0);
        compare();
        execute("DROP TRIGGER refusal");
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        compare();
    }

    void aFewThatWaitAreLeftInPeace()
    {
        mergeAtOnce();
        add(late(0, 3));
        waitForRest();
        QCOMPARE(waiting(), 3);
        QCOMPARE(lots(), 1);
        compare();
        open();
        waitForRest();
        QCOMPARE(waiting(), 3);
    }

    void soAreTheyWhenAnotherJobIsRefused()
    {
        mergeAtOnce();
        add(late(0, 3));
        waitForRest();
        const std::int64_t lot = number("SELECT max(lot) FROM item_late WHERE output = 3");
        for (int i = 0; i < 3; ++i) {
            const auto restored = await<void>([&](Reply<void> reply) {
                store_->restoreSnapshot(folder() / "no.snapshot", "ada", {5}, {"snapshot", "no", {}, "{}"}, {}, std::move(reply));
            });
            QVERIFY(!restored);
            waitForRest();
        }
        QCOMPARE(number("SELECT max(lot) FROM item_late WHERE output = 3"), lot);
    }

    void nothingIsMergedBeforeItHasRested()
    {
        placeSoon();
        add(scattered(1, enough));
        timing_ = {1h, 0, 0ms, 1h, 1h};
        open();
        add(scattered(2, 5));
        waitForRest();
        QCOMPARE(layerItems(), std::int64_t(enough));
        compare();
    }

    void aBlockThatAFewComeIntoStaysOne()
    {
        const std::int64_t before = blocks();
        placeSoon();
        add(inEveryOtherBlock(1));
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(blocks(), before);
        QCOMPARE(number("SELECT max(count) FROM item_block WHERE output = 3"), std::int64_t(itemBlock.entries) + 4);
        compare();
    }

    void aBlockThatManyComeIntoIsCutAnew()
    {
        placeSoon();
        std::vector<Timestamp> times;
        for (int i = 0; i < enough; ++i)
            times.push_back({40 * stepUs + i + 1});
        add(times);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(smallBlocks(), 0);
        QVERIFY(number("SELECT max(count) FROM item_block WHERE output = 3") <= std::int64_t(grownItemBlock.entries));
        compare();
    }

    void thoseBeforeAllOthersGoIntoTheFirstBlock()
    {
        const std::int64_t before = blocks();
        placeSoon();
        add(inFrontOfAll());
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(blocks(), before);
        QCOMPARE(smallBlocks(), 0);
        compare();
    }

    void rowsOfTheTailBetweenThemGoWithThem()
    {
        placeSoon();
        add(scattered(1, enough));
        add({{(inOrder - 3) * stepUs + 1}, {(inOrder - 5) * stepUs + 1}}); // inside what is the last block
        std::vector<Timestamp> next;
        for (int i = 0; i < 1000; ++i)
            next.push_back({(inOrder + i) * stepUs});
        add(next);
        QVERIFY(tailRows() >= 2);
        mergeAtOnce();
        add({{(inOrder - 4) * stepUs + 1}, {(inOrder - 4) * stepUs + 2}, {(inOrder - 4) * stepUs + 3}, {(inOrder - 4) * stepUs + 4}});
        add(inEveryOtherBlock(3));
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(tailRows(), 0);
        compare();
    }

    /// Retention by number leaves what came last, however old it is.
    void thoseThatAloneAreLeftBecomeTheBlocks()
    {
        placeSoon();
        add(scattered(1, enough));
        expire(1, {Timestamp::min(), Sequence(inOrder + 1)});
        QCOMPARE(blocks(), 0);
        QCOMPARE(layerItems(), std::int64_t(enough));
        const Lines all = newestFirst(*reader_, 3);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(items(), std::int64_t(enough));
        QCOMPARE(newestFirst(*reader_, 3), all);
        QCOMPARE(bySequence(*reader_, 3).size(), all.size());
        add({{inOrder * stepUs}});
        QCOMPARE(newestFirst(*reader_, 3).size(), all.size() + 1);
    }

    void thoseBehindTheLastBlockStandBehindIt()
    {
        execute("UPDATE item_block SET output = -3 WHERE output = 3 AND first_time > 1000000;"
                "DELETE FROM item_block WHERE output = 3 AND first_time > 700000;"
                "UPDATE output_count SET items = (SELECT sum(count) FROM item_block WHERE abs(item_block.output) = 3) + "
                "(SELECT count(*) FROM item_tail WHERE output = 3) WHERE output = 3");
        const Lines all = newestFirst(*reader_, 3);
        QVERIFY(all.size() < std::size_t(inOrder) - itemBlock.entries);
        QVERIFY(layerItems() > 800);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(newestFirst(*reader_, 3), all);
        QCOMPARE(bySequence(*reader_, 3).size(), all.size());
        add({{inOrder * stepUs}});
        QCOMPARE(newestFirst(*reader_, 3).size(), all.size() + 1);
    }

    void whatBelongsIntoADamagedBlockStaysWhereItIsAndAllElseGoes()
    {
        placeSoon();
        add(scattered(1, enough));
        damage(3, 5);
        mergeAtOnce();
        waitForRest();
        const std::int64_t left = layerItems();
        QVERIFY(left > 0);
        QVERIFY(left < 40);
        QCOMPARE(items(), std::int64_t(inOrder + enough) - left - tailRows());
        allIsMergedOnceItIsRepaired();
    }

    void aDamagedBlockOfTheLayerStopsNoOther()
    {
        placeSoon();
        add(scattered(1, enough));
        const std::int64_t first = number("SELECT count FROM item_block WHERE output = -3 ORDER BY first_time LIMIT 1");
        damage(layerOf(3), 0);
        mergeAtOnce();
        waitForRest();
        // Beside it a few of its neighbours, whose stretch it shares.
        QVERIFY(layerItems() >= first);
        QVERIFY(layerItems() < first + 4);
        allIsMergedOnceItIsRepaired();
    }

    void itGoesOnAfterARestartAndARestore()
    {
        placeSoon();
        add(scattered(1, enough));
        save();
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        add(scattered(5, 100));
        restore();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(oldestFirst(*reader_, 3), expected());
        QCOMPARE(items() + tailRows(), std::int64_t(inOrder + enough));
    }

    void allOutputsHaveTheirTurn()
    {
        placeSoon();
        add(scattered(1, enough));
        QVERIFY(number("SELECT count(*) FROM item_block WHERE output = -4") > 0);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(number("SELECT count(*) FROM item_block WHERE output < 0"), 0, 30'000);
        compare();
        QCOMPARE(newestFirst(*reader_, 4), newestFirst(*reader_, 3));
    }

    void readersSeeTheSameWhileItGoesOn()
    {
        placeSoon();
        mergeAtOnce();
        constexpr int each = 10;
        std::atomic<bool> ended = false;
        std::atomic<int> wrong = 0, rounds = 0;
        const auto isWhole = [](std::size_t count) { return count % each == 0 && count >= inOrder; };
        const auto read = [&] {
            const auto reader = store_->reader();
            while (!ended.load()) {
                Lines newest = newestFirst(*reader, 3);
                wrong += isWhole(newest.size()) && isWhole(oldestFirst(*reader, 3).size()) && isWhole(bySequence(*reader, 3).size()) ? 0 : 1;
                const auto sorted = std::set<std::string>(newest.begin(), newest.end());
                wrong += sorted.size() == newest.size() ? 0 : 1;
                ++rounds;
            }
        };
        {
            std::jthread one(read), another(read);
            for (int i = 0; i < 200; ++i) {
                add(late(each * i, each));
                if (i % 20 == 0)
                    QTest::qWait(20); // time to merge
            }
            while (rounds.load() < 10)
                std::this_thread::yield();
            ended = true;
        }
        QCOMPARE(wrong.load(), 0);
        // A few stay in each stretch, which may have some in a block of the layer that begins before it, too.
        QTRY_COMPARE_WITH_TIMEOUT(number("SELECT coalesce(sum(count), 0) < 6 * (SELECT count(*) FROM item_block WHERE output = 3) "
                                         "FROM item_block WHERE output = -3"),
                                  1, 30'000);
        QVERIFY(layerItems() < each * 200 / 4);
        compare();
    }

    /// Nothing can be moved out of the log as long as somebody reads what was there before.
    void itWaitsWhereALongReadKeepsTheLog()
    {
        placeSoon();
        for (const std::int64_t shift : {1, 2, 3})
            add(scattered(shift, enough));
        auto longRead = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadOnly, 1s);
        VERIFY_DONE(longRead);
        VERIFY_DONE(longRead->execute("BEGIN"));
        QVERIFY(longRead->integer("SELECT count(*) FROM item_block"));
        const auto log = folder() / "workspace.sqlite-wal";
        constexpr std::uintmax_t mostOfALog = 64 * 1024 * 1024;
        const std::string large(60'000, 'x');
        for (std::int64_t time = inOrder * stepUs; std::filesystem::file_size(log) <= mostOfALog;) {
            Batch batch;
            batch.source = 1;
            for (int k = 0; k < 20; ++k) {
                batch.payloads += large;
                batch.datapoints.push_back({{++time}, batch.payloads.size()});
            }
            VERIFY_DONE(append(*store_, std::move(batch)));
        }
        const Lines all = newestFirst(*reader_, 3);
        mergeAtOnce();
        waitForRest();
        QVERIFY(layerItems() > std::int64_t(enough));
        VERIFY_DONE(longRead->execute("COMMIT"));
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(newestFirst(*reader_, 3), all);
    }

    void largeOnesAreMergedInSteps()
    {
        limits_ = {16, 512, std::size_t(1) * 1024 * 1024};
        open();
        const std::string large(60'000, 'x');
        for (int i = 0; i < 120; ++i) {
            Batch batch;
            batch.source = 1;
            batch.payloads = large;
            batch.datapoints.push_back({late(i, 1).front(), large.size()});
            VERIFY_DONE(append(*store_, std::move(batch)));
        }
        QVERIFY(layerBlocks() > 0);
        const Lines all = newestFirst(*reader_, 3);
        mergeAtOnce();
        QTRY_COMPARE_WITH_TIMEOUT(unmerged(), 0, 30'000);
        QCOMPARE(newestFirst(*reader_, 3), all);
        QVERIFY(number("SELECT max(length(body)) FROM item_block WHERE output = 3") < 2 * std::int64_t(itemBlock.bytes));
    }
};

QTEST_GUILESS_MAIN(TestLateMerging)
#include "tst_latemerging.moc"
