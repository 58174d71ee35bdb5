// Sources of kind `mirror`: the items of endpoints elsewhere, their history and what comes from now on, and the keys of the issuers
// they trust.
#pragma once

#include "core/client/backoff.h"
#include "core/client/network.h"
#include "core/mirror/mirrorstate.h"
#include "core/mirror/provenance.h"
#include "core/pipeline/pipeline.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

class QThread;

namespace iotman::mirror {

struct MirrorReach {
    client::NetworkSettings network = {};
    client::BackoffSettings backoff = {};
    std::chrono::milliseconds refusedAgain = std::chrono::minutes(1);
    std::chrono::milliseconds signInAgain = std::chrono::minutes(5);
    std::chrono::milliseconds lookAgain = std::chrono::minutes(5);
};

/// What the mirrors ask of the server around them, and tell it. Called on their thread.
struct MirrorHooks {
    /// A secret that tells this server from others, the same at each start.
    std::string identity;
    /// The secret with which a mirror signs in; nothing where none is kept.
    std::function<std::optional<std::string>(const Source&)> secret;
    /// Whether an address is this server's own: to mirror it would bring back what it brings, for ever.
    std::function<bool(const HttpAddress&)> isOwn;
    /// Items of the past, from `from` to `to`, were added to a source.
    std::function<void(const SourceName&, Timestamp from, Timestamp to)> history;
    /// The keys of a mirror's trusted issuer came, or did not; true where what came is of use.
    std::function<bool(const Source&, const TrustedIssuer&, const Expected<std::string>& jwks)> issuerKeys;
    /// How a mirror is doing has changed.
    std::function<void(const SourceName&, const MirrorState&)> state;
};

class Mirrors;

/// Reads all mirrors of the catalog on one thread with an event loop, from construction to destruction. A commit is waited for
/// before more is read, and how far a mirror came is stored with what it brought: a restart of either side leaves no gap and no
/// repeat. It rests until `resume` is called for the first time.
class MirrorSources {
public:
    MirrorSources(pipeline::Pipeline& pipeline, const Clock& clock, Random& random, MirrorHooks hooks,
                  MirrorReach settings = {});
    ~MirrorSources();
    MirrorSources(const MirrorSources&) = delete;
    MirrorSources& operator=(const MirrorSources&) = delete;

    /// Ends the thread; the store is not used after this.
    void stop();

    /// Waits until nothing is being brought in and keeps it so until `resume`. Never on the mirrors' or the writer's thread, nor
    /// after `stop`; neither is `resume`.
    void pause();
    /// Goes on from what is stored now.
    void resume();
    /// Sources or their secrets were added, changed or removed. Any thread, also after `stop`.
    void catalogChanged();

    /// A token came that its trusted issuer may have signed with a new key. Any thread, also after `stop`.
    void readIssuerAgain(SourceKey mirror);

    const Provenance& provenance() const { return provenance_; }
    /// As it was told last. A source that is no mirror is off. Any thread.
    MirrorState state(const SourceName& name) const;

private:
    void show(const SourceName& name, const std::optional<MirrorState>& state);

    const MirrorHooks hooks_;
    Provenance provenance_;
    mutable std::mutex mutex_;
    std::map<SourceName, MirrorState> states_;
    std::atomic<bool> isChangePending_ = false;
    std::unique_ptr<QThread> thread_;
    Mirrors* mirrors_ = nullptr; ///< lives on the thread; null once it is stopped
};

} // namespace iotman::mirror
