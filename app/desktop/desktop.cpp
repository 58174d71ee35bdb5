#include "app/desktop/desktop.h"

#include "core/model/clock.h"
#include "ui/monitor/monitorpage.h"
#include "ui/pages/mainwindow.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>
#include <QtGui/qpixmap.h>

#include <cstdio>

namespace iotman {

namespace {

const QString firstStartKey = QStringLiteral("desktop/firstStart");

} // namespace

Desktop::Desktop(const DesktopOptions& options, const Clock& clock, Random& random, QSettings& settings)
    : clock_(clock)
    , random_(random)
    , ownerKey_(random.secret())
    , options_(options)
    , settings_(settings)
    , window_(std::make_unique<ui::MainWindow>(clock, random, settings))
{
    connect(window_.get(), &ui::MainWindow::retryRequested, this, &Desktop::startServer);
    connect(window_.get(), &ui::MainWindow::openInMonitor, this, [this](const EndpointView& endpoint) {
        window_->showPage(ui::PageId::Monitor);
        if (monitor_)
            monitor_->open(endpoint.endpoint.id);
    });
    connect(window_.get(), &ui::MainWindow::zoneChanged, this, [this](const QTimeZone& zone) {
        if (monitor_)
            monitor_->setTimeZone(zone);
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
    startServer();
}

void Desktop::startServer()
{
    window_->showStarting();
    server_.reset();
    server_ = std::make_unique<LocalServer>(LocalServerOptions{options_.dataFolder, options_.demo, ownerKey_}, clock_, random_);
    connect(server_.get(), &LocalServer::ready, this, &Desktop::connected);
    connect(server_.get(), &LocalServer::failed, window_.get(), &ui::MainWindow::showFailure);
    server_->start();
}

void Desktop::connected(const QUrl& url)
{
    window_->connectTo({tr("this computer"), ui::Environment::Local, url, QStringLiteral("owner@localhost"),
                        client::Secret(ownerKey_)});
    ui::Session* session = window_->session();
    monitor_ = new MonitorPage(clock_, random_);
    monitor_->setTimeZone(window_->zone());
    monitor_->setConnection(session->network(), &session->tokens(), url);
    connect(session, &ui::Session::listsChanged, monitor_, [this, session] { monitor_->setEndpoints(session->endpoints()); });
    window_->addPage(ui::PageId::Monitor, monitor_);
    // A newcomer sees a chart that moves; everyone else the page they left.
    if (!settings_.contains(firstStartKey)) {
        settings_.setValue(firstStartKey, QString::fromStdString(clock_.now().iso()));
        window_->showPage(ui::PageId::Monitor);
    }
}

void Desktop::raise()
{
    window_->setWindowState(window_->windowState() & ~Qt::WindowMinimized);
    window_->raise();
    window_->activateWindow();
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
