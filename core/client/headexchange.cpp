#include "core/client/headexchange.h"

#include "core/client/address.h"
#include "core/client/text.h"

#include <QElapsedTimer>
#include <QSslSocket>
#include <QTimer>

#include <algorithm>

namespace iotman::client {

namespace {

constexpr qsizetype longestHead = 64 << 10; // bytes

bool isClean(QByteArrayView text)
{
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

QByteArray wireText(const HttpRequest& request)
{
    QByteArray target = request.url.path(QUrl::FullyEncoded).toLatin1();
    if (target.isEmpty())
        target = "/";
    if (request.url.hasQuery())
        target += '?' + request.url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray text = request.method + ' ' + target + " HTTP/1.1\r\nHost: " + request.url.host(QUrl::FullyEncoded).toLatin1();
    if (request.url.host().contains(u':')) // an IPv6 address
        text = request.method + ' ' + target + " HTTP/1.1\r\nHost: [" + request.url.host().toLatin1() + ']';
    if (request.url.port() > 0)
        text += ':' + QByteArray::number(request.url.port());
    text += "\r\n";
    for (const auto& [name, value] : request.headers)
        text += name + ": " + value + "\r\n";
    return text + "\r\n";
}

/// It deletes itself when it is done.
class HeadExchange : public QObject {
public:
    HeadExchange(Network& network, const HttpRequest& request, Pending<HttpAnswer> pending)
        : QObject(&network)
        , network_(network)
        , where_(authorityText(request.url))
        , text_(wireText(request))
        , pending_(std::move(pending))
    {
        elapsed_.start();
        const QPointer<HeadExchange> self(this);
        pending_.onCancel([self] {
            if (self)
                self->leave();
        });
        const bool encrypted = request.url.scheme() == u"https" || request.url.scheme() == u"wss";
        connect(&socket_, &QSslSocket::readyRead, this, &HeadExchange::read);
        connect(&socket_, &QAbstractSocket::errorOccurred, this, &HeadExchange::failed);
        connect(&socket_, &QSslSocket::sslErrors, this,
                [this](const QList<QSslError>& errors) { tls_ = certificateReason(errors); });
        if (encrypted)
            connect(&socket_, &QSslSocket::encrypted, this, &HeadExchange::write);
        else
            connect(&socket_, &QSslSocket::connected, this, &HeadExchange::write);
        silence_.setSingleShot(true);
        silence_.callOnTimeout(this, [this] { end(noAnswer(QStringLiteral("%1 did not answer in time.").arg(where_))); });
        silence_.start(network.settings().silence);
        socket_.setProxy(network.proxyFor(request.url));
        const QString host = request.url.host();
        const auto port = static_cast<quint16>(request.url.port(encrypted ? 443 : 80));
        if (encrypted) {
            socket_.setSslConfiguration(network.tls());
            socket_.connectToHostEncrypted(host, port);
        } else {
            socket_.connectToHost(host, port);
        }
    }

private:
    static Expected<HttpAnswer> noAnswer(const QString& why) { return fail(Problem::Unavailable, fromQt(why)); }

    void write() { socket_.write(text_); }

    void read()
    {
        silence_.start();
        head_ += socket_.readAll();
        for (;;) {
            const qsizetype stop = head_.indexOf("\r\n\r\n");
            if (stop < 0)
                break;
            std::optional<HttpAnswer> answer = parseHead(QByteArrayView(head_).first(stop + 2));
            if (!answer)
                return end(noAnswer(QStringLiteral("%1 answered with something that is not HTTP.").arg(where_)));
            if (answer->status >= 200 || answer->status == 101) {
                answer->elapsed = std::chrono::milliseconds(elapsed_.elapsed());
                return end(std::move(*answer));
            }
            head_.remove(0, stop + 4); // RFC 9110 §15.2: an interim answer, the real one follows
        }
        if (head_.size() > longestHead)
            end(fail(Problem::TooLarge, "The head of the answer of " + fromQt(where_) + " is longer than 64 KiB."));
    }

    void failed()
    {
        if (tls_.isEmpty())
            tls_ = clientCertificateReason(socket_.errorString(), network_.settings());
        const QString reason = socket_.error() == QAbstractSocket::ConnectionRefusedError
                                   ? QStringLiteral("%1 refuses connections. Is the server running?").arg(where_)
                               : socket_.error() == QAbstractSocket::HostNotFoundError
                                   ? QStringLiteral("No computer named “%1” was found.").arg(where_)
                               : !tls_.isEmpty() ? QStringLiteral("No secure connection to %1: %2").arg(where_, tls_)
                               : socket_.error() == QAbstractSocket::RemoteHostClosedError
                                   ? QStringLiteral("%1 closed the connection without an answer.").arg(where_)
                                   : QStringLiteral("%1 could not be reached.").arg(where_);
        end(noAnswer(reason));
    }

    void leave()
    {
        socket_.disconnect(this);
        silence_.stop();
        socket_.abort();
        deleteLater();
    }

    void end(Expected<HttpAnswer> result)
    {
        leave();
        pending_.finish(std::move(result)); // may delete the network and this with it
    }

    const Network& network_;
    QString where_;
    QByteArray text_;
    Pending<HttpAnswer> pending_;
    QSslSocket socket_;
    QTimer silence_;
    QElapsedTimer elapsed_;
    QByteArray head_;
    QString tls_;
};

} // namespace

std::optional<HttpAnswer> parseHead(QByteArrayView text)
{
    HttpAnswer answer;
    bool isFirst = true;
    for (const QByteArray& line : text.toByteArray().split('\n')) {
        const QByteArray trimmed = line.trimmed();
        if (isFirst) {
            isFirst = false;
            const qsizetype blank = trimmed.indexOf(' ');
            bool isNumber = false;
            answer.status = trimmed.mid(blank + 1, 3).toInt(&isNumber);
            if (!trimmed.startsWith("HTTP/1.") || blank < 0 || !isNumber || answer.status < 100)
                return std::nullopt;
            answer.reason = trimmed.mid(blank + 5);
        } else if (!trimmed.isEmpty()) {
            const qsizetype colon = trimmed.indexOf(':');
            if (colon <= 0)
                return std::nullopt;
            answer.headers.emplaceBack(trimmed.left(colon).trimmed(), trimmed.mid(colon + 1).trimmed());
        }
    }
    return answer;
}

Call askForHead(Network& network, const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply)
{
    const Pending<HttpAnswer> pending(&network, context, std::move(reply));
    const bool clean = std::all_of(request.headers.begin(), request.headers.end(),
                                   [](const auto& header) { return isClean(header.first) && isClean(header.second); });
    if (clean)
        new HeadExchange(network, request, pending); // a child of the network
    else
        QMetaObject::invokeMethod(
            &network, [pending] { pending.finish(fail(Problem::BadRequest, "A header holds a line break.")); },
            Qt::QueuedConnection);
    return pending.call();
}

} // namespace iotman::client
