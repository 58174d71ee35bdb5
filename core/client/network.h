// HTTP as this program speaks it: one manager, strict settings, limits on time and size.
#pragma once

#include "core/client/call.h"
#include "core/client/clientcertificate.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QList>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QPair>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
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
    /// SHA-256 of a server's own certificate that somebody has looked at and trusts as it is: self-signed, expired or for another
    /// name. Empty: none.
    QByteArray pinned;
    /// SHA-256 of the one certificate that a server of this network may show, whatever its verification says. Empty: any that
    /// verifies or is pinned. Of `Network::send` alone.
    QByteArray only;
    ClientCertificate clientCertificate; ///< shown to servers that ask for one
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

/// A server's certificate as it came.
struct PresentedCertificate {
    QSslCertificate certificate;
    QList<QSslError> errors; ///< why it does not verify; empty: it does

    QByteArray fingerprint() const { return certificate.digest(QCryptographicHash::Sha256); }
};

/// Whether all that is wrong is about the certificate that is pinned.
bool isPinned(const QByteArray& pinned, const QList<QSslError>& errors);

/// Sends requests on the thread it lives on. Addresses of this computer never go through a proxy; HTTP/1.1; no redirects,
/// cookies or remembered passwords; certificates that do not verify are refused.
class Network : public QObject {
public:
    explicit Network(NetworkSettings settings = {}, QObject* parent = nullptr);
    ~Network() override;

    /// Errors: Unavailable when no answer came (the sentence says why; for a certificate with reason and fingerprint),
    /// TooLarge when it is longer than wanted. Any answer of the server is a value.
    Call send(const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply);

    /// The certificate that the server at `url` (https) presents, verified or not. No request is sent, and no secret.
    /// Errors: Unavailable where none came.
    Call certificate(const QUrl& url, QObject* context, Reply<PresentedCertificate> reply);

    const NetworkSettings& settings() const { return settings_; }
    /// For the connections that are made from now on: the secrets in them may come late.
    void setSettings(NetworkSettings settings);
    /// The proxy that a socket to `url` has to use.
    QNetworkProxy proxyFor(const QUrl& url) const;
    QSslConfiguration tls() const;

private:
    NetworkSettings settings_;
    QNetworkAccessManager manager_;
};

/// Why a server ended a TLS connection: it wants a client certificate, or another one. Empty where `transportError`, the words of
/// Qt and OpenSSL, tell of something else.
QString clientCertificateReason(const QString& transportError, const NetworkSettings& settings);

/// Why TLS was refused, in words, with the certificate's SHA-256 fingerprint.
QString certificateReason(const QList<QSslError>& errors);

} // namespace iotman::client
