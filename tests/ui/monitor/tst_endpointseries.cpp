// What is plotted of an endpoint unasked, and what its items become.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/endpointseries.h"
#include "ui/monitor/linklog.h"
#include "ui/monitor/ratemeter.h"

#include <QFile>
#include <QtTest/QtTest>

#include <cmath>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'700'000'000 * second;

/// One item a second, newest first; `@` stands for the number of the item, counted from the oldest.
std::vector<client::Item> items(const QString& json, int count, bool hasTimes = true)
{
    std::vector<client::Item> made;
    for (int i = count - 1; i >= 0; --i) {
        const Timestamp time{start + i * second};
        const QString text =
            QString(json).replace(QLatin1String("$ts"), QString::fromStdString(time.seconds())).replace(u'@', QString::number(i));
        made.push_back({hasTimes ? std::optional(time) : std::nullopt, text.toStdString()});
    }
    return made;
}

/// The rows of the extract as items in the way an import makes them, newest first, ties newest arrival first.
std::vector<client::Item> twoCities()
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/ui/monitor/data/weather-two-cities-extract.csv"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(file.fileName()));
    file.readLine();
    std::vector<client::Item> rows;
    while (!file.atEnd()) {
        const QByteArrayList cells = file.readLine().trimmed().split(',');
        const Timestamp time = *Timestamp::parseIso(cells[1].toStdString() + "T00:00:00Z");
        const auto cell = [&](int i) { return cells[i].toStdString(); };
        rows.push_back({time, "{\"location\":\"" + cell(0) + "\",\"rain\":" + cell(2) + ",\"max\":" + cell(3) +
                                  ",\"min\":" + cell(4) + ",\"wind\":" + cell(5) + ",\"weather\":\"" + cell(6) + "\"}"});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    std::reverse(rows.begin(), rows.end());
    return rows;
}

/// `group path: samples` of every line that is plotted.
QStringList linesOf(const EndpointSeries& series, const SeriesSet& set)
{
    QStringList lines;
    for (const EndpointLine& line : series.lines())
        if (line.series)
            lines.append(QStringLiteral("%1 %2: %3")
                             .arg(QString::fromStdString(series.groups()[line.group]),
                                  QString::fromStdString(series.fields().path(line.field)))
                             .arg(set.series(*line.series).size()));
    return lines;
}

void addAll(EndpointSeries& series, const std::vector<client::Item>& newestFirst)
{
    for (auto item = newestFirst.rbegin(); item != newestFirst.rend(); ++item)
        series.add(item->json, item->time, std::nullopt);
}

} // namespace

class TestEndpointSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyMeasurementsArePlottedUnasked_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("role");
        QTest::newRow("a number") << R"({"x":@.5})" << 30 << "measurement";
        QTest::newRow("a boolean") << R"({"x":true,"y":@.5})" << 3 << "measurement";
        QTest::newRow("a number that never changes") << R"({"x":7})" << 30 << "constant";
        QTest::newRow("too few to know that it never changes") << R"({"x":7})" << 5 << "measurement";
        QTest::newRow("a text") << R"({"x":"rain"})" << 30 << "state";
        QTest::newRow("only null") << R"({"x":null})" << 30 << "state";
        QTest::newRow("called id") << R"({"x_id":@4})" << 5 << "id";
        QTest::newRow("rising by the same step") << R"({"x":@})" << 30 << "id";
        QTest::newRow("of more than 15 digits") << R"({"x":900719925474099@7})" << 5 << "id";
        QTest::newRow("the datapoint's time, whatever its name") << R"({"x":$ts})" << 3 << "time";
        QTest::newRow("called time and large enough") << R"({"ts":16999999@@})" << 3 << "time";
        QTest::newRow("called time, a text") << R"({"date":"2012-01-0@"})" << 0 << "state";
        QTest::newRow("called time, but small") << R"({"time":@.25})" << 30 << "measurement";
        QTest::newRow("large, but not called time") << R"({"bytes":16999999@@})" << 3 << "measurement";
    }
    void onlyMeasurementsArePlottedUnasked()
    {
        QFETCH(QString, json);
        QFETCH(int, count);
        const QStringList names = texts({"measurement", "constant", "id", "time", "state"});
        const EndpointShape shape = shapeOf(items(json, count));
        if (count == 0) {
            QVERIFY(shape.fields.empty());
            return;
        }
        QTEST(names.at(static_cast<int>(shape.fields.at(0).role)), "role");
    }

    void theTimeOfAValueIsTheServersElseAFieldsElseTheArrivals_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<bool>("hasTimes");
        QTest::addColumn<int>("source");
        QTest::addColumn<QString>("field");
        QTest::newRow("told") << R"({"ts":1600000@00123,"c":1})" << true << int(TimeSource::Datapoint) << "ts";
        QTest::newRow("in a field") << R"({"ts":1600000@00123,"c":1})" << false << int(TimeSource::Field) << "ts";
        QTest::newRow("in a field as text") << R"({"c":1,"when":"2012-01-0@"})" << false << int(TimeSource::Field) << "when";
        QTest::newRow("nowhere") << R"({"c":1})" << false << int(TimeSource::Arrival) << "";
    }
    void theTimeOfAValueIsTheServersElseAFieldsElseTheArrivals()
    {
        QFETCH(QString, json);
        QFETCH(bool, hasTimes);
        std::vector<client::Item> sample = items(json, 9, hasTimes);
        sample.pop_back(); // there is no day 0
        const ReadingRule rule = shapeOf(sample).rule;
        QTEST(int(rule.time), "source");
        QTEST(QString::fromStdString(rule.timeField), "field");
    }

    void twoCitiesAreTwoLines()
    {
        const auto sample = twoCities();
        const EndpointShape shape = shapeOf(sample);
        QCOMPARE(shape.rule.splitField, std::string("location"));
        QCOMPARE(shape.splitFields, (std::vector<std::string>{"location", "weather"}));
        QCOMPARE(shape.typicalInterval, 86400 * second);

        SeriesSet set;
        EndpointSeries series(set, shape.rule);
        addAll(series, sample);
        QStringList expected;
        for (const char* city : {"Seattle", "New York"})
            for (const char* field : {"rain", "max", "min", "wind", "weather"})
                expected.append(QStringLiteral("%1 %2: 60").arg(QString::fromUtf8(city), QString::fromUtf8(field)));
        QStringList lines = linesOf(series, set);
        QCOMPARE(QSet<QString>(lines.begin(), lines.end()), QSet<QString>(expected.begin(), expected.end()));
    }

    void aPersonMayHaveThemInOneLine()
    {
        const auto sample = twoCities();
        ReadingRule rule = shapeOf(sample).rule;
        rule.splitField.clear();
        SeriesSet set;
        EndpointSeries series(set, rule);
        addAll(series, sample);
        QCOMPARE(linesOf(series, set),
                 (texts({" location: 120", " rain: 120", " max: 120", " min: 120", " wind: 120", " weather: 120"})));
    }

    void textsSplitOnlyWhereTheySayWhichThingAnItemIsAbout_data()
    {
        QTest::addColumn<QStringList>("items"); // each `seconds text`
        QTest::addColumn<QString>("expected");
        QTest::newRow("two of each time") << texts({"1 a", "1 b", "2 a", "2 b"}) << "x";
        QTest::newRow("times of their own") << texts({"1 a", "2 b", "3 a", "4 b"}) << "";
        QTest::newRow("the same twice at one time") << texts({"1 a", "1 a", "2 a", "2 b"}) << "";
        QTest::newRow("half of the items share their time") << texts({"1 a", "1 b", "2 a", "3 a"}) << "x";
        QTest::newRow("less than half") << texts({"1 a", "1 b", "2 a", "3 a", "4 b"}) << "";
        QStringList many;
        for (int i = 0; i < 13; ++i)
            many.append(QStringLiteral("1 t%1").arg(i));
        QTest::newRow("13 texts") << many << "";
        QTest::newRow("12 texts") << many.mid(1) << "x";
    }
    void textsSplitOnlyWhereTheySayWhichThingAnItemIsAbout()
    {
        QFETCH(QStringList, items);
        std::vector<client::Item> sample;
        for (const QString& item : items)
            sample.push_back({Timestamp{item.section(u' ', 0, 0).toInt() * second},
                              QStringLiteral(R"({"x":"%1","y":1})").arg(item.section(u' ', 1)).toStdString()});
        QTEST(QString::fromStdString(shapeOf(sample).rule.splitField), "expected");
    }

    void nullAndWhatIsUnusableBreakALineAndAreCounted()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        int n = 0;
        for (const char* value : {"1", "2", "1e400", "null", "-1e308", "1e308", "\"Infinity\"", "3"})
            series.add(std::string("{\"a\":") + value + "}", Timestamp{start + n++ * second}, std::nullopt);
        QCOMPARE(series.lines().size(), std::size_t{1});
        const Series& line = set.series(*series.lines()[0].series);
        QCOMPARE(line.size(), std::size_t{8});
        QString drawn;
        for (const Point& point : line.points({{start}, {start + 10 * second}}))
            drawn += QStringLiteral("%1%2 ").arg(point.gapBefore ? QStringLiteral("| ") : QString()).arg(point.value);
        QCOMPARE(drawn, QStringLiteral("| 1 2 | -1e+308 1e+308 | 3 "));
        QCOMPARE(series.faults().unusable, std::size_t{2});
        QCOMPARE(series.faults().firstUnusable, std::string("a: 1e400"));
    }

    void aFieldThatAnItemLacksIsNoGap()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        for (int i = 0; i < 6; ++i)
            series.add(i % 2 == 0 ? R"({"a":1,"b":2})" : R"({"b":3})", Timestamp{start + i * second}, std::nullopt);
        const auto points = set.series(*series.lines()[0].series).points({{start}, {start + 10 * second}});
        QCOMPARE(points.size(), std::size_t{3});
        QVERIFY(!points[1].gapBefore);
    }

    void booleansAreStepsUntilANumberComes()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        series.add(R"({"on":true})", Timestamp{start}, std::nullopt);
        QCOMPARE(set.info(*series.lines()[0].series).kind, SeriesKind::Boolean);
        series.add(R"({"on":2})", Timestamp{start + 1}, std::nullopt);
        QCOMPARE(set.info(*series.lines()[0].series).kind, SeriesKind::Number);
        QCOMPARE(set.series(*series.lines()[0].series).size(), std::size_t{2});
    }

    void theNewestValueIsShownDigitForDigitWhateverComesLate()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        series.add(R"({"a":9007199254740993,"s":"new"})", Timestamp{start + 1}, std::nullopt);
        series.add(R"({"a":1,"s":"old"})", Timestamp{start}, std::nullopt);
        QCOMPARE(series.lines()[0].lastText, std::string("9007199254740993"));
        QCOMPARE(series.lines()[1].lastText, std::string("new"));
    }

    void textsAreStates()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        int n = 0;
        for (const char* sky : {"'sun'", "'rain'", "null", "'sun'", "7"})
            series.add(json("{'sky':%1}").arg(json(sky)).toStdString(), Timestamp{start + n++ * second}, std::nullopt);
        // A number has come: what was text before is no state any more.
        const SeriesId id = *series.lines()[0].series;
        QCOMPARE(set.info(id).kind, SeriesKind::Number);
        QCOMPARE(set.series(id).size(), std::size_t{1});

        SeriesSet states;
        EndpointSeries skies(states, {});
        for (const char* sky : {"'sun'", "'rain'", "null", "'sun'"})
            skies.add(json("{'sky':%1}").arg(json(sky)).toStdString(), Timestamp{start + n++ * second}, std::nullopt);
        const SeriesInfo& info = states.info(*skies.lines()[0].series);
        QCOMPARE(info.kind, SeriesKind::State);
        QCOMPARE(info.states, (std::vector<std::string>{"sun", "rain"}));
        QString codes;
        for (const Point& point : states.series(*skies.lines()[0].series).points({{start}, {start + 100 * second}}))
            codes += QStringLiteral("%1%2 ").arg(point.gapBefore ? QStringLiteral("| ") : QString()).arg(point.value);
        QCOMPARE(codes, QStringLiteral("| 0 1 | 0 "));
    }

    void textsThatAreNamesHaveNoBand()
    {
        SeriesSet set;
        EndpointSeries series(set, {});
        for (int i = 0; i < int{EndpointSeries::mostStates} + 10; ++i)
            series.add(json("{'name':'n%1'}").arg(i).toStdString(), Timestamp{start + i * second}, std::nullopt);
        QVERIFY(set.series(*series.lines()[0].series).isEmpty());
        QCOMPARE(series.lines()[0].lastText, std::string("n209"));
    }

    void derivedFieldsAreLinesLikeOthers()
    {
        ReadingRule rule;
        rule.derived = {{DerivedField::Kind::Rate, "fall", "x", {}, {}, {}, 0, {}},
                        {DerivedField::Kind::Difference, "between", "x", {}, "y", {}, 0, {}},
                        {DerivedField::Kind::Rule, "middle", {}, {}, {}, {}, 0, "($.x + $.y) / 2"},
                        {DerivedField::Kind::Rule, "broken", {}, {}, {}, {}, 0, "($.x + "}};
        SeriesSet set;
        EndpointSeries series(set, rule);
        for (int i = 0; i < 5; ++i)
            series.add(json("{'x':%1,'y':1}").arg(10 - 2 * i).toStdString(), Timestamp{start + i * second}, std::nullopt);
        series.add(json("{'x':'high','y':1}").toStdString(), Timestamp{start + 5 * second}, std::nullopt);
        series.derive();
        QStringList told;
        for (const EndpointLine& line : series.lines())
            if (series.isDerived(line))
                told.append(QStringLiteral("%1 %2 %3")
                                .arg(QString::fromStdString(series.path(line)))
                                .arg(set.series(*line.series).last()->value)
                                .arg(QString::fromStdString(line.lastText.substr(0, 4))));
        QCOMPARE(told.size(), 3);
        QVERIFY2(told.at(0).startsWith(QStringLiteral("middle 1.5")), qPrintable(told.join(u'|')));
        QCOMPARE(told.at(1), QStringLiteral("fall -2 -2"));
        QCOMPARE(told.at(2), QStringLiteral("between 1 1"));
        QVERIFY(series.faults().unusable >= 1);
    }

    void itemsWithoutATimeAreCounted()
    {
        SeriesSet set;
        EndpointSeries series(set, {TimeSource::Field, "ts", EpochUnit::Milliseconds, {}});
        series.add(R"({"ts":1700000000123,"a":1})", std::nullopt, std::nullopt);
        series.add(R"({"a":2})", Timestamp{start}, Timestamp{start});
        series.add(R"({"ts":"rain","a":3})", Timestamp{start}, Timestamp{start});
        series.add("nonsense", Timestamp{start}, Timestamp{start});
        QCOMPARE(series.faults().timeless, std::size_t{2});
        QCOMPARE(series.faults().unreadable, std::size_t{1});
        QCOMPARE(series.range()->from.us, std::int64_t{1700000000123000});
    }

    void seriesGoWithTheEndpoint()
    {
        SeriesSet set;
        {
            EndpointSeries series(set, {});
            addAll(series, items(QStringLiteral(R"({"a":@,"b":@})"), 10));
            QCOMPARE(set.ids().size(), std::size_t{2});
        }
        QVERIFY(set.ids().empty());
        QCOMPARE(set.bytes(), std::size_t{0});
    }

    void aLostLinkCountsWhatFilledIt()
    {
        LinkLog log;
        log.lost({1}, "before anything was live");
        QVERIFY(log.links().empty());
        log.live({5 * second});
        log.lost({10 * second}, "gone");
        log.lost({11 * second}, "still gone");
        log.live({20 * second});
        for (const int at : {9, 10, 15, 19, 20, 21})
            log.item(Timestamp{at * second});
        log.item(std::nullopt);
        QCOMPARE(log.links().size(), std::size_t{1});
        QCOMPARE(log.links()[0], (LostLink{{10 * second}, Timestamp{20 * second}, "gone", 3, false}));
    }

    void aRateIsOfTheLastTenSeconds()
    {
        RateMeter meter;
        QCOMPARE(meter.perSecond({start}), 0.0);
        for (int i = 0; i <= 30; ++i)
            meter.add({start + i * second}, 5);
        QCOMPARE(meter.perSecond({start + 30 * second}), 5.0);
        QCOMPARE(meter.perSecond({start + 60 * second}), 0.0);
        meter.add({start + 100 * second}, 4);
        QCOMPARE(meter.perSecond({start + 102 * second}), 2.0);
    }
};

QTEST_APPLESS_MAIN(TestEndpointSeries)
#include "tst_endpointseries.moc"
