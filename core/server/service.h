// A workspace being served: folder, store, keys, pipeline, threads, addresses. What both programs start.
#pragma once

#include "core/model/catalog.h"
#include "core/model/clock.h"
#include "core/model/query.h"
#include "core/server/acceptor.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

enum class WorkspaceFileUse {
    Always,  ///< the file's parts become exactly so at each start
    WhenNew, ///< only when the data folder is made
};

/// Whether sources that bring datapoints by themselves (this computer's numbers, generators, replays, mirrors) do so.
enum class Sources { Working, Resting };

struct ServiceOptions {
    std::string program; ///< told to others that want the same folder
    std::optional<std::filesystem::path> dataFolder; ///< nothing: a private one in memory, gone at the end
    std::vector<ListenAddress> listen = defaultListenAddresses();
    TakenPort takenPort = TakenPort::Refuse;
    std::string baseUrl;
    std::vector<std::string> hosts;
    std::vector<std::string> trustedProxies; ///< addresses and networks
    /// PEM files; with them every address speaks TLS and nothing else.
    struct Tls {
        std::filesystem::path certificate;
        std::filesystem::path key;
    };
    std::optional<Tls> tls;
    std::optional<std::filesystem::path> workspaceFile;
    WorkspaceFileUse workspaceFileUse = WorkspaceFileUse::Always;
    /// The key of the owner, who exists in memory only; empty: there is no owner, and a folder without members gets a first admin.
    std::string ownerKey;
    bool adminKeyInFile = false; ///< the first admin's key goes to DIR/admin.key until the first sign-in
    Contract contract = Contract::Extended;
    Sources sources = Sources::Working;
    int workers = 2;
    ConnectionLimits connections = {};
    /// A line for whoever runs the server, without secrets; called on any thread. Empty: nobody reads it.
    std::function<void(const std::string& line)> log = {};
};

/// The workspace that a new data folder starts with: a name and nothing in it.
Catalog newWorkspace(const Clock& clock, Random& random);

/// Made and destroyed on one thread, with an application object present; serves on threads of its own in between.
class Service {
public:
    /// Blocks until requests are answered. Errors: one sentence for people.
    static Expected<std::unique_ptr<Service>> start(ServiceOptions options, const Clock& clock, Random& random);
    /// Streams are closed with 1001, what was accepted is durable, the lock is released.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    const std::vector<std::string>& urls() const;
    /// E-mail and key, or `file:PATH`, of the admin that this start made; nothing when there were members already.
    struct FirstAdmin {
        std::string email;
        std::string key;
    };
    const std::optional<FirstAdmin>& firstAdmin() const;

private:
    struct Parts;
    explicit Service(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

} // namespace iotman::server
