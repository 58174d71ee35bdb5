#include "core/rules/regex.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::rules;

namespace {

/// “yes”, “no”, or why the pattern is refused.
QByteArray answer(const QByteArray& pattern, const QByteArray& text, Regex::Flags flags = {})
{
    const Expected<Regex> regex = Regex::compile(pattern.toStdString(), flags);
    if (!regex)
        return QByteArray::fromStdString(regex.error().detail);
    std::int64_t budget = 10'000'000;
    return regex->matches(text.toStdString(), budget) ? "yes" : "no";
}

} // namespace

class TestRegex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void patternsMatchAsInPostgresql_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* pattern, const char* text, bool matches) {
            QTest::addRow("%s in %s", pattern, text) << QByteArray(pattern) << QByteArray(text) << matches;
        };
        row("^th-[0-9]+$", "th-0417", true);
        row("^th-[0-9]+$", "th-0417x", false);
        row("(ab|cd)*e", "xabcde", true);
        row("^(ab|cd){2}$", "abcd", true);
        row("^(ab|cd){2}$", "abcdab", false);
        row("^a{2,}$", "a", false);
        row("^a{2,3}$", "aaaa", false);
        row("^(a?){3}$", "aa", true);
        row("^(a*)*$", "aaa", true);
        row("^(a*)+b$", "aaab", true);
        row("(^|,)b(,|$)", "a,b", true);
        row("[[:alpha:]]", "온", true);
        row("^\\w+$", "온도_1", true);
        row("\\d", "٣", false);
        row("^[^[:space:]]$", "é", true);
        row("[^a]", "a\n", false);
        row("\\D", "1\n", true);
        row("a.b", "a\nb", false);
        row("\\mOK\\M", "is OK!", true);
        row("\\yO", "xOK", false);
        row("\\Y.\\Y", "abc", true);
        row("a(?=b)", "ab", true);
        row("a(?!b)", "ab", false);
        row("(?<=a)b", "ab", true);
        row("(?<!a)b", "ab", false);
        row("(?<=(ab|c){2})d", "abcd", true);
        row("(?<=(ab|c){2})d", "xcd", false);
        row("(.)\\1", "abccd", true);
        row("(.)\\1", "abcd", false);
        row("^(a|ab)(c|bcd)\\2$", "abcdbcd", true);
        row("^(a+)\\1b$", "aaaab", true);
        row("^(a+)\\1b$", "aaab", false);
        row("(a)\\12", "a\n", true); // no twelfth group: octal 12
        row("\\x41", "A", true);
        row("\\u0041\\101", "AA", true);
        row("\\x100000041", "A", true);
        row("\\x110000|A", "A", true);
        row("[A-\\x7ffffffe]", "A", true);
        row("[^\\U7ffffffe]", "A", true);
        row("(?i)\\x41a2ab|a", "A", true);
        row("[a\\]b]", "]", true);
        row("[]a]", "]", true);
        row("[^]a]", "]", false);
        row("[a-]", "-", true);
        row("[[.-.]]", "-", true);
        row("{", "{", true);
        row("a{,2}", "a{,2}", true);
        row("(?i)STRASSE", "Strasse", true);
        row("(?x) a  b # c", "ab", true);
        row("***=a.b", "axb", false);
        row("***:a.b", "axb", true);
        row("a||b", "", true);
        row("a(?#remark)b", "ab", true);
    }
    void patternsMatchAsInPostgresql()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QFETCH(bool, matches);
        QCOMPARE(answer(pattern, text), QByteArray(matches ? "yes" : "no"));
    }

    void flagsChangeTheMeaning()
    {
        QCOMPARE(answer("PUMP", "pump", {.ignoreCase = true}), QByteArray("yes"));
        QCOMPARE(answer("[^A]", "a", {.ignoreCase = true}), QByteArray("no"));
        QCOMPARE(answer("(ÄÖ)\\1", "äöÄö", {.ignoreCase = true}), QByteArray("yes"));
        QCOMPARE(answer("a.b", "a\nb", {.dotAll = true}), QByteArray("yes"));
        QCOMPARE(answer("^b$", "a\nb\nc", {.multiLine = true}), QByteArray("yes"));
        QCOMPARE(answer("^b$", "a\nb\nc"), QByteArray("no"));
        QCOMPARE(answer("\\Ab", "a\nb", {.multiLine = true}), QByteArray("no"));
        QCOMPARE(answer("a.b*", "xa.b*x", {.literal = true}), QByteArray("yes"));
        QCOMPARE(answer("A.B", "a.b", {.ignoreCase = true, .literal = true}), QByteArray("yes"));
    }

    void whatIsNoPatternIsRefused_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        for (const char* pattern :
             {"(",      ")",       "[",        "[z-a]",  "[a-z-[b]]", "[[:foo:]]", "[[.ab.]]", "*",    "a**",
              "a+*",    "^*",      "(?=a)*",   "a{2,1}", "a{256}",    "a{1",       "\\",       "\\q",  "\\9",
              "(a\\1)", "(?<x>a)", "(?P<x>a)", "\\p{L}", "[\\A]",     "***?a",     "(?y)a",    "\\u12",
              "\\x7fffffff", "\\Uffffffff", "[\\x110000-A]"})
            QTest::newRow(pattern) << QByteArray(pattern);
        QTest::newRow("too complex") << QByteArray("((((a{99}){99}){99}){99})");
        QTest::newRow("too deep") << QByteArray(5'000, '(') + QByteArray(5'000, ')');
    }
    void whatIsNoPatternIsRefused()
    {
        QFETCH(QByteArray, pattern);
        const QByteArray refusal = answer(pattern, "");
        QVERIFY2(refusal.startsWith("expected "), refusal);
        QVERIFY(refusal.contains(" of the pattern"));
    }

    void timeIsLinearInTheText()
    {
        const Expected<Regex> regex = Regex::compile("^(a|aa)+$|(x+x+)+y", {});
        std::int64_t spent[2] = {};
        for (const int i : {0, 1}) {
            std::int64_t budget = 100'000'000;
            QVERIFY(!regex->matches(std::string(i == 0 ? 1'000 : 10'000, 'a') + "b", budget));
            spent[i] = 100'000'000 - budget;
        }
        QVERIFY(spent[1] < 11 * spent[0]);
    }

    void aSpentBudgetEndsTheMatch()
    {
        const Expected<Regex> regex = Regex::compile("^(a*)*\\1b$", {});
        std::int64_t budget = 100'000;
        QVERIFY(!regex->matches(std::string(5'000, 'a'), budget));
        QCOMPARE(budget, std::int64_t(0));
    }
};

QTEST_APPLESS_MAIN(TestRegex)
#include "tst_regex.moc"
