// The dialogs of the menu Workspace, each with the way to it: see tests/ui/pages/surfaces.h.
#pragma once

#include "tests/ui/pages/fakeanswers.h"
#include "tests/ui/pages/surfaces.h"
#include "ui/workspace/applydialog.h"
#include "ui/workspace/contractdialog.h"
#include "ui/workspace/snapshotsdialog.h"
#include "ui/workspace/workspacemenu.h"

namespace iotman::ui {

inline constexpr const char* workspaceText = R"({
  "iotman": 1,
  "workspace": {
    "slug": "demo",
    "name": "Demo weather"
  },
  "scopes": [
    {
      "name": "sensor:read",
      "description": "Read sensor data"
    }
  ],
  "endpoints": [
    {
      "id": "seattle",
      "output": "Seattle",
      "required_scope": null,
      "enabled": true
    }
  ],
  "cors": [
    "https://dash.example"
  ]
}
)";

/// Puts what the dialogs ask for behind the desk's server, and the menu into its window.
inline WorkspaceMenu* workspaceMenuOf(Desk& desk)
{
    const auto before = desk.workspace.server.answer;
    const std::int64_t now = desk.workspace.now;
    desk.workspace.server.answer = [before, now](const FakeRequest& request) {
        const QByteArray path = request.path();
        if (path == "/api/workspace/file" && request.method == "GET")
            return FakeAnswer{200, workspaceText, "application/json", {}, false, {}};
        if (path == "/api/workspace/file")
            return jsonAnswer(
                200, {{"changes",
                       {"~ workspace", "+ scope plant:read", "- scope site:read", "~ output Seattle", "+ output Greenhouse 2",
                        "- endpoint new-york", "+ endpoint greenhouse-2", "~ cors", "- client old-job"}}});
        if (path == "/api/snapshots") {
            Json data = Json::array();
            data.push_back({{"name", "before-the-migration"}, {"created_at", now - 3600}, {"bytes", 7'602'176}});
            data.push_back({{"name", "seeded"}, {"created_at", now - 86'400 * 9}, {"bytes", 245'760}});
            data.push_back({{"name", "empty"}, {"created_at", now - 86'400 * 400}, {"bytes", 24'576}});
            return jsonAnswer(200, {{"data", data}, {"next_page", nullptr}});
        }
        return before(request);
    };
    desk.workspace.server.opened = [](QWebSocket& socket, const client::FakeRequest&) {
        socket.sendTextMessage(QStringLiteral("{\"item\":{}}"));
    };
    return new WorkspaceMenu(
        *desk.window, desk.settings, desk.clock, [](const std::string&) { return std::optional<std::string>(); },
        [](lab::Access) { return std::unique_ptr<lab::Here>(); });
}

inline ApplyDialog* applyDialogOf(Desk& desk, const QByteArray& text)
{
    workspaceMenuOf(desk)->applyAction()->trigger();
    auto* dialog = desk.dialog<ApplyDialog>();
    QFile file(desk.folder.filePath(QStringLiteral("plant.json")));
    if (dialog && file.open(QIODevice::WriteOnly) && file.write(text) == text.size()) {
        file.close();
        dialog->setFile(file.fileName());
    }
    return dialog;
}

inline std::vector<Surface> workspaceSurfaces()
{
    return {
        {"workspace-apply-empty", [](Desk& desk) { workspaceMenuOf(desk)->applyAction()->trigger(); }},
        {"workspace-apply", [](Desk& desk) { applyDialogOf(desk, workspaceText); }},
        {"workspace-apply-production",
         [](Desk& desk) {
             desk.window->connectTo(desk.workspace.connection(Environment::Production));
             if (desk.loaded())
                 applyDialogOf(desk, workspaceText);
         }},
        {"workspace-apply-mistake",
         [](Desk& desk) { applyDialogOf(desk, QByteArray(workspaceText).replace("sensor:read", "sensor read")); }},
        {"workspace-export", [](Desk& desk) { workspaceMenuOf(desk)->exportAction()->trigger(); }},
        {"snapshots",
         [](Desk& desk) {
             workspaceMenuOf(desk)->snapshotsAction()->trigger();
             if (auto* dialog = desk.dialog<SnapshotsDialog>())
                 dialog->nameEdit()->setText(QStringLiteral("Seeded"));
         }},
        {"snapshots-restore",
         [](Desk& desk) {
             workspaceMenuOf(desk)->snapshotsAction()->trigger();
             auto* dialog = desk.dialog<SnapshotsDialog>();
             dialog->list()->choose(QStringLiteral("before-the-migration"));
             if (QTest::qWaitFor([&] { return dialog->restoreAction()->isEnabled(); }))
                 dialog->restoreAction()->trigger();
         }},
        {"contract-lab",
         [](Desk& desk) {
             const QString base = desk.workspace.server.url(QStringLiteral("/data/out/")).toString();
             workspaceMenuOf(desk)->contractAction()->trigger();
             auto* dialog = desk.dialog<ContractDialog>();
             ContractFields fields;
             fields.url = base + QStringLiteral("seattle");
             fields.besideAnother = true;
             fields.otherUrl = base + QStringLiteral("new-york");
             fields.pause = 0;
             dialog->setFields(fields);
             dialog->begin();
             if (!QTest::qWaitFor([&] { return !dialog->isRunning(); }, 20'000))
                 dialog->cancel();
         }},
    };
}

} // namespace iotman::ui
