#include "core/series/columngrid.h"
#include "core/series/numberaxis.h"
#include "core/series/timeaxis.h"

#include <QtTest/QtTest>

#include <random>

using namespace iotman;

namespace {

constexpr std::int64_t second = 1'000'000, hour = 3600 * second;

Timestamp at(const char* iso)
{
    const auto time = Timestamp::parseIso(iso);
    return time ? *time : Timestamp::max();
}

/// Europe/Berlin in 2024.
int berlin(Timestamp time)
{
    return time >= at("2024-03-31T01:00:00Z") && time < at("2024-10-27T01:00:00Z") ? 7200 : 3600;
}

int utc(Timestamp)
{
    return 0;
}

QString texts(const std::vector<TimeTick>& ticks)
{
    QStringList list;
    for (const TimeTick& tick : ticks)
        list.append(QString::fromStdString(tick.text));
    return list.join(QLatin1Char(' '));
}

QString texts(const NumberAxis& axis)
{
    QStringList list;
    for (const NumberTick& tick : axis.ticks)
        list.append(QString::fromStdString(tick.text));
    return list.join(QLatin1Char(' '));
}

} // namespace

class TestAxes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersHaveNiceTicks_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QString>("ticks");
        QTest::addColumn<QString>("offset");
        QTest::newRow("whole") << 0.0 << 10.0 << "0 2 4 6 8 10"
                               << "";
        QTest::newRow("halves") << 8.7 << 11.2 << "9.0 9.5 10.0 10.5 11.0"
                                << "";
        QTest::newRow("tenths are exact") << 0.0 << 0.5 << "0.0 0.1 0.2 0.3 0.4 0.5"
                                          << "";
        QTest::newRow("a real minus, and zero has none") << -1.0 << 1.0 << "\u22121.0 \u22120.5 0.0 0.5 1.0"
                                                         << "";
        QTest::newRow("large") << 0.0 << 5e7 << "0 1e7 2e7 3e7 4e7 5e7"
                               << "";
        QTest::newRow("small") << 0.0 << 5e-7 << "0 1e\u22127 2e\u22127 3e\u22127 4e\u22127 5e\u22127"
                               << "";
        QTest::newRow("a small signal on a large value") << 1e9 << 1e9 + 0.5 << "0.0 0.1 0.2 0.3 0.4 0.5"
                                                         << "1e9";
        QTest::newRow("the widest range there is (chart-4)") << -1.7e308 << 1.7e308 << "\u22121e308 0 1e308"
                                                             << "";
    }
    void numbersHaveNiceTicks()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        const NumberAxis axis = numberAxis(low, high, 6);
        QTEST(texts(axis), "ticks");
        QTEST(QString::fromStdString(axis.offset), "offset");
    }

    void ticksStayWithinTheAxisAndAreFew()
    {
        std::mt19937_64 random(7);
        for (int i = 0; i < 20'000; ++i) {
            const double centre =
                std::ldexp(std::uniform_real_distribution(-1.0, 1.0)(random), static_cast<int>(random() % 600) - 300);
            const double half =
                std::ldexp(std::uniform_real_distribution(0.0, 1.0)(random), static_cast<int>(random() % 600) - 300);
            const NumberAxis axis = numberAxis(centre - half, centre + half, 8);
            QVERIFY(axis.ticks.size() <= 8);
            for (const NumberTick& tick : axis.ticks) {
                QVERIFY(tick.value >= centre - half - axis.step && tick.value <= centre + half + axis.step);
                QVERIFY(tick.text.find("nan") == std::string::npos && tick.text.find("inf") == std::string::npos);
            }
        }
    }

    void numbersAreWrittenForPeople_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("exact");
        QTest::addColumn<QString>("fixed");
        QTest::newRow("a tenth") << 0.1 << "0.1"
                                 << "0.10";
        QTest::newRow("all digits") << 0.1 + 0.2 << "0.30000000000000004"
                                    << "0.30";
        QTest::newRow("negative") << -12.345 << "\u221212.345"
                                  << "\u221212.35";
        QTest::newRow("a negative that rounds to zero") << -0.001 << "\u22120.001"
                                                        << "0.00";
        QTest::newRow("negative zero") << -0.0 << "0"
                                       << "0.00";
        QTest::newRow("large") << 1e300 << "1e300"
                               << "1.000000e300";
        QTest::newRow("small") << 5e-324 << "5e\u2212324"
                               << "0.00";
    }
    void numbersAreWrittenForPeople()
    {
        QFETCH(double, value);
        QTEST(QString::fromStdString(exactText(value)), "exact");
        QTEST(QString::fromStdString(fixedText(value, 2)), "fixed");
    }

    void timesHaveTicksAtLocalHours_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<bool>("local");
        QTest::addColumn<QString>("ticks");
        const auto row = [](const char* name, const char* from, const char* to, bool local, const char* ticks) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << local << QString::fromUtf8(ticks);
        };
        row("spring skips 02 (chart-1)", "2024-03-30T23:00:00Z", "2024-03-31T04:00:00Z", true, "31 Mar 01:00 03:00 04:00 05:00");
        row("autumn shows 02 twice (chart-1)", "2024-10-26T23:00:00Z", "2024-10-27T04:00:00Z", true,
            "01:00 02:00 02:00 03:00 04:00");
        row("UTC does not change (chart-1)", "2024-03-30T23:00:00Z", "2024-03-31T04:00:00Z", false,
            "23:00 31 Mar 01:00 02:00 03:00");
    }
    void timesHaveTicksAtLocalHours()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(bool, local);
        const auto ticks =
            timeTicks({at(from.constData()), at(to.constData())}, {TimeUnit::Hour, 1}, local ? berlin : utc, englishMonths());
        QTEST(texts(ticks), "ticks");
        for (const TimeTick& tick : ticks)
            QCOMPARE(tick.time.us % hour, 0);
    }

    void theStepFitsTheSpan_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<qint64>("span");
        QTest::addColumn<QString>("ticks");
        const auto row = [](const char* name, const char* from, qint64 span, const char* ticks) {
            QTest::newRow(name) << QByteArray(from) << span << QString::fromUtf8(ticks);
        };
        row("microseconds", "2024-06-01T10:00:00Z", 3, "12:00:00.000000 12:00:00.000001 12:00:00.000002");
        row("milliseconds", "2024-06-01T10:00:00Z", 3000, "12:00:00.000 12:00:00.001 12:00:00.002");
        row("tenths", "2024-06-01T10:00:00Z", 300'000, "12:00:00.0 12:00:00.1 12:00:00.2");
        row("seconds", "2024-06-01T10:00:00Z", 3 * second, "12:00:00 12:00:01 12:00:02");
        row("minutes", "2024-06-01T10:00:00Z", 180 * second, "12:00 12:01 12:02");
        row("a day boundary", "2024-06-01T21:00:00Z", 3 * hour, "23:00 2 Jun 01:00");
        row("days, one of 23 hours", "2024-03-29T23:00:00Z", 72 * hour, "30 Mar 31 Mar 1 Apr 2 Apr");
        row("months", "2023-11-15T00:00:00Z", 90 * 24 * hour, "Dec 2024 Feb");
        row("years", "1999-06-01T00:00:00Z", 3 * 8766 * hour, "2000 2001 2002");
        row("centuries", "1999-06-01T00:00:00Z", 300 * 8766 * hour, "2000 2100 2200");
    }
    void theStepFitsTheSpan()
    {
        QFETCH(QByteArray, from);
        QFETCH(qint64, span);
        const TimeRange range{at(from.constData()), {at(from.constData()).us + span}};
        const TimeStep step = niceTimeStep(static_cast<double>(span) / 3 * 0.99);
        QTEST(texts(timeTicks(range, step, berlin, englishMonths())), "ticks");
    }

    void aTimeIsWrittenWithTheDecimalsItHas()
    {
        const CivilTime local = localTime(at("2024-06-01T10:00:00.25Z"), berlin);
        QCOMPARE(clockText(local), std::string("12:00:00.25"));
        QCOMPARE(dateText(local, englishMonths()), std::string("1 Jun 2024"));
        QCOMPARE(offsetText(-8 * 3600), std::string("UTC\u22128"));
        QCOMPARE(offsetText(19800), std::string("UTC+5:30"));
        QCOMPARE(offsetText(0), std::string("UTC"));
    }

    void columnsCoverTheirRangeAndBordersAreExact()
    {
        constexpr unsigned seed = 11;
        std::mt19937_64 random(seed);
        for (int i = 0; i < 50'000; ++i) {
            const std::int64_t span = 1 + static_cast<std::int64_t>(random() % (std::uint64_t{1} << (1 + random() % 53)));
            const std::int64_t from = static_cast<std::int64_t>(random() % 6'000'000'000'000'000'000) - 3'000'000'000'000'000'000;
            const int width = 1 + static_cast<int>(random() % 4000);
            const TimeRange range{{from}, {from + span}};
            const ColumnWindow window = ColumnWindow::of(range, width);
            if (width > 1)
                QVERIFY2(window.range().from <= range.from && window.range().to >= range.to, qPrintable(QString::number(i)));
            QVERIFY(window.grid.columnUs() <= std::max(1.0, static_cast<double>(span) / std::max(width - 1, 1) * 1.001));
            for (const std::int64_t index : {window.first, window.first + width / 2, window.first + width - 1}) {
                const Timestamp start = window.grid.startOf(index);
                QCOMPARE(window.grid.indexOf(start), index);
                QCOMPARE(window.grid.indexOf({start.us - 1}), index - 1);
            }
        }
    }

    void columnsStandStillWhileTheViewMoves()
    {
        const TimeRange range{{1'700'000'000'000'003}, {1'700'000'060'000'003}};
        const ColumnWindow window = ColumnWindow::of(range, 800);
        for (std::int64_t shift = 0; shift < 1'000'000; shift += 7'919) {
            const ColumnWindow moved = ColumnWindow::of({{range.from.us + shift}, {range.to.us + shift}}, 800);
            QCOMPARE(moved.grid, window.grid);
        }
    }
};

QTEST_GUILESS_MAIN(TestAxes)
#include "tst_axes.moc"
