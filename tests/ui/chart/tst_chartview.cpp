// The chart as a widget: pixels, mouse, keys, and what it does not do while hidden.
#include "ui/chart/chartparts.h"
#include "ui/chart/chartview.h"

#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QWheelEvent>
#include <QtTest/QtTest>

#include <cmath>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'700'000'000 * second;

QPalette paletteOf(bool dark)
{
    QPalette palette;
    palette.setColor(QPalette::Base, dark ? QColor(0x19, 0x1C, 0x1F) : QColor(0xFF, 0xFF, 0xFF));
    palette.setColor(QPalette::Text, dark ? QColor(0xE3, 0xE6, 0xE9) : QColor(0x1A, 0x20, 0x26));
    return palette;
}

/// A chart of 600 samples, one a second, with one spike, shown at 600 x 300.
struct Fixture {
    std::shared_ptr<SeriesSet> set = std::make_shared<SeriesSet>();
    SeriesId id = set->add({"Oven", "°C", SeriesKind::Number});
    ChartView view;

    Fixture()
    {
        for (int i = 0; i < 600; ++i)
            set->append(id, {start + i * second}, i == 300 ? 100 : 20);
        view.setTimeZone(QTimeZone::utc());
        view.setLocale(QLocale::c());
        view.setSeries(set);
        view.resize(600, 300);
    }
    void show()
    {
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTRY_VERIFY(view.frames() > 0);
    }
    void append(int count)
    {
        for (int i = 0; i < count; ++i)
            set->append(id, {set->series(id).lastTime().us + second}, 20);
        view.dataChanged();
    }
    void wheel(QPoint at, int delta)
    {
        QWheelEvent event(at, view.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
    }
};

int count(const QImage& image, QRect rect, QRgb color)
{
    int found = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y)
        for (int x = rect.left(); x <= rect.right(); ++x)
            found += image.valid(x, y) && (image.pixel(x, y) | 0xFF000000) == (color | 0xFF000000) ? 1 : 0;
    return found;
}

} // namespace

class TestChartView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// data-6: a record of a motor at 1 kHz begins at 0 and ends at 0.755 s.
    void anAxisThatCountsFromAnOriginHasTheDigitsOfItsZoom_data()
    {
        QTest::addColumn<qint64>("originUs");
        QTest::addColumn<qint64>("fromUs");
        QTest::addColumn<qint64>("toUs");
        QTest::addColumn<QString>("labels");
        const auto row = [](const char* name, qint64 originUs, qint64 fromUs, qint64 toUs, const char* labels) {
            QTest::newRow(name) << originUs << fromUs << toUs << QString::fromUtf8(labels);
        };
        row("all of it, from the beginning of time", 0, 0, 755'000, "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7");
        row("ten milliseconds", 0, 100'000, 110'000, "0.100 0.102 0.104 0.106 0.108 0.110");
        row("ten microseconds", 0, 100'000, 100'010, "0.100000 0.100002 0.100004 0.100006 0.100008 0.100010");
        row("ten microseconds at the origin", start + 1, start + 1, start + 11, "0.000000 0.000002 0.000004 0.000006 0.000008 0.000010");
        row("an hour", 0, 0, 3'600 * second, "0 500 1000 1500 2000 2500 3000 3500");
        row("from a moment of today's", start, start, start + 755'000, "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7");
        row("before the origin", start, start - 2 * second, start + 2 * second, "−2.0 −1.5 −1.0 −0.5 0.0 0.5 1.0 1.5 2.0");
    }
    void anAxisThatCountsFromAnOriginHasTheDigitsOfItsZoom()
    {
        QFETCH(qint64, originUs);
        QFETCH(qint64, fromUs);
        QFETCH(qint64, toUs);
        FrameInput input;
        input.origin = Timestamp{originUs};
        const TimeScale time({{fromUs}, {toUs}}, 600);
        QStringList labels;
        for (const TimeTick& tick : frameTimeTicks(input, time)) {
            labels << QString::fromStdString(tick.text);
            // Each stands where it says, to the microsecond.
            const double seconds = QString(labels.last()).replace(QChar(0x2212), u'-').toDouble();
            QCOMPARE(qint64(tick.time.us - originUs), qint64(std::llround(seconds * 1e6)));
        }
        QTEST(labels.join(u' '), "labels");
    }

    /// The same instants with a clock at the axis: milliseconds are told there, too.
    void anAxisWithAClockTellsMilliseconds()
    {
        FrameInput input;
        QStringList labels;
        for (const TimeTick& tick : frameTimeTicks(input, TimeScale({{start + 100'000}, {start + 110'000}}, 600)))
            labels << QString::fromStdString(tick.text);
        QVERIFY(labels.size() >= 2);
        QVERIFY2(labels.first().contains(QStringLiteral("20.10")), qPrintable(labels.join(u' ')));
    }

    void aPictureHasItsColoursAndTheSpike_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<qreal>("ratio");
        QTest::newRow("light, 100 %") << false << 1.0;
        QTest::newRow("light, 200 %") << false << 2.0;
        QTest::newRow("dark, 100 %") << true << 1.0;
        QTest::newRow("dark, 150 %") << true << 1.5;
        QTest::newRow("dark, 200 %") << true << 2.0;
    }
    void aPictureHasItsColoursAndTheSpike()
    {
        QFETCH(bool, dark);
        QFETCH(qreal, ratio);
        Fixture chart;
        chart.view.setPalette(paletteOf(dark));
        const QImage image = chart.view.picture(ratio);
        QCOMPARE(image.size(), QSize(qRound(600 * ratio), qRound(300 * ratio)));
        const ChartColors& colors = dark ? ChartColors::dark() : ChartColors::light();
        const auto px = [ratio](int logical) { return qRound(logical * ratio); };
        QCOMPARE(image.pixelColor(px(3), px(150)), colors.background);
        QCOMPARE(image.pixelColor(image.width() - 3, px(3)), colors.pane);
        // The line fills the width at 20; the spike alone is in the upper half of the plot, in its middle.
        const QRgb line = colors.seriesColor(0).rgb();
        const QRect upper(px(60), px(50), px(480), px(70));
        QVERIFY(count(image, upper, line) > 20 * ratio);
        const QRect beside(px(60), px(50), px(180), px(70));
        QCOMPARE(count(image, beside, line), 0);
        QVERIFY(count(image, image.rect(), colors.grid.rgb()) > 200);
    }

    void aChartWithoutDataSaysSo()
    {
        ChartView view;
        view.resize(400, 200);
        const QImage empty = view.picture(1);
        QVERIFY(count(empty, empty.rect(), ChartColors::of(view.palette()).grid.rgb()) == 0);
        QCOMPARE(view.accessibleDescription(), QStringLiteral("No series."));
    }

    void aStateUnderThePointerTellsItsNameAndSpan()
    {
        auto set = std::make_shared<SeriesSet>();
        const SeriesId oven = set->add({"Oven", "°C", SeriesKind::Number, {}});
        const SeriesId sky = set->add({"Sky", "", SeriesKind::State, {"sun", "rain"}});
        for (int i = 0; i < 600; ++i) {
            set->append(oven, {start + i * second}, 20);
            set->append(sky, {start + i * second}, i < 200 ? 0 : 1);
        }
        ChartView view;
        view.setSeries(set);
        view.resize(600, 300);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.renderNow();
        QPoint lane; // the lowest place in the plot that is a lane
        for (int y = view.height() - 1; y > 0 && lane.isNull(); --y) {
            QTest::mouseMove(&view, {300, y});
            if (view.hoveredSample() && view.hoveredSample()->id == sky)
                lane = {300, y};
        }
        QVERIFY(!lane.isNull());
        const auto rain = view.hoveredSample();
        QCOMPARE(rain->value, 1.0);
        QVERIFY(rain->held);
        QCOMPARE(*rain->held, (Held{{{start + 200 * second}, {start + 599 * second}}, 1, true}));
        QTest::mouseMove(&view, {100, lane.y()});
        QCOMPARE(*view.hoveredSample()->held, (Held{{{start}, {start + 200 * second}}, 0, false}));
        QTest::mouseMove(&view, {100, 100});
        QCOMPARE(view.hoveredSample()->id, oven);
    }

    void twoFingersZoomInTime_data()
    {
        QTest::addColumn<double>("spread");
        QTest::addColumn<double>("span");
        QTest::newRow("apart: nearer") << 1.0 << 0.5;
        QTest::newRow("together: farther") << -0.5 << 2.0;
        QTest::newRow("nothing that can be") << -1.0 << 1.0;
    }
    void twoFingersZoomInTime()
    {
        QFETCH(double, spread);
        QFETCH(double, span);
        Fixture chart;
        chart.show();
        chart.view.setView({{{start + 200 * second}, {start + 400 * second}}, {}});
        chart.view.renderNow();
        const QPointF at(300, 150);
        QNativeGestureEvent event(Qt::ZoomNativeGesture, QPointingDevice::primaryPointingDevice(), 2, at, at, at, spread, {});
        QApplication::sendEvent(&chart.view, &event);
        const double zoomed = static_cast<double>(chart.view.view().time.span()) / (200.0 * second);
        QVERIFY2(std::abs(zoomed - span) < 1e-3, qPrintable(QString::number(zoomed)));
        QVERIFY(chart.view.view().time.contains({start + 300 * second}));
    }

    void whatMadeRoomIsDrawnAndSaid()
    {
        auto set = std::make_shared<SeriesSet>(200'000);
        const SeriesId id = set->add({"Oven", "°C", SeriesKind::Number, {}});
        for (int i = 0; i < 60'000; ++i)
            set->append(id, {start + i * second}, i == 1234 ? 100 : 20);
        ChartView view;
        view.setPalette(paletteOf(false));
        view.setSeries(set);
        view.resize(600, 300);
        view.fit();
        QCOMPARE(view.view().time.from.us, start); // from the first value on, and not from the first that is left
        const QImage image = view.picture(1);
        const ChartColors& colors = ChartColors::light();
        QVERIFY(count(image, image.rect(), colors.gap.rgb()) > 50);
        QVERIFY(count(image, {40, 60, 60, 100}, colors.seriesColor(0).rgb()) > 50); // the spike, though it is gone
        view.setView({{{start + 50'000 * second}, {start + 60'000 * second}}, {}});
        const QImage recent = view.picture(1);
        QCOMPARE(count(recent, recent.rect(), colors.gap.rgb()), 0);
    }

    void newDataMovesAViewThatFollows()
    {
        Fixture chart;
        chart.show();
        chart.view.showLast(60 * second);
        QSignalSpy moved(&chart.view, &ChartView::viewChanged);
        chart.append(100);
        QTRY_COMPARE(chart.view.view().time.to.us, start + 699 * second + 1);
        QVERIFY(moved.count() >= 1);
        QCOMPARE(chart.view.view().time.span(), 60 * second);
    }

    void theWheelZoomsAndLiveDataLeavesTheViewAlone()
    {
        Fixture chart; // chart-7
        chart.show();
        QSignalSpy follow(&chart.view, &ChartView::followChanged);
        chart.wheel({300, 150}, 120);
        QVERIFY(!chart.view.isFollowing());
        QCOMPARE(follow.count(), 1);
        QVERIFY(chart.view.view().time.span() < 500 * second);
        const View zoomed = chart.view.view();
        const auto frames = chart.view.frames();
        chart.append(1'000);
        QTRY_VERIFY(chart.view.frames() > frames);
        QCOMPARE(chart.view.view(), zoomed);
        chart.view.setFollow(true);
        QCOMPARE(chart.view.view().time.to.us, start + 1'599 * second + 1);
        QCOMPARE(chart.view.view().time.span(), zoomed.time.span());
        QCOMPARE(follow.count(), 2);
    }

    void aDragPansByWhatThePointerMoved()
    {
        Fixture chart;
        chart.show();
        chart.wheel({300, 150}, 480);
        const View before = chart.view.view();
        QTest::mousePress(&chart.view, Qt::LeftButton, {}, {300, 150});
        QTest::mouseMove(&chart.view, {200, 150});
        QTest::mouseRelease(&chart.view, Qt::LeftButton, {}, {200, 150});
        QCOMPARE(chart.view.view().time.span(), before.time.span());
        QVERIFY(chart.view.view().time.from > before.time.from);
    }

    void aBoxZoomsTimeAndValues_data()
    {
        QTest::addColumn<Qt::MouseButton>("button");
        QTest::addColumn<Qt::KeyboardModifier>("modifier");
        QTest::newRow("right drag") << Qt::RightButton << Qt::NoModifier;
        QTest::newRow("Shift and drag") << Qt::LeftButton << Qt::ShiftModifier;
    }
    void aBoxZoomsTimeAndValues()
    {
        QFETCH(Qt::MouseButton, button);
        QFETCH(Qt::KeyboardModifier, modifier);
        Fixture chart;
        chart.show();
        QTest::mousePress(&chart.view, button, modifier, {200, 80});
        QTest::mouseMove(&chart.view, {400, 180});
        QTest::mouseRelease(&chart.view, button, modifier, {400, 180});
        QVERIFY(!chart.view.view().values.empty());
        QVERIFY(chart.view.view().time.span() < 300 * second);
        QVERIFY(chart.view.canGoBack());
        QTest::keyClick(&chart.view, Qt::Key_Backspace);
        QVERIFY(chart.view.view().values.empty());
        QVERIFY(chart.view.isFollowing());
    }

    void aRightClickAsksForAMenuAndZoomsNothing()
    {
        Fixture chart;
        chart.show();
        const View before = chart.view.view();
        QSignalSpy menu(&chart.view, &QWidget::customContextMenuRequested);
        QTest::mouseClick(&chart.view, Qt::RightButton, {}, {300, 150});
        QCOMPARE(menu.count(), 1);
        QCOMPARE(chart.view.view(), before);
    }

    void keysWalkThroughTheData()
    {
        Fixture chart;
        chart.show();
        QTest::keyClick(&chart.view, Qt::Key_Plus);
        const View zoomed = chart.view.view();
        QVERIFY(zoomed.time.span() < 600 * second);
        QTest::keyClick(&chart.view, Qt::Key_Left);
        QVERIFY(chart.view.view().time.from < zoomed.time.from);
        QTest::keyClick(&chart.view, Qt::Key_Right);
        QCOMPARE(chart.view.view(), zoomed);
        QTest::keyClick(&chart.view, Qt::Key_Minus);
        QVERIFY(chart.view.view().time.span() > zoomed.time.span());
        QTest::keyClick(&chart.view, Qt::Key_End);
        QVERIFY(chart.view.isFollowing());
        QTest::keyClick(&chart.view, Qt::Key_Home);
        QCOMPARE(chart.view.view().time, (TimeRange{{start}, {start + 599 * second + 1}}));
        QTest::keyClick(&chart.view, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(chart.view.canGoForward());
    }

    void thePointerNamesASampleWithoutAFrame()
    {
        Fixture chart;
        chart.show();
        QTRY_VERIFY(chart.view.frames() > 0);
        const auto frames = chart.view.frames();
        QSignalSpy hover(&chart.view, &ChartView::hoverChanged);
        for (int x = 100; x < 500; x += 4)
            QTest::mouseMove(&chart.view, {x, 150});
        QVERIFY(hover.count() > 50);
        QVERIFY(chart.view.hoveredSample().has_value());
        QCOMPARE(chart.view.frames(), frames);
        const Hovered found = *chart.view.hoveredSample();
        QCOMPARE(found.time.us % second, 0);
        QVERIFY(found.value == 20 || found.value == 100);
    }

    void aHiddenChartPaintsNothing()
    {
        Fixture chart; // chart-6
        chart.show();
        chart.view.hide();
        const auto frames = chart.view.frames();
        for (int i = 0; i < 20; ++i) {
            chart.append(10);
            QTest::qWait(5);
        }
        QCOMPARE(chart.view.frames(), frames);
        chart.show();
        QTRY_COMPARE(chart.view.view().time.to.us, start + 799 * second + 1);
    }

    void manyChangesAreOneFrame()
    {
        Fixture chart;
        chart.show();
        const auto frames = chart.view.frames();
        for (int i = 0; i < 10'000; ++i)
            chart.append(1);
        QTRY_VERIFY(chart.view.frames() > frames);
        QVERIFY(chart.view.frames() <= frames + 2);
    }

    void theFocusIsSeen()
    {
        Fixture chart;
        chart.show();
        const QRgb accent = ChartColors::of(chart.view.palette()).accent.rgb();
        chart.view.setFocus();
        QTRY_VERIFY(chart.view.hasFocus());
        const QImage focused = chart.view.grab().toImage();
        QCOMPARE(count(focused, QRect(0, 100, 2, 10), accent), 20);
        chart.view.clearFocus();
        const QImage calm = chart.view.grab().toImage();
        QCOMPARE(count(calm, QRect(0, 100, 2, 10), accent), 0);
    }

    void aReaderHearsNamesValuesAndTheRange()
    {
        Fixture chart;
        chart.view.setTitle(QStringLiteral("Kitchen"));
        QCOMPARE(chart.view.accessibleName(), QStringLiteral("Chart “Kitchen”"));
        QCOMPARE(chart.view.accessibleDescription(),
                 QStringLiteral("Oven: 20 °C. From 14 Nov 2023, 22:13:20 UTC to 14 Nov 2023, 22:23:19 UTC, following."));
    }

    void anySizeAndAnyZoomCanBePainted()
    {
        Fixture chart;
        const SeriesId odd = chart.set->add({"odd", "", SeriesKind::Number});
        for (const double value : {1.0, 1e308, -1e308, std::nan(""), 5e-324, HUGE_VAL, 3.0})
            chart.set->append(odd, {start + static_cast<std::int64_t>(chart.set->series(odd).size()) * second}, value);
        for (const QSize size : {QSize(1, 1), QSize(40, 30), QSize(200, 140), QSize(1'400, 500)}) {
            chart.view.resize(size);
            for (const std::int64_t span : {std::int64_t{1}, std::int64_t{1'000}, 600 * second, Viewport::longest}) {
                chart.view.setView({{{start}, {start + span}}, {}});
                QVERIFY(!chart.view.picture(1.25).isNull());
            }
        }
    }
};

QTEST_MAIN(TestChartView)
#include "tst_chartview.moc"
