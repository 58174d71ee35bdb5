#include "core/client/authorized.h"
#include "core/client/text.h"
#include "core/client/tokensource.h"
#include "tests/core/client/fakeserver.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::client;

namespace {

/// A sign-in at a fake server whose tokens are T1, T2, …
struct SignIn {
    FakeServer server;
    FakeClock clock;
    Network network;
    TokenSource tokens{
        network,
        clock,
        {server.url(QStringLiteral("/oauth/token")), QStringLiteral("ops@a.example"), Secret("SENTINEL+key:/"), {}}};
    int given = 0;
    QByteArray more = ",\"expires_in\":3600";

    SignIn()
    {
        server.answer = [this](const FakeRequest&) { return tokenAnswer("T" + QByteArray::number(++given), more); };
    }

    Expected<Token> token()
    {
        std::optional<Expected<Token>> result;
        QObject context;
        tokens.token(&context, [&](Expected<Token> token) { result = std::move(token); });
        [&] { QTRY_VERIFY(result); }();
        return result ? std::move(*result) : Expected<Token>(fail(Problem::Internal, "no reply"));
    }
};

HttpAnswer answered(const QByteArray& body, const QByteArray& type = "application/json")
{
    return {200, "OK", {{"Content-Type", type}}, body, {}};
}

} // namespace

class TestTokenSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSecretGoesIntoTheBasicHeaderFormEncoded()
    {
        SignIn in;
        QVERIFY(in.token());
        const FakeRequest request = in.server.requests.constFirst();
        QCOMPARE(request.method, QByteArray("POST"));
        QCOMPARE(request.body, QByteArray("grant_type=client_credentials"));
        QCOMPARE(QByteArray::fromBase64(request.header("Authorization").mid(6)),
                 QByteArray("ops%40a.example:SENTINEL%2Bkey%3A%2F"));
    }

    void aTokenIsKeptUntilShortlyBeforeItExpires()
    {
        SignIn in;
        QCOMPARE(in.token()->text, Secret("T1"));
        in.clock.advance(3539);
        QCOMPARE(in.token()->text, Secret("T1"));
        in.clock.advance(1);
        QCOMPARE(in.token()->text, Secret("T2"));
    }

    void aShortTokenIsRenewedAfterFourFifthsOfItsLife()
    {
        SignIn in;
        in.more = ",\"expires_in\":50";
        QCOMPARE(in.token()->text, Secret("T1"));
        in.clock.advance(39);
        QCOMPARE(in.token()->text, Secret("T1"));
        in.clock.advance(1);
        QCOMPARE(in.token()->text, Secret("T2"));
    }

    void oneRequestServesAllWhoWait()
    {
        SignIn in;
        QObject context;
        int served = 0;
        for (int i = 0; i < 10; ++i)
            in.tokens.token(&context,
                            [&](const Expected<Token>& token) { served += token && token->text == Secret("T1") ? 1 : 0; });
        QCOMPARE(served, 0); // never before the call has returned
        QTRY_COMPARE(served, 10);
        in.tokens.token(&context, [&](const Expected<Token>& token) { served += token ? 1 : 0; });
        QCOMPARE(served, 10);
        QTRY_COMPARE(served, 11);
        QCOMPARE(in.server.requests.size(), 1);
    }

    void aRejectedTokenIsReplacedOnce()
    {
        SignIn in;
        const Token first = *in.token();
        QObject context;
        int served = 0;
        for (int i = 0; i < 3; ++i)
            in.tokens.renewed(first, &context,
                              [&](const Expected<Token>& token) { served += token && token->text == Secret("T2") ? 1 : 0; });
        QTRY_COMPARE(served, 3);
        in.tokens.renewed(first, &context,
                          [&](const Expected<Token>& token) { served += token && token->text == Secret("T2") ? 1 : 0; });
        QTRY_COMPARE(served, 4);
        QCOMPARE(in.given, 2);
    }

    void viewAsAsksForALowerRole()
    {
        SignIn in;
        QCOMPARE(in.token()->text, Secret("T1"));
        in.tokens.setRole(Role::Viewer);
        QVERIFY(!in.tokens.expiresAt());
        QCOMPARE(in.token()->text, Secret("T2"));
        QCOMPARE(in.server.requests.last().body, QByteArray("grant_type=client_credentials&role=viewer"));
    }

    void whoWaitsDuringAChangeOfRoleGetsTheNewRole()
    {
        SignIn in;
        QObject context;
        Secret got;
        in.tokens.token(&context, [&](const Expected<Token>& token) { got = token ? token->text : Secret(); });
        in.tokens.setRole(Role::Viewer);
        QTRY_VERIFY(!got.isEmpty());
        QVERIFY(in.server.requests.last().body.endsWith("role=viewer"));
    }

    void refusedCredentialsAreNotTriedAgainByThemselves_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("as RFC 6749 asks with a header") << 401;
        QTest::newRow("as RFC 6749 allows without") << 400;
    }
    void refusedCredentialsAreNotTriedAgainByThemselves()
    {
        QFETCH(int, status);
        SignIn in;
        in.server.answer = [&](const FakeRequest&) {
            return FakeAnswer{status, "{\"error\":\"invalid_client\"}", "application/json", "WWW-Authenticate: Basic\r\n", false,
                              {}};
        };
        for (int i = 0; i < 3; ++i) {
            const auto token = in.token();
            QVERIFY(!token);
            QCOMPARE(token.error().kind, Problem::Unauthorized);
        }
        QCOMPARE(in.server.requests.size(), 1);
        QVERIFY(in.tokens.refused());
        in.tokens.tryAgain();
        QVERIFY(!in.token());
        QCOMPARE(in.server.requests.size(), 2);
    }

    void aRefusalNamesWhatWasTyped_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("said");
        QTest::newRow("a client") << "grafana"
                                  << "The server does not accept this id and secret: ";
        QTest::newRow("a member") << "ada@plant.example"
                                  << "The server does not accept this e-mail address and access key: ";
    }
    void aRefusalNamesWhatWasTyped()
    {
        QFETCH(QString, id);
        QFETCH(QString, said);
        SignIn in;
        in.tokens.setCredentials({in.server.url(QStringLiteral("/oauth/token")), id, Secret("wrong"), {}});
        in.server.answer = [](const FakeRequest&) {
            return FakeAnswer{401, "{\"error\":\"invalid_client\"}", "application/json", {}, false, {}};
        };
        const auto token = in.token();
        QVERIFY(!token);
        QVERIFY2(QString::fromStdString(token.error().detail).startsWith(said), token.error().detail.c_str());
    }

    void aFailedRenewalLeavesTheOldTokenWhileItIsGood()
    {
        SignIn in;
        QVERIFY(in.token());
        in.server.answer = [](const FakeRequest&) { return FakeAnswer{503, "{}", "application/json", {}, false, {}}; };
        in.clock.advance(3550);
        QCOMPARE(in.token()->text, Secret("T1"));
        in.clock.advance(50);
        const auto token = in.token();
        QVERIFY(!token);
        QCOMPARE(token.error().kind, Problem::Unavailable);
    }

    void tooManyFailuresSayHowLongToWait()
    {
        SignIn in;
        in.server.answer = [](const FakeRequest&) {
            return FakeAnswer{429, "{}", "application/json", "Retry-After: 8\r\n", false, {}};
        };
        QCOMPARE(in.token().error().retryAfter, 8);
    }

    void oddAnswersAreReadSensibly_data() // client-6
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<qint64>("seconds"); // 0: refused
        const auto row = [](const char* name, const char* body, qint64 seconds) {
            QTest::newRow(name) << QByteArray(body) << seconds;
        };
        row("as the RFC has it", R"({"access_token":"T","token_type":"Bearer","expires_in":3600})", 3600);
        row("no lifetime", R"({"access_token":"T","token_type":"Bearer"})", 300);
        row("lifetime as text", R"({"access_token":"T","token_type":"Bearer","expires_in":"3600"})", 3600);
        row("lifetime with decimals", R"({"access_token":"T","token_type":"Bearer","expires_in":59.9})", 59);
        row("lifetime that is none", R"({"access_token":"T","token_type":"Bearer","expires_in":"soon"})", 300);
        row("negative lifetime", R"({"access_token":"T","token_type":"Bearer","expires_in":-5})", 300);
        row("endless lifetime", R"({"access_token":"T","token_type":"Bearer","expires_in":1e300})", 365 * 86400);
        row("null lifetime", R"({"access_token":"T","token_type":"Bearer","expires_in":null})", 300);
        row("type in lower case", R"({"access_token":"T","token_type":"bearer","expires_in":60})", 60);
        row("type in upper case", R"({"access_token":"T","token_type":"BEARER","expires_in":60})", 60);
        row("no type", R"({"access_token":"T","expires_in":60})", 60);
        row("another type", R"({"access_token":"T","token_type":"mac","expires_in":60})", 0);
        row("type that is no text", R"({"access_token":"T","token_type":1,"expires_in":60})", 0);
        row("no token", R"({"token_type":"Bearer","expires_in":60})", 0);
        row("empty token", R"({"access_token":"","token_type":"Bearer"})", 0);
        row("token with a line break", R"({"access_token":"T\r\nX-Evil: 1","token_type":"Bearer"})", 0);
        row("token that is a number", R"({"access_token":5,"token_type":"Bearer"})", 0);
        row("a list", "[]", 0);
        row("nothing", "", 0);
    }
    void oddAnswersAreReadSensibly()
    {
        QFETCH(QByteArray, body);
        QFETCH(qint64, seconds);
        const auto token = tokenFrom(answered(body), Timestamp{1'000'000});
        QCOMPARE(token.has_value(), seconds > 0);
        if (token)
            QCOMPARE((token->expiresAt.us - token->issuedAt.us) / 1'000'000, seconds);
        else
            QCOMPARE(token.error().kind, Problem::Internal);
    }

    void aWebPageInsteadOfATokenIsSaidSo() // client-6
    {
        const auto token = tokenFrom(answered("<html>Sign in</html>", "text/html"), {});
        QVERIFY(!token);
        QVERIFY2(token.error().detail.find("text/html") != std::string::npos, token.error().detail.c_str());
    }

    void aRefusedTokenGetsOneRenewalAndOneMoreTry()
    {
        SignIn in;
        in.server.answer = [&](const FakeRequest& request) {
            if (request.path() == "/oauth/token")
                return tokenAnswer("T" + QByteArray::number(++in.given));
            return FakeAnswer{401, "{}", "application/json", "WWW-Authenticate: Bearer\r\n", false, {}};
        };
        Authorized http(in.network, &in.tokens);
        std::optional<Expected<HttpAnswer>> result;
        http.send({"GET", in.server.url(QStringLiteral("/api/me")), {}, {}}, this,
                  [&](Expected<HttpAnswer> answer) { result = std::move(answer); });
        QTRY_VERIFY(result);
        QVERIFY(*result);
        QCOMPARE((*result)->status, 401);
        QCOMPARE(in.server.count("/api/me"), 2);
        QCOMPARE(in.given, 2);
        QCOMPARE(in.server.requests.last().header("Authorization"), QByteArray("Bearer T2"));
    }

    void cancellingWhileTheTokenIsFetchedSendsNothing()
    {
        SignIn in;
        Authorized http(in.network, &in.tokens);
        Call call =
            http.send({"GET", in.server.url(QStringLiteral("/api/me")), {}, {}}, this, [](const auto&) { QFAIL("answered"); });
        call.cancel();
        QVERIFY(in.token());
        QCOMPARE(in.server.count("/api/me"), 0);
    }

    void neitherSecretNorTokenIsPrintedOrShown() // secrets-1
    {
        const Printed printed;
        SignIn in;
        // A server that echoes all it gets, in every answer.
        in.server.answer = [&](const FakeRequest& request) {
            const QByteArray echo = request.header("Authorization") + " SENTINEL+key:/ SENTINELtoken";
            if (request.path() == "/oauth/token" && in.given++ == 0)
                return tokenAnswer("SENTINELtoken");
            return FakeAnswer{401, "{\"detail\":\"" + echo + "\"}", "application/json", {}, false, {}};
        };
        Authorized http(in.network, &in.tokens);
        std::optional<Expected<HttpAnswer>> first;
        http.send({"GET", in.server.url(QStringLiteral("/api/me")), {}, {}}, this,
                  [&](Expected<HttpAnswer> answer) { first = std::move(answer); });
        QTRY_VERIFY(first);
        QVERIFY(!*first); // the renewal was refused
        QVERIFY2(first->error().detail.find("SENTINEL+key") == std::string::npos, first->error().detail.c_str());
        QVERIFY2(first->error().detail.find("Basic b3Bz") == std::string::npos, first->error().detail.c_str());

        in.tokens.tryAgain();
        in.server.answer = [&](const FakeRequest& request) {
            return request.path() == "/oauth/token"
                       ? tokenAnswer("SENTINELtoken")
                       : FakeAnswer{
                             403, "{\"detail\":\"no " + request.header("Authorization") + "\"}", "application/json", {}, false,
                             {}};
        };
        std::optional<Expected<HttpAnswer>> second;
        http.send({"GET", in.server.url(QStringLiteral("/api/me")), {}, {}}, this,
                  [&](Expected<HttpAnswer> answer) { second = std::move(answer); });
        QTRY_VERIFY(second);
        QVERIFY(*second);
        QVERIFY2(!(*second)->body.contains("SENTINEL"), (*second)->body.constData());
        qDebug() << Secret("SENTINEL");
        QVERIFY(Printed::text().contains(u"(secret)"));
        QVERIFY2(!Printed::text().contains(u"SENTINEL"), qPrintable(Printed::text()));
    }
};

QTEST_GUILESS_MAIN(TestTokenSource)
#include "tst_tokensource.moc"
