#include "core/model/restored.h"

#include <algorithm>

namespace iotman {

namespace {

template <class Map>
void switchOffWithoutScope(Map& resources, const std::map<ScopeName, Scope>& scopes)
{
    for (auto& [id, resource] : resources) {
        if (resource.requiredScope && !scopes.contains(*resource.requiredScope))
            resource.enabled = false;
    }
}

} // namespace

Catalog restored(const Catalog& now, const Catalog& then, Extent extent)
{
    Catalog after = now;
    after.nextKey = std::max(now.nextKey, then.nextKey);
    after.sources = then.sources;
    after.outputs = then.outputs;
    after.endpoints = then.endpoints;
    after.cors = then.cors;
    if (extent == Extent::DataAndAccess) {
        after.scopes = then.scopes;
        after.clients = then.clients;
    }
    switchOffWithoutScope(after.sources, after.scopes);
    switchOffWithoutScope(after.endpoints, after.scopes);
    return after;
}

} // namespace iotman
