#include "core/model/restored.h"

#include "core/model/mirrorsettings.h"

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

/// Whom a mirror trusts is as it is now: a trust that was taken back does not come back.
void keepTrust(std::map<SourceName, Source>& sources, const Catalog& now)
{
    for (auto& [name, source] : sources) {
        if (source.kind != SourceKind::Mirror)
            continue;
        const Source* today = now.sourceByKey(source.key);
        source.settings.erase(MirrorSettings::trustMember);
        if (today && today->settings.contains(MirrorSettings::trustMember))
            source.settings[MirrorSettings::trustMember] = today->settings[MirrorSettings::trustMember];
    }
}

} // namespace

Catalog restored(const Catalog& now, const Catalog& then, Extent extent)
{
    Catalog after = now;
    after.nextKey = std::max(now.nextKey, then.nextKey);
    after.sources = then.sources;
    keepTrust(after.sources, now);
    after.outputs = then.outputs;
    after.endpoints = then.endpoints;
    after.cors = then.cors;
    if (extent == Extent::DataAndAccess) {
        if (!then.workspace.id.empty()) { // what older programs kept lacks it
            after.workspace.slug = then.workspace.slug;
            after.workspace.name = then.workspace.name;
        }
        after.scopes = then.scopes;
        after.clients = then.clients;
    }
    switchOffWithoutScope(after.sources, after.scopes);
    switchOffWithoutScope(after.endpoints, after.scopes);
    return after;
}

} // namespace iotman
