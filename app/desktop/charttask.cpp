#include "app/desktop/charttask.h"

#include "app/server/folderapi.h"
#include "core/client/management.h"
#include "ui/monitor/chartpicture.h"
#include "ui/monitor/monitorpage.h"
#include "ui/pages/connections.h"
#include "ui/pages/connectiontexts.h"
#include "ui/pages/networkway.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qfile.h>

#include <algorithm>
#include <memory>

namespace iotman {

namespace {

/// Where the layout's endpoints are read, and as whom.
struct Place {
    QUrl server;
    client::Network* network = nullptr;
    std::unique_ptr<client::TokenSource> tokens; ///< null: as the public does

    std::unique_ptr<client::Network> ownNetwork;
    std::unique_ptr<FolderApi> folder;
};

Expected<Place> placeOfFolder(const ChartTask& task, const Clock& clock, Random& random)
{
    auto folder = FolderApi::open(task.dataFolder, FolderApi::Missing::Made, clock, random, task.demo);
    if (!folder)
        return fail(folder.error());
    Place place;
    place.folder = std::move(*folder);
    place.server = QUrl(QString::fromStdString(place.folder->url()));
    place.network = &place.folder->network();
    place.tokens = std::make_unique<client::TokenSource>(*place.network, clock, client::Credentials{});
    place.tokens->adopt(place.folder->dataToken());
    return place;
}

/// The key that was kept for a connection; nothing where there is none, or the vault does not give it.
std::optional<client::Secret> keptKey(ui::Connections& connections, const QString& id)
{
    std::optional<client::Secret> kept;
    QEventLoop loop;
    connections.readSecret(ui::Connections::keyOf(id), &loop, [&](Expected<client::Secret> key) {
        if (key)
            kept = *key;
        loop.quit();
    });
    loop.exec();
    return kept;
}

client::NetworkSettings networkOf(ui::Connections& connections, const ui::ConnectionInfo& connection)
{
    std::optional<client::NetworkSettings> settings;
    QEventLoop loop;
    ui::findWay(connections, connection, &loop, [&](const ui::NetworkWay& way) {
        settings = way.settings;
        loop.quit();
    });
    if (!settings) // it may have been there at once
        loop.exec();
    return settings.value_or(client::NetworkSettings());
}

Expected<Place> placeElsewhere(const std::string& url, const Clock& clock, ui::Connections& connections)
{
    Expected<ui::ConnectionInfo> wanted = ui::connectionOf(QString::fromStdString(url));
    if (!wanted)
        return fail(wanted.error());
    for (const ui::ConnectionInfo& known : connections.all())
        if (known.kind == wanted->kind && known.url == wanted->url)
            *wanted = known;
    Place place;
    place.server = wanted->server();
    place.ownNetwork = std::make_unique<client::Network>(networkOf(connections, *wanted));
    place.network = place.ownNetwork.get();
    if (wanted->id.isEmpty() || wanted->email.isEmpty())
        return place;
    if (const auto key = keptKey(connections, wanted->id)) {
        wanted->key = *key;
        place.tokens = std::make_unique<client::TokenSource>(*place.network, clock, wanted->credentials());
    }
    return place;
}

/// The endpoints that the layout names, as the server describes them to a member; what it does not describe is read by its id.
std::vector<EndpointView> endpointsOf(const MonitorLayout& layout, const Place& place, const Clock& clock)
{
    std::vector<EndpointView> endpoints;
    if (place.tokens) {
        client::Management management(*place.network, *place.tokens, clock, place.server);
        QEventLoop loop;
        management.endpoints(&loop, [&](Expected<std::vector<EndpointView>> came) {
            if (came)
                endpoints = std::move(*came);
            loop.quit();
        });
        loop.exec();
    }
    const auto isKnown = [&](const EndpointId& id) {
        return layout.urls.count(id) > 0 ||
               std::any_of(endpoints.begin(), endpoints.end(), [&](const EndpointView& each) { return each.endpoint.id == id; });
    };
    for (const EndpointId& id : endpointsIn(layout)) {
        if (isKnown(id))
            continue;
        EndpointView& view = endpoints.emplace_back();
        view.endpoint.id = id;
        view.outputName.text = id.text;
    }
    return endpoints;
}

} // namespace

Expected<MonitorLayout> readLayout(const QString& file, const std::optional<TimeRange>& range)
{
    QFile layout(file);
    const auto failed = [&](const QString& why) {
        return fail(Problem::BadRequest, QCoreApplication::translate("iotman::ChartTask", "%1: %2").arg(file, why).toStdString());
    };
    if (!layout.open(QIODevice::ReadOnly))
        return failed(layout.errorString());
    auto read = layoutFrom(layout.read(MonitorLayout::mostBytes + 1));
    if (!read)
        return failed(QString::fromStdString(read.error().detail));
    if (endpointsIn(*read).empty())
        return failed(QCoreApplication::translate("iotman::ChartTask", "This layout draws nothing."));
    if (range)
        read->range = range;
    return read;
}

Expected<void> drawChart(const ChartTask& task, const Clock& clock, Random& random, QSettings& settings, client::Vault& vault)
{
    ui::Connections connections(settings, vault);
    const auto place =
        task.connectTo.empty() ? placeOfFolder(task, clock, random) : placeElsewhere(task.connectTo, clock, connections);
    if (!place)
        return fail(place.error());
    MonitorPage page(clock, random);
    page.setConnection(*place->network, place->tokens.get(), place->server);
    page.setEndpoints(endpointsOf(task.layout, *place, clock));
    ChartPicture picture(page, task.layout, task.picture);
    QEventLoop loop;
    QString trouble;
    QObject::connect(&picture, &ChartPicture::finished, &loop, [&](const QString& error) {
        trouble = error;
        loop.quit();
    });
    loop.exec();
    if (!trouble.isEmpty())
        return fail(Problem::Internal, trouble.toStdString());
    return {};
}

} // namespace iotman
