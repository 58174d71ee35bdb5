// Through which endpoints items have come, so that no mirror brings in what hangs on it: that would go round for ever.
#pragma once

#include "core/model/catalog.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::mirror {

/// The header of a page that tells a mirror through which endpoints it has come: `ID, …`, its own first. An id is 22 characters of
/// `[A-Za-z0-9_-]`, the same at each start of its server, and says nothing of endpoint and server.
inline constexpr const char* provenanceHeader = "IoTMan-Through";

/// Any thread.
class Provenance {
public:
    using Ids = std::vector<std::string>; ///< of endpoints

    /// Called with what is behind a mirror when that has changed, as `know` takes it. Any thread.
    using Keep = std::function<void(SourceKey mirror, const std::string& behind)>;

    /// `secret`: of this server, which no other one has.
    explicit Provenance(std::string secret, Keep keep = {});

    /// Takes what was behind a mirror when the server was here before: until it has read again, that is what it brings.
    void know(SourceKey mirror, std::string_view behind);

    /// What a page of `endpoint` says to a mirror of it: the endpoint, and those behind the mirrors that its output reads.
    std::string through(const Catalog& catalog, const Endpoint& endpoint) const;

    /// Takes what a page told `mirror` (empty where it told nothing). False where it came through an endpoint of this server whose
    /// output reads this mirror: what it brings would be its own. It counts as bringing nothing then.
    bool learn(const Catalog& catalog, const Source& mirror, std::string_view header);

private:
    std::string idOf(const EndpointId& endpoint) const;

    const std::string secret_;
    const Keep keep_;
    mutable std::mutex mutex_;
    std::map<SourceKey, Ids> behind_;
};

} // namespace iotman::mirror
