// Items that come between older ones: where they wait, when they are placed, and that no reader can tell the difference.
#include "core/store/blockcut.h"
#include "core/store/check.h"
#include "core/store/lateitems.h"
#include "tests/core/store/latestore.h"

#include <QtCore/QFile>

#include <atomic>
#include <thread>

using namespace iotman;
using namespace iotman::store;
using namespace std::chrono_literals;

class TestLateItems : public QObject, LateStore {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        begin();
    }
    void cleanup()
    {
        close();
        VERIFY_DONE(check(folder()));
    }

    void whatComesLateWaitsInLotsUntilThereAreMany()
    {
        for (int i = 0; i < static_cast<int>(lateLimits.lots); ++i)
            add(late(3 * i, 3));
        QCOMPARE(lots(), std::int64_t(lateLimits.lots));
        QCOMPARE(waiting(), std::int64_t(3 * lateLimits.lots));
        compare();
        const std::int64_t inOrderBlocks = number("SELECT count(*) FROM item_block WHERE output = 3");
        add(late(5000, 1));
        QCOMPARE(lots(), 0);
        QCOMPARE(layerItems(), std::int64_t(3 * lateLimits.lots + 1));
        QCOMPARE(number("SELECT count(*) FROM item_block WHERE output = 3"), inOrderBlocks);
        compare();
        add(late(6000, 2));
        QCOMPARE(lots(), 1);
        compare();
    }

    void manyAtOnceArePlacedAtOnce()
    {
        add(late(0, static_cast<int>(lateLimits.items) + 1));
        QCOMPARE(lots(), 0);
        compare();
    }

    /// A block of the layer that is written anew for a few would soon be due again.
    void thoseThatAreFewInTheLayerWaitOn()
    {
        placeSoon();
        add(scattered(1, enough));
        QCOMPARE(layerItems(), std::int64_t(enough));
        QVERIFY(layerBlocks() >= std::int64_t(enough) / std::int64_t(lateBlock.entries));
        const std::int64_t before = tailRows();
        for (int i = 0; i <= static_cast<int>(soon.lots); ++i)
            add({{i * 100'001 + 3}});
        QCOMPARE(lots(), 1);
        QCOMPARE(waiting(), std::int64_t(soon.lots + 1));
        QCOMPARE(layerItems(), std::int64_t(enough));
        QCOMPARE(tailRows(), before);
        compare();
        open();
        compare();
    }

    /// As rows of the tail they would cost every page a query.
    void ofThoseThatAreTooManyToWaitSomeArePlacedWhereTheyAreFew()
    {
        placeSoon();
        add(scattered(1, enough));
        add(scattered(2, enough));
        const std::int64_t inLayer = layerItems(), inTail = tailRows();
        QCOMPARE(inLayer, std::int64_t(2 * enough));
        constexpr int inALot = 10; // in all few for each block, and more than may wait
        for (int i = 0; i <= static_cast<int>(soon.lots); ++i)
            add(scattered(10 + i * 11'003, inALot));
        QCOMPARE(lots(), 1);
        QVERIFY(waiting() > 0);
        QVERIFY(waiting() <= std::int64_t(soon.items / 4));
        QCOMPARE(waiting() + layerItems() - inLayer, std::int64_t(inALot * (soon.lots + 1)));
        QCOMPARE(tailRows(), inTail);
        compare();
    }

    void rowsThatStayedInTheTailBetweenOthersGoWithThem()
    {
        placeSoon();
        add({{(inOrder - 3) * stepUs + 1}, {(inOrder - 5) * stepUs + 1}}); // inside what is the last block
        const std::int64_t inside = tailRows();
        QVERIFY(inside >= 2);
        std::vector<Timestamp> next;
        for (int i = 0; i < 1000; ++i)
            next.push_back({(inOrder + i) * stepUs});
        add(next);
        QVERIFY(tailRows() >= 2);
        add(scattered(1, enough));
        QCOMPARE(tailRows(), 0);
        compare();
    }

    void aLayerOutlivesARestartAndGoesIntoSnapshots()
    {
        placeSoon();
        add(scattered(1, enough));
        save();
        open();
        compare();
        add(scattered(3, enough));
        compare();
        restore();
        QCOMPARE(layerItems(), std::int64_t(enough));
        QCOMPARE(oldestFirst(*reader_, 3), expected());
        add(late(50'000, 3));
        QCOMPARE(oldestFirst(*reader_, 3).size(), times_.size());
    }

    void pagesBeginAndEndAnywhereInALayer()
    {
        placeSoon();
        add(scattered(1, enough));
        const Lines all = expected();
        QCOMPARE(layerItems(), std::int64_t(enough));
        for (std::size_t at = 5; at < all.size(); at += 97) {
            const std::int64_t time = std::int64_t(at) * (inOrder * stepUs) / std::int64_t(all.size());
            const auto isUpTo = [&](Timestamp one) { return one.us <= time; };
            const auto count = static_cast<std::ptrdiff_t>(std::count_if(times_.begin(), times_.end(), isUpTo));
            const auto most = std::min<std::ptrdiff_t>(count, 40);
            Lines page(all.begin() + count - most, all.begin() + count);
            std::reverse(page.begin(), page.end());
            QCOMPARE(newestFirst(*reader_, 3, 40, Timestamp::min(), {time}), page);
        }
    }

    void retentionTakesWhatIsInALayer()
    {
        placeSoon();
        add(scattered(1, enough));
        const Floor floor{{inOrder * stepUs / 4 + 77}, 0};
        expire(1, floor);
        std::erase_if(times_, [&](Timestamp time) { return time < floor.time; });
        QCOMPARE(newestFirst(*reader_, 3).size(), times_.size());
        QCOMPARE(oldestFirst(*reader_, 3).size(), times_.size());
        expire(1, {Timestamp::max(), Sequence(times_.size())});
        QCOMPARE(layerBlocks(), 0);
    }

    void anOutputThatGoesTakesItsLayer()
    {
        placeSoon();
        add(scattered(1, enough));
        QVERIFY(layerBlocks() > 0);
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.erase(OutputId{"one"});
            return {};
        }));
        QTRY_COMPARE(layerBlocks(), 0);
        QTRY_COMPARE(number("SELECT count(*) FROM state WHERE name = 'live_width:-3'"), 0);
        QVERIFY(number("SELECT count(*) FROM item_block WHERE output = -4") > 0);
    }

    void largeOnesArePlacedBeforeTheyTakeMuchMemory()
    {
        const std::string large(60'000, 'x');
        constexpr auto most = static_cast<std::int64_t>(lateLimits.bytes / 60'000);
        QVERIFY(most < static_cast<std::int64_t>(lateLimits.lots));
        for (std::int64_t i = 0; i < most + 3; ++i) {
            Batch batch;
            batch.source = 1;
            batch.payloads = large;
            batch.datapoints.push_back({late(static_cast<int>(i), 1).front(), large.size()});
            VERIFY_DONE(append(*store_, std::move(batch)));
            QCOMPARE(lots(), (i + 1) % (most + 1));
        }
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(inOrder + most + 3));
    }

    void outputsOfOneSourceArePlacedOneAfterTheOther()
    {
        const std::string large(60'000, 'x');
        const auto lotsOf = [&](OutputKey output) {
            return number(("SELECT count(*) FROM item_late WHERE output = " + std::to_string(output)).c_str());
        };
        std::int64_t before = 0;
        for (int i = 0; lotsOf(3) >= before; ++i) {
            before = lotsOf(3);
            QCOMPARE(lotsOf(4), before);
            Batch batch;
            batch.source = 1;
            batch.payloads = large;
            batch.datapoints.push_back({late(i, 1).front(), large.size()});
            VERIFY_DONE(append(*store_, std::move(batch)));
        }
        QCOMPARE(lotsOf(3), 0);
        QCOMPARE(lotsOf(4), before + 1);
        add(late(5000, 1));
        QCOMPARE(lotsOf(3), 1);
        QCOMPARE(lotsOf(4), 0);
    }

    void whatComesInOrderOrAsAWholeBlockDoesNotWait()
    {
        add({{inOrder * stepUs}});
        std::vector<Timestamp> dense;
        for (int i = 0; i < 100; ++i)
            dense.push_back({5 * stepUs + 1 + i});
        add(dense);
        QCOMPARE(lots(), 0);
        compare();
    }

    void lotsOutliveARestart()
    {
        add(late(0, 5));
        add(late(5, 5));
        open();
        compare();
        add(late(10, 5));
        QCOMPARE(lots(), 3);
        compare();
    }

    void pagesBeginAndEndAmongLateItems()
    {
        add(late(0, 50));
        const Lines all = newestFirst(*reader_, 3);
        Lines walked;
        std::optional<Position> before;
        for (std::size_t got = 7; got == 7;) {
            got = 0;
            VERIFY_DONE(reader_->newestFirst(3, Timestamp::min(), Timestamp::max(), before,
                                             oneByOne([&](const Position& at, std::string_view text) {
                                                 walked.push_back(line(at, text));
                                                 before = at;
                                                 return ++got < 7;
                                             })));
        }
        QCOMPARE(walked, all);
        const Timestamp from = times_[static_cast<std::size_t>(inOrder)];
        const Timestamp to{from.us + 40 * stepUs};
        const auto isWanted = [&](Timestamp time) { return from <= time && time <= to; };
        const auto wanted = static_cast<std::size_t>(std::count_if(times_.begin(), times_.end(), isWanted));
        QVERIFY(wanted > 40);
        QCOMPARE(newestFirst(*reader_, 3, SIZE_MAX, from, to).size(), wanted);
    }

    void aSnapshotHasItsLots()
    {
        add(late(0, 5));
        add(late(5, 5));
        save();
        compare();
        add(late(10, 5));
        add(late(100, static_cast<int>(lateLimits.items)));
        compare();
        restore();
        Lines lines = expected();
        QCOMPARE(oldestFirst(*reader_, 3), lines);
        QCOMPARE(lots(), 2);
    }

    void retentionTakesLateItemsToo()
    {
        add(late(0, 50));
        const Floor floor{{inOrder * stepUs / 4}, 0};
        expire(1, floor);
        QCOMPARE(lots(), 1);
        const auto isKept = [&](Timestamp time) { return time >= floor.time; };
        QCOMPARE(newestFirst(*reader_, 3).size(), static_cast<std::size_t>(std::count_if(times_.begin(), times_.end(), isKept)));
    }

    void readersSeeCommitsWholeWhileLotsComeAndArePlaced()
    {
        constexpr int each = 10;
        std::atomic<bool> ended = false;
        std::atomic<int> wrong = 0, rounds = 0;
        const auto isWhole = [](std::size_t count) { return count % each == 0 && count >= inOrder; };
        const auto read = [&] {
            const auto reader = store_->reader();
            std::size_t least = inOrder;
            while (!ended.load()) {
                Position before{Timestamp::max(), INT64_MAX};
                std::size_t count = 0;
                const auto done = reader->newestFirst(3, Timestamp::min(), Timestamp::max(), {}, oneByOne([&](const Position& at, std::string_view) {
                                                          wrong += at < before ? 0 : 1;
                                                          before = at;
                                                          ++count;
                                                          return true;
                                                      }));
                wrong += done && isWhole(count) && count >= least ? 0 : 1;
                least = count;
                wrong += isWhole(bySequence(*reader, 3).size()) ? 0 : 1;
                ++rounds;
            }
        };
        {
            std::jthread one(read), another(read);
            for (int i = 0; i < 300; ++i)
                add(late(each * i, each));
            while (rounds.load() < 10)
                std::this_thread::yield();
            ended = true;
        }
        QCOMPARE(wrong.load(), 0);
        compare();
    }

    void retentionLeavesLotsThatItDoesNotTouch()
    {
        add(late(0, 5));
        add(late(5, 5));
        VERIFY_DONE(append(*store_, batchOf(2, {{1'000}, {2'000}, {inOrder * stepUs}})));
        expire(2, {{1'500}, 0});
        QCOMPARE(number("SELECT count(*) FROM item_late WHERE lot <= 4"), 4); // two of each output
        QCOMPARE(lots(), 3);
        expire(1, {Timestamp::min(), Sequence(inOrder + 6)}); // all but the second lot
        QCOMPARE(lots(), 2);                                 // and what is left of source 2
        QCOMPARE(newestFirst(*reader_, 3).size(), std::size_t(5 + 2));
    }

    void aDamagedLotStopsNobodyElse()
    {
        add(late(0, 5));
        add(late(5, 5));
        reader_.reset();
        store_.reset();
        {
            auto other = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute("UPDATE item_late SET body = substr(body, 1, length(body) - 1) WHERE lot = 1"));
        }
        open();
        expire(1, {Timestamp::min(), Sequence(inOrder)});
        // Of the two late batches the first is damaged: its items would stay without their datapoints.
        const Floor within{Timestamp::min(), Sequence(inOrder + 3)};
        const auto refused = await<bool>([&](Reply<bool> reply) { store_->expire(1, within, store_->catalog()->version, std::move(reply)); });
        QVERIFY(!refused);
        QVERIFY2(refused.error().detail.find("late block 1") != std::string::npos, refused.error().detail.c_str());
        QCOMPARE(store_->sourceCounts(1).datapoints, 1 + 10);
        for (int i = 0; i <= static_cast<int>(lateLimits.lots); ++i)
            VERIFY_DONE(append(*store_, batchOf(2, late(100 + i, 1))));
        const Lines others = newestFirst(*reader_, 4);
        QVERIFY2(others.size() > 60, std::to_string(others.size()).c_str());
        const auto page = reader_->newestFirst(3, Timestamp::min(), Timestamp::max(), {}, [](const ItemRun&) { return true; });
        QVERIFY(!page);
        QVERIFY2(page.error().detail.find("late block 1") != std::string::npos, page.error().detail.c_str());
        {
            auto other = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute("UPDATE output_count SET items = items - (SELECT count FROM item_late WHERE lot = 1) WHERE output = 3;"
                                       "DELETE FROM item_late WHERE lot = 1"));
        }
    }

    void aLotThatCouldNotBeReadLeavesNothingWrongBehind()
    {
        const auto damageNewest = [&](const char* what) {
            auto other = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute(what));
        };
        add(late(0, 20));
        compare();
        const std::size_t known = times_.size();
        add(late(100, 200));
        add(late(400, 40));
        const std::size_t whole = known + 200;
        damageNewest("UPDATE item_late SET body = x'00' WHERE lot = (SELECT max(lot) FROM item_late WHERE output = 3)");
        QVERIFY(!reader_->newestFirst(3, Timestamp::min(), Timestamp::max(), {}, [](const ItemRun&) { return true; }));
        damageNewest("UPDATE output_count SET items = items - 40 WHERE output = 3;"
                     "DELETE FROM item_late WHERE lot = (SELECT max(lot) FROM item_late WHERE output = 3)");
        times_.resize(whole);
        const Lines all = expected();
        for (std::int64_t time = 0; time < inOrder * stepUs; time += 13'007) {
            const auto isUpTo = [&](Timestamp one) { return one.us <= time; };
            const auto count = static_cast<std::ptrdiff_t>(std::count_if(times_.begin(), times_.end(), isUpTo));
            Lines page(all.begin() + count - std::min<std::ptrdiff_t>(count, 40), all.begin() + count);
            std::reverse(page.begin(), page.end());
            QCOMPARE(newestFirst(*reader_, 3, 40, Timestamp::min(), {time}), page);
        }
    }

    void aDamagedBlockIsNoReasonToRefuseWhatComesLate_data()
    {
        QTest::addColumn<QByteArray>("damage");
        const auto row = [](const char* name, const char* which) {
            QTest::newRow(name) << QByteArray("UPDATE item_block SET body = x'00' WHERE ") + which;
        };
        row("of the layer", "output = -3");
        row("of the others", "output = 3");
    }
    void aDamagedBlockIsNoReasonToRefuseWhatComesLate()
    {
        QFETCH(QByteArray, damage);
        placeSoon();
        add(scattered(1, enough));
        reader_.reset();
        store_.reset();
        QFile::copy(QString::fromStdString((folder() / "workspace.sqlite").string()), QString::fromStdString((folder() / "whole").string()));
        {
            auto other = Connection::open((folder() / "workspace.sqlite").string(), OpenMode::ReadWrite, 1s);
            VERIFY_DONE(other->execute(damage.constData()));
        }
        open();
        for (int i = 0; i < 5; ++i)
            add(scattered(20 + i, enough));
        QVERIFY(!reader_->newestFirst(3, Timestamp::min(), Timestamp::max(), {}, [](const ItemRun&) { return true; }));
        reader_.reset();
        store_.reset();
        std::filesystem::rename(folder() / "whole", folder() / "workspace.sqlite"); // for cleanup
    }

    void anOutputThatGoesTakesItsLots()
    {
        add(late(0, 5));
        VERIFY_DONE(change(*store_, [](Catalog& catalog, Sequence) -> Expected<void> {
            catalog.outputs.erase(OutputId{"one"});
            return {};
        }));
        QTRY_COMPARE(lots(), 0);
        QCOMPARE(number("SELECT count(*) FROM item_late WHERE output = 4"), 1);
    }
};

QTEST_GUILESS_MAIN(TestLateItems)
#include "tst_lateitems.moc"
