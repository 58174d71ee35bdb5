#include "core/import/timereader.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::files;

static QByteArray told(const Expected<Moment>& moment)
{
    if (!moment)
        return "refused";
    return QByteArray::fromStdString(moment->time.iso()) + (moment->odd == OddHour::Skipped ? " skipped" : "") +
           (moment->odd == OddHour::Twice ? " twice" : "");
}

class TestTimes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timesAreReadInTheirFormat_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("time");
        const auto row = [](const char* name, TimeFormat format, const char* text, const char* time) {
            QTest::newRow(name) << int(format) << QByteArray(text) << QByteArray(time);
        };
        row("seconds", TimeFormat::Seconds, "1700000000", "2023-11-14T22:13:20Z");
        row("0 is a time (data-6)", TimeFormat::Seconds, "0", "1970-01-01T00:00:00Z");
        row("a millisecond (data-6)", TimeFormat::Seconds, "0.755", "1970-01-01T00:00:00.755Z");
        row("the seventh decimal is cut towards the past", TimeFormat::Seconds, "-0.0000001", "1969-12-31T23:59:59.999999Z");
        row("blanks around it", TimeFormat::Seconds, " 1 ", "1970-01-01T00:00:01Z");
        row("milliseconds for seconds", TimeFormat::Seconds, "1700000000000", "refused");
        row("the last second", TimeFormat::Seconds, "99999999999.999999", "5138-11-16T09:46:39.999999Z");
        row("an exponent", TimeFormat::Seconds, "1.7e9", "refused");
        row("a point at the end", TimeFormat::Seconds, "1.", "refused");
        row("nothing", TimeFormat::Seconds, "", "refused");
        row("a sign alone", TimeFormat::Seconds, "-", "refused");
        row("milliseconds", TimeFormat::Milliseconds, "1700000000123.4567", "2023-11-14T22:13:20.123456Z");
        row("microseconds", TimeFormat::Microseconds, "-1", "1969-12-31T23:59:59.999999Z");
        row("nanoseconds are cut", TimeFormat::Nanoseconds, "1700000000123456789", "2023-11-14T22:13:20.123456Z");
        row("nanoseconds before 1970 are cut towards the past", TimeFormat::Nanoseconds, "-1", "1969-12-31T23:59:59.999999Z");
        row("more than every time", TimeFormat::Nanoseconds, "100000000000000000000000", "refused");
        row("a date", TimeFormat::YearFirst, "2012-01-01", "2012-01-01T00:00:00Z");
        row("slashes and minutes (data-3)", TimeFormat::YearFirst, "2001/01/01 06:55", "2001-01-01T06:55:00Z");
        row("points with blanks", TimeFormat::YearFirst, "2024. 1. 31. 6:05", "2024-01-31T06:05:00Z");
        row("ISO 8601 with a zone", TimeFormat::YearFirst, "2024-01-31T06:55:00.5+09:00", "2024-01-30T21:55:00.5Z");
        row("UTC in words", TimeFormat::YearFirst, "2024-01-31 06:55 UTC", "2024-01-31T06:55:00Z");
        row("Z", TimeFormat::YearFirst, "2024-01-31T06:55Z", "2024-01-31T06:55:00Z");
        row("half a day", TimeFormat::YearFirst, "2024-01-31 12:05 am", "2024-01-31T00:05:00Z");
        row("29 February of no leap year", TimeFormat::YearFirst, "2023-02-29", "refused");
        row("the end of a day", TimeFormat::YearFirst, "2023-02-28 24:00", "2023-03-01T00:00:00Z");
        row("the end of a day, compact", TimeFormat::Compact, "20231231T240000", "2024-01-01T00:00:00Z");
        row("behind the end of a day", TimeFormat::YearFirst, "2023-02-28 24:01", "refused");
        row("hour 25", TimeFormat::YearFirst, "2023-02-28 25:00", "refused");
        row("a leap second", TimeFormat::YearFirst, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
        row("second 60 of another minute", TimeFormat::YearFirst, "2016-12-31T23:58:60Z", "refused");
        row("a small t", TimeFormat::Compact, "20231114t221320", "2023-11-14T22:13:20Z");
        row("minute 60", TimeFormat::YearFirst, "2023-02-28 23:60", "refused");
        row("mixed separators", TimeFormat::YearFirst, "2023-02/28", "refused");
        row("something behind it", TimeFormat::YearFirst, "2023-02-28 noon", "refused");
        row("digits behind it", TimeFormat::YearFirst, "2023-02-281", "refused");
        row("beyond every time", TimeFormat::YearFirst, "9999-01-01", "refused");
        row("day first", TimeFormat::DayFirst, "31.1.2024 06:55:01", "2024-01-31T06:55:01Z");
        row("day first with slashes", TimeFormat::DayFirst, "31/01/2024", "2024-01-31T00:00:00Z");
        row("a year of two digits", TimeFormat::DayFirst, "31.01.24", "refused");
        row("month first", TimeFormat::MonthFirst, "01/31/2024 6:55 PM", "2024-01-31T18:55:00Z");
        row("hour 13 of half a day", TimeFormat::MonthFirst, "01/31/2024 13:00 PM", "refused");
        row("digits only (data-2)", TimeFormat::Compact, "19580329", "1958-03-29T00:00:00Z");
        row("digits only, with minutes", TimeFormat::Compact, "202401310655", "2024-01-31T06:55:00Z");
        row("ISO 8601 without separators", TimeFormat::Compact, "20240131T065500.25Z", "2024-01-31T06:55:00.25Z");
        row("digits that are no date", TimeFormat::Compact, "20241331", "refused");
        row("a year", TimeFormat::Year, "2001", "2001-01-01T00:00:00Z");
        row("no year", TimeFormat::Year, "201", "refused");
    }
    void timesAreReadInTheirFormat()
    {
        QFETCH(int, format);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, time);
        QCOMPARE(told(TimeReader(TimeFormat(format), *Zone::find("UTC")).read(text.toStdString())), time);
    }

    void zonesAndTheirOddHours_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QByteArray>("local");
        QTest::addColumn<QByteArray>("time");
        const auto row = [](const char* name, const char* zone, const char* local, const char* time) {
            QTest::newRow(name) << QByteArray(zone) << QByteArray(local) << QByteArray(time);
        };
        row("UTC", "UTC", "2024-03-31 02:30", "2024-03-31T02:30:00Z");
        row("a fixed offset", "+09:00", "2024-03-31 02:30", "2024-03-30T17:30:00Z");
        row("west, short", "-3", "2024-03-31 02:30", "2024-03-31T05:30:00Z");
        row("Seoul", "Asia/Seoul", "2024-03-31 02:30", "2024-03-30T17:30:00Z");
        row("Berlin in winter", "Europe/Berlin", "2024-01-31 02:30", "2024-01-31T01:30:00Z");
        row("Berlin in summer", "Europe/Berlin", "2024-07-31 02:30", "2024-07-31T00:30:00Z");
        row("a time that does not exist moves forward (import-6)", "Europe/Berlin", "2024-03-31 02:30",
            "2024-03-31T01:30:00Z skipped");
        row("the last moment before it", "Europe/Berlin", "2024-03-31 01:59:59.999999", "2024-03-31T00:59:59.999999Z");
        row("the first moment after it", "Europe/Berlin", "2024-03-31 03:00", "2024-03-31T01:00:00Z");
        row("of two times the earlier is taken (import-6)", "Europe/Berlin", "2024-10-27 02:30", "2024-10-27T00:30:00Z twice");
        row("the first moment that is single again", "Europe/Berlin", "2024-10-27 03:00", "2024-10-27T02:00:00Z");
        row("the missing hour of data-7", "America/Los_Angeles", "2010-03-14 02:00", "2010-03-14T10:00:00Z skipped");
        row("the double hour of data-7", "America/Los_Angeles", "2010-11-07 01:00", "2010-11-07T08:00:00Z twice");
        row("a zone of the text wins", "Europe/Berlin", "2024-03-31 02:30Z", "2024-03-31T02:30:00Z");
        row("before 1970", "America/New_York", "1965-07-01", "1965-07-01T04:00:00Z");
    }
    void zonesAndTheirOddHours()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QByteArray, local);
        QFETCH(QByteArray, time);
        const auto found = Zone::find(zone.toStdString());
        QVERIFY(found);
        for (const char* computer : {"UTC", "Europe/Berlin", "Asia/Seoul"}) {
            qputenv("TZ", computer);
            QCOMPARE(told(TimeReader(TimeFormat::YearFirst, *found).read(local.toStdString())), time);
        }
    }

    void whatIsNoZoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone : {"", "Europe", "Mars/Olympus", "IST", "CST", "PST", "+15:00", "+9:0", "+09:60", "GMT+25:61",
                                 "europe/berlin", "Etc/Unknown", "+", "local"})
            QTest::newRow(*zone ? zone : "(empty)") << QByteArray(zone);
    }
    void whatIsNoZoneIsRefused()
    {
        QFETCH(QByteArray, zone);
        const auto found = Zone::find(zone.toStdString());
        QVERIFY(!found);
        QCOMPARE(found.error().field, std::string("zone"));
    }

    void everyZoneThatIsOfferedIsFound()
    {
        const auto names = zoneNames();
        QVERIFY(names.size() > 300);
        QCOMPARE(names.front(), std::string("UTC"));
        for (const std::string& name : names)
            QVERIFY2(Zone::find(name), name.c_str());
        QVERIFY(std::find(names.begin(), names.end(), "Asia/Seoul") != names.end());
    }
};

QTEST_APPLESS_MAIN(TestTimes)
#include "tst_times.moc"
