// When alarms begin and end, and what a layout file may say.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/monitorlayout.h"

#include <QtTest/QtTest>

#include <limits>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr double null = std::numeric_limits<double>::quiet_NaN();

Alarm alarm(AlarmKind kind, double low, double high, double hysteresis = 0)
{
    return {{EndpointId{"a"}, "x", ""}, kind, low, high, hysteresis, 0};
}

} // namespace

class TestAlarm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAlarmBeginsOnceAndEndsWithHysteresis_data()
    {
        using Values = QList<double>;
        QTest::addColumn<int>("kind");
        QTest::addColumn<Values>("values");
        QTest::addColumn<QString>("expected"); // what is so after each value
        QTest::newRow("above") << int(AlarmKind::Above) << Values{9, 10, 11, 10, 9, 8, 11} << "..###.#";
        QTest::newRow("below") << int(AlarmKind::Below) << Values{1, 0, -1, 0, 1, 2, -1} << "..###.#";
        QTest::newRow("outside") << int(AlarmKind::Outside) << Values{5, 11, 9, 8, -1, 1, 2} << ".##.##.";
        QTest::newRow("rate") << int(AlarmKind::Rate) << Values{0, 20, 29, 30, 30, 10} << ".##..#";
        QTest::newRow("a null is no value") << int(AlarmKind::Above) << Values{11, null, 11} << "###";
        QTest::newRow("no rate over a null") << int(AlarmKind::Rate) << Values{0, null, 100} << "...";
    }
    void anAlarmBeginsOnceAndEndsWithHysteresis()
    {
        QFETCH(int, kind);
        QFETCH(QList<double>, values);
        AlarmWatch watch(alarm(static_cast<AlarmKind>(kind), 0, 10, 2), {0}, {0});
        Series series;
        QString states;
        for (const double value : values) {
            series.append({static_cast<std::int64_t>(series.size() + 1) * second}, value);
            watch.judge(series, {0});
            states += watch.isOn() ? u'#' : u'.';
        }
        QTEST(states, "expected");

        // All at once they make the same events.
        AlarmWatch late(alarm(static_cast<AlarmKind>(kind), 0, 10, 2), {0}, {0});
        int changes = 0;
        for (int i = 0; i < states.size(); ++i)
            changes += states[i] != (i == 0 ? QChar(u'.') : states[i - 1]) ? 1 : 0;
        QCOMPARE(static_cast<int>(late.judge(series, {0}).size()), changes);
        QCOMPARE(late.isOn(), watch.isOn());
    }

    void whatWasBeforeIsNotJudged()
    {
        Series series;
        series.append({1 * second}, 100);
        AlarmWatch watch(alarm(AlarmKind::Above, 0, 10), series.lastTime(), {0});
        QVERIFY(watch.judge(series, {0}).empty());
        series.append({2 * second}, 100);
        QCOMPARE(watch.judge(series, {0}), (std::vector<AlarmEvent>{{true, {2 * second}, 100.0}}));
        QVERIFY(watch.judge(series, {0}).empty());
    }

    void silenceIsNoticedWithoutAValue_data()
    {
        QTest::addColumn<qint64>("silence");
        QTest::addColumn<int>("quietFor"); // seconds after the last of 20 values, one a second
        QTest::addColumn<bool>("expected");
        QTest::newRow("a fixed time, not yet") << 30 * qint64(second) << 29 << false;
        QTest::newRow("a fixed time") << 30 * qint64(second) << 31 << true;
        QTest::newRow("learned, not yet") << qint64(0) << 4 << false;
        QTest::newRow("learned") << qint64(0) << 6 << true;
    }
    void silenceIsNoticedWithoutAValue()
    {
        QFETCH(qint64, silence);
        QFETCH(int, quietFor);
        QFETCH(bool, expected);
        Alarm silent = alarm(AlarmKind::Silence, 0, 0);
        silent.silenceUs = silence;
        AlarmWatch watch(silent, {0}, {0});
        Series series;
        for (int i = 1; i <= 20; ++i) {
            series.append({i * second}, 1);
            QVERIFY(watch.judge(series, {i * second}).empty());
        }
        QCOMPARE(watch.judge(series, {(20 + quietFor) * second}).size() == 1, expected);
        QVERIFY(watch.judge(series, {(20 + quietFor) * second}).empty());
        series.append({60 * second}, 1);
        watch.judge(series, {60 * second});
        QVERIFY(!watch.isOn());
    }

    void aLayoutIsWhatItWasBefore()
    {
        MonitorLayout layout;
        layout.name = QStringLiteral("Wärme");
        layout.panes = {
            {QStringLiteral("A"), {{EndpointId{"e1"}, "air.hpa", ""}, {EndpointId{"e2"}, "max", "New York"}}, {"hPa"}},
            {{}, {{EndpointId{"e1"}, "on", ""}}, {}}};
        layout.colors = {{{EndpointId{"e1"}, "air.hpa", ""}, 1}, {{EndpointId{"e1"}, "on", ""}, 11}};
        layout.spanUs = 300 * second;
        layout.range = TimeRange{{-5 * second}, {17 * second + 250'000}};
        layout.alarms = {alarm(AlarmKind::Outside, -1.5, 1e9, 0.25)};
        ReadingRule rule{TimeSource::Field, "ts", EpochUnit::Milliseconds, "city"};
        rule.derived = {{DerivedField::Kind::MovingMean, "calm", "max", "New York", {}, {}, 600 * second, {}},
                        {DerivedField::Kind::Rule, "middle", {}, {}, {}, {}, 0, "($.max + $.min) / 2"}};
        layout.rules[EndpointId{"e2"}] = rule;
        const auto read = layoutFrom(layoutJson(layout));
        QVERIFY(read);
        QCOMPARE(*read, layout);
    }

    void whatIsNoLayoutIsRefusedInASentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no JSON") << "{"
                                 << "no JSON";
        QTest::newRow("something else") << "{}"
                                        << "no layout";
        QTest::newRow("newer") << json("{'iotman_chart':2}") << "newer";
        QTest::newRow("a line without a field") << json("{'iotman_chart':1,'panes':[{'lines':[{'endpoint':'a'}]}]}") << "field";
        QTest::newRow("an endpoint that cannot be")
            << json("{'iotman_chart':1,'panes':[{'lines':[{'endpoint':'a b','field':'x'}]}]}") << "endpoint";
        QTest::newRow("an unknown alarm") << json("{'iotman_chart':1,'alarms':[{'endpoint':'a','field':'x','kind':'loud'}]}")
                                          << "loud";
        QTest::newRow("limits the wrong way round")
            << json("{'iotman_chart':1,'alarms':[{'endpoint':'a','field':'x','kind':'outside','low':2,'high':1}]}")
            << "lower limit";
        QTest::newRow("too large") << QString(MonitorLayout::mostBytes + 1, u' ') << "too large";
    }
    void whatIsNoLayoutIsRefusedInASentence()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto read = layoutFrom(text.toUtf8());
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().detail).contains(expected), read.error().detail.c_str());
    }
};

QTEST_GUILESS_MAIN(TestAlarm)
#include "tst_alarm.moc"
