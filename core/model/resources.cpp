// The JSON of resources that need no more than a few lines; sources, outputs, endpoints, clients and members have files of their
// own.
#include "core/model/resources.h"

#include "core/model/resourcejson.h"

namespace iotman {

Json storedJson(const Workspace& workspace)
{
    return {{"id", workspace.id},
            {"slug", workspace.slug.text},
            {"name", workspace.name},
            {"created_at", timeJson(workspace.createdAt)}};
}

namespace {

Workspace readWorkspace(ObjectReader& reader)
{
    Workspace workspace;
    workspace.id = reader.requiredText("id");
    workspace.slug = reader.parsed<Slug>("slug");
    workspace.name = reader.text("name");
    workspace.createdAt = reader.time("created_at").value_or(Timestamp{});
    return workspace;
}

} // namespace

Expected<Workspace> workspaceFromStored(const Json& json)
{
    ObjectReader reader(json);
    Workspace workspace = readWorkspace(reader);
    return finished(reader, std::move(workspace));
}

Json toJson(const WorkspaceView& view)
{
    Json json = storedJson(view.workspace);
    Json answer;
    for (const char* member : {"id", "slug", "name"})
        answer[member] = json[member];
    answer["base_url"] = view.baseUrl;
    answer["contract"] = view.contract;
    answer["created_at"] = json["created_at"];
    return answer;
}

Expected<WorkspaceView> workspaceViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    WorkspaceView view;
    view.workspace = readWorkspace(reader);
    view.baseUrl = reader.text("base_url");
    view.contract = reader.text("contract");
    return finished(reader, std::move(view));
}

Expected<WorkspacePatch> workspacePatchFrom(const Json& json)
{
    ObjectReader reader(json);
    WorkspacePatch patch;
    patch.slug = reader.has("slug") ? std::optional(reader.parsed<Slug>("slug")) : std::nullopt;
    patch.name = reader.has("name") ? std::optional(reader.requiredText("name")) : std::nullopt;
    if (patch.name)
        checkName(reader, "name", *patch.name);
    return finished(reader, std::move(patch));
}

Json toJson(const Me& me)
{
    Json rights = Json::array();
    for (const Permission& p : permissions) {
        if (may(me.role, p.action))
            rights.push_back(p.name);
    }
    return {{"email", me.email.text},
            {"role", text(me.role)},
            {"workspace", {{"id", me.workspaceId}, {"slug", me.slug.text}, {"name", me.workspaceName}}},
            {"may", std::move(rights)}};
}

Expected<Me> meFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    Me me;
    me.email = reader.parsed<Email>("email");
    me.role = readRole(reader, "role").value_or(Role::Viewer);
    reader.ignore("may");
    if (const Json* workspace = reader.object("workspace")) {
        ObjectReader inner(*workspace, UnknownMembers::Ignored);
        me.workspaceId = inner.requiredText("id");
        me.slug = inner.parsed<Slug>("slug");
        me.workspaceName = inner.text("name");
        if (auto done = inner.finish(); !done)
            reader.refuse(done.error());
    }
    return finished(reader, std::move(me));
}

Json storedJson(const Scope& scope)
{
    return {{"name", scope.name.text},
            {"description", scope.description},
            {"created_at", timeJson(scope.made.at)},
            {"created_by", scope.made.by}};
}

namespace {

Scope readScope(ObjectReader& reader)
{
    Scope scope;
    scope.name = reader.parsed<ScopeName>("name");
    scope.description = reader.text("description");
    scope.made = readMade(reader);
    return scope;
}

} // namespace

Expected<Scope> scopeFromStored(const Json& json)
{
    ObjectReader reader(json);
    Scope scope = readScope(reader);
    return finished(reader, std::move(scope));
}

Json toJson(const ScopeView& view)
{
    const Json stored = storedJson(view.scope);
    return {{"name", stored["name"]},
            {"description", stored["description"]},
            {"used_by", {{"endpoints", view.endpoints}, {"clients", view.clients}, {"sources", view.sources}}},
            {"created_at", stored["created_at"]},
            {"created_by", stored["created_by"]}};
}

Expected<ScopeView> scopeViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    ScopeView view;
    view.scope = readScope(reader);
    if (const Json* usedBy = reader.object("used_by")) {
        ObjectReader inner(*usedBy, UnknownMembers::Ignored);
        view.endpoints = inner.texts("endpoints");
        view.clients = inner.texts("clients");
        view.sources = inner.texts("sources");
        if (auto done = inner.finish(); !done)
            reader.refuse(done.error());
    }
    return finished(reader, std::move(view));
}

Expected<ScopeDraft> scopeDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    ScopeDraft draft;
    draft.name = reader.parsed<ScopeName>("name");
    draft.description = reader.text("description");
    checkText(reader, "description", draft.description);
    return finished(reader, std::move(draft));
}

Json toJson(const ScopeDraft& draft)
{
    return {{"name", draft.name.text}, {"description", draft.description}};
}

Json storedJson(const CorsOrigins& origins)
{
    return {{"origins", origins.texts()}};
}

Expected<CorsDraft> corsDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    if (!reader.has("origins"))
        reader.refuse({Problem::BadRequest, "origins: expected an array of origins, but it is missing", "origins"});
    const std::vector<std::string> given = reader.texts("origins");
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    Expected<CorsDraft> draft = parseCorsOrigins(given);
    return draft ? std::move(draft) : fail(draft.error().below("/origins"));
}

Expected<CorsOrigins> corsFromStored(const Json& json)
{
    return corsDraftFrom(json).map([](CorsDraft draft) { return draft.origins; });
}

Json toJson(const CorsView& view, WithRepairs repairs)
{
    Json json = storedJson(view.origins);
    if (repairs == WithRepairs::Yes) {
        json["repairs"] = Json::array();
        for (const CorsRepair& repair : view.repairs)
            json["repairs"].push_back({{"given", repair.given}, {"stored", repair.stored}});
    }
    return json;
}

Expected<CorsView> corsViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    CorsView view;
    const std::vector<std::string> given = reader.texts("origins");
    if (const Json* repairs = reader.array("repairs")) {
        for (const Json& repair : *repairs) {
            ObjectReader inner(repair, UnknownMembers::Ignored);
            view.repairs.push_back({inner.requiredText("given"), inner.requiredText("stored")});
            if (auto done = inner.finish(); !done)
                reader.refuse(done.error());
        }
    }
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    return parseCorsOrigins(given).map([&](CorsDraft draft) {
        view.origins = std::move(draft.origins);
        return view;
    });
}

} // namespace iotman
