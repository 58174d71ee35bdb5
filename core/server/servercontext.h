// What all workers of a server share. Everything here may be used from any thread.
#pragma once

#include "core/model/mirrorsettings.h"
#include "core/model/query.h"
#include "core/pipeline/applier.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/replaysources.h"
#include "core/server/activity.h"
#include "core/server/fanout.h"
#include "core/server/hosts.h"
#include "core/server/idempotency.h"
#include "core/server/keyring.h"
#include "core/server/loginthrottle.h"
#include "core/server/metrics.h"
#include "core/server/proxies.h"
#include "core/server/usage.h"
#include "core/server/weather.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace iotman::mirror {
class MirrorSources;
}

namespace iotman::server {

class Background;
class Imports;
class OutgoingSecrets;
class Snapshots;
class TrustedIssuers;

/// The desktop's own way in: a member that exists in memory only, admin of this workspace. Empty hash: there is none.
struct Owner {
    static constexpr const char* id = "owner";
    static constexpr const char* email = "owner@localhost";
    std::string keyHash;
    /// What tokens that were got with this key say, as a member's (Member::keyId): they end with the program.
    std::string keyId() const { return secretHash(keyHash).substr(0, 8); }
};

/// Who can read the folder's signing key is its admin: the command line signs its own tokens with this subject.
inline constexpr const char* commandLineSubject = "cli";

struct ServerContext {
    store::Store& store;
    pipeline::Pipeline& pipeline;
    pipeline::Applier& applier;
    const store::Keeping& keeping;
    FanOut& fanOut;
    Weather& weather;
    Activity& activity;
    KeyRing& keys;
    const Clock& clock;
    Random& random;
    Hosts hosts;
    Proxies proxies;
    Owner owner;
    std::shared_ptr<const TlsIdentity> tls = {}; ///< null: plain HTTP
    Contract contract = Contract::Extended;
    Usage usage = {};
    Metrics metrics = {};
    ConnectionCount connections = ConnectionCount(ConnectionLimits{}); ///< all that are open, streams too
    LoginThrottle throttle = {};
    RequestsInFlight requestsInFlight = {};
    /// Whether it is being tried to write, where that had failed.
    std::shared_ptr<std::atomic<bool>> triesToWrite = std::make_shared<std::atomic<bool>>(false);
    /// Called once a member has signed in: the file with the first admin's key can go.
    std::function<void(const Email&)> signedIn = {};
    pipeline::ReplaySources* replays = nullptr; ///< null where sources rest
    mirror::MirrorSources* mirrors = nullptr;   ///< this too
    /// Whether an address is this server's own.
    std::function<bool(const HttpAddress&)> isOwn = {};
    OutgoingSecrets* secrets = nullptr; ///< never null once requests are served
    TrustedIssuers* issuers = nullptr; ///< this too
    Background* background = nullptr; ///< never null once requests are served, nor is what follows
    Imports* imports = nullptr;       ///< used on the background thread alone
    Snapshots* snapshots = nullptr;   ///< this too
    std::function<void(const std::string& line)> log = {}; ///< for the operator; any thread
};

} // namespace iotman::server
