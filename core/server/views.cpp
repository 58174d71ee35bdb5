#include "core/server/views.h"

#include <algorithm>

namespace iotman::server {

ScopeView viewOf(const Catalog& catalog, const Scope& scope)
{
    ScopeView view{scope, {}, {}, {}};
    for (const auto& [id, endpoint] : catalog.endpoints) {
        if (endpoint.requiredScope == scope.name)
            view.endpoints.push_back(id.text);
    }
    for (const auto& [id, client] : catalog.clients) {
        if (std::find(client.scopes.begin(), client.scopes.end(), scope.name) != client.scopes.end())
            view.clients.push_back(id.text);
    }
    for (const auto& [name, source] : catalog.sources) {
        if (source.requiredScope == scope.name)
            view.sources.push_back(name.text);
    }
    return view;
}

SourceView viewOf(const ServerContext& context, const Source& source, const std::string& base)
{
    const store::SourceCounts counts = context.store.sourceCounts(source.key);
    SourceView view{source, std::nullopt, counts.datapoints, counts.lastDatapointAt};
    if (source.kind == SourceKind::Http)
        view.ingestUrl = base + "/data/in/" + source.name.text;
    return view;
}

OutputView viewOf(const ServerContext& context, const Output& output)
{
    store::OutputCounts counts = context.store.counts(output.key);
    return {output, counts.items, counts.skipped, counts.failed, std::move(counts.lastFailure), counts.lastItemAt, context.applier.progress(output)};
}

EndpointView viewOf(const ServerContext& context, const Catalog& catalog, const Endpoint& endpoint, const std::string& base)
{
    const Output& output = catalog.outputs.at(endpoint.output);
    const std::string url = base + "/data/out/" + endpoint.id.text;
    const std::string streamBase = "ws" + url.substr(std::string_view("http").size()); // http to ws, https to wss
    return {endpoint,
            output.name,
            url,
            streamBase + "/stream",
            context.contract == Contract::Extended ? url + "/events" : std::string(),
            context.store.counts(output.key).lastItemAt,
            context.fanOut.streams(endpoint.id),
            context.usage.endpoints.last(endpoint.id)};
}

ClientView viewOf(const ServerContext& context, const Client& client) { return {client, context.usage.clients.last(client.id), std::nullopt}; }

MemberView viewOf(const ServerContext& context, const Member& member) { return {member, context.usage.members.last(member.id), std::nullopt}; }

} // namespace iotman::server
