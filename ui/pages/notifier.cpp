#include "ui/pages/notifier.h"

#include "ui/look/reasonedaction.h"
#include "ui/pages/session.h"
#include "ui/pages/tray.h"

#include <QAction>
#include <QSettings>
#include <QWidget>

namespace iotman::ui {

namespace {

const QString notificationsKey = QStringLiteral("window/notifications");

} // namespace

std::optional<Notice> noticeOf(const ConnectionState& before, const ConnectionState& now, const QString& connection)
{
    // Whoever connects looks at how that goes; what follows may come while they do not.
    if (before.phase == Phase::Connecting || before.phase == now.phase)
        return std::nullopt;
    const auto notice = [&](const QString& title, const QString& text) {
        return Notice{QStringLiteral("connection"), title.arg(connection), text};
    };
    switch (now.phase) {
    case Phase::Running:
        return notice(Notifier::tr("%1 is back", "connection"), Notifier::tr("Everything is read again."));
    case Phase::Offline:
        return notice(Notifier::tr("%1 is out of reach", "connection"), Notifier::tr("It is tried again by itself."));
    case Phase::SignInNeeded:
        return notice(Notifier::tr("%1 needs a sign-in", "connection"), Notifier::tr("Until then nothing new is read."));
    case Phase::Failed:
        return notice(Notifier::tr("%1 does not answer as it should", "connection"), Notifier::tr("The window says why."));
    case Phase::Connecting:
        break;
    }
    return std::nullopt;
}

Notifier::Notifier(QWidget* window, Tray& tray, QSettings& settings, Notifications* notifications)
    : QObject(window)
    , window_(window)
    , tray_(tray)
    , settings_(settings)
    , notifications_(notifications)
    , wanted_(new QAction(tr("Desktop &notifications"), this))
{
    notifications_->setParent(this);
    wanted_->setCheckable(true);
    wanted_->setChecked(settings.value(notificationsKey, false).toBool());
    connect(wanted_, &QAction::toggled, this, [this](bool on) {
        settings_.setValue(notificationsKey, on);
        Q_EMIT changed();
    });
    connect(notifications_, &Notifications::availableChanged, this, &Notifier::update);
    connect(notifications_, &Notifications::clicked, this, &Notifier::clicked);
    connect(&tray_, &Tray::changed, this, &Notifier::update);
    update();
}

void Notifier::update()
{
    setAllowed(wanted_, notifications_->isAvailable() || tray_.isOn(),
               tr("This desktop shows no notifications, unless the tray has the program’s icon."));
    Q_EMIT changed();
}

bool Notifier::isOn() const
{
    return wanted_->isChecked() && wanted_->isEnabled();
}

void Notifier::watch(Session& session)
{
    last_ = session.state();
    connect(&session, &Session::stateChanged, this, [this, &session](const ConnectionState& state) {
        const auto notice = noticeOf(std::exchange(last_, state), state, session.connection().name);
        if (notice && !window_->isActiveWindow())
            tell(*notice);
    });
}

void Notifier::tell(const Notice& notice)
{
    if (!isOn())
        return;
    if (notifications_->isAvailable())
        notifications_->show(notice);
    else
        tray_.showMessage(notice.title, notice.text);
}

} // namespace iotman::ui
