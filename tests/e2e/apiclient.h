// What tests of a running server say to it, in few words.
#pragma once

#include "tests/e2e/rawhttp.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qurl.h>

namespace iotman::test {

QJsonObject object(const QByteArray& json);

/// Path and query of an absolute URL.
QByteArray targetOf(const QString& url);

class ApiClient {
public:
    /// Signs in as the first admin.
    ApiClient(int port, const QByteArray& adminKey);

    int port() const { return port_; }
    const QByteArray& token() const { return token_; }

    HttpAnswer get(const QByteArray& target, const QList<QByteArray>& headers = {}) const;
    /// On /api, as the admin or with another token.
    HttpAnswer api(const QByteArray& method, const QByteArray& path, const QByteArray& body = {},
                   const QByteArray& token = {}) const;
    /// The numbers `n` of the items of each page, until `next_page` is null and not a page longer.
    QList<QList<int>> pages(QByteArray target) const;
    HttpAnswer ingest(const QByteArray& source, const QByteArray& body, const QList<QByteArray>& headers = {}) const;
    /// A client's or member's access token; empty when it is refused.
    QByteArray tokenOf(const QByteArray& id, const QByteArray& secret, const QByteArray& extra = {}) const;
    /// Creates a source, an output that passes everything through, and an endpoint, all of this name. False when one is refused.
    bool makeEndpoint(const QByteArray& name, const QByteArray& sourceScope = "null",
                      const QByteArray& endpointScope = "null") const;

private:
    int port_;
    QByteArray token_;
};

} // namespace iotman::test
