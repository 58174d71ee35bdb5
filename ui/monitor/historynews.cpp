#include "ui/monitor/historynews.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace iotman {

namespace {

constexpr std::chrono::seconds later{60};

Timestamp timeOf(const QJsonValue& value, Timestamp otherwise)
{
    const double us = value.toDouble(std::nan("")) * 1e6;
    return std::abs(us) < static_cast<double>(farthestTime) ? Timestamp{std::llround(us)} : otherwise;
}

QUrl eventsOf(QUrl server)
{
    server.setPath(server.path() + QStringLiteral("/api/activity/events"));
    return server;
}

} // namespace

std::optional<HistoryChange> historyChangeFrom(const client::ServerEvent& event)
{
    if (event.name != "history-changed")
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(event.data).object();
    const auto endpoint = EndpointId::parse(object[QStringLiteral("endpoint")].toString().toStdString(), "endpoint");
    if (!endpoint)
        return std::nullopt;
    const Timestamp last = timeOf(object[QStringLiteral("to")], {farthestTime - 1});
    return HistoryChange{*endpoint, {timeOf(object[QStringLiteral("from")], {-farthestTime}), {last.us + 1}}};
}

HistoryNews::HistoryNews(client::Network& network, client::TokenSource& tokens, const Clock& clock, Random& random,
                         const QUrl& server, QObject* parent)
    : QObject(parent)
    , stream_(network, tokens, clock, random, eventsOf(server))
{
    again_.setSingleShot(true);
    again_.callOnTimeout(&stream_, &client::EventStream::start);
    connect(&stream_, &client::EventStream::arrived, this, [this](const std::vector<client::ServerEvent>& events) {
        for (const client::ServerEvent& event : events) {
            if (const auto change = historyChangeFrom(event))
                Q_EMIT changed(*change);
        }
    });
    connect(&stream_, &client::EventStream::absent, &again_, [this] { again_.start(later); });
    stream_.start();
}

} // namespace iotman
