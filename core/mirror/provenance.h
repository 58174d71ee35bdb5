// Through which endpoints items have come, so that no mirror brings in what hangs on it: that would go round for ever.
#pragma once

#include "core/model/catalog.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::mirror {

/// The header of a page that tells a mirror through which endpoints it has come: `ID, …`, its own first. An id is 22 characters of
/// `[A-Za-z0-9_-]`, another one after each start of its server, and says nothing of endpoint and server.
inline constexpr const char* provenanceHeader = "IoTMan-Through";

/// Any thread.
class Provenance {
public:
    using Ids = std::vector<std::string>; ///< of endpoints

    /// `secret`: of this start of the server, as Random::secret gives them.
    explicit Provenance(std::string secret);

    /// What a page of `endpoint` says to a mirror of it: the endpoint, and those behind the mirrors that its output reads.
    std::string through(const Catalog& catalog, const Endpoint& endpoint) const;

    /// Takes what a page told `mirror` (empty where it told nothing). False where it came through an endpoint of this server whose
    /// output reads this mirror: what it brings would be its own. It counts as bringing nothing then.
    bool learn(const Catalog& catalog, const Source& mirror, std::string_view header);

private:
    std::string idOf(const EndpointId& endpoint) const;

    const std::string secret_;
    mutable std::mutex mutex_;
    std::map<SourceKey, Ids> behind_;
};

} // namespace iotman::mirror
