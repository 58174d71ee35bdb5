#include "ui/pages/connectiontexts.h"

#include "core/client/text.h"
#include "ui/pages/words.h"

#include <QCoreApplication>

namespace iotman::ui {

namespace {

struct ConnectionWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::ConnectionTexts)
};

/// What was typed, with a scheme where it has none: of this computer http, of others https.
QString completed(const QString& typed)
{
    const QString text = typed.trimmed();
    const bool hasScheme = text.contains(QStringLiteral("://")) || text.startsWith(QStringLiteral("http:")) ||
                           text.startsWith(QStringLiteral("https:"));
    if (text.isEmpty() || hasScheme)
        return text;
    const QString asHttp = QStringLiteral("http://") + text;
    return client::isLoopback(QUrl(asHttp).host()) ? asHttp : QString(QStringLiteral("https://") + text);
}

Expected<QUrl> urlOf(ConnectionKind kind, const QString& url)
{
    if (kind != ConnectionKind::Endpoint)
        return client::parseServerUrl(url);
    return client::EndpointAddress::parse(url).and_then([](const client::EndpointAddress& address) -> Expected<QUrl> {
        return endpointPlace(address.page).map([&](const EndpointPlace&) { return address.page; });
    });
}

bool isUnprotected(const QUrl& url)
{
    return url.scheme() == u"http" && !client::isLoopback(url.host());
}

} // namespace

ConnectionCheck checkConnection(const ConnectionFields& fields)
{
    ConnectionCheck check;
    ConnectionInfo made;
    made.kind = fields.kind;
    made.environment = fields.environment;
    made.name = fields.name.trimmed();
    made.email = client::cleanPasted(fields.user);
    made.key = client::Secret(client::fromQt(client::cleanPasted(fields.key)));
    if (fields.url.trimmed().isEmpty()) {
        check.missing = ConnectionWords::tr("Type an address first.");
        return check;
    }
    const QString whole = completed(fields.url);
    if (const Expected<QUrl> url = urlOf(fields.kind, whole)) {
        made.url = *url;
        check.isUnprotected = isUnprotected(*url);
        if (whole != fields.url.trimmed())
            check.urlNote = ConnectionWords::tr("Connects to %1.").arg(url->toDisplayString());
        if (check.isUnprotected)
            check.urlNote = ConnectionWords::tr("Without https, anyone on the way can read what is sent, the access key too.");
    } else {
        check.urlError = errorText(url.error());
    }
    if (const QString typed = fields.tokenEndpoint.trimmed(); fields.kind == ConnectionKind::Endpoint && !typed.isEmpty()) {
        const Expected<QUrl> endpoint = client::parseServerUrl(typed);
        if (endpoint)
            made.tokenEndpoint = *endpoint;
        else
            check.tokenEndpointError = errorText(endpoint.error());
    }
    if (fields.kind == ConnectionKind::Server && !made.email.isEmpty() && !made.email.contains(u'@'))
        check.userError = ConnectionWords::tr("An e-mail address reads name@domain.");
    if (made.name.isEmpty())
        made.name = client::authorityText(made.url);

    if (!check.urlError.isEmpty())
        check.missing = check.urlError;
    else if (!check.tokenEndpointError.isEmpty())
        check.missing = check.tokenEndpointError;
    else if (!check.userError.isEmpty())
        check.missing = check.userError;
    else if (fields.kind == ConnectionKind::Server && made.email.isEmpty())
        check.missing = ConnectionWords::tr("Type your e-mail address first.");
    else
        check.connection = std::move(made);
    return check;
}

Expected<ConnectionInfo> connectionOf(const QString& url)
{
    ConnectionInfo made;
    if (const Expected<client::EndpointAddress> address = client::EndpointAddress::parse(url);
        address && endpointPlace(address->page)) {
        made.kind = ConnectionKind::Endpoint;
        made.url = address->page;
        made.name = client::toQt(address->id.text);
    } else {
        const Expected<QUrl> server = client::parseServerUrl(url);
        if (!server)
            return fail(server.error());
        made.kind = ConnectionKind::Server;
        made.url = *server;
        made.name = client::authorityText(*server);
    }
    // Whoever has not said what it is gets the careful answer: deletes ask for the name.
    made.environment = client::isLoopback(made.url.host()) ? Environment::Test : Environment::Production;
    return made;
}

} // namespace iotman::ui
