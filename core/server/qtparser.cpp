#include "core/server/qtparser.h"

#include <QtHttpServer/qhttpserverrequest.h>
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
#include <QtHttpServer/qhttpserverresponder.h>
#endif

#include <unistd.h>

#include <cstring>

namespace iotman::server {

RequestPipe::RequestPipe()
{
    setSocketState(ConnectedState);
    setOpenMode(ReadWrite);
}

void RequestPipe::feed(const QByteArray& request)
{
    waiting_ = request;
    taken_ = 0;
    begin_ = pos();
    Q_EMIT readyRead();
    waiting_.clear();
    taken_ = 0;
    begin_ = pos();
}

qint64 RequestPipe::readData(char* data, qint64 most)
{
    const qint64 count = std::min<qint64>(most, waiting_.size() - taken_);
    std::memcpy(data, waiting_.constData() + taken_, static_cast<std::size_t>(count));
    taken_ += count;
    return count;
}

qint64 RequestPipe::writeData(const char*, qint64 size) { return size; }

void QtParser::Door::offer(QTcpSocket* socket)
{
    offered_ = socket;
    // Which of QTcpServer's two signals QHttpServer waits for differs between versions; the second one is private.
    Q_EMIT newConnection();
    if (offered_)
        QMetaObject::invokeMethod(this, "pendingConnectionAvailable", Qt::DirectConnection);
}

void QtParser::Door::incomingConnection(qintptr descriptor) { ::close(static_cast<int>(descriptor)); }

QtParser::QtParser() : door_(new Door)
{
    // QAbstractHttpServer only takes a server that listens; once it has it, nothing needs to.
    door_->listen(QHostAddress::LocalHost, 0);
    bind(door_);
    door_->close();
}

RequestPipe* QtParser::open()
{
    auto* pipe = new RequestPipe;
    door_->offer(pipe);
    return pipe;
}

bool QtParser::parse(RequestPipe& pipe, const QByteArray& request, const Handler& handler)
{
    handled_ = false;
    handler_ = &handler;
    pipe.feed(request);
    handler_ = nullptr;
    return handled_;
}

#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
bool QtParser::handleRequest(const QHttpServerRequest& request, QTcpSocket*)
#else
bool QtParser::handleRequest(const QHttpServerRequest& request, QHttpServerResponder&)
#endif
{
    if (handler_) {
        handled_ = true;
        (*handler_)(request.body());
    }
    return true;
}

#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
void QtParser::missingHandler(const QHttpServerRequest&, QTcpSocket*) {}
#elif QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
void QtParser::missingHandler(const QHttpServerRequest&, QHttpServerResponder&) {}
#else
void QtParser::missingHandler(const QHttpServerRequest&, QHttpServerResponder&&) {}
#endif

} // namespace iotman::server
