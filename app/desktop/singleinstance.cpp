#include "app/desktop/singleinstance.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qfileinfo.h>
#include <QtNetwork/qlocalsocket.h>

namespace iotman {

namespace {

/// The same for every spelling of the folder; a socket's name has no room for its path.
QString socketName(const QString& folder)
{
    const QFileInfo info(folder);
    const QString path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();
    const QByteArray hash = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).toHex().left(24);
    return QStringLiteral("iotman-desktop-") + QString::fromLatin1(hash);
}

} // namespace

SingleInstance::SingleInstance(const QString& folder)
    : name_(socketName(folder))
{
    server_.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&server_, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* socket = server_.nextPendingConnection())
            listenTo(socket);
        Q_EMIT raiseRequested();
    });
}

bool SingleInstance::handOver(const QString& address) const
{
    constexpr int patience = 500; // ms: it is on this computer
    QLocalSocket socket;
    socket.connectToServer(name_);
    if (!socket.waitForConnected(patience))
        return false;
    if (!address.isEmpty()) {
        socket.write(address.toUtf8());
        socket.waitForBytesWritten(patience);
    }
    socket.disconnectFromServer();
    return true;
}

/// All that comes is one address; who sends more than one can be is not one of us.
void SingleInstance::listenTo(QLocalSocket* socket)
{
    constexpr qint64 longestAddress = 8 << 10; // bytes
    const auto ended = [this, socket] {
        const QByteArray address = socket->readAll();
        socket->deleteLater();
        if (!address.isEmpty() && address.size() <= longestAddress)
            Q_EMIT connectRequested(QString::fromUtf8(address));
    };
    connect(socket, &QLocalSocket::readyRead, this, [socket] {
        if (socket->bytesAvailable() > longestAddress)
            socket->abort(); // what it held goes with it
    });
    if (socket->state() == QLocalSocket::ConnectedState)
        connect(socket, &QLocalSocket::disconnected, this, ended);
    else
        ended();
}

void SingleInstance::listen()
{
    QLocalServer::removeServer(name_); // what a crash left behind; a living one was asked before
    server_.listen(name_);
}

} // namespace iotman
