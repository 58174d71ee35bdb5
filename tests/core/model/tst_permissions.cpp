#include "core/model/permissions.h"
#include "tests/core/model/support.h"

using namespace iotman;
using namespace iotman::test;

class TestPermissions : public QObject {
    Q_OBJECT

    /// Who may do what, written down a second time: action, name, and the roles that may ("VEA").
    static void table()
    {
        QTest::addColumn<int>("action");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("roles");
        const auto row = [](Action action, const char* name, const char* roles) {
            QTest::newRow(name) << static_cast<int>(action) << QByteArray(name) << QByteArray(roles);
        };
        row(Action::Read, "read", "VEA");
        row(Action::TryRules, "rules:try", "VEA");
        row(Action::WriteEndpoints, "endpoints:write", "EA");
        row(Action::WriteCors, "cors:write", "EA");
        row(Action::WriteOutputs, "outputs:write", "EA");
        row(Action::WriteSources, "sources:write", "EA");
        row(Action::Import, "imports:write", "EA");
        row(Action::SaveSnapshots, "snapshots:save", "EA");
        row(Action::TestWeather, "weather:write", "EA");
        row(Action::WriteScopes, "scopes:write", "A");
        row(Action::WriteClients, "clients:write", "A");
        row(Action::MintTokens, "tokens:mint", "A");
        row(Action::WriteMembers, "members:write", "A");
        row(Action::WriteMirrors, "mirrors:write", "A");
        row(Action::RestoreSnapshots, "snapshots:restore", "A");
        row(Action::ChangeWorkspace, "workspace:write", "A");
        row(Action::RotateKeys, "keys:rotate", "A");
        row(Action::ReadAudit, "audit:read", "A");
    }

private Q_SLOTS:
    void eachRoleMayWhatTheTableGrants_data() { table(); }
    void eachRoleMayWhatTheTableGrants()
    {
        QFETCH(int, action);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, roles);
        const auto asked = static_cast<Action>(action);
        QByteArray granted;
        granted += may(Role::Viewer, asked) ? "V" : "";
        granted += may(Role::Editor, asked) ? "E" : "";
        granted += may(Role::Admin, asked) ? "A" : "";
        QCOMPARE(granted, roles);
        QCOMPARE(bytes(std::string(permission(asked).name)), name);
    }

    void aRefusalSaysWhichRolesMay_data() { table(); }
    void aRefusalSaysWhichRolesMay()
    {
        QFETCH(int, action);
        QFETCH(QByteArray, roles);
        const QByteArray sentence = roles == "A"    ? "Requires Admin role."
                                    : roles == "EA" ? "Requires Editor or Admin role."
                                                    : "Requires Viewer, Editor or Admin role.";
        const Error error = forbidden(static_cast<Action>(action));
        QCOMPARE(error.kind, Problem::Forbidden);
        QCOMPARE(bytes(error.detail), sentence);
        QCOMPARE(bytes(std::string(requirement(static_cast<Action>(action)))), sentence);
    }

    void noActionIsMissingOrListedTwice()
    {
        QCOMPARE(permissions.size(), std::size_t(Action::ReadAudit) + 1);
        for (std::size_t i = 0; i < permissions.size(); ++i)
            QCOMPARE(std::size_t(permissions[i].action), i);
    }

    void rolesAreSpelledInLowerCase_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("answer");
        for (const char* role : {"viewer", "editor", "admin"})
            QTest::newRow(role) << QByteArray(role) << QByteArray("ok");
        for (const char* other : {"Admin", "owner", "", "admin "})
            QTest::newRow(*other ? other : "(empty)")
                << QByteArray(other)
                << "role: role: expected viewer, editor or admin, but got “" + QByteArray(other) + QByteArray("”");
        QTest::newRow("not UTF-8") << QByteArray("\xff")
                                   << QByteArray(
                                          "role: role: expected viewer, editor or admin, but got bytes that are not UTF-8");
    }
    void rolesAreSpelledInLowerCase()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, answer);
        const auto role = parseRole(text.toStdString(), "role");
        QCOMPARE(told(role), answer);
        if (role)
            QCOMPARE(bytes(std::string(iotman::text(*role))), text);
    }
};

QTEST_APPLESS_MAIN(TestPermissions)
#include "tst_permissions.moc"
