// Every page and dialog of the window, each with the way to it: for what has to hold on all of them.
#pragma once

#include "tests/ui/pages/desk.h"
#include "ui/pages/clientspane.h"
#include "ui/pages/keyspane.h"
#include "ui/pages/listpane.h"
#include "ui/pages/memberspane.h"
#include "ui/pages/scopespane.h"
#include "ui/pages/switcher.h"
#include "ui/pages/weatherdialog.h"

#include <functional>
#include <vector>

namespace iotman::ui {

struct Surface {
    const char* name;
    std::function<void(Desk&)> open;
};

inline void triggerNamed(const QWidget* owner, const QString& text)
{
    for (QAction* action : owner->actions()) {
        if (QString(action->text()).remove(u'&').remove(u'\u2026') == text)
            action->trigger();
    }
}

inline void triggerInMenus(const MainWindow& window, const QString& text)
{
    for (const QAction* menu : window.menuBar()->actions()) {
        if (menu->menu())
            triggerNamed(menu->menu(), text);
    }
}

/// A workspace with something of everything in it.
inline void furnish(Desk& desk)
{
    FakeWorkspace& workspace = desk.workspace;
    workspace.addOutput("Greenhouse 1", "{ at: $ts, celsius: $.t }", 1'204'511);
    workspace.addEndpoint("Greenhouse 1", "1c9a5f0e-7b2d-4c56-9f01-07fc1f90ae7b", "site:read").streams = 1;
    workspace.addEndpoint("Seattle", "seattle-internal", "sensor:read").endpoint.enabled = false;
    workspace.addScope("site:read", "Read what the greenhouses send");
    workspace.scopes.front().endpoints = {"new-york", "seattle-internal"};
    workspace.addClient("ci-dashboard", "CI dashboard", {"sensor:read", "site:read"}).lastUsedAt =
        Timestamp{workspace.now * 1'000'000};
    workspace.addClient("old-job", "Old job").client.expiresAt = Timestamp{(workspace.now - 86'400) * 1'000'000};
    workspace.addClient("tablet", "Tablet in the hall", {"site:read"}).client.enabled = false;
    workspace.addMember("kim@company.example", Role::Editor);
    workspace.addMember("guest@company.example", Role::Viewer);
    WeatherView weather{EndpointId{"seattle"}, {}, Timestamp{(workspace.now + 3600) * 1'000'000}, {{workspace.now * 1'000'000}, "kim@company.example"}};
    weather.weather.errorRate = 0.25;
    workspace.weather.push_back(weather);
    workspace.cors.list.push_back(CorsOrigin::parse("http://localhost:3000").value());
}

inline std::vector<Surface> surfaces()
{
    const auto page = [](PageId id) { return [id](Desk& desk) { desk.window->showPage(id); }; };
    const auto tab = [](const char* name) {
        return [name](Desk& desk) {
            desk.window->showPage(PageId::Access);
            desk.access()->choose(QLatin1String(name));
        };
    };
    const auto menu = [](const QString& text) { return [text](Desk& desk) { triggerInMenus(*desk.window, text); }; };
    return {
        {"endpoints", page(PageId::Endpoints)},
        {"access-scopes", tab("scopes")},
        {"access-clients", tab("clients")},
        {"access-members", tab("members")},
        {"access-keys", tab("keys")},
        {"access-audit", tab("audit")},
        {"cors", page(PageId::Cors)},
        {"cors-edited",
         [](Desk& desk) {
             desk.window->showPage(PageId::Cors);
             desk.cors()->editor()->setPlainText(QStringLiteral(
                 "https://dash.example\nHTTPS://Grafana.Example/, https://bücher.example:443\nhttps://*.dash.example *"));
         }},
        {"new-endpoint", [](Desk& desk) { desk.endpoints()->newAction()->trigger(); }},
        {"new-endpoint-viewer",
         [](Desk& desk) {
             desk.endpoints()->newAction()->trigger();
             desk.window->session()->viewAs(Role::Viewer);
         }},
        {"delete-endpoint",
         [](Desk& desk) {
             desk.endpoints()->choose(QStringLiteral("seattle"));
             desk.endpoints()->deleteAction()->trigger();
         }},
        {"change-access", [](Desk& desk) { triggerNamed(desk.endpoints(), QStringLiteral("Change access")); }},
        {"new-scope", [](Desk& desk) { desk.access()->scopes()->newAction()->trigger(); }},
        {"delete-scope-in-use",
         [](Desk& desk) {
             desk.access()->scopes()->choose(QStringLiteral("sensor:read"));
             desk.access()->scopes()->deleteAction()->trigger();
         }},
        {"new-client", [](Desk& desk) { desk.access()->clients()->newAction()->trigger(); }},
        {"new-secret", [](Desk& desk) { desk.access()->clients()->secretAction()->trigger(); }},
        {"secret",
         [](Desk& desk) {
             desk.access()->clients()->secretAction()->trigger();
             for (auto* dialog : desk.window->findChildren<QDialog*>())
                 dialog->accept();
         }},
        {"add-member", [](Desk& desk) { desk.access()->members()->addMemberAction()->trigger(); }},
        {"rotate-key", [](Desk& desk) { desk.access()->keys()->rotateAction()->trigger(); }},
        {"test-weather", [](Desk& desk) { (new WeatherDialog(*desk.window->session(), EndpointId{"seattle"}, desk.window.get()))->open(); }},
        {"add-connection", [](Desk& desk) { desk.window->switcher().addAction()->trigger(); }},
        {"client-certificate",
         [](Desk& desk) {
             desk.window->switcher().addAction()->trigger();
             for (auto* dialog : desk.window->findChildren<QDialog*>())
                 buttonNamed(dialog, QStringLiteral("Client certificate\u2026"))->click();
         }},
        {"sign-in", [](Desk& desk) { desk.window->switcher().askSignIn(); }},
        {"network-settings", menu(QStringLiteral("Network settings"))},
        {"help", menu(QStringLiteral("Help"))},
        {"api-description", menu(QStringLiteral("API description"))},
        {"shortcuts", menu(QStringLiteral("Keyboard shortcuts"))},
        {"about", menu(QStringLiteral("About IoTMan Desktop"))},
        {"offline",
         [](Desk& desk) {
             desk.workspace.down = true;
             desk.window->session()->refresh();
         }},
    };
}

} // namespace iotman::ui
