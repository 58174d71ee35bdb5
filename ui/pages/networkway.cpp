#include "ui/pages/networkway.h"

#include "ui/pages/aside.h"
#include "ui/pages/certificatefiles.h"
#include "ui/pages/words.h"

#include <QCoreApplication>

namespace iotman::ui {

namespace {

struct WayWords {
    Q_DECLARE_TR_FUNCTIONS(iotman::ui::NetworkWay)
};

using Found = Expected<client::Secret>;

/// What is not wanted, or not kept, is an empty secret.
void readWanted(Connections& connections, bool wanted, const QString& name, QObject* context, std::function<void(Found)> reply)
{
    if (!wanted)
        return reply(client::Secret());
    connections.readSecret(name, context, [reply = std::move(reply)](Found found) {
        const bool missing = !found && found.error().kind == Problem::NotFound;
        reply(missing ? Found(client::Secret()) : std::move(found));
    });
}

NetworkWay joined(NetworkChoices choices, const ConnectionInfo& connection, const Found& password, const Found& passphrase)
{
    NetworkWay way;
    const auto trouble = [&way](const QString& lead, const Error& error) { way.troubles.push_back({lead, errorText(error)}); };
    if (password)
        choices.proxyPassword = *password;
    else
        trouble(WayWords::tr("The proxy’s password could not be read."), password.error());
    if (auto settings = choices.settings())
        way.settings = std::move(*settings);
    else
        trouble(WayWords::tr("The network settings can’t be used:"), settings.error());
    way.settings.pinned = connection.pinned;
    if (!passphrase)
        trouble(WayWords::tr("The client certificate’s passphrase could not be read."), passphrase.error());
    else if (auto certificate = readCertificate(connection.clientCertificate, *passphrase))
        way.settings.clientCertificate = std::move(*certificate);
    else
        trouble(WayWords::tr("The client certificate can’t be used:"), certificate.error());
    return way;
}

} // namespace

void findWay(Connections& connections, const ConnectionInfo& connection, QObject* context,
             std::function<void(const NetworkWay&)> reply)
{
    const NetworkChoices choices = connections.networkChoices();
    readWanted(connections, choices.needsPassword(), Connections::proxySecret(), context,
               [=, &connections](const Found& password) {
                   const bool certified = !connection.clientCertificate.certificate.isEmpty();
                   readWanted(connections, certified, Connections::passphraseOf(connection.id), context,
                              [=](const Found& passphrase) {
                                  if (!certified && choices.authoritiesFile.isEmpty())
                                      return reply(joined(choices, connection, password, passphrase));
                                  aside(context, [=] { return joined(choices, connection, password, passphrase); }, reply);
                              });
               });
}

} // namespace iotman::ui
