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
            socket->deleteLater();
        Q_EMIT raiseRequested();
    });
}

bool SingleInstance::raiseOther() const
{
    constexpr int patience = 500; // ms: it is on this computer
    QLocalSocket socket;
    socket.connectToServer(name_);
    return socket.waitForConnected(patience);
}

void SingleInstance::listen()
{
    QLocalServer::removeServer(name_); // what a crash left behind; a living one was asked before
    server_.listen(name_);
}

} // namespace iotman
