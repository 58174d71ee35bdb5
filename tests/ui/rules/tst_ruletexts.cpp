// What the editor knows of a rule's text, without the editor.
#include "core/pipeline/pipeline.h"
#include "ui/rules/brackets.h"
#include "ui/rules/completion.h"
#include "ui/rules/rulecheck.h"
#include "ui/rules/ruletokens.h"

#include <QtTest/QtTest>

using namespace iotman::ui;

namespace {

/// `$.a > 1` as `variable:$ step:a operator:> number:1`.
QString spelled(const QString& line, RuleLineEnd& state)
{
    const char* const names[] = {"key", "step", "text", "number", "operator", "variable", "method", "comment"};
    QStringList words;
    for (const RuleSpan& span : ruleSpans(line, state))
        words << QLatin1String(names[static_cast<int>(span.token)]) + QLatin1Char(':') + line.mid(span.begin, span.length);
    return words.join(QLatin1Char(' '));
}

} // namespace

class TestRuleTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPartIsPaintedAsWhatItIs_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("spans");
        const auto row = [](const char* name, const QString& line, const QString& spans) {
            QTest::newRow(name) << line << spans;
        };
        row("a comparison", QStringLiteral("$.a > 1.5"), QStringLiteral("variable:$ step:a operator:> number:1.5"));
        row("a member", QStringLiteral("city: $.location,"), QStringLiteral("key:city variable:$ step:location"));
        row("a quoted member", QStringLiteral("\"a b\" : \"x\""), QStringLiteral("key:\"a b\" text:\"x\""));
        row("a quoted step", QStringLiteral("$.\"a b\""), QStringLiteral("variable:$ step:\"a b\""));
        row("any script", QString::fromUtf8("{ 온도: $.온도 }"), QString::fromUtf8("key:온도 variable:$ step:온도"));
        row("a method", QStringLiteral("$.t.floor ()"), QStringLiteral("variable:$ step:t method:floor"));
        row("words", QStringLiteral("strict exists(@.a) && true"),
            QStringLiteral("operator:strict operator:exists variable:@ step:a operator:& operator:& number:true"));
        row("a key that is a word elsewhere", QStringLiteral("$.exists"), QStringLiteral("variable:$ step:exists"));
        row("variables", QStringLiteral("[$ts, $source]"), QStringLiteral("variable:$ts variable:$source"));
        row("an escaped quote", QStringLiteral("\"a\\\"b\" 1"), QStringLiteral("text:\"a\\\"b\" number:1"));
        row("an open text", QStringLiteral("\"abc"), QStringLiteral("text:\"abc"));
        row("a comment", QStringLiteral("1 /* $.a */ 2"), QStringLiteral("number:1 comment:/* $.a */ number:2"));
        row("an exponent", QStringLiteral("1.5e-3+2"), QStringLiteral("number:1.5e-3 operator:+ number:2"));
        row("nonsense", QStringLiteral("§ \\ ;"), QString());
    }
    void everyPartIsPaintedAsWhatItIs()
    {
        QFETCH(QString, line);
        RuleLineEnd state = RuleLineEnd::Closed;
        QTEST(spelled(line, state), "spans");
    }

    void aCommentAndATextGoOnInTheNextLine()
    {
        RuleLineEnd state = RuleLineEnd::Closed;
        QCOMPARE(spelled(QStringLiteral("1 /* a"), state), QStringLiteral("number:1 comment:/* a"));
        QVERIFY(state == RuleLineEnd::InComment);
        QCOMPARE(spelled(QStringLiteral("b */ 2"), state), QStringLiteral("comment:b */ number:2"));
        QCOMPARE(spelled(QStringLiteral("\"x"), state), QStringLiteral("text:\"x"));
        QVERIFY(state == RuleLineEnd::InText);
        QCOMPARE(spelled(QStringLiteral("y\" 3"), state), QStringLiteral("text:y\" number:3"));
        QVERIFY(state == RuleLineEnd::Closed);
    }

    void keysAreQuotedWhereTheyMustBe_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("step");
        QTest::newRow("plain") << "temp_f"
                               << ".temp_f";
        QTest::newRow("any script") << QString::fromUtf8("온도") << QString::fromUtf8(".온도");
        QTest::newRow("a dash") << "with-dash"
                                << ".\"with-dash\"";
        QTest::newRow("a point") << "a.b"
                                 << ".\"a.b\"";
        QTest::newRow("a blank") << "a b"
                                 << ".\"a b\"";
        QTest::newRow("a digit in front") << "1st"
                                          << ".\"1st\"";
        QTest::newRow("nothing") << ""
                                 << ".\"\"";
        QTest::newRow("a quote") << "a\"b"
                                 << ".\"a\\\"b\"";
        QTest::newRow("a line break") << "a\nb"
                                      << ".\"a\\u000ab\"";
    }
    void keysAreQuotedWhereTheyMustBe()
    {
        QFETCH(QString, key);
        QTEST(keyStep(key), "step");
        QVERIFY(!checkRule(QLatin1Char('$') + keyStep(key), RulePart::Rule));
    }

    void theEditorRefusesWithTheSentenceOfTheServer_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "  ", "$.a = 1", "{\n  a: $.b\n  c: 1\n}", "{ a: 1, a: 2 }", "$x", "last", "\"abc", "/* x",
              "$.a like_regex \"(\"", "$.a.datetime(1)", "1e999999", "lax", "{ 온도: $.온도 = 1 }", "$.\"🌡\" b"})
            QTest::newRow(*text ? text : "nothing") << QString::fromUtf8(text);
        QTest::newRow("too long") << QString(20'000, u'1');
        QTest::newRow("too deep") << QString(200, u'[');
    }
    /// But for its capital letter.
    void theEditorRefusesWithTheSentenceOfTheServer()
    {
        QFETCH(QString, text);
        const auto server = [](const QString& filter, const QString& rule) {
            const auto checked = iotman::pipeline::checkRules(
                {std::nullopt, iotman::OutputName{"a"}, {}, filter.toStdString(), rule.toStdString(), true});
            return checked ? QString() : asSentence(checked.error());
        };
        const auto editor = [&](RulePart part) {
            const auto fault = checkRule(text, part);
            return fault ? fault->sentence : QString();
        };
        QCOMPARE(editor(RulePart::Rule), server({}, text));
        QCOMPARE(editor(RulePart::Filter), server(text, QStringLiteral("$")));
        QVERIFY(!editor(RulePart::Rule).isEmpty());
    }

    void aFaultHasItsPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("marked");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("in one line") << "$.a = 1"
                                     << "="
                                     << "Column 5: expected an operator or the end, but got “=”; equality is written ==";
        QTest::newRow("in the fifth line")
            << "{\n  at: $ts,\n  city: $.location,\n  high: $.temp_max,\n  high_f: ($.temp_max * 1.8 + 32,\n  low: 1\n}"
            << ","
            << "Line 5, column 33: expected an operator or “)” for the “(” at line 5, column 11, but got “,”";
        QTest::newRow("behind characters of two units")
            << QString::fromUtf8("{ \"🌡\": $.a b }") << "b"
            << "Column 12: expected “,” or “}” for the “{” at column 1, but got “b”; quote such a key: .\"a b\"";
        QTest::newRow("a whole word") << "$.a == True"
                                      << "True"
                                      << "Column 8: expected a value or a path, but got “True”; write true for True";
        QTest::newRow("at the end") << "{ a: $.a \n"
                                    << "a"
                                    << "Line 2, column 1: expected “}” for the “{” at line 1, column 1, but got the end";
    }
    void aFaultHasItsPlace()
    {
        QFETCH(QString, text);
        const auto fault = checkRule(text, RulePart::Rule);
        QVERIFY(fault);
        QTEST(text.mid(fault->begin, fault->length), "marked");
        QTEST(fault->sentence, "sentence");
    }

    void aBlankFilterIsNoneAndABlankRuleIsAFault()
    {
        QVERIFY(!checkRule(QStringLiteral("  "), RulePart::Filter));
        QVERIFY(checkRule({}, RulePart::Rule));
        QVERIFY(checkRule(QStringLiteral("{ a: 1 }"), RulePart::Filter)); // a constructor is no condition
    }

    void bracketsFindTheirPartners_data()
    {
        QTest::addColumn<QString>("text"); // | is the cursor
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::newRow("behind the opening one") << "{|a}" << 0 << 2;
        QTest::newRow("before the opening one") << "|{a}" << 0 << 2;
        QTest::newRow("behind the closing one") << "{a}|" << 2 << 0;
        QTest::newRow("nested") << "(a (|b) c)" << 3 << 5;
        QTest::newRow("between two, the one before") << "()|(x)" << 1 << 0;
        QTest::newRow("without a partner") << "(|a" << 0 << -1;
        QTest::newRow("of another kind") << "(a]|" << 2 << -1;
        QTest::newRow("not in texts") << "(\")\"|)" << 4 << 0;
        QTest::newRow("not in comments") << "(|/* ) */)" << 0 << 8;
        QTest::newRow("none there") << "a|b" << -2 << -2;
    }
    void bracketsFindTheirPartners()
    {
        QFETCH(QString, text);
        const int cursor = static_cast<int>(text.indexOf(u'|'));
        const auto found = bracketsAt(text.remove(u'|'), cursor);
        QTEST(found ? found->first : -2, "first");
        QTEST(found ? found->second : -2, "second");
    }

    void completionsFollowWhatIsTyped_data()
    {
        QTest::addColumn<QString>("text"); // | is the cursor
        QTest::addColumn<QString>("choices");
        QTest::newRow("keys by their letters") << "$.te|"
                                               << "temp_f temperature";
        QTest::newRow("all of them behind a point")
            << "$.|"
            << "temp_f temperature \"a b\" size() type() double() abs() floor() ceiling() datetime() keyvalue()";
        QTest::newRow("a quoted one by its letters") << "$.a|"
                                                     << "\"a b\" abs()";
        QTest::newRow("variables") << "$|"
                                   << "ts source id";
        QTest::newRow("some variables") << "{ a: $s|"
                                        << "source";
        QTest::newRow("none where a key of ours is written") << "{ te|"
                                                             << "";
        QTest::newRow("none in a text") << "$.a == \"$.te|"
                                        << "";
        QTest::newRow("none in a comment") << "/* $.te|"
                                           << "";
        QTest::newRow("none behind a number's point") << "1.5|"
                                                      << "";
    }
    void completionsFollowWhatIsTyped()
    {
        QFETCH(QString, text);
        const int cursor = static_cast<int>(text.indexOf(u'|'));
        const QStringList keys{QStringLiteral("temp_f"), QStringLiteral("temperature"), QStringLiteral("a b")};
        QTEST(completionAt(text.remove(u'|'), cursor, keys).choices.join(u' '), "choices");
    }
};

QTEST_APPLESS_MAIN(TestRuleTexts)
#include "tst_ruletexts.moc"
