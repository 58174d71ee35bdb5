// What is left of series that had to go for a budget.
#include "core/series/seriesset.h"
#include "tests/core/series/randomseries.h"

#include <cstdlib>
#include <new>

using namespace iotman;
using namespace iotman::test;

namespace {

constexpr std::size_t chunkValues = Chunk::capacity * sizeof(double);
std::size_t chunkAllocations = 0; ///< of the values of a whole chunk

} // namespace

void* operator new(std::size_t size)
{
    chunkAllocations += size == chunkValues;
    if (void* memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

class TestEviction : public QObject {
    Q_OBJECT

    /// Least and greatest are no narrower than they were, and just they where nothing was dropped.
    static void compareWhatIsLeft(const Series& series, const Plain& plain, TimeRange range)
    {
        std::optional<ValueRange> exact;
        for (const auto& [time, value] : plain.samples)
            if (range.contains({time}) && !std::isnan(value))
                exact = exact ? ValueRange{std::min(exact->min, value), std::max(exact->max, value)} : ValueRange{value, value};
        const auto known = series.valueRange(range);
        QVERIFY(!exact || (known && known->min <= exact->min && known->max >= exact->max));
        if (series.isWhole(range)) {
            QCOMPARE(known, exact);
            QCOMPARE(series.count(range),
                     static_cast<std::size_t>(std::count_if(plain.samples.begin(), plain.samples.end(),
                                                            [&](const auto& s) { return range.contains({s.first}); })));
        }
    }

    static void compareColumnsOfWhatIsLeft(const Series& series, const Plain& plain, const ColumnWindow& window)
    {
        const Columns columns = series.columns(window, Detail::Exact);
        for (const auto& [time, value] : plain.samples) {
            const std::int64_t index = window.grid.indexOf({time}) - window.first;
            if (std::isnan(value) || index < 0 || index >= window.count)
                continue;
            const Column& column = columns.columns[static_cast<std::size_t>(index)];
            QVERIFY(column.count > 0 && column.min <= value && value <= column.max);
        }
    }

private Q_SLOTS:
    void whatIsDroppedHidesNoExtreme_data() { randomRows(); }
    void whatIsDroppedHidesNoExtreme()
    {
        QFETCH(int, shape);
        QFETCH(int, count);
        QFETCH(int, seed);
        Random random{std::mt19937_64(static_cast<unsigned>(seed))};
        SpentChunks spent;
        Series series(spent);
        Plain plain;
        std::int64_t time = 1'700'000'000 * second;
        for (int i = 0; i < count; ++i) {
            time += random.interval(static_cast<Shape>(shape));
            const std::int64_t at = random.oneIn(40) ? time - random.whole(0, 500 * second) : time;
            const double value = random.value();
            series.append({at}, value);
            plain.append(at, value);
            if (random.oneIn(6000) || (count < 100 && random.oneIn(30)))
                series.dropOldest();
            if (random.oneIn(9000))
                series.coarsen();
        }
        if (series.isEmpty())
            return;
        for (int i = 0; i < 60; ++i) {
            const TimeRange range = randomWindow(random, plain);
            compareWhatIsLeft(series, plain, range);
            const ColumnWindow window = ColumnWindow::of(range, static_cast<int>(random.whole(1, 700)));
            compareColumnsOfWhatIsLeft(series, plain, window);
        }
        // Of everything nothing is left out, dropped or not.
        const TimeRange all{{-farthestTime}, {farthestTime}};
        const Statistics statistics = series.statistics(all);
        std::size_t usable = 0;
        for (const auto& [at, value] : plain.samples)
            usable += std::isnan(value) ? 0 : 1;
        QCOMPARE(statistics.count, usable);
    }

    void aHistoryWithoutEndKeepsItsExtremesInABoundedPlace()
    {
        SeriesSet set(400'000);
        const SeriesId id = set.add({"a", "", SeriesKind::Number});
        constexpr std::int64_t count = 3'000'000;
        for (std::int64_t i = 0; i < count; ++i)
            set.append(id, {i * 1000}, i == 4'321 ? 1e6 : i == 7'654 ? -1e6 : static_cast<double>(i % 100));
        const Series& series = set.series(id);
        QVERIFY(set.bytes() <= set.budget());
        QVERIFY(series.remnants().bytes() <= set.budget() / SeriesSet::remnantShare);
        QCOMPARE(set.dropped() + series.size(), std::size_t(count));
        const TimeRange all{{0}, {count * 1000}};
        QCOMPARE(series.span().from, all.from);
        QCOMPARE(series.statistics(all).count, std::size_t(count));
        QCOMPARE(*series.valueRange(all), (ValueRange{-1e6, 1e6}));
        QVERIFY(!series.isWhole(all));
        double least = 0, greatest = 0;
        const Columns columns = series.columns(all, 500);
        for (std::size_t i = 1; i < columns.columns.size(); ++i) { // the first may lie before the range
            const Column& column = columns.columns[i];
            QVERIFY(column.count > 0);
            least = std::min(least, column.min);
            greatest = std::max(greatest, column.max);
        }
        QCOMPARE(least, -1e6);
        QCOMPARE(greatest, 1e6);
    }

    void olderPagesThatFindNoRoomAreSummarised()
    {
        SeriesSet set(200'000);
        const SeriesId id = set.add({"a", "", SeriesKind::Number});
        constexpr int pages = 60, page = 1'000;
        for (int p = pages - 1; p >= 0; --p)
            for (int i = 0; i < page; ++i)
                set.append(id, {(p * page + i) * second}, p * page + i);
        QVERIFY(set.bytes() <= set.budget());
        const TimeRange all{{0}, {pages * page * second}};
        QCOMPARE(set.series(id).span(), (TimeRange{{0}, {(pages * page - 1) * second + 1}}));
        QCOMPARE(set.series(id).statistics(all).count, std::size_t(pages * page));
        QCOMPARE(*set.series(id).valueRange(all), (ValueRange{0, pages * page - 1}));
        QCOMPARE(set.series(id).last()->value, double(pages * page - 1));
    }

    void aSetKeepsItsBudgetAndDropsTheOldest()
    {
        SeriesSet set(200'000);
        const SeriesId a = set.add({"a", "", SeriesKind::Number});
        const SeriesId b = set.add({"b", "", SeriesKind::Number});
        for (int i = 0; i < 50'000; ++i) {
            set.append(a, {i * second}, i);
            set.append(b, {i * second}, -i);
            QVERIFY(set.bytes() <= set.budget());
            QCOMPARE(set.bytes(), set.series(a).bytes() + set.series(b).bytes());
        }
        QCOMPARE(set.dropped() + set.series(a).size() + set.series(b).size(), std::size_t(100'000));
        QCOMPARE(set.series(a).last()->value, 49'999.0);
        QVERIFY(std::abs(set.series(a).firstTime().us - set.series(b).firstTime().us) <= 4'096 * second);
    }

    void aSetAtItsBudgetTakesTheMemoryOfWhatItDrops()
    {
        SeriesSet set(2 * 1024 * 1024);
        const std::vector<SeriesId> ids{set.add({"a", ""}), set.add({"b", ""}), set.add({"c", ""})};
        std::int64_t time = 1'700'000'000 * second;
        const auto feed = [&](int samples) {
            for (int i = 0; i < samples; ++i, time += second / 1000) {
                for (const SeriesId id : ids)
                    set.append(id, {time}, i % 100);
            }
        };
        feed(100'000);
        QVERIFY(set.dropped() > 0);
        const std::size_t before = chunkAllocations;
        QVERIFY2(before > 0, "they are not counted");
        feed(100'000);
        QCOMPARE(chunkAllocations, before);
        QVERIFY(set.bytes() <= set.budget());
    }

    void whatIsKeptOfDroppedChunksIsBounded()
    {
        SpentChunks spent;
        for (std::size_t i = 0; i < SpentChunks::most + 5; ++i) {
            Chunk full(0);
            while (!full.isFull())
                full.append(static_cast<std::int64_t>(full.size()), 1);
            spent.keep(std::move(full));
        }
        const std::size_t before = chunkAllocations;
        std::vector<Chunk> taken;
        for (std::size_t i = 0; i < SpentChunks::most + 5; ++i) {
            taken.push_back(spent.take(0));
            QCOMPARE(taken.back().size(), std::size_t(0));
            while (!taken.back().isFull())
                taken.back().append(static_cast<std::int64_t>(taken.back().size()), 2);
        }
        QCOMPARE(chunkAllocations - before, std::size_t(5));
    }

    void aSetTellsThatItChanged()
    {
        SeriesSet set;
        const SeriesId id = set.add({"a", "K", SeriesKind::Number});
        const auto before = set.revision();
        set.append(id, {1}, 1);
        QVERIFY(set.revision() != before);
        set.remove(id);
        QVERIFY(set.ids().empty());
        QCOMPARE(set.bytes(), std::size_t(0));
        QVERIFY(set.add({"b", "", SeriesKind::Number}) != id);
    }
};

QTEST_GUILESS_MAIN(TestEviction)
#include "tst_eviction.moc"
