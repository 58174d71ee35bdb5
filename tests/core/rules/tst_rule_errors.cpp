// Each usual slip is refused with its column, what was expected, what came, and a hint.
#include "core/rules/transform.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

class TestRuleErrors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSlipIsExplained_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("detail");
        const auto row = [](const char* rule, const char* detail) {
            QTest::addRow("%s", *rule ? rule : "(empty)") << QByteArray(rule) << QByteArray(detail);
        };
        row("{\n  at: $ts,\n  high: ($.온도 * 1.8,\n  low: 1\n}",
            "line 3, column 20: expected an operator or “)” for the “(” at line 3, column 9, but got “,”");
        row("$.a = 1", "column 5: expected an operator or the end, but got “=”; equality is written ==");
        row("$.kind == 'x'", "column 11: expected a value or a path, but got “'x'”; text stands in double quotes: \"…\"");
        row("{ device-id: $.id }", "column 9: expected “:”, but got “-”; quote such a key: \"device-id\"");
        row("$.with-dash", "column 8: expected a value or a path, but got “dash”; quote such a key: .\"with-dash\"");
        row("$.sensor-temp.value",
            "column 10: expected a value or a path, but got “temp”; quote such a key: .\"sensor-temp.value\"");
        row("$.@odata.id", "column 3: expected a key, “*” or a method after “.”, but got “@”; quote such a key: .\"@odata.id\"");
        row("$.a b", "column 5: expected an operator or the end, but got “b”; quote such a key: .\"a b\"");
        row("$.1st", "column 2: expected a number, but got “.1st”; a key that begins with a digit is quoted: .\"1st\"");
        row("$.$x", "column 3: expected a key, “*” or a method after “.”, but got “$x”; quote such a key: .\"$x\"");
        row("$.", "column 3: expected a key, “*” or a method after “.”, but got the end");
        row("$.list[?@.a > 1]",
            "column 8: expected a value or a path, but got “?”; a filter needs no brackets: $.list ? (@.a > 1)");
        row("$.list ? @.a > 1", "column 10: expected “(” after “?”, but got “@”; a filter stands in parentheses: ?(@.a > 1)");
        row("$[0:2]", "column 4: expected “,” or “]” for the “[” at column 2, but got “:”; a range is written [0 to 2]");
        row("$['a']", "column 3: expected a value or a path, but got “'a'”; a key follows a point: $.a");
        row("$..a", "column 3: expected a key, “*” or a method after “.”, but got “.”; at any depth is written .**.key");
        row("$.length()", "column 9: expected an operator or the end, but got “(”; the number of elements is .size()");
        row("$.a.length()", "column 11: expected an operator or the end, but got “(”; the number of elements is .size()");
        row("$.a == 1 and $.b == 2", "column 10: expected an operator or the end, but got “and”; write && for and");
        row("$.a == 1 & $.b == 2", "column 10: expected an operator or the end, but got “&”; and is written &&");
        row("{ a: $.a", "column 9: expected “}” for the “{” at column 1, but got the end");
        row("{ a: $.a, b: ($.b + 1 }", "column 23: expected an operator or “)” for the “(” at column 14, but got “}”");
        row("[ $.a, $.b", "column 11: expected “]” for the “[” at column 1, but got the end");
        row("{ a: $.a, }", "column 11: expected another key after the comma, but got “}”");
        row("[ $.a, ]", "column 8: expected another element after the comma, but got “]”");
        row("{ a: $.a b: $.b }",
            "column 10: expected “,” or “}” for the “{” at column 1, but got “b”; a comma stands between members");
        row("{ a $.a }", "column 5: expected “:”, but got “$”");
        row("{ $.a }", "column 3: expected a key, but got “$”; a member is a key and a value: { a: $.a }");
        row("{ \"a\": 1, a: 2 }", "column 11: expected each key once, but got \"a\" again");
        row("celsius", "column 1: expected a value or a path, but got “celsius”; a path begins with $: $.celsius; text stands in "
                       "double quotes");
        row("{ a: temp_f - 32 }", "column 6: expected a value or a path, but got “temp_f”; a path begins with $: $.temp_f; text "
                                  "stands in double quotes");
        row("sensor.temp", "column 1: expected a value or a path, but got “sensor”; a path begins with $: $.sensor.temp; text "
                           "stands in double quotes");
        row("$temp", "column 1: expected $ts, $source or $id, but got “$temp”; a key of the payload is $.\"temp\"");
        row("{ a: $.온도 = 1 }", "column 11: expected “,” or “}” for the “{” at column 1, but got “=”; equality is written ==");
        row("{ 온도: $.온도, z 1 }", "column 15: expected “:”, but got “1”");
        row("!$.a", "column 2: expected “(” or exists after “!”, but got “$”; a negation takes parentheses: !($.a == 1)");
        row("! $.a == 1", "column 3: expected “(” or exists after “!”, but got “$”; a negation takes parentheses: !($.a == 1)");
        row("$.a ? ($.b)", "column 11: expected a comparison such as == or > to make a condition in a filter, but got “)”");
        row("$.a === 1", "column 7: expected a value or a path, but got “=”; equality is written ==");
        row("($.a == 1) + 1",
            "column 10: expected a value, but got a condition in parentheses; conditions are joined with && and ||");
        row("$.a == True", "column 8: expected a value or a path, but got “True”; write true for True");
        row("$.a == None", "column 8: expected a value or a path, but got “None”; write null for None");
        row("$.a like_regex \"[\"", "column 16: expected “]” at character 2 of the pattern");
        row("$.a like_regex 'x'", "column 16: expected a pattern in double quotes after like_regex, but got “'x'”; text stands "
                                  "in double quotes: \"…\"");
        row("$.a like_regex \"x\" flag \"z\"", "column 25: expected the flags i, s, m or q, but got “z”");
        row("$.a starts \"x\"", "column 12: expected with after starts, but got the text “x”");
        row("$.a \"1234567890123456789012345678901234567890\"", "column 5: expected an operator or the end, but got the text "
                                                               "“1234567890123456789012345678901234567890”");
        row("$.a \"12345678901234567890123456789012345678901\"", "column 5: expected an operator or the end, but got the text "
                                                                "“1234567890123456789012345678901234567890…”");
        row("$.a \"12345678901234567890123456789012345678온도\"", "column 5: expected an operator or the end, but got the text "
                                                                 "“12345678901234567890123456789012345678…”");
        row("$.a 온도습도온도습도온도습도온도습도", "column 5: expected an operator or the end, but got “온도습도온도습도온도습도온…”; quote such a key: "
                                                  ".\"a 온도습도온도습도온도습도온도습도\"");
        row("$['온", "column 3: expected a value or a path, but got “'온”; text stands in double quotes: \"…\"");
        row("$.a $온도습도온도습도온도습도온도습도", "column 5: expected an operator or the end, but got “$온도습도온도습도온도습도온…”");
        row("$.a.[0]", "column 5: expected a key, “*” or a method after “.”, but got “[”; subscripts need no point: $.a[0]");
        row("$.a.0", "column 4: expected an operator or the end, but got “.0”; an element is taken with brackets: [0]");
        row("$.a[]", "column 5: expected a value or a path, but got “]”");
        row("last", "column 1: expected “last” inside of a subscript only: $.list[last]; a key called last is $.last");
        row("@.a", "column 1: expected “@” inside of a filter only; the payload is $");
        row("$.a.foo()", "column 8: expected an operator or the end, but got “(”; the methods are .type() .size() .double() "
                         ".ceiling() .floor() .abs() .datetime() .keyvalue()");
        row("exists $.a", "column 8: expected “(” after exists, but got “$”");
        row("($.a > 1) is null", "column 14: expected unknown after is, but got “null”");
        row("$.a in [1,2]", "column 5: expected an operator or the end, but got “in”; write == …  || == … for in");
        row("{ a: $.a }.a", "column 11: expected an operator or the end, but got “.”");
        row("\"abc", "column 1: expected “\"” at the end of the string that begins here");
        row("$.a /* x", "column 5: expected “*/” at the end of the comment that begins here");
        row("$.a/* c */.b", "column 11: expected a key, “*” or a method after “.”, but got “.”; PostgreSQL forgets a name that a "
                            "comment follows at once; put a blank between them");
        row("$.b*100%", "column 9: expected a value or a path, but got the end");
        row("$.a !> 1", "column 5: expected an operator or the end, but got “!”");
        row("if $.a then 1",
            "column 1: expected a value or a path, but got “if”; a path begins with $: $.if; text stands in double quotes");
        QTest::newRow("a zero byte") << QByteArray("\"a\0b\"", 5)
                                     << QByteArray("column 3: expected no character 0: text cannot hold it");
        row("\"\\u0000\"", "column 2: expected no character 0: text cannot hold it");
        row("$.a && $.b", "column 5: expected a comparison such as == or > to make a condition before “&&”, but got “&&”");
        row("1 2", "column 3: expected an operator or the end, but got “2”");
        row("lax", "column 4: expected a value or a path, but got the end");
        row("strict", "column 7: expected a value or a path, but got the end");
        row("", "column 1: expected a value or a path, but got the end");
        row("{ a: { b: $.x } c: 1 }",
            "column 17: expected “,” or “}” for the “{” at column 1, but got “c”; a comma stands between members");
        row("$.datetime(YYYY)", "column 12: expected a template in double quotes or “)”, but got “YYYY”; a path begins with $: "
                                "$.YYYY; text stands in double quotes");
        row("$.size(1)", "column 8: expected “)”, for this method takes nothing, but got “1”");
        row("{ \"a\" : $.a ; b: 2 }",
            "column 13: expected “,” or “}” for the “{” at column 1, but got “;”; a comma stands between members");
        row("$.a >= 1 or $.b", "column 10: expected an operator or the end, but got “or”; write || for or");
        row("\"\\u12\"", "column 2: expected four hexadecimal digits after “\\u”, or one to six in braces");
        row(".a", "column 1: expected a value or a path, but got “.”; a path begins with $: $.a");
        row("$.a.b.", "column 7: expected a key, “*” or a method after “.”, but got the end");
        row("{ a: $.a, a: $.b }", "column 11: expected each key once, but got \"a\" again");
        row("{ \"ab\": 1, \"a\\u0062\": 2 }", "column 12: expected each key once, but got \"ab\" again");
        row("{ , }", "column 3: expected a key, but got “,”; a member is a key and a value: { a: $.a }");
        row("[ 1, , 2 ]", "column 6: expected a value or a path, but got “,”");
        row("{ a: }", "column 6: expected a value or a path, but got “}”");
        row("$.a == 'x' || $.b", "column 8: expected a value or a path, but got “'x'”; text stands in double quotes: \"…\"");
        row("$.a.[*]", "column 5: expected a key, “*” or a method after “.”, but got “[”; subscripts need no point: $.a[0]");
        row("$.온도 = 1", "column 6: expected an operator or the end, but got “=”; equality is written ==");
        row("$.a ? (@.b = 1)", "column 12: expected a comparison such as == or > to make a condition in a filter, but got “=”; "
                               "equality is written ==");
        row("$..", "column 3: expected a key, “*” or a method after “.”, but got “.”; at any depth is written .**.key");
        row("$.a[1:]", "column 6: expected “,” or “]” for the “[” at column 4, but got “:”; a range is written [0 to 2]");
        row("not $.a == 1", "column 1: expected a value or a path, but got “not”; write !(…) for not");
        row("$.a like \"x%\"", "column 5: expected an operator or the end, but got “like”; write like_regex \"…\" for like");
        row("$x.a", "column 1: expected $ts, $source or $id, but got “$x”; a key of the payload is $.\"x\"");
        row("@", "column 1: expected “@” inside of a filter only; the payload is $");
        row("$.a[0", "column 6: expected “]” for the “[” at column 4, but got the end");
        row("($.a + 1", "column 9: expected “)” for the “(” at column 1, but got the end");
        row("exists($.a", "column 11: expected “)” for the “(” at column 7, but got the end");
    }
    void aSlipIsExplained()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QByteArray, detail);
        const Expected<Transform> transform = Transform::compile({}, rule.toStdString());
        QVERIFY(!transform);
        QCOMPARE(QByteArray::fromStdString(transform.error().detail), detail);
        QCOMPARE(transform.error().field, std::string("rule"));
        QCOMPARE(transform.error().kind, Problem::BadRequest);
        QVERIFY(rule.contains('\n') ||
                detail.startsWith(QByteArray("column " + QByteArray::number(transform.error().column) + ": ")));
    }

    void aFilterIsNamedAsTheField()
    {
        const Expected<Transform> transform = Transform::compile("$.a = 1", "$");
        QVERIFY(!transform);
        QCOMPARE(transform.error().field, std::string("filter"));
        QCOMPARE(transform.error().column, 5);
    }

    void aFilterThatCanNeverBeTrueIsRefused_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<int>("column");
        const auto row = [](const char* filter, int column) { QTest::newRow(filter) << QByteArray(filter) << column; };
        row("1", 1);
        row(" \"x\"", 2);
        row("-$.a", 1);
        row("lax ($.a + 1)", 10);
        row("$ts", 1);
        row("$source", 1);
        row("$.a.size()", 1);
        row("($.a > 1).type()", 6);
        row("$.a.keyvalue()", 1);
        row("\n1.5", 2);
        // A path may lead to true; a predicate, true, false and null (unknown) are conditions.
        for (const char* filter :
             {"$.on", "$", "$.a ? (@ == true)", "$.a.keyvalue().value", "$.a > 1", "exists($.a)", "true", "false", "null"})
            row(filter, 0);
    }
    void aFilterThatCanNeverBeTrueIsRefused()
    {
        QFETCH(QByteArray, filter);
        QFETCH(int, column);
        const Expected<Transform> transform = Transform::compile(filter.toStdString(), "$");
        QCOMPARE(transform ? 0 : transform.error().column, column);
        if (transform)
            return;
        QCOMPARE(transform.error().field, std::string("filter"));
        QVERIFY(transform.error().detail.ends_with(
            "expected a condition such as $.t > 20, but got a value that is never true or false"));
    }

    void aFilterIsNoConstructor() { QVERIFY(!Transform::compile("{ a: 1 }", "$")); }

    void keysThatNeedQuotesWorkQuotedOnly_data()
    {
        QTest::addColumn<QByteArray>("key");
        for (const char* key : {"sensor.temp", "with-dash", "@odata.id", "a b", "1st", "", "$x"})
            QTest::newRow(*key ? key : "(empty)") << QByteArray(key);
    }
    void keysThatNeedQuotesWorkQuotedOnly()
    {
        QFETCH(QByteArray, key);
        const std::string quoted = "\"" + key.toStdString() + "\"";
        const std::string json = "{" + quoted + ":7,\"sensor\":{},\"with\":1}";
        Payload payload;
        QVERIFY(payload.parse(json));
        std::string item;
        Error error;
        const Expected<Transform> transform = Transform::compile({}, "$." + quoted);
        QVERIFY(transform);
        QCOMPARE(transform->run(payload, {}, item, error), Transform::Outcome::Item);
        QCOMPARE(item, std::string("7"));
        if (key == "sensor.temp")
            return; // two keys, one in the other, are no error
        const Expected<Transform> unquoted = Transform::compile({}, "$." + key.toStdString());
        QVERIFY(!unquoted);
        QVERIFY(key.isEmpty() || unquoted.error().detail.find("\"" + key.toStdString() + "\"") != std::string::npos);
    }

    void aDashBeforeADigitSubtracts()
    {
        Payload payload;
        QVERIFY(payload.parse(R"({"with":5})"));
        std::string item;
        Error error;
        QCOMPARE(Transform::compile({}, "$.with-1")->run(payload, {}, item, error), Transform::Outcome::Item);
        QCOMPARE(item, std::string("4"));
    }

    void aRuleThatIsTooLongOrTooDeepIsRefused()
    {
        const auto refused = [](const std::string& rule, const char* part) {
            const Expected<Transform> transform = Transform::compile({}, rule);
            return !transform && transform.error().detail.find(part) != std::string::npos;
        };
        QVERIFY(refused("$ == \"" + std::string(20'000, 'a') + "\"", "expected at most 16 KiB"));
        QVERIFY(refused(std::string(10'000, '('), "expected at most 200 parentheses"));
        QVERIFY(refused(std::string(10'000, '['), "expected at most 128 objects and arrays of an item inside each other"));
        QVERIFY(refused(std::string(10'000, '-') + "1", "expected at most 200 parentheses"));
        std::string negations;
        for (int i = 0; i < 5'000; ++i)
            negations += "!(";
        QVERIFY(refused(negations, "expected at most 200 parentheses"));
        QVERIFY(Transform::compile({}, std::string(200, '(') + "1" + std::string(200, ')')));
    }

    void aRuleIsUtf8() { QVERIFY(!Transform::compile({}, "$.\xFF")); }

    /// Cut anywhere or with any character changed, a rule gives a rule or an error with a place, never a crash.
    void anyTextGivesARuleOrAnErrorWithAPlace()
    {
        const std::string rule =
            "strict { \"a\\u0041\": ($.b[0 to last, 2].**{1 to 3}.c ? (@ like_regex \"^(x+)?\\\\d{2}\" flag \"i\" "
            "&& !exists(@.*)) - 1.5e3) % $ts, d: [$.datetime(\"HH24:MI\"), $source starts with \"x\"] /* c */ }";
        QVERIFY(Transform::compile({}, rule));
        const std::string others = "\"\\()[]{}$@?*.,:-+/%=<>&|!# x1\n\x80";
        for (std::size_t at = 0; at < rule.size(); ++at) {
            for (std::string text : {rule.substr(0, at), rule.substr(at)})
                if (const auto transform = Transform::compile({}, text); !transform)
                    QVERIFY(transform.error().column > 0);
            for (const char other : others) {
                std::string text = rule;
                text[at] = other;
                if (const auto transform = Transform::compile({}, text); !transform)
                    QVERIFY(!transform.error().detail.empty());
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestRuleErrors)
#include "tst_rule_errors.moc"
