// Items of all kinds as fields and values, and fields as times and units.
#include "tests/ui/monitor/support.h"
#include "ui/monitor/itemtime.h"
#include "ui/monitor/measureunit.h"

#include <QtTest/QtTest>

#include <cmath>

using namespace iotman;

namespace {

/// `path=text` for every value of the item read last, in the order of fields; numbers with what a chart makes of them.
QStringList valuesOf(const ItemFields& fields)
{
    QStringList values;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const FieldValue* value = fields.value(i);
        if (!value)
            continue;
        QString text = QString::fromStdString(fields.path(i)) + u'=' + QString::fromUtf8(value->text);
        if (value->type == FieldType::Empty)
            text += QStringLiteral("null");
        if (value->isUnusable())
            text += QStringLiteral(" unusable");
        values.append(text);
    }
    return values;
}

QString typeText(FieldType type)
{
    return texts({"empty", "text", "boolean", "number"}).at(static_cast<int>(type));
}

} // namespace

class TestItemFields : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anItemIsItsFields_data()
    {
        QTest::addColumn<QString>("item");
        QTest::addColumn<QStringList>("expected");

        QTest::newRow("numbers, booleans and texts") << json("{'celsius':21.50,'on':true,'off':false,'sky':'rain'}")
                                                     << texts({"celsius=21.50", "on=true", "off=false", "sky=rain"});
        QTest::newRow("objects within objects")
            << json("{'air':{'hpa':1013,'in':{'c':1}}}") << texts({"air.hpa=1013", "air.in.c=1"});
        QTest::newRow("arrays") << json("{'spots':[1,2,{'c':3}]}") << texts({"spots[0]=1", "spots[1]=2", "spots[2].c=3"});
        QTest::newRow("arrays within arrays") << "[[1,2],[3]]" << texts({"[0][0]=1", "[0][1]=2", "[1][0]=3"});
        QTest::newRow("null is a value") << json("{'a':null}") << texts({"a=null"});
        QTest::newRow("a number alone") << " -3.5 " << texts({"value=-3.5"});
        QTest::newRow("a text alone") << json("'on'") << texts({"value=on"});
        QTest::newRow("null alone") << "null" << texts({"value=null"});
        QTest::newRow("nothing in it") << "{}" << QStringList{};
        QTest::newRow("json-1: digits of integers")
            << json("{'a':9007199254740993,'b':18446744073709551615,'c':123456789012345678901234567890}")
            << texts({"a=9007199254740993", "b=18446744073709551615", "c=123456789012345678901234567890"});
        QTest::newRow("chart-4: a number beyond all others, and what follows it")
            << json("{'a':1e400,'b':[-1e400,2],'c':3}") << texts({"a=1e400 unusable", "b[0]=-1e400 unusable", "b[1]=2", "c=3"});
        QTest::newRow("the greatest numbers") << json("{'a':-1e308,'b':1.7e308}") << texts({"a=-1e308", "b=1.7e308"});
        QTest::newRow("json-2: of equal names the last") << json("{'a':1,'a':2}") << texts({"a=2"});
        QTest::newRow("json-2: also of equal names of objects") << json("{'a':{'x':1,'y':2},'a':{'y':3}}") << texts({"a.y=3"});
        QTest::newRow("json-2: and of a number and an object") << json("{'a':1,'a':{'y':3}}") << texts({"a.y=3"});
        QTest::newRow("json-5: names beyond ASCII, composed and decomposed")
            << "{\"온도\":21.5,\"\\u00e9\":1,\"e\\u0301\":2}" << texts({"온도=21.5", "\u00e9=1", "e\u0301=2"});
        QTest::newRow("names that would look like paths are quoted")
            << "{\"a.b\":1,\"\":2,\"c d\":3,\"q\\\"\":4,\"[0]\":5}"
            << texts({"\"a.b\"=1", "\"\"=2", "\"c d\"=3", "\"q\\\"\"=4", "\"[0]\"=5"});
        QTest::newRow("escapes in texts") << json("{'a':'x\\n\\u00e9'}") << texts({"a=x\n\u00e9"});
        QTest::newRow("blanks around numbers") << "{ \"a\" : 1 , \"b\" : 2\n}" << texts({"a=1", "b=2"});
    }
    void anItemIsItsFields()
    {
        QFETCH(QString, item);
        ItemFields fields;
        QVERIFY(fields.read(item.toStdString()));
        QTEST(valuesOf(fields), "expected");
    }

    void fieldsKeepTheirNumbersFromItemToItem()
    {
        ItemFields fields;
        QVERIFY(fields.read(json("{'a':1,'b':2}").toStdString()));
        QVERIFY(fields.read(json("{'b':3,'c':4,'a':5}").toStdString()));
        QVERIFY(fields.read(json("{'c':6}").toStdString()));
        QCOMPARE(fields.size(), std::size_t{3});
        QCOMPARE(fields.path(2), std::string("c"));
        QVERIFY(!fields.value(0));
        QVERIFY(!fields.value(1));
        QCOMPARE(fields.value(2)->number, 6.0);
    }

    void aFieldIsTheMostThatItEverHeld_data()
    {
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QString>("expected");
        QTest::newRow("only null") << texts({"null", "null"}) << "empty";
        QTest::newRow("a number that is sometimes null") << texts({"null", "1", "null"}) << "number";
        QTest::newRow("a number that is sometimes a text") << texts({"1", "\"error\""}) << "number";
        QTest::newRow("chart-5: true and 1") << texts({"true", "1"}) << "number";
        QTest::newRow("true and false") << texts({"true", "false", "null"}) << "boolean";
        QTest::newRow("texts") << texts({"\"1\"", "null"}) << "text";
    }
    void aFieldIsTheMostThatItEverHeld()
    {
        QFETCH(QStringList, values);
        ItemFields fields;
        for (const QString& value : values)
            QVERIFY(fields.read("{\"a\":" + value.toStdString() + "}"));
        QTEST(typeText(fields.type(0)), "expected");
    }

    void whatIsBeyondTheLimitsIsLeftOutAndTheRestIsRead()
    {
        std::string deep = "{\"before\":1,\"deep\":", wide = "{", longArray = "{\"a\":[";
        for (int i = 0; i < 500; ++i) {
            deep += "[";
            wide += "\"f" + std::to_string(i) + "\":" + std::to_string(i) + ",";
            longArray += std::to_string(i) + ",";
        }
        deep += std::string(500, ']') + ",\"after\":2}";
        wide += "\"z\":1}";
        longArray += "0],\"after\":2}";

        ItemFields ofDeep, ofWide, ofLong;
        QVERIFY(ofDeep.read(deep));
        QCOMPARE(valuesOf(ofDeep), (texts({"before=1", "after=2"})));
        QVERIFY(ofDeep.hasLeftOut());
        QVERIFY(ofWide.read(wide));
        QCOMPARE(ofWide.size(), ItemFields::mostFields);
        QVERIFY(ofWide.hasLeftOut());
        QVERIFY(ofLong.read(longArray));
        QCOMPARE(ofLong.size(), ItemFields::mostElements + 1);
        QCOMPARE(valuesOf(ofLong).last(), QStringLiteral("after=2"));
    }

    void whatIsNotJsonHasNoValues_data()
    {
        QTest::addColumn<QString>("item");
        QTest::newRow("json-4: nan") << json("{'a':nan}");
        QTest::newRow("nothing") << "";
        QTest::newRow("cut off") << json("{'a':1");
        QTest::newRow("a colon too few") << json("{'a' 1}");
    }
    void whatIsNotJsonHasNoValues()
    {
        QFETCH(QString, item);
        ItemFields fields;
        QVERIFY(fields.read(json("{'a':1}").toStdString()));
        const auto read = fields.read(item.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Problem::BadRequest);
        QCOMPARE(valuesOf(fields), QStringList{});
        QVERIFY(fields.read(json("{'a':2}").toStdString()));
        QCOMPARE(valuesOf(fields), texts({"a=2"}));
    }

    void theLastNameOfAPath_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a name") << "hpa"
                                << "hpa";
        QTest::newRow("nested") << "air.hpa"
                                << "hpa";
        QTest::newRow("an element") << "spots[0]"
                                    << "spots";
        QTest::newRow("an element of an element") << "a.spots[0][1]"
                                                  << "spots";
        QTest::newRow("a quoted name") << "a.\"b.c\""
                                       << "\"b.c\"";
    }
    void theLastNameOfAPath()
    {
        QFETCH(QString, path);
        const std::string text = path.toStdString();
        QTEST(QString::fromUtf8(lastName(text)), "expected");
    }

    void aTimesUnitIsToldByItsSize_data()
    {
        QTest::addColumn<QString>("item");
        QTest::addColumn<QString>("expected");
        QTest::newRow("seconds") << "1700000000"
                                 << "1700000000";
        QTest::newRow("seconds with all their decimals") << "1700000000.000007"
                                                         << "1700000000.000007";
        QTest::newRow("milliseconds") << "1700000000123"
                                      << "1700000000.123";
        QTest::newRow("microseconds") << "1700000000123456"
                                      << "1700000000.123456";
        QTest::newRow("nanoseconds, cut towards the past") << "1700000000123456789"
                                                           << "1700000000.123456";
        QTest::newRow("before 1970") << "-863715600"
                                     << "-863715600";
        QTest::newRow("0 is a time") << "0"
                                     << "0";
        QTest::newRow("with an exponent") << "1.7e9"
                                          << "1700000000";
        QTest::newRow("data-6: half a millisecond") << "0.0005"
                                                    << "0.0005";
        QTest::newRow("ISO 8601") << json("'2024-01-31T10:00:00.5Z'") << "1706695200.5";
        QTest::newRow("ISO 8601 with an offset") << json("'2024-01-31T10:00:00+01:00'") << "1706691600";
        QTest::newRow("a date") << json("'2012-01-01'") << "1325376000";
        QTest::newRow("a text that is no time") << json("'rain'") << "";
        QTest::newRow("a boolean") << "true"
                                   << "";
        QTest::newRow("null") << "null"
                              << "";
        QTest::newRow("too large") << "1e300"
                                   << "";
        QTest::newRow("larger than any number") << "1e400"
                                                << "";
    }
    void aTimesUnitIsToldByItsSize()
    {
        QFETCH(QString, item);
        ItemFields fields;
        QVERIFY(fields.read(item.toStdString()));
        const FieldValue& value = *fields.value(0);
        const auto time = timeFrom(value, epochUnitOf(value.number));
        QTEST(time ? QString::fromStdString(time->seconds()) : QString(), "expected");
    }

    void unitsAreToldByNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        QTest::newRow("whole") << "celsius" << QString::fromUtf8("°C");
        QTest::newRow("last word") << "idle_pct"
                                   << "%";
        QTest::newRow("in capitals") << "Pressure-hPa"
                                     << "hPa";
        QTest::newRow("not within a word") << "bombs"
                                           << "";
        QTest::newRow("none") << "wind"
                              << "";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void unitsAreToldByNames()
    {
        QFETCH(QString, name);
        QTEST(QString::fromUtf8(measureUnitOf(name.toStdString())), "expected");
    }
};

QTEST_APPLESS_MAIN(TestItemFields)
#include "tst_itemfields.moc"
