#include "core/client/network.h"

#include "core/client/address.h"
#include "core/client/text.h"

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslError>
#include <QSslSocket>
#include <QTimer>

#include <algorithm>

namespace iotman::client {

namespace {

/// Loopback directly, everything else as the settings say.
QList<QNetworkProxy> proxiesFor(const NetworkSettings& settings, const QNetworkProxyQuery& query)
{
    const QString host = query.peerHostName().isEmpty() ? query.url().host() : query.peerHostName();
    if (isLoopback(host))
        return {QNetworkProxy::NoProxy};
    const QList<QNetworkProxy> found = settings.proxies(query);
    return found.isEmpty() ? QList<QNetworkProxy>{QNetworkProxy::NoProxy} : found;
}

class ProxyFactory : public QNetworkProxyFactory {
public:
    explicit ProxyFactory(const NetworkSettings& settings)
        : settings_(settings)
    {
    }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override { return proxiesFor(settings_, query); }

private:
    NetworkSettings settings_;
};

QNetworkRequest prepared(const HttpRequest& request, const Network& network)
{
    QNetworkRequest prepared(request.url);
    prepared.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    prepared.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    prepared.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    prepared.setDecompressedSafetyCheckThreshold(request.mostBytes);
    if (request.url.scheme() == u"https")
        prepared.setSslConfiguration(network.tls());
    prepared.setHeader(QNetworkRequest::UserAgentHeader, network.settings().userAgent);
    for (const auto& [name, value] : request.headers)
        prepared.setRawHeader(name, value);
    return prepared;
}

enum class Way { Direct, Proxy };

QString transportReason(QNetworkReply::NetworkError error, Way way, const QString& where)
{
    // Qt tells a proxy that refuses like a server that refuses; a proxy itself tells of servers by an answer.
    if (way == Way::Proxy && (error == QNetworkReply::ConnectionRefusedError || error == QNetworkReply::HostNotFoundError))
        error = QNetworkReply::ProxyConnectionRefusedError;
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
        return QStringLiteral("%1 refuses connections. Is the server running?").arg(where);
    case QNetworkReply::RemoteHostClosedError:
        return QStringLiteral("%1 closed the connection before its answer was complete.").arg(where);
    case QNetworkReply::HostNotFoundError:
        return QStringLiteral("No computer named “%1” was found.").arg(where);
    case QNetworkReply::SslHandshakeFailedError:
        return QStringLiteral("No secure connection to %1 was possible.").arg(where);
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return QStringLiteral("The proxy on the way to %1 asks for a sign-in.").arg(where);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::UnknownProxyError:
        return QStringLiteral("The proxy on the way to %1 does not answer.").arg(where);
    default:
        return QStringLiteral("%1 could not be reached.").arg(where);
    }
}

/// One request and its answer. It deletes itself when it is done.
class Exchange : public QObject {
public:
    Exchange(Network& network, QNetworkReply* reply, const HttpRequest& request, Pending<HttpAnswer> pending)
        : QObject(&network)
        , network_(network)
        , reply_(reply)
        , where_(authorityText(request.url))
        , mostBytes_(request.mostBytes)
        , pending_(std::move(pending))
    {
        elapsed_.start();
        const QPointer<Exchange> self(this);
        pending_.onCancel([self] {
            if (self)
                self->leave();
        });
        connect(reply, &QNetworkReply::readyRead, this, &Exchange::read);
        connect(reply, &QNetworkReply::uploadProgress, this, &Exchange::moved);
        connect(reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError>& errors) {
            // Which certificate it is shows when the handshake is done, before anything is sent.
            if (!network_.settings().only.isEmpty() || isPinned(network_.settings().pinned, errors))
                reply_->ignoreSslErrors(errors);
            else
                tls_ = certificateReason(errors);
        });
        connect(reply, &QNetworkReply::encrypted, this, &Exchange::recognise);
        connect(reply, &QNetworkReply::finished, this, &Exchange::finished);
        silence_.setSingleShot(true);
        silence_.setInterval(network.settings().silence);
        silence_.callOnTimeout(this, &Exchange::tooSlow);
        silence_.start();
        total_.setSingleShot(true);
        total_.callOnTimeout(this, &Exchange::tooSlow);
        total_.start(network.settings().total);
    }
    ~Exchange() override { drop(); }

private:
    void moved() { silence_.start(); }

    void recognise()
    {
        const QByteArray& only = network_.settings().only;
        if (!only.isEmpty() && reply_->sslConfiguration().peerCertificate().digest(QCryptographicHash::Sha256) != only)
            end(fail(Problem::Unavailable, fromQt(where_) + " shows another certificate than the one that is expected."));
    }

    void read()
    {
        moved();
        // One byte more than wanted is enough to know, and an answer that unpacks to gigabytes never does so in memory.
        while (reply_ && reply_->bytesAvailable() > 0) {
            const QByteArray bytes = reply_->read(mostBytes_ + 1 - body_.size());
            if (bytes.isEmpty())
                return;
            body_ += bytes;
            if (body_.size() > mostBytes_)
                return end(fail(Problem::TooLarge, "The answer of " + fromQt(where_) + " is longer than " +
                                                       std::to_string(mostBytes_) + " bytes. Ask for less at a time."));
        }
    }

    void finished()
    {
        const QPointer<Exchange> self(this);
        read();
        if (!self || !reply_)
            return;
        const int status = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        // Qt has an error for every status from 400 on; anything else that went wrong left the answer incomplete.
        const bool isStatus = status >= 300 && reply_->error() >= QNetworkReply::ContentAccessDenied;
        if (status == 0 || (reply_->error() != QNetworkReply::NoError && !isStatus)) {

            if (tls_.isEmpty())
                tls_ = clientCertificateReason(reply_->errorString(), network_.settings());
            const QString reason = transportReason(reply_->error(), way(), where_);
            return end(fail(Problem::Unavailable, fromQt(tls_.isEmpty() ? reason : QString(reason + u' ' + tls_))));
        }
        HttpAnswer answer{status, reply_->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toByteArray(),
                          reply_->rawHeaderPairs(), std::exchange(body_, {}), std::chrono::milliseconds(elapsed_.elapsed())};
        end(std::move(answer));
    }

    Way way() const { return network_.proxyFor(reply_->url()).type() == QNetworkProxy::NoProxy ? Way::Direct : Way::Proxy; }

    void tooSlow() { end(fail(Problem::Unavailable, fromQt(where_) + " did not answer in time.")); }

    void end(Expected<HttpAnswer> result)
    {
        leave();
        pending_.finish(std::move(result));
    }

    void leave()
    {
        drop();
        silence_.stop();
        total_.stop();
        deleteLater();
    }

    void drop()
    {
        if (!reply_)
            return;
        QNetworkReply* reply = reply_;
        reply_ = nullptr;
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }

    const Network& network_;
    QPointer<QNetworkReply> reply_;
    QString where_;
    qint64 mostBytes_;
    Pending<HttpAnswer> pending_;
    QByteArray body_;
    QString tls_;
    QElapsedTimer elapsed_;
    QTimer silence_;
    QTimer total_;
};

} // namespace

QByteArray HttpAnswer::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

Network::Network(NetworkSettings settings, QObject* parent)
    : QObject(parent)
{
    manager_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    setSettings(std::move(settings));
}

Network::~Network()
{
    // Exchanges go before the manager, which owns their replies.
    qDeleteAll(findChildren<QObject*>(Qt::FindDirectChildrenOnly));
}

void Network::setSettings(NetworkSettings settings)
{
    settings_ = std::move(settings);
    manager_.setProxyFactory(new ProxyFactory(settings_)); // which the manager owns
    manager_.clearConnectionCache();                       // the links that are open were made as it was before
}

Call Network::send(const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply)
{
    const Pending<HttpAnswer> pending(this, context, std::move(reply));
    const QNetworkRequest wire = prepared(request, *this);
    // Of a custom HEAD, Qt would wait for the body that its length speaks of.
    QNetworkReply* answer = request.method == "GET"    ? manager_.get(wire)
                            : request.method == "HEAD" ? manager_.head(wire)
                                                       : manager_.sendCustomRequest(wire, request.method, request.body);
    new Exchange(*this, answer, request, pending); // a child of this
    return pending.call();
}

Call Network::certificate(const QUrl& url, QObject* context, Reply<PresentedCertificate> reply)
{
    const Pending<PresentedCertificate> pending(this, context, std::move(reply));
    auto* socket = new QSslSocket(this);
    auto* patience = new QTimer(socket);
    pending.onCancel([socket = QPointer<QSslSocket>(socket)] {
        if (socket)
            socket->deleteLater();
    });
    const auto end = [pending, socket](const QString& reason) {
        const QSslCertificate certificate = socket->peerCertificate();
        const QList<QSslError> errors = socket->sslHandshakeErrors();
        socket->disconnect();
        socket->deleteLater();
        if (certificate.isNull())
            return pending.finish(fail(Problem::Unavailable, fromQt(reason)));
        pending.finish(PresentedCertificate{certificate, errors});
    };
    const QString where = authorityText(url);
    connect(socket, &QSslSocket::encrypted, socket, [end] { end({}); });
    connect(socket, &QSslSocket::errorOccurred, socket,
            [end, socket, where] { end(QStringLiteral("%1 showed no certificate: %2.").arg(where, socket->errorString())); });
    connect(patience, &QTimer::timeout, socket, [end, where] { end(QStringLiteral("%1 did not answer in time.").arg(where)); });
    patience->start(settings_.silence);
    socket->setSslConfiguration(tls());
    socket->setProxy(proxyFor(url));
    socket->connectToHostEncrypted(url.host(), static_cast<quint16>(url.port(443)));
    return pending.call();
}

bool isPinned(const QByteArray& pinned, const QList<QSslError>& errors)
{
    return !pinned.isEmpty() && std::all_of(errors.begin(), errors.end(), [&](const QSslError& error) {
        return error.certificate().digest(QCryptographicHash::Sha256) == pinned;
    });
}

QNetworkProxy Network::proxyFor(const QUrl& url) const
{
    // Systems know proxies for http and https; a WebSocket takes the same way.
    QUrl http = url;
    if (url.scheme().startsWith(u"ws"))
        http.setScheme(url.scheme() == u"wss" ? QStringLiteral("https") : QStringLiteral("http"));
    QNetworkProxy proxy = proxiesFor(settings_, QNetworkProxyQuery(http)).constFirst();
    if (proxy.type() == QNetworkProxy::HttpCachingProxy)
        proxy.setType(QNetworkProxy::HttpProxy); // a socket needs a tunnel
    return proxy;
}

QSslConfiguration Network::tls() const
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (!settings_.authorities.isEmpty())
        configuration.addCaCertificates(settings_.authorities);
    if (!settings_.clientCertificate.isNull()) {
        configuration.setLocalCertificateChain(settings_.clientCertificate.chain);
        configuration.setPrivateKey(settings_.clientCertificate.key);
    }
    configuration.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
    return configuration;
}

QString clientCertificateReason(const QString& transportError, const NetworkSettings& settings)
{
    // RFC 8446 §6.2: what servers answer to a certificate they do not like, or to none.
    constexpr QLatin1StringView alerts[] = {QLatin1StringView("certificate required"), QLatin1StringView("bad certificate"),
                                            QLatin1StringView("certificate unknown"),  QLatin1StringView("certificate expired"),
                                            QLatin1StringView("unknown ca"),           QLatin1StringView("access denied")};
    const bool isAlert = transportError.contains(QLatin1StringView("alert"), Qt::CaseInsensitive) &&
                         std::any_of(std::begin(alerts), std::end(alerts),
                                     [&](QLatin1StringView alert) { return transportError.contains(alert); });
    if (!isAlert)
        return {};
    return settings.clientCertificate.isNull() ? QStringLiteral("It asks for a client certificate.")
                                               : QStringLiteral("It does not accept the client certificate.");
}

QString certificateReason(const QList<QSslError>& errors)
{
    QStringList reasons;
    QString fingerprint;
    for (const QSslError& error : errors) {
        reasons << error.errorString();
        if (fingerprint.isEmpty() && !error.certificate().isNull())
            fingerprint = QString::fromLatin1(error.certificate().digest(QCryptographicHash::Sha256).toHex(':'));
    }
    reasons.removeDuplicates();
    QString text = QStringLiteral("Its certificate was refused: %1.").arg(reasons.join(QStringLiteral("; ")));
    if (!fingerprint.isEmpty())
        text += QStringLiteral(" SHA-256 fingerprint: %1.").arg(fingerprint);
    return text;
}

} // namespace iotman::client
