#include "core/model/timestamp.h"

#include <QtTest/QtTest>

using namespace iotman;

class TestTimestamp : public QObject {
    Q_OBJECT

    static void check(const QByteArray& text, qint64 us)
    {
        const auto time = Timestamp::parseSeconds(text.toStdString(), "from");
        QVERIFY2(time, time ? "" : time.error().detail.c_str());
        QCOMPARE(time->us, us);
    }

private Q_SLOTS:
    void secondsAreExactBothWays_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("us");
        QTest::addColumn<QByteArray>("printed");
        QTest::newRow("zero is a time (time-3)") << QByteArray("0") << qint64(0) << QByteArray("0");
        QTest::newRow("the last microsecond is kept (time-2)")
            << QByteArray("1700000000.000007") << qint64(1700000000000007) << QByteArray("1700000000.000007");
        QTest::newRow("a year past 2038 (time-2)")
            << QByteArray("4102444799.999999") << qint64(4102444799999999) << QByteArray("4102444799.999999");
        QTest::newRow("before 1970 (time-3)") << QByteArray("-863715600") << qint64(-863715600000000) << QByteArray("-863715600");
        QTest::newRow("half a second before 1970 (time-3)") << QByteArray("-0.5") << qint64(-500000) << QByteArray("-0.5");
        QTest::newRow("trailing zeros are not printed") << QByteArray("1.500000") << qint64(1500000) << QByteArray("1.5");
        QTest::newRow("the year 5138 (time-1)")
            << QByteArray("99999999999") << qint64(99999999999000000) << QByteArray("99999999999");
    }
    void secondsAreExactBothWays()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, us);
        QFETCH(QByteArray, printed);
        check(text, us);
        QCOMPARE(QByteArray::fromStdString(Timestamp{us}.seconds()), printed);
    }

    void theLeastAndTheGreatestTimeHaveATextOfTheirOwn()
    {
        QCOMPARE(Timestamp::min().seconds(), std::string("-9223372036854.775808"));
        QCOMPARE(Timestamp::max().seconds(), std::string("9223372036854.775807"));
    }

    void whatIsNotUnixSecondsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"1700000000;", "1700000000abc", "0x10", "1e9", "NaN", "inf", "1,5", "1.", ".5", " 1", "1 ", "+1",
                                 "--1", "", "-", "1.1234567", "1.1.1"})
            QTest::newRow(*text ? text : "(empty)") << QByteArray(text);
    }
    void whatIsNotUnixSecondsIsRefused()
    {
        QFETCH(QByteArray, text);
        const auto time = Timestamp::parseSeconds(text.toStdString(), "to");
        QVERIFY(!time);
        QCOMPARE(time.error().kind, Problem::BadRequest);
        QCOMPARE(time.error().field, std::string("to"));
    }

    void millisecondsAreNamedInSeconds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("detail");
        QTest::newRow("of today (time-1)") << QByteArray("1700000000000")
                                           << QByteArray(
                                                  "1700000000000 looks like milliseconds; times are Unix seconds: 1700000000");
        QTest::newRow("negative (time-1)") << QByteArray("-1700000000000")
                                           << QByteArray(
                                                  "-1700000000000 looks like milliseconds; times are Unix seconds: -1700000000");
        QTest::newRow("the first value refused")
            << QByteArray("100000000000")
            << QByteArray("100000000000 looks like milliseconds; times are Unix seconds: 100000000");
        QTest::newRow("microseconds") << QByteArray("1700000000123456")
                                      << QByteArray(
                                             "1700000000123456 looks like microseconds; times are Unix seconds: 1700000000.123456");
        QTest::newRow("nanoseconds") << QByteArray("-1700000000123456789")
                                     << QByteArray(
                                            "-1700000000123456789 looks like nanoseconds; times are Unix seconds: -1700000000.123456");
        QTest::newRow("of a part of a second (time-1)") << QByteArray("1700000000120") << QByteArray("1700000000120 looks like milliseconds; times are Unix seconds: 1700000000.12");
        QTest::newRow("milliseconds with a fraction (time-1)") << QByteArray("1700000000000.5") << QByteArray("1700000000000.5 looks like milliseconds; times are Unix seconds: 1700000000");
        QTest::newRow("beyond every time (time-1)")
            << QByteArray("99999999999999999999")
            << QByteArray("from: “99999999999999999999” is beyond every time; times are Unix seconds");
    }
    void millisecondsAreNamedInSeconds()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, detail);
        const auto time = Timestamp::parseSeconds(text.toStdString(), "from");
        QVERIFY(!time);
        QCOMPARE(QByteArray::fromStdString(time.error().detail), detail);
    }

    void isoTimesNeedAZone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("seconds");
        QTest::newRow("UTC") << QByteArray("2023-11-14T22:13:20Z") << QByteArray("1700000000");
        QTest::newRow("a blank for the T") << QByteArray("2023-11-14 22:13:20Z") << QByteArray("1700000000");
        QTest::newRow("east of Greenwich") << QByteArray("2023-11-15T07:13:20+09:00") << QByteArray("1700000000");
        QTest::newRow("west, without a colon") << QByteArray("2023-11-14T14:13:20-0800") << QByteArray("1700000000");
        QTest::newRow("digits past the sixth are cut towards the past")
            << QByteArray("2023-11-14T22:13:20.1234569Z") << QByteArray("1700000000.123456");
        QTest::newRow("before 1970 they are cut towards the past too")
            << QByteArray("1969-12-31T23:59:59.9999999Z") << QByteArray("-0.000001");
        QTest::newRow("no zone") << QByteArray("2023-11-14T22:13:20") << QByteArray();
        QTest::newRow("a day that does not exist") << QByteArray("2023-02-29T00:00:00Z") << QByteArray();
        QTest::newRow("small letters") << QByteArray("2023-11-14t22:13:20z") << QByteArray("1700000000");
        QTest::newRow("the basic form") << QByteArray("20231114T221320Z") << QByteArray("1700000000");
        QTest::newRow("the basic form with a fraction and a zone") << QByteArray("20231115T071320.25+0900") << QByteArray("1700000000.25");
        QTest::newRow("the basic form without seconds") << QByteArray("20231114T2213Z") << QByteArray("1699999980");
        QTest::newRow("the basic form without a zone") << QByteArray("20231114T221320") << QByteArray();
        QTest::newRow("the basic form with too many digits") << QByteArray("20231114T2213201Z") << QByteArray();
        QTest::newRow("the basic form of a day that does not exist") << QByteArray("20230229T000000Z") << QByteArray();
        QTest::newRow("digits alone") << QByteArray("20231114221320Z") << QByteArray();
        QTest::newRow("the end of a day") << QByteArray("2023-02-28T24:00:00Z") << QByteArray("1677628800");
        QTest::newRow("a second behind the end of a day") << QByteArray("2023-02-28T24:00:01Z") << QByteArray();
        QTest::newRow("hour 25") << QByteArray("2023-02-28T25:00:00Z") << QByteArray();
        QTest::newRow("a leap second") << QByteArray("2016-12-31T23:59:60Z") << QByteArray("1483228800");
        QTest::newRow("a leap second elsewhere") << QByteArray("2017-01-01T08:59:60.5+09:00") << QByteArray("1483228800.5");
        QTest::newRow("a leap second in India") << QByteArray("2017-01-01T05:29:60+05:30") << QByteArray("1483228800");
        QTest::newRow("a leap second in the west") << QByteArray("1990-12-31T15:59:60-08:00") << QByteArray("662688000");
        QTest::newRow("second 60 of another hour") << QByteArray("2016-12-31T22:59:60Z") << QByteArray();
        QTest::newRow("second 60 that is elsewhere in its zone") << QByteArray("2017-01-01T05:59:60+05:30") << QByteArray();
        QTest::newRow("a zone beyond all that there are") << QByteArray("2023-11-14T22:13:20+23:59") << QByteArray("1699913660");
        QTest::newRow("hour 24 of a zone") << QByteArray("2023-11-14T22:13:20+24:00") << QByteArray();
        QTest::newRow("second 60 of another minute") << QByteArray("2016-12-31T23:58:60Z") << QByteArray();
        QTest::newRow("second 61") << QByteArray("2016-12-31T23:59:61Z") << QByteArray();
        QTest::newRow("rubbish behind it") << QByteArray("2023-02-28T23:00:00Zulu") << QByteArray();
    }
    void isoTimesNeedAZone()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, seconds);
        const auto time = Timestamp::parseIso(text.toStdString());
        QCOMPARE(bool(time), !seconds.isEmpty());
        if (time)
            QCOMPARE(QByteArray::fromStdString(time->seconds()), seconds);
    }

    void everyDayOfFourCenturiesSurvivesTheCalendar()
    {
        for (std::int64_t day = -200'000; day < 200'000; ++day) {
            const Timestamp noon{(day * 86'400 + 43'200) * 1'000'000};
            QCOMPARE(timestampFromCivil(civilFromTimestamp(noon)).us, noon.us);
        }
    }
};

QTEST_APPLESS_MAIN(TestTimestamp)
#include "tst_timestamp.moc"
