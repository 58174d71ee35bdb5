#include "ui/pages/connections.h"

#include <QSettings>
#include <QUuid>

#include <algorithm>

namespace iotman::ui {

namespace {

const QString listKey = QStringLiteral("connections");
const QString lastKey = QStringLiteral("lastConnection");

QString vaultName(const QString& id)
{
    return QStringLiteral("connection/") + id;
}

ConnectionInfo read(const QSettings& settings)
{
    ConnectionInfo connection;
    connection.id = settings.value(QStringLiteral("id")).toString();
    connection.kind =
        settings.value(QStringLiteral("kind")).toString() == u"endpoint" ? ConnectionKind::Endpoint : ConnectionKind::Server;
    connection.name = settings.value(QStringLiteral("name")).toString();
    connection.environment = environmentFrom(settings.value(QStringLiteral("environment")).toString());
    connection.url = settings.value(QStringLiteral("url")).toUrl();
    connection.email = settings.value(QStringLiteral("user")).toString();
    connection.tokenEndpoint = settings.value(QStringLiteral("tokenEndpoint")).toUrl();
    connection.pinned = QByteArray::fromHex(settings.value(QStringLiteral("certificate")).toByteArray());
    return connection;
}

void write(QSettings& settings, const ConnectionInfo& connection)
{
    settings.setValue(QStringLiteral("id"), connection.id);
    settings.setValue(QStringLiteral("kind"),
                      connection.kind == ConnectionKind::Endpoint ? QStringLiteral("endpoint") : QStringLiteral("server"));
    settings.setValue(QStringLiteral("name"), connection.name);
    settings.setValue(QStringLiteral("environment"), text(connection.environment));
    settings.setValue(QStringLiteral("url"), connection.url);
    settings.setValue(QStringLiteral("user"), connection.email);
    settings.setValue(QStringLiteral("tokenEndpoint"), connection.tokenEndpoint);
    settings.setValue(QStringLiteral("certificate"), connection.pinned.toHex());
}

} // namespace

QString text(Environment environment)
{
    switch (environment) {
    case Environment::Local:
        return QStringLiteral("local");
    case Environment::Test:
        return QStringLiteral("test");
    case Environment::Production:
        return QStringLiteral("production");
    }
    return {};
}

Environment environmentFrom(const QString& text)
{
    return text == u"test" ? Environment::Test : text == u"production" ? Environment::Production : Environment::Local;
}

Connections::Connections(QSettings& settings, client::Vault& vault, QObject* parent)
    : QObject(parent)
    , settings_(settings)
    , vault_(vault)
{
    load();
}

void Connections::load()
{
    const int count = settings_.beginReadArray(listKey);
    for (int i = 0; i < count; ++i) {
        settings_.setArrayIndex(i);
        ConnectionInfo connection = read(settings_);
        if (!connection.id.isEmpty() && connection.url.isValid())
            all_.push_back(std::move(connection));
    }
    settings_.endArray();
}

void Connections::store()
{
    settings_.remove(listKey);
    settings_.beginWriteArray(listKey, static_cast<int>(all_.size()));
    for (std::size_t i = 0; i < all_.size(); ++i) {
        settings_.setArrayIndex(static_cast<int>(i));
        write(settings_, all_[i]);
    }
    settings_.endArray();
    settings_.sync();
}

const ConnectionInfo* Connections::find(const QString& id) const
{
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const ConnectionInfo& known) { return known.id == id; });
    return found == all_.end() ? nullptr : &*found;
}

QString Connections::save(ConnectionInfo connection)
{
    connection.key = {};
    if (connection.id.isEmpty())
        connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const QString id = connection.id;
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const ConnectionInfo& known) { return known.id == id; });
    if (found == all_.end())
        all_.push_back(std::move(connection));
    else
        *found = std::move(connection);
    store();
    Q_EMIT changed();
    return id;
}

void Connections::remove(const QString& id, QObject* context, client::Reply<void> reply)
{
    std::erase_if(all_, [&](const ConnectionInfo& known) { return known.id == id; });
    store();
    Q_EMIT changed();
    forgetKey(id, context, std::move(reply));
}

void Connections::readKey(const QString& id, QObject* context, client::Reply<client::Secret> reply)
{
    if (const auto kept = session_.find(id); kept != session_.end()) {
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply), key = kept->second] { reply(key); }, Qt::QueuedConnection);
        return;
    }
    vault_.read(vaultName(id), context, std::move(reply));
}

void Connections::keepKey(const QString& id, const client::Secret& key, Keep keep, QObject* context, client::Reply<void> reply)
{
    session_[id] = key;
    if (keep == Keep::InVault)
        vault_.write(vaultName(id), key, context, std::move(reply));
    else
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply)] { reply({}); }, Qt::QueuedConnection);
}

void Connections::forgetKey(const QString& id, QObject* context, client::Reply<void> reply)
{
    session_.erase(id);
    vault_.remove(vaultName(id), context, std::move(reply));
}

QString Connections::last() const
{
    return settings_.value(lastKey).toString();
}

void Connections::setLast(const QString& id)
{
    settings_.setValue(lastKey, id);
}

} // namespace iotman::ui
