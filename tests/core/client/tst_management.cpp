#include "core/client/management.h"
#include "core/client/text.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

EndpointView endpointView(const std::string& id)
{
    EndpointView view;
    view.endpoint.id = {id};
    view.endpoint.output = {"o1"};
    view.outputName = {"weather"};
    return view;
}

FakeAnswer json(int status, const std::string& body, const QByteArray& headers = {})
{
    return {status, toBytes(body), "application/json", headers, false, {}};
}

/// A signed-in management of a fake server, whose answers below /api come from `api`.
struct Desk {
    FakeServer server;
    FakeClock clock;
    Network network;
    TokenSource tokens{
        network, clock, {server.url(QStringLiteral("/oauth/token")), QStringLiteral("id"), Secret("SENTINEL"), {}}};
    Management management{network, tokens, clock, server.url()};
    std::function<FakeAnswer(const FakeRequest&)> api;
    int given = 0;

    Desk()
    {
        server.answer = [this](const FakeRequest& request) {
            return request.path() == "/oauth/token" ? tokenAnswer("SENTINELtoken" + QByteArray::number(++given)) : api(request);
        };
    }
    const FakeRequest& last() const { return server.requests.constLast(); }
};

/// Waits for the reply of a call: `wait<T>([&](auto reply) { management.call(…, reply); })`.
template <class T, class Start>
Expected<T> wait(Start start)
{
    std::optional<Expected<T>> result;
    start(Reply<T>([&](Expected<T> got) { result = std::move(got); }));
    [&] { QTRY_VERIFY(result); }();
    return result ? std::move(*result) : Expected<T>(fail(Problem::Internal, "no reply"));
}

} // namespace

class TestManagement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aListIsReadToItsEnd()
    {
        Desk desk;
        desk.api = [&](const FakeRequest& request) {
            const bool isFirst = request.parameter(QStringLiteral("page")).isEmpty();
            Json body = listJson(std::vector{endpointView(isFirst ? "a" : "b")});
            if (isFirst)
                body["next_page"] = fromQt(desk.server.url(QStringLiteral("/api/endpoints")).toString()) + "?page=2";
            return json(200, jsonText(body));
        };
        const auto list = wait<std::vector<EndpointView>>([&](auto reply) { desk.management.endpoints(this, reply); });
        QVERIFY2(list, list ? "" : list.error().detail.c_str());
        QCOMPARE(list->size(), std::size_t(2));
        QCOMPARE((*list)[1].endpoint.id.text, std::string("b"));
        QCOMPARE(desk.last().header("Authorization"), QByteArray("Bearer SENTINELtoken1"));
    }

    void aListThatLeadsElsewhereOrInCirclesStops_data() // client-1, client-5
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<int>("requests");
        QTest::newRow("another port") << QStringLiteral("http://127.0.0.1:%2/api/endpoints?page=2") << 1;
        QTest::newRow("another resource") << QStringLiteral("http://127.0.0.1:%1/api/audit?page=2") << 1;
        QTest::newRow("itself") << QStringLiteral("http://127.0.0.1:%1/api/endpoints?page=2") << 2;
    }
    void aListThatLeadsElsewhereOrInCirclesStops()
    {
        QFETCH(QString, link);
        QFETCH(int, requests);
        FakeServer elsewhere;
        Desk desk;
        desk.api = [&](const FakeRequest&) {
            Json body = listJson(std::vector{endpointView("a")});
            body["next_page"] = fromQt(link.replace(QStringLiteral("%1"), QString::number(desk.server.url().port()))
                                           .replace(QStringLiteral("%2"), QString::number(elsewhere.url().port())));
            return json(200, jsonText(body));
        };
        QVERIFY(!(wait<std::vector<EndpointView>>([&](auto reply) { desk.management.endpoints(this, reply); })));
        QCOMPARE(desk.server.count("/api/endpoints"), requests);
        QCOMPARE(desk.server.count("/api/audit"), 0);
        QCOMPARE(elsewhere.requests.size(), 0);
    }

    void linksUnderTheBaseUrlAreReadHere()
    {
        Desk desk;
        QVERIFY(!desk.management.nextPath("audit", "https://gw.example/api/audit?page=2"));
        desk.management.setPublicUrl(QUrl(QStringLiteral("https://gw.example")));
        QCOMPARE(*desk.management.nextPath("audit", "https://gw.example/api/audit?page=2"), std::string("audit?page=2"));
        QCOMPARE(*desk.management.nextPath("audit?limit=5", "https://gw.example/api/audit?page=3"), std::string("audit?page=3"));
    }

    void anEndpointIsCreatedChangedAndDeleted()
    {
        Desk desk;
        desk.api = [](const FakeRequest& request) {
            return request.method == "DELETE" ? FakeAnswer{204, {}, "text/plain", {}, false, {}}
                                              : json(request.method == "POST" ? 201 : 200, jsonText(toJson(endpointView("e1"))));
        };
        const auto created = wait<EndpointView>([&](auto reply) {
            desk.management.createEndpoint({"weather", ScopeName{"a:b"}, {}, true}, this, reply);
        });
        QVERIFY(created);
        QCOMPARE(desk.last().method, QByteArray("POST"));
        QCOMPARE(desk.last().target, QByteArray("/api/endpoints"));
        QCOMPARE(desk.last().header("Content-Type"), QByteArray("application/json"));
        QVERIFY(endpointDraftFrom(*parseJson(view(desk.last().body))));

        EndpointPatch patch;
        patch.enabled = false;
        QVERIFY(wait<EndpointView>([&](auto reply) { desk.management.changeEndpoint({"e1"}, patch, "\"v1\"", this, reply); }));
        QCOMPARE(desk.last().method, QByteArray("PATCH"));
        QCOMPARE(desk.last().header("If-Match"), QByteArray("\"v1\""));
        QCOMPARE(desk.last().body, QByteArray("{\"enabled\":false}"));

        QVERIFY(wait<void>([&](auto reply) { desk.management.deleteEndpoint({"e1"}, this, reply); }));
        QCOMPARE(desk.last().target, QByteArray("/api/endpoints/e1"));
    }

    void corsIsSavedAgainstTheVersionThatWasRead()
    {
        Desk desk;
        desk.api = [](const FakeRequest& request) {
            if (request.method == "PUT" && request.header("If-Match") != "\"v1\"")
                return json(412, R"j({"detail":"Somebody else changed it."})j");
            return json(
                200,
                request.method == "PUT"
                    ? R"j({"origins":["https://a.example"],"repairs":[{"given":"https://a.example/","stored":"https://a.example"}]})j"
                    : R"j({"origins":[]})j",
                "ETag: \"v1\"\r\n");
        };
        const auto read = wait<Tagged<CorsView>>([&](auto reply) { desk.management.cors(this, reply); });
        QVERIFY(read);
        QCOMPARE(read->etag, std::string("\"v1\""));
        const auto saved = wait<Tagged<CorsView>>(
            [&](auto reply) { desk.management.saveCors({"https://a.example/"}, read->etag, this, reply); });
        QVERIFY2(saved, saved ? "" : saved.error().detail.c_str());
        QCOMPARE(saved->value.repairs.size(), std::size_t(1));
        QCOMPARE(desk.last().body, QByteArray("{\"origins\":[\"https://a.example/\"]}"));
        const auto late = wait<Tagged<CorsView>>([&](auto reply) { desk.management.saveCors({}, "\"v0\"", this, reply); });
        QVERIFY(!late);
        QCOMPARE(late.error().kind, Problem::PreconditionFailed);
        QCOMPARE(late.error().detail, std::string("Somebody else changed it."));
    }

    void aRulesTryKeepsEveryDigit()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) {
            return json(200, "{\"passes\":true,\"item\":{\"b\":12345678901234567890.10, \"a\":1.0},\"error\":null}");
        };
        const auto outcome = wait<RuleOutcome>([&](auto reply) {
            desk.management.testRule({"$", "", " {\"n\":12345678901234567890.10} ", Timestamp{1'500'000}, "s"}, this, reply);
        });
        QVERIFY(outcome);
        QVERIFY(outcome->passes && !outcome->error);
        QCOMPARE(outcome->item, std::string("{\"b\":12345678901234567890.10, \"a\":1.0}"));
        QCOMPARE(desk.last().body,
                 QByteArray(
                     "{\"rule\":\"$\",\"filter\":null,\"source\":\"s\",\"ts\":1.5,\"payload\":{\"n\":12345678901234567890.10}}"));
    }

    void aRulesErrorsHaveTheirColumn()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) {
            return json(200, "{\"passes\":true,\"item\":null,\"error\":{\"detail\":\"division by zero\",\"column\":9}}");
        };
        const auto failed = wait<RuleOutcome>([&](auto reply) {
            desk.management.testRule({"1/0", "", "{}", {}, "s"}, this, reply);
        });
        QVERIFY(failed && failed->error && failed->item.empty());
        QCOMPARE(failed->error->column, 9);
        desk.api = [](const FakeRequest&) { return json(400, "{\"detail\":\"expected “)”\",\"field\":\"rule\",\"column\":3}"); };
        const auto refused = wait<RuleOutcome>([&](auto reply) {
            desk.management.testRule({"(1", "", "{}", {}, "s"}, this, reply);
        });
        QVERIFY(!refused);
        QCOMPARE(refused.error().field, std::string("rule"));
        QCOMPARE(refused.error().column, 3);
        const auto before = desk.server.requests.size();
        const auto unreadable = wait<RuleOutcome>([&](auto reply) {
            desk.management.testRule({"$", "", "{", {}, "s"}, this, reply);
        });
        QVERIFY(!unreadable);
        QCOMPARE(unreadable.error().field, std::string("payload"));
        QCOMPARE(desk.server.requests.size(), before);
    }

    void anAnswerOutsideTheContractIsSaidSo_data() // client-6
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("a web page") << QByteArray("<html>") << QByteArray("text/html");
        QTest::newRow("broken JSON") << QByteArray("{\"email\":") << QByteArray("application/json");
        QTest::newRow("another resource") << QByteArray("{\"origins\":[]}") << QByteArray("application/json");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("application/json");
        QTest::newRow("nothing") << QByteArray() << QByteArray("application/json");
    }
    void anAnswerOutsideTheContractIsSaidSo()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        Desk desk;
        desk.api = [&](const FakeRequest&) { return FakeAnswer{200, body, type, {}, false, {}}; };
        const auto me = wait<Me>([&](auto reply) { desk.management.me(this, reply); });
        QVERIFY(!me);
        QCOMPARE(me.error().kind, Problem::Internal);
    }

    void anAnswerBeyondFourMegabytesIsRefused()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) { return json(200, std::string((4 << 20) + 1, ' ')); };
        const auto me = wait<Me>([&](auto reply) { desk.management.me(this, reply); });
        QVERIFY(!me);
        QCOMPARE(me.error().kind, Problem::TooLarge);
    }

    void aMintedTokenIsASecretWithItsEnd()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) { return tokenAnswer("minted", ",\"expires_in\":60"); };
        const auto token = wait<MintedToken>([&](auto reply) { desk.management.mintToken({"c1"}, this, reply); });
        QVERIFY(token);
        QCOMPARE(token->text, Secret("minted"));
        QCOMPARE(token->expiresAt.us, desk.clock.time.us + 60'000'000);
        QCOMPARE(desk.last().target, QByteArray("/api/clients/c1/token"));
    }

    void scopesAreNamedInTheirPath()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) { return json(409, "{\"detail\":\"In use by “weather”.\"}"); };
        const auto gone = wait<void>([&](auto reply) { desk.management.deleteScope({"sensor:read"}, this, reply); });
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, Problem::Conflict);
        QCOMPARE(QUrl::fromPercentEncoding(desk.last().target), QStringLiteral("/api/scopes/sensor:read"));
    }

    void nothingIsCalledOnceTheManagementIsGone()
    {
        Desk desk;
        desk.api = [](const FakeRequest&) { return json(404, "{}"); };
        bool answered = false;
        auto management = std::make_unique<Management>(desk.network, desk.tokens, desk.clock, desk.server.url());
        management->me(this, [&](const auto&) { answered = true; });
        management.reset();
        QVERIFY(!wait<Me>([&](auto reply) { desk.management.me(this, reply); }));
        QVERIFY(!answered);
    }
};

QTEST_GUILESS_MAIN(TestManagement)
#include "tst_management.moc"
