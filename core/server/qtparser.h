// QHttpServer behind the guard. All that differs between versions of Qt is in this file and its .cpp.
#pragma once

#include <QtHttpServer/qabstracthttpserver.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

#include <functional>

namespace iotman::server {

/// What QHttpServer takes for a connection: it reads requests here that the guard has read, checked and made plain before, each whole.
/// It never sees the wire. Answers are written by the connection itself; what Qt would write of its own accord is dropped.
class RequestPipe final : public QTcpSocket {
public:
    RequestPipe();

    /// Lets QHttpServer parse `request`; the server's handler has been called when this returns, unless Qt refused it.
    void feed(const QByteArray& request);

    /// QIODevice keeps what is read of a sequential device in a transaction, and looks for each byte anew: QHttpServer reads heads byte
    /// by byte in one, in case the rest has not come. Here it is all there.
    bool isSequential() const override { return false; }
    qint64 bytesAvailable() const override { return waiting_.size() - (pos() - begin_); }

protected:
    qint64 readData(char* data, qint64 most) override;
    qint64 writeData(const char* data, qint64 size) override;

private:
    QByteArray waiting_;
    qsizetype taken_ = 0; ///< of it, into QIODevice's buffer
    qint64 begin_ = 0;    ///< its place among all that came
};

/// One per worker thread.
class QtParser final : public QAbstractHttpServer {
public:
    /// Called for each request that was parsed, with its body.
    using Handler = std::function<void(const QByteArray& body)>;

    QtParser();

    /// A new pipe, owned by the caller.
    RequestPipe* open();

    /// Parses one request on its pipe. False when QHttpServer refused what the guard let through.
    bool parse(RequestPipe& pipe, const QByteArray& request, const Handler& handler);

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) override;
    void missingHandler(const QHttpServerRequest& request, QTcpSocket* socket) override;
#else
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder&& responder) override;
#else
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
#endif
#endif

private:
    /// The listening socket that QHttpServer insists on; nothing is ever accepted here.
    class Door final : public QTcpServer {
    public:
        void offer(QTcpSocket* socket);
        bool hasPendingConnections() const override { return offered_ != nullptr; }
        QTcpSocket* nextPendingConnection() override { return std::exchange(offered_, nullptr); }

    protected:
        void incomingConnection(qintptr descriptor) override;

    private:
        QTcpSocket* offered_ = nullptr;
    };

    Door* door_; ///< owned by the base class
    const Handler* handler_ = nullptr;
    bool handled_ = false;
};

} // namespace iotman::server
