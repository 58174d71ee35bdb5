// The parts of a chart that decide with values: view, axes, lines in pixels, the sample under the pointer.
#include "ui/chart/autoscale.h"
#include "ui/chart/hover.h"
#include "ui/chart/scales.h"
#include "ui/chart/stroke.h"
#include "ui/chart/trace.h"
#include "ui/chart/viewport.h"
#include "ui/chart/zonetext.h"

#include <QtTest/QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr double null = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t white = 0xFFFFFFFF, black = 0xFF000000;

/// A black picture that lines are painted on in white.
struct Picture {
    std::vector<std::uint32_t> pixels;
    PixelBuffer buffer;

    Picture(int width, int height)
        : pixels(static_cast<std::size_t>(width * height), black)
        , buffer{pixels.data(), width, height, width}
    {
    }
    bool isLit(int x, int y) const
    {
        return x >= 0 && y >= 0 && x < buffer.width && y < buffer.height && (buffer.row(y)[x] & 0xFF) > 0;
    }
    bool isLitNear(double x, double y, int dx, int dy) const
    {
        for (int i = -dx; i <= dx; ++i)
            for (int j = -dy; j <= dy; ++j)
                if (isLit(static_cast<int>(std::floor(x)) + i, static_cast<int>(std::floor(y)) + j))
                    return true;
        return false;
    }
    bool columnIsEmpty(int x) const
    {
        for (int y = 0; y < buffer.height; ++y)
            if (isLit(x, y))
                return false;
        return true;
    }
    int grey(int x, int y) const { return static_cast<int>(buffer.row(y)[x] & 0xFF); }
};

Picture drawn(const Series& series, SeriesKind kind, const TimeScale& time, const ValueScale& values)
{
    Picture picture(time.width(), values.height());
    Trace(series, kind, time).line(values, 1.6).paint(picture.buffer, white);
    return picture;
}

Viewport withData(std::int64_t from, std::int64_t to)
{
    Viewport viewport;
    viewport.setData(TimeRange{{from}, {to}});
    return viewport;
}

} // namespace

class TestChartParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // --- The view

    void aNewViewShowsEverythingAndGrows()
    {
        Viewport viewport = withData(0, 100 * second);
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {100 * second}}));
        viewport.setData(TimeRange{{0}, {200 * second}});
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {200 * second}}));
        QVERIFY(viewport.isFollowing());
    }

    void liveDataLeavesAZoomedViewAlone()
    {
        Viewport viewport = withData(0, 100 * second); // chart-7
        viewport.zoom(0.5, 0.25, 0);
        QVERIFY(!viewport.isFollowing());
        const View zoomed = viewport.view();
        QCOMPARE(zoomed.time, (TimeRange{{12'500'000}, {62'500'000}}));
        for (int i = 0; i < 1'000; ++i)
            viewport.setData(TimeRange{{0}, {(100 + i) * second}});
        QCOMPARE(viewport.view(), zoomed);
        viewport.setFollowing(true);
        QCOMPARE(viewport.view().time, (TimeRange{{1'049 * second}, {1'099 * second}}));
    }

    void zoomKeepsWhatIsUnderThePointer_data()
    {
        QTest::addColumn<double>("factor");
        QTest::addColumn<double>("anchor");
        for (const double factor : {0.8, 1.25, 0.01, 40.0})
            for (const double anchor : {0.0, 0.3, 1.0})
                QTest::addRow("factor %g at %g", factor, anchor) << factor << anchor;
    }
    void zoomKeepsWhatIsUnderThePointer()
    {
        QFETCH(double, factor);
        QFETCH(double, anchor);
        Viewport viewport = withData(1'700'000'000 * second, 1'700'000'600 * second);
        const auto under = [&] {
            return static_cast<double>(viewport.view().time.from.us) + anchor * static_cast<double>(viewport.view().time.span());
        };
        const double before = under();
        viewport.zoom(factor, anchor, 0);
        QVERIFY(std::abs(under() - before) <= 1);
    }

    void zoomHasLimitsAtBothEnds()
    {
        Viewport viewport = withData(1'700'000'000 * second, 1'700'000'600 * second);
        for (int i = 0; i < 300; ++i)
            viewport.zoom(0.8, 0.5, i * 2'000);
        QCOMPARE(viewport.view().time.span(), Viewport::shortest);
        for (int i = 0; i < 500; ++i)
            viewport.zoom(1.25, 0.5, i * 2'000);
        QCOMPARE(viewport.view().time.span(), Viewport::longest);
        for (int i = 0; i < 1'000; ++i)
            viewport.pan(100, i * 2'000);
        QVERIFY(isUsable(viewport.view().time.from) && isUsable(viewport.view().time.to));
    }

    void aPanMovesAtLeastAMicrosecond()
    {
        Viewport viewport = withData(0, 3);
        viewport.pan(0.1, 0);
        QCOMPARE(viewport.view().time, (TimeRange{{1}, {4}}));
        viewport.pan(-0.1, 0);
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {3}}));
    }

    void backAndForwardWalkThroughViews()
    {
        Viewport viewport = withData(0, 100 * second);
        QVERIFY(!viewport.canGoBack());
        viewport.zoom(0.5, 0, 0);
        const View first = viewport.view();
        viewport.show({{{1}, {2'000}}, {{AxisId{0, "K"}, ValueRange{1, 2}}}});
        const View second = viewport.view();
        viewport.back();
        QCOMPARE(viewport.view(), first);
        viewport.back();
        QVERIFY(viewport.isFollowing() && !viewport.canGoBack());
        viewport.forward();
        viewport.forward();
        QCOMPARE(viewport.view(), second);
        QVERIFY(!viewport.canGoForward());
        viewport.back();
        viewport.zoom(0.5, 0, 60'000);
        QVERIFY(!viewport.canGoForward());
    }

    void aTurnOfTheWheelIsOneStepBack()
    {
        Viewport viewport = withData(0, 100 * second);
        for (int i = 0; i < 10; ++i)
            viewport.zoom(0.8, 0.5, i * 100);
        viewport.back();
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {100 * second}}));
    }

    void fitShowsAllAndKeepsFollowing()
    {
        Viewport viewport = withData(0, 100 * second);
        viewport.showLast(10 * second);
        QCOMPARE(viewport.view().time, (TimeRange{{90 * second}, {100 * second}}));
        viewport.fit();
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {100 * second}}));
        QVERIFY(viewport.isFollowing());
        viewport.zoom(0.5, 0.5, 0);
        viewport.fit();
        QVERIFY(!viewport.isFollowing());
        viewport.setData(TimeRange{{0}, {200 * second}});
        QCOMPARE(viewport.view().time, (TimeRange{{0}, {100 * second}}));
    }

    // --- The value axis

    void theAxisHoldsItsValues_data()
    {
        QTest::addColumn<double>("min");
        QTest::addColumn<double>("max");
        QTest::newRow("usual") << 9.1 << 12.4;
        QTest::newRow("constant") << 5.0 << 5.0;
        QTest::newRow("zero") << 0.0 << 0.0;
        QTest::newRow("negative constant") << -1e-12 << -1e-12;
        QTest::newRow("the greatest there are (chart-4)") << -1e308 << 1.7e308;
        QTest::newRow("the greatest, constant") << 1.79e308 << 1.79e308;
        QTest::newRow("the least there is") << 0.0 << 5e-324;
        QTest::newRow("large with a small signal") << 1e9 << 1e9 + 0.001;
        QTest::newRow("neighbouring doubles") << 1.0 << std::nextafter(1.0, 2.0);
        QTest::newRow("false and true (chart-5)") << 0.0 << 1.0;
    }
    void theAxisHoldsItsValues()
    {
        QFETCH(double, min);
        QFETCH(double, max);
        const ValueRange range = AutoScale::around({min, max});
        QVERIFY(std::isfinite(range.min) && std::isfinite(range.max));
        QVERIFY(range.min <= min && max <= range.max && range.min < range.max);
        const ValueScale scale(range, 400);
        for (const double value : {min, max}) {
            QVERIFY(scale.y(value) >= 0 && scale.y(value) <= 400);
        }
    }

    void theAxisGrowsAtOnceAndShrinksLater()
    {
        AutoScale scale;
        scale.update(ValueRange{0, 10}, 0);
        const ValueRange first = scale.range();
        scale.update(ValueRange{1, 9}, 100);
        QCOMPARE(scale.range(), first);
        scale.update(ValueRange{0, 100}, 200);
        QVERIFY(scale.range().max >= 100);
        const ValueRange grown = scale.range();
        scale.update(ValueRange{0, 10}, 300);
        scale.update(ValueRange{0, 10}, 2'200);
        QCOMPARE(scale.range(), grown);
        QCOMPARE(scale.shrinksAtMs(), std::optional<std::int64_t>(2'300));
        AutoScale emptied = scale;
        emptied.update(std::nullopt, 2'250);
        QVERIFY(!emptied.shrinksAtMs()); // nothing is due while nothing is visible
        QCOMPARE(emptied.range(), grown);
        scale.update(ValueRange{0, 10}, 2'300);
        QCOMPARE(scale.range(), first);
        scale.restart();
        scale.update(ValueRange{0, 1}, 2'301);
        QVERIFY(scale.range().max < 2);
    }

    void timeAndPixelsAgree()
    {
        std::mt19937_64 random(3);
        for (int i = 0; i < 5'000; ++i) {
            const auto span = static_cast<std::int64_t>(std::exp2(std::uniform_real_distribution(0.0, 52.0)(random)));
            const std::int64_t from = static_cast<std::int64_t>(random() % 4'000'000'000'000'000) - 2'000'000'000'000'000;
            const TimeScale scale({{from}, {from + span}}, 2 + static_cast<int>(random() % 3'000));
            for (int k = 0; k < 5; ++k) {
                const Timestamp time{from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span))};
                const double x = scale.x(time);
                QVERIFY(x >= -1e-6 && x <= scale.width() + 1e-6);
                QVERIFY(std::abs(scale.time(x + 1e-6).us - time.us) <= 1 + static_cast<std::int64_t>(scale.usPerPx() * 1e-5));
            }
        }
    }

    // --- Lines in pixels

    void aLineIsAsWideAsAsked_data()
    {
        QTest::addColumn<double>("width");
        QTest::addColumn<double>("dy");
        for (const double width : {1.0, 1.6, 2.0, 5.0})
            for (const double dy : {0.0, 20.0, 80.0})
                QTest::addRow("%g px, rising by %g", width, dy) << width << dy;
    }
    void aLineIsAsWideAsAsked()
    {
        QFETCH(double, width);
        QFETCH(double, dy);
        Picture picture(120, 120);
        Stroke stroke(120, 120, width, Stroke::Density::Segments);
        stroke.addSegment(10, 20, 110, 20 + dy);
        stroke.paint(picture.buffer, white);
        // The light of a vertical cut is the width along the cut.
        for (const int x : {30, 60, 90}) {
            int light = 0;
            for (int y = 0; y < 120; ++y)
                light += picture.grey(x, y);
            QVERIFY2(std::abs(light / 255.0 - width * std::hypot(1, dy / 100)) < 0.06,
                     qPrintable(QString::number(light / 255.0)));
        }
        QVERIFY(picture.columnIsEmpty(5) && picture.columnIsEmpty(115));
    }

    void dashesLeaveOutTheirGaps()
    {
        Picture picture(90, 20);
        Stroke stroke(90, 20, 2, Stroke::Density::Segments);
        stroke.addSegment(-5, 10, 95, 10);
        stroke.paint(picture.buffer, white, {6, 3, -2});
        for (int x = 0; x < 90; ++x)
            QCOMPARE(picture.columnIsEmpty(x), (x - 2 + 9) % 9 >= 6);
    }

    void noExtremeValueIsHiddenAtAnyZoom_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void noExtremeValueIsHiddenAtAnyZoom()
    {
        QFETCH(int, seed);
        std::mt19937_64 random(static_cast<unsigned>(seed));
        const auto real = [&](double from, double to) { return std::uniform_real_distribution(from, to)(random); };
        Series series;
        std::vector<std::pair<Timestamp, double>> samples;
        std::int64_t time = 1'700'000'000 * second;
        for (int i = 0; i < 40'000; ++i) {
            time += static_cast<std::int64_t>(real(0, 4'000)) + (real(0, 1) < 0.0005 ? 3 * second : 0);
            const double value = real(0, 1) < 0.001  ? real(-100, 100)
                                 : real(0, 1) < 0.01 ? null
                                                     : std::sin(i * 1e-3) * 10 + real(-1, 1);
            series.append({time}, value);
            samples.emplace_back(Timestamp{time}, value);
        }
        const std::int64_t all = time - samples.front().first.us;
        for (int view = 0; view < 25; ++view) {
            const auto span =
                std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(all) * std::exp(real(-14, 0.3))));
            const std::int64_t from =
                samples.front().first.us + static_cast<std::int64_t>(real(-0.1, 1) * static_cast<double>(all));
            const TimeScale timeScale({{from}, {from + span}}, static_cast<int>(real(50, 900)));
            const ValueScale valueScale({-100, 100}, 300);
            const Picture picture = drawn(series, SeriesKind::Number, timeScale, valueScale);
            for (const auto& [at, value] : samples) {
                if (std::isnan(value) || !timeScale.range().contains(at))
                    continue;
                const QString where = QStringLiteral("view %1, sample at %2").arg(view).arg(at.us);
                QVERIFY2(picture.isLitNear(timeScale.x(at), valueScale.y(value), 1, 1), qPrintable(where));
            }
        }
    }

    void aGapIsLeftEmpty_data()
    {
        QTest::addColumn<int>("perSecond");
        QTest::newRow("few samples") << 1;
        QTest::newRow("many samples") << 200;
    }
    void aGapIsLeftEmpty()
    {
        QFETCH(int, perSecond);
        Series series; // chart-3
        const auto run = [&](int fromSecond, int toSecond) {
            for (int i = fromSecond * perSecond; i < toSecond * perSecond; ++i)
                series.append({i * second / perSecond}, 5);
        };
        run(0, 100);
        run(200, 300);
        const TimeScale time({{0}, {300 * second}}, 600);
        const Picture picture = drawn(series, SeriesKind::Number, time, ValueScale({0, 10}, 100));
        for (int x = 0; x < 600; ++x) {
            const Timestamp at = time.time(x);
            if (at.us > 101 * second && at.us < 198 * second)
                QVERIFY(picture.columnIsEmpty(x));
            if ((at.us > second && at.us < 98 * second) || (at.us > 201 * second && at.us < 297 * second))
                QVERIFY(picture.isLit(x, 50));
        }
        const auto gaps = Trace(series, SeriesKind::Number, time).gaps(8);
        QCOMPARE(gaps.size(), std::size_t(1));
        QVERIFY(std::abs(gaps[0].from.us - 100 * second) <= second && std::abs(gaps[0].to.us - 200 * second) <= second);
    }

    void aSampleBetweenTwoGapsIsSeen()
    {
        Series series;
        for (const double value : {null, 5.0, null})
            series.append({static_cast<std::int64_t>(series.size()) * second}, value);
        const TimeScale time({{0}, {2 * second}}, 200);
        const Picture picture = drawn(series, SeriesKind::Number, time, ValueScale({0, 10}, 100));
        QVERIFY(picture.isLit(static_cast<int>(time.x({second})), 50));
    }

    void aBooleanIsAStep()
    {
        Series series; // chart-5
        for (int i = 0; i < 10; ++i)
            series.append({i * second}, i % 2);
        const TimeScale time({{0}, {9 * second}}, 900);
        const ValueScale values({-0.5, 1.5}, 200);
        const Picture picture = drawn(series, SeriesKind::Boolean, time, values);
        for (int i = 0; i < 8; ++i) {
            const double x = time.x({i * second + second / 2});
            QVERIFY(picture.isLitNear(x, values.y(i % 2), 0, 1));
            QVERIFY(!picture.isLit(static_cast<int>(x), 100)); // no slope half-way
        }
    }

    void aLineCrossesAViewBetweenTwoSamples()
    {
        Series series;
        series.append({0}, 0);
        series.append({1'000 * second}, 10);
        const TimeScale time({{500 * second}, {500 * second + 1}}, 100);
        const Trace trace(series, SeriesKind::Number, time);
        const auto range = trace.values();
        QVERIFY(range);
        QVERIFY(std::abs(range->min - 5) < 1e-6 && std::abs(range->max - 5) < 1e-6);
        const Picture picture = drawn(series, SeriesKind::Number, time, ValueScale({4, 6}, 100));
        for (int x = 0; x < 100; ++x)
            QVERIFY(picture.isLit(x, 50));
    }

    void valuesBeyondTheAxisLeaveThePlotAtItsEdge()
    {
        Series series;
        for (const double value : {0.0, 1e300, 0.0, -1e300, 0.0})
            series.append({static_cast<std::int64_t>(series.size()) * second}, value);
        const TimeScale time({{0}, {4 * second}}, 400);
        const Picture picture = drawn(series, SeriesKind::Number, time, ValueScale({-1, 1}, 100));
        QVERIFY(picture.isLitNear(1, 20, 1, 1));
        QVERIFY(picture.isLitNear(time.x({2 * second}), 20, 1, 1));
        QVERIFY(picture.columnIsEmpty(static_cast<int>(time.x({second}))));
    }

    // --- The sample under the pointer

    void thePointerFindsTheNearestSampleExactly()
    {
        Series a, b;
        for (int i = 0; i < 1'000; ++i) {
            a.append({i * second + 123}, 0.1 + i);
            b.append({i * second}, 2'000);
        }
        const TimeScale time({{0}, {1'000 * second}}, 1'000);
        const ValueScale values({0, 3'000}, 300);
        const std::vector<HoverCandidate> candidates{{1, &a, values}, {2, &b, values}};
        const auto onA = hovered(candidates, time, time.x({500 * second}), values.y(500), 3);
        QCOMPARE(onA, (std::optional<Hovered>({1, {500 * second + 123}, 500.1, 1})));
        const auto onB = hovered(candidates, time, time.x({700 * second}), values.y(1'900), 3);
        QVERIFY(onB && onB->id == 2 && onB->value == 2'000);
        QVERIFY(!hovered({}, time, 10, 10, 3));
    }

    void thePointerSaysHowManyShareATime()
    {
        Series series;
        for (const double value : {1.0, 2.0, 3.0})
            series.append({second}, value);
        const TimeScale time({{0}, {2 * second}}, 100);
        const ValueScale values({0, 4}, 100);
        const auto found = hovered({{7, &series, values}}, time, 80, values.y(2), 3);
        QVERIFY(found);
        QCOMPARE(found->values, std::size_t(3));
    }

    // --- Zones

    void zonesAreNamed()
    {
        const Timestamp winter{1'700'000'000 * second};
        QCOMPARE(zoneText(QTimeZone("America/Los_Angeles"), winter), QStringLiteral("America/Los_Angeles (PST, UTC\u22128)"));
        QCOMPARE(zoneText(QTimeZone("Asia/Kolkata"), winter), QStringLiteral("Asia/Kolkata (IST, UTC+5:30)"));
        const Timestamp change{1'729'990'800 * second}; // 2024-10-27T01:00:00Z
        QCOMPARE(zoneText(QTimeZone("Europe/Berlin"), TimeRange{{change.us - second}, {change.us + second}}),
                 QStringLiteral("Europe/Berlin (CEST, UTC+2; then CET, UTC+1)"));
        QCOMPARE(zoneText(QTimeZone::utc(), winter), QStringLiteral("UTC"));
        QCOMPARE(zoneText(QTimeZone("Etc/UTC"), winter), QStringLiteral("UTC"));
        QCOMPARE(zoneName(QTimeZone("Etc/UTC")), QStringLiteral("UTC"));
        QCOMPARE(zoneName(QTimeZone("America/Los_Angeles")), QStringLiteral("America/Los_Angeles"));
        QCOMPARE(momentText({winter.us + 250'000}, QTimeZone("America/Los_Angeles"), QLocale::c()),
                 QStringLiteral("14 Nov 2023, 14:13:20.25 PST"));
    }

    void clocksAreLocalOnBothSidesOfAChange()
    {
        const QTimeZone berlin("Europe/Berlin");        // chart-1
        const Timestamp change{1'729'990'800 * second}; // 2024-10-27T01:00:00Z
        QCOMPARE(momentText({change.us - 1}, berlin, QLocale::c()), QStringLiteral("27 Oct 2024, 02:59:59.999999 CEST"));
        QCOMPARE(momentText(change, berlin, QLocale::c()), QStringLiteral("27 Oct 2024, 02:00:00 CET"));
    }

    void durationsAreShort_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QString>("text");
        QTest::newRow("microseconds") << qint64(15) << QStringLiteral("15 \u00B5s");
        QTest::newRow("milliseconds") << qint64(250'000) << QStringLiteral("250 ms");
        QTest::newRow("seconds") << qint64(93) * second << QStringLiteral("93 s");
        QTest::newRow("minutes") << qint64(182) * second << QStringLiteral("3 min 2 s");
        QTest::newRow("hours") << qint64(7'500) * second << QStringLiteral("2 h 5 min");
        QTest::newRow("days") << qint64(4 * 86'400) * second << QStringLiteral("4 d");
    }
    void durationsAreShort()
    {
        QFETCH(qint64, us);
        QTEST(durationText(us), "text");
    }
};

QTEST_GUILESS_MAIN(TestChartParts)
#include "tst_chartparts.moc"
