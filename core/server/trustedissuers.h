// The keys of services whose tokens open the endpoints of a mirror: fetched now and then, kept for when they cannot be.
#pragma once

#include "core/model/catalog.h"
#include "core/model/mirrorsettings.h"
#include "core/server/publickey.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

/// A mirror and the issuer whose tokens open its endpoints.
struct Trust {
    SourceKey mirror = 0;
    TrustedIssuer issuer;

    bool operator==(const Trust&) const = default;
};
/// The trust that `endpoint` hangs on: it serves the own output of a mirror. Nothing: it takes tokens of this workspace alone.
std::optional<Trust> trustOf(const Catalog& catalog, const Endpoint& endpoint);

/// `issuer-keys.json` in the data folder. Keys belong to one mirror and to the issuer that its settings named when they were fetched:
/// with another name, audience or address they are not used. Any thread.
class TrustedIssuers {
public:
    /// How the keys of one issuer are.
    struct State {
        std::size_t keys = 0;
        std::optional<Timestamp> fetchedAt;
        std::string trouble; ///< why the last try brought none, a sentence for people; empty where it did

        bool operator==(const State&) const = default;
    };

    /// What cannot be read in the file is fetched again.
    explicit TrustedIssuers(const std::filesystem::path& dataFolder);

    /// Called when a token names a key that is not here, for each mirror at most every ten seconds. Set once, before the first.
    void setMissing(std::function<void(SourceKey)> missing) { missing_ = std::move(missing); }

    /// What an attempt to fetch a JWK set at `now` brought. The old keys stay where it failed, and are replaced by what came
    /// otherwise. Returns how it stands now.
    State fetched(SourceKey mirror, const TrustedIssuer& issuer, const Expected<std::string>& jwks, Timestamp now);
    /// Forgets what belongs to no mirror of `catalog`.
    void prune(const Catalog& catalog);

    std::vector<PublicKey> keysOf(SourceKey mirror, const TrustedIssuer& issuer) const;
    State stateOf(SourceKey mirror, const TrustedIssuer& issuer) const;
    /// A token came at `now` that was signed with none of the keys that were fetched.
    void missed(SourceKey mirror, Timestamp now);
    /// Rises when any keys change; caches of verified tokens hang on it.
    std::uint64_t generation() const;

private:
    struct Kept {
        TrustedIssuer issuer;
        std::vector<PublicKey> keys;
        State state;
    };

    void read();
    std::string text() const;
    void write();
    const Kept* find(SourceKey mirror, const TrustedIssuer& issuer) const;

    const std::filesystem::path file_;
    std::function<void(SourceKey)> missing_;
    std::mutex writing_; ///< taken before the other one
    mutable std::mutex mutex_;
    std::map<SourceKey, Kept> all_;
    std::map<SourceKey, Timestamp> missedAt_;
    std::uint64_t generation_ = 0;
};

} // namespace iotman::server
