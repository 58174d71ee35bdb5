// /api/scopes
#include "core/server/managementanswers.h"
#include "core/server/views.h"

namespace iotman::server {

void Management::listScopes(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    std::vector<ScopeView> views;
    for (const auto& [name, scope] : catalog->scopes)
        views.push_back(viewOf(*catalog, scope));
    call.reply(jsonResponse(200, listJson(views)));
}

void Management::postScope(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(scopeDraftFrom);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    change(
        call, [draft = *draft](Catalog& catalog, Sequence, const Author& author) { return createScope(catalog, draft, author); },
        [name = draft->name](const Catalog& catalog) {
            return created("/api/scopes/" + name.text, toJson(viewOf(catalog, catalog.scopes.at(name))));
        });
}

void Management::getScope(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Scope* scope = findOrAnswer(catalog->scopes, "scope", call))
        call.reply(withTag(jsonResponse(200, toJson(viewOf(*catalog, *scope))), storedJson(*scope)));
}

void Management::deleteScope(const ManagementCall& call)
{
    change(
        call, [id = call.id](Catalog& catalog, Sequence, const Author&) { return iotman::deleteScope(catalog, ScopeName{id}); },
        [](const Catalog&) { return emptyResponse(204); });
}

} // namespace iotman::server
