// Through which endpoints items have come, so that no mirror brings in what hangs on it: that would go round for ever.
#pragma once

#include "core/model/catalog.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::mirror {

/// The header of a page that tells a mirror through which endpoints it has come: `SERVER.ENDPOINT, …`, its own first. Each start of a
/// server has another name, 22 characters of `[A-Za-z0-9_-]`, which says nothing about it.
inline constexpr const char* provenanceHeader = "IoTMan-Through";

/// Any thread.
class Provenance {
public:
    using Ids = std::vector<std::string>; ///< of endpoints, with their server

    /// `secret`: 256 bits as Random::secret gives them, of which half are used.
    explicit Provenance(const std::string& secret);

    /// What a page of `endpoint` says to a mirror of it: the endpoint, and those behind the mirrors that its output reads.
    std::string through(const Catalog& catalog, const Endpoint& endpoint) const;

    /// Takes what a page told `mirror` (empty where it told nothing). False where it came through an endpoint of this server whose
    /// output reads this mirror: what it brings would be its own. It counts as bringing nothing then.
    bool learn(const Catalog& catalog, const Source& mirror, std::string_view header);

private:
    bool hangsOn(const Catalog& catalog, const Source& mirror, std::string_view id) const;

    const std::string server_;
    mutable std::mutex mutex_;
    std::map<SourceKey, Ids> behind_;
};

} // namespace iotman::mirror
