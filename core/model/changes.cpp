#include "core/model/changes.h"

#include <algorithm>

namespace iotman {

namespace {

constexpr std::size_t mostResources = 10'000; ///< of one kind

std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        text += (i ? ", “" : "“") + names[i] + "”";
    return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

tl::unexpected<Error> taken(std::string_view kind, std::string_view name, std::string_view field)
{
    return fail(Problem::Conflict, std::string(kind) + " “" + std::string(name) + "” exists already", std::string(field));
}

struct Users {
    std::string_view kind; ///< in the plural
    std::vector<std::string> names;
};

tl::unexpected<Error> inUse(std::string_view kind, std::string_view name, const std::vector<Users>& users)
{
    std::string by;
    for (const Users& some : users) {
        if (!some.names.empty())
            by += (by.empty() ? "the " : ", the ") + std::string(some.kind) + " " + listed(some.names);
    }
    return fail(Problem::Conflict,
                std::string(kind) + " “" + std::string(name) + "” is used by " + by + "; change or delete these first");
}

template <class Map>
Expected<void> room(const Map& resources, std::string_view kind)
{
    if (resources.size() < mostResources)
        return {};
    return fail(Problem::Conflict, "a workspace holds at most " + std::to_string(mostResources) + " " + std::string(kind) + "s");
}

Expected<void> known(const Catalog& catalog, const std::optional<ScopeName>& scope, std::string_view field)
{
    if (!scope || catalog.scopes.contains(*scope))
        return {};
    return fail(Error{Problem::BadRequest, std::string(field) + ": there is no scope “" + scope->text + "”; create it first",
                      std::string(field), 0, "/" + std::string(field)});
}

Expected<void> known(const Catalog& catalog, const std::vector<ScopeName>& scopes)
{
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        if (auto found = known(catalog, std::optional(scopes[i]), "scopes"); !found) {
            Error error = found.error();
            error.pointer += "/" + std::to_string(i);
            return fail(std::move(error));
        }
    }
    return {};
}

Expected<void> known(const Catalog& catalog, const std::vector<SourceName>& sources)
{
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!catalog.sources.contains(sources[i]))
            return fail(Error{Problem::BadRequest, "sources: there is no source “" + sources[i].text + "”", "sources", 0,
                              "/sources/" + std::to_string(i)});
    }
    return {};
}

Expected<OutputId> outputOf(const Catalog& catalog, const std::string& idOrName)
{
    const Output* output = catalog.outputByIdOrName(idOrName);
    if (output)
        return output->id;
    return fail(
        Error{Problem::BadRequest, "output: there is no output with the id or name “" + idOrName + "”", "output", 0, "/output"});
}

template <class T>
std::vector<T> eachOnce(std::vector<T> values)
{
    std::vector<T> once;
    for (T& value : values) {
        if (std::find(once.begin(), once.end(), value) == once.end())
            once.push_back(std::move(value));
    }
    return once;
}

bool isLastAdmin(const Catalog& catalog, const Member& member)
{
    const auto admins = std::count_if(catalog.members.begin(), catalog.members.end(),
                                      [](const auto& entry) { return entry.second.role == Role::Admin; });
    return member.role == Role::Admin && admins <= 1;
}

tl::unexpected<Error> lastAdmin(const Member& member)
{
    return fail(Problem::Conflict, "“" + member.email.text + "” is the last admin; make another member an admin first");
}

/// What such sources bring are items already: each has one output of its own, which passes everything on under the source's name.
bool ownsOutput(SourceKind kind)
{
    return kind == SourceKind::Replay || kind == SourceKind::Mirror;
}

tl::unexpected<Error> belongs(const Output& output)
{
    return fail(Problem::Conflict,
                "the output “" + output.name.text + "” belongs to the source of that name and passes on what it brings");
}

Expected<void> removeOutput(Catalog& catalog, const OutputId& id)
{
    const auto found = catalog.outputs.find(id);
    if (found == catalog.outputs.end())
        return fail(notFound("output", id.text));
    std::vector<std::string> users;
    for (const auto& [endpointId, endpoint] : catalog.endpoints) {
        if (endpoint.output == id)
            users.push_back(endpointId.text);
    }
    if (!users.empty())
        return inUse("output", found->second.name.text, {{"endpoints", users}});
    catalog.outputs.erase(found);
    return {};
}

/// A replay that plays what it stores itself, by way of others or not, would never end.
Expected<void> checkReplay(const Catalog& catalog, const SourceName& name, const Json& settings)
{
    const auto recordingOf = [](const Json& of) { return SourceName{of.value("recording", std::string())}; };
    SourceName played = recordingOf(settings);
    for (std::size_t steps = 0; steps <= catalog.sources.size(); ++steps) {
        if (played == name)
            return fail(Error{Problem::BadRequest, "settings: recording: “" + name.text + "” would play what it stores itself",
                              "settings", 0, "/settings/recording"});
        const auto next = catalog.sources.find(played);
        if (next == catalog.sources.end() || next->second.kind != SourceKind::Replay)
            break;
        played = recordingOf(next->second.settings);
    }
    return {};
}

} // namespace

const Source* ownerOf(const Catalog& catalog, const Output& output)
{
    if (output.sources.size() != 1 || output.sources.front().text != output.name.text)
        return nullptr;
    const auto source = catalog.sources.find(output.sources.front());
    return source != catalog.sources.end() && ownsOutput(source->second.kind) ? &source->second : nullptr;
}

Error notFound(std::string_view kind, std::string_view id)
{
    return {Problem::NotFound, "there is no " + std::string(kind) + " “" + std::string(id) + "”", {}};
}

Expected<void> changeWorkspace(Catalog& catalog, const WorkspacePatch& patch)
{
    if (patch.slug)
        catalog.workspace.slug = *patch.slug;
    if (patch.name)
        catalog.workspace.name = *patch.name;
    return {};
}

Expected<void> createScope(Catalog& catalog, const ScopeDraft& draft, const Author& author)
{
    if (catalog.scopes.contains(draft.name))
        return taken("scope", draft.name.text, "name");
    if (auto space = room(catalog.scopes, "scope"); !space)
        return space;
    catalog.scopes.emplace(draft.name, Scope{draft.name, draft.description, {author.at, author.who}});
    return {};
}

Expected<void> deleteScope(Catalog& catalog, const ScopeName& name)
{
    if (!catalog.scopes.contains(name))
        return fail(notFound("scope", name.text));
    std::vector<std::string> endpoints, clients, sources;
    for (const auto& [id, endpoint] : catalog.endpoints) {
        if (endpoint.requiredScope == name)
            endpoints.push_back(id.text);
    }
    for (const auto& [id, client] : catalog.clients) {
        if (std::find(client.scopes.begin(), client.scopes.end(), name) != client.scopes.end())
            clients.push_back(id.text);
    }
    for (const auto& [id, source] : catalog.sources) {
        if (source.requiredScope == name)
            sources.push_back(id.text);
    }
    if (!endpoints.empty() || !clients.empty() || !sources.empty())
        return inUse("scope", name.text, {{"endpoints", endpoints}, {"clients", clients}, {"sources", sources}});
    catalog.scopes.erase(name);
    return {};
}

Expected<void> createSource(Catalog& catalog, const SourceDraft& draft, const Author& author)
{
    if (catalog.sources.contains(draft.name))
        return taken("source", draft.name.text, "name");
    if (auto space = room(catalog.sources, "source"); !space)
        return space;
    if (auto scope = known(catalog, draft.requiredScope, "required_scope"); !scope)
        return scope;
    if (draft.kind == SourceKind::Mirror && !draft.secret) {
        if (auto kept = checkKeptSecret(draft.settings, nullptr); !kept)
            return kept;
    }
    if (draft.kind == SourceKind::Replay) {
        if (auto ends = checkReplay(catalog, draft.name, draft.settings); !ends)
            return ends;
    }
    Source source{catalog.nextKey++, draft.name,          draft.kind,    draft.settings,
                  draft.time,        draft.requiredScope, draft.enabled, {author.at, author.who}};
    if (ownsOutput(draft.kind)) {
        if (catalog.outputNamed(OutputName{draft.name.text}))
            return taken("output", draft.name.text, "name");
        const OutputId id{author.random.uuid()};
        catalog.outputs.emplace(
            id, Output{catalog.nextKey++, id, OutputName{draft.name.text}, {draft.name}, {}, "$", {}, {author.at, author.who}});
    }
    catalog.sources.emplace(draft.name, std::move(source));
    return {};
}

Expected<void> changeSource(Catalog& catalog, const SourceName& name, const SourcePatch& patch)
{
    const auto found = catalog.sources.find(name);
    if (found == catalog.sources.end())
        return fail(notFound("source", name.text));
    if (patch.requiredScope) {
        if (auto scope = known(catalog, *patch.requiredScope, "required_scope"); !scope)
            return scope;
    }
    Source& source = found->second;
    if (source.kind == SourceKind::Mirror && patch.settings && !patch.secret) {
        if (auto kept = checkKeptSecret(*patch.settings, &source.settings); !kept)
            return kept;
    }
    if (source.kind == SourceKind::Replay && patch.settings) {
        if (auto ends = checkReplay(catalog, name, *patch.settings); !ends)
            return ends;
    }
    source.settings = patch.settings.value_or(source.settings);
    source.time = patch.time.value_or(source.time);
    source.requiredScope = patch.requiredScope.value_or(source.requiredScope);
    source.enabled = patch.enabled.value_or(source.enabled);
    return {};
}

Expected<void> deleteSource(Catalog& catalog, const SourceName& name)
{
    if (!catalog.sources.contains(name))
        return fail(notFound("source", name.text));
    std::vector<std::string> users;
    std::optional<OutputId> owned;
    for (const auto& [id, output] : catalog.outputs) {
        if (ownerOf(catalog, output) && output.sources.front() == name)
            owned = id;
        else if (!output.sources.empty() && Catalog::reads(output, name))
            users.push_back(output.name.text);
    }
    if (!users.empty())
        return inUse("source", name.text, {{"outputs", users}});
    if (owned) {
        if (auto removed = removeOutput(catalog, *owned); !removed)
            return removed;
    }
    catalog.sources.erase(name);
    return {};
}

Expected<OutputId> createOutput(Catalog& catalog, const OutputDraft& draft, Sequence last, const Author& author)
{
    if (catalog.outputNamed(draft.name))
        return taken("output", draft.name.text, "name");
    if (draft.id && catalog.outputs.contains(*draft.id))
        return taken("output", draft.id->text, "id");
    if (auto space = room(catalog.outputs, "output"); !space)
        return fail(space.error());
    if (auto sources = known(catalog, draft.sources); !sources)
        return fail(sources.error());
    const OutputId id = draft.id.value_or(OutputId{author.random.uuid()});
    Output output{catalog.nextKey++, id, draft.name, eachOnce(draft.sources), draft.filter, draft.rule, {}, {author.at, author.who}};
    if (draft.applyToStored && last > 0)
        output.applying = applyingTo(output, output.key, last);
    catalog.outputs.emplace(id, std::move(output));
    return id;
}

namespace {

/// Whether what is read of `before` is read of `after` as well; of none means of all.
bool isStillRead(const std::vector<SourceName>& before, const std::vector<SourceName>& after)
{
    const auto isRead = [&](const SourceName& source) { return std::find(after.begin(), after.end(), source) != after.end(); };
    return after.empty() || (!before.empty() && std::all_of(before.begin(), before.end(), isRead));
}

} // namespace

Expected<void> changeOutput(Catalog& catalog, const OutputId& id, const OutputPatch& patch, Sequence last)
{
    const auto found = catalog.outputs.find(id);
    if (found == catalog.outputs.end())
        return fail(notFound("output", id.text));
    Output& output = found->second;
    if (patch.name && *patch.name != output.name && catalog.outputNamed(*patch.name))
        return taken("output", patch.name->text, "name");
    if (patch.sources) {
        if (auto sources = known(catalog, *patch.sources); !sources)
            return sources;
    }
    Output changed = output;
    changed.name = patch.name.value_or(output.name);
    changed.sources = eachOnce(patch.sources.value_or(output.sources));
    changed.filter = patch.filter.value_or(output.filter);
    changed.rule = patch.rule.value_or(output.rule);
    if (!isStillRead(output.sources, changed.sources)) {
        changed.holdsOthers = true;
        if (changed.applying)
            changed.applying->holdsOthers = true;
    }
    if (changed != output && ownerOf(catalog, output))
        return belongs(output);
    if (patch.applyToStored && output.applying)
        return fail(Problem::Conflict, "this output is being applied to stored data already; cancel that first");
    if (patch.applyToStored && last > 0)
        changed.applying = applyingTo(changed, catalog.nextKey++, last);
    output = std::move(changed);
    return {};
}

void finishApplying(Output& output)
{
    // A new output is served while it is applied, and says for itself what it holds.
    if (output.key != output.applying->key)
        output.holdsOthers = output.applying->holdsOthers;
    output.key = output.applying->key;
    output.applying.reset();
}

Expected<void> cancelApplying(Catalog& catalog, const OutputId& id)
{
    const auto found = catalog.outputs.find(id);
    if (found == catalog.outputs.end())
        return fail(notFound("output", id.text));
    if (!found->second.applying)
        return fail(Problem::NotFound, "this output is not being applied to stored data");
    found->second.applying.reset();
    return {};
}

Expected<void> deleteOutput(Catalog& catalog, const OutputId& id)
{
    const auto found = catalog.outputs.find(id);
    if (found != catalog.outputs.end() && ownerOf(catalog, found->second))
        return belongs(found->second);
    return removeOutput(catalog, id);
}

Expected<EndpointId> createEndpoint(Catalog& catalog, const EndpointDraft& draft, const Author& author)
{
    const Expected<OutputId> output = outputOf(catalog, draft.output);
    if (!output)
        return fail(output.error());
    if (draft.id && catalog.endpoints.contains(*draft.id))
        return taken("endpoint", draft.id->text, "id");
    if (auto space = room(catalog.endpoints, "endpoint"); !space)
        return fail(space.error());
    if (auto scope = known(catalog, draft.requiredScope, "required_scope"); !scope)
        return fail(scope.error());
    const EndpointId id = draft.id.value_or(EndpointId{author.random.uuid()});
    catalog.endpoints.emplace(id, Endpoint{id, *output, draft.requiredScope, draft.enabled, {author.at, author.who}});
    return id;
}

Expected<void> changeEndpoint(Catalog& catalog, const EndpointId& id, const EndpointPatch& patch)
{
    const auto found = catalog.endpoints.find(id);
    if (found == catalog.endpoints.end())
        return fail(notFound("endpoint", id.text));
    Endpoint& endpoint = found->second;
    OutputId output = endpoint.output;
    if (patch.output) {
        const Expected<OutputId> given = outputOf(catalog, *patch.output);
        if (!given)
            return fail(given.error());
        output = *given;
    }
    const std::optional<ScopeName> requiredScope = patch.requiredScope.value_or(endpoint.requiredScope);
    const bool enabled = patch.enabled.value_or(endpoint.enabled);
    // One that came back without its scope stays as it is, as long as nobody can read it.
    if (enabled || requiredScope != endpoint.requiredScope) {
        if (auto scope = known(catalog, requiredScope, "required_scope"); !scope)
            return scope;
    }
    endpoint.output = output;
    endpoint.requiredScope = requiredScope;
    endpoint.enabled = enabled;
    return {};
}

Expected<void> deleteEndpoint(Catalog& catalog, const EndpointId& id)
{
    if (catalog.endpoints.erase(id) == 0)
        return fail(notFound("endpoint", id.text));
    return {};
}

Expected<NewSecret> createClient(Catalog& catalog, const ClientDraft& draft, const Author& author)
{
    if (draft.id && catalog.clients.contains(*draft.id))
        return taken("client", draft.id->text, "id");
    if (auto space = room(catalog.clients, "client"); !space)
        return fail(space.error());
    if (auto scopes = known(catalog, draft.scopes); !scopes)
        return fail(scopes.error());
    const ClientId id = draft.id.value_or(ClientId{author.random.uuid()});
    std::string secret = author.random.secret();
    catalog.clients.emplace(
        id,
        Client{
            id, draft.name, eachOnce(draft.scopes), draft.enabled, draft.expiresAt, secretHash(secret), {author.at, author.who}});
    return NewSecret{id.text, std::move(secret)};
}

Expected<void> changeClient(Catalog& catalog, const ClientId& id, const ClientPatch& patch)
{
    const auto found = catalog.clients.find(id);
    if (found == catalog.clients.end())
        return fail(notFound("client", id.text));
    if (patch.scopes) {
        if (auto scopes = known(catalog, *patch.scopes); !scopes)
            return scopes;
    }
    Client& client = found->second;
    client.name = patch.name.value_or(client.name);
    client.scopes = eachOnce(patch.scopes.value_or(client.scopes));
    client.enabled = patch.enabled.value_or(client.enabled);
    client.expiresAt = patch.expiresAt.value_or(client.expiresAt);
    return {};
}

Expected<NewSecret> renewSecret(Catalog& catalog, const ClientId& id, const Author& author)
{
    const auto found = catalog.clients.find(id);
    if (found == catalog.clients.end())
        return fail(notFound("client", id.text));
    std::string secret = author.random.secret();
    found->second.secretHash = secretHash(secret);
    return NewSecret{id.text, std::move(secret)};
}

Expected<void> deleteClient(Catalog& catalog, const ClientId& id)
{
    if (catalog.clients.erase(id) == 0)
        return fail(notFound("client", id.text));
    return {};
}

namespace {

std::string newKeyId(const Author& author)
{
    return author.random.uuid().substr(0, 8);
}

} // namespace

Expected<NewSecret> createMember(Catalog& catalog, const MemberDraft& draft, const Author& author)
{
    if (catalog.memberByEmail(draft.email))
        return taken("member", draft.email.text, "email");
    if (auto space = room(catalog.members, "member"); !space)
        return fail(space.error());
    const MemberId id{author.random.uuid()};
    std::string key = author.random.secret();
    catalog.members.emplace(id, Member{id, draft.email, draft.role, secretHash(key), newKeyId(author), author.at});
    return NewSecret{id.text, std::move(key)};
}

Expected<void> changeMember(Catalog& catalog, const MemberId& id, const MemberPatch& patch)
{
    const auto found = catalog.members.find(id);
    if (found == catalog.members.end())
        return fail(notFound("member", id.text));
    if (patch.role && *patch.role != Role::Admin && isLastAdmin(catalog, found->second))
        return lastAdmin(found->second);
    found->second.role = patch.role.value_or(found->second.role);
    return {};
}

Expected<NewSecret> renewKey(Catalog& catalog, const MemberId& id, const Author& author)
{
    const auto found = catalog.members.find(id);
    if (found == catalog.members.end())
        return fail(notFound("member", id.text));
    std::string key = author.random.secret();
    found->second.keyHash = secretHash(key);
    found->second.keyId = newKeyId(author);
    return NewSecret{id.text, std::move(key)};
}

Expected<void> deleteMember(Catalog& catalog, const MemberId& id)
{
    const auto found = catalog.members.find(id);
    if (found == catalog.members.end())
        return fail(notFound("member", id.text));
    if (isLastAdmin(catalog, found->second))
        return lastAdmin(found->second);
    catalog.members.erase(found);
    return {};
}

} // namespace iotman
