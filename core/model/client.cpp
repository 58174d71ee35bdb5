// OAuth2 clients and members as JSON: the only place that spells their members.
#include "core/model/resourcejson.h"

namespace iotman {

namespace {

Client readClient(ObjectReader& reader)
{
    Client client;
    client.id = reader.parsed<ClientId>("id");
    client.name = reader.text("name");
    client.scopes = reader.parsedTexts<ScopeName>("scopes");
    client.enabled = reader.flag("enabled", true);
    client.expiresAt = reader.time("expires_at");
    client.made = readMade(reader);
    return client;
}

Json clientJson(const Client& client)
{
    return {{"id", client.id.text},
            {"name", client.name},
            {"scopes", textsOf(client.scopes)},
            {"enabled", client.enabled},
            {"expires_at", timeJson(client.expiresAt)}};
}

Member readMember(ObjectReader& reader)
{
    Member member;
    member.id = reader.parsed<MemberId>("id");
    member.email = reader.parsed<Email>("email");
    member.role = readRole(reader, "role").value_or(Role::Viewer);
    member.createdAt = reader.time("created_at").value_or(Timestamp{});
    return member;
}

} // namespace

Json storedJson(const Client& client)
{
    Json json = clientJson(client);
    json["secret_hash"] = client.secretHash;
    json["created_at"] = timeJson(client.made.at);
    json["created_by"] = client.made.by;
    return json;
}

Expected<Client> clientFromStored(const Json& json)
{
    ObjectReader reader(json);
    Client client = readClient(reader);
    client.secretHash = reader.text("secret_hash");
    return finished(reader, std::move(client));
}

Json toJson(const ClientView& view)
{
    Json json = clientJson(view.client);
    json["last_used_at"] = timeJson(view.lastUsedAt);
    json["created_at"] = timeJson(view.client.made.at);
    json["created_by"] = view.client.made.by;
    if (view.secret)
        json["secret"] = *view.secret;
    return json;
}

Expected<ClientView> clientViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    ClientView view;
    view.client = readClient(reader);
    view.lastUsedAt = reader.time("last_used_at");
    view.secret = reader.optionalText("secret");
    return finished(reader, std::move(view));
}

Expected<ClientDraft> clientDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    ClientDraft draft;
    draft.id = reader.optionalParsed<ClientId>("id");
    draft.name = reader.requiredText("name");
    checkName(reader, "name", draft.name);
    draft.scopes = reader.parsedTexts<ScopeName>("scopes");
    draft.enabled = reader.flag("enabled", true);
    draft.expiresAt = reader.time("expires_at");
    return finished(reader, std::move(draft));
}

Json toJson(const ClientDraft& draft)
{
    Json json{{"name", draft.name},
              {"scopes", textsOf(draft.scopes)},
              {"enabled", draft.enabled},
              {"expires_at", timeJson(draft.expiresAt)}};
    if (draft.id)
        json["id"] = draft.id->text;
    return json;
}

Expected<ClientPatch> clientPatchFrom(const Json& json)
{
    ObjectReader reader(json);
    ClientPatch patch;
    patch.name = reader.has("name") ? std::optional(reader.requiredText("name")) : std::nullopt;
    if (patch.name)
        checkName(reader, "name", *patch.name);
    patch.scopes = reader.has("scopes") ? std::optional(reader.parsedTexts<ScopeName>("scopes")) : std::nullopt;
    patch.enabled = patchedFlag(reader, "enabled");
    if (reader.has("expires_at"))
        patch.expiresAt = reader.time("expires_at");
    return finished(reader, std::move(patch));
}

Json storedJson(const Member& member)
{
    return {{"id", member.id.text},
            {"email", member.email.text},
            {"role", text(member.role)},
            {"key_hash", member.keyHash},
            {"key_id", member.keyId},
            {"created_at", timeJson(member.createdAt)}};
}

Expected<Member> memberFromStored(const Json& json)
{
    ObjectReader reader(json);
    Member member = readMember(reader);
    member.keyHash = reader.text("key_hash");
    member.keyId = reader.optionalText("key_id").value_or(std::string());
    return finished(reader, std::move(member));
}

Json toJson(const MemberView& view)
{
    Json json{{"id", view.member.id.text},
              {"email", view.member.email.text},
              {"role", text(view.member.role)},
              {"last_seen_at", timeJson(view.lastSeenAt)},
              {"created_at", timeJson(view.member.createdAt)}};
    if (view.key)
        json["key"] = *view.key;
    return json;
}

Expected<MemberView> memberViewFrom(const Json& json)
{
    ObjectReader reader(json, UnknownMembers::Ignored);
    MemberView view;
    view.member = readMember(reader);
    view.lastSeenAt = reader.time("last_seen_at");
    view.key = reader.optionalText("key");
    return finished(reader, std::move(view));
}

Expected<MemberDraft> memberDraftFrom(const Json& json)
{
    ObjectReader reader(json);
    MemberDraft draft;
    draft.email = reader.parsed<Email>("email");
    if (!draft.email.text.empty())
        checkName(reader, "email", draft.email.text);
    draft.role = readRole(reader, "role").value_or(Role::Viewer);
    return finished(reader, std::move(draft));
}

Expected<MemberPatch> memberPatchFrom(const Json& json)
{
    ObjectReader reader(json);
    MemberPatch patch;
    if (reader.has("role"))
        patch.role = readRole(reader, "role");
    return finished(reader, std::move(patch));
}

} // namespace iotman
