#include "core/rules/transform.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QtTest>

#include <atomic>
#include <thread>

using namespace iotman;
using namespace iotman::rules;

class TestTransform : public QObject {
    Q_OBJECT

    /// The item, “filtered”, or the error.
    static QByteArray made(const QByteArray& filter, const QByteArray& rule, const QByteArray& json)
    {
        const Expected<Transform> transform = Transform::compile(filter.toStdString(), rule.toStdString());
        if (!transform)
            return QByteArray::fromStdString(transform.error().detail);
        Payload payload;
        const std::string text = json.toStdString();
        if (const Expected<void> parsed = payload.parse(text); !parsed)
            return QByteArray::fromStdString(parsed.error().detail);
        std::string out = "before";
        Error error;
        const Transform::Outcome outcome = transform->run(payload, {{1700000000250000}, "gw-1", 42}, out, error);
        if (outcome == Transform::Outcome::Item)
            return QByteArray::fromStdString(out.substr(6));
        if (out != "before")
            return "the output was touched";
        return outcome == Transform::Outcome::Filtered ? QByteArray("filtered")
                                                       : QByteArray::fromStdString(error.field + ": " + error.detail);
    }

private Q_SLOTS:
    void anyTextPassesAsKeyAndValueUnchanged_data()
    {
        QTest::addColumn<QString>("text");
        QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/data/naughty-strings.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int lines = 0;
        for (; !file.atEnd(); ++lines) {
            const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
            QTest::newRow(line[QLatin1String("id")].toString().toUtf8().constData()) << line[QLatin1String("text")].toString();
        }
        QCOMPARE(lines, 438);
    }
    void anyTextPassesAsKeyAndValueUnchanged()
    {
        QFETCH(QString, text);
        // `["…"]` without its brackets: the text as JSON spells it, and as a path does.
        const QByteArray quoted = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact).chopped(1).mid(1);
        const QByteArray payload = "{ " + quoted + ":" + quoted + ", \"n\" : 1 }";
        QCOMPARE(made({}, "$", payload), payload);
        QCOMPARE(made({}, "{ " + quoted + ": $." + quoted + ", list: [" + quoted + "] }", payload),
                 QByteArray("{" + quoted + ":" + quoted + ",\"list\":[" + quoted + "]}"));
        QCOMPARE(made("$." + quoted + " == " + quoted, "$.n", payload), "1");
        QCOMPARE(made("$.n == " + quoted, "$.n", payload), "filtered");
        QCOMPARE(made({}, "[$.keyvalue().key]", "{" + quoted + ":1}"), QByteArray("[" + quoted + "]"));
    }

    void aConstructorMakesTheItem_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("item");
        const auto row = [](const char* name, const char* rule, const char* payload, const char* item) {
            QTest::newRow(name) << QByteArray(rule) << QByteArray(payload) << QByteArray(item);
        };
        row("the design's example", "{ device: $.device_id, celsius: ($.temp_f - 32) / 1.8, \"at\": $ts, spots: [$.a, $.b] }",
            R"({"device_id":"th-1","temp_f":72.5,"a":1,"b":2})",
            R"({"device":"th-1","celsius":22.5000000000000000,"at":1700000000.25,"spots":[1,2]})");
        row("variables", "{ s: $source, i: $id, n: $id + 1 }", "{}", R"({"s":"gw-1","i":42,"n":43})");
        row("keys in the order written, of any script (json-5)", "{ 온도: $.온도, z: 1, a: 2 }", R"({"온도":21.5})",
            R"({"온도":21.5,"z":1,"a":2})");
        row("keywords and quoted keys", "{ last: 1, \"a \\\"b\\\"\": 2, \"\\u00e9\": 3 }", "{}",
            "{\"last\":1,\"a \\\"b\\\"\":2,\"é\":3}");
        row("digits are kept (json-1)", "{ a: $.a, b: $.b, d: $.d }",
            R"({"a":9007199254740993,"b":1700000000123456789,"d":123456789012345678901234567890})",
            R"({"a":9007199254740993,"b":1700000000123456789,"d":123456789012345678901234567890})");
        row("spelling is kept where a value is passed on", "{ a: $.a, b: $.b, c: $.c }",
            R"({"a":1.50e3,"b":"\u00e9\/","c":{ "x" : [ 1 ] }})", R"({"a":1.50e3,"b":"\u00e9\/","c":{ "x" : [ 1 ] }})");
        row("a calculated number is spelled by PostgreSQL", "{ a: $.a + 0, b: -$.a }", R"({"a":1.50e3})",
            R"({"a":1500,"b":-1500})");
        row("predicates are values", "{ hot: $.t > 30, cold: $.t < 0, odd: $.u > 1 }", R"({"t":31,"u":"x"})",
            R"({"hot":true,"cold":false,"odd":null})");
        row("nested constructors", "{ a: { b: [1, { c: $.x }] }, d: {}, e: [] }", R"({"x":5})",
            R"({"a":{"b":[1,{"c":5}]},"d":{},"e":[]})");
        row("an array at the top", "[$.a, $.b]", R"({"a":1,"b":2})", "[1,2]");
        row("any expression at the top", "$.a * 2", R"({"a":21})", "42");
        row("a predicate at the top", "$.a > 2", R"({"a":21})", "true");
        row("nothing at the top is null", "$.b", "{}", "null");
        row("several at the top are an array", "$[*]", "[1,2]", "[1,2]");
        row("nothing is null", "{ a: $.x }", "{}", R"({"a":null})");
        row("several are an array", "{ a: $[*].x }", R"([{"x":1},{"x":2}])", R"({"a":[1,2]})");
        row("each of several elements has one place", "[$.x, $.y[*], 3]", R"({"y":[1,2]})", "[null,[1,2],3]");
        row("strict", "strict { a: $.a }", R"({"a":1})", R"({"a":1})");
        row("strict with nothing", "strict { a: $.b }", R"({"a":1})", "rule: column 15: expected the key “b” in the object");
        row("strict with several", "strict { a: $[*] }", "[1,2]", "rule: column 13: expected one value, but got 2");
        row("strict with none of an array", "strict { a: $[*] }", "[]", "rule: column 13: expected one value, but got nothing");
        row("strict, as a list", "strict { a: [$[*]] }", "[1,2]", R"({"a":[1,2]})");
        row("the passthrough keeps the bytes", "$", " {\"b\" : 1.0,\"a\":\"\\u00e9\", \"b\":2}\n",
            "{\"b\" : 1.0,\"a\":\"\\u00e9\", \"b\":2}");
        row("of repeated keys the last counts (json-2)", "{ a: $.a }", R"({"a":1,"a":2})", R"({"a":2})");
        row("null stays null (json-4)", "{ t: $.t }", R"({"t":null})", R"({"t":null})");
        row("a text stays a text (json-4)", "{ t: $.t }", R"({"t":"NaN"})", R"({"t":"NaN"})");
        row("a datetime is a text", "{ t: $.t.datetime() }", R"({"t":"2024-03-09 13:05:09+09"})",
            R"({"t":"2024-03-09T13:05:09+09:00"})");
        row("keyvalue", "{ k: $.keyvalue().key, kv: [$.keyvalue()] }", R"({"b":1,"a":{"c":2}})",
            R"({"k":["a","b"],"kv":[{"id":0,"key":"a","value":{"c":2}},{"id":0,"key":"b","value":1}]})");
        row("a control character is escaped", "{ a: \"\\u0001\\\"\\n\\v\" }", "{}", "{\"a\":\"\\u0001\\\"\\n\\u000b\"}");
        // rules-3
        row("none of an array (rules-3)", "{ v: $.r[*].t }", R"({"r":[]})", R"({"v":null})");
        row("one of an array (rules-3)", "{ v: $.r[*].t }", R"({"r":[{"t":1}]})", R"({"v":1})");
        row("three of an array (rules-3)", "{ v: $.r[*].t }", R"({"r":[{"t":1},{"t":2},{"t":3}]})", R"({"v":[1,2,3]})");
        row("elements without the key (rules-3)", "{ v: $.r[*].t }", R"({"r":[{},{"u":1}]})", R"({"v":null})");
        row("an object counts as one element (rules-3)", "{ v: $.r[*].t }", R"({"r":{"t":1}})", R"({"v":1})");
        row("a list of none (rules-3)", "{ v: [$.r[*].t] }", R"({"r":[]})", R"({"v":[]})");
        row("a list of one (rules-3)", "{ v: [$.r[*].t] }", R"({"r":[{"t":1}]})", R"({"v":[1]})");
        row("a list of three (rules-3)", "{ v: [$.r[*].t] }", R"({"r":[{"t":1},{"t":2},{"t":3}]})", R"({"v":[1,2,3]})");
        row("a list of elements without the key (rules-3)", "{ v: [$.r[*].t] }", R"({"r":[{},{"u":1}]})", R"({"v":[]})");
        row("a list of an object (rules-3)", "{ v: [$.r[*].t] }", R"({"r":{"t":1}})", R"({"v":[1]})");
    }
    void aConstructorMakesTheItem()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, payload);
        QTEST(made({}, rule, payload), "item");
    }

    void aFilterPassesOnlyWhatIsTrue_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("item");
        for (const char* price : {"12", "[12]", "[5,20]"})
            QTest::addRow("%s passes (rules-2)", price) << QByteArray("{\"price\":") + price + "}" << QByteArray("1");
        for (const char* price : {"\"12\"", "\"n/a\"", "null", "{}", "true", "10", "[]"})
            QTest::addRow("%s does not (rules-2)", price) << QByteArray("{\"price\":") + price + "}" << QByteArray("filtered");
        QTest::newRow("absent does not (rules-2)") << QByteArray("{}") << QByteArray("filtered");
    }
    void aFilterPassesOnlyWhatIsTrue()
    {
        QFETCH(QByteArray, payload);
        QTEST(made("$.price > 10", "1", payload), "item");
    }

    void aFilterLooksAtTheValueThatIsDelivered()
    {
        QCOMPARE(made("$.a == 2", "$.a", R"({"a":1,"a":2})"), QByteArray("2"));
        QCOMPARE(made("$.a == 1", "$.a", R"({"a":1,"a":2})"), QByteArray("filtered"));
    }

    void aFilterMayBeAnyBoolean()
    {
        QCOMPARE(made("$.on", "1", R"({"on":true})"), QByteArray("1"));
        QCOMPARE(made("$.on", "1", R"({"on":false})"), QByteArray("filtered"));
        QCOMPARE(made("$.on", "1", R"({"on":null})"), QByteArray("filtered"));
        QCOMPARE(made("$.on", "1", R"({"on":"yes"})"),
                 QByteArray("filter: expected true or false, but got \"yes\"; a filter is a condition such as $.t > 20"));
        QCOMPARE(made("$.on", "1", "{}"),
                 QByteArray("filter: expected true or false, but got nothing; a filter is a condition such as $.t > 20"));
    }

    void aFailureNamesTheStep_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* rule, const char* payload, const char* error) {
            QTest::addRow("%s over %s", rule, payload) << QByteArray(rule) << QByteArray(payload) << QByteArray("rule: ") + error;
        };
        row("{ a: $.t - 32 }", "{}", "column 10: expected one number left of “-”, but got nothing");
        row("{ a: 32 - $.t }", R"({"t":"x"})", "column 9: expected one number right of “-”, but got a value of type string");
        row("{ a: $.t + 1 }", R"({"t":[1,2]})", "column 10: expected one number left of “+”, but got 2 values");
        row("1 / $.t", R"({"t":0})", "column 3: expected a divisor other than zero");
        row("-$.t", R"({"t":"x"})", "column 1: expected a number behind “-”, but got a value of type string");
        row("$.t.ceiling()", R"({"t":"x"})", "column 5: expected a number for this method, but got a value of type string");
        row("$.t.double()", R"({"t":"x"})", "column 5: expected a text that is a finite number for double()");
        row("$[\"a\"]", "{}", "column 2: expected one number as a subscript; a key follows a point: $.a");
        row("strict $[3]", "[1]", "column 9: expected a subscript from 0 to 0");
        row("$.t.datetime()", R"({"t":"yesterday"})",
            "column 5: expected a date or time in ISO 8601 for datetime(); other forms need a template");
        row("$.t.datetime(\"HH24:MI\")", R"({"t":"25:00"})",
            "column 5: expected a date and time that exist, but a field is out of range");
    }
    void aFailureNamesTheStep()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, payload);
        QTEST(made({}, rule, payload), "error");
    }

    void whatDependsOnTheSequenceIsKnown()
    {
        QVERIFY(Transform::compile({}, "{ a: [1, $id] }")->usesId());
        QVERIFY(Transform::compile("$id > 5", "$")->usesId());
        QVERIFY(!Transform::compile("$ts > 5", "{ id: $.id, s: \"$id\" }")->usesId());
    }

    void thePassthroughIsKnown()
    {
        QVERIFY(Transform::compile("$.a > 1", " $ ")->isPassthrough());
        QVERIFY(!Transform::compile({}, "$.a")->isPassthrough());
    }

    void noRuleOutgrowsTheItemLimit()
    {
        const QByteArray text(60'000, 'x');
        QByteArray rule = "[";
        for (int i = 0; i < 30; ++i)
            rule += i > 0 ? ",$" : "$";
        QCOMPARE(made({}, rule + "]", "\"" + text + "\""), QByteArray("rule: expected an item of at most 1 MiB"));
    }

    void noRuleRunsForEver_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("descendants of descendants")
            << QByteArray("exists($.**.**.**.**.**.** ? (@ == 1))") << QByteArray(100, '[') + QByteArray(100, ']');
        QByteArray numbers = "[0";
        for (int i = 1; i < 20'000; ++i)
            numbers += "," + QByteArray::number(i);
        QTest::newRow("every pair of two long arrays")
            << QByteArray("$[*] > $[*] + 30000 || $ == $ + 0.5 || $[*] == \"x\" || $[*] * 1 == 2 || $ != $") << numbers + "]";
        QTest::newRow("a pattern with references")
            << QByteArray("$ like_regex \"^(a*)*(a*)*\\\\1\\\\2b$\"") << "\"" + QByteArray(5'000, 'a') + "\"";
        QTest::newRow("numbers that are long only in their value")
            << QByteArray("$[*] < $[*]") << "[1e131071" + QByteArray(",1e131071").repeated(5'000) + "]";
        QTest::newRow("numbers with many digits behind the point")
            << QByteArray("$[*] < $[*]") << "[1e-16383" + QByteArray(",1,2e-16383").repeated(5'000) + "]";
        QTest::newRow("texts with escapes in every pair")
            << QByteArray("$[*] == $[*] + \"\" || $[*] != $[*]")
            << "[\"\\u0061" + QByteArray(2'000, 'x') + "\"" +
                   QByteArray(",\"\\u0061" + QByteArray(2'000, 'x') + "\"").repeated(400) + "]";
        QTest::newRow("places of objects in objects")
            << QByteArray("exists($.**.keyvalue() ? (@.id == -1))")
            << QByteArray("{\"n\":1e131071,\"a\":[") + QByteArray("{\"b\":1},").repeated(20'000) + "1]}";
        QTest::newRow("lists of everything")
            << QByteArray("$.**.**.**.** == $.**.**.**.**") << QByteArray(100, '[') + QByteArray(100, ']');
        QTest::newRow("a pattern that keeps every way open")
            << QByteArray("$ like_regex \"^((a?){1,50})*\\\\1b$\"") << "\"" + QByteArray(50'000, 'a') + "\"";
        QTest::newRow("quotients of a long number")
            << QByteArray("$") + QByteArray(" / 3").repeated(1'000) + " > 1" << QByteArray("1e131000");
        QTest::newRow("long numbers") << QByteArray("$") + QByteArray(" * $").repeated(200) + " > 1"
                                      << QByteArray("1.") + QByteArray(16'000, '7');
    }
    void noRuleRunsForEver()
    {
        QFETCH(QByteArray, filter);
        QFETCH(QByteArray, payload);
        const QByteArray answer = made(filter, "1", payload);
        QVERIFY2(answer == "filter: expected at most 4000000 steps for one datapoint" || answer == "filtered" || answer == "1",
                 answer);
    }

    void whatWouldNestTooDeepIsRefused()
    {
        QCOMPARE(made({}, "1 == 1" + QByteArray("||1==2").repeated(999), "{}"), QByteArray("true"));
        QVERIFY(
            made({}, "1 == 1" + QByteArray("||1==2").repeated(1'100), "{}").contains("expected at most 1024 operators in a row"));
        QCOMPARE(made({}, "1" + QByteArray("+1").repeated(998), "{}"), QByteArray("999"));
        QVERIFY(made({}, "1" + QByteArray("+1").repeated(2'000), "{}").contains("expected at most 1024 operators in a row"));
        QCOMPARE(made({}, "$" + QByteArray("[*]").repeated(1'000), "1"), QByteArray("1"));
        QVERIFY(made({}, "$" + QByteArray("[*]").repeated(1'100), "1").contains("expected at most 1024 steps in a path"));
        // Both together only show when it runs.
        const QByteArray path = "$" + QByteArray("[*]").repeated(600);
        QCOMPARE(made({}, path + QByteArray("+1").repeated(900), "1"),
                 QByteArray("rule: expected at most 1200 steps inside each other"));
    }

    void anItemNestsNoDeeperThanAPayload_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("answer");
        const auto nested = [](int depth, const char* inside = "") {
            return QByteArray(QByteArray(depth, '[') + inside + QByteArray(depth, ']'));
        };
        const auto tooDeep = [](int column) -> QByteArray {
            return "rule: column " + QByteArray::number(column) +
                   ": expected an item of at most 128 arrays and objects inside each other";
        };
        QTest::newRow("an object around a payload") << QByteArray("{ a: $ }") << nested(127) << "{\"a\":" + nested(127) + "}";
        QTest::newRow("and one too many") << QByteArray("{ a: $ }") << nested(128) << tooDeep(6);
        QTest::newRow("the depth of the part counts, not of the whole")
            << QByteArray("{ a: $.x }") << "{\"x\":[1],\"y\":" + nested(127) + "}" << QByteArray("{\"a\":[1]}");
        QTest::newRow("of the part that is passed on")
            << QByteArray("{ a: { b: $.y } }") << "{\"x\":[1],\"y\":" + nested(127) + "}" << tooDeep(11);
        QTest::newRow("members behind each other do not add up")
            << QByteArray("{ a: $[0], b: $[1] }") << "[" + nested(100) + "," + nested(127) + "]"
            << "{\"a\":" + nested(100) + ",\"b\":" + nested(127) + "}";
        QTest::newRow("a list that lax mode makes") << QByteArray("$.**") << nested(128, "1") << tooDeep(1);
        QTest::newRow("a list in brackets") << QByteArray("[$[*]]") << nested(128) << nested(128);
        QTest::newRow("a list of the whole") << QByteArray("[$]") << nested(128) << tooDeep(2);
        QTest::newRow("what keyvalue() makes") << QByteArray("$.keyvalue()") << "{\"k\":" + nested(127) + "}"
                                               << "{\"id\":0,\"key\":\"k\",\"value\":" + nested(127) + "}";
        QTest::newRow("in an object") << QByteArray("{ a: $.keyvalue() }") << "{\"k\":" + nested(127) + "}" << tooDeep(6);
        QTest::newRow("a constructor alone") << nested(128) << QByteArray("1") << nested(128);
        QTest::newRow("which is known when it is compiled")
            << nested(129) << QByteArray("1")
            << QByteArray("column 129: expected at most 128 objects and arrays of an item inside each other");
    }
    void anItemNestsNoDeeperThanAPayload()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, payload);
        QTEST(made({}, rule, payload), "answer");
    }

    void aBlankFilterPassesEverything() { QCOMPARE(made(" \n\t", "1", "{}"), QByteArray("1")); }

    void oneTransformServesManyThreads()
    {
        const Expected<Transform> transform = Transform::compile("$.n >= 0", "{ n: $.n * 2, s: $.s like_regex \"^x\" }");
        QVERIFY(transform);
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                Payload payload;
                std::string out;
                Error error;
                for (int i = 0; i < 500; ++i) {
                    const std::string json = "{\"n\":" + std::to_string(i * 4 + t) + ",\"s\":\"xy\"}";
                    out.clear();
                    if (payload.parse(json) && transform->run(payload, {}, out, error) == Transform::Outcome::Item)
                        right += out == "{\"n\":" + std::to_string(2 * (i * 4 + t)) + ",\"s\":true}";
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(right.load(), 2'000);
    }
};

QTEST_APPLESS_MAIN(TestTransform)
#include "tst_transform.moc"
