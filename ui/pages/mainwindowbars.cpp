// The menus, bars and fixed parts of the window.
#include "ui/look/busyring.h"
#include "ui/look/copybutton.h"
#include "ui/look/emptypage.h"
#include "ui/look/filterbox.h"
#include "ui/look/fonts.h"
#include "ui/look/icons.h"
#include "ui/look/lookstyle.h"
#include "ui/look/messageline.h"
#include "ui/look/metrics.h"
#include "ui/look/navigationlist.h"
#include "ui/look/reasonedaction.h"
#include "ui/look/taborder.h"
#include "ui/pages/aboutdialog.h"
#include "ui/pages/connectionbutton.h"
#include "ui/pages/gotobox.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/notifier.h"
#include "ui/pages/shortcutsdialog.h"
#include "ui/pages/statelabel.h"
#include "ui/pages/switcher.h"
#include "ui/pages/tray.h"
#include "ui/pages/weatherbanner.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QLabel>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace iotman::ui {

void MainWindow::makeActions()
{
    reload_ = new QAction(icon(u"refresh"), tr("&Reload"), this);
    reload_->setShortcut(QKeySequence::Refresh);
    description_ = new QAction(icon(u"code"), tr("API &description\u2026"), this);
    connect(description_, &QAction::triggered, this, &MainWindow::openDescription);
    find_ = new QAction(icon(u"filter"), tr("&Filter this page"), this);
    find_->setShortcut(QKeySequence::Find);
    goto_ = new QAction(icon(u"search"), tr("&Go to anything"), this);
    goto_->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_K));
    quit_ = new QAction(tr("&Quit"), this);
    quit_->setShortcut(QKeySequence::Quit);
    connect(reload_, &QAction::triggered, this, [this] {
        if (session_)
            session_->refresh();
    });
    connect(find_, &QAction::triggered, this, [this] {
        for (auto* box : stack_->currentWidget()->findChildren<FilterBox*>()) {
            if (!box->isVisible())
                continue;
            box->setFocus(Qt::ShortcutFocusReason);
            box->selectAll();
            return;
        }
    });
    connect(goto_, &QAction::triggered, this, [this] { gotoBox_->setFocus(Qt::ShortcutFocusReason); });
    connect(quit_, &QAction::triggered, this, [this] {
        quitting_ = true;
        if (close())
            QApplication::quit();
    });
}

void MainWindow::makeMenus()
{
    QMenu* workspace = workspaceMenu_ = menuBar()->addMenu(tr("&Workspace"));
    workspace->addActions(
        {switcher_->addAction(), switcher_->changeAction(), switcher_->signInAction(), switcher_->signOutAction()});
    workspace->addSeparator();
    roleMenu_ = workspace->addMenu(icon(u"user"), tr("&View as"));
    workspace->addAction(reload_);
    workspace->addAction(description_);
    workspacePlace_ = workspace->addSeparator();
    workspace->addAction(icon(u"settings"), tr("&Network settings\u2026"), switcher_, &Switcher::openNetworkSettings);
    workspace->addSeparator();
    workspace->addAction(quit_);

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addAction(find_);
    edit->addAction(goto_);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    pagesMenu_ = view->addMenu(tr("&Page"));
    QMenu* look = view->addMenu(tr("&Colours"));
    schemes_ = new QActionGroup(this);
    const auto addScheme = [&](const QString& text, Scheme scheme) {
        QAction* action = look->addAction(text, this, [this, scheme] { setScheme(scheme); });
        action->setCheckable(true);
        action->setData(static_cast<int>(scheme));
        schemes_->addAction(action);
    };
    addScheme(tr("As the &system"), Scheme::System);
    addScheme(tr("&Light"), Scheme::Light);
    addScheme(tr("&Dark"), Scheme::Dark);

    QMenu* zone = view->addMenu(icon(u"clock"), tr("Time &zone"));
    zones_ = new QActionGroup(this);
    const auto addZone = [&](const QString& text, const QByteArray& id) {
        QAction* action = zone->addAction(text, this, [this, id] { setZone(id); });
        action->setCheckable(true);
        action->setData(id);
        zones_->addAction(action);
    };
    addZone(tr("&Local: %1").arg(QString::fromLatin1(QTimeZone::systemTimeZoneId())), {});
    addZone(tr("&UTC"), QByteArrayLiteral("UTC"));
    view->addSeparator();
    tray_ = new Tray(this, quit_, settings_);
    view->addAction(tray_->action());
    notifier_ = new Notifier(this, *tray_, settings_, new DesktopNotifications);
    connect(notifier_, &Notifier::clicked, tray_, &Tray::showWindow);
    connect(notifier_, &Notifier::changed, this, &MainWindow::updateWatching);
    view->addAction(notifier_->action());

    pageMenu_ = menuBar()->addMenu(QString());
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    QAction* contents = help->addAction(icon(u"info"), tr("&Help"), this, &MainWindow::openHelp);
    contents->setShortcut(QKeySequence::HelpContents);
    QAction* shortcuts = help->addAction(tr("&Keyboard shortcuts"), this, [this] {
        auto* dialog = new ShortcutsDialog(shortcutsOf(*menuBar()), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    shortcuts->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Slash));
    help->addSeparator();
    help->addAction(tr("&About IoTMan Desktop"), this, [this] {
        auto* dialog = new AboutDialog(session_ ? session_->connection().server().toString() : QString(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt);
}

void MainWindow::addWorkspaceActions(const QList<QAction*>& actions)
{
    if (workspaceActions_.isEmpty())
        workspaceMenu_->insertSeparator(workspacePlace_);
    workspaceMenu_->insertActions(workspacePlace_, actions);
    workspaceActions_ << actions;
}

void MainWindow::makeToolBar()
{
    toolBar_ = addToolBar(tr("Tools"));
    toolBar_->setObjectName(QStringLiteral("tools"));
    pageBar_ = new QToolBar(tr("Tools of the page"), toolBar_);
    for (QToolBar* bar : {toolBar_, pageBar_}) {
        bar->setMovable(false);
        bar->setContextMenuPolicy(Qt::PreventContextMenu);
        bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        bar->setIconSize({metrics::toolIconSize, metrics::toolIconSize});
        if (auto* more = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"), Qt::FindDirectChildrenOnly)) {
            more->setAccessibleName(tr("More tools"));
            more->setIcon(icon(u"more")); // Qt takes one of the style that there was at first
        }
    }
    pageBar_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);

    connection_ = new ConnectionButton(this);
    connection_->setMenu(switcher_->menu());
    role_ = new QPushButton(icon(u"user"), {}, this);
    role_->setFlat(true);
    role_->setAutoDefault(false);
    role_->setMenu(roleMenu_);
    role_->setToolTip(tr("See what a lower role sees"));
    state_ = new StateLabel(this);
    connect(state_, &QToolButton::clicked, reload_, &QAction::trigger);
    gotoBox_ = new GotoBox(this);
    gotoBox_->setTargets([this] { return targets(); });

    toolBar_->addWidget(connection_);
    toolBar_->addWidget(pageBar_);
    rolePlace_ = toolBar_->addWidget(role_);
    statePlace_ = toolBar_->addWidget(state_);
    toolBar_->addWidget(gotoBox_);
}

/// Between the connection and the role stands what the page brings; it makes room for them where the window is narrow.
void MainWindow::arrangeToolBar()
{
    takeBackActions();
    const std::optional<PageId> id = currentPage();
    const auto separate = [this] { brought_ << pageBar_->addSeparator(); };
    const auto insert = [this](QAction* action) {
        pageBar_->addAction(action);
        brought_ << action;
    };
    if (session_)
        separate();
    bool due = false; // a separator, before the next action that stands in the bar
    for (QAction* action : id ? stack_->currentWidget()->actions() : QList<QAction*>()) {
        pageMenu_->addAction(action);
        if (action->isSeparator()) {
            due = true;
        } else if (action->priority() != QAction::LowPriority) {
            if (std::exchange(due, false))
                separate();
            insert(action);
        }
    }
    if (session_)
        insert(reload_);
    pageMenu_->setTitle(id ? pageMenuTitle(*id) : tr("&Page"));
    pageMenu_->menuAction()->setVisible(id && !pageMenu_->isEmpty());
    find_->setEnabled(id && stack_->currentWidget()->findChild<FilterBox*>());
    updatePlaces();
    tabThroughLayouts(*this);
}

/// Before a page goes, and before another is shown.
void MainWindow::takeBackActions()
{
    for (QAction* action : std::exchange(brought_, {})) {
        pageBar_->removeAction(action);
        if (action->isSeparator())
            delete action; // the bar's own
    }
    pageMenu_->clear();
}

void MainWindow::updatePlaces()
{
    rolePlace_->setVisible(session_ && session_->role());
    statePlace_->setVisible(session_ != nullptr);
}

void MainWindow::makeCentre()
{
    auto* centre = new QWidget(this);
    navigation_ = new NavigationList(centre);
    stack_ = new QStackedWidget(centre);
    trouble_ = new MessageLine(centre);
    trouble_->hide();
    weather_ = new WeatherBanner(centre);
    connect(trouble_, &MessageLine::buttonClicked, this, &MainWindow::troubleButtonClicked);
    notice_ = new MessageLine(centre);
    notice_->hide();
    unsaved_ = new MessageLine(centre);
    unsaved_->letClose();
    unsaved_->hide();
    connect(notice_, &MessageLine::buttonClicked, notice_, &QWidget::hide);

    starting_ = new QWidget(stack_);
    ring_ = new BusyRing(starting_);
    auto* line = new QHBoxLayout(starting_);
    line->addStretch();
    line->addWidget(ring_);
    line->addWidget(new QLabel(tr("Starting the local server\u2026"), starting_));
    line->addStretch();
    failure_ = new EmptyPage(QStringLiteral("error"), {}, {}, stack_);
    auto* retry = new QAction(icon(u"refresh"), tr("Try again"), this);
    connect(retry, &QAction::triggered, this, &MainWindow::retryRequested);
    failure_->setAction(retry);
    stack_->addWidget(starting_);
    stack_->addWidget(failure_);

    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(trouble_);
    right->addWidget(weather_);
    right->addWidget(notice_);
    right->addWidget(unsaved_);
    right->addWidget(stack_, 1);
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(navigation_);
    row->addLayout(right, 1);
    setCentralWidget(centre);
    connect(navigation_, &QListWidget::currentRowChanged, this, [this](int current) {
        for (const auto& [id, entry] : pages_) {
            if (entry.row == current && entry.page != stack_->currentWidget()) {
                showPage(id);
                return;
            }
        }
    });
}

void MainWindow::makeStatusBar()
{
    url_ = new QLabel(this);
    url_->setFont(monospaceFont());
    url_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    copyUrl_ = new CopyButton(tr("Copy the server’s address"), this);
    copyUrl_->setAutoRaise(true);
    flow_ = new QLabel(this);
    token_ = new QLabel(this);
    token_->setToolTip(tr("The access token is renewed by itself before it expires."));
    zoneButton_ = new QPushButton(icon(u"clock"), {}, this);
    zoneButton_->setFlat(true);
    zoneButton_->setAutoDefault(false);
    makeSmall(zoneButton_);
    zoneButton_->setToolTip(tr("The time zone of everything that is shown"));
    auto* zones = new QMenu(zoneButton_);
    zones->addActions(zones_->actions());
    zoneButton_->setMenu(zones);

    QStatusBar* bar = statusBar();
    bar->setSizeGripEnabled(false);
    bar->setContentsMargins(metrics::smallSpace, 0, metrics::smallSpace, 0);
    // One widget, which the bar can hide behind a message whatever becomes visible inside it meanwhile.
    auto* left = new QWidget(bar);
    auto* leftRow = new QHBoxLayout(left);
    leftRow->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : std::initializer_list<QWidget*>{url_, copyUrl_, flow_})
        leftRow->addWidget(part);
    bar->addWidget(left);
    // The bar hides it for a message only where it was visible by then: not for one that comes before the window.
    connect(bar, &QStatusBar::messageChanged, left, [left](const QString& message) { left->setVisible(message.isEmpty()); });
    bar->addPermanentWidget(token_);
    bar->addPermanentWidget(zoneButton_);
}

void MainWindow::updateRoleMenu()
{
    roleMenu_->clear();
    delete roleMenu_->findChild<QActionGroup*>(QString(), Qt::FindDirectChildrenOnly);
    auto* roles = new QActionGroup(roleMenu_); // choosing what is chosen leaves it so
    const std::optional<Role> own = session_ ? session_->ownRole() : std::nullopt;
    roleMenu_->setEnabled(own.has_value());
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        QAction* action = roleMenu_->addAction(tr("View as %1").arg(roleWord(role)), this, [this, role] {
            if (session_)
                session_->viewAs(role);
        });
        action->setCheckable(true);
        action->setChecked(session_ && session_->role() == role);
        roles->addAction(action);
        setAllowed(action, own && role <= *own,
                   own ? tr("Above your own role, %1.").arg(roleWord(*own)) : tr("Not connected yet."));
    }
    role_->setAccessibleName(tr("Role: %1").arg(role_->text()));
}

} // namespace iotman::ui
