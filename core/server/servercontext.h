// What all workers of a server share. Everything here may be used from any thread.
#pragma once

#include "core/pipeline/applier.h"
#include "core/pipeline/pipeline.h"
#include "core/server/fanout.h"
#include "core/server/hosts.h"
#include "core/server/keyring.h"
#include "core/server/loginthrottle.h"
#include "core/server/usage.h"

#include <filesystem>
#include <functional>
#include <string>

namespace iotman::server {

/// The desktop's own way in: a member that exists in memory only, admin of this workspace. Empty hash: there is none.
struct Owner {
    static constexpr const char* id = "owner";
    static constexpr const char* email = "owner@localhost";
    std::string keyHash;
};

/// Who can read the folder's signing key is its admin: the command line signs its own tokens with this subject.
inline constexpr const char* commandLineSubject = "cli";

struct ServerContext {
    store::Store& store;
    pipeline::Pipeline& pipeline;
    pipeline::Applier& applier;
    FanOut& fanOut;
    KeyRing& keys;
    const Clock& clock;
    Random& random;
    Hosts hosts;
    Owner owner;
    Usage usage = {};
    LoginThrottle throttle = {};
    /// Called once a member has signed in: the file with the first admin's key can go.
    std::function<void(const Email&)> signedIn = {};
};

} // namespace iotman::server
