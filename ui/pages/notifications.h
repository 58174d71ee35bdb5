// How a desktop tells people of what happens while they look elsewhere.
#pragma once

#include <QObject>
#include <QString>

#include <map>
#include <optional>

class QDBusPendingCallWatcher;

namespace iotman::ui {

struct Notice {
    QString about; ///< one of the same subject takes its place
    QString title;
    QString text; ///< plain

    bool operator==(const Notice&) const = default;
};

class Notifications : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Whether the desktop shows them at all; it may become known late.
    virtual bool isAvailable() const = 0;
    virtual void show(const Notice& notice) = 0;

Q_SIGNALS:
    void availableChanged();
    void clicked();
};

/// Those of the desktop: the service org.freedesktop.Notifications on the session bus. It starts no service before there is
/// something to show, and never waits for one.
class DesktopNotifications : public Notifications {
    Q_OBJECT

public:
    explicit DesktopNotifications(QObject* parent = nullptr);

    bool isAvailable() const override { return available_; }
    void show(const Notice& notice) override;

private Q_SLOTS:
    void invoked(uint id, const QString& action);

private:
    void lookForService();
    void setAvailable(bool available);
    void send(const Notice& notice);

    bool available_ = false;
    std::optional<bool> readsMarkup_; ///< whether it takes “&” and “<” for more than themselves; nothing: not asked yet
    std::map<QString, uint> shown_;   ///< the number of the last one of each subject
};

} // namespace iotman::ui
