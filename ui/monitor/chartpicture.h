// A picture of a layout, made without anybody looking.
#pragma once

#include "ui/monitor/monitorlayout.h"

#include <QObject>
#include <QSize>
#include <QTimer>

#include <optional>

namespace iotman {

class EndpointFeed;
class MonitorPage;

/// Draws a layout once the history that it shows is there, saves it and ends.
class ChartPicture : public QObject {
    Q_OBJECT

public:
    static constexpr QSize size{1600, 900};

    /// `page` must be connected and is also the parent; it is shown, but on no screen. `file` becomes a PNG picture of `size`.
    ChartPicture(MonitorPage& page, const MonitorLayout& layout, const QString& file);

Q_SIGNALS:
    /// An empty text: the picture is saved.
    void finished(const QString& error);

private:
    bool isRead(const EndpointFeed& feed) const;
    bool isComplete() const;
    QString refusal() const;
    void look();
    void end(const QString& error);

    MonitorPage& page_;
    MonitorLayout layout_;
    QString file_;
    QTimer looking_;
    int looks_ = 0;
};

} // namespace iotman
