#include "ui/pages/mainwindow.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"
#include "ui/look/busyring.h"
#include "ui/look/copybutton.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/messageline.h"
#include "ui/look/navigationlist.h"
#include "ui/pages/connectionbutton.h"
#include "ui/pages/corspage.h"
#include "ui/pages/endpointspage.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/statelabel.h"
#include "ui/pages/windowgeometry.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>

namespace iotman::ui {

using client::toQt;

namespace {

const QString geometryKey = QStringLiteral("window/geometry");
const QString maximizedKey = QStringLiteral("window/maximized");
const QString pageKeyName = QStringLiteral("window/page");
const QString schemeKey = QStringLiteral("window/scheme");
const QString zoneKey = QStringLiteral("window/zone");
constexpr QSize usualSize(1440, 900);
constexpr QSize leastSize(800, 500);

QList<QRect> availableScreens()
{
    QList<QRect> screens;
    for (const QScreen* screen : QGuiApplication::screens())
        screens << screen->availableGeometry();
    return screens;
}

} // namespace

MainWindow::MainWindow(const Clock& clock, Random& random, QSettings& settings)
    : clock_(clock)
    , random_(random)
    , settings_(settings)
{
    setMinimumSize(leastSize);
    makeActions();
    makeMenus();
    makeToolBar();
    makeCentre();
    makeStatusBar();
    restore();
    minute_.setInterval(std::chrono::seconds(10));
    connect(&minute_, &QTimer::timeout, this, &MainWindow::updateFooter);
    minute_.start();
    updateTitle();
    updateFooter();
    updateSession();
    arrangeToolBar();
}

MainWindow::~MainWindow()
{
    dropPages();
}

/// Nothing of a connection that was there stays in sight.
void MainWindow::leaveConnection()
{
    dropPages();
    rebuildNavigation();
    arrangeToolBar();
    updateTitle();
    updateSession();
    updateFooter();
}

void MainWindow::showStarting()
{
    leaveConnection();
    ring_->start(tr("Starting the local server"));
    stack_->setCurrentWidget(starting_);
}

void MainWindow::showFailure(const Error& error)
{
    leaveConnection();
    ring_->stop();
    failure_->setTexts(tr("The server could not be started"), errorText(error));
    stack_->setCurrentWidget(failure_);
    failure_->button()->setFocus();
}

void MainWindow::connectTo(const ConnectionInfo& connection)
{
    dropPages();
    session_ = std::make_unique<Session>(connection, clock_, random_);
    connect(session_.get(), &Session::stateChanged, this, &MainWindow::updateSession);
    connect(session_.get(), &Session::roleChanged, this, &MainWindow::updateSession);
    connect(session_.get(), &Session::listsChanged, this, [this] {
        updateCounts();
        updateTitle();
        updateFooter();
    });
    connect(session_.get(), &Session::tokenChanged, this, &MainWindow::updateFooter);

    endpoints_ = new EndpointsPage(*session_, settings_);
    endpoints_->setZone(zone_);
    connect(endpoints_, &EndpointsPage::openInMonitor, this, &MainWindow::openInMonitor);
    cors_ = new CorsPage(*session_, settings_);
    addPage(PageId::Endpoints, endpoints_);
    addPage(PageId::Cors, cors_);
    ring_->stop();
    showPage(PageId::Endpoints);
    const QString last = settings_.value(pageKeyName).toString();
    for (const auto& [id, entry] : pages_) {
        if (pageKey(id) == last)
            showPage(id);
    }
    updateSession();
    updateTitle();
    updateFooter();
    updateWatching();
    session_->start();
}

void MainWindow::dropPages()
{
    takeBackActions();
    for (const auto& [id, entry] : pages_) {
        entry.page->removeEventFilter(this);
        delete entry.page;
    }
    pages_.clear();
    endpoints_ = nullptr;
    cors_ = nullptr;
    session_.reset();
}

void MainWindow::addPage(PageId id, QWidget* page)
{
    const bool wasLast = settings_.value(pageKeyName).toString() == pageKey(id);
    stack_->addWidget(page);
    page->installEventFilter(this);
    pages_[id] = {page};
    rebuildNavigation();
    if (wasLast)
        showPage(id);
    arrangeToolBar();
}

QWidget* MainWindow::page(PageId id) const
{
    const auto found = pages_.find(id);
    return found == pages_.end() ? nullptr : found->second.page;
}

std::optional<PageId> MainWindow::currentPage() const
{
    for (const auto& [id, entry] : pages_) {
        if (entry.page == stack_->currentWidget())
            return id;
    }
    return std::nullopt;
}

void MainWindow::showPage(PageId id)
{
    const auto found = pages_.find(id);
    if (found == pages_.end())
        return;
    stack_->setCurrentWidget(found->second.page);
    navigation_->setCurrentRow(found->second.row);
    arrangeToolBar();
    updateTitle();
}

void MainWindow::showEndpoint(const EndpointId& id)
{
    if (!endpoints_)
        return;
    showPage(PageId::Endpoints);
    endpoints_->choose(id);
}

/// The list is small: it is made anew when a page comes, in the order of the ids.
void MainWindow::rebuildNavigation()
{
    const QSignalBlocker quiet(navigation_);
    navigation_->clear();
    pagesMenu_->clear();
    int number = 1;
    for (auto& [id, entry] : pages_) {
        entry.row = navigation_->addPage(pageIcon(id), pageName(id));
        QAction* action = pagesMenu_->addAction(pageName(id), this, [this, id = id] { showPage(id); });
        if (number <= 9)
            action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number++)));
        if (entry.page == stack_->currentWidget())
            navigation_->setCurrentRow(entry.row);
    }
    updateCounts();
}

void MainWindow::updateCounts()
{
    if (!session_)
        return;
    if (const auto found = pages_.find(PageId::Endpoints); found != pages_.end())
        navigation_->setPageCount(found->second.row, static_cast<qint64>(session_->endpoints().size()));
    if (const auto found = pages_.find(PageId::Cors); found != pages_.end() && cors_)
        navigation_->setPageCount(found->second.row, cors_->stored());
}

void MainWindow::updateTitle()
{
    if (!session_) {
        setWindowTitle(tr("IoTMan Desktop"));
        setWindowModified(false);
        return;
    }
    // “[*]” marks unsaved changes; in a name it stands for itself when doubled.
    QString name = session_->workspaceName();
    name.replace(QStringLiteral("[*]"), QStringLiteral("[*][*]"));
    setWindowTitle(tr("%1 [%2][*] \u2014 IoTMan Desktop").arg(name, environmentTitle(session_->connection().environment)));
    bool modified = false;
    for (const auto& [id, entry] : pages_)
        modified = modified || entry.page->isWindowModified();
    setWindowModified(modified);
    connection_->setConnection(session_->connection().environment, session_->workspaceName(), session_->connection().name);
}

void MainWindow::updateSession()
{
    const bool connected = session_ != nullptr;
    updatePlaces();
    trouble_->setVisible(false);
    if (!connected)
        return;
    const ConnectionState& state = session_->state();
    state_->setState(state, stateWord(state, context()));
    if (session_->role())
        role_->setText(roleWord(*session_->role()));
    updateRoleMenu();
    if (state.phase == Phase::Offline || state.phase == Phase::Failed || state.phase == Phase::SignInNeeded) {
        const QString word = stateWord(state, context());
        trouble_->setMessage(state.phase == Phase::Failed ? MessageLine::Kind::Error : MessageLine::Kind::Warning, state.reason,
                             tr("%1:", "state of the connection").arg(word.left(1).toUpper() + word.mid(1)));
        trouble_->setButton(tr("Try again"));
        trouble_->show();
    }
    updateFooter();
}

void MainWindow::updateFooter()
{
    copyUrl_->setVisible(session_ != nullptr);
    token_->setVisible(session_ != nullptr);
    flow_->setVisible(session_ != nullptr);
    zoneButton_->setText(zoneText(zone_, clock_.now()));
    if (!session_) {
        url_->clear();
        return;
    }
    const QString url = session_->connection().url.toString();
    url_->setText(url);
    copyUrl_->setCopyText(url);
    std::int64_t streams = 0;
    for (const EndpointView& view : session_->endpoints())
        streams += view.streams;
    const QString out = streams == 1 ? tr("1 stream out") : tr("%Ln streams out", nullptr, static_cast<int>(streams));
    const std::optional<double> rate = session_->rates().total();
    flow_->setText(rate ? tr("%1 items/s · %2").arg(rateWord(rate, locale()), out) : out);
    token_->setText(tokenWord(session_->tokenExpiresAt(), clock_.now()));
}

ReadingContext MainWindow::context() const
{
    return {clock_.now(), zone_, locale()};
}

void MainWindow::updateWatching()
{
    if (session_)
        session_->setWatched(isVisible() && !isMinimized());
}

bool MainWindow::mayLeave()
{
    if (!isWindowModified())
        return true;
    const auto answer = QMessageBox::question(this, tr("Unsaved changes"),
                                              tr("The CORS list has changes that are not saved. Close and lose them?"),
                                              QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
    return answer == QMessageBox::Discard;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayLeave()) {
        event->ignore();
        return;
    }
    remember();
    event->accept();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        updateWatching();
    else if (event->type() == QEvent::ThemeChange && scheme_ == Scheme::System)
        applyLook(*qApp, scheme_);
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    updateWatching();
}

void MainWindow::hideEvent(QHideEvent* event)
{
    QMainWindow::hideEvent(event);
    updateWatching();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ModifiedChange)
        updateTitle();
    else if (event->type() == QEvent::ActionAdded || event->type() == QEvent::ActionRemoved)
        QMetaObject::invokeMethod(this, &MainWindow::arrangeToolBar, Qt::QueuedConnection);
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::restore()
{
    const QRect wanted = settings_.value(geometryKey, QRect(QPoint(60, 40), usualSize)).toRect();
    setGeometry(onScreens(wanted, availableScreens(), minimumSize()));
    if (settings_.value(maximizedKey).toBool())
        setWindowState(Qt::WindowMaximized);
    const int scheme = settings_.value(schemeKey, 0).toInt();
    setScheme(scheme == 1 ? Scheme::Light : scheme == 2 ? Scheme::Dark : Scheme::System);
    setZone(settings_.value(zoneKey).toByteArray());
}

void MainWindow::remember()
{
    settings_.setValue(geometryKey, isMaximized() || isFullScreen() ? normalGeometry() : geometry());
    settings_.setValue(maximizedKey, isMaximized());
    if (const std::optional<PageId> id = currentPage())
        settings_.setValue(pageKeyName, pageKey(*id));
}

void MainWindow::setScheme(Scheme scheme)
{
    scheme_ = scheme;
    settings_.setValue(schemeKey, scheme == Scheme::Light ? 1 : scheme == Scheme::Dark ? 2 : 0);
    applyLook(*qApp, scheme);
    for (QAction* action : schemes_->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(scheme));
}

/// Empty: the zone of this computer.
void MainWindow::setZone(const QByteArray& id)
{
    const QTimeZone zone = id.isEmpty() ? QTimeZone::systemTimeZone() : QTimeZone(id);
    zone_ = zone.isValid() ? zone : QTimeZone::utc();
    settings_.setValue(zoneKey, id);
    for (QAction* action : zones_->actions())
        action->setChecked(action->data().toByteArray() == id);
    if (endpoints_)
        endpoints_->setZone(zone_);
    updateFooter();
    updateSession();
    Q_EMIT zoneChanged(zone_);
}

} // namespace iotman::ui
