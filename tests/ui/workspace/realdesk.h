// The real window over a real server in memory.
#pragma once

#include "app/server/ownlab.h"
#include "core/model/clock.h"
#include "core/server/service.h"
#include "tests/core/client/fakevault.h"
#include "ui/pages/connections.h"
#include "ui/pages/mainwindow.h"
#include "ui/workspace/workspacemenu.h"

#include <QtTest/QtTest>
#include <QtWidgets>

#include <map>

namespace iotman::ui {

struct RealDesk {
    static constexpr int patience = 20'000; // ms; the machine may be busy

    SystemClock clock;
    SystemRandom random;
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    client::FakeVault vault;
    Connections connections{settings, vault};
    std::map<std::string, std::string> environment;
    QObject labs; ///< parent of those that are being left
    std::string ownerKey = random.secret();
    std::unique_ptr<server::Service> service;
    std::unique_ptr<MainWindow> window;
    WorkspaceMenu* menu = nullptr;

    /// `workspaceFile`: what the server is started with; empty: nothing.
    explicit RealDesk(Environment environmentOfIt = Environment::Local, const QByteArray& workspaceFile = {})
    {
        server::ServiceOptions options;
        options.program = "test";
        options.listen = {{"127.0.0.1", 0, false}};
        options.workers = 1;
        options.ownerKey = ownerKey;
        if (!workspaceFile.isEmpty())
            options.workspaceFile = file(QStringLiteral("start.json"), workspaceFile).toStdString();
        service = server::Service::start(std::move(options), clock, random).value();
        window = std::make_unique<MainWindow>(clock, random, settings, connections);
        menu = new WorkspaceMenu(
            *window, settings, clock,
            [this](const std::string& name) {
                const auto found = environment.find(name);
                return found == environment.end() ? std::nullopt : std::optional(found->second);
            },
            [this](lab::Access access) {
                auto own = std::make_unique<OwnLab>(access, clock, random);
                own->setParent(&labs);
                return own;
            });
        window->show();
        window->connectTo({QStringLiteral("this computer"), environmentOfIt,
                           QUrl(QString::fromStdString(service->urls().front())), QStringLiteral("owner@localhost"),
                           client::Secret(ownerKey)});
    }

    Session& session() const { return *window->session(); }
    bool loaded() const
    {
        return QTest::qWaitFor([this] { return session().isLoaded(); }, patience);
    }
    bool becomes(Role role) const
    {
        session().viewAs(role);
        return QTest::qWaitFor([this, role] { return session().role() == role && session().state().phase == Phase::Running; },
                               patience);
    }
    /// Writes a file and gives its path.
    QString file(const QString& name, const QByteArray& text) const
    {
        QFile written(folder.filePath(name));
        return written.open(QIODevice::WriteOnly) && written.write(text) == text.size() ? written.fileName() : QString();
    }
    /// Applies a file, as the window would with everything agreed to.
    bool set(const std::string& text) const
    {
        std::optional<bool> done;
        client::applyWorkspaceFile(session().management(), text, client::Applying::ForGood, window.get(),
                                   [&](const Expected<std::vector<std::string>>& lines) { done = lines.has_value(); });
        return QTest::qWaitFor([&] { return done.has_value(); }, patience) && *done;
    }
    template <class Dialog>
    Dialog* dialog() const
    {
        Dialog* found = nullptr;
        const auto isThere = [&] { return (found = window->findChild<Dialog*>()) != nullptr && found->isVisible(); };
        return QTest::qWaitFor(isThere, patience) ? found : nullptr;
    }
    bool hasEndpoint(const std::string& id) const
    {
        const auto& all = session().endpoints();
        return std::any_of(all.begin(), all.end(), [&](const EndpointView& view) { return view.endpoint.id.text == id; });
    }
};

} // namespace iotman::ui
