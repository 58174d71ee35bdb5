#include "app/desktop/localserver.h"

#include "core/server/service.h"

#include <condition_variable>
#include <mutex>

namespace iotman {

LocalServer::LocalServer(LocalServerOptions options, const Clock& clock, Random& random)
    : options_(std::move(options))
    , clock_(clock)
    , random_(random)
{
}

LocalServer::~LocalServer()
{
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

void LocalServer::start()
{
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void LocalServer::run(const std::stop_token& stop)
{
    server::ServiceOptions options;
    options.program = "iotman-desktop";
    options.dataFolder = options_.dataFolder;
    options.takenPort = server::TakenPort::NextFree;
    std::error_code unknown;
    if (std::filesystem::exists(options_.demo, unknown)) // else a new folder begins empty
        options.workspaceFile = options_.demo;
    options.workspaceFileUse = server::WorkspaceFileUse::WhenNew;
    options.ownerKey = options_.ownerKey;
    const auto service = server::Service::start(std::move(options), clock_, random_);
    if (!service) {
        Q_EMIT failed(service.error());
        return;
    }
    Q_EMIT ready(QUrl(QString::fromStdString((*service)->urls().front())));
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    ended.wait(lock, stop, [] { return false; });
}

} // namespace iotman
