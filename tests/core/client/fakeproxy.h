// A proxy of the tests' own, HTTP (CONNECT alone) or SOCKS 5. It finds every name on this computer and keeps what it was asked.
#pragma once

#include <QHostAddress>
#include <QList>
#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace iotman::client {

class FakeProxy : public QObject {
    Q_OBJECT

public:
    enum class Kind { Http, Socks };
    /// With a user it lets nobody else through.
    explicit FakeProxy(Kind kind, const QByteArray& user = {}, const QByteArray& password = {});

    /// How a client is told of it.
    QNetworkProxy proxy(const QString& user = {}, const QString& password = {}) const;
    quint16 port() const { return server_.serverPort(); }

    QByteArrayList tunnels; ///< what was asked for and let through, “host:port”
    int refusals = 0;       ///< of those who did not say who they are, or said it wrongly
    QByteArray carried;     ///< all that clients sent through tunnels

private:
    using Step = std::function<bool(QTcpSocket&)>; ///< takes what has come; false: waits for more

    void serve(QTcpSocket* socket);
    void proceed(QTcpSocket& socket, Step step);
    bool connectHead(QTcpSocket& socket);
    bool socksGreeting(QTcpSocket& socket);
    bool socksSignIn(QTcpSocket& socket);
    bool socksRequest(QTcpSocket& socket);
    void tunnel(QTcpSocket& socket, const QByteArray& host, quint16 port, const QByteArray& answer);

    Kind kind_;
    QByteArray user_, password_;
    QTcpServer server_;
};

} // namespace iotman::client
