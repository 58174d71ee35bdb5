// Every route of /api and who may use it: the server and the dialogs share one table.
#include "core/server/management.h"

#include <QtTest/QtTest>

#include <set>

using namespace iotman;
using namespace iotman::server;

class TestRoutes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Datapoints may hold more than any output shows: they are for those who write rules.
    void readingIsForEveryRoleDatapointsForEditorsAndTheAuditLogForAdmins()
    {
        for (const Management::Route& route : Management::routes()) {
            if (route.method == "GET")
                QCOMPARE(route.action, route.path == "audit"                     ? Action::ReadAudit
                                       : route.path == "sources/{id}/datapoints" ? Action::WriteOutputs
                                       : route.path == "workspace/file" ? Action::ChangeWorkspace // it holds clients' hashes
                                                                        : Action::Read);
            else
                QVERIFY2(route.action != Action::Read, std::string(route.path).c_str());
        }
    }

    void whatChangesSomethingNeedsTheRoleOfItsResource_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        QTest::addColumn<int>("least");
        for (const char* editors : {"sources", "endpoints", "cors", "weather"})
            QTest::newRow(editors) << QByteArray(editors) << int(Role::Editor);
        for (const char* admins : {"scopes", "clients", "members", "workspace", "keys"})
            QTest::newRow(admins) << QByteArray(admins) << int(Role::Admin);
    }
    void whatChangesSomethingNeedsTheRoleOfItsResource()
    {
        QFETCH(QByteArray, prefix);
        QFETCH(int, least);
        int seen = 0;
        for (const Management::Route& route : Management::routes()) {
            if (route.method == "GET" || !route.path.starts_with(prefix.toStdString()))
                continue;
            ++seen;
            for (const Role role : {Role::Viewer, Role::Editor, Role::Admin})
                QCOMPARE(may(role, route.action), int(role) >= least);
        }
        QVERIFY(seen > 0);
    }

    void noRouteStandsThereTwice()
    {
        std::set<std::pair<std::string_view, std::string_view>> seen;
        for (const Management::Route& route : Management::routes())
            QVERIFY2(seen.emplace(route.method, route.path).second, std::string(route.path).c_str());
    }
};

QTEST_APPLESS_MAIN(TestRoutes)
#include "tst_routes.moc"
