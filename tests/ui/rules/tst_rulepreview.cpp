// What a preview says of real datapoints.
#include "ui/rules/codelines.h"
#include "ui/rules/recentdatapoints.h"
#include "ui/rules/rulepreview.h"
#include "ui/rules/seenfields.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;

namespace {

std::vector<RecentDatapoint> datapoints(const std::vector<const char*>& payloads)
{
    std::vector<RecentDatapoint> made;
    for (const char* payload : payloads)
        made.push_back({Timestamp{1'700'000'000'000'000}, 100 - made.size(), "gw-1", payload});
    return made;
}

Preview previewed(const char* filter, const char* rule, const std::vector<RecentDatapoint>& of)
{
    const std::atomic<bool> cancelled = false;
    return preview(filter, rule, of, 20, std::chrono::seconds(10), cancelled);
}

} // namespace

class TestRulePreview : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachDatapointBecomesAnItemOrSaysWhyNot()
    {
        const Preview made =
            previewed("$.weather != \"fog\"", "{\n  t: $.t + 1\n}",
                      datapoints({R"({"t":1,"weather":"sun"})", R"({"t":1,"weather":"fog"})", R"({"t":"x","weather":"sun"})"}));
        QCOMPARE(made.items, 1);
        QCOMPARE(made.filtered, 1);
        QCOMPARE(made.failed, 1);
        QVERIFY(made.complete);
        QCOMPARE(made.rows.size(), std::size_t(3));
        QCOMPARE(made.rows[0].item, std::string("{\"t\":2}"));
        QCOMPARE(made.rows[1].reason, QStringLiteral("No item: the filter is not true, $.weather is \"fog\"."));
        QCOMPARE(made.rows[2].reason,
                 QStringLiteral("No item: the rule failed. Line 2, column 10: expected one number left of “+”, but got "
                                "a value of type string"));
    }

    void aFilterThatLooksAtWhatIsNotThereSaysSo()
    {
        QCOMPARE(filteredReason("$.a.b > 1 && $.\"x y\" == 2 && $.c.size() > 0", R"({"a":{},"x y":3,"c":[]})"),
                 QStringLiteral("No item: the filter is not true, $.a.b is not there, $.\"x y\" is 3, $.c is []."));
        QCOMPARE(filteredReason("1 == 2", "{}"), QStringLiteral("No item: the filter is not true."));
    }

    void onlyTheFirstRowsAreKeptButAllAreCounted()
    {
        std::vector<RecentDatapoint> many(100, datapoints({"{\"t\":1}"}).front());
        const std::atomic<bool> cancelled = false;
        const Preview made = preview({}, "$", many, 20, std::chrono::seconds(10), cancelled);
        QCOMPARE(made.rows.size(), std::size_t(20));
        QCOMPARE(made.items, 100);
        const std::atomic<bool> stopped = true;
        const Preview none = preview({}, "$", many, 20, std::chrono::seconds(10), stopped);
        QVERIFY(!none.complete);
        QCOMPARE(none.total(), 0);
    }

    void theServersAnswerIsRead()
    {
        const auto read = recentDatapointsFrom(
            R"({"data":[{"time":1700000000.25,"sequence":7,"payload":{"a": 1.50}},{"time":-1,"sequence":6,"payload":{}}],"next_page":null})",
            "gw");
        QVERIFY(read);
        QCOMPARE(read->size(), std::size_t(2));
        QCOMPARE(read->front().payload, std::string("{\"a\": 1.50}"));
        QCOMPARE(read->front().time.us, 1'700'000'000'250'000);
        QCOMPARE(read->front().sequence, std::uint64_t(7));
        QCOMPARE(read->front().source, std::string("gw"));
        for (const char* bad : {"", "[]", "{}", R"({"data":1})", R"({"data":[1]})",
                                R"({"data":[{"time":1,"sequence":-1,"payload":{}}]})", R"({"data":[{"time":1,"sequence":1}]})"})
            QVERIFY2(!recentDatapointsFrom(bad, "gw"), bad);
    }

    void aDatapointMayNestAsDeepAsAPayload()
    {
        const std::string deep = std::string(127, '[') + std::string(127, ']');
        const auto read = recentDatapointsFrom(R"({"data":[{"time":1,"sequence":1,"payload":{"a":)" + deep + "}}]}", "gw");
        QVERIFY(read);
        QCOMPARE(read->front().payload, "{\"a\":" + deep + "}");
    }

    void datapointsOfSeveralSourcesStandInTheOrderTheyCame()
    {
        std::vector<RecentDatapoint> one(2);
        std::vector<RecentDatapoint> other(1);
        one[0].sequence = 9;
        one[1].sequence = 3;
        other[0].sequence = 5;
        const auto all = merged({one, other}, 2);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].sequence, std::uint64_t(9));
        QCOMPARE(all[1].sequence, std::uint64_t(5));
    }

    void fieldsHaveTheirPathsTypesAndLatestValues()
    {
        QStringList lines;
        for (const SeenField& field :
             seenFields(datapoints({R"({"t":21.50,"gps":{"lat":37.5},"list":[{"x y":"a"}]})", R"({"t":null,"old":true})"})))
            lines << QStringList{field.path, field.type, field.latest}.join(u'|');
        QCOMPARE(lines, (QStringList{QStringLiteral("$.t|number, null|21.50"), QStringLiteral("$.gps|object|{\"lat\":37.5}"),
                                     QStringLiteral("$.gps.lat|number|37.5"), QStringLiteral("$.list|array|[{\"x y\":\"a\"}]"),
                                     QStringLiteral("$.list[*].\"x y\"|text|\"a\""), QStringLiteral("$.old|boolean|true")}));
        QCOMPARE(seenKeys(datapoints({R"({"a":{"b":1},"c":[{"d":1}]})", R"({"a":1,"e":2})"})).join(u' '),
                 QStringLiteral("a c b d e"));
    }

    void aRuleIsProposedFromAShape()
    {
        QCOMPARE(proposedRule(R"({"t":1,"a b":2,"gps":{"lat":1,"lon":2},"t":3,"list":[1]})"),
                 QStringLiteral(
                     "{\n  at: $ts,\n  t: $.t,\n  \"a b\": $.\"a b\",\n  gps: {\n    lat: $.gps.lat,\n    lon: $.gps.lon\n  },\n"
                     "  list: $.list\n}"));
        QCOMPARE(proposedRule(R"({"at":1})"), QStringLiteral("{\n  at: $.at\n}"));
        QCOMPARE(proposedRule("5"), QStringLiteral("{\n  at: $ts\n}"));
        const Preview made =
            previewed("", proposedRule(R"({"t":1,"a b":{"c":2}})").toUtf8(), datapoints({R"({"t":1,"a b":{"c":2}})"}));
        QCOMPARE(made.rows.front().item, std::string(R"({"at":1700000000,"t":1,"a b":{"c":2}})"));
    }

    void jsonStandsInLines()
    {
        QCOMPARE(plainText(codeLines(R"({"a":1.50,"b":{"c":[1,"x"]}})", 10)),
                 QStringLiteral("\"a\": 1.50\n\"b\": {\"c\": [1, \"x\"]}"));
        QCOMPARE(plainText(codeLines("[1,2]", 10)), QStringLiteral("[1, 2]"));
        QCOMPARE(plainText(codeLines("{}", 10)), QStringLiteral("{}"));
        QCOMPARE(plainText(codeLines(R"({"a":1,"b":2,"c":3})", 2)).count(u'\n'), 1);
        QVERIFY(plainText(codeLines("\"" + std::string(10'000, 'x') + "\"", 2)).size() < 200);
    }
};

QTEST_APPLESS_MAIN(TestRulePreview)
#include "tst_rulepreview.moc"
