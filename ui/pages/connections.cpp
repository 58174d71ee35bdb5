#include "ui/pages/connections.h"

#include <QSettings>
#include <QUuid>

#include <algorithm>

namespace iotman::ui {

namespace {

const QString listKey = QStringLiteral("connections");
const QString lastKey = QStringLiteral("lastConnection");

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
    connection.clientCertificate = {settings.value(QStringLiteral("clientCertificate")).toString(),
                                    settings.value(QStringLiteral("clientKey")).toString()};
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
    settings.setValue(QStringLiteral("clientCertificate"), connection.clientCertificate.certificate);
    settings.setValue(QStringLiteral("clientKey"), connection.clientCertificate.key);
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
    const ConnectionInfo* known = find(id);
    const bool certified = known && !known->clientCertificate.certificate.isEmpty();
    std::erase_if(all_, [&](const ConnectionInfo& each) { return each.id == id; });
    store();
    Q_EMIT changed();
    if (!certified)
        return forgetSecret(keyOf(id), context, std::move(reply));
    forgetSecret(keyOf(id), context, [this, id, context, reply = std::move(reply)](const Expected<void>& key) {
        forgetSecret(passphraseOf(id), context,
                     [key, reply](Expected<void> passphrase) { reply(key ? std::move(passphrase) : key); });
    });
}

QString Connections::keyOf(const QString& id)
{
    return QStringLiteral("connection/") + id;
}

QString Connections::passphraseOf(const QString& id)
{
    return QStringLiteral("certificate/") + id;
}

QString Connections::proxySecret()
{
    return QStringLiteral("proxy");
}

void Connections::readSecret(const QString& name, QObject* context, client::Reply<client::Secret> reply)
{
    if (const auto kept = session_.find(name); kept != session_.end()) {
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply), secret = kept->second] { reply(secret); }, Qt::QueuedConnection);
        return;
    }
    vault_.read(name, context, std::move(reply));
}

void Connections::keepSecret(const QString& name, const client::Secret& secret, Keep keep, QObject* context,
                             client::Reply<void> reply)
{
    session_[name] = secret;
    if (keep == Keep::InVault)
        vault_.write(name, secret, context, std::move(reply));
    else
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply)] { reply({}); }, Qt::QueuedConnection);
}

void Connections::forgetSecret(const QString& name, QObject* context, client::Reply<void> reply)
{
    session_.erase(name);
    vault_.remove(name, context, std::move(reply));
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
