#include "core/client/address.h"

#include "core/client/text.h"

#include <QHostAddress>

namespace iotman::client {

namespace {

int portOf(const QUrl& url)
{
    const bool secure = url.scheme() == u"https" || url.scheme() == u"wss";
    return url.port(secure ? 443 : 80);
}

/// What servers and endpoints have in common: an absolute http(s) URL with a host and nothing secret in it.
Expected<QUrl> parseHttpUrl(const QString& typed)
{
    const QString text = typed.trimmed();
    const QUrl url(text, QUrl::StrictMode);
    const std::string shown = "“" + fromQt(url.isValid() ? url.toString(QUrl::RemoveUserInfo) : QStringLiteral("…")) + "”";
    if (text.isEmpty() || !url.isValid() || url.host().isEmpty())
        return fail(Problem::BadRequest,
                    "Expected an address such as “https://gateway.example”, but got " +
                        (text.isEmpty() ? std::string("nothing") : shown) + ".",
                    "url");
    if (url.scheme() != u"http" && url.scheme() != u"https")
        return fail(Problem::BadRequest, "Expected an address with http or https, but got " + shown + ".", "url");
    if (!url.userInfo().isEmpty())
        return fail(Problem::BadRequest, "Expected an address without a name and password in it: " + shown + ".", "url");
    return url;
}

QUrl withPath(QUrl url, const QString& path)
{
    url.setPath(path);
    url.setQuery(QString());
    url.setFragment(QString());
    return url;
}

QString withoutEnd(QString path, QStringView end)
{
    if (path.endsWith(end))
        path.chop(end.size());
    return path;
}

QUrl streamOf(const QUrl& page)
{
    QUrl url = withPath(page, page.path() + QStringLiteral("/stream"));
    url.setScheme(page.scheme() == u"https" ? QStringLiteral("wss") : QStringLiteral("ws"));
    return url;
}

bool samePlace(const QUrl& a, const QUrl& b)
{
    return sameOrigin(a, b) && a.path(QUrl::FullyEncoded) == b.path(QUrl::FullyEncoded);
}

} // namespace

bool isLoopback(const QString& host)
{
    QString name = host.toLower();
    if (name.endsWith(u'.'))
        name.chop(1);
    if (name == u"localhost" || name.endsWith(u".localhost"))
        return true;
    const QHostAddress address(name);
    return !address.isNull() && address.isLoopback();
}

bool sameOrigin(const QUrl& a, const QUrl& b)
{
    return a.scheme() == b.scheme() && a.host(QUrl::FullyEncoded) == b.host(QUrl::FullyEncoded) && portOf(a) == portOf(b);
}

Expected<QUrl> parseServerUrl(const QString& typed)
{
    Expected<QUrl> url = parseHttpUrl(typed);
    if (!url)
        return url;
    if (url->hasQuery() || url->hasFragment())
        return fail(Problem::BadRequest, "Expected a server's address without “?” and “#”.", "url");
    return withPath(*url, withoutEnd(url->path(), u"/"));
}

EndpointAddress EndpointAddress::onServer(const QUrl& server, const EndpointId& id, const QUrl& publicPage)
{
    const QUrl page = withPath(server, server.path() + QStringLiteral("/data/out/") + toQt(id.text));
    return {page, streamOf(page), publicPage, id};
}

Expected<EndpointAddress> EndpointAddress::parse(const QString& typed)
{
    Expected<QUrl> url = parseHttpUrl(typed);
    if (!url)
        return fail(url.error());
    QString path = withoutEnd(url->path(), u"/");
    if (!path.section(u'/', 0, -2).endsWith(u"/data/out")) // there, an endpoint itself may be called so
        path = withoutEnd(withoutEnd(path, u"/stream"), u"/events");
    const Expected<EndpointId> id = EndpointId::parse(fromQt(path.section(u'/', -1)), "url");
    if (!id)
        return fail(Problem::BadRequest, "Expected an endpoint's address such as “https://gateway.example/data/out/weather”.",
                    "url");
    const QUrl page = withPath(*url, path);
    return EndpointAddress{page, streamOf(page), {}, *id};
}

Expected<QUrl> followed(std::string_view link, const QUrl& current, const QUrl& here, const QUrl& publicHere)
{
    const QUrl parsed(toQt(link), QUrl::StrictMode);
    const QUrl target = parsed.isValid() ? current.resolved(parsed) : QUrl();
    if (!target.isValid() || !target.userInfo().isEmpty())
        return fail(Problem::Forbidden, "The server's link to the next page is not a usable address. It was not followed.");
    const bool renamed = !publicHere.isEmpty() && samePlace(target, publicHere);
    if (!renamed && !samePlace(target, here))
        return fail(Problem::Forbidden, "The server's link to the next page leads to “" +
                                            fromQt(target.toString(QUrl::RemoveQuery | QUrl::RemoveFragment)) + "”, not to “" +
                                            fromQt(here.toString(QUrl::RemoveQuery)) + "”. It was not followed.");
    QUrl url = here;
    url.setQuery(target.query(QUrl::FullyEncoded));
    return url;
}

QString authorityText(const QUrl& url)
{
    QString host = url.host();
    if (host.contains(u':'))
        host = u'[' + host + u']';
    return url.port() < 0 ? host : QString(host + u':' + QString::number(url.port()));
}

} // namespace iotman::client
