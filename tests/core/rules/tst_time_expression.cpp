#include "core/rules/timeexpression.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

class TestTimeExpression : public QObject {
    Q_OBJECT

    static QByteArray timeOf(const QByteArray& expression, const QByteArray& json)
    {
        const Expected<TimeExpression> compiled = TimeExpression::compile(expression.toStdString());
        if (!compiled)
            return "does not compile: " + QByteArray::fromStdString(compiled.error().detail);
        Payload payload;
        const std::string text = json.toStdString();
        if (!payload.parse(text))
            return "no JSON";
        const Expected<Timestamp> time = compiled->evaluate(payload, {{5'000'000}, "gw-1", 0});
        return QByteArray::fromStdString(time ? time->seconds() : time.error().field + ": " + time.error().detail);
    }

private Q_SLOTS:
    void aDatapointsTimeIsFound_data()
    {
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("time");
        const auto row = [](const char* name, const char* expression, const char* payload, const char* time) {
            QTest::newRow(name) << QByteArray(expression) << QByteArray(payload) << QByteArray(time);
        };
        row("seconds", "$.ts", R"({"ts":1700000000})", "1700000000");
        row("the last microsecond", "$.ts", R"({"ts":1700000000.000007})", "1700000000.000007");
        row("milliseconds, divided", "$.ms / 1000", R"({"ms":1700000000123})", "1700000000.123");
        row("digits past the sixth are cut towards the past", "$.ts", R"({"ts":-0.0000001})", "-0.000001");
        row("ISO 8601", "$.at", R"({"at":"2023-11-14T22:13:20.5Z"})", "1700000000.5");
        row("ISO 8601 with an offset, escaped", "$.at", R"({"at":"2023-11-15T07:13:20\u002b09:00"})", "1700000000");
        row("by a template", "$.at.datetime(\"DD.MM.YYYY HH24:MI:SS TZH\")", R"({"at":"14.11.2023 22:13:20 +00"})", "1700000000");
        row("the first of an array", "$.a[0].t", R"({"a":[{"t":7}]})", "7");
        row("the arrival, moved", "$ts - 1", "{}", "4");
        row("milliseconds as they are", "$.ms", R"({"ms":1700000000123})",
            "time: expected Unix seconds, but got 1700000000123, which only makes sense in milliseconds; divide by 1000");
        row("microseconds as they are", "$.us", R"({"us":1700000000123456})",
            "time: expected Unix seconds, but got 1700000000123456, which only makes sense in microseconds; divide by 1000000");
        row("nanoseconds as they are", "$.ns", R"({"ns":-1700000000123456789.5})",
            "time: expected Unix seconds, but got -1700000000123456789.5, which only makes sense in nanoseconds; divide by "
            "1000000000");
        row("beyond every time", "$.t", R"({"t":99999999999999999999})",
            "time: expected Unix seconds, but got 99999999999999999999, which is beyond every time");
        row("beyond every number that a double holds", "$.t", R"({"t":1e400})",
            "time: expected Unix seconds, but got a number of 401 digits, which is beyond every time");
        row("as far before", "$.t", R"({"t":-1e400})",
            "time: expected Unix seconds, but got a negative number of 401 digits, which is beyond every time");
        row("the largest number that there is", "$.t", R"({"t":1e131071})",
            "time: expected Unix seconds, but got a number of 131072 digits, which is beyond every time");
        row("next to nothing", "$.t", R"({"t":1e-400})", "0");
        row("next to nothing, before it", "$.t", R"({"t":-1e-400})", "-0.000001");
        row("nothing, in large", "$.t", R"({"t":0e400})", "0");
        row("no zone", "$.at", R"({"at":"2023-11-14T22:13:20"})",
            "time: expected a time with its zone such as 2024-01-31T10:00:00Z or 2024-01-31T10:00:00+09:00, but got "
            "“2023-11-14T22:13:20”");
        for (const char* none : {"1700000000", "soon", "2024-02-30T00:00:00Z", "2024-01-01"}) {
            row(none, "$.at", std::string(R"({"at":")").append(none).append(R"("})").c_str(),
                std::string("time: expected a time with its zone such as 2024-01-31T10:00:00Z or 2024-01-31T10:00:00+09:00, but got “").append(none).append("”").c_str());
        }
        row("a timestamp without a zone", "$.at.datetime()", R"({"at":"2023-11-14T22:13:20"})",
            "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got \"2023-11-14T22:13:20\"");
        for (const char* expression : {"$.at", "$.at.datetime()"}) {
            row(expression, expression, R"({"at":"9999-12-31T23:59:59+00:00"})",
                "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got a year beyond all data");
        }
        row("cut to the limit", "$.t", R"({"t":-99999999999.9999999})",
            "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got a year beyond all data");
        row("nothing", "$.ts", "{}", "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got nothing");
        row("two", "$.ts", R"([{"ts":1},{"ts":2}])",
            "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got 2 values");
        row("null", "$.ts", R"({"ts":null})",
            "time: expected a time: Unix seconds or a text in ISO 8601 with a zone, but got null");
        row("a failure", "$.ts / 0", R"({"ts":1})", "time: column 6: expected a divisor other than zero");
    }
    void aDatapointsTimeIsFound()
    {
        QFETCH(QByteArray, expression);
        QFETCH(QByteArray, payload);
        QTEST(timeOf(expression, payload), "time");
    }

    void whatDoesNotParseNamesTheFieldAndTheColumn()
    {
        const Expected<TimeExpression> compiled = TimeExpression::compile("$.ts /");
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().field, std::string("time"));
        QCOMPARE(compiled.error().column, 7);
    }

    void whatIsNeverATimeIsRefusedAtOnce_data()
    {
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<int>("column");
        QTest::newRow("a comparison") << QByteArray("$.a > 1") << 5;
        QTest::newRow("a test") << QByteArray("exists($.ts)") << 1;
        QTest::newRow("true") << QByteArray("true") << 1;
        QTest::newRow("null") << QByteArray("null") << 1;
    }
    void whatIsNeverATimeIsRefusedAtOnce()
    {
        QFETCH(QByteArray, expression);
        QFETCH(int, column);
        const Expected<TimeExpression> compiled = TimeExpression::compile(expression.toStdString());
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().field, std::string("time"));
        QCOMPARE(compiled.error().column, column);
    }
};

QTEST_APPLESS_MAIN(TestTimeExpression)
#include "tst_time_expression.moc"
