#include "core/client/streamreader.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

#include <QNetworkRequest>
#include <QSslError>
#include <QUrlQuery>
#include <QWebSocket>

#include <algorithm>

namespace iotman::client {

namespace {

constexpr quint64 mostMessageBytes = 2 << 20;
// What may wait unread in a socket: more than one message, so that one always fits; then TCP holds the server back.
constexpr qint64 mostWaitingBytes = 8 << 20;

/// The signal of failures has another name from Qt 6.5 on.
template <class Socket>
auto failureSignal()
{
    if constexpr (requires { &Socket::errorOccurred; })
        return &Socket::errorOccurred;
    else
        return QOverload<QAbstractSocket::SocketError>::of(&Socket::error);
}

} // namespace

StreamReader::StreamReader(Network& network, TokenSource* tokens, const Clock& clock, Random& random, EndpointAddress address,
                           StreamSettings settings, QObject* parent)
    : QObject(parent)
    , network_(network)
    , tokens_(tokens)
    , clock_(clock)
    , address_(std::move(address))
    , settings_(settings)
    , backoff_(settings.backoff, random)
{
    retry_.setSingleShot(true);
    retry_.callOnTimeout(this, &StreamReader::connectNow);
    silence_.setSingleShot(true);
    silence_.callOnTimeout(this, [this] {
        isSilent_ = true;
        ended();
    });
    ping_.setInterval(settings_.ping);
    ping_.callOnTimeout(this, [this] { socket_->ping(); });
}

StreamReader::~StreamReader()
{
    leave();
}

void StreamReader::start(StreamStart start)
{
    leave();
    start_ = std::move(start);
    backoff_.received();
    rejected_.reset();
    tokenTry_ = TokenTry::First;
    connectNow();
}

void StreamReader::stop()
{
    leave();
    if (status_.state != StreamState::Stopped)
        tell({StreamState::Stopped, std::nullopt, {}});
}

void StreamReader::retryNow()
{
    if (status_.state != StreamState::Waiting && status_.state != StreamState::Refused &&
        status_.state != StreamState::SignInNeeded)
        return;
    leave();
    tokenTry_ = TokenTry::First;
    connectNow();
}

// ---- Opening

QUrl StreamReader::url() const
{
    QUrl url = address_.stream;
    QUrlQuery query;
    if (settings_.contract == Contract::Extended) {
        query.addQueryItem(QStringLiteral("times"), QStringLiteral("1"));
        if (!start_.cursor.empty())
            query.addQueryItem(QStringLiteral("cursor"), toQt(start_.cursor));
        else if (start_.from)
            query.addQueryItem(QStringLiteral("from"), toQt(start_.from->seconds()));
    }
    url.setQuery(query);
    return url;
}

void StreamReader::connectNow()
{
    if (!tell({StreamState::Connecting, std::nullopt, {}}))
        return;
    const auto reply = [this](Expected<Token> token) { signedIn(std::move(token)); };
    if (!tokens_)
        open();
    else if (const auto rejected = std::exchange(rejected_, std::nullopt))
        tokenCall_ = tokens_->renewed(*rejected, this, reply);
    else
        tokenCall_ = tokens_->token(this, reply);
}

void StreamReader::signedIn(Expected<Token> token)
{
    if (token) {
        token_ = std::move(*token);
        return open();
    }
    const Error& error = token.error();
    if (error.kind == Problem::Unauthorized)
        halt(StreamState::SignInNeeded, error);
    else if (isPassing(error))
        wait(error, backoff_.lost(clock_.now()));
    else
        halt(StreamState::Refused, error);
}

void StreamReader::open()
{
    const QUrl target = url();
    QNetworkRequest request(target);
    request.setRawHeader("User-Agent", network_.settings().userAgent);
    if (token_)
        request.setRawHeader("Authorization", "Bearer " + toBytes(token_->text.reveal()));
    isOpen_ = false;
    isSilent_ = false;
    tls_.clear();
    socket_ = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    socket_->setProxy(network_.proxyFor(target));
    if (target.scheme() == u"wss")
        socket_->setSslConfiguration(network_.tls());
    socket_->setMaxAllowedIncomingFrameSize(mostMessageBytes);
    socket_->setMaxAllowedIncomingMessageSize(mostMessageBytes);
    socket_->setReadBufferSize(mostWaitingBytes);
    connect(socket_, &QWebSocket::connected, this, &StreamReader::opened);
    connect(socket_, &QWebSocket::textMessageReceived, this, &StreamReader::message);
    connect(socket_, &QWebSocket::pong, this, [this] { silence_.start(); });
    connect(socket_, &QWebSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
        if (isPinned(network_.settings().pinned, errors))
            socket_->ignoreSslErrors(errors);
        else
            tls_ = certificateReason(errors);
    });
    connect(socket_, &QWebSocket::disconnected, this, &StreamReader::closed);
    // A refused upgrade on a connection that the server keeps open is told by this signal alone.
    connect(socket_, failureSignal<QWebSocket>(), this, &StreamReader::closed);
    silence_.start(settings_.connect);
    socket_->open(request);
}

void StreamReader::opened()
{
    isOpen_ = true;
    tokenTry_ = TokenTry::First;
    backoff_.opened(clock_.now());
    silence_.start(settings_.silence);
    ping_.start();
    tell({StreamState::Live, std::nullopt, {}});
}

// ---- Reading

void StreamReader::message(const QString& text)
{
    silence_.start();
    Expected<StreamItem> item = streamItemFrom(fromQt(text), settings_.contract);
    if (!item) {
        Q_EMIT unreadable(item.error());
        return;
    }
    backoff_.received();
    batch_.push_back(std::move(*item));
    if (!std::exchange(flushing_, true)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                flushing_ = false;
                flush();
            },
            Qt::QueuedConnection);
    }
}

/// Tells what came. The cursor moves with the telling: what was not told comes again.
void StreamReader::flush()
{
    if (batch_.empty())
        return;
    const std::vector<StreamItem> items = std::exchange(batch_, {});
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
        if (!item->cursor.empty()) {
            start_.cursor = item->cursor;
            break;
        }
    }
    Q_EMIT itemsArrived(items);
}

// ---- Losing and finding again

/// QWebSocket tells some failures only after it has said that it is disconnected, so the end is looked at one turn later.
void StreamReader::closed()
{
    QWebSocket* socket = socket_;
    QMetaObject::invokeMethod(
        socket,
        [this, socket] {
            if (socket == socket_)
                ended();
        },
        Qt::QueuedConnection);
}

void StreamReader::ended()
{
    const QPointer<StreamReader> self(this);
    const QWebSocket* socket = socket_;
    flush();
    if (!self || socket != socket_)
        return; // who was told has stopped or restarted it
    const QString error = socket_->errorString();
    const int status = isOpen_ ? 0 : refusedStatus(error);
    if (tls_.isEmpty() && !isOpen_)
        tls_ = clientCertificateReason(error, network_.settings());
    StreamEnd end{NextStep::Resume,
                  {Problem::Unavailable, fromQt(authorityText(address_.stream)) + " could not be reached.", {}, 0, {}, 0}};
    if (isSilent_)
        end.why.detail = isOpen_ ? "Nothing came over the link for too long."
                                 : fromQt(authorityText(address_.stream)) + " did not answer in time.";
    else if (isOpen_)
        end = endOfClose(socket_->closeCode());
    else if (!tls_.isEmpty())
        end.why.detail = "No secure connection was possible. " + fromQt(tls_);
    else if (status != 0)
        end = endOfRefusal(status);
    leave();
    follow(std::move(end));
}

void StreamReader::follow(StreamEnd end)
{
    if (end.next == NextStep::Stop)
        halt(StreamState::Refused, end.why);
    else if (end.next == NextStep::Renew)
        renew(end.why);
    else
        wait(end.why, backoff_.lost(clock_.now()));
}

/// A token that ran out is replaced at once; one that is refused at the door gets one replacement.
void StreamReader::renew(const Error& why)
{
    const bool atTheDoor = !isOpen_;
    if (!tokens_ || (atTheDoor && tokenTry_ == TokenTry::Last))
        return halt(StreamState::SignInNeeded, why);
    if (atTheDoor)
        tokenTry_ = TokenTry::Last;
    rejected_ = token_;
    const bool atOnce = atTheDoor || backoff_.isCalm();
    const auto delay = backoff_.lost(clock_.now());
    if (atOnce)
        connectNow();
    else
        wait(why, delay);
}

void StreamReader::wait(const Error& why, std::chrono::milliseconds delay)
{
    delay = std::max(delay, std::chrono::milliseconds(std::chrono::seconds(why.retryAfter)));
    retry_.start(delay);
    tell({StreamState::Waiting, why, delay});
}

void StreamReader::halt(StreamState state, const Error& why)
{
    tell({state, why, {}});
}

/// Drops the link and everything under way; nothing of it is heard again.
void StreamReader::leave()
{
    tokenCall_.cancel();
    retry_.stop();
    ping_.stop();
    silence_.stop();
    batch_.clear();
    if (QWebSocket* socket = std::exchange(socket_, nullptr)) {
        socket->disconnect(this);
        socket->setParent(nullptr); // it may be telling us something at this very moment, and must outlive that
        socket->abort();
        socket->deleteLater();
    }
}

/// False when whoever was told has deleted this reader or changed its state, be it back to the same.
bool StreamReader::tell(StreamStatus status)
{
    const QPointer<StreamReader> self(this);
    const std::uint64_t change = ++changes_;
    status_ = status;
    Q_EMIT statusChanged(status);
    return self && changes_ == change;
}

} // namespace iotman::client
