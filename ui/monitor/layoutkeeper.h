// Keeps each workspace's layout of the Monitor in the desktop's settings.
#pragma once

#include <QObject>
#include <QString>

class QSettings;

namespace iotman {

class MonitorPage;

class LayoutKeeper : public QObject {
    Q_OBJECT

public:
    /// `page` is also the parent; `settings` must outlive it.
    LayoutKeeper(MonitorPage& page, QSettings& settings);

    /// The page shows this workspace: what was left there comes back, and is kept from now on. Does nothing when it is asked
    /// again, or while the workspace's id is not known (empty).
    void keep(const QString& workspaceId);

private:
    QString key() const;
    void save();

    MonitorPage& page_;
    QSettings& settings_;
    QString workspace_;
};

} // namespace iotman
