#include "tests/core/client/fakeproxy.h"

#include <QtEndian>

namespace iotman::client {

FakeProxy::FakeProxy(Kind kind, const QByteArray& user, const QByteArray& password)
    : kind_(kind)
    , user_(user)
    , password_(password)
{
    server_.listen(QHostAddress::LocalHost);
    connect(&server_, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = server_.nextPendingConnection())
            serve(socket);
    });
}

QNetworkProxy FakeProxy::proxy(const QString& user, const QString& password) const
{
    return {kind_ == Kind::Http ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy, QStringLiteral("127.0.0.1"), port(),
            user, password};
}

void FakeProxy::serve(QTcpSocket* socket)
{
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    proceed(*socket, kind_ == Kind::Http ? Step([this](QTcpSocket& from) { return connectHead(from); })
                                         : Step([this](QTcpSocket& from) { return socksGreeting(from); }));
}

/// Each step hears of the socket alone until it has what it needs.
void FakeProxy::proceed(QTcpSocket& socket, Step step)
{
    disconnect(&socket, &QTcpSocket::readyRead, this, nullptr);
    connect(&socket, &QTcpSocket::readyRead, this, [&socket, step] { step(socket); });
    if (socket.bytesAvailable() > 0)
        QMetaObject::invokeMethod(
            &socket, [&socket, step] { step(socket); }, Qt::QueuedConnection);
}

// RFC 9110 §9.3.6
bool FakeProxy::connectHead(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(socket.bytesAvailable());
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = socket.read(end + 4);
    const QByteArray target = head.split(' ').value(1);
    const QByteArray allowed = "Proxy-Authorization: Basic " + QByteArray(user_ + ':' + password_).toBase64() + "\r\n";
    if (!head.startsWith("CONNECT ") || (!user_.isEmpty() && !head.contains(allowed))) {
        ++refusals;
        socket.write("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n");
        return true;
    }
    const qsizetype colon = target.lastIndexOf(':');
    tunnel(socket, target.left(colon), target.mid(colon + 1).toUShort(), "HTTP/1.1 200 Go on\r\n\r\n");
    return true;
}

// RFC 1928 §3
bool FakeProxy::socksGreeting(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(socket.bytesAvailable());
    if (bytes.size() < 2 || bytes.size() < 2 + bytes.at(1))
        return false;
    const QByteArray methods = socket.read(2 + bytes.at(1)).mid(2);
    const char method = user_.isEmpty() ? 0 : 2;
    if (!methods.contains(method)) {
        ++refusals;
        socket.write("\x05\xff", 2);
        socket.disconnectFromHost();
        return true;
    }
    socket.write(QByteArray("\x05") + method);
    proceed(socket, user_.isEmpty() ? Step([this](QTcpSocket& from) { return socksRequest(from); })
                                    : Step([this](QTcpSocket& from) { return socksSignIn(from); }));
    return true;
}

// RFC 1929 §2
bool FakeProxy::socksSignIn(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(socket.bytesAvailable());
    if (bytes.size() < 2 || bytes.size() < 3 + bytes.at(1) || bytes.size() < 3 + bytes.at(1) + bytes.at(2 + bytes.at(1)))
        return false;
    const QByteArray user = bytes.mid(2, bytes.at(1));
    const QByteArray password = bytes.mid(3 + user.size(), bytes.at(2 + user.size()));
    socket.read(3 + user.size() + password.size());
    const bool right = user == user_ && password == password_;
    socket.write(right ? QByteArray("\x01\x00", 2) : QByteArray("\x01\x01", 2));
    if (right) {
        proceed(socket, [this](QTcpSocket& from) { return socksRequest(from); });
    } else {
        ++refusals;
        socket.disconnectFromHost();
    }
    return true;
}

// RFC 1928 §4, with names alone: who sends an address has looked it up without the proxy.
bool FakeProxy::socksRequest(QTcpSocket& socket)
{
    const QByteArray bytes = socket.peek(socket.bytesAvailable());
    if (bytes.size() < 5 || bytes.size() < 7 + bytes.at(4))
        return false;
    socket.read(7 + bytes.at(4));
    if (bytes.at(1) != 1 || bytes.at(3) != 3) {
        socket.write(QByteArray("\x05\x07\x00\x01\0\0\0\0\0\0", 10));
        socket.disconnectFromHost();
        return true;
    }
    const QByteArray host = bytes.mid(5, bytes.at(4));
    tunnel(socket, host, qFromBigEndian<quint16>(bytes.constData() + 5 + host.size()),
           QByteArray("\x05\x00\x00\x01\0\0\0\0\0\0", 10));
    return true;
}

void FakeProxy::tunnel(QTcpSocket& socket, const QByteArray& host, quint16 port, const QByteArray& answer)
{
    tunnels << QByteArray(host + ':' + QByteArray::number(port));
    disconnect(&socket, &QTcpSocket::readyRead, this, nullptr);
    auto* far = new QTcpSocket(&socket);
    const auto forth = [this, &socket, far] {
        const QByteArray bytes = socket.readAll();
        carried += bytes;
        far->write(bytes);
    };
    connect(far, &QTcpSocket::connected, &socket, [&socket, answer, forth] {
        socket.write(answer);
        forth();
    });
    connect(&socket, &QTcpSocket::readyRead, far, [far, forth] {
        if (far->state() == QAbstractSocket::ConnectedState)
            forth();
    });
    connect(far, &QTcpSocket::readyRead, &socket, [&socket, far] { socket.write(far->readAll()); });
    connect(far, &QTcpSocket::disconnected, &socket, &QTcpSocket::disconnectFromHost);
    far->connectToHost(QHostAddress::LocalHost, port);
}

} // namespace iotman::client
