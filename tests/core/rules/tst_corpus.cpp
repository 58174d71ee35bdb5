// All that PostgreSQL 15 itself answered, against what we answer.
#include "core/rules/transform.h"
#include "tests/core/rules/answers.h"

#include <QtTest/QtTest>

#include <fstream>

using namespace iotman;
using namespace iotman::rules;

namespace {

struct Case {
    std::string id;
    tests::Question question;
    std::string result, match, error, sqlState;
};

std::vector<Case> corpus(const char* file)
{
    std::ifstream in(std::string(IOTMAN_SOURCE_DIR "/tests/core/rules/data/") + file);
    std::vector<Case> cases;
    Payload line;
    for (std::string text; std::getline(in, text);) {
        if (!line.parse(text))
            qFatal("a line of the corpus is no JSON");
        cases.push_back({tests::member(line, "id"), tests::questionFrom(line), tests::member(line, "result"),
                         tests::member(line, "match"), tests::member(line, "error"), tests::member(line, "sqlstate")});
    }
    return cases;
}

/// Without U+FFFFE, U+FFFFF, U+10FFFE and U+10FFFF, which the recording of the corpus lost.
std::string withoutNoncharacters(std::string text)
{
    for (const char* lost : {"\xF3\xBF\xBF\xBE", "\xF3\xBF\xBF\xBF", "\xF4\x8F\xBF\xBE", "\xF4\x8F\xBF\xBF"})
        for (std::size_t at = text.find(lost); at != std::string::npos; at = text.find(lost))
            text.erase(at, 4);
    return text;
}

std::string expected(const Case& c)
{
    if (c.error.empty())
        return c.result;
    return c.error == "runtime" ? "runtime " + c.sqlState : c.error;
}

} // namespace

class TestCorpus : public QObject {
    Q_OBJECT

    /// Returns how many lines were refused by a limit of ours.
    static int check(const char* file, int lines)
    {
        const std::vector<Case> cases = corpus(file);
        int wrong = 0;
        int limited = 0;
        for (const Case& c : cases) {
            const std::string got = withoutNoncharacters(tests::answer(c.question));
            const std::string want = expected(c);
            if (tests::isBeyondLimits(got)) {
                ++limited;
            } else if (c.error.empty() ? got != want : !got.starts_with(want)) {
                ++wrong;
                qWarning("%s: %s over %s\n  expected %s\n  got      %s", c.id.c_str(), c.question.path.substr(0, 300).c_str(),
                         c.question.document.substr(0, 300).c_str(), want.substr(0, 300).c_str(), got.substr(0, 300).c_str());
            }
        }
        [&] {
            QCOMPARE(wrong, 0);
            QCOMPARE(int(cases.size()), lines);
        }();
        return limited;
    }

private Q_SLOTS:
    void everyRuleGivesWhatPostgresqlGives() { QCOMPARE(check("jsonpath-postgres15.jsonl", 4748), 0); }

    void whatRandomRulesFoundStaysMended() { QCOMPARE(check("jsonpath-postgres15-random.jsonl", 42), 0); }

    /// 40 lines lie beyond limits of ours (docs/rules.md): documents 1,000 and more deep, rules longer than
    /// 16 KiB or more than 200 deep.
    void atTheLimitsPostgresqlsAnswerOrARefusalThatNamesTheLimit()
    {
        QCOMPARE(check("jsonpath-postgres15-limits.jsonl", 129), 40);
    }

    void aFilterPassesWhatJsonbPathMatchFindsTrue()
    {
        int compared = 0;
        for (const Case& c : corpus("jsonpath-postgres15.jsonl")) {
            if (c.match.empty() || c.question.variables)
                continue;
            const Expected<Transform> transform = Transform::compile(c.question.path, "$");
            QVERIFY2(transform, c.id.c_str());
            Payload document;
            QVERIFY(document.parse(c.question.document));
            std::string item;
            Error error;
            const Transform::Outcome outcome = transform->run(document, {}, item, error);
            if (outcome != (c.match == "true" ? Transform::Outcome::Item : Transform::Outcome::Filtered))
                QFAIL((c.id + ": " + c.question.path + " over " + c.question.document + "; " + error.detail).c_str());
            ++compared;
        }
        QVERIFY(compared > 1000);
    }
};

QTEST_APPLESS_MAIN(TestCorpus)
#include "tst_corpus.moc"
