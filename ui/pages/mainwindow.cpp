#include "ui/pages/mainwindow.h"

#include "core/client/text.h"
#include "ui/chart/zonetext.h"
#include "ui/look/busyring.h"
#include "ui/look/copybutton.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/messageline.h"
#include "ui/look/navigationlist.h"
#include "ui/look/reasonedaction.h"
#include "ui/pages/accesspage.h"
#include "ui/pages/apidialog.h"
#include "ui/pages/connectionbutton.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/helpdialog.h"
#include "ui/pages/notifier.h"
#include "ui/pages/pagetable.h"
#include "ui/pages/statelabel.h"
#include "ui/pages/switcher.h"
#include "ui/pages/tray.h"
#include "ui/pages/weatherbanner.h"
#include "ui/pages/windowgeometry.h"

#include <QAbstractScrollArea>
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
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

/// Whoever goes to a page by key goes on there by key: where the page says, else at its first list or text.
void focusMainPart(const QWidget* page)
{
    if (QWidget* main = page->focusProxy(); main && main->isVisible())
        return main->setFocus(Qt::ShortcutFocusReason);
    for (auto* part : page->findChildren<QAbstractScrollArea*>()) {
        if (part->isVisible() && part->isEnabled() && (part->focusPolicy() & Qt::TabFocus))
            return part->setFocus(Qt::ShortcutFocusReason);
    }
}

bool isDeletion(const QAction& action)
{
    return action.shortcut() == QKeySequence(QKeySequence::Delete);
}

/// What can be triggered of `actions`, with those of their menus; `place` says where they are found. `before` leads there: then
/// what deletes is left out, for nobody sees what is selected.
void offerCommands(const QList<QAction*>& actions, const QString& place, const std::function<void()>& before,
                   std::vector<GotoTarget>& targets)
{
    for (QAction* action : actions) {
        const QString text = QString(action->text()).remove(u'&').remove(u'\u2026');
        if (action->isSeparator() || !action->isEnabled() || text.isEmpty() || (before && isDeletion(*action)))
            continue;
        if (action->menu()) {
            offerCommands(action->menu()->actions(), text, before, targets);
            continue;
        }
        const auto follow = [action, before] {
            if (before)
                before();
            action->trigger();
        };
        targets.push_back({place.isEmpty() ? text : MainWindow::tr("%1 \u00b7 %2", "command, where").arg(text, place),
                           QStringLiteral("play"), follow});
    }
}

} // namespace

MainWindow::MainWindow(const Clock& clock, Random& random, QSettings& settings, Connections& connections)
    : clock_(clock)
    , random_(random)
    , settings_(settings)
    , switcher_(new Switcher(connections, clock, this))
{
    setMinimumSize(leastSize);
    makeActions();
    makeMenus();
    makeToolBar();
    makeCentre();
    makeStatusBar();
    restore();
    connect(switcher_, &Switcher::chosen, this, [this](const ConnectionInfo& connection) {
        if (mayLeave())
            connectTo(connection);
        else
            switcher_->setSession(session_.get());
    });
    connect(switcher_, &Switcher::localAwaited, this, &MainWindow::showStarting);
    connect(switcher_, &Switcher::noticed, this, &MainWindow::notice);
    minute_.setInterval(std::chrono::seconds(10));
    connect(&minute_, &QTimer::timeout, this, &MainWindow::updateFooter);
    connect(&minute_, &QTimer::timeout, this, &MainWindow::tellWhatIsNotSaved);
    minute_.start();
    updateTitle();
    updateFooter();
    updateSession();
    arrangeToolBar();
    settings_.sync(); // what restore() wrote: so it is known at once whether it can be kept
    tellWhatIsNotSaved();
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
    notice_->hide();
    session_ = std::make_unique<Session>(connection, clock_, random_);
    connect(session_.get(), &Session::stateChanged, this, &MainWindow::updateSession);
    connect(session_.get(), &Session::roleChanged, this, &MainWindow::updateSession);
    connect(session_.get(), &Session::listsChanged, this, [this] {
        updateCounts();
        updateTitle();
        updateFooter();
    });
    notifier_->watch(*session_);
    weather_->setSession(session_.get());
    connect(session_.get(), &Session::tokenChanged, this, &MainWindow::updateFooter);

    for (const PageRow& row : pageTable()) {
        if (row.needsWorkspace && !session_->hasWorkspace())
            continue;
        Page* page = row.make(*session_, settings_);
        place(row.id, {page});
    }
    if (auto* access = qobject_cast<AccessPage*>(page(PageId::Access)))
        connect(access, &AccessPage::secretShown, switcher_, [this](SecretDialog* dialog) { switcher_->offerVault(*dialog); });
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
    switcher_->setSession(session_.get());
    Q_EMIT connected();
    switcher_->begin(*session_);
}

void MainWindow::dropPages()
{
    takeBackActions();
    for (const auto& [id, entry] : pages_) {
        entry.page->removeEventFilter(this);
        delete entry.page;
    }
    pages_.clear();
    refused_.reset();
    weather_->setSession(nullptr);
    session_.reset();
}

void MainWindow::addPage(PageId id, QWidget* page)
{
    const bool wasLast = settings_.value(pageKeyName).toString() == pageKey(id);
    place(id, {page});
    if (wasLast)
        showPage(id);
    arrangeToolBar();
}

void MainWindow::place(PageId id, const Entry& entry)
{
    if (auto* page = qobject_cast<Page*>(entry.page)) {
        page->setZone(zone_);
        connect(page, &Page::openInMonitor, this, &MainWindow::openInMonitor);
        connect(page, &Page::goTo, this, &MainWindow::goTo);
    }
    stack_->addWidget(entry.page);
    entry.page->installEventFilter(this);
    pages_[id] = entry;
    rebuildNavigation();
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
    goTo(PageId::Endpoints, toQt(id.text));
}

void MainWindow::goTo(PageId id, const QString& what)
{
    showPage(id);
    auto* shown = qobject_cast<Page*>(page(id));
    if (shown && !what.isEmpty())
        shown->choose(what);
}

std::vector<GotoTarget> MainWindow::targets()
{
    std::vector<GotoTarget> targets;
    for (const auto& [id, entry] : pages_)
        targets.push_back({pageName(id), pageIcon(id), [this, id = id] { showPage(id); }});
    for (const auto& [id, entry] : pages_) {
        if (auto* page = qobject_cast<Page*>(entry.page)) {
            for (GotoTarget& target : page->targets())
                targets.push_back(std::move(target));
        }
    }
    // Last what can be done: here, on the other pages, and in the window.
    const QWidget* shown = stack_->currentWidget();
    offerCommands(shown->actions(), {}, {}, targets);
    for (const auto& [id, entry] : pages_) {
        if (entry.page != shown)
            offerCommands(
                entry.page->actions(), pageName(id), [this, id = id] { showPage(id); }, targets);
    }
    for (const QAction* menu : menuBar()->actions()) {
        if (menu->menu() && menu->menu() != pageMenu_)
            offerCommands(menu->menu()->actions(), {}, {}, targets);
    }
    return targets;
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
        QAction* action = pagesMenu_->addAction(pageMenuTitle(id), this, [this, id = id] {
            showPage(id);
            focusMainPart(page(id));
        });
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
    for (const auto& [id, entry] : pages_) {
        if (const std::optional<qint64> count = pageCount(id, *session_))
            navigation_->setPageCount(entry.row, *count);
    }
}

void MainWindow::updateTitle()
{
    if (!session_) {
        setWindowTitle(tr("IoTMan Desktop"));
        setWindowModified(false);
        connection_->setConnection(Environment::Local, tr("this computer"), tr("this computer"));
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
    tray_->setText(tr("IoTMan Desktop: %1").arg(session_->workspaceName()));
    connection_->setConnection(session_->connection().environment, session_->workspaceName(), session_->connection().name);
}

void MainWindow::updateSession()
{
    const bool connected = session_ != nullptr;
    updatePlaces();
    setAllowed(description_, connected && session_->hasWorkspace(), tr("Connect to a workspace first."));
    trouble_->setVisible(false);
    if (!connected) {
        notice_->hide();
        return;
    }
    const ConnectionState& state = session_->state();
    state_->setState(state, stateWord(state, context()));
    if (session_->role())
        role_->setText(roleWord(*session_->role()));
    updateRoleMenu();
    if (state.phase == Phase::Offline || state.phase == Phase::Failed || state.phase == Phase::SignInNeeded)
        showTrouble();
    else
        refused_.reset();
    updateFooter();
}

/// One of it stays beside the window.
void MainWindow::openHelp()
{
    auto* help = findChild<HelpDialog*>();
    if (!help) {
        help = new HelpDialog(this);
        help->setAttribute(Qt::WA_DeleteOnClose);
    }
    help->choose(currentPage() == PageId::Outputs ? HelpDialog::Topic::Rules : HelpDialog::Topic::FirstSteps);
    help->show();
    help->raise();
    help->activateWindow();
}

void MainWindow::openDescription()
{
    auto* dialog = findChild<ApiDialog*>();
    if (!dialog) {
        dialog = new ApiDialog(*session_, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::notice(const QString& lead, const QString& sentence)
{
    notice_->setMessage(MessageLine::Kind::Info, sentence, lead);
    notice_->setButton(tr("Close"));
    notice_->show();
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
        session_->setWatched((isVisible() && !isMinimized()) || notifier_->isOn());
}

bool MainWindow::mayLeave()
{
    if (!isWindowModified())
        return true;
    QStringList lost;
    for (const auto& [id, entry] : pages_) {
        if (const auto* page = qobject_cast<Page*>(entry.page); page && page->isWindowModified())
            lost << page->unsaved();
    }
    const auto answer =
        QMessageBox::question(this, tr("Unsaved changes"), tr("%1 Close and lose them?", "sentences").arg(lost.join(u' ')),
                              QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
    return answer == QMessageBox::Discard;
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (tray_->isOn() && !quitting_) {
        hide();
        event->ignore();
        return;
    }
    if (!mayLeave()) {
        quitting_ = false;
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
        arrangeSoon();
    return QMainWindow::eventFilter(watched, event);
}

/// A page that changes its actions does so one by one.
void MainWindow::arrangeSoon()
{
    if (std::exchange(arrangeDue_, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            arrangeDue_ = false;
            arrangeToolBar();
        },
        Qt::QueuedConnection);
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

/// Once: what a person sets meanwhile works all the same, but is gone at the next start.
void MainWindow::tellWhatIsNotSaved()
{
    if (settings_.status() != QSettings::AccessError || std::exchange(isUnsavedTold_, true))
        return;
    unsaved_->setMessage(MessageLine::Kind::Warning,
                         tr("%1 cannot be written. What is set here lasts until the program ends.").arg(settings_.fileName()),
                         tr("Settings could not be saved."));
    unsaved_->show();
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
    for (const auto& [pageId, entry] : pages_) {
        if (auto* page = qobject_cast<Page*>(entry.page))
            page->setZone(zone_);
    }
    weather_->setZone(zone_);
    updateFooter();
    updateSession();
    Q_EMIT zoneChanged(zone_);
}

} // namespace iotman::ui
