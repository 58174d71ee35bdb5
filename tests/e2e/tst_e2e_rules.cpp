// Rules from outside: tried with POST /api/outputs/test, and made into the items of a page.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

struct Trial {
    const char* name;
    const char* body;
    int status;
    const char* answer; ///< all of it, or of a refusal what it holds
};

const Trial trials[] = {
    {"an item, digits and order kept", R"({"rule":"{ b: $.b, a: ($.t - 32) / 1.8 }","payload":{"t":72.5,"b":1.50e3}})", 200,
     R"({"passes":true,"item":{"b":1.50e3,"a":22.5000000000000000},"error":null})"},
    {"time and source are the request's", R"({"rule":"[$ts, $source]","payload":1,"ts":-1.25,"source":"gw"})", 200,
     R"({"passes":true,"item":[-1.25,"gw"],"error":null})"},
    {"what the filter leaves out", R"({"rule":"$","filter":"$.t > 1","payload":{"t":1}})", 200,
     R"({"passes":false,"item":null,"error":null})"},
    {"a filter of blanks is none", R"({"rule":"$","filter":" \n","payload":{"t":1}})", 200,
     R"({"passes":true,"item":{"t":1},"error":null})"},
    {"an error of the filter", R"({"rule":"$","filter":"strict $.t","payload":{}})", 200,
     R"({"passes":false,"item":null,"error":{"detail":"column 10: expected the key “t” in the object","column":10}})"},
    {"an error of the rule", R"({"rule":"{ a: $.t + 1 }","payload":{"t":"x"}})", 200,
     R"({"passes":true,"item":null,"error":{"detail":"column 10: )"},
    {"in a rule of several lines", "{\"rule\":\"{\\n  a: $.t + 1\\n}\",\"payload\":{\"t\":\"x\"}}", 200,
     R"("error":{"detail":"line 2, column 10: expected)"},
    {"a repeated key is its last (json-2)", R"({"rule":"$.a","filter":"$.a == 2","payload":{"a":1,"a":2}})", 200,
     R"({"passes":true,"item":2,"error":null})"},
    {"a rule that does not parse", R"({"rule":"$.a = 1","payload":1})", 400,
     R"("detail":"column 5: expected an operator or the end, but got “=”; equality is written ==")"},
    {"has its field and column", R"({"rule":"$.a = 1","payload":1})", 400, R"("field":"rule")"},
    {"a filter that can never be true", R"({"rule":"$","filter":"$.t - 1","payload":{"t":1}})", 400,
     R"("field":"filter","column":5)"},
    {"a filter that does not parse", R"({"rule":"$","filter":"$.a and 1","payload":1})", 400, R"("field":"filter")"},
    {"no payload", R"({"rule":"$"})", 400, R"("field":"payload")"},
};

QByteArray nested(int depth)
{
    return QByteArray(depth, '[') + QByteArray(depth, ']');
}

struct Story {
    const char* name;
    const char* filter;
    const char* rule;
    const char* payloads; ///< an array
    const char* items;    ///< oldest first
};

const char* const keys = R"([{"sensor.temp":1,"with-dash":2,"@odata.id":3,"a b":4,"1st":5,"":6,"$x":7,"with":8}])";
const char* const mixed =
    R"([{"price":12},{"price":"12"},{"price":"n/a"},{"price":null},{"price":{}},{"price":[12]},{"price":[5,20]},{"price":true},{}])";
const char* const lists = R"([{"r":[]},{"r":[{"t":1}]},{"r":[{"t":1},{"t":2},{"t":3}]},{"r":[{"x":1},{}]},{"r":{"t":9}}])";

const Story stories[] = {
    {"big integers keep their digits (json-1)", "", "$",
     R"([{"a":9007199254740993,"b":1700000000123456789,"c":18446744073709551615,"d":123456789012345678901234567890}])",
     R"({"a":9007199254740993,"b":1700000000123456789,"c":18446744073709551615,"d":123456789012345678901234567890})"},
    {"also one by one", "", "{ x: $.a, y: $.d }", R"([{"a":9007199254740993,"d":123456789012345678901234567890}])",
     R"({"x":9007199254740993,"y":123456789012345678901234567890})"},
    {"keys of any script (json-5)", R"(exists($.온도))",
     R"({ 온도: $.온도, z: $.\"🌡\", a: $.\"\u00e9\", b: $.\"e\u0301\" })",
     R"([{"온도":21.5,"🌡":1,"\u00e9":2,"e\u0301":3}])", R"({"온도":21.5,"z":1,"a":2,"b":3})"},
    {"quoted keys (rules-1)", "",
     R"([$.\"sensor.temp\", $.\"with-dash\", $.\"@odata.id\", $.\"a b\", $.\"1st\", $.\"\", $.\"$x\", $.with-1])", keys,
     "[1,2,3,4,5,6,7,7]"},
    {"a filter over mixed types (rules-2)", "$.price > 10", "$.price", mixed, "12,[12],[5,20]"},
    {"a path over a list (rules-3)", "", "{ v: $.r[*].t }", lists, R"({"v":null},{"v":1},{"v":[1,2,3]},{"v":null},{"v":9})"},
    {"always as a list (rules-3)", "", "{ v: [$.r[*].t] }", lists, R"({"v":[]},{"v":[1]},{"v":[1,2,3]},{"v":[]},{"v":[9]})"},
};

} // namespace

class TestRulesOutside : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(!client_->token().isEmpty());
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void aRuleIsTried_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < int(std::size(trials)); ++i)
            QTest::newRow(trials[i].name) << i;
    }
    void aRuleIsTried()
    {
        QFETCH(int, number);
        const Trial& trial = trials[number];
        const HttpAnswer answer = client_->api("POST", "outputs/test", trial.body);
        QCOMPARE(answer.status, trial.status);
        if (answer.status == 200)
            QVERIFY2(!QJsonDocument::fromJson(answer.body).isNull(), answer.body);
        QVERIFY2(answer.body.contains(trial.answer), answer.body);
        if (answer.status == 200)
            return;
        // What is refused here is refused in the same words when it is to be kept.
        QByteArray draft = trial.body;
        draft.replace("\"payload\":1", "\"name\":\"Refused\"");
        if (draft != trial.body)
            QCOMPARE(object(client_->api("POST", "outputs", draft).body).value(u"detail"), object(answer.body).value(u"detail"));
    }

    void aTriedPayloadMayNestAsDeepAsAStoredOne()
    {
        const auto tried = [&](const QByteArray& rule, int depth) {
            return client_->api("POST", "outputs/test", "{\"rule\":\"" + rule + "\",\"payload\":" + nested(depth) + "}");
        };
        QCOMPARE(tried("$", 128).body, QByteArray("{\"passes\":true,\"item\":" + nested(128) + ",\"error\":null}"));
        const HttpAnswer deep = tried("$", 129);
        QCOMPARE(deep.status, 400);
        QCOMPARE(object(deep.body).value(u"field").toString(), QStringLiteral("payload"));
        QVERIFY2(deep.body.contains("at most 128 arrays and objects inside each other"), deep.body);
        QVERIFY(tried("{ a: $ }", 128).body.contains("expected an item of at most 128 arrays and objects inside each other"));
        QCOMPARE(tried("$", 100'000).status, 400);
        QCOMPARE(tried("$", 1).status, 200);
    }

    void whatIsTooDeepIsRefusedByItsDepth_data()
    {
        QTest::addColumn<QByteArray>("body");
        const QByteArray object("{\"a\":");
        QTest::newRow("arrays (json-3)") << "{\"a\":" + nested(10'000) + "}";
        QTest::newRow("arrays without their end") << "{\"a\":" + QByteArray(10'000, '[');
        QTest::newRow("objects") << object.repeated(10'000) + "1" + QByteArray(10'000, '}');
        QTest::newRow("objects without their end") << object.repeated(10'000);
        QTest::newRow("an array of deep ones") << "[{\"a\":1},{\"a\":" + nested(200) + "}]";
    }
    void whatIsTooDeepIsRefusedByItsDepth()
    {
        QFETCH(QByteArray, body);
        (void)client_->makeEndpoint("deep");
        const HttpAnswer answer = client_->ingest("deep", body);
        QCOMPARE(answer.status, 400);
        QVERIFY2(answer.body.contains("a nesting of at most 128"), answer.body.left(300));
        QCOMPARE(client_->ingest("deep", QByteArray(1'000'000, '[')).status, 400);
        QCOMPARE(client_->ingest("deep", "{\"t\":1}").status, 200);
    }

    void aTrialOfManyMembersIsRefusedAtOnce()
    {
        QByteArray many;
        for (int i = 0; i < 60'000; ++i)
            many += "\"m" + QByteArray::number(i) + "\":1,";
        for (const QByteArray& body : QByteArrayList{"{" + many + "\"rule\":\"$\",\"payload\":1}", "{\"rule\":{" + many + "\"x\":1},\"payload\":1}"})
            QCOMPARE(client_->api("POST", "outputs/test", body).status, 400);
    }

    void aRuleThatIsTooDeepIsRefusedByItsDepth()
    {
        const QByteArray open(10'000, '(');
        for (const QByteArray& body :
             QByteArrayList{"{\"rule\":\"" + open + "\",\"payload\":1}",
                            "{\"rule\":\"$\",\"filter\":\"" + QByteArray("!(").repeated(5'000) + "\",\"payload\":1}"}) {
            const HttpAnswer answer = client_->api("POST", "outputs/test", body);
            QCOMPARE(answer.status, 400);
            QVERIFY2(answer.body.contains("at most 200 parentheses and brackets inside each other"), answer.body.left(300));
        }
    }

    void datapointsBecomeItems_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < int(std::size(stories)); ++i)
            QTest::newRow(stories[i].name) << i;
    }
    void datapointsBecomeItems()
    {
        QFETCH(int, number);
        const Story& story = stories[number];
        const QByteArray name = "story-" + QByteArray::number(number);
        const QByteArray quoted = "\"" + name + "\"";
        QCOMPARE(client_->api("POST", "sources", "{\"name\":" + quoted + ",\"kind\":\"http\"}").status, 201);
        const HttpAnswer output = client_->api("POST", "outputs",
                                               "{\"name\":" + quoted + ",\"sources\":[" + quoted + "],\"filter\":\"" +
                                                   QByteArray(story.filter) + "\",\"rule\":\"" + QByteArray(story.rule) + "\"}");
        QVERIFY2(output.status == 201, output.body);
        QCOMPARE(client_->api("POST", "endpoints", "{\"id\":" + quoted + ",\"output\":" + quoted + "}").status, 201);
        QCOMPARE(client_->ingest(name, story.payloads).status, 200);
        const HttpAnswer page = client_->get("/data/out/" + name, {"Accept: application/x-ndjson"});
        QByteArrayList items = page.body.trimmed().split('\n');
        std::reverse(items.begin(), items.end());
        QCOMPARE(items.join(','), QByteArray(story.items));
        const QJsonObject view =
            object(client_->api("GET", "outputs/" + object(output.body).value(u"id").toString().toUtf8()).body);
        QCOMPARE(view.value(u"failed").toInt(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRulesOutside)
#include "tst_e2e_rules.moc"
