// One window per data folder: a second start raises the first one's.
#pragma once

#include <QtCore/qobject.h>
#include <QtNetwork/qlocalserver.h>

namespace iotman {

class SingleInstance final : public QObject {
    Q_OBJECT

public:
    /// `folder` is the data folder whose window this is.
    explicit SingleInstance(const QString& folder);

    /// True when another window of this folder is open; it has been asked to come to the front.
    bool raiseOther() const;
    /// Listens for later starts.
    void listen();

Q_SIGNALS:
    void raiseRequested();

private:
    QString name_;
    QLocalServer server_;
};

} // namespace iotman
