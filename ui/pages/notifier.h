// What people are told of while they look elsewhere: the connection's state, and what pages bring.
#pragma once

#include "ui/pages/connection.h"
#include "ui/pages/notifications.h"

#include <QPointer>

class QAction;
class QSettings;
class QWidget;

namespace iotman::ui {

class Session;
class Tray;

/// What is worth telling of a change from `before` to `now`; nothing for most. It has no words of the server's in it.
std::optional<Notice> noticeOf(const ConnectionState& before, const ConnectionState& now, const QString& connection);

/// Off unless somebody allows it. Where the desktop has no notifications, the tray's icon shows them if it is there; else the
/// choice is disabled and says why.
class Notifier : public QObject {
    Q_OBJECT

public:
    /// `window`: news of the connection are for those who do not look at it. `settings` remembers whether it is wanted. All but
    /// `notifications`, which becomes its own, must outlive it.
    Notifier(QWidget* window, Tray& tray, QSettings& settings, Notifications* notifications);

    /// “Desktop notifications”.
    QAction* action() const { return wanted_; }
    bool isOn() const;
    /// The session of now, whose states are told.
    void watch(Session& session);
    void tell(const Notice& notice);

Q_SIGNALS:
    void changed(); ///< isOn has another value
    void clicked();

private:
    void update();

    QWidget* window_;
    Tray& tray_;
    QSettings& settings_;
    Notifications* notifications_;
    QAction* wanted_;
    ConnectionState last_;
};

} // namespace iotman::ui
