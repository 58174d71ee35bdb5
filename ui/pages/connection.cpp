#include "ui/pages/connection.h"

#include "core/client/refusal.h"
#include "core/client/text.h"

namespace iotman::ui {

QUrl ConnectionInfo::server() const
{
    if (kind != ConnectionKind::Endpoint)
        return url;
    const Expected<EndpointPlace> place = endpointPlace(url);
    return place ? place->server : QUrl();
}

client::Credentials ConnectionInfo::credentials() const
{
    if (kind == ConnectionKind::Endpoint && !tokenEndpoint.isEmpty())
        return {tokenEndpoint, email, key, {}};
    QUrl endpoint = server();
    endpoint.setPath(endpoint.path() + QStringLiteral("/oauth/token"));
    return {endpoint, email, key, {}};
}

bool ConnectionInfo::lacksSecret() const
{
    return key.isEmpty() && (kind != ConnectionKind::Endpoint || !email.isEmpty());
}

Expected<EndpointPlace> endpointPlace(const QUrl& page)
{
    const Expected<client::EndpointAddress> address = client::EndpointAddress::parse(page.toString());
    if (!address)
        return fail(address.error());
    const QString end = QStringLiteral("/data/out/") + client::toQt(address->id.text);
    if (!address->page.path().endsWith(end))
        return fail(Problem::BadRequest, "Expected an address that ends with /data/out/ and the endpoint's id.", "url");
    QUrl server = address->page;
    server.setPath(server.path().chopped(end.size()));
    return EndpointPlace{server, address->id};
}

bool isAboutConnection(const Error& error)
{
    return client::isPassing(error) || error.kind == Problem::Unauthorized || error.kind == Problem::Internal ||
           error.kind == Problem::NotFound || error.kind == Problem::Misdirected || error.kind == Problem::BadRequest;
}

ConnectionState stateAfter(const ConnectionState& before, const std::optional<Error>& trouble, Timestamp now)
{
    if (!trouble)
        return {Phase::Running, std::nullopt, {}};
    const QString reason = client::toQt(trouble->detail);
    if (trouble->kind == Problem::Unauthorized)
        return {Phase::SignInNeeded, std::nullopt, reason};
    if (!client::isPassing(*trouble))
        return {Phase::Failed, std::nullopt, reason};
    return {Phase::Offline, before.phase == Phase::Offline ? before.since : now, reason};
}

} // namespace iotman::ui
