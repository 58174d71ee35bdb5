#include "core/series/columncache.h"
#include "tests/core/series/randomseries.h"

using namespace iotman;
using namespace iotman::test;

class TestSeries : public QObject {
    Q_OBJECT

    static void compareColumns(const Series& series, const Plain& plain, const ColumnWindow& window, const char* where)
    {
        const Columns columns = series.columns(window, Detail::Exact);
        auto sample = std::lower_bound(plain.samples.begin(), plain.samples.end(), window.range().from.us,
                                       [](const auto& s, std::int64_t t) { return s.first < t; });
        for (int i = 0; i < window.count; ++i) {
            const std::int64_t end = window.grid.startOf(window.first + i + 1).us;
            std::vector<double> values;
            for (; sample != plain.samples.end() && sample->first < end; ++sample)
                if (!std::isnan(sample->second))
                    values.push_back(sample->second);
            const Column& column = columns.columns[static_cast<std::size_t>(i)];
            QVERIFY2(column.count == values.size(), where);
            if (values.empty())
                continue;
            QVERIFY2(column.min == *std::min_element(values.begin(), values.end()), where);
            QVERIFY2(column.max == *std::max_element(values.begin(), values.end()), where);
            QVERIFY2(column.first == values.front() && column.last == values.back(), where);
        }
    }

    static void compareFast(const Series& series, const Plain& plain, const ColumnWindow& window, const char* where)
    {
        // Every value is in the column it belongs to, or in its neighbour when it lies within an eighth of the border.
        const Columns columns = series.columns(window, Detail::Fast);
        const std::int64_t slack = static_cast<std::int64_t>(window.grid.columnUs() / 8) + 1;
        std::size_t counted = 0, expected = 0;
        for (const Column& column : columns.columns)
            counted += column.count;
        for (const auto& [time, value] : plain.samples) {
            if (!window.range().contains({time}) || std::isnan(value))
                continue;
            ++expected;
            bool found = false;
            for (const std::int64_t shift : {std::int64_t{0}, -slack, slack}) {
                const std::int64_t index = window.grid.indexOf({time + shift}) - window.first;
                if (index < 0 || index >= window.count)
                    continue;
                const Column& column = columns.columns[static_cast<std::size_t>(index)];
                found = found || (column.count > 0 && column.min <= value && value <= column.max);
            }
            QVERIFY2(found, where);
        }
        QVERIFY2(counted == expected, where);
    }

    static void comparePoints(const Series& series, const Plain& plain, TimeRange range, const char* where)
    {
        std::vector<std::pair<std::int64_t, double>> expected;
        for (std::size_t i = 0; i < plain.samples.size(); ++i) {
            const auto [time, value] = plain.samples[i];
            const bool inside = range.contains({time});
            const bool before =
                time < range.from.us && (i + 1 == plain.samples.size() || plain.samples[i + 1].first >= range.from.us);
            const bool after = time >= range.to.us && (i == 0 || plain.samples[i - 1].first < range.to.us);
            if ((inside || before || after) && !std::isnan(value))
                expected.emplace_back(time, value);
        }
        const std::vector<Point> points = series.points(range);
        QVERIFY2(points.size() == expected.size(), where);
        for (std::size_t i = 0; i < points.size(); ++i) {
            QVERIFY2(points[i].time.us == expected[i].first && points[i].value == expected[i].second, where);
            QVERIFY2(i == 0 || points[i - 1].time <= points[i].time, where); // the line never runs left
        }
    }

    static void compareRange(const Series& series, const Plain& plain, TimeRange range, const char* where)
    {
        double min = std::numeric_limits<double>::infinity(), max = -min;
        std::size_t count = 0;
        for (const auto& [time, value] : plain.samples) {
            if (!range.contains({time}))
                continue;
            ++count;
            if (!std::isnan(value)) {
                min = std::min(min, value);
                max = std::max(max, value);
            }
        }
        QVERIFY2(series.count(range) == count, where);
        const auto values = series.valueRange(range);
        QVERIFY2(values.has_value() == (min <= max), where);
        QVERIFY2(!values || (values->min == min && values->max == max), where);
    }

    static void compareNearest(const Series& series, const Plain& plain, std::int64_t time, const char* where)
    {
        std::optional<Nearest> best;
        for (const auto& [at, value] : plain.samples) {
            if (std::isnan(value))
                continue;
            if (best && at == best->time.us)
                best = Nearest{{at}, value, best->values + 1};
            else if (!best || std::abs(at - time) < std::abs(best->time.us - time))
                best = Nearest{{at}, value, 1};
        }
        const auto nearest = series.nearest({time});
        QVERIFY2(nearest.has_value() == best.has_value(), where);
        QVERIFY2(!best || (nearest->time == best->time && nearest->value == best->value && nearest->values == best->values),
                 where);
    }

    static bool isClose(std::optional<double> a, double b, double scale)
    {
        return !std::isfinite(b) ? !a : a && std::abs(*a - b) <= 1e-9 * std::max(std::abs(b), scale);
    }

    static void compareStatistics(const Series& series, const Plain& plain, TimeRange range, const char* where)
    {
        std::vector<std::pair<long double, long double>> samples;
        std::vector<double> sorted;
        for (const auto& [time, value] : plain.samples)
            if (range.contains({time}) && !std::isnan(value)) {
                samples.emplace_back(static_cast<long double>(time - range.from.us) / 1e6L, value);
                sorted.push_back(value);
            }
        std::sort(sorted.begin(), sorted.end());
        const Statistics statistics = series.statistics(range);
        QVERIFY2(statistics.count == samples.size(), where);
        std::vector<double> values = series.values(range);
        QVERIFY2(values.size() == samples.size(), where);
        if (samples.empty())
            return;
        QVERIFY2(statistics.min == sorted.front() && statistics.max == sorted.back(), where);
        const std::size_t half = sorted.size() / 2;
        const double median = sorted.size() % 2 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2;
        QVERIFY2(medianOf(values) == median, where);

        const long double count = static_cast<long double>(samples.size());
        long double time = 0, value = 0, tt = 0, vv = 0, tv = 0;
        for (const auto& [t, v] : samples) {
            time += t / count;
            value += v / count;
        }
        for (const auto& [t, v] : samples) {
            tt += (t - time) * (t - time);
            vv += (v - value) * (v - value);
            tv += (t - time) * (v - value);
        }
        const double scale = std::max(std::abs(sorted.front()), std::abs(sorted.back()));
        QVERIFY2(isClose(statistics.mean, static_cast<double>(value), scale), where);
        if (scale > 1e150)
            return; // squares of such values are not finite
        QVERIFY2(statistics.standardDeviation.has_value() == (samples.size() > 1), where);
        QVERIFY2(samples.size() < 2 || isClose(statistics.standardDeviation, static_cast<double>(std::sqrt(vv / (count - 1))), 0),
                 where);
        QVERIFY2(statistics.slopePerSecond.has_value() == (tt > 0), where);
        QVERIFY2(tt == 0 ||
                     isClose(statistics.slopePerSecond, static_cast<double>(tv / tt), static_cast<double>(std::sqrt(vv / tt))),
                 where);
    }

private Q_SLOTS:
    void everyQueryAgreesWithAPlainSortedList_data() { randomRows(); }
    void everyQueryAgreesWithAPlainSortedList()
    {
        QFETCH(int, shape);
        QFETCH(int, count);
        QFETCH(int, seed);
        Random random{std::mt19937_64(static_cast<unsigned>(seed))};
        Series series;
        Plain plain;
        fill(series, plain, random, static_cast<Shape>(shape), count);
        QCOMPARE(series.size(), plain.samples.size());
        for (int i = 0; i < 60; ++i) {
            const TimeRange range = randomWindow(random, plain);
            const QByteArray where = QByteArray("window ") + QByteArray::number(i);
            const ColumnWindow window = ColumnWindow::of(range, static_cast<int>(random.whole(1, 700)));
            compareColumns(series, plain, window, where);
            compareFast(series, plain, window, where);
            comparePoints(series, plain, range, where);
            compareRange(series, plain, range, where);
            compareStatistics(series, plain, range, where);
            compareNearest(series, plain, random.whole(range.from.us, range.to.us), where);
        }
    }

    void aViewThatMovesOnReadsWhatAFreshOneWould_data() { randomRows(); }
    void aViewThatMovesOnReadsWhatAFreshOneWould()
    {
        QFETCH(int, shape);
        QFETCH(int, count);
        QFETCH(int, seed);
        Random random{std::mt19937_64(static_cast<unsigned>(seed))};
        Series whole, series;
        Plain plain;
        fill(whole, plain, random, static_cast<Shape>(shape), count);
        if (plain.samples.size() < 2)
            return;
        const TimeRange all{{plain.samples.front().first}, {plain.samples.back().first + 1}};
        const auto width = static_cast<int>(random.whole(20, 400));
        const ColumnGrid grid = ColumnGrid::covering({all.from, {all.from.us + all.span() / random.whole(1, 12) + 1}}, width);
        ColumnCache cache;
        for (std::size_t i = 0; i < plain.samples.size(); ++i) {
            series.append({plain.samples[i].first}, plain.samples[i].second);
            if (random.whole(0, count / 60) != 0)
                continue;
            if (random.whole(0, 20) == 0)
                series.breakAt({plain.samples[i].first + 1});
            if (random.whole(0, 20) == 0)
                series.append({plain.samples[i / 2].first}, 77);
            const std::int64_t newest = grid.indexOf({plain.samples[i].first}) + random.whole(-3, 3);
            const ColumnWindow window{grid, newest - width + 1, width};
            const Columns& cached = cache.columns(series, window);
            const Columns fresh = series.columns(window);
            QCOMPARE(cached.before, fresh.before);
            QCOMPARE(cached.after, fresh.after);
            QCOMPARE(cached.columns.size(), fresh.columns.size());
            for (std::size_t c = 0; c < fresh.columns.size(); ++c) {
                const Column &a = cached.columns[c], &b = fresh.columns[c];
                QCOMPARE(a.count, b.count);
                QVERIFY(a.count == 0 || (a.min == b.min && a.max == b.max && a.first == b.first && a.last == b.last &&
                                         a.gapBefore == b.gapBefore && a.firstTime == b.firstTime && a.lastTime == b.lastTime));
            }
        }
    }

    void aClearedRangeIsGoneAndCanBeReadAgain()
    {
        Random random{std::mt19937_64(5)};
        Series series;
        Plain plain;
        fill(series, plain, random, Shape::Irregular, 20'000);
        for (int i = 0; i < 30; ++i) {
            const TimeRange range = randomWindow(random, plain);
            const std::vector<std::pair<std::int64_t, double>> before = plain.samples;
            series.clearRange(range);
            plain.clear(range);
            QCOMPARE(series.count(range), std::size_t(0));
            QCOMPARE(series.size(), plain.samples.size());
            for (const auto& [time, value] : before)
                if (range.contains({time})) {
                    series.append({time}, value);
                    plain.append(time, value);
                }
            QVERIFY(plain.samples.size() == before.size());
            comparePoints(series, plain, {Timestamp{-farthestTime}, Timestamp{farthestTime}}, "all");
            compareColumns(series, plain, ColumnWindow::of(randomWindow(random, plain), 300), "columns");
        }
    }

    void pagesThatAreReadNewestFirstComeOutInOrder()
    {
        Series series;
        constexpr int pages = 30, page = 1'000;
        for (int p = pages - 1; p >= 0; --p)
            for (int i = 0; i < page; ++i)
                series.append({(p * page + i) * second}, p * page + i);
        const std::vector<Point> points = series.points({{0}, {pages * page * second}});
        QCOMPARE(points.size(), std::size_t(pages * page));
        for (int i = 0; i < pages * page; ++i)
            QCOMPARE(points[static_cast<std::size_t>(i)].value, double(i));
    }

    void samplesThatComeBackwardsFillChunksToo()
    {
        Series series;
        constexpr int count = 100'000;
        for (int i = count; i > 0; --i)
            series.append({i * second}, i);
        QVERIFY2(series.chunks() <= count / Chunk::blockSize + 1, qPrintable(QString::number(series.chunks())));
        QVERIFY2(series.bytes() <= std::size_t{20} * count, qPrintable(QString::number(series.bytes())));
        QCOMPARE(series.points({{0}, {10 * second}}).size(), std::size_t{10}); // nine, and the one behind
        QCOMPARE(series.points({{0}, {10 * second}}).front().value, 1.0);
    }

    void aLinePausesAtGaps_data()
    {
        QTest::addColumn<int>("silence");
        QTest::addColumn<double>("factor");
        QTest::addColumn<bool>("gap");
        QTest::newRow("ten minutes in a series of seconds (chart-3)") << 600 << 5.0 << true;
        QTest::newRow("six intervals") << 6 << 5.0 << true;
        QTest::newRow("five intervals") << 5 << 5.0 << false;
        QTest::newRow("a wider rule") << 6 << 10.0 << false;
        QTest::newRow("no rule") << 600 << 0.0 << false;
    }
    void aLinePausesAtGaps()
    {
        QFETCH(int, silence);
        QFETCH(double, factor);
        QFETCH(bool, gap);
        Series series;
        series.setGapFactor(factor);
        std::int64_t time = 0;
        for (int i = 0; i < 600; ++i, time += second)
            series.append({time}, 1);
        time += (silence - 1) * second;
        const Timestamp resumed{time};
        for (int i = 0; i < 600; ++i, time += second)
            series.append({time}, 2);
        for (const Point& point : series.points({{0}, {time}}))
            QCOMPARE(point.gapBefore, point.time.us == 0 || (gap && point.time == resumed));
        for (const Column& column : series.columns({{0}, {time}}, 100).columns)
            if (column.count > 0)
                QCOMPARE(column.gapBefore, column.firstTime.us == 0 || (gap && column.firstTime == resumed && silence > 12));
    }

    void aNullAndABreakPauseTheLine()
    {
        Series series;
        for (int i = 0; i < 10; ++i)
            series.append({i * second}, i == 4 ? null : i);
        series.breakAt({7 * second + 1});
        QByteArray gaps;
        for (const Point& point : series.points({{0}, {10 * second}}))
            gaps += QByteArray::number(point.value) + (point.gapBefore ? "| " : " ");
        QCOMPARE(gaps, QByteArray("0| 1 2 3 5| 6 7 8| 9 "));
        const Columns columns = series.columns({{0}, {10 * second}}, 40, Detail::Exact);
        gaps.clear();
        for (const Column& column : columns.columns)
            if (column.count > 0)
                gaps += QByteArray::number(column.first) + (column.gapBefore ? "| " : " ");
        QCOMPARE(gaps, QByteArray("0| 1 2 3 5| 6 7 8| 9 "));
    }

    void gapsOfALongSeriesAreSeenAtEveryZoom()
    {
        Series series;
        std::vector<std::int64_t> resumed;
        std::int64_t time = 0;
        for (int run = 0; run < 40; ++run, time += 20'000 * second) {
            resumed.push_back(time);
            for (int i = 0; i < 4'000; ++i, time += second)
                series.append({time}, i);
        }
        for (const int width : {200, 800, 3'000}) {
            const Columns columns = series.columns({{0}, {time}}, width);
            std::size_t seen = 0;
            for (const Column& column : columns.columns)
                seen += column.count > 0 && column.gapBefore ? 1 : 0;
            QCOMPARE(seen, resumed.size());
        }
    }

    void unusableValuesAreCountedAndBreakTheLine()
    {
        Series series;
        const double inf = std::numeric_limits<double>::infinity();
        for (const double value : {1.0, 2.0, inf, null, -1e308, 1e308, -inf, 3.0})
            series.append({static_cast<std::int64_t>(series.size()) * second}, value);
        series.append(Timestamp::max(), 1);
        QCOMPARE(series.unusable(), std::size_t(3));
        QCOMPARE(series.size(), std::size_t(8));
        const auto range = series.valueRange({{0}, {8 * second}});
        QVERIFY(range);
        QCOMPARE(*range, (ValueRange{-1e308, 1e308}));
        QCOMPARE(series.points({{0}, {8 * second}}).size(), std::size_t(5));
    }

    void latePointsAreSortedIn()
    {
        Series series; // chart-2
        for (const int at : {840 * 60, 840 * 60 + 5, 840 * 60 + 10, 830 * 60, 830 * 60 + 5, 840 * 60 + 15})
            series.append({at * second}, at);
        QCOMPARE(series.late(), std::size_t(2));
        std::vector<double> order;
        for (const Point& point : series.points({{0}, {900 * 60 * second}}))
            order.push_back(point.value);
        QCOMPARE(order, (std::vector<double>{830 * 60, 830 * 60 + 5, 840 * 60, 840 * 60 + 5, 840 * 60 + 10, 840 * 60 + 15}));
    }

    void equalTimesStayInOrderOfArrival()
    {
        Series series;
        series.append({10}, 1);
        series.append({20}, 9);
        for (const double value : {2.0, 3.0})
            series.append({10}, value);
        std::vector<double> order;
        for (const Point& point : series.points({{0}, {30}}))
            order.push_back(point.value);
        QCOMPARE(order, (std::vector<double>{1, 2, 3, 9}));
        const auto nearest = series.nearest({11});
        QVERIFY(nearest);
        QCOMPARE(nearest->value, 3.0);
        QCOMPARE(nearest->values, std::size_t(3));
    }

    void aStateHoldsUntilTheNextOne_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<QByteArray>("held");
        QTest::newRow("before the first sample") << -1 << QByteArray();
        QTest::newRow("at a sample") << 0 << QByteArray("1 0-3");
        QTest::newRow("over samples that say the same") << 2 << QByteArray("1 0-3");
        QTest::newRow("another one") << 4 << QByteArray("2 3-5");
        QTest::newRow("a null ends it") << 5 << QByteArray();
        QTest::newRow("after the null") << 6 << QByteArray("2 6-8");
        QTest::newRow("a gap ends it with its last sample") << 8 << QByteArray("2 6-8");
        QTest::newRow("in the gap") << 50 << QByteArray();
        QTest::newRow("the newest one is open") << 101 << QByteArray("3 100-101 open");
        QTest::newRow("after it as well") << 500 << QByteArray("3 100-101 open");
    }
    void aStateHoldsUntilTheNextOne()
    {
        QFETCH(int, at);
        QFETCH(QByteArray, held);
        Series series;
        const std::pair<int, double> samples[] = {{0, 1}, {1, 1}, {2, 1}, {3, 2},   {4, 2},  {5, null},
                                                  {6, 2}, {7, 2}, {8, 2}, {100, 3}, {101, 3}};
        for (const auto& [time, value] : samples)
            series.append({time * second}, value);
        QByteArray found;
        if (const auto now = series.held({at * second}))
            found = QByteArray::number(now->value) + ' ' + QByteArray::number(now->span.from.us / second) + '-' +
                    QByteArray::number(now->span.to.us / second) + (now->isOpen ? " open" : "");
        QCOMPARE(found, held);
    }

    void aValueIsWhereALineIsDrawn_data()
    {
        QTest::addColumn<double>("time");
        QTest::addColumn<double>("nearest");
        QTest::addColumn<double>("earlier");
        QTest::newRow("before the first sample") << -0.1 << null << null;
        QTest::newRow("at the first sample") << 0.0 << 1.0 << 1.0;
        QTest::newRow("between two, nearer to the first") << 1.4 << 2.0 << 2.0;
        QTest::newRow("between two, nearer to the second") << 1.6 << 3.0 << 2.0;
        QTest::newRow("towards a null") << 2.4 << null << null;
        QTest::newRow("at a null") << 3.0 << null << null;
        QTest::newRow("from a null") << 3.9 << null << null;
        QTest::newRow("the last one before a gap") << 6.0 << 6.0 << 6.0;
        QTest::newRow("in a gap") << 50.0 << null << null;
        QTest::newRow("the first one after a gap") << 100.0 << 7.0 << 7.0;
        QTest::newRow("where a link was lost") << 100.5 << null << null;
        QTest::newRow("of several at one time the last") << 101.0 << 9.0 << 9.0;
        QTest::newRow("after the last sample") << 101.1 << null << null;
    }
    void aValueIsWhereALineIsDrawn()
    {
        QFETCH(double, time);
        Series series;
        const std::pair<int, double> samples[] = {{0, 1}, {1, 2}, {2, 3},   {3, null}, {4, 4},
                                                  {5, 5}, {6, 6}, {100, 7}, {101, 8},  {101, 9}};
        for (const auto& [at, value] : samples)
            series.append({at * second}, value);
        series.breakAt({100 * second + 1});
        const auto value = [&](Beside beside) {
            const auto found = series.at({std::llround(time * second)}, beside);
            return found ? found->value : null;
        };
        const double nearest = value(Beside::Nearest), earlier = value(Beside::Earlier);
        QTEST(nearest, "nearest");
        QTEST(earlier, "earlier");
    }

    void theLastValueIsTheNewestUsableOne()
    {
        Series series;
        QVERIFY(!series.last());
        series.append({1}, 7);
        series.append({2}, null);
        QCOMPARE(series.last()->value, 7.0);
        QCOMPARE(series.last()->time.us, std::int64_t(1));
    }

    void statisticsOfExtremeValuesAreFiniteOrNotThere()
    {
        Series series;
        for (const double value : {1.7e308, -1.7e308, 1.7e308, 1.6e308})
            series.append({static_cast<std::int64_t>(series.size()) * second}, value);
        const Statistics statistics = series.statistics({{0}, {10 * second}});
        QCOMPARE(statistics.mean, 1.7e308 / 2 - 0.025e308);
        QVERIFY(!statistics.standardDeviation);
        QVERIFY(!statistics.slopePerSecond);
    }

    void aSmallChangeOnALargeValueKeepsItsDigits()
    {
        Series series;
        for (int i = 0; i < 20'000; ++i)
            series.append({1'700'000'000 * second + i * second}, 1e9 + 0.001 * i);
        const Statistics statistics = series.statistics({{0}, {1'800'000'000 * second}});
        QVERIFY(std::abs(*statistics.slopePerSecond - 0.001) < 1e-9);
        QVERIFY(std::abs(*statistics.standardDeviation - 5.7736) < 1e-3);
    }

    void aSampleTakesAtMostThirteenBytesAndAHalf()
    {
        Series series;
        for (int i = 0; i < 1'000'000; ++i)
            series.append({i * std::int64_t{1000}}, i);
        QVERIFY2(static_cast<double>(series.bytes()) <= 13.5e6, qPrintable(QString::number(series.bytes())));
    }

    void aSlowSeriesStaysInFewChunks()
    {
        Series series;
        for (int i = 0; i < 8'759; ++i)
            series.append({i * 3600 * second}, i);
        QVERIFY(series.chunks() <= 3);
    }
};

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
