// HTTP as this program speaks it: one manager, strict settings, limits on time and size.
#pragma once

#include "core/client/call.h"

#include <QByteArray>
#include <QList>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QPair>
#include <QSslConfiguration>
#include <QUrl>

#include <chrono>
#include <functional>
#include <optional>

class QNetworkRequest;

namespace iotman::client {

/// How this computer reaches others.
struct NetworkSettings {
    std::chrono::milliseconds silence = std::chrono::seconds(30); ///< a request without a byte either way for so long has failed
    std::chrono::milliseconds total = std::chrono::minutes(10);   ///< and one that takes so long altogether
    /// Proxies for what is not on this computer, in order of preference.
    std::function<QList<QNetworkProxy>(const QNetworkProxyQuery&)> proxies = &QNetworkProxyFactory::systemProxyForQuery;
    QList<QSslCertificate> authorities; ///< certificate authorities to trust beside the system's
    QByteArray userAgent = "IoTMan-Desktop";
};

using Headers = QList<QPair<QByteArray, QByteArray>>;

struct HttpRequest {
    QByteArray method = "GET";
    QUrl url;
    Headers headers;
    QByteArray body;
    qint64 mostBytes = 4LL << 20; ///< of the answer's body, unpacked; a longer one is an error
};

/// What a server answered, whatever its status. Redirects are answers: nobody follows them.
struct HttpAnswer {
    int status = 0;
    QByteArray reason;
    Headers headers;
    QByteArray body;
    std::chrono::milliseconds elapsed{}; ///< from sending to the last byte

    bool isSuccess() const { return status >= 200 && status < 300; }
    /// The value of a header, whatever its case; empty where there is none.
    QByteArray header(QByteArrayView name) const;
};

/// Sends requests on the thread it lives on. Addresses of this computer never go through a proxy; HTTP/1.1; no redirects,
/// cookies or remembered passwords; certificates that do not verify are refused.
class Network : public QObject {
public:
    explicit Network(NetworkSettings settings = {}, QObject* parent = nullptr);
    ~Network() override;

    /// Errors: Unavailable when no answer came (the sentence says why; for a certificate with reason and fingerprint),
    /// TooLarge when it is longer than wanted. Any answer of the server is a value.
    Call send(const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply);

    const NetworkSettings& settings() const { return settings_; }
    /// The proxy that a socket to `url` has to use.
    QNetworkProxy proxyFor(const QUrl& url) const;
    QSslConfiguration tls() const;

private:
    NetworkSettings settings_;
    QNetworkAccessManager manager_;
};

/// Why TLS was refused, in words, with the certificate's SHA-256 fingerprint.
QString certificateReason(const QList<QSslError>& errors);

} // namespace iotman::client
