#include "ui/pages/networkchoices.h"

#include "core/client/text.h"
#include "ui/pages/certificatefiles.h"

#include <QSettings>

namespace iotman::ui {

namespace {

constexpr const char* proxyWords[] = {"system", "none", "http", "socks"};

Expected<QList<QSslCertificate>> certificatesIn(const QString& path)
{
    return certificateBytes(path, "authorities").and_then([](const QByteArray& bytes) -> Expected<QList<QSslCertificate>> {
        const QList<QSslCertificate> found = QSslCertificate::fromData(bytes, QSsl::Pem);
        if (found.isEmpty())
            return fail(Problem::BadRequest, "The file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).",
                        "authorities");
        return found;
    });
}

std::function<QList<QNetworkProxy>(const QNetworkProxyQuery&)> fixed(const QNetworkProxy& proxy)
{
    return [proxy](const QNetworkProxyQuery&) { return QList<QNetworkProxy>{proxy}; };
}

} // namespace

NetworkChoices NetworkChoices::load(const QSettings& settings)
{
    NetworkChoices choices;
    const QString word = settings.value(QStringLiteral("network/proxy")).toString();
    for (int i = 0; i < 4; ++i) {
        if (word == QLatin1String(proxyWords[i]))
            choices.proxy = static_cast<Proxy>(i);
    }
    choices.proxyHost = settings.value(QStringLiteral("network/proxyHost")).toString();
    choices.proxyPort = settings.value(QStringLiteral("network/proxyPort"), choices.proxyPort).toInt();
    choices.proxyUser = settings.value(QStringLiteral("network/proxyUser")).toString();
    choices.authoritiesFile = settings.value(QStringLiteral("network/authorities")).toString();
    return choices;
}

void NetworkChoices::store(QSettings& settings) const
{
    settings.setValue(QStringLiteral("network/proxy"), QLatin1String(proxyWords[static_cast<int>(proxy)]));
    settings.setValue(QStringLiteral("network/proxyHost"), proxyHost);
    settings.setValue(QStringLiteral("network/proxyPort"), proxyPort);
    settings.setValue(QStringLiteral("network/proxyUser"), proxyUser);
    settings.setValue(QStringLiteral("network/authorities"), authoritiesFile);
}

Expected<client::NetworkSettings> NetworkChoices::settings() const
{
    client::NetworkSettings made;
    if (isProxyByHand() && proxyHost.trimmed().isEmpty())
        return fail(Problem::BadRequest, "Type the proxy's host first.", "proxy");
    if (proxy == Proxy::None)
        made.proxies = fixed(QNetworkProxy::NoProxy);
    else if (isProxyByHand())
        made.proxies =
            fixed(QNetworkProxy(proxy == Proxy::Http ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy, proxyHost.trimmed(),
                                static_cast<quint16>(proxyPort), proxyUser, client::toQt(proxyPassword.reveal())));
    if (authoritiesFile.isEmpty())
        return made;
    return certificatesIn(authoritiesFile).map([&](const QList<QSslCertificate>& certificates) {
        made.authorities = certificates;
        return made;
    });
}

} // namespace iotman::ui
