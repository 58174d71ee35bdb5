#include "tests/ui/pages/fakeworkspace.h"
#include "ui/pages/session.h"

#include <QtTest/QtTest>

using namespace iotman;
using namespace iotman::ui;

namespace {

/// A session that is signed in at a small workspace.
struct Connected {
    FakeWorkspace workspace;
    client::FakeClock clock;
    client::FakeRandom random{255};
    std::unique_ptr<Session> session;

    explicit Connected(Role own = Role::Admin)
    {
        workspace.own = own;
        workspace.addOutput("weather", "{ at: $ts }", 3);
        workspace.addEndpoint("weather", "weather");
        session = std::make_unique<Session>(workspace.connection(), clock, random);
    }

    bool start()
    {
        session->start();
        return QTest::qWaitFor([this] { return session->isLoaded(); });
    }
};

} // namespace

class TestSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStartBringsEverythingAtOnce()
    {
        Connected in;
        in.workspace.cors.any = true;
        QVERIFY(!in.session->permit(Action::Read).allowed);
        QVERIFY(in.start());
        QCOMPARE(in.session->state().phase, Phase::Running);
        QCOMPARE(in.session->workspaceName(), QStringLiteral("Demo weather"));
        QCOMPARE(in.session->endpoints().size(), 1U);
        QCOMPARE(in.session->outputs().size(), 1U);
        QVERIFY(in.session->cors()->value.origins.any);
        QCOMPARE(in.workspace.server.count("/oauth/token"), 1);
    }

    void whatIsAllowedFollowsTheRole_data()
    {
        QTest::addColumn<Role>("role");
        QTest::addColumn<QString>("endpoints");
        QTest::addColumn<QString>("scopes");
        const QString editor = QStringLiteral("Requires Editor or Admin role.");
        const QString admin = QStringLiteral("Requires Admin role.");
        QTest::newRow("viewer") << Role::Viewer << editor << admin;
        QTest::newRow("editor") << Role::Editor << QString() << admin;
        QTest::newRow("admin") << Role::Admin << QString() << QString();
    }
    void whatIsAllowedFollowsTheRole()
    {
        QFETCH(Role, role);
        Connected in(role);
        QVERIFY(in.start());
        QTEST(in.session->permit(Action::WriteEndpoints).reason, "endpoints");
        QTEST(in.session->permit(Action::WriteScopes).reason, "scopes");
    }

    void viewAsSignsInWithALowerRole()
    {
        Connected in;
        QVERIFY(in.start());
        QSignalSpy roles(in.session.get(), &Session::roleChanged);
        in.session->viewAs(Role::Viewer);
        QVERIFY(!in.session->permit(Action::WriteCors).allowed); // at once, before the server has said so
        QTRY_VERIFY(in.workspace.server.requests.constLast().header("Authorization").endsWith("viewer"));
        QCOMPARE(in.session->ownRole(), Role::Admin);
        in.session->viewAs(Role::Admin);
        QTRY_VERIFY(in.session->permit(Action::WriteCors).allowed);
        QCOMPARE(roles.count(), 2);
    }

    void nobodyViewsAsMoreThanTheyAre()
    {
        Connected in(Role::Editor);
        QVERIFY(in.start());
        in.session->viewAs(Role::Admin);
        QCOMPARE(in.session->role(), Role::Editor);
    }

    void aRoleThatWasLoweredElsewhereCountsFromTheNextAnswer()
    {
        Connected in;
        QVERIFY(in.start());
        in.workspace.own = Role::Viewer;
        in.clock.advance(3600); // the next token is made with the new role
        in.session->refresh();
        QTRY_COMPARE(in.session->role(), std::optional(Role::Viewer));
        QCOMPARE(in.session->ownRole(), std::optional(Role::Viewer));
    }

    void aServerThatIsGoneIsOfflineAndComesBack()
    {
        Connected in;
        QVERIFY(in.start());
        in.workspace.down = true;
        in.session->refresh();
        QTRY_COMPARE(in.session->state().phase, Phase::Offline);
        QCOMPARE(in.session->state().since, std::optional(in.clock.now()));
        QVERIFY(!in.session->permit(Action::WriteEndpoints).allowed);
        QCOMPARE(in.session->endpoints().size(), 1U); // what was there stays readable
        in.workspace.down = false;
        in.session->refresh();
        QTRY_COMPARE(in.session->state().phase, Phase::Running);
    }

    void aRefusedKeyIsNotTriedAgainByItself()
    {
        Connected in;
        in.workspace.server.answer = [](const client::FakeRequest&) {
            return client::FakeAnswer{401, "{\"error\":\"invalid_client\"}", "application/json", {}, false, {}};
        };
        in.session->setWatched(true);
        in.session->start();
        QTRY_COMPARE(in.session->state().phase, Phase::SignInNeeded);
        in.session->setWatched(false);
        in.session->setWatched(true);
        QTest::qWait(50);
        QCOMPARE(in.workspace.server.count("/oauth/token"), 1);
        in.session->refresh();
        QTRY_COMPARE(in.workspace.server.count("/oauth/token"), 2);
    }

    void listsAreRepeatedWhileSomebodyLooks()
    {
        Connected in;
        in.session->setWatched(true);
        QVERIFY(in.start());
        in.workspace.addEndpoint("weather", "second");
        QTRY_COMPARE_WITH_TIMEOUT(in.session->endpoints().size(), 2U, 10'000);
    }

    void aChangeIsInTheListsAtOnce()
    {
        Connected in;
        QVERIFY(in.start());
        std::optional<Expected<void>> done;
        in.session->deleteEndpoint(EndpointId{"weather"}, this, [&](Expected<void> result) { done = std::move(result); });
        QTRY_VERIFY(done);
        QVERIFY(*done);
        QVERIFY(in.session->endpoints().empty());
    }

    void aRefusalOfTheServerIsHandedOn()
    {
        Connected in(Role::Viewer);
        QVERIFY(in.start());
        std::optional<Expected<void>> done;
        in.session->deleteEndpoint(EndpointId{"weather"}, this, [&](Expected<void> result) { done = std::move(result); });
        QTRY_VERIFY(done);
        QCOMPARE(done->error().detail, std::string(requirement(Action::WriteEndpoints)));
        QCOMPARE(in.session->endpoints().size(), 1U);
        QCOMPARE(in.session->state().phase, Phase::Running);
    }

    void theLatestItemIsReadWithTheMembersToken()
    {
        Connected in;
        in.workspace.endpoints.front().endpoint.requiredScope = ScopeName{"sensor:read"};
        QVERIFY(in.start());
        std::optional<Expected<std::optional<client::Item>>> item;
        in.session->latestItem(OutputId{"o1"}, this, [&](auto result) { item = std::move(result); });
        QTRY_VERIFY(item);
        QVERIFY(*item && **item);
        QVERIFY((**item)->json.find("1017.20") != std::string::npos);
        in.session->latestItem(OutputId{"none"}, this, [&](auto result) { item = std::move(result); });
        QTRY_VERIFY(*item && !**item);
    }

    void theSecretIsInNoUrl()
    {
        Connected in;
        QVERIFY(in.start());
        for (const client::FakeRequest& request : in.workspace.server.requests)
            QVERIFY2(!request.target.contains("SENTINEL"), request.target.constData());
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
