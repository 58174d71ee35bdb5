#include "app/desktop/desktop.h"

#include "app/server/ownlab.h"
#include "core/model/clock.h"
#include "core/server/listenaddress.h"
#include "ui/activity/activitypage.h"
#include "ui/monitor/layoutkeeper.h"
#include "ui/monitor/monitorpage.h"
#include "ui/pages/connections.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/notifier.h"
#include "ui/pages/switcher.h"
#include "ui/sources/filedrop.h"
#include "ui/sources/sourcespage.h"
#include "ui/workspace/workspacemenu.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>
#include <QtGui/qpixmap.h>

#include <cstdio>

namespace iotman {

namespace {

const QString firstStartKey = QStringLiteral("desktop/firstStart");

std::optional<std::string> variable(const std::string& name)
{
    return qEnvironmentVariableIsSet(name.c_str()) ? std::optional(qgetenv(name.c_str()).toStdString()) : std::nullopt;
}

} // namespace

Desktop::Desktop(const DesktopOptions& options, const Clock& clock, Random& random, QSettings& settings, client::Vault& vault)
    : clock_(clock)
    , random_(random)
    , ownerKey_(random.secret())
    , options_(options)
    , settings_(settings)
    , connections_(std::make_unique<ui::Connections>(settings, vault))
    , window_(std::make_unique<ui::MainWindow>(clock, random, settings, *connections_))
    , workspace_(new ui::WorkspaceMenu(*window_, settings, clock, variable, [this, &clock, &random](lab::Access access) {
        auto own = std::make_unique<OwnLab>(access, clock, random);
        own->setParent(this); // one that is being left must not outlive the clock
        return own;
    }))
{
    connect(window_.get(), &ui::MainWindow::connected, this, &Desktop::connected);
    connect(&window_->switcher(), &ui::Switcher::localAwaited, this, [this] {
        if (serverFailed_)
            startServer();
    });
    connect(window_.get(), &ui::MainWindow::retryRequested, this, &Desktop::startServer);
    connect(window_.get(), &ui::MainWindow::openInMonitor, this, [this](const EndpointView& endpoint) {
        window_->showPage(ui::PageId::Monitor);
        if (monitor_)
            monitor_->open(endpoint.endpoint.id);
    });
    connect(window_.get(), &ui::MainWindow::zoneChanged, this, [this](const QTimeZone& zone) {
        if (monitor_)
            monitor_->setTimeZone(zone);
        if (activity_)
            activity_->setZone(zone);
    });
    connect(new ui::FileDrop(window_.get()), &ui::FileDrop::dropped, this, [this](const QString& path) {
        if (workspace_->offerFile(path) || !sources_)
            return;
        window_->showPage(ui::PageId::Sources);
        sources_->importFile(path);
    });
}

Desktop::~Desktop()
{
    // The window first: its streams say goodbye to a server that still listens.
    window_.reset();
    server_.reset();
}

void Desktop::show()
{
    window_->show();
    if (options_.connectTo.empty())
        window_->switcher().chooseLast();
    else if (const auto chosen = window_->switcher().chooseUrl(QString::fromStdString(options_.connectTo)); !chosen)
        window_->switcher().choose({}); // main has judged the address: this is never reached
    startServer();
}

void Desktop::startServer()
{
    if (window_->switcher().wantsLocal())
        window_->showStarting();
    serverFailed_ = false;
    server_.reset();
    server_ = std::make_unique<LocalServer>(LocalServerOptions{options_.dataFolder, options_.demo, ownerKey_}, clock_, random_);
    connect(server_.get(), &LocalServer::ready, this, &Desktop::serverReady);
    connect(server_.get(), &LocalServer::failed, this, &Desktop::serverFailed);
    server_->start();
}

void Desktop::serverReady(const QUrl& url)
{
    window_->switcher().setLocal(
        {tr("this computer"), ui::Environment::Local, url, QStringLiteral("owner@localhost"), client::Secret(ownerKey_)});
    if (url.port() != server::defaultPort && window_->switcher().wantsLocal())
        window_->notice(tr("Port %1 is taken by another program.").arg(server::defaultPort),
                        tr("The server of this computer listens at port %1 until it is started again.").arg(url.port()));
}

/// Nobody is told of it while they work elsewhere; when they come back, the window starts it anew.
void Desktop::serverFailed(const Error& error)
{
    serverFailed_ = true;
    if (window_->switcher().wantsLocal())
        window_->showFailure(error);
}

void Desktop::connected()
{
    ui::Session* session = window_->session();
    monitor_ = new MonitorPage(clock_, random_);
    monitor_->setTimeZone(window_->zone());
    monitor_->setConnection(session->network(), session->dataTokens(), session->connection().server());
    connect(session, &ui::Session::listsChanged, monitor_, [this, session] { monitor_->setEndpoints(session->endpoints()); });
    connect(monitor_, &MonitorPage::attentionWanted, window_.get(), [this](const QString& title, const QString& text) {
        window_->notifier().tell({QStringLiteral("monitor"), title, text});
    });
    window_->addPage(ui::PageId::Monitor, monitor_);
    monitor_->setLayoutFolder(QString::fromStdString((options_.demo.parent_path() / "layouts").string()));
    auto* layouts = new LayoutKeeper(*monitor_, settings_);
    connect(session, &ui::Session::listsChanged, layouts, [layouts, session] { layouts->keep(session->workspaceId()); });
    if (session->hasWorkspace()) {
        sources_ = new ui::SourcesPage(*session, settings_);
        window_->addPage(ui::PageId::Sources, sources_);
        activity_ = new ui::ActivityPage(*session, settings_);
        activity_->setZone(window_->zone());
        window_->addPage(ui::PageId::Activity, activity_);
    }
    // A newcomer sees a chart that moves; everyone else the page they left.
    if (!settings_.contains(firstStartKey)) {
        settings_.setValue(firstStartKey, QString::fromStdString(clock_.now().iso()));
        window_->showPage(ui::PageId::Monitor);
    }
}

void Desktop::raise()
{
    window_->setWindowState(window_->windowState() & ~Qt::WindowMinimized);
    window_->show(); // it may be in the tray
    window_->raise();
    window_->activateWindow();
}

void Desktop::open(const QString& address)
{
    (void)window_->switcher().chooseUrl(address); // the second start has judged it
}

void Desktop::saveScreenshot(const QString& file)
{
    // The lists must be there, and a live chart something to show.
    constexpr int settleTime = 2500; // ms
    constexpr int patience = 30'000; // ms
    const auto save = [this, file] {
        const bool saved = window_->grab().save(file);
        if (!saved)
            std::fprintf(stderr, "iotman-desktop: %s could not be written\n", qPrintable(file));
        QCoreApplication::exit(saved ? 0 : 1);
    };
    auto* watch = new QTimer(this);
    connect(watch, &QTimer::timeout, this, [this, watch, save] {
        if (!window_->session() || !window_->session()->isLoaded())
            return;
        watch->stop();
        QTimer::singleShot(settleTime, this, save);
    });
    watch->start(100);
    QTimer::singleShot(patience, this, save);
}

} // namespace iotman
