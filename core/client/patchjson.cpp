#include "core/client/patchjson.h"

namespace iotman::client {

namespace {

template <class Name>
Json texts(const std::vector<Name>& names)
{
    Json list = Json::array();
    for (const Name& name : names)
        list.push_back(name.text);
    return list;
}

Json nameOrNull(const std::optional<ScopeName>& name)
{
    return name ? Json(name->text) : Json(nullptr);
}

template <class T>
void put(Json& json, const char* member, const std::optional<T>& value)
{
    if (value)
        json[member] = *value;
}

} // namespace

Json patchJson(const WorkspacePatch& patch)
{
    Json json = Json::object();
    if (patch.slug)
        json["slug"] = patch.slug->text;
    put(json, "name", patch.name);
    return json;
}

Json patchJson(const SourcePatch& patch)
{
    Json json = Json::object();
    put(json, "settings", patch.settings);
    if (patch.time)
        json["time"] = *patch.time ? Json(**patch.time) : Json(nullptr);
    if (patch.requiredScope)
        json["required_scope"] = nameOrNull(*patch.requiredScope);
    put(json, "enabled", patch.enabled);
    return json;
}

Json patchJson(const OutputPatch& patch)
{
    Json json = Json::object();
    if (patch.name)
        json["name"] = patch.name->text;
    if (patch.sources)
        json["sources"] = texts(*patch.sources);
    if (patch.filter)
        json["filter"] = patch.filter->empty() ? Json(nullptr) : Json(*patch.filter);
    put(json, "rule", patch.rule);
    if (patch.applyToStored)
        json["apply_to_stored"] = true;
    return json;
}

Json patchJson(const EndpointPatch& patch)
{
    return toJson(patch);
}

Json patchJson(const ClientPatch& patch)
{
    Json json = Json::object();
    put(json, "name", patch.name);
    if (patch.scopes)
        json["scopes"] = texts(*patch.scopes);
    put(json, "enabled", patch.enabled);
    if (patch.expiresAt)
        json["expires_at"] = timeJson(*patch.expiresAt);
    return json;
}

Json patchJson(const MemberPatch& patch)
{
    Json json = Json::object();
    if (patch.role)
        json["role"] = text(*patch.role);
    return json;
}

Json draftJson(const MemberDraft& draft)
{
    return {{"email", draft.email.text}, {"role", text(draft.role)}};
}

} // namespace iotman::client
