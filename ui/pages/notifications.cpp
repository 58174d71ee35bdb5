#include "ui/pages/notifications.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QGuiApplication>

namespace iotman::ui {

namespace {

const QString notificationService = QStringLiteral("org.freedesktop.Notifications");

QDBusMessage toService(const QString& method, const QVariantList& arguments = {})
{
    QDBusMessage message = QDBusMessage::createMethodCall(notificationService, QStringLiteral("/org/freedesktop/Notifications"),
                                                          notificationService, method);
    message.setArguments(arguments);
    return message;
}

QDBusMessage toBus(const QString& method, const QVariantList& arguments = {})
{
    const QString bus = QStringLiteral("org.freedesktop.DBus");
    QDBusMessage message = QDBusMessage::createMethodCall(bus, QStringLiteral("/org/freedesktop/DBus"), bus, method);
    message.setArguments(arguments);
    return message;
}

/// Sends and runs `reply` with what came; an answer that is none of `Value` is an empty one.
template <class Value>
void ask(QObject* context, const QDBusMessage& message, std::function<void(Value)> reply)
{
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [reply = std::move(reply), watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<Value> answer = *watcher;
        reply(answer.isValid() ? answer.value() : Value());
    });
}

} // namespace

DesktopNotifications::DesktopNotifications(QObject* parent)
    : Notifications(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto* watcher = new QDBusServiceWatcher(notificationService, bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this, [this] {
        readsMarkup_.reset();
        shown_.clear();
        lookForService();
    });
    bus.connect(notificationService, QStringLiteral("/org/freedesktop/Notifications"), notificationService,
                QStringLiteral("ActionInvoked"), this, SLOT(invoked(uint, QString)));
    lookForService();
}

/// It runs, or the bus would start it.
void DesktopNotifications::lookForService()
{
    ask<bool>(this, toBus(QStringLiteral("NameHasOwner"), {notificationService}), [this](bool runs) {
        if (runs)
            return setAvailable(true);
        ask<QStringList>(this, toBus(QStringLiteral("ListActivatableNames")),
                         [this](const QStringList& names) { setAvailable(names.contains(notificationService)); });
    });
}

void DesktopNotifications::setAvailable(bool available)
{
    if (std::exchange(available_, available) != available)
        Q_EMIT availableChanged();
}

void DesktopNotifications::show(const Notice& notice)
{
    if (!available_)
        return;
    if (readsMarkup_)
        return send(notice);
    ask<QStringList>(this, toService(QStringLiteral("GetCapabilities")), [this, notice](const QStringList& capabilities) {
        readsMarkup_ = capabilities.contains(QStringLiteral("body-markup"));
        send(notice);
    });
}

// Desktop Notifications Specification 1.2, org.freedesktop.Notifications.Notify
void DesktopNotifications::send(const Notice& notice)
{
    const auto before = shown_.find(notice.about);
    const QVariantList arguments{QGuiApplication::applicationDisplayName(),
                                 before == shown_.end() ? 0U : before->second,
                                 QGuiApplication::desktopFileName(), // the icon has its name
                                 notice.title,
                                 *readsMarkup_ ? notice.text.toHtmlEscaped() : notice.text,
                                 QStringList{QStringLiteral("default"), tr("Show the window")},
                                 QVariantMap{{QStringLiteral("desktop-entry"), QGuiApplication::desktopFileName()}},
                                 -1};
    ask<uint>(this, toService(QStringLiteral("Notify"), arguments),
              [this, about = notice.about](uint id) { shown_[about] = id; });
}

/// Everyone hears of everyone's.
void DesktopNotifications::invoked(uint id, const QString& /*action*/)
{
    for (const auto& [about, own] : shown_) {
        if (own == id && id != 0)
            return Q_EMIT clicked();
    }
}

} // namespace iotman::ui
