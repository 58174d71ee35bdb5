#include "ui/monitor/historynews.h"

#include "core/client/address.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>
#include <QNetworkReply>

#include <cmath>

namespace iotman {

namespace {

constexpr qsizetype longestEvent = 1024 * 1024;
constexpr std::chrono::seconds soon{2}, later{60};

Timestamp timeOf(const QJsonValue& value, Timestamp otherwise)
{
    const double us = value.toDouble(std::nan("")) * 1e6;
    return std::abs(us) < static_cast<double>(farthestTime) ? Timestamp{std::llround(us)} : otherwise;
}

std::optional<HistoryChange> changeIn(const QByteArray& data)
{
    const QJsonObject object = QJsonDocument::fromJson(data).object();
    const auto endpoint = EndpointId::parse(object[QStringLiteral("endpoint")].toString().toStdString(), "endpoint");
    if (!endpoint)
        return std::nullopt;
    const Timestamp last = timeOf(object[QStringLiteral("to")], {farthestTime - 1});
    return HistoryChange{*endpoint, {timeOf(object[QStringLiteral("from")], {-farthestTime}), {last.us + 1}}};
}

} // namespace

std::vector<HistoryChange> takeHistoryChanges(QByteArray& bytes, QByteArray& lastId)
{
    std::vector<HistoryChange> changes;
    bytes.replace("\r\n", "\n");
    for (qsizetype end = bytes.indexOf("\n\n"); end >= 0; end = bytes.indexOf("\n\n")) {
        QByteArray name, data;
        for (const QByteArray& line : bytes.left(end).split('\n')) {
            const qsizetype colon = line.indexOf(':');
            const QByteArray field = line.left(colon);
            const QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + (line.mid(colon + 1, 1) == " " ? 2 : 1));
            if (field == "event")
                name = value;
            else if (field == "data")
                data += data.isEmpty() ? value : QByteArray('\n' + value);
            else if (field == "id")
                lastId = value;
        }
        bytes.remove(0, end + 2);
        if (name == "history-changed")
            if (const auto change = changeIn(data))
                changes.push_back(*change);
    }
    if (bytes.size() > longestEvent)
        bytes.clear();
    return changes;
}

HistoryNews::HistoryNews(client::Network& network, client::TokenSource& tokens, const QUrl& server, QObject* parent)
    : QObject(parent)
    , network_(network)
    , tokens_(tokens)
    , url_(server)
{
    url_.setPath(server.path() + QStringLiteral("/api/activity/events"));
    again_.setSingleShot(true);
    again_.callOnTimeout(this, &HistoryNews::connectNow);
    connectNow();
}

HistoryNews::~HistoryNews()
{
    if (!reply_)
        return;
    // Before the manager that it belongs to.
    reply_->disconnect(this);
    delete reply_.data();
}

void HistoryNews::connectNow()
{
    token_ = tokens_.token(this, [this](Expected<client::Token> token) {
        if (token)
            listen(*token);
        else
            wait(later);
    });
}

void HistoryNews::listen(const client::Token& token)
{
    QNetworkRequest request(url_);
    request.setRawHeader("Authorization", QByteArray("Bearer " + QByteArray::fromStdString(std::string(token.text.reveal()))));
    request.setRawHeader("Accept", "text/event-stream");
    if (!lastId_.isEmpty())
        request.setRawHeader("Last-Event-ID", lastId_);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setSslConfiguration(network_.tls());
    manager_.setProxy(network_.proxyFor(url_));
    unread_.clear();
    reply_ = manager_.get(request);
    reply_->setParent(this);
    connect(reply_, &QNetworkReply::readyRead, this, &HistoryNews::read);
    connect(reply_, &QNetworkReply::finished, this, [this] {
        const bool isThere = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
        reply_->deleteLater();
        wait(isThere ? soon : later);
    });
}

void HistoryNews::read()
{
    unread_ += reply_->readAll();
    for (const HistoryChange& change : takeHistoryChanges(unread_, lastId_))
        Q_EMIT changed(change);
}

void HistoryNews::wait(std::chrono::milliseconds delay)
{
    again_.start(delay);
}

} // namespace iotman
