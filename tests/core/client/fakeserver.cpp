#include "tests/core/client/fakeserver.h"

#include "tests/core/client/selfsigned.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSslKey>
#include <QSslServer>
#include <QUrlQuery>

namespace iotman::client {

namespace {

QString& printed()
{
    static QString text;
    return text;
}

void collect(QtMsgType, const QMessageLogContext&, const QString& message)
{
    printed() += message + u'\n';
}

QSslConfiguration configurationOf(FakeServer::Tls tls)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (tls == FakeServer::Tls::OtherName || tls == FakeServer::Tls::Expired) {
        const bool expired = tls == FakeServer::Tls::Expired;
        configuration.setLocalCertificate(QSslCertificate(expired ? expiredCertificate : selfSignedCertificate));
        configuration.setPrivateKey(QSslKey(selfSignedKey, QSsl::Ec));
        return configuration;
    }
    const bool renewed = tls == FakeServer::Tls::Renewed;
    configuration.setLocalCertificate(
        QSslCertificate(certificateFile(renewed ? QStringLiteral("renewed.pem") : QStringLiteral("server.pem"))));
    configuration.setPrivateKey(QSslKey(certificateFile(QStringLiteral("server.key")), QSsl::Ec));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (tls == FakeServer::Tls::Demanding) {
        configuration.setCaCertificates({QSslCertificate(certificateFile(QStringLiteral("authority.pem")))});
        configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    }
    return configuration;
}

/// The head of a request as values; its body is read by its length.
FakeRequest requestFrom(const QByteArray& bytes, qsizetype headEnd)
{
    FakeRequest request;
    request.head = bytes.left(headEnd);
    const QList<QByteArray> line = request.head.left(request.head.indexOf('\r')).split(' ');
    request.method = line.value(0);
    request.target = line.value(1);
    request.body = bytes.mid(headEnd + 4, request.header("Content-Length").toLongLong());
    return request;
}

} // namespace

QByteArray FakeRequest::header(QByteArrayView name) const
{
    for (const QByteArray& line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && QByteArrayView(line).first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QString FakeRequest::parameter(const QString& name) const
{
    return QUrlQuery(QUrl(QString::fromLatin1(target))).queryItemValue(name, QUrl::FullyDecoded);
}

FakeServer::FakeServer(Tls tls)
    : isSecure_(tls != Tls::No)
{
    if (isSecure_) {
        auto secure = std::make_unique<QSslServer>();
        secure->setSslConfiguration(configurationOf(tls));
        server_ = std::move(secure);
    } else {
        server_ = std::make_unique<QTcpServer>();
    }
    server_->listen(QHostAddress::LocalHost);
    connect(server_.get(), &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket* socket = server_->nextPendingConnection()) {
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { readyRead(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            readyRead(socket);
        }
    });
    connect(&upgrades_, &QWebSocketServer::newConnection, this, [this] {
        while (QWebSocket* stream = upgrades_.nextPendingConnection()) {
            stream->setParent(this);
            streams_ << stream;
            opened(*stream, upgrading_.takeFirst());
        }
    });
}

QUrl FakeServer::url(const QString& path) const
{
    QUrl url(QStringLiteral("%1://127.0.0.1:%2")
                 .arg(isSecure_ ? QStringLiteral("https") : QStringLiteral("http"))
                 .arg(server_->serverPort()));
    url.setPath(path);
    return url;
}

QUrl FakeServer::namedUrl(const QString& path) const
{
    QUrl named = url(path);
    named.setHost(QStringLiteral("iot.example"));
    return named;
}

qsizetype FakeServer::count(const QByteArray& path) const
{
    return std::count_if(requests.begin(), requests.end(), [&](const FakeRequest& request) { return request.path() == path; });
}

void FakeServer::readyRead(QTcpSocket* socket)
{
    const QByteArray bytes = socket->peek(socket->bytesAvailable());
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return;
    const FakeRequest request = requestFrom(bytes, headEnd);
    const qsizetype length = headEnd + 4 + request.header("Content-Length").toLongLong();
    if (bytes.size() < length)
        return;
    requests << request;
    if (const auto* secure = qobject_cast<QSslSocket*>(socket))
        shown << secure->peerCertificate().subjectInfo(QSslCertificate::CommonName).join(u',');
    if (request.header("Upgrade").toLower() == "websocket" && upgrade(request))
        return letIn(socket, request);
    socket->read(length);
    respond(socket, answer(request));
}

void FakeServer::respond(QTcpSocket* socket, const FakeAnswer& given)
{
    if (given.hang)
        return;
    if (!given.raw.isEmpty()) {
        socket->write(given.raw);
        if (given.hold)
            held_ << socket;
        else
            socket->disconnectFromHost();
        return;
    }
    socket->write("HTTP/1.1 " + QByteArray::number(given.status) + " Status\r\n" + given.headers + "Content-Type: " + given.type +
                  "\r\nContent-Length: " + QByteArray::number(given.body.size()) + "\r\n\r\n" + given.body);
}

void FakeServer::letIn(QTcpSocket* socket, const FakeRequest& request)
{
    socket->disconnect(this);
    if (!rawOpened) {
        upgrading_ << request;
        upgrades_.handleConnection(socket);
        return;
    }
    socket->readAll();
    // RFC 6455 §4.2.2
    const QByteArray key = request.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    socket->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                  QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64() + "\r\n\r\n");
    rawOpened(*socket, request);
}

QByteArray certificateFile(const QString& name)
{
    QFile file(QStringLiteral(IOTMAN_SOURCE_DIR "/tests/core/client/certificates/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Printed::Printed()
{
    printed().clear();
    qInstallMessageHandler(collect);
}

Printed::~Printed()
{
    qInstallMessageHandler(nullptr);
}

QString Printed::text()
{
    return printed();
}

FakeAnswer tokenAnswer(const QByteArray& token, const QByteArray& more)
{
    FakeAnswer answer;
    answer.body = "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"" + more + "}";
    return answer;
}

} // namespace iotman::client
