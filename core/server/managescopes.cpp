// /api/scopes
#include "core/server/managementanswers.h"
#include "core/server/views.h"

namespace iotman::server {

void Management::listScopes(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->scopes, [&](const Scope& scope) { return viewOf(*catalog, scope); });
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
            const Scope& scope = catalog.scopes.at(name);
            return created("/api/scopes/" + name.text, toJson(viewOf(catalog, scope)), storedJson(scope));
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
    change(call, deletion(call, &Catalog::scopes, "scope", iotman::deleteScope), gone);
}

} // namespace iotman::server
