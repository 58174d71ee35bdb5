// What the probes of the contract lab ask and say, without a network.
#include "core/lab/itembytes.h"
#include "core/lab/probeparts.h"
#include "core/lab/report.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::lab;

namespace {

using client::HttpAnswer;

const Side publicSide{"https://there.example/data/out/x", {}, {}, {}};

Side restrictedSide()
{
    return {
        "https://there.example/data/out/x",
        {},
        {QUrl(QStringLiteral("https://there.example/oauth/token")), QStringLiteral("c"), client::Secret("SENTINELsecret"), {}},
        client::Secret("SENTINELtoken")};
}

const Probe& probeNamed(std::string_view name)
{
    const auto all = probes();
    return *std::find_if(all.begin(), all.end(), [&](const Probe& probe) { return probe.name == name; });
}

HttpAnswer answerOf(int status, const QByteArray& body = {},
                    const client::Headers& headers = {{"Content-Type", "application/json"}})
{
    HttpAnswer answer;
    answer.status = status;
    answer.headers = headers;
    answer.body = body;
    return answer;
}

/// Answers in a table of cases.
struct Given {
    std::vector<Answer> list;

    Given(std::initializer_list<Answer> answers = {})
        : list(answers)
    {
    }
};

/// `says …`, `unknown …` or `asks METHOD url`, after these answers.
QString outcome(const Side& side, std::string_view probe, const std::vector<Answer>& answers)
{
    const Turn turn = probeNamed(probe).turn(side, answers);
    if (const auto* question = std::get_if<Question>(&turn))
        return QStringLiteral("asks ") + QString::fromLatin1(question->request.method) + u' ' + question->request.url.toString();
    const Said& said = std::get<Said>(turn);
    return (said ? QStringLiteral("says ") : QStringLiteral("unknown ")) +
           QString::fromStdString(said ? *said : said.error().detail);
}

/// A page of items that are numbers, with a link that names a time.
Answer pageWith(const QByteArray& items, const QByteArray& to = {}, const QByteArray& cursor = {})
{
    const QByteArray link =
        to.isEmpty() ? QByteArray("null") : "\"https://there.example/data/out/x?to=" + to + "&limit=1&cursor=" + cursor + "\"";
    return answerOf(200, "{\"data\":[" + items + "],\"next_page\":" + link + "}");
}

Finding finding(const Said& there, const Said& here)
{
    return {"limit=0", {there, {}}, {here, {}}};
}

} // namespace

class TestProbes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWalkGoesOnUntilItKnows_data()
    {
        QTest::addColumn<QString>("probe");
        QTest::addColumn<Given>("answers");
        QTest::addColumn<QString>("outcome");
        const QString small = QStringLiteral("pages of one item");
        const QString ties = QStringLiteral("pages of one item where times are equal");
        const Answer whole = pageWith("3,2,1");
        QTest::newRow("first a large page") << small << Given{}
                                            << QStringLiteral("asks GET https://there.example/data/out/x?limit=12");
        QTest::newRow("then a page of one") << small << Given{whole}
                                            << QStringLiteral("asks GET https://there.example/data/out/x?limit=1");
        QTest::newRow("then where it leads")
            << small << Given{whole, pageWith("3", "9", "p1")}
            << QStringLiteral("asks GET https://there.example/data/out/x?to=9&limit=1&cursor=p1");
        QTest::newRow("until the end") << small << Given{whole, pageWith("3", "9", "p1"), pageWith("2", "8", "p2"), pageWith("1")}
                                       << QStringLiteral("says pages of one item give what a large page gives");
        QTest::newRow("an item that is skipped") << small << Given{whole, pageWith("3", "9", "p1"), pageWith("1")}
                                                 << QStringLiteral("says pages of one item repeat or skip items");
        QTest::newRow("what arrived meanwhile is no fault")
            << small << Given{whole, pageWith("4", "10", "p0"), pageWith("3", "9", "p1"), pageWith("2", "8", "p2"), pageWith("1")}
            << QStringLiteral("says pages of one item give what a large page gives");
        QTest::newRow("a page that leads to itself") << small << Given{whole, pageWith("3", "9", "p1"), pageWith("3", "9", "p1")}
                                                     << QStringLiteral("says a page of one item leads to itself");
        QTest::newRow("numbers that no double holds")
            << small << Given{pageWith("1e401,1e400,1"), pageWith("1e401", "9", "p1"), pageWith("1e400", "8", "p2"), pageWith("1")}
            << QStringLiteral("says pages of one item give what a large page gives");
        QTest::newRow("too few items") << small << Given{pageWith("2,1")} << QStringLiteral("unknown it has too few items");
        QTest::newRow("a link to somewhere else is not followed")
            << small << Given{whole, answerOf(200, "{\"data\":[3],\"next_page\":\"https://elsewhere.example/data/out/x?to=9\"}")}
            << QStringLiteral("unknown its next page is on another origin, which is not asked");
        QTest::newRow("no page at all") << small << Given{answerOf(500)}
                                        << QStringLiteral("unknown a page was answered with 500 application/json");
        QTest::newRow("nobody answers") << small << Given{fail(Problem::Unavailable, "out of reach")}
                                        << QStringLiteral("unknown out of reach");
        QTest::newRow("without ties nothing is known of them")
            << ties << Given{whole, pageWith("3", "9", "p1"), pageWith("2", "8", "p2"), pageWith("1")}
            << QStringLiteral("unknown no two of its newest items have the same time");
        QTest::newRow("ties, each item once")
            << ties << Given{whole, pageWith("3", "9", "p1"), pageWith("2", "9", "p2"), pageWith("1")}
            << QStringLiteral("says pages of one item give what a large page gives");
        QTest::newRow("ties that are lost") << ties
                                            << Given{whole, pageWith("3", "9", "p1"), pageWith("1", "9", "p2"), pageWith("0")}
                                            << QStringLiteral("says pages of one item repeat or skip items");
    }
    void aWalkGoesOnUntilItKnows()
    {
        QFETCH(QString, probe);
        QFETCH(Given, answers);
        QTEST(outcome(publicSide, probe.toStdString(), answers.list), "outcome");
    }

    void anAnswerIsSaidByWhatMattersInIt_data()
    {
        QTest::addColumn<QString>("probe");
        QTest::addColumn<HttpAnswer>("answer");
        QTest::addColumn<QString>("outcome");
        const client::Headers problem{{"Content-Type", "application/problem+json; charset=utf-8"}};
        QTest::newRow("a problem") << QStringLiteral("limit=0")
                                   << answerOf(400, "{\"field\":\"limit\",\"detail\":\"x\"}", problem)
                                   << QStringLiteral("says 400 application/problem+json field=limit");
        QTest::newRow("methods in any order")
            << QStringLiteral("POST to an endpoint") << answerOf(405, {}, {{"Allow", "OPTIONS, GET,HEAD"}})
            << QStringLiteral("says 405 Allow: GET, HEAD, OPTIONS");
        QTest::newRow("a challenge") << QStringLiteral("a token that is none")
                                     << answerOf(401, {}, {{"WWW-Authenticate", "Bearer realm=\"r\", error=\"invalid_token\""}})
                                     << QStringLiteral("says 401 Bearer, invalid_token");
        QTest::newRow("a challenge without a code")
            << QStringLiteral("no token") << answerOf(401, {}, {{"WWW-Authenticate", "Bearer"}})
            << QStringLiteral("says 401 Bearer, no code");
        QTest::newRow("members in any order")
            << QStringLiteral("the members of a page") << answerOf(200, "{\"next_page\":null,\"data\":[]}")
            << QStringLiteral("says data, next_page");
        QTest::newRow("a range without items")
            << QStringLiteral("a range without items") << answerOf(200, "{\"data\":[],\"next_page\":null}")
            << QStringLiteral("says 200, no items, next_page null");
        QTest::newRow("a link") << QStringLiteral("the link to the next page") << *pageWith("1", "9", "p1")
                                << QStringLiteral("says absolute, same path, limit, to");
        QTest::newRow("a preflight that passes")
            << QStringLiteral("a preflight from a foreign origin") << answerOf(204, {}, {{"Access-Control-Allow-Origin", "*"}})
            << QStringLiteral("says passes");
        QTest::newRow("one that is refused")
            << QStringLiteral("a preflight from a foreign origin") << answerOf(403, {}, {{"Access-Control-Allow-Origin", "*"}})
            << QStringLiteral("says does not pass");
        QTest::newRow("an upgrade") << QStringLiteral("an upgrade")
                                    << answerOf(
                                           101, {},
                                           {{"Upgrade", "WebSocket"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}})
                                    << QStringLiteral("says 101 upgraded");
        QTest::newRow("a handshake that is wrong")
            << QStringLiteral("an upgrade") << answerOf(101, {}, {{"Upgrade", "websocket"}, {"Sec-WebSocket-Accept", "x"}})
            << QStringLiteral("says 101 with a handshake that does not fit");
        QTest::newRow("an upgrade that is refused")
            << QStringLiteral("an upgrade from a foreign origin") << answerOf(403, {}, problem)
            << QStringLiteral("says 403 application/problem+json");
        QTest::newRow("a version that is refused")
            << QStringLiteral("an upgrade to a version that is none") << answerOf(426, {}, {{"Sec-WebSocket-Version", "13"}})
            << QStringLiteral("says 426 Sec-WebSocket-Version: 13");
        QTest::newRow("a scope that nobody has")
            << QStringLiteral("a token for a scope that nobody has") << answerOf(400, "{\"error\":\"invalid_scope\"}")
            << QStringLiteral("says 400 invalid_scope");
        QTest::newRow("digits that are kept") << QStringLiteral("the digits of numbers")
                                              << answerOf(200, "{\"data\":[{\"v\":17.20}]}") << QStringLiteral("says kept");
        QTest::newRow("digits that tell nothing")
            << QStringLiteral("the digits of numbers") << answerOf(200, "{\"data\":[{\"v\":17.2}]}")
            << QStringLiteral("unknown none of its newest items has a number that would show it");
        QTest::newRow("keys in an order of their own")
            << QStringLiteral("the order of keys") << answerOf(200, "{\"data\":[{\"v\":1,\"a\":2}]}")
            << QStringLiteral("says kept");
    }
    void anAnswerIsSaidByWhatMattersInIt()
    {
        QFETCH(QString, probe);
        QFETCH(HttpAnswer, answer);
        QTEST(outcome(restrictedSide(), probe.toStdString(), {answer}), "outcome");
    }

    void eachScopeAloneUntilOneDoesNotOpenIt()
    {
        const std::string probe = "a token with another scope";
        const auto token = [](const QByteArray& scope) {
            return Answer(answerOf(200, "{\"access_token\":\"t\",\"scope\":\"" + scope + "\"}"));
        };
        const Answer open = answerOf(200),
                     closed = answerOf(403, {}, {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\""}});
        const Side side = restrictedSide();
        const QString toToken = QStringLiteral("asks POST https://there.example/oauth/token");
        QCOMPARE(outcome(side, probe, {}), toToken);
        QCOMPARE(outcome(side, probe, {token("a:b")}), QStringLiteral("unknown the client has one scope only"));
        QCOMPARE(outcome(side, probe, {token("a:b a:c")}), toToken);
        QCOMPARE(outcome(side, probe, {token("a:b a:c"), token("a:b")}),
                 QStringLiteral("asks GET https://there.example/data/out/x?limit=1"));
        QCOMPARE(outcome(side, probe, {token("a:b a:c"), token("a:b"), open}), toToken);
        QCOMPARE(outcome(side, probe, {token("a:b a:c"), token("a:b"), open, token("a:c"), closed}),
                 QStringLiteral("says 403 Bearer, insufficient_scope"));
        QCOMPARE(outcome(side, probe, {token("a:b a:c"), token("a:b"), open, token("a:c"), open}),
                 QStringLiteral("unknown each scope of the client opens it"));
        QVERIFY(std::get<Question>(probeNamed(probe).turn(side, {})).request.body == "grant_type=client_credentials");
    }

    void aMessageIsComparedWithThePage_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("items");
        QTest::addColumn<QString>("outcome");
        const QByteArray item = "{\"v\":17.20,\"a\":2}";
        QTest::newRow("the same bytes") << item << QByteArray("{\"v\":1,\"a\":1}," + item)
                                        << QStringLiteral("says text, the bytes of the page's item");
        QTest::newRow("other white space") << QByteArray("{ \"v\": 17.20, \"a\": 2 }") << item
                                           << QStringLiteral("says text, the page's item with other white space");
        QTest::newRow("other order") << QByteArray("{\"a\":2,\"v\":17.20}") << item
                                     << QStringLiteral("says text, the page's item with its keys in another order");
        QTest::newRow("rounded digits") << QByteArray("{\"v\":17.2,\"a\":2}") << item
                                        << QStringLiteral("says text, the page's item with its values written in another way");
        QTest::newRow("wrapped") << QByteArray("{\"item\":{\"v\":17.20,\"a\":2}}") << item
                                 << QStringLiteral("says text, something else than the page's items");
        QTest::newRow("an older one") << QByteArray("{\"v\":3,\"a\":2}") << item
                                      << QStringLiteral("unknown what came is not among its newest items");
        QTest::newRow("nothing to compare with")
            << item << QByteArray() << QStringLiteral("unknown its page has no items to compare with");
    }
    void aMessageIsComparedWithThePage()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, items);
        const Answer came = answerOf(101, message, {{"message", "text"}});
        const std::string probe = "a message of the stream";
        QCOMPARE(outcome(publicSide, probe, {}), QStringLiteral("asks GET https://there.example/data/out/x/stream"));
        QTEST(outcome(publicSide, probe, {came, pageWith(items)}), "outcome");
    }

    void numbersThatADoubleWouldChangeAreWitnesses_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("witness");
        QTest::newRow("a zero at the end") << QByteArray("{\"v\":17.20}") << QByteArray("17.20");
        QTest::newRow("more digits than fit") << QByteArray("[12345678901234567890]") << QByteArray("12345678901234567890");
        QTest::newRow("more decimals than fit") << QByteArray("0.12345678901234567890") << QByteArray("0.12345678901234567890");
        QTest::newRow("a plain number") << QByteArray("{\"v\":17.2}") << QByteArray();
        QTest::newRow("a whole number as some write it") << QByteArray("{\"v\":17.0}") << QByteArray();
        QTest::newRow("an exponent can be anything") << QByteArray("{\"v\":1e3}") << QByteArray();
        QTest::newRow("digits in a text") << QByteArray("{\"v 1.20\":\"1.20 \\\" 1.30\"}") << QByteArray();
        QTest::newRow("a negative one") << QByteArray("[-3, -0.50]") << QByteArray("-0.50");
    }
    void numbersThatADoubleWouldChangeAreWitnesses()
    {
        QFETCH(QByteArray, json);
        QTEST(QByteArray::fromStdString(keptNumber(json.toStdString()).value_or("")), "witness");
    }

    void noProbeChangesAnything()
    {
        for (const Probe& probe : probes()) {
            const Turn turn = probe.turn(restrictedSide(), {});
            const auto* question = std::get_if<Question>(&turn);
            QVERIFY2(question, probe.name.data());
            const QByteArray method = question->request.method;
            const bool asksForToken = question->request.url.path() == u"/oauth/token";
            // A POST goes where none is allowed, or asks for a token.
            QVERIFY2(method == "GET" || method == "HEAD" || method == "OPTIONS" || asksForToken ||
                         probe.name == "POST to an endpoint",
                     probe.name.data());
        }
    }

    void noSecretIsShown()
    {
        const Side side = restrictedSide();
        for (const Probe& probe : probes()) {
            const Turn turn = probe.turn(side, {});
            const auto& question = std::get<Question>(turn);
            const Answer echoed = answerOf(200, "{\"you\":\"SENTINELtoken SENTINELsecret\"}");
            for (const Answer& answer : {echoed, Answer(answerOf(200, "{\"access_token\":\"SENTINELother\"}"))}) {
                const Exchange exchange = exchangeOf(side, question, answer);
                QVERIFY2(!QByteArray::fromStdString(exchange.asked + exchange.answered).contains("SENTINEL"),
                         exchange.answered.c_str());
            }
        }
    }

    void findingsAreLinesAndJunit()
    {
        const std::vector<Finding> findings{finding("a", "a"), finding("a<b", "b"),
                                            finding(fail(Problem::Unavailable, "no answer"), "b"),
                                            finding("a", fail(Problem::Unavailable, "too few"))};
        QCOMPARE(
            QString::fromStdString(reportText(findings)),
            QStringLiteral("equal limit=0: a\ndifferent limit=0: there a<b; here b\nunknown limit=0: there no answer; here b\n"
                           "unknown limit=0: there a; here too few\n"));
        const QByteArray xml = QByteArray::fromStdString(junit("http://x/?a&b", findings));
        QVERIFY2(xml.contains("<testsuite name=\"http://x/?a&amp;b\" tests=\"4\" failures=\"1\" skipped=\"2\">"),
                 xml.constData());
        QVERIFY(xml.contains("<failure message=\"different limit=0: there a&lt;b; here b\"/>"));
        QVERIFY(xml.contains("<skipped message=\"no answer\"/>") && xml.contains("<skipped message=\"too few\"/>"));
        QVERIFY(hasDifference(findings));
    }
};

QTEST_GUILESS_MAIN(TestProbes)
#include "tst_probes.moc"
