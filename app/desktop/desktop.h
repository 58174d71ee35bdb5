// The desktop put together: the server of this computer, the window, its pages.
#pragma once

#include "app/desktop/localserver.h"

#include <QtCore/qpointer.h>
#include <QtCore/qsettings.h>

#include <filesystem>
#include <memory>

namespace iotman {

class MonitorPage;

namespace client {
class Vault;
} // namespace client

namespace ui {
class ActivityPage;
class Connections;
class MainWindow;
class SourcesPage;
class WorkspaceMenu;
} // namespace ui

struct DesktopOptions {
    std::filesystem::path dataFolder;
    std::filesystem::path demo; ///< the workspace file that a new data folder starts with
    std::string connectTo;      ///< `--connect`: a server's or an endpoint's address; empty: what was used last
};

class Desktop final : public QObject {
    Q_OBJECT

public:
    /// All of these must outlive it.
    Desktop(const DesktopOptions& options, const Clock& clock, Random& random, QSettings& settings, client::Vault& vault);
    ~Desktop() override;

    /// Shows the window at once; the server starts meanwhile.
    void show();
    /// Brings the window to the front.
    void raise();
    /// Connects to another server, or to an endpoint by its address; what is no address stays without effect.
    void open(const QString& address);
    /// Saves a picture of the window once it has something to show, then ends the program: 0, or 1 when it could not be saved.
    void saveScreenshot(const QString& file);

    ui::MainWindow& window() { return *window_; }

private:
    void startServer();
    void serverReady(const QUrl& url);
    void serverFailed(const Error& error);
    void connected();

    const Clock& clock_;
    Random& random_;
    const std::string ownerKey_;
    const DesktopOptions options_;
    QSettings& settings_;
    std::unique_ptr<ui::Connections> connections_;
    std::unique_ptr<LocalServer> server_;
    std::unique_ptr<ui::MainWindow> window_;
    ui::WorkspaceMenu* workspace_;   ///< the window's
    MonitorPage* monitor_ = nullptr; ///< the window's
    bool serverFailed_ = false;
    QPointer<ui::SourcesPage> sources_;   ///< the window's
    QPointer<ui::ActivityPage> activity_; ///< the window's
};

} // namespace iotman
