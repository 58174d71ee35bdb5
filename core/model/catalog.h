// Everything of a workspace but its data, as one value. A change is a function on this value: it either gives the next one or an
// error, and nothing else decides whether it is allowed.
#pragma once

#include "core/model/clock.h"
#include "core/model/resources.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iotman {

struct Catalog {
    std::uint64_t version = 0; ///< rises with each change that was committed
    std::int64_t nextKey = 1;  ///< the next SourceKey or OutputKey
    Workspace workspace;
    std::map<ScopeName, Scope> scopes;
    std::map<SourceName, Source> sources;
    std::map<OutputId, Output> outputs;
    std::map<EndpointId, Endpoint> endpoints;
    std::map<ClientId, Client> clients;
    std::map<MemberId, Member> members;
    CorsOrigins cors;

    const Output* outputNamed(const OutputName& name) const;
    const Output* outputByIdOrName(std::string_view idOrName) const;
    const Member* memberByEmail(const Email& email) const;
    const Source* sourceByKey(SourceKey key) const;
    /// Whether `output` reads what comes from `source`.
    static bool reads(const Output& output, const SourceName& source);
    /// Of all outputs: those that are served, and those that grow beside them.
    std::set<OutputKey> generations() const;
    /// The output whose items are being made of stored datapoints into `key`; null where there is none.
    const Output* outputApplying(OutputKey key) const;
};

/// One resource that differs between two catalogs. `before` and `after` are stored JSON, empty where it is new or gone.
struct CatalogDifference {
    std::string kind; ///< "workspace", "scope", "source", "output", "endpoint", "client", "member", "cors", "keys"
    std::string id;
    std::string before;
    std::string after;

    bool operator==(const CatalogDifference&) const = default;
};

/// In a fixed order: kinds as listed above, ids sorted.
std::vector<CatalogDifference> differences(const Catalog& before, const Catalog& after);

/// Every resource of a catalog, as a difference to an empty one.
std::vector<CatalogDifference> everything(const Catalog& catalog);

/// Puts one stored resource into the catalog. Errors: BadRequest when the JSON is not what `everything` writes.
Expected<void> restore(Catalog& catalog, const CatalogDifference& stored);

/// The same JSON as the audit log keeps it: without hashes, and without what only the store goes by.
std::string asJournalled(const std::string& storedJson);

/// The entity tag of a resource: it changes when the stored JSON does.
std::string entityTag(const Json& stored);

/// SHA-256 of a secret or key, base64url: what is stored and compared.
std::string secretHash(std::string_view secret);

} // namespace iotman
