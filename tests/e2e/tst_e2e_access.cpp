// Who may come in, and for how long: tokens, keys, pages of other origins; and what nobody else gets to see of it.
#include "tests/e2e/apiclient.h"
#include "tests/e2e/serverprocess.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/QtTest>

#include <memory>

using namespace iotman::test;

namespace {

const QByteArray goneMember = R"({"email":"gone@example.com","role":"viewer"})";

QJsonArray dataOf(const HttpAnswer& answer)
{
    return object(answer.body).value(u"data").toArray();
}

} // namespace

class TestAccess : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerProcess> server_;
    std::unique_ptr<ApiClient> client_;

private Q_SLOTS:
    void initTestCase()
    {
        server_ = std::make_unique<ServerProcess>(QStringList{QStringLiteral("--ephemeral")});
        QVERIFY2(server_->waitUntilReady(), server_->errors().constData());
        client_ = std::make_unique<ApiClient>(server_->port(), server_->adminKey());
        QVERIFY(client_->makeEndpoint("ops"));
    }
    void cleanupTestCase() { QVERIFY(server_->terminate()); }

    void whoIsNoMemberAnyLongerHearsNoMoreOfTheActivity()
    {
        const QJsonObject member = object(client_->api("POST", "members", goneMember).body);
        const QByteArray token = client_->tokenOf("gone@example.com", member.value(u"key").toString().toUtf8());
        QVERIFY(!token.isEmpty());
        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        QCOMPARE(client_->api("DELETE", "members/" + member.value(u"id").toString().toUtf8()).status, 204);
        QVERIFY(events.waitForClose());
    }

    void afterARotationBothKeysArePublishedAndOldTokensWork()
    {
        const auto keys = [&] { return object(client_->get("/.well-known/jwks.json").body).value(u"keys").toArray(); };
        QCOMPARE(keys().size(), 1);
        const HttpAnswer rotated = client_->api("POST", "keys/rotate");
        QCOMPARE(rotated.status, 200);
        QCOMPARE(keys().size(), 2);
        QCOMPARE(keys().first()[u"kid"].toString(), object(rotated.body).value(u"kid").toString());
        QCOMPARE(client_->api("GET", "me").status, 200);
        QVERIFY(!dataOf(client_->api("GET", "audit?limit=1")).isEmpty());
    }

    /// Who signs in with this name would be the desktop's owner, or not, by where the folder is served.
    void theDesktopsOwnNameIsNoMembers()
    {
        const HttpAnswer refused = client_->api("POST", "members", "{\"email\":\"Owner@localhost\",\"role\":\"viewer\"}");
        QCOMPARE(refused.status, 409);
        QCOMPARE(object(refused.body)[u"field"].toString(), QStringLiteral("email"));
    }

    void aRenewedKeyEndsWhatWasGotWithTheOldOne()
    {
        const QJsonObject made = object(client_->api("POST", "members", "{\"email\":\"eve@example.com\",\"role\":\"editor\"}").body);
        const QByteArray id = made[u"id"].toString().toUtf8();
        const QByteArray old = client_->tokenOf("eve@example.com", made[u"key"].toString().toUtf8());
        QCOMPARE(client_->api("GET", "me", {}, old).status, 200);
        RawConnection events(server_->port());
        events.send("GET /api/activity/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + old + "\r\n\r\n");
        QVERIFY(events.waitFor("text/event-stream"));
        const QJsonObject renewed = object(client_->api("POST", "members/" + id + "/key").body);
        QVERIFY(events.waitForClose());
        const HttpAnswer refused = client_->api("GET", "me", {}, old);
        QCOMPARE(refused.status, 401);
        QVERIFY2(refused.body.contains("the member's key was renewed"), refused.body.constData());
        const QByteArray fresh = client_->tokenOf("eve@example.com", renewed[u"key"].toString().toUtf8());
        QCOMPARE(client_->api("GET", "me", {}, fresh).status, 200);
        const QByteArray given = object(client_->api("POST", "members/" + id + "/token").body)[u"access_token"].toString().toUtf8();
        QCOMPARE(client_->api("GET", "me", {}, given).status, 200);
        QCOMPARE(client_->api("DELETE", "members/" + id).status, 204);
        QCOMPARE(client_->api("GET", "me", {}, fresh).status, 401);
    }

    /// No page can read what it answers, but each could use up the tries of everybody on its machine.
    void pagesOfOtherOriginsAskForNoTokensWhateverIsAllowedToRead()
    {
        for (const char* origins : {"{\"origins\":[\"https://dash.example\"]}", "{\"origins\":[\"*\"]}"}) {
            QCOMPARE(client_->api("PUT", "cors", origins).status, 200);
            const QByteArray form = "grant_type=client_credentials&client_id=x&client_secret=y";
            QCOMPARE(request(server_->port(), "POST", "/oauth/token", {"Origin: https://dash.example", "Content-Type: text/plain"}, form).status, 403);
        }
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[]}").status, 200);
    }

    void whateverRefusesATokenIsAnsweredAsOAuthSays_data()
    {
        QTest::addColumn<QList<QByteArray>>("headers");
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<int>("status");
        const QByteArray form = "grant_type=client_credentials&client_id=x&client_secret=y";
        const QByteArray plain = "Content-Type: application/x-www-form-urlencoded";
        QTest::newRow("a page of another origin") << QList<QByteArray>{plain, "Origin: https://dash.example"} << form << 403;
        QTest::newRow("a body that is too large") << QList<QByteArray>{plain} << form + "&x=" + QByteArray(20'000, 'x') << 413;
        QTest::newRow("a compressed body") << QList<QByteArray>{plain, "Content-Encoding: gzip"} << form << 415;
        QTest::newRow("no client of that name") << QList<QByteArray>{plain} << form << 401;
    }
    void whateverRefusesATokenIsAnsweredAsOAuthSays()
    {
        QFETCH(QList<QByteArray>, headers);
        QFETCH(QByteArray, form);
        QFETCH(int, status);
        const auto answer = request(server_->port(), "POST", "/oauth/token", headers, form);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(answer.headers.value("cache-control"), QByteArray("no-store"));
        QVERIFY(!object(answer.body)[u"error"].toString().isEmpty());
        QVERIFY(!object(answer.body)[u"error_description"].toString().isEmpty());
    }

    /// People write passwords where none belongs; every member reads the list.
    void whatARefusalRepeatsIsNoSecret()
    {
        QCOMPARE(client_->api("PUT", "cors", "{\"origins\":[\"https://u:SENTINELp4ss@a.example\"]}").status, 400);
        QCOMPARE(client_->api("PUT", "workspace/file", "{\"iotman\":1,\"clients\":[{\"id\":\"g\",\"name\":\"G\",\"scopes\":[],\"secret\":\"SENTINELplain\"}]}").status, 400);
        QCOMPARE(client_->get("/data/out/ops?limit=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.SENTINELsignature").status, 400);
        const HttpAnswer listed = client_->api("GET", "activity?limit=100");
        QCOMPARE(listed.status, 200);
        const QByteArray activity = listed.body;
        for (const char* refused : {"/api/cors", "/api/workspace/file", "/data/out/ops"})
            QVERIFY2(activity.contains(refused), refused);
        QVERIFY2(!activity.contains("SENTINEL"), activity.mid(activity.indexOf("SENTINEL") - 200, 300).constData());
    }
};

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_e2e_access.moc"
