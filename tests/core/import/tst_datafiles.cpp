#include "core/import/detect.h"
#include "core/rules/payload.h"
#include "tests/core/import/support.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

#include <set>

using namespace iotman;
using namespace iotman::files;
using namespace iotman::files::test;

struct Import {
    Detected detected;
    std::vector<Row> rows;
    std::vector<Refusal> refusals;
    OddHours oddHours;
    std::string error;

    std::size_t distinctTimes() const
    {
        std::set<Timestamp> times;
        for (const Row& row : rows)
            times.insert(row.time.value_or(Timestamp::min()));
        return times.size();
    }
};

/// Detects and reads a whole file, as detected but for the zone.
static Import imported(const std::string& bytes, std::string zone = "UTC")
{
    Import import;
    Choices choices;
    choices.zone = std::move(zone);
    import.detected = detect(start(bytes), bytes.size() > sampleSize ? Sample::Start : Sample::Whole, choices);
    MemorySource source(bytes);
    auto reader = RowReader::open(source, import.detected.options);
    while (reader) {
        auto next = reader->next();
        if (!next) {
            import.error = next.error().detail;
            break;
        }
        if (std::holds_alternative<End>(*next))
            break;
        if (auto* row = std::get_if<Row>(&*next))
            import.rows.push_back(std::move(*row));
        else
            import.refusals.push_back(std::get<Refusal>(*next));
    }
    import.oddHours = reader->oddHours();
    return import;
}

class TestDataFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsReadWithoutAHand_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("times");
        QTest::addColumn<QByteArray>("firstTime");
        QTest::addColumn<QByteArray>("firstPayload");
        const auto row = [](const char* name, const char* file, int rows, int times, const char* firstTime,
                            const char* firstPayload) {
            QTest::newRow(name) << QByteArray(file) << rows << times << QByteArray(firstTime) << QByteArray(firstPayload);
        };
        row("two series (data-1)", "weather-two-cities.csv", 2922, 1461, "2012-01-01T00:00:00Z",
            R"({"location":"Seattle","date":"2012-01-01","precipitation":0.0,"temp_max":12.8,"temp_min":5.0,"wind":4.7,"weather":"drizzle"})");
        row("dates of digits (data-2)", "co2-weekly.csv", 2284, 2284, "1958-03-29T00:00:00Z", R"({"date":19580329,"co2":316.1})");
        row("an array on one line (data-3)", "flights-2k.json", 2000, 1973, "2001-01-01T06:55:00Z",
            R"({"date":"2001/01/01 06:55","delay":-19,"distance":1797,"origin":"LAX","destination":"BNA"})");
        row("years (data-4)", "iowa-electricity.csv", 51, 17, "2001-01-01T00:00:00Z",
            R"({"year":"2001-01-01","source":"Fossil Fuels","net_generation":35361})");
        row("Unix seconds (data-5)", "server-load.ndjson", 2880, 2880, "2019-08-22T06:00:00Z",
            R"({"ts":1566453600,"idle_pct":99.46,"recv":0,"send":0,"write":0.63,"mem_used_mb":614.52,"mem_free_mb":3767.67})");
        row("a measurement from 0 (data-6)", "motor-1khz.csv", 756, 756, "1970-01-01T00:00:00Z",
            R"({"t":0,"velocity":0.000,"motor_speed":0.0,"I_req":1685.2,"I":330.0,"V_bat":8.9,"torque":0.7,"force":434.9,"accel":54.1,"down_force_req":108.6,"vacuum_req":50.6})");
        row("hours without zone (data-7)", "seattle-weather-hourly-normals.csv", 8759, 8759, "2010-01-01T01:00:00Z",
            R"({"date":"2010-01-01T01:00:00","pressure":1016.6,"temperature":4.0,"wind":3.8})");
    }
    void everyFileIsReadWithoutAHand()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, rows);
        QFETCH(int, times);
        QFETCH(QByteArray, firstTime);
        QFETCH(QByteArray, firstPayload);
        const Import import = imported(dataFile(file.constData()));
        QCOMPARE(import.error, std::string());
        QVERIFY(import.refusals.empty());
        QCOMPARE(int(import.rows.size()), rows);
        QCOMPARE(int(import.distinctTimes()), times);
        QCOMPARE(QByteArray::fromStdString(import.rows.front().time->iso()), firstTime);
        QCOMPARE(QByteArray::fromStdString(import.rows.front().payload), firstPayload);
        QVERIFY(import.oddHours == OddHours{});
        rules::Payload payload;
        for (const Row& row : import.rows)
            QVERIFY(payload.parse(row.payload) && payload.isObject());
    }

    void emptyCellsOfARealFileAreNull()
    {
        const Import import = imported(dataFile("co2-weekly.csv"));
        const auto nulls = std::count_if(import.rows.begin(), import.rows.end(),
                                         [](const Row& row) { return row.payload.ends_with("\"co2\":null}"); });
        QCOMPARE(int(nulls), 59);
    }

    void aYearOfLocalHoursReportsItsOddOnes()
    {
        const Import import = imported(dataFile("seattle-weather-hourly-normals.csv"), "America/Los_Angeles");
        QVERIFY(import.oddHours == (OddHours{1, 1}));
        for (const Row& row : import.rows) {
            if (row.odd == OddHour::Skipped)
                QVERIFY(row.payload.starts_with("{\"date\":\"2010-03-14T02:00:00\""));
            if (row.odd == OddHour::Twice)
                QVERIFY(row.payload.starts_with("{\"date\":\"2010-11-07T01:00:00\""));
        }
    }

    void aLeadingZeroIsNotLost()
    {
        const Import import = imported("name,zip\nA,08123\nB,94110\n");
        QCOMPARE(import.rows.size(), std::size_t(2));
        QCOMPARE(QByteArray::fromStdString(import.rows[0].payload), R"({"name":"A","zip":"08123"})");
        QCOMPARE(QByteArray::fromStdString(import.rows[1].payload), R"({"name":"B","zip":"94110"})");
    }

    void everyFileOfTheCorpusGivesItsRows_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QJsonArray>("rows");
        int files = 0;
        for (const QByteArray& line : QByteArray::fromStdString(dataFile("csv-spectrum.jsonl")).split('\n')) {
            const QJsonObject one = QJsonDocument::fromJson(line).object();
            if (one.isEmpty())
                continue;
            ++files;
            QTest::newRow(one[QLatin1String("id")].toString().toUtf8().constData())
                << one[QLatin1String("csv")].toString().toUtf8() << one[QLatin1String("rows")].toArray();
        }
        QCOMPARE(files, 11);
    }
    void everyFileOfTheCorpusGivesItsRows()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QJsonArray, rows);
        const Import import = imported(csv.toStdString());
        QVERIFY(import.refusals.empty());
        QCOMPARE(qsizetype(import.rows.size()), rows.size());
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const QJsonObject got =
                QJsonDocument::fromJson(QByteArray::fromStdString(import.rows[std::size_t(i)].payload)).object();
            const QJsonObject wanted = rows[i].toObject();
            QCOMPARE(got.keys(), wanted.keys());
            for (const QString& key : wanted.keys()) {
                const QString text = wanted[key].toString();
                if (got[key].isDouble()) {
                    static const QRegularExpression plain(QStringLiteral("^-?(0|[1-9][0-9]*)([.][0-9]+)?$"));
                    QVERIFY2(plain.match(text).hasMatch(), qPrintable(text)); // 08123 is no number: it would lose its zero
                    QCOMPARE(got[key].toDouble(), text.toDouble());
                } else if (got[key].isNull())
                    QCOMPARE(text, QString());
                else
                    QCOMPARE(got[key].toString(), text);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestDataFiles)
#include "tst_datafiles.moc"
