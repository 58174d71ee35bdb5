// The window of IoTMan Desktop: one connection, its pages, and the ways to them.
#pragma once

#include "ui/look/look.h"
#include "ui/pages/page.h"
#include "ui/pages/session.h"
#include "ui/pages/words.h"

#include <QMainWindow>
#include <QTimeZone>

#include <map>
#include <memory>

class QActionGroup;
class QLabel;
class QMenu;
class QSettings;
class QStackedWidget;
class QToolBar;
class QPushButton;

namespace iotman {
class BusyRing;
class CopyButton;
class ElidedLabel;
class EmptyPage;
class MessageLine;
class NavigationList;
} // namespace iotman

namespace iotman::ui {

class ConnectionButton;
class Connections;
class GotoBox;
class Notifier;
class StateLabel;
class Switcher;
class Tray;
class WeatherBanner;

/// Shows pages; what they do is theirs. It remembers size, place, page, look and zone. GUI thread only.
///
///     MainWindow window(clock, random, settings, connections);
///     window.switcher().chooseLast();
///     window.show();
///     // when the server of this computer is ready:
///     window.switcher().setLocal({"this computer", Environment::Local, url, "owner@localhost", key});
///     // whenever `connected` is told:
///     window.addPage(PageId::Monitor, new MonitorPage(…));
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// All of these must outlive the window.
    MainWindow(const Clock& clock, Random& random, QSettings& settings, Connections& connections);
    ~MainWindow() override;

    /// “Starting the local server …”, until connectTo or showFailure. Like showFailure it leaves a connection that is there.
    void showStarting();
    /// The server could not be started: why, and a button that asks for another try.
    void showFailure(const Error& error);
    /// Leaves the connection that is there, with its pages, for another.
    void connectTo(const ConnectionInfo& connection);

    /// A page beyond those of the table in pagetable.h; the window owns it until the connection is left.
    void addPage(PageId id, QWidget* page);
    /// Actions on the workspace as a whole: in its menu, and where anything is gone to. Whoever adds them owns them.
    void addWorkspaceActions(const QList<QAction*>& actions);
    void showPage(PageId id);
    std::optional<PageId> currentPage() const;
    QWidget* page(PageId id) const;

    /// Tells something above the pages, `lead` first, until it is closed or the connection is left.
    void notice(const QString& lead, const QString& sentence);

    Switcher& switcher() { return *switcher_; }
    Notifier& notifier() { return *notifier_; }
    /// The connection; null before connectTo.
    Session* session() const { return session_.get(); }
    const QTimeZone& zone() const { return zone_; }

    /// Makes an endpoint the current one of its page and shows it.
    void showEndpoint(const EndpointId& id);

Q_SIGNALS:
    void openInMonitor(const iotman::EndpointView& endpoint);
    void zoneChanged(const QTimeZone& zone);
    void retryRequested(); ///< the button of showFailure
    void connected();      ///< connectTo has made a session and the pages of the table

protected:
    void closeEvent(QCloseEvent*) override;
    void changeEvent(QEvent*) override;
    void showEvent(QShowEvent*) override;
    void hideEvent(QHideEvent*) override;
    bool eventFilter(QObject*, QEvent*) override;

private:
    struct Entry {
        QWidget* page;
        int row = 0;
    };

    void makeActions();
    void makeMenus();
    void makeToolBar();
    void makeCentre();
    void makeStatusBar();
    void restore();
    void remember();

    void place(PageId id, const Entry& entry);
    void goTo(PageId id, const QString& what);
    std::vector<GotoTarget> targets();
    void rebuildNavigation();
    void arrangeToolBar();
    void arrangeSoon();
    void takeBackActions();
    void updatePlaces();
    void updateCounts();
    void updateTitle();
    void updateSession();
    void updateRoleMenu();
    void updateFooter();
    void updateWatching();
    void setScheme(Scheme scheme);
    void setZone(const QByteArray& id);
    void dropPages();
    void leaveConnection();
    void showTrouble();
    void troubleButtonClicked();
    void tellWhatIsNotSaved();
    void probeCertificate();
    void openHelp();
    void openDescription();
    bool mayLeave();
    ReadingContext context() const;

    const Clock& clock_;
    Random& random_;
    QSettings& settings_;
    Switcher* switcher_;
    std::unique_ptr<Session> session_;
    std::optional<client::PresentedCertificate> refused_; ///< of the server that is out of reach
    std::map<PageId, Entry> pages_;                       ///< in the order of the navigation
    QTimeZone zone_ = QTimeZone::systemTimeZone();
    Scheme scheme_ = Scheme::System;
    QTimer minute_{this}; ///< for the words that only time changes

    QAction *reload_, *description_, *find_, *goto_, *quit_;
    Tray* tray_;
    Notifier* notifier_;
    bool quitting_ = false;
    bool arrangeDue_ = false;
    QActionGroup* schemes_;
    QActionGroup* zones_;
    QMenu* workspaceMenu_;
    QAction* workspacePlace_; ///< before it stand workspaceActions_
    QList<QAction*> workspaceActions_;
    QMenu* pageMenu_;
    QMenu* pagesMenu_;
    QMenu* roleMenu_;
    QToolBar* toolBar_;
    QToolBar* pageBar_; ///< inside toolBar_: what finds no room goes into a menu of its own
    QAction *rolePlace_, *statePlace_;
    QList<QAction*> brought_; ///< what stands in pageBar_
    ConnectionButton* connection_;
    QPushButton* role_;
    StateLabel* state_;
    GotoBox* gotoBox_;
    MessageLine* trouble_;
    WeatherBanner* weather_;
    MessageLine* notice_;
    MessageLine* unsaved_;
    bool isUnsavedTold_ = false;
    NavigationList* navigation_;
    QStackedWidget* stack_;
    QWidget* starting_;
    EmptyPage* failure_;
    BusyRing* ring_;
    QLabel* url_;
    CopyButton* copyUrl_;
    QLabel* flow_;
    QLabel* token_;
    QPushButton* zoneButton_;
};

} // namespace iotman::ui
