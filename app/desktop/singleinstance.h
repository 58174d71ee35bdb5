// One window per data folder: a second start raises the first one's, and hands on what it was to connect to.
#pragma once

#include <QtCore/qobject.h>
#include <QtNetwork/qlocalserver.h>

class QLocalSocket;

namespace iotman {

class SingleInstance final : public QObject {
    Q_OBJECT

public:
    /// `folder` is the data folder whose window this is.
    explicit SingleInstance(const QString& folder);

    /// True when another window of this folder is open; it has been asked to come to the front, and to connect to `address` where
    /// that is not empty.
    bool handOver(const QString& address) const;
    /// Listens for later starts.
    void listen();

Q_SIGNALS:
    void raiseRequested();
    void connectRequested(const QString& address);

private:
    void listenTo(QLocalSocket* socket);

    QString name_;
    QLocalServer server_;
};

} // namespace iotman
