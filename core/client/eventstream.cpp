#include "core/client/eventstream.h"

#include "core/client/address.h"
#include "core/client/refusal.h"
#include "core/client/text.h"

#include <QNetworkReply>

#include <algorithm>

namespace iotman::client {

namespace {

constexpr qint64 longestRefusal = 64 * 1024;

} // namespace

EventStream::EventStream(Network& network, TokenSource& tokens, const Clock& clock, Random& random, QUrl url,
                         EventStreamSettings settings, QObject* parent)
    : QObject(parent)
    , network_(network)
    , tokens_(tokens)
    , clock_(clock)
    , url_(std::move(url))
    , settings_(settings)
    , backoff_(settings.backoff, random)
{
    for (QTimer* timer : {&retry_, &silence_})
        timer->setSingleShot(true);
    retry_.callOnTimeout(this, &EventStream::connectNow);
    silence_.callOnTimeout(this, &EventStream::lost);
}

EventStream::~EventStream()
{
    leave();
}

void EventStream::start()
{
    if (std::exchange(started_, true))
        return;
    parser_ = ServerEventParser();
    backoff_.received();
    rejected_.reset();
    connectNow();
}

void EventStream::stop()
{
    started_ = false;
    leave();
}

void EventStream::leave()
{
    isOpen_ = false;
    tokenCall_.cancel();
    retry_.stop();
    silence_.stop();
    if (QNetworkReply* reply = reply_) {
        reply_ = nullptr;
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
}

void EventStream::connectNow()
{
    const auto signedIn = [this](Expected<Token> token) {
        if (token)
            return listen(*token);
        lost();
        Q_EMIT failed(token.error());
    };
    if (const auto rejected = std::exchange(rejected_, std::nullopt))
        tokenCall_ = tokens_.renewed(*rejected, this, signedIn);
    else
        tokenCall_ = tokens_.token(this, signedIn);
}

void EventStream::listen(const Token& token)
{
    token_ = token;
    tls_.clear();
    parser_.restart();
    QNetworkRequest request(url_);
    request.setRawHeader("User-Agent", network_.settings().userAgent);
    request.setRawHeader("Authorization", QByteArray("Bearer " + toBytes(token.text.reveal())));
    request.setRawHeader("Accept", "text/event-stream");
    if (!parser_.lastId().isEmpty())
        request.setRawHeader("Last-Event-ID", parser_.lastId());
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    if (url_.scheme() == u"https")
        request.setSslConfiguration(network_.tls());
    manager_.setProxy(network_.proxyFor(url_));
    reply_ = manager_.get(request);
    connect(reply_, &QNetworkReply::sslErrors, this, [this](const QList<QSslError>& errors) {
        if (isPinned(network_.settings().pinned, errors))
            reply_->ignoreSslErrors(errors);
        else
            tls_ = certificateReason(errors);
    });
    connect(reply_, &QNetworkReply::metaDataChanged, this, &EventStream::headCame);
    connect(reply_, &QNetworkReply::readyRead, this, &EventStream::read);
    connect(reply_, &QNetworkReply::finished, this, &EventStream::finished);
    silence_.start(settings_.silence);
}

void EventStream::headCame()
{
    const bool isStream = reply_->header(QNetworkRequest::ContentTypeHeader).toString().startsWith(u"text/event-stream");
    if (isOpen_ || !isStream || reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200)
        return;
    isOpen_ = true;
    backoff_.opened(clock_.now());
    Q_EMIT opened();
}

void EventStream::read()
{
    silence_.start(settings_.silence);
    if (!isOpen_)
        return; // the words of a refusal, for later
    const std::vector<ServerEvent> events = parser_.take(reply_->readAll());
    if (events.empty())
        return;
    backoff_.received();
    Q_EMIT arrived(events);
}

void EventStream::finished()
{
    const QPointer<EventStream> self(this);
    const QPointer<QNetworkReply> reply = reply_;
    const bool wasOpen = isOpen_;
    read();
    if (!self || !reply || reply != reply_)
        return; // a listener has stopped it
    const HttpAnswer answer{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                            {},
                            reply->rawHeaderPairs(),
                            wasOpen ? QByteArray() : reply->read(longestRefusal),
                            {}};
    if (wasOpen)
        return lost();
    // What answers well without being a stream is a page that something in between has made.
    if (answer.status == 404 || answer.isSuccess()) {
        stop();
        Q_EMIT absent();
        return;
    }
    if (answer.status == 401)
        rejected_ = token_;
    else if (answer.status == 400)
        parser_ = ServerEventParser(); // where we were, the server cannot go on
    lost();
    std::string unreached = fromQt(authorityText(url_)) + " could not be reached.";
    if (tls_.isEmpty())
        tls_ = clientCertificateReason(reply->errorString(), network_.settings());
    if (!tls_.isEmpty())
        unreached += ' ' + fromQt(tls_);
    Error error = answer.status == 0 ? Error{Problem::Unavailable, unreached} : refusal(answer);
    error.detail = token_->text.hiddenIn(error.detail);
    Q_EMIT failed(error);
}

void EventStream::lost()
{
    leave();
    // The server may want us later than we would come, not earlier.
    const auto wanted = parser_.retry().value_or(std::chrono::milliseconds(0));
    retry_.start(std::max(backoff_.lost(clock_.now()), std::min(wanted, settings_.backoff.most)));
}

} // namespace iotman::client
