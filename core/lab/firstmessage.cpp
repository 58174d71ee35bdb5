#include "core/lab/firstmessage.h"

#include "core/client/address.h"
#include "core/client/text.h"

#include <QNetworkRequest>
#include <QTimer>
#include <QWebSocket>

namespace iotman::lab {

using client::fromQt;
using client::HttpAnswer;

namespace {

constexpr quint64 mostMessageBytes = 1 << 20; ///< as long as an item may be

/// The signal of failures has another name from Qt 6.5 on.
template <class Socket>
auto socketFailure()
{
    if constexpr (requires { &Socket::errorOccurred; })
        return &Socket::errorOccurred;
    else
        return QOverload<QAbstractSocket::SocketError>::of(&Socket::error);
}

/// It deletes itself when it is done.
class Listener : public QObject {
public:
    Listener(client::Network& network, const client::HttpRequest& asked, std::chrono::milliseconds patience,
             client::Pending<HttpAnswer> pending)
        : QObject(&network)
        , pending_(std::move(pending))
    {
        const QPointer<Listener> self(this);
        pending_.onCancel([self] {
            if (self)
                self->leave();
        });
        QUrl url = asked.url;
        url.setScheme(url.scheme() == u"https" || url.scheme() == u"wss" ? QStringLiteral("wss") : QStringLiteral("ws"));
        where_ = client::authorityText(url);
        QNetworkRequest request(url);
        for (const auto& [name, value] : asked.headers)
            request.setRawHeader(name, value);
        socket_.setProxy(network.proxyFor(url));
        if (url.scheme() == u"wss")
            socket_.setSslConfiguration(network.tls());
        socket_.setMaxAllowedIncomingFrameSize(mostMessageBytes);
        socket_.setMaxAllowedIncomingMessageSize(mostMessageBytes);
        connect(&socket_, &QWebSocket::textMessageReceived, this, [this](const QString& text) { took("text", text.toUtf8()); });
        connect(&socket_, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& bytes) { took("binary", bytes); });
        connect(&socket_, &QWebSocket::sslErrors, this, [this, &network](const QList<QSslError>& errors) {
            if (client::isPinned(network.settings().pinned, errors))
                socket_.ignoreSslErrors(errors);
        });
        connect(&socket_, &QWebSocket::disconnected, this,
                [this] { failed(QStringLiteral("the stream of %1 closed before a message came")); });
        connect(&socket_, socketFailure<QWebSocket>(), this, [this] { failed(QStringLiteral("the stream of %1 did not open")); });
        patience_.setSingleShot(true);
        patience_.callOnTimeout(this, [this, patience] {
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
            failed(QStringLiteral("nothing came on the stream of %1 within ") + QString::number(seconds) + QStringLiteral(" s"));
        });
        patience_.start(patience);
        socket_.open(request);
    }

private:
    void took(const char* kind, const QByteArray& body)
    {
        HttpAnswer answer;
        answer.status = 101;
        answer.headers = {{"message", kind}};
        answer.body = body;
        end(std::move(answer));
    }

    void failed(const QString& sentence) { end(fail(Problem::Unavailable, fromQt(sentence.arg(where_)))); }

    void leave()
    {
        socket_.disconnect(this);
        patience_.stop();
        socket_.abort();
        deleteLater();
    }

    void end(Expected<HttpAnswer> result)
    {
        leave();
        pending_.finish(std::move(result)); // may delete the network and this with it
    }

    client::Pending<HttpAnswer> pending_;
    QString where_;
    QWebSocket socket_;
    QTimer patience_;
};

} // namespace

client::Call firstMessage(client::Network& network, const client::HttpRequest& request, std::chrono::milliseconds patience,
                          QObject* context, client::Reply<HttpAnswer> reply)
{
    const client::Pending<HttpAnswer> pending(&network, context, std::move(reply));
    new Listener(network, request, patience, pending); // a child of the network
    return pending.call();
}

} // namespace iotman::lab
