// Endpoints as JSON: the only place that spells their members.
#include "core/model/resourcejson.h"

namespace iotman {

Json storedJson(const Endpoint& endpoint)
{
    return {{"id", endpoint.id.text},
            {"output", endpoint.output.text},
            {"required_scope", nameOrNull(endpoint.requiredScope)},
            {"enabled", endpoint.enabled},
            {"created_at", timeJson(endpoint.made.at)},
            {"created_by", endpoint.made.by}};
}

Expected<Endpoint> endpointFromStored(const Json& json)
{
    ObjectReader reader(json);
    Endpoint endpoint;
    endpoint.id = reader.parsed<EndpointId>("id");
    endpoint.output = reader.parsed<OutputId>("output");
    endpoint.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    endpoint.enabled = reader.flag("enabled", true);
    endpoint.made = readMade(reader);
    return finished(reader, std::move(endpoint));
}

Json toJson(const EndpointView& view)
{
    const Endpoint& endpoint = view.endpoint;
    return {{"id", endpoint.id.text},
            {"output", {{"id", endpoint.output.text}, {"name", view.outputName.text}}},
            {"required_scope", nameOrNull(endpoint.requiredScope)},
            {"enabled", endpoint.enabled},
            {"url", view.url},
            {"stream_url", view.streamUrl},
            {"events_url", view.eventsUrl.empty() ? Json() : Json(view.eventsUrl)},
            {"created_at", timeJson(endpoint.made.at)},
            {"created_by", endpoint.made.by},
            {"last_item_at", timeJson(view.lastItemAt)},
            {"streams", view.streams},
            {"last_read_at", timeJson(view.lastReadAt)}};
}

Expected<EndpointView> endpointViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    EndpointView view;
    Endpoint& endpoint = view.endpoint;
    endpoint.id = reader.parsed<EndpointId>("id");
    if (const Json* output = reader.object("output")) {
        ObjectReader inner(*output, UnknownMembers::Ignored);
        endpoint.output = inner.parsed<OutputId>("id");
        view.outputName = inner.parsed<OutputName>("name");
        if (auto done = inner.finish(); !done)
            reader.refuse(done.error());
    }
    endpoint.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    endpoint.enabled = reader.flag("enabled", true);
    view.url = reader.text("url");
    view.streamUrl = reader.text("stream_url");
    view.eventsUrl = reader.optionalText("events_url").value_or("");
    endpoint.made = readMade(reader);
    view.lastItemAt = reader.time("last_item_at");
    view.streams = reader.integer("streams", 0, 0, INT64_MAX);
    view.lastReadAt = reader.time("last_read_at");
    return finished(reader, std::move(view));
}

Expected<EndpointDraft> endpointDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    EndpointDraft draft;
    draft.output = reader.requiredText("output");
    draft.requiredScope = reader.optionalParsed<ScopeName>("required_scope");
    draft.id = reader.optionalParsed<EndpointId>("id");
    draft.enabled = reader.flag("enabled", true);
    return finished(reader, std::move(draft));
}

Json toJson(const EndpointDraft& draft)
{
    Json json{{"output", draft.output}, {"required_scope", nameOrNull(draft.requiredScope)}, {"enabled", draft.enabled}};
    if (draft.id)
        json["id"] = draft.id->text;
    return json;
}

Expected<EndpointPatch> endpointPatchFrom(const Json& json)
{
    ObjectReader reader(json);
    EndpointPatch patch;
    patch.output = reader.has("output") ? std::optional(reader.requiredText("output")) : std::nullopt;
    patch.requiredScope = patchedName<ScopeName>(reader, "required_scope");
    patch.enabled = patchedFlag(reader, "enabled");
    return finished(reader, std::move(patch));
}

Json toJson(const EndpointPatch& patch)
{
    Json json = Json::object();
    if (patch.output)
        json["output"] = *patch.output;
    if (patch.requiredScope)
        json["required_scope"] = nameOrNull(*patch.requiredScope);
    if (patch.enabled)
        json["enabled"] = *patch.enabled;
    return json;
}

} // namespace iotman
