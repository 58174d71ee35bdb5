// What is remembered of where blocks lie, beside what there is.
#include "core/store/blockranges.h"

#include <QtTest/QtTest>

#include <random>

using namespace iotman;
using namespace iotman::store;

namespace {

Position at(std::int64_t us)
{
    return {{us}, static_cast<Sequence>(us)};
}

BlockRange block(std::int64_t number, std::int64_t first, std::int64_t last)
{
    return {number, at(first), at(last)};
}

/// All blocks there are, and what is remembered of them as the writer does it.
struct Shelf {
    std::map<Position, BlockRange> stored;
    BlockRanges known{8};

    void write(const BlockRange& range)
    {
        stored.emplace(range.first, range);
        known.add(range);
    }
    void remove(const BlockRange& range)
    {
        stored.erase(range.first);
        known.remove(range);
    }
    void learn(std::size_t most)
    {
        const std::size_t asked = std::min(most, known.room());
        if (asked == 0)
            return;
        std::vector<BlockRange> older;
        for (auto before = stored.lower_bound(known.begin()); before != stored.begin() && older.size() < asked;)
            older.push_back((--before)->second);
        known.addOlder(older, asked);
    }
    Stretch truth(const Position& position) const
    {
        const auto next = stored.upper_bound(position);
        Stretch stretch;
        if (next != stored.begin())
            stretch.block = std::prev(next)->second;
        if (next != stored.end())
            stretch.end = next->first;
        return stretch;
    }
    bool isRightAt(const Position& position) const
    {
        const auto stretch = known.stretchAt(position);
        return !stretch || *stretch == truth(position);
    }
};

} // namespace

class TestBlockRanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsKnownBeforeItIsAskedFor()
    {
        BlockRanges ranges(8);
        ranges.add(block(1, 10, 19));
        QVERIFY(!ranges.stretchAt(at(15)));
        QCOMPARE(ranges.begin(), behindAll);
        QCOMPARE(ranges.room(), std::size_t(8));
    }

    void aStretchGoesFromABlockToTheNext_data()
    {
        QTest::addColumn<qint64>("position");
        QTest::addColumn<qint64>("blockNumber"); // 0: before the first
        QTest::addColumn<qint64>("end");         // 0: none
        QTest::newRow("before the first block") << 5LL << 0LL << 10LL;
        QTest::newRow("at a block's first item") << 10LL << 1LL << 30LL;
        QTest::newRow("inside a block") << 15LL << 1LL << 30LL;
        QTest::newRow("at a block's last item") << 19LL << 1LL << 30LL;
        QTest::newRow("between two blocks") << 25LL << 1LL << 30LL;
        QTest::newRow("behind the last block") << 50LL << 2LL << 0LL;
    }
    void aStretchGoesFromABlockToTheNext()
    {
        QFETCH(qint64, position);
        QFETCH(qint64, blockNumber);
        QFETCH(qint64, end);
        BlockRanges ranges(8);
        ranges.addOlder(std::vector{block(2, 30, 39), block(1, 10, 19)}, 8);
        const std::optional<Stretch> stretch = ranges.stretchAt(at(position));
        QVERIFY(stretch);
        QCOMPARE(stretch->block ? stretch->block->block : 0, blockNumber);
        QCOMPARE(stretch->end.value_or(at(0)), at(end));
    }

    void whatMayHaveABlockBeforeItIsNotKnown()
    {
        BlockRanges ranges(8);
        ranges.addOlder(std::vector{block(2, 30, 39), block(1, 10, 19)}, 2);
        QVERIFY(!ranges.stretchAt(at(5)));
        QVERIFY(ranges.stretchAt(at(10)));
        ranges.add(block(3, 1, 4));
        QVERIFY2(!ranges.stretchAt(at(5)), "between it and the others there may be more");
    }

    void ofTooManyTheOldestIsForgotten()
    {
        BlockRanges ranges(2);
        ranges.addOlder({}, 2);
        for (std::int64_t number = 1; number <= 3; ++number)
            ranges.add(block(number, number * 10, number * 10 + 9));
        QVERIFY(!ranges.stretchAt(at(15)));
        QCOMPARE(ranges.stretchAt(at(25)), std::optional(Stretch{block(2, 20, 29), at(30)}));
    }

    void whatIsKnownIsWhatIsStored()
    {
        std::mt19937 random(5);
        const auto below = [&](std::int64_t limit) { return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random); };
        for (int round = 0; round < 200; ++round) {
            Shelf shelf;
            for (std::int64_t step = 1; step < 100; ++step) {
                const std::int64_t place = below(40) * 10;
                const auto taken = shelf.stored.find(at(place));
                if (below(4) == 0)
                    shelf.learn(static_cast<std::size_t>(1 + below(4)));
                else if (taken == shelf.stored.end())
                    shelf.write(block(step, place, place + below(10)));
                else
                    shelf.remove(BlockRange(taken->second));
                for (std::int64_t us = 0; us < 410; us += 5)
                    QVERIFY2(shelf.isRightAt(at(us)), qPrintable(QStringLiteral("%1 %2 %3").arg(round).arg(step).arg(us)));
            }
        }
    }

    void whatWasLearntToTheEndIsKnownEverywhere()
    {
        Shelf shelf;
        for (std::int64_t number = 1; number <= 5; ++number)
            shelf.write(block(number, number * 10, number * 10 + 9));
        shelf.learn(8);
        for (std::int64_t us = 0; us < 100; ++us)
            QCOMPARE(shelf.known.stretchAt(at(us)), std::optional(shelf.truth(at(us))));
    }
};

QTEST_APPLESS_MAIN(TestBlockRanges)
#include "tst_blockranges.moc"
