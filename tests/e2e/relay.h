// A stretch of network between a client and a server that a test can cut.
#pragma once

#include <QtCore/qpointer.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

namespace iotman::test {

/// Listens on a free port of 127.0.0.1 and hands bytes on, while it is not cut.
class Relay {
public:
    explicit Relay(int target)
        : target_(static_cast<quint16>(target))
    {
        if (!server_.listen(QHostAddress::LocalHost))
            qFatal("no free port");
        QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] {
            while (QTcpSocket* near = server_.nextPendingConnection())
                join(near);
        });
    }

    int port() const { return server_.serverPort(); }

    /// Ends all connections, and each new one at once.
    void cut()
    {
        isCut_ = true;
        for (const QPointer<QTcpSocket>& socket : qAsConst(sockets_)) {
            if (socket)
                socket->abort();
        }
        sockets_.clear();
    }
    void resume() { isCut_ = false; }

private:
    void join(QTcpSocket* near)
    {
        if (isCut_) {
            near->abort();
            near->deleteLater();
            return;
        }
        auto* far = new QTcpSocket(near);
        far->connectToHost(QHostAddress(QHostAddress::LocalHost), target_);
        const auto pump = [](QTcpSocket* from, QTcpSocket* to) {
            QObject::connect(from, &QTcpSocket::readyRead, to, [from, to] { to->write(from->readAll()); });
            QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
        };
        pump(near, far);
        pump(far, near);
        sockets_ << near << far;
    }

    quint16 target_;
    QTcpServer server_;
    QList<QPointer<QTcpSocket>> sockets_;
    bool isCut_ = false;
};

} // namespace iotman::test
