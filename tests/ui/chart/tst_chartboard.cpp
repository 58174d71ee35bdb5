// Panes below each other: one time, cursors and pointer for all; axes by unit; lanes; pictures of all.
#include "ui/chart/chartboard.h"
#include "ui/look/taborder.h"

#include <QBuffer>
#include <QPainter>
#include <QPushButton>
#include <QSvgRenderer>
#include <QtSvg/QSvgGenerator>
#include <QtTest/QtTest>

#include <cmath>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'700'000'000 * second;

/// Ten minutes of a temperature, a pressure, a speed, a switch and a state.
struct Fixture {
    std::shared_ptr<SeriesSet> set = std::make_shared<SeriesSet>();
    SeriesId celsius = set->add({"celsius", "°C", SeriesKind::Number});
    SeriesId hpa = set->add({"hpa", "hPa", SeriesKind::Number});
    SeriesId wind = set->add({"wind", "m/s", SeriesKind::Number});
    SeriesId on = set->add({"on", "", SeriesKind::Boolean});
    SeriesId sky = set->add({"sky", "", SeriesKind::State, {"sun", "rain"}});
    ChartBoard board;

    Fixture()
    {
        for (int i = 0; i < 600; ++i) {
            set->append(celsius, {start + i * second}, 20 + i % 7);
            set->append(hpa, {start + i * second}, 1000 + i % 13);
            set->append(wind, {start + i * second}, 0.001 * std::pow(10, i / 100));
            set->append(on, {start + i * second}, i / 60 % 2);
            set->append(sky, {start + i * second}, i / 200 % 2);
        }
        board.setTimeZone(QTimeZone::utc());
        board.setLocale(QLocale::c());
        board.setSeries(set);
        board.resize(800, 500);
    }
    void show(const std::vector<BoardPane>& panes)
    {
        board.setPanes(panes);
        board.show();
        QVERIFY(QTest::qWaitForWindowExposed(&board));
        for (std::size_t i = 0; i < board.size(); ++i)
            QTRY_VERIFY(board.view(i)->frames() > 0);
    }
    void wheel(ChartView* view, QPoint at, int delta)
    {
        QWheelEvent event(at, view->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view, &event);
    }
    /// Pixels of a colour in a pane.
    int count(std::size_t pane, QRgb color) const
    {
        const QImage image = board.view(pane)->picture(1);
        int found = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                found += image.pixel(x, y) == color ? 1 : 0;
        return found;
    }
};

QStringList unitsOf(const ChartView* view)
{
    QStringList units;
    for (const std::string& unit : view->axisUnits())
        units.append(QString::fromStdString(unit));
    return units;
}

} // namespace

class TestChartBoard : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void panesShareTheirTimeAndItsHistory()
    {
        Fixture f;
        f.show({{QStringLiteral("a"), {f.celsius}, {}, {}}, {QStringLiteral("b"), {f.hpa}, {}, {}}});
        f.wheel(f.board.view(0), {300, 100}, 240);
        QCOMPARE(f.board.view(1)->view(), f.board.view(0)->view());
        QVERIFY(f.board.view(1)->view().time.span() < 500 * second);
        QVERIFY(!f.board.view(1)->isFollowing());
        f.board.view(1)->back();
        QVERIFY(f.board.view(0)->isFollowing());
        QVERIFY(f.board.view(0)->canGoForward());
    }

    void plotsStandInLine()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {f.hpa}, {}, {}}});
        QTRY_COMPARE(f.board.link().room().left > 0, true);
        // The same time has the same place in both, whichever labels are wider.
        const auto cursorColumn = [&](std::size_t pane) {
            const QImage image = f.board.view(pane)->picture(1);
            const QRgb color = ChartColors::of(f.board.palette()).cursor.rgb();
            for (int x = 0; x < image.width(); ++x) {
                int lit = 0;
                for (int y = 40; y < image.height() - 60; ++y)
                    lit += image.pixel(x, y) == color ? 1 : 0;
                if (lit > 30)
                    return x;
            }
            return -1;
        };
        f.board.link().showCursors(true);
        QTRY_VERIFY(cursorColumn(0) > 0);
        QTRY_COMPARE(cursorColumn(0), cursorColumn(1));
    }

    void aUnitIsAnAxis()
    {
        Fixture f;
        f.show({{{}, {f.celsius, f.hpa, f.wind}, {}, {}}});
        const QStringList expected{QStringLiteral("°C"), QStringLiteral("hPa"), QStringLiteral("m/s")};
        QCOMPARE(unitsOf(f.board.view(0)), expected);
    }

    void theWheelOverAnAxisZoomsItsValuesOnly()
    {
        Fixture f;
        f.show({{{}, {f.celsius, f.hpa}, {}, {}}});
        ChartView* view = f.board.view(0);
        f.wheel(view, {10, 150}, 120);
        QCOMPARE(view->view().values.size(), std::size_t{1});
        QCOMPARE(view->view().values.begin()->first, (AxisId{view->pane(), "°C"}));
        QVERIFY(view->isFollowing());
        QTest::mouseDClick(view, Qt::LeftButton, {}, {10, 150});
        QVERIFY(view->view().values.empty());
    }

    void aLogarithmicAxisHasEqualSteps()
    {
        const ValueScale scale({0.01, 100}, 400, ValueScale::Kind::Logarithmic);
        QCOMPARE(scale.y(0.01), 400.0);
        QCOMPARE(scale.y(1), 200.0);
        QCOMPARE(scale.y(100), 0.0);
        QVERIFY(scale.y(0) > 1e6 && scale.y(-5) > 1e6);
        QVERIFY(std::abs(scale.value(100) - 10) < 1e-9);

        QStringList ticks;
        for (const NumberTick& tick : logAxis(0.01, 100, 8).ticks)
            ticks.append(QString::fromStdString(tick.text));
        QCOMPARE(ticks.join(u' '), QStringLiteral("0.01 0.1 1 10 100"));
    }

    void aStateIsABandBelowTheLines()
    {
        Fixture f;
        f.show({{{}, {f.celsius, f.sky, f.on}, {}, {}}});
        QCOMPARE(unitsOf(f.board.view(0)), QStringList{QStringLiteral("°C")});
        // A true boolean has its series' colour; the band is far more than a line.
        QVERIFY(f.count(0, ChartColors::of(f.board.palette()).seriesColor(2).rgb()) > 2000);
    }

    void theColoursOfABandHaveAKey()
    {
        Fixture f;
        f.show({{{}, {f.celsius, f.sky}, {}, {}}});
        ChartView* view = f.board.view(0);
        const auto key = [&] {
            QStringList texts;
            for (const LegendKey& each : view->frame().legend[1].key)
                texts.append(each.text);
            return texts;
        };
        QCOMPARE(key(), (QStringList{QStringLiteral("sun"), QStringLiteral("rain")}));
        QVERIFY(view->frame().legend[0].key.empty());
        const QImage picture = view->picture(1);
        for (const LegendKey& each : view->frame().legend[1].key) {
            int found = 0;
            for (int y = 0; y < legendRowHeight; ++y)
                for (int x = 0; x < picture.width(); ++x)
                    found += picture.pixel(x, y) == each.color.rgb() ? 1 : 0;
            QVERIFY(found > 50);
        }
        view->setView({{{start}, {start + 100 * second}}, {}}); // the sun shines all the time
        QTRY_COMPARE(key(), QStringList{QStringLiteral("sun")});
        view->setView({{{start + 700 * second}, {start + 800 * second}}, {}});
        QTRY_COMPARE(key(), QStringList());
    }

    void aLegendShowsTheDigitsOfTheValue_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("fewer than the axis") << 6.0 << "6";
        QTest::newRow("more than the axis") << 5.6 << "5.6";
        QTest::newRow("a pressure") << 1013.2512 << "1013.2512";
        QTest::newRow("a negative one") << -0.25 << "−0.25";
        QTest::newRow("a third") << 10.0 / 3 << "3.333333";
        QTest::newRow("one that was a float") << 21.299999237060547 << "21.3";
        QTest::newRow("a large one") << 123456789012.0 << "1.234568e+11";
    }
    void aLegendShowsTheDigitsOfTheValue()
    {
        QFETCH(double, value);
        Fixture f;
        f.set->append(f.celsius, {start + 700 * second}, value);
        f.set->append(f.celsius, {start + 701 * second}, 100); // the axis is a wide one
        f.set->append(f.celsius, {start + 702 * second}, value);
        f.show({{{}, {f.celsius}, {}, {}}});
        const QString text = f.board.view(0)->frame().legend[0].value;
        QTEST(text, "text");
    }

    void booleansAloneAreStepsWithWords()
    {
        Fixture f;
        f.show({{{}, {f.on}, {}, {}}});
        QCOMPARE(unitsOf(f.board.view(0)), QStringList{QString()});
    }

    void cursorsAreDraggedAndSteppedByKeys()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}});
        ChartLink& link = f.board.link();
        ChartView* view = f.board.view(0);
        link.showCursors(true);
        const Cursors before = *link.cursors();
        QVERIFY(before.a < before.b);
        QTest::keyClick(view, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(link.cursors()->a > before.a);
        QCOMPARE(link.cursors()->b, before.b);
        QTest::keyClick(view, Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(link.cursors()->b < before.b);
        QVERIFY(view->isFollowing());

        // A drag that starts at A moves it, not the view.
        const View shown = view->view();
        const auto reached = [&] { return link.cursors()->a.us > start + 500 * second; };
        for (int x = 100; x < 700 && !reached(); ++x) {
            QTest::mousePress(view, Qt::LeftButton, {}, {x, 150});
            const bool isCursor = view->cursor().shape() == Qt::SplitHCursor;
            if (isCursor)
                QTest::mouseMove(view, {740, 150});
            QTest::mouseRelease(view, Qt::LeftButton, {}, {isCursor ? 740 : x, 150});
        }
        QVERIFY(reached());
        QCOMPARE(view->view(), shown);
        link.showCursors(false);
        QVERIFY(!link.cursors());
    }

    void aCursorBesideTheDataMarksNoSample()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}});
        ChartView* view = f.board.view(0);
        view->setView({{{start - 600 * second}, {start + 600 * second}}, {}});
        const QImage without = view->picture(1);
        f.board.link().setCursors(Cursors{{start - 500 * second}, {start - 400 * second}});
        const QImage with = view->picture(1);
        const QRect data(without.width() * 2 / 5, 0, without.width() * 3 / 5, without.height()); // and some of what is before
        QCOMPARE(with.copy(data), without.copy(data));
        f.board.link().setCursors(Cursors{{start - 500 * second}, {start + 300 * second}});
        QVERIFY(view->picture(1).copy(data) != without.copy(data));
    }

    void noCursorsLabelCoversTheOthers()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}});
        const QRgb label = ChartColors::of(f.board.palette()).cursor.rgb();
        f.board.link().setCursors(Cursors{{start + 200 * second}, {start + 400 * second}});
        const int apart = f.count(0, label);
        f.board.link().setCursors(Cursors{{start + 20 * second}, {start + 40 * second}}); // no room at the left
        QVERIFY(f.count(0, label) > apart * 9 / 10);
    }

    void thePointerIsSeenInEveryPane()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {f.hpa}, {}, {}}});
        QTest::mouseMove(f.board.view(0), {300, 100});
        QTRY_VERIFY(f.board.link().pointer().has_value());
        const QImage other = f.board.view(1)->grab().toImage();
        const QRgb color = ChartColors::of(f.board.palette()).axis.rgb();
        int most = 0;
        for (int x = 200; x < 400; ++x) {
            int lit = 0;
            for (int y = 0; y < other.height(); ++y)
                lit += other.pixel(x, y) == color ? 1 : 0;
            most = std::max(most, lit);
        }
        QVERIFY(most > 80);
    }

    void onlyTheLastPaneHasTimes()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {f.hpa}, {}, {}}});
        QVERIFY(f.board.view(0)->picture(1).height() > 0);
        // The upper plot reaches further down in its pane than the lower one.
        const auto below = [&](std::size_t pane) {
            const QImage image = f.board.view(pane)->picture(1);
            const QRgb axis = ChartColors::of(f.board.palette()).axis.rgb();
            int y = image.height() - 1;
            while (y > 0 && image.pixel(image.width() / 2, y) != axis)
                --y;
            return image.height() - y;
        };
        QVERIFY(below(0) + 10 < below(1));
    }

    void aLimitAndMarksAreDrawn()
    {
        Fixture f;
        const int before = f.count(0, ChartColors::of(f.board.palette()).limit.rgb());
        f.show({{{}, {f.celsius}, {}, {{"°C", 26.2, QStringLiteral("above 26.2 °C")}}}});
        f.board.setMarks({{ChartMark::Kind::Offline, {{start + 100 * second}, {start + 200 * second}}, QStringLiteral("Offline")},
                          {ChartMark::Kind::Live, {{start + 300 * second}, {start + 300 * second}}, QStringLiteral("live")}});
        const ChartColors& colors = ChartColors::of(f.board.palette());
        QVERIFY(f.count(0, colors.limit.rgb()) > before + 200);
        QVERIFY(f.count(0, colors.accent.rgb()) > 30);
        QVERIFY(f.count(0, colors.gap.rgb()) > 200);
    }

    void aPictureHasAllPanesAndADrawingIsShapes()
    {
        Fixture f;
        f.show({{QStringLiteral("Upper"), {f.celsius}, {}, {}}, {QStringLiteral("Lower"), {f.hpa, f.sky}, {}, {}}});
        const QImage picture = f.board.picture(2);
        QCOMPARE(picture.size(), f.board.contentSize() * 2);

        QByteArray drawing;
        QBuffer buffer(&drawing);
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(f.board.contentSize());
        generator.setViewBox(QRect({0, 0}, f.board.contentSize()));
        {
            QPainter painter(&generator);
            f.board.drawOn(painter);
        }
        QVERIFY(drawing.contains("Upper") && drawing.contains("Lower") && drawing.contains("polyline"));
        QSvgRenderer renderer(drawing);
        QVERIFY(renderer.isValid());
        QImage rendered(f.board.contentSize(), QImage::Format_RGB32);
        rendered.fill(Qt::white);
        QPainter painter(&rendered);
        renderer.render(&painter);
        const QColor line = ChartColors::of(f.board.palette()).seriesColor(0);
        int found = 0;
        for (int x = 60; x < 700; ++x)
            for (int y = 30; y < 240; ++y)
                found +=
                    std::abs(qRed(rendered.pixel(x, y)) - line.red()) + std::abs(qBlue(rendered.pixel(x, y)) - line.blue()) < 60;
        QVERIFY(found > 300);
    }

    void aPaneWithoutDataInViewSaysSoAndShowsAll()
    {
        Fixture f;
        const SeriesId past = f.set->add({"past", "°C", SeriesKind::Number});
        for (int i = 0; i < 10; ++i)
            f.set->append(past, {start - (1'000'000 + i) * second}, 20);
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {past}, {}, {}}});
        const auto shown = [&](std::size_t pane) {
            auto* button = f.board.view(pane)->parentWidget()->findChild<QPushButton*>();
            return button && button->isVisible() ? button : nullptr;
        };
        QVERIFY(!shown(0) && !shown(1));
        f.board.view(0)->setView({{{start}, {start + 600 * second}}, {}});
        QTRY_VERIFY(shown(1));
        QVERIFY(!shown(0));
        QVERIFY(f.board.view(1)->frame().isBlank);
        QTest::mouseClick(shown(1), Qt::LeftButton);
        QTRY_VERIFY(!shown(1));
        QVERIFY(f.board.view(1)->hasFocus());
        QVERIFY(f.board.view(0)->view().time.from <= f.set->series(past).firstTime());
    }

    void tabGoesThroughEachPaneAndItsButtons()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}});
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {f.hpa}, {}, {}}}); // a pane that comes later stands behind the first
        f.board.activateWindow();
        f.board.view(0)->setFocus();
        QTRY_VERIFY(f.board.view(0)->hasFocus());
        QStringList stops;
        for (int i = 0; i < 8; ++i) {
            QWidget* stop = QApplication::focusWidget();
            stops.append(qobject_cast<ChartView*>(stop) ? QStringLiteral("chart") : stop->accessibleName());
            QTest::keyClick(stop, Qt::Key_Tab);
        }
        const QStringList pane{QStringLiteral("chart"), QStringLiteral("Fit the values of this pane"),
                               QStringLiteral("Axes and series of this pane"), QStringLiteral("Close this pane")};
        QCOMPARE(stops, pane + pane);
        tabThroughLayouts(f.board); // as windows do
        QTest::keyClick(f.board.view(0), Qt::Key_Tab);
        QVERIFY(!f.board.view(1)->hasFocus());
    }

    void panesThatStayKeepTheirWidgets()
    {
        Fixture f;
        f.show({{{}, {f.celsius}, {}, {}}, {{}, {f.hpa}, {}, {}}});
        const ChartView* first = f.board.view(0);
        f.board.setPanes({{{}, {f.celsius, f.wind}, {}, {}}});
        QCOMPARE(f.board.view(0), first);
        QCOMPARE(f.board.size(), std::size_t{1});
        f.board.setPanes({});
        QCOMPARE(f.board.size(), std::size_t{1});
        QCOMPARE(f.board.view(0)->accessibleDescription(), QStringLiteral("No series."));
    }
};

QTEST_MAIN(TestChartBoard)
#include "tst_chartboard.moc"
