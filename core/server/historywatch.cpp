#include "core/server/historywatch.h"

namespace iotman::server {

namespace {

bool isRemade(const Catalog& before, const OutputId& id, const Output& after)
{
    const auto found = before.outputs.find(id);
    if (found == before.outputs.end())
        return false;
    const std::optional<Applying>& applying = found->second.applying;
    const bool isApplied = applying && applying->key == found->second.key && !after.applying;
    return found->second.key != after.key || isApplied;
}

} // namespace

std::vector<EndpointId> endpointsRemade(const Catalog& before, const Catalog& after)
{
    std::vector<EndpointId> remade;
    for (const auto& [id, endpoint] : after.endpoints) {
        const auto old = before.endpoints.find(id);
        if (old == before.endpoints.end())
            continue;
        if (old->second.output != endpoint.output || isRemade(before, endpoint.output, after.outputs.at(endpoint.output)))
            remade.push_back(id);
    }
    return remade;
}

std::vector<EndpointId> endpointsOf(const Catalog& catalog, const SourceName& source)
{
    std::vector<EndpointId> serving;
    for (const auto& [id, endpoint] : catalog.endpoints) {
        if (Catalog::reads(catalog.outputs.at(endpoint.output), source))
            serving.push_back(id);
    }
    return serving;
}

} // namespace iotman::server
