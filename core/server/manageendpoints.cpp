// /api/endpoints
#include "core/server/managementanswers.h"
#include "core/server/views.h"

namespace iotman::server {

void Management::listEndpoints(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->endpoints, [&](const Endpoint& endpoint) { return viewOf(context_, *catalog, endpoint, baseOf(context_, call)); });
}

void Management::postEndpoint(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(endpointDraftFrom);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    const auto id = std::make_shared<EndpointId>();
    change(
        call,
        [draft = *draft, id](Catalog& catalog, Sequence, const Author& author) {
            return createEndpoint(catalog, draft, author).map([&](const EndpointId& made) { *id = made; });
        },
        [&context = context_, id, base = baseOf(context_, call)](const Catalog& catalog) {
            const Endpoint& endpoint = catalog.endpoints.at(*id);
            return created("/api/endpoints/" + id->text, toJson(viewOf(context, catalog, endpoint, base)), storedJson(endpoint));
        });
}

void Management::getEndpoint(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Endpoint* endpoint = findOrAnswer(catalog->endpoints, "endpoint", call))
        call.reply(withTag(jsonResponse(200, toJson(viewOf(context_, *catalog, *endpoint, baseOf(context_, call)))), storedJson(*endpoint)));
}

void Management::patchEndpoint(const ManagementCall& call)
{
    const auto patch = bodyOf(call).and_then(endpointPatchFrom);
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const EndpointId id{call.id};
    change(
        call,
        [id, patch = *patch, preconditions = Preconditions(call)](Catalog& catalog, Sequence, const Author&) {
            return checkVersion(preconditions, catalog.endpoints, "endpoint", id.text).and_then([&] { return changeEndpoint(catalog, id, patch); });
        },
        [&context = context_, id, base = baseOf(context_, call)](const Catalog& catalog) {
            const Endpoint& endpoint = catalog.endpoints.at(id);
            return withTag(jsonResponse(200, toJson(viewOf(context, catalog, endpoint, base))), storedJson(endpoint));
        });
}

void Management::deleteEndpoint(const ManagementCall& call)
{
    change(call, deletion(call, &Catalog::endpoints, "endpoint", iotman::deleteEndpoint), gone);
}

} // namespace iotman::server
