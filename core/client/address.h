// Where servers and endpoints are, and which links may be followed from there.
#pragma once

#include "core/model/cursor.h"
#include "core/model/error.h"

#include <QString>
#include <QUrl>

#include <optional>
#include <string_view>

namespace iotman::client {

/// `localhost`, names below it, 127.0.0.0/8, ::1: this computer, whatever the proxy settings say.
bool isLoopback(const QString& host);

/// Scheme, host and port are the same, a default port written or not.
bool sameOrigin(const QUrl& a, const QUrl& b);

/// A server's address as a person types it; without a path's trailing slash. Errors: BadRequest for other schemes than http and
/// https, no host, user info, query or fragment.
Expected<QUrl> parseServerUrl(const QString& typed);

/// The address of an endpoint: where its pages and its stream are read.
struct EndpointAddress {
    QUrl page;       ///< `http(s)://…/data/out/{id}`
    QUrl stream;     ///< `ws(s)://…/data/out/{id}/stream`
    QUrl publicPage; ///< how the server's own links name `page` where it has a base URL; may be empty
    EndpointId id;   ///< the last segment of the path

    /// The endpoint `id` of the server at `server`, whose links may name it `publicPage` (`url` of the endpoint).
    static EndpointAddress onServer(const QUrl& server, const EndpointId& id, const QUrl& publicPage = {});
    /// An endpoint's address as a person types it: of its page, its stream or its events, a query is dropped.
    /// Errors: BadRequest, as for servers.
    static Expected<EndpointAddress> parse(const QString& typed);
};

/// The URL that `link`, found in the answer of `current`, stands for, when it may be followed with a token: it leads to the
/// origin and path of `here`, or of `publicHere` and is then read at `here`. Errors: Forbidden for anywhere else.
Expected<QUrl> followed(std::string_view link, const QUrl& current, const QUrl& here, const QUrl& publicHere);

/// `host:port` as people read it; the port only where it is not the scheme's.
QString authorityText(const QUrl& url);

} // namespace iotman::client
