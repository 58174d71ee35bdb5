// What lies between cursors as a table, which line is drawn in which pane, and values as rows of a file.
#include "core/series/statistics.h"
#include "tests/ui/monitor/support.h"
#include "ui/chart/zonetext.h"
#include "ui/monitor/measuremodel.h"
#include "ui/monitor/rowwriter.h"
#include "ui/monitor/valuesmodel.h"

#include <QtTest/QtTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'700'000'000 * second;

struct Measured {
    std::shared_ptr<SeriesSet> set = std::make_shared<SeriesSet>();
    SeriesId id = set->add({"celsius", "°C", SeriesKind::Number});
    MeasureModel model{set};

    Measured() { model.setLines({{EndpointId{"a"}, id, 0, QStringLiteral("celsius"), {EndpointId{"a"}, "celsius", ""}}}); }
    void append(std::initializer_list<double> values)
    {
        for (const double value : values)
            set->append(id, {start + static_cast<std::int64_t>(set->series(id).size()) * second}, value);
    }
    /// Between seconds `a` and `b`.
    QStringList cells(int a, int b)
    {
        model.measure({{start + a * second}, {start + b * second}});
        QStringList cells;
        for (int column = MeasureModel::AColumn; column < MeasureModel::columns; ++column)
            cells.append(model.index(0, column).data().toString());
        return cells;
    }
};

PlacedLine placed(const char* path, const char* unit, SeriesKind kind = SeriesKind::Number)
{
    return {{EndpointId{"a"}, path, ""}, unit, kind};
}

/// `a b | c`: the paths of each pane.
QString panesText(const Panes& panes)
{
    QStringList all;
    for (const MonitorPane& pane : panes.panes()) {
        QStringList paths;
        for (const LineKey& key : pane.lines)
            paths.append(QString::fromStdString(key.path));
        all.append(paths.join(u' '));
    }
    return all.join(QStringLiteral(" | "));
}

} // namespace

class TestMeasure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothCursorsBelongToTheRange_data()
    {
        QTest::addColumn<int>("a");
        QTest::addColumn<int>("b");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("four values") << 1 << 4 << texts({"2", "7", "+5", "4", "2", "7", "4.0", "3.5", "2.16", "+1.60"});
        QTest::newRow("the other way round") << 4 << 1 << texts({"7", "2", "−5", "4", "2", "7", "4.0", "3.5", "2.16", "+1.60"});
        QTest::newRow("one value") << 2 << 2 << texts({"3", "3", "0", "1", "3", "3", "3.0", "3.0", "–", "–"});
        const QStringList nothing = texts({"–", "–", "–", "0", "–", "–", "–", "–", "–", "–"});
        QTest::newRow("before the first value") << -5 << -3 << nothing;
        QTest::newRow("after the last value") << 20 << 30 << nothing;
    }
    void bothCursorsBelongToTheRange()
    {
        QFETCH(int, a);
        QFETCH(int, b);
        Measured m;
        m.append({1, 2, 3, 4, 7});
        QTEST(m.cells(a, b), "expected");
    }

    void textsAndBooleansAreReadAsWords_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("expected"); ///< A, B, B - A, count, min, mean
        QTest::newRow("states") << int(SeriesKind::State) << texts({"rain", "sun", "–", "3", "–", "–"});
        QTest::newRow("booleans") << int(SeriesKind::Boolean) << texts({"true", "false", "−1", "3", "0", "0.7"});
    }
    void textsAndBooleansAreReadAsWords()
    {
        QFETCH(int, kind);
        Measured m;
        m.set->setInfo(m.id, {"sky", "", SeriesKind(kind), {"sun", "rain"}});
        m.append({1, 1, 0});
        QStringList cells = m.cells(0, 2);
        cells.removeAt(MeasureModel::MaxColumn - MeasureModel::AColumn);
        QTEST(cells.mid(0, 6), "expected");
    }

    void aNullIsNotCounted()
    {
        Measured m;
        m.append({1, std::numeric_limits<double>::quiet_NaN(), 3});
        QCOMPARE(m.cells(0, 2).at(MeasureModel::CountColumn - MeasureModel::AColumn), QStringLiteral("2"));
    }

    void theMedianOfManyComesALittleLater()
    {
        Measured m;
        const int count = int{Medians::atOnce} + 1001;
        for (int i = 0; i < count; ++i)
            m.set->append(m.id, {start + i * second}, (i * 7919LL) % count);
        QCOMPARE(m.cells(0, count).at(MeasureModel::MedianColumn - MeasureModel::AColumn), QStringLiteral("…"));
        QTRY_COMPARE(m.model.index(0, MeasureModel::MedianColumn).data().toDouble(), static_cast<double>(count / 2));
    }

    void theMedianOfManyIsExact_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<std::function<double(int)>>("value");
        const auto row = [](const char* name, int count, const std::function<double(int)>& value) {
            QTest::newRow(name) << count << value;
        };
        const auto scattered = [](int i) { return static_cast<double>((i * 7919LL) % 1'000'003); };
        row("an odd number", 250'001, scattered);
        row("an even number", 250'000, scattered);
        row("nearly all the same", 250'000, [](int i) { return i % 10 == 0 ? i : 0.5; });
        row("one half this, one half that", 250'000, [](int i) { return i % 2 ? 1e300 : -1e300; });
        row("all the same", 250'000, [](int) { return 7.25; });
        row("most of them close together, one far away", 250'001, [](int i) { return i == 0 ? 1e308 : 1 + i * 1e-15; });
        row("the smallest there are", 250'001, [](int i) { return (i % 3) * std::numeric_limits<double>::denorm_min(); });
        row("from one end of all numbers to the other", 250'001,
            [](int i) { return (i % 2 ? 1 : -1) * std::pow(10.0, i % 600 - 300); });
    }
    void theMedianOfManyIsExact()
    {
        QFETCH(int, count);
        QFETCH(std::function<double(int)>, value);
        auto set = std::make_shared<SeriesSet>();
        const SeriesId id = set->add({"a", "", SeriesKind::Number});
        std::vector<double> values;
        for (int i = 0; i < count; ++i) {
            values.push_back(value(i));
            set->append(id, {start + i * second}, values.back());
        }
        Medians medians(set);
        medians.want({id}, {{start}, {start + count * second}});
        QTRY_VERIFY(medians.median(id));
        QCOMPARE(*medians.median(id), medianOf(values));
    }

    void theMedianFollowsWhatComesAndGoes()
    {
        Measured m;
        const int many = int{Medians::inTurn} * 2;
        for (int i = 0; i < many; ++i)
            m.set->append(m.id, {start + i * second}, i % 2);
        const auto median = [&] { return m.model.index(0, MeasureModel::MedianColumn).data().toString(); };
        (void)m.cells(0, 10 * many);
        QTRY_COMPARE(median(), QStringLiteral("0.5"));
        // While it is worked out again, the last one stands.
        m.set->append(m.id, {start + many * second}, 1);
        QCOMPARE(m.cells(0, 10 * many).at(MeasureModel::MedianColumn - MeasureModel::AColumn), QStringLiteral("0.5"));
        QTRY_COMPARE(((void)m.cells(0, 10 * many), median()), QStringLiteral("1.0"));
        // What comes among values that were taken out already is not left out.
        (void)m.cells(0, 20 * many);
        QCoreApplication::processEvents();
        for (int i = 0; i < 2; ++i)
            m.set->append(m.id, {start + second}, 0);
        QTRY_COMPARE(((void)m.cells(0, 20 * many), median()), QStringLiteral("0"));
        // Another range, and a part of it has been dropped: no median then.
        m.set->setBudget(1);
        QCOMPARE(m.cells(0, 10 * many).at(MeasureModel::MedianColumn - MeasureModel::AColumn), QStringLiteral("\u2013"));
    }

    void theTableIsCopiedWithItsHeads()
    {
        Measured m;
        m.append({1, 2});
        m.cells(0, 1);
        const QStringList lines = m.model.asText().split(u'\n');
        QCOMPARE(lines.at(0).section(u'\t', 0, 4), QStringLiteral("Series\tUnit\tA\tB\tB − A"));
        QCOMPARE(lines.at(1).section(u'\t', 0, 5), QStringLiteral("celsius\t°C\t1\t2\t+1\t2"));
    }

    void aLineGoesWhereItsUnitIs_data()
    {
        using Lines = std::vector<PlacedLine>;
        QTest::addColumn<Lines>("lines");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << Lines{} << "";
        QTest::newRow("one unit, one pane") << Lines{placed("a", "°C"), placed("b", "°C")} << "a b";
        QTest::newRow("two units") << Lines{placed("a", "°C"), placed("b", "hPa"), placed("c", "°C")} << "a c | b";
        QTest::newRow("states and booleans together")
            << Lines{placed("a", ""), placed("on", "", SeriesKind::Boolean), placed("sky", "", SeriesKind::State)}
            << "a | on sky";
        QTest::newRow("no more than four by themselves")
            << Lines{placed("a", "1"), placed("b", "2"), placed("c", "3"), placed("d", "4"), placed("e", "5")}
            << "a | b | c | d e";
    }
    void aLineGoesWhereItsUnitIs()
    {
        QFETCH(std::vector<PlacedLine>, lines);
        Panes panes;
        panes.arrange(lines);
        QTEST(panesText(panes), "expected");
    }

    void whatAPersonMovedStaysAndEmptyPanesGo()
    {
        Panes panes;
        std::vector<PlacedLine> lines{placed("a", "°C"), placed("b", "°C"), placed("c", "hPa")};
        panes.arrange(lines);
        panes.move(lines[1].key, panes.panes().size());
        QCOMPARE(panesText(panes), QStringLiteral("a | c | b"));
        panes.move(lines[2].key, 0);
        QCOMPARE(panesText(panes), QStringLiteral("a c | b"));
        panes.arrange({lines[0], lines[1]});
        QCOMPARE(panesText(panes), QStringLiteral("a | b"));
        panes.close(0);
        panes.arrange({lines[1]});
        QCOMPARE(panesText(panes), QStringLiteral("b"));
    }

    void linesThatAreToComeBackKeepTheirPlaces()
    {
        Panes panes;
        const std::vector<PlacedLine> lines{placed("a", "°C"), placed("b", "hPa")};
        panes.arrange(lines);
        panes.await(EndpointId{"a"});
        panes.arrange({});
        QCOMPARE(panesText(panes), QStringLiteral("a | b"));
        panes.arrange({lines[1]});
        panes.arrange(lines);
        QCOMPARE(panesText(panes), QStringLiteral("a | b"));
    }

    // ---- Rows of a file

    void rowsHaveTheZoneAndEveryDigit()
    {
        SeriesSet set;
        const SeriesId a = set.add({"celsius", "°C", SeriesKind::Number});
        const SeriesId b = set.add({"on, \"off\"", "", SeriesKind::Boolean});
        const SeriesId c = set.add({"sky", "", SeriesKind::State, {"sun", "rain, hail"}});
        set.append(a, {start}, 0.1);
        set.append(b, {start}, 1);
        set.append(a, {start + 500'000}, -1e300);
        set.append(c, {start + 500'000}, 1);
        set.append(a, {start + 500'000}, 9007199254740993.0, "9007199254740993");
        const OffsetAt offsets = offsetsOf(QTimeZone("America/Los_Angeles"));
        const RowWriter csv(RowWriter::Format::Csv, set, {a, b, c}, "America/Los_Angeles", offsets);
        QCOMPARE(QString::fromStdString(csv.head()),
                 QStringLiteral("time (America/Los_Angeles),time (Unix s),celsius (°C),\"on, \"\"off\"\"\",sky\r\n"));
        QCOMPARE(QString::fromStdString(csv.rows({{start}, {start + second}})),
                 QStringLiteral("2023-11-14T14:13:20-08:00,1700000000,0.1,true,\r\n"
                                "2023-11-14T14:13:20.5-08:00,1700000000.5,-1e+300,,\"rain, hail\"\r\n"
                                "2023-11-14T14:13:20.5-08:00,1700000000.5,9007199254740993,,\r\n"));
        const RowWriter ndjson(RowWriter::Format::Ndjson, set, {a, b, c}, "UTC", [](Timestamp) { return 0; });
        QCOMPARE(QString::fromStdString(ndjson.rows({{start}, {start + 1}})),
                 QString::fromUtf8("{\"time\":\"2023-11-14T22:13:20Z\",\"unix\":1700000000,\"celsius\":0.1,"
                                   "\"on, \\\"off\\\"\":true}\n"));
    }

    void theTableOfValuesHasTheDigitsOfTheItems()
    {
        Measured measured; // json-1
        measured.set->append(measured.id, {start}, -9007199254740993.0, "-9007199254740993");
        measured.set->append(measured.id, {start + second}, 0.5);
        ValuesModel table(measured.set);
        table.setLines({{EndpointId{"a"}, measured.id, 0, QStringLiteral("celsius"), {EndpointId{"a"}, "celsius", ""}}});
        table.show({{start}, {start + 2 * second}});
        QCOMPARE(table.rowCount(), 2);
        QCOMPARE(table.index(0, 1).data().toString(), QStringLiteral("0.5"));
        QCOMPARE(table.index(1, 1).data().toString(), QString::fromUtf8("−9007199254740993"));
    }

    void anHourThatClocksRepeatIsToldApart()
    {
        SeriesSet set; // chart-1
        const SeriesId a = set.add({"a", "", SeriesKind::Number});
        const std::int64_t first = Timestamp::parseIso("2024-10-27T00:30:00Z")->us;
        set.append(a, {first}, 1);
        set.append(a, {first + 3600 * second}, 2);
        const RowWriter csv(RowWriter::Format::Csv, set, {a}, "Europe/Berlin", offsetsOf(QTimeZone("Europe/Berlin")));
        const QString rows = QString::fromStdString(csv.rows({{first}, {first + 7200 * second}}));
        QVERIFY(rows.contains(QStringLiteral("02:30:00+02:00")) && rows.contains(QStringLiteral("02:30:00+01:00")));
    }
};

QTEST_GUILESS_MAIN(TestMeasure)
#include "tst_measure.moc"
