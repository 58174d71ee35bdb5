// The page against a server: what it opens by itself, history then live, pauses, lost links, older history, splitting.
#include "tests/ui/monitor/monitorfixture.h"
#include "ui/monitor/alarmsmodel.h"
#include "ui/monitor/measurepanel.h"
#include "ui/monitor/monitoractions.h"

#include <QAbstractItemModel>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QTreeView>

using namespace iotman;
using namespace iotman::test;

class TestMonitorPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theEndpointWithTheNewestItemOpensByItself()
    {
        Fixture f;
        f.addHistory(200);
        f.show();
        QTRY_VERIFY(f.isLive());
        QVERIFY(!f.page.feed(EndpointId{"old"}));
        QCOMPARE(f.ticked(), (texts({"celsius", "on"})));
        QCOMPARE(f.samples("celsius"), std::size_t{200});
        QVERIFY(f.page.chart()->isFollowing());
        QTRY_VERIFY(f.page.chart()->frames() > 0);
    }

    void anEndpointThatMayBecomeLiveIsWaitedForAMoment()
    {
        Fixture f;
        f.addHistory(10);
        f.page.setConnection(f.network, nullptr, f.server.url());
        f.page.setEndpoints({view("old", "Old", Timestamp{second})});
        f.page.show();
        QTest::qWait(50);
        QVERIFY(!f.page.feed(EndpointId{"old"}));
        f.page.setEndpoints({view("old", "Old", Timestamp{second}), view("room", "Room", Timestamp{now * second})});
        QVERIFY(f.feed());
        QVERIFY(!f.page.feed(EndpointId{"old"}));
        QCOMPARE(f.page.fieldsPanel()->current(), std::optional(f.id));
    }

    void historyAndStreamHaveNoGapAndNoRepeat()
    {
        Fixture f;
        f.addHistory(2500);
        f.show();
        QTRY_VERIFY(f.isLive() && !f.feed()->isReadingHistory());
        for (int i = 0; i < 50; ++i)
            f.endpoint.arrive({now + i, R"({"celsius":30,"on":true,"sky":"sun"})"});
        QTRY_COMPARE(f.samples("celsius"), std::size_t{2550});
        const auto points = f.series("celsius")->points({{0}, {2 * now * second}});
        for (std::size_t i = 1; i < points.size(); ++i)
            QCOMPARE(points[i].time.us - points[i - 1].time.us, second);
        QVERIFY(f.feed()->hasAllHistory());
    }

    void aPausedViewStaysAndCountsWhatIsNew()
    {
        Fixture f;
        f.addHistory(400);
        f.show();
        QTRY_VERIFY(f.isLive() && f.page.chart()->frames() > 0);
        f.page.monitorActions()->pause->trigger();
        QVERIFY(!f.page.chart()->isFollowing());
        QVERIFY(!f.page.monitorActions()->follow->isChecked());
        const View before = f.page.chart()->view();
        for (int i = 0; i < 12; ++i)
            f.endpoint.arrive({now + i, R"({"celsius":30})"});
        QTRY_COMPARE(f.page.monitorActions()->pause->text(), QStringLiteral("12 new"));
        QCOMPARE(f.page.chart()->view(), before);
        f.page.monitorActions()->pause->trigger();
        QCOMPARE(f.page.monitorActions()->pause->text(), QStringLiteral("Pause"));
        QTRY_VERIFY(f.page.chart()->view().time.to.us > (now + 11) * second);
    }

    void aLostLinkIsFilledAndSaid()
    {
        Fixture f;
        f.addHistory(100);
        f.show();
        QTRY_VERIFY(f.isLive());
        f.endpoint.arrive({now, R"({"celsius":30})"});
        QTRY_COMPARE(f.samples("celsius"), std::size_t{101});
        f.clock.time.us = (now + 10) * second;
        f.server.streams().constLast()->abort();
        QTRY_VERIFY(f.feed()->state().phase == FeedPhase::Waiting);
        QTRY_VERIFY(f.shownTexts().contains(QStringLiteral("Waiting to reconnect")));
        f.clock.time.us = (now + 60) * second;
        for (int i = 0; i < 5; ++i)
            f.endpoint.live.push_back({now + 20 + i, R"({"celsius":31})"});
        f.feed()->retryNow();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{106});
        QTRY_VERIFY(f.shownTexts().contains(QStringLiteral("1 gap filled")));
        QCOMPARE(f.feed()->links().links().at(0).filled, std::size_t{5});
    }

    void olderHistoryIsReadWhenSomeoneLooksThere()
    {
        Fixture f;
        constexpr int count = 125'000; // two rounds of reading, and a rest
        // Ties everywhere, also where the first history ends.
        for (int i = 0; i < count; ++i)
            f.endpoint.history.push_back({now - count + i / 7, "{\"n\":" + QByteArray::number(i % 100) + ".5}"});
        f.show();
        QTRY_VERIFY_WITH_TIMEOUT(f.isLive() && !f.feed()->isReadingHistory(), 60'000);
        QCOMPARE(f.samples("n"), std::size_t{50'000});
        QVERIFY(!f.feed()->hasAllHistory());
        f.page.chart()->setView({{{(now - count - 100) * second}, {now * second}}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(f.feed()->hasAllHistory(), 60'000);
        QCOMPARE(f.samples("n"), std::size_t{count});
        const auto at = [&](int i) {
            return f.series("n")->count({{(now - count + i) * second}, {(now - count + i + 1) * second}});
        };
        for (int i = 0; i < count / 7; ++i)
            QCOMPARE(at(i), std::size_t{7});
    }

    void linesBySharedTimesAreSplitAndAPersonMayJoinThem()
    {
        Fixture f;
        for (int i = 0; i < 60; ++i)
            for (const char* city : {"Seattle", "New York"})
                f.endpoint.history.push_back(
                    {now - 60 + i, QByteArray("{\"location\":\"") + city + "\",\"max\":" + QByteArray::number(i % 13) + ".5}"});
        f.show();
        QTRY_COMPARE(f.ticked(), (texts({"Seattle max", "New York max"})));
        QCOMPARE(f.samples("Seattle max"), std::size_t{60});
        QTRY_COMPARE(f.page.strip()->linesWord()->accessibleName(), QString::fromUtf8("Lines by “location”"));
        QTRY_VERIFY(f.isLive());
        f.page.strip()->linesWord()->menu()->actions().at(0)->trigger();
        QTRY_COMPARE(f.ticked(), texts({"max"}));
        QTRY_COMPARE(f.samples("max"), std::size_t{120});
        QTRY_COMPARE(f.page.strip()->linesWord()->accessibleName(), QStringLiteral("One line a field"));
    }

    void aFieldThatIsTickedLaterHasItsHistory()
    {
        Fixture f;
        for (int i = 0; i < 100; ++i)
            f.endpoint.history.push_back({now - 100 + i, "{\"fixed\":7,\"c\":" + QByteArray::number(i % 13) + ".5}"});
        f.show();
        QTRY_COMPARE(f.ticked(), texts({"c"}));
        const QModelIndex endpoint = f.page.fields()->indexOf(f.id);
        const QModelIndex fixed = f.page.fields()->index(0, 0, endpoint);
        QCOMPARE(fixed.data().toString(), QStringLiteral("fixed"));
        QVERIFY(f.page.fields()->setData(fixed, Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(f.ticked(), (texts({"fixed", "c"})));
        QCOMPARE(f.samples("fixed"), std::size_t{100});
    }

    void aRefusalIsSaidAndMayBeTriedAgain()
    {
        Fixture f;
        f.addHistory(10);
        const auto works = f.server.answer;
        f.server.answer = [](const FakeRequest&) {
            return FakeAnswer{403,
                              R"({"title":"Forbidden","detail":"The scope sensor:read is needed."})",
                              "application/problem+json",
                              {},
                              false,
                              {}};
        };
        f.show();
        QTRY_COMPARE(f.feed()->state().phase, FeedPhase::Refused);
        QTRY_VERIFY(f.shownTexts().contains(QStringLiteral("The scope sensor:read is needed.")));
        f.server.answer = works;
        Q_EMIT f.page.strip()->retryRequested();
        QTRY_VERIFY(f.isLive());
        QTRY_COMPARE(f.samples("celsius"), std::size_t{10});
    }

    void anEndpointWithoutItemsIsDrawnFromItsFirst()
    {
        Fixture f;
        f.show();
        QTRY_VERIFY(f.isLive());
        QVERIFY(f.ticked().isEmpty());
        f.endpoint.arrive({now, R"({"celsius":30})"});
        QTRY_COMPARE(f.ticked(), texts({"celsius"}));
        f.endpoint.arrive({now + 1, R"({"celsius":31,"hpa":1013})"});
        QTRY_COMPARE(f.samples("celsius"), std::size_t{2});
    }

    void endpointsThatGoAreClosedAndSoIsEverythingWithoutAConnection()
    {
        Fixture f;
        f.addHistory(10);
        f.show();
        QTRY_VERIFY(f.isLive());
        f.page.open(EndpointId{"old"});
        QTRY_COMPARE(f.page.fields()->ticked().size(), std::size_t{4});
        f.page.setEndpoints({view("room", "Room", {})});
        QVERIFY(!f.page.feed(EndpointId{"old"}));
        QCOMPARE(f.ticked(), (texts({"celsius", "on"})));
        f.page.clearConnection();
        QVERIFY(!f.feed());
        QVERIFY(f.page.fields()->ticked().empty());
        QCOMPARE(f.page.fields()->rowCount(), 0);
    }

    void aHiddenPageReadsButPaintsNothing()
    {
        Fixture f;
        f.addHistory(10);
        f.show();
        QTRY_VERIFY(f.isLive() && f.page.chart()->frames() > 0);
        f.page.hide();
        const auto frames = f.page.chart()->frames();
        for (int i = 0; i < 20; ++i)
            f.endpoint.arrive({now + i, R"({"celsius":30})"});
        QTRY_COMPARE(f.samples("celsius"), std::size_t{30});
        QTest::qWait(100);
        QCOMPARE(f.page.chart()->frames(), frames);
    }

    void theTableHasTheValuesOfTheView()
    {
        Fixture f;
        f.addHistory(40);
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{40});
        f.page.monitorActions()->table->trigger();
        const QAbstractItemModel* table = f.page.valuesTable()->model();
        QTRY_COMPARE(table->rowCount(), 40);
        QCOMPARE(table->headerData(1, Qt::Horizontal).toString(), QString::fromUtf8("celsius, °C"));
        QCOMPARE(table->index(0, 0).data().toString(), QStringLiteral("14 Nov 2023, 22:13:19 UTC"));
        QCOMPARE(table->index(0, 1).data().toString(), QStringLiteral("21"));
        QCOMPARE(table->index(0, 2).data().toString(), QStringLiteral("true"));
        f.page.fields()->tickLines(f.id, {{f.id, "sky", ""}});
        QTRY_COMPARE(table->index(0, 3).data().toString(), QStringLiteral("rain"));
        f.endpoint.arrive({now, R"({"celsius":-9007199254740993})"});
        QTRY_COMPARE(table->rowCount(), 41);
        QCOMPARE(table->index(0, 2).data().toString(), QString());
        // The tree keeps the digits that a chart rounds.
        const QModelIndex celsius = f.page.fields()->index(0, 0, f.page.fields()->indexOf(f.id));
        QCOMPARE(celsius.data(FieldsModel::ValueRole).toString(), QString::fromUtf8("−9007199254740993"));
    }

    void unitsHavePanesOfTheirOwnAndStatesABand()
    {
        Fixture f;
        f.addHistory(60);
        f.show();
        QTRY_COMPARE(f.ticked(), (texts({"celsius", "on"})));
        QCOMPARE(f.page.board()->size(), std::size_t{2});
        const QModelIndex endpoint = f.page.fields()->indexOf(f.id);
        QVERIFY(f.page.fields()->setData(f.page.fields()->index(2, 0, endpoint), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(f.ticked(), (texts({"celsius", "on", "sky"})));
        QCOMPARE(f.page.board()->size(), std::size_t{2});
        QCOMPARE(f.page.board()->panes()[1].series.size(), std::size_t{2});
        Q_EMIT f.page.board()->closeWanted(1);
        QCOMPARE(f.ticked(), texts({"celsius"}));
        QCOMPARE(f.page.board()->size(), std::size_t{1});
    }

    void cursorsMeasureWhatThePagesSaid()
    {
        Fixture f;
        f.addHistory(200);
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{200});
        f.page.monitorActions()->cursors->trigger();
        f.page.board()->link().setCursors(Cursors{{(now - 100) * second}, {(now - 51) * second}});
        const QAbstractItemModel* table = f.page.measurePanel()->model();
        QTRY_COMPARE(table->index(0, MeasureModel::CountColumn).data().toString(), QStringLiteral("50"));
        double sum = 0;
        for (int i = 51; i <= 100; ++i)
            sum += 20 + i % 7;
        QCOMPARE(table->index(0, MeasureModel::AColumn).data().toString(), QString::number(20 + 100 % 7));
        QCOMPARE(table->index(0, MeasureModel::BColumn).data().toString(), QString::number(20 + 51 % 7));
        QCOMPARE(table->index(0, MeasureModel::MeanColumn).data().toDouble(), std::round(sum / 50 * 10) / 10);
        QVERIFY(f.page.measurePanel()->isVisible());
        const auto* cells = f.page.measurePanel()->findChild<QTableView*>();
        QTRY_COMPARE(cells->horizontalHeader()->length(), cells->viewport()->width()); // no room is left beside the columns
        f.page.monitorActions()->cursors->trigger();
        QVERIFY(!f.page.measurePanel()->isVisible());
    }

    void theTableFollowsThePointer()
    {
        Fixture f;
        f.addHistory(100);
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
        f.page.monitorActions()->table->trigger();
        QTRY_COMPARE(f.page.valuesTable()->model()->rowCount(), 100);
        f.page.board()->link().setPointer(Timestamp{(now - 40) * second + 400'000});
        QCOMPARE(f.page.valuesTable()->currentIndex().row(), 39);
        Q_EMIT f.page.valuesTable()->clicked(f.page.valuesTable()->model()->index(9, 0));
        QCOMPARE(f.page.board()->link().pointer(), std::optional(Timestamp{(now - 10) * second}));
    }

    void aLayoutComesBack()
    {
        MonitorLayout layout;
        {
            Fixture f;
            f.addHistory(100);
            f.show();
            QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
            f.page.alarms()->add({{f.id, "celsius", ""}, AlarmKind::Above, 0, 25.5, 1, 0}, {now * second});
            QSignalSpy told(&f.page, &MonitorPage::layoutChanged);
            QTRY_VERIFY(told.count() > 0);
            layout = f.page.layout();
            layout.panes = {{QStringLiteral("Mine"), {{f.id, "on", ""}, {f.id, "celsius", ""}}, {"°C"}}};
        }
        Fixture f;
        f.addHistory(100);
        f.page.setLayout(*layoutFrom(layoutJson(layout)));
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
        QCOMPARE(f.page.board()->size(), std::size_t{1});
        QCOMPARE(f.page.board()->panes()[0].title, QStringLiteral("Mine"));
        QCOMPARE(f.page.board()->panes()[0].series.size(), std::size_t{2});
        QCOMPARE(f.page.board()->panes()[0].logUnits.size(), std::size_t{1});
        QCOMPARE(f.page.board()->panes()[0].limits.size(), std::size_t{1});
        QCOMPARE(f.page.layout(), layout);
    }

    void whatIsDrawnIsUndoneAndRedone()
    {
        Fixture f;
        f.addHistory(100);
        f.show();
        QTRY_COMPARE(f.samples("celsius"), std::size_t{100});
        const QAction* undo = f.page.monitorActions()->undo;
        const QAction* redo = f.page.monitorActions()->redo;
        const std::vector<BoardPane> first = f.page.board()->panes();
        QSignalSpy told(&f.page, &MonitorPage::layoutChanged);
        QTRY_VERIFY(told.count() > 0);
        QVERIFY(!undo->isEnabled() && !redo->isEnabled()); // nobody has changed anything
        f.page.setLook({f.id, "celsius", ""}, {QStringLiteral("Warmth"), {}, {}});
        f.page.alarms()->add({{f.id, "celsius", ""}, AlarmKind::Above, 0, 25.5, 1, 0}, {now * second});
        QTRY_VERIFY(undo->isEnabled());
        const MonitorLayout changed = f.page.layout();
        f.page.chart()->setView({{{(now - 50) * second}, {(now - 40) * second}}, {}});
        const TimeRange view = f.page.chart()->view().time;
        f.page.monitorActions()->undo->trigger();
        QCOMPARE(f.page.alarms()->rowCount(), 0);
        QVERIFY(f.page.looks().of({f.id, "celsius", ""}).name.isEmpty());
        QCOMPARE(f.page.chart()->view().time, view); // views have a history of their own
        QTRY_VERIFY(f.page.board()->panes() == first);
        QVERIFY(!undo->isEnabled() && redo->isEnabled());
        f.page.monitorActions()->redo->trigger();
        QCOMPARE(f.page.alarms()->rowCount(), 1);
        QVERIFY(f.page.layout().panes == changed.panes && f.page.layout().looks == changed.looks);
        QVERIFY(undo->isEnabled() && !redo->isEnabled());
    }

    void anAlarmIsToldOnceAndDrawn()
    {
        Fixture f;
        f.addHistory(50);
        f.show();
        QTRY_VERIFY(f.isLive() && f.samples("celsius") == 50);
        QSignalSpy began(f.page.alarms(), &AlarmsModel::began);
        f.page.alarms()->add({{f.id, "celsius", ""}, AlarmKind::Above, 0, 29.5, 2, 0}, {now * second});
        QCOMPARE(f.page.board()->panes()[0].limits.size(), std::size_t{1});
        for (const char* value : {"30", "29", "31", "20", "32"})
            f.endpoint.arrive({now + f.samplesToCome++, QByteArray("{\"celsius\":") + value + "}"});
        QTRY_COMPARE(began.count(), 2);
        QVERIFY(began.at(0).at(0).toString().contains(QStringLiteral("above 29.5 °C")));
        QCOMPARE(f.page.monitorActions()->alarms->text(), QStringLiteral("1 alarm"));
        QVERIFY(f.page.alarms()->index(0, AlarmsModel::SinceColumn).data().toString().size() > 0);
    }

    void whatTheServerChangedIsReadAgain()
    {
        Fixture f;
        f.addHistory(2000);
        f.show();
        QTRY_VERIFY(f.isLive() && !f.feed()->isReadingHistory());
        for (int i = 500; i < 600; ++i)
            f.endpoint.history[static_cast<std::size_t>(i)].json = R"({"celsius":-40,"on":true,"sky":"rain"})";
        f.endpoint.arrive({now + 1, R"({"celsius":30,"on":true,"sky":"sun"})"});
        const TimeRange changed{{(now - 1500) * second}, {(now - 1400) * second}};
        f.feed()->reread(changed);
        QTRY_COMPARE(f.series("celsius")->valueRange(changed), (std::optional<ValueRange>({-40, -40})));
        QTRY_COMPARE(f.samples("celsius"), std::size_t{2001});
        const auto points = f.series("celsius")->points({{0}, {2 * now * second}});
        for (std::size_t i = 1; i < points.size(); ++i)
            QVERIFY(points[i].time > points[i - 1].time);
    }

    void everyPartHasANameForScreenReaders()
    {
        Fixture f;
        f.addHistory(10);
        f.show();
        QTRY_VERIFY(f.isLive());
        QVERIFY(!f.page.fieldsPanel()->tree()->accessibleName().isEmpty());
        QVERIFY(!f.page.chart()->accessibleName().isEmpty());
        QVERIFY(!f.page.valuesTable()->accessibleName().isEmpty());
        QVERIFY(!f.page.strip()->accessibleName().isEmpty());
        const QModelIndex celsius = f.page.fields()->index(0, 0, f.page.fields()->indexOf(f.id));
        QCOMPARE(celsius.data(Qt::AccessibleTextRole).toString(), QString::fromUtf8("celsius: 21 °C"));
        for (const QAction* action : f.page.actions())
            QVERIFY(action->isSeparator() || (!action->text().isEmpty() && !action->icon().isNull()));
    }

    void aDragIsABoxWhileBoxZoomIsOn()
    {
        Fixture f;
        f.addHistory(300);
        f.show();
        ChartView* chart = f.page.chart();
        QTRY_VERIFY(f.samples("celsius") == 300 && !chart->axisUnits().empty()); // an earlier frame shows none of them
        f.page.monitorActions()->box->trigger();
        const QPoint a(chart->width() / 3, chart->height() / 3), b(chart->width() / 2, chart->height() / 2);
        QTest::mousePress(chart, Qt::LeftButton, {}, a);
        QTest::mouseMove(chart, b);
        QTest::mouseRelease(chart, Qt::LeftButton, {}, b);
        QVERIFY(!chart->view().values.empty());
        QVERIFY(!f.page.monitorActions()->box->isChecked());
        QVERIFY(f.page.monitorActions()->back->isEnabled());
    }
};

QTEST_MAIN(TestMonitorPage)
#include "tst_monitorpage.moc"
