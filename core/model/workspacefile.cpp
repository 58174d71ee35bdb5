#include "core/model/workspacefile.h"

#include "core/model/encoding.h"

#include <algorithm>
#include <set>

namespace iotman {

namespace {

constexpr int formatVersion = 1;
constexpr std::size_t hashBytes = 32; ///< of SHA-256
constexpr std::size_t mostSecret = 256;

std::string at(std::string_view part, std::size_t index)
{
    return "/" + std::string(part) + "/" + std::to_string(index);
}

/// Reads the array `part` with `read`; an error points to the element.
template <class Draft, class Read>
std::optional<std::vector<Draft>> readPart(ObjectReader& reader, std::string_view part, Read read)
{
    const Json* array = reader.array(part);
    if (!array)
        return std::nullopt;
    std::vector<Draft> drafts;
    for (std::size_t i = 0; i < array->size(); ++i) {
        Expected<Draft> draft = read((*array)[i]);
        if (!draft) {
            reader.refuse(draft.error().within(std::string(part) + " " + std::to_string(i + 1)).below(at(part, i)));
            return std::nullopt;
        }
        drafts.push_back(std::move(*draft));
    }
    return drafts;
}

bool isTextOrNothing(const Json& object, const char* member)
{
    const auto found = object.find(member);
    return found == object.end() || found->is_string();
}

Expected<SecretReference> readSecret(const Json& json)
{
    // What stands there instead may be the secret itself, which no message repeats.
    if (!json.is_object() || !isTextOrNothing(json, "env") || !isTextOrNothing(json, "hash"))
        return fail(Error{Problem::BadRequest, "secret: expected {\"env\":NAME} or {\"hash\":…}", "secret"});
    ObjectReader reader(json);
    SecretReference secret{reader.text("env"), reader.text("hash")};
    if (secret.env.empty() == secret.hash.empty())
        reader.refuse({Problem::BadRequest, "secret: expected {\"env\":NAME} or {\"hash\":…}", "secret"});
    else if (!secret.hash.empty() && fromBase64Url(secret.hash).value_or(std::string()).size() != hashBytes)
        reader.refuse({Problem::BadRequest, "secret: expected the hash as an export writes it, 43 characters of A-Z a-z 0-9 - _",
                       "secret", 0, "/hash"});
    else if (secret.hash == secretHash({}))
        reader.refuse(
            {Problem::BadRequest, "secret: this is the hash of nothing; expected that of a secret", "secret", 0, "/hash"});
    if (auto done = reader.finish(); !done)
        return fail(done.error());
    return secret;
}

Expected<WorkspaceFileClient> readFileClient(const Json& json)
{
    WorkspaceFileClient client;
    Json draft = json;
    if (json.is_object() && json.contains("secret")) {
        Expected<SecretReference> secret = readSecret(json["secret"]);
        if (!secret)
            return fail(secret.error().below("/secret"));
        client.secret = std::move(*secret);
        draft.erase("secret");
    }
    Expected<ClientDraft> read = clientDraftFrom(draft);
    if (!read)
        return fail(read.error());
    if (!read->id)
        return fail(Error{Problem::BadRequest, "id: expected the client's id, but it is missing", "id"});
    client.draft = std::move(*read);
    return client;
}

Expected<SourceDraft> readSourceDraft(const Json& json)
{
    return sourceDraftFrom(json, FilePath::Allowed);
}

Expected<EndpointDraft> readEndpointDraft(const Json& json)
{
    Expected<EndpointDraft> draft = endpointDraftFrom(json);
    if (draft && !draft->id)
        return fail(Error{Problem::BadRequest, "id: expected the endpoint's id, but it is missing", "id"});
    return draft;
}

/// Removes from the catalog what the file does not hold.
template <class Map, class Drafts, class NameOf, class Remove>
Expected<void> removeOthers(Catalog& catalog, const Map& resources, const Drafts& drafts, NameOf nameOf, Remove remove)
{
    std::set<typename Map::key_type> kept;
    for (const auto& draft : drafts)
        kept.insert(nameOf(draft));
    std::vector<typename Map::key_type> gone;
    for (const auto& [id, resource] : resources) {
        if (!kept.contains(id))
            gone.push_back(id);
    }
    for (const auto& id : gone) {
        if (auto removed = remove(catalog, id); !removed)
            return removed;
    }
    return {};
}

/// Applies each draft of a part; an error points to it. A name that stands twice is refused.
template <class Draft, class Name, class Apply>
Expected<void> applyEach(const std::vector<Draft>& drafts, std::string_view part, Name nameOf, Apply apply)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const std::string name = nameOf(drafts[i]);
        if (!seen.insert(name).second)
            return fail(
                Error{Problem::BadRequest, "“" + name + "” stands in the " + std::string(part) + " twice", {}, 0, at(part, i)});
        if (Expected<void> applied = apply(drafts[i]); !applied) {
            Error error = applied.error();
            if (error.pointer.empty() && !error.field.empty())
                error.pointer = "/" + pointerToken(error.field); // such as the rule that does not compile
            return fail(error.within(std::string(part) + " “" + name + "”").below(at(part, i)));
        }
    }
    return {};
}

Expected<void> applyScope(Catalog& catalog, const ScopeDraft& draft, const Author& author)
{
    const auto found = catalog.scopes.find(draft.name);
    if (found == catalog.scopes.end())
        return createScope(catalog, draft, author);
    found->second.description = draft.description;
    return {};
}

Expected<void> createOrChange(Catalog& catalog, const SourceDraft& draft, const Author& author)
{
    const auto found = catalog.sources.find(draft.name);
    if (found == catalog.sources.end())
        return createSource(catalog, draft, author);
    if (found->second.kind != draft.kind)
        return fail(Error{Problem::Conflict,
                          "kind: the source exists as " + std::string(text(found->second.kind)) + "; a source keeps its kind",
                          "kind", 0, "/kind"});
    return changeSource(catalog, draft.name, {draft.settings, draft.time, draft.requiredScope, draft.enabled, draft.secret});
}

Expected<void> applySource(Catalog& catalog, const SourceDraft& draft, const WorkspaceFileContext& context)
{
    Expected<std::string> secret;
    if (draft.secret)
        secret = draft.secret->env.empty() ? draft.secret->value
                                           : outgoingSecretOfVariable(draft.secret->env, context.environment(draft.secret->env));
    if (!secret)
        return fail(secret.error());
    return createOrChange(catalog, draft, context.author).map([&] {
        if (draft.secret && context.giveSecret)
            context.giveSecret({catalog.sources.at(draft.name).key, std::move(*secret)});
    });
}

Expected<void> applyOutput(Catalog& catalog, const OutputDraft& draft, const WorkspaceFileContext& context)
{
    const Output* found = catalog.outputNamed(draft.name);
    if (!found)
        return createOutput(catalog, draft, context.last, context.author).map([](const OutputId&) {});
    if (draft.id && *draft.id != found->id)
        return fail(Error{Problem::Conflict, "id: the output exists with the id “" + found->id.text + "”; an output keeps its id",
                          "id", 0, "/id"});
    return changeOutput(catalog, OutputId(found->id), {std::nullopt, draft.sources, draft.filter, draft.rule, false}, context.last);
}

/// A file names outputs by name, so that a name counts before another output's id.
Expected<void> applyEndpoint(Catalog& catalog, EndpointDraft draft, const Author& author)
{
    if (const Output* named = catalog.outputNamed(OutputName{draft.output}))
        draft.output = named->id.text;
    if (!catalog.endpoints.contains(*draft.id)) {
        // One that a restore brought back without its scope is off, and is exported so.
        const bool hasLostScope = !draft.enabled && draft.requiredScope && !catalog.scopes.contains(*draft.requiredScope);
        const auto scope = hasLostScope ? std::exchange(draft.requiredScope, std::nullopt) : draft.requiredScope;
        return createEndpoint(catalog, draft, author).map([&](const EndpointId& id) {
            catalog.endpoints.at(id).requiredScope = scope;
        });
    }
    return changeEndpoint(catalog, *draft.id, {draft.output, draft.requiredScope, draft.enabled});
}

Expected<void> applyClient(Catalog& catalog, const WorkspaceFileClient& client, const WorkspaceFileContext& context)
{
    const ClientDraft& draft = client.draft;
    Expected<void> applied = catalog.clients.contains(*draft.id)
                                 ? changeClient(catalog, *draft.id, {draft.name, draft.scopes, draft.enabled, draft.expiresAt})
                                 : createClient(catalog, draft, context.author).map([](const NewSecret&) {});
    if (!applied)
        return applied;
    std::string& hash = catalog.clients.at(*draft.id).secretHash;
    if (!client.secret.hash.empty())
        hash = client.secret.hash;
    if (client.secret.env.empty())
        return {};
    return hashOfVariable(client.secret.env, context.environment(client.secret.env)).map([&](const std::string& given) {
        hash = given;
    });
}

Expected<void> applyParts(Catalog& catalog, const WorkspaceFile& file, const WorkspaceFileContext& context)
{
    Expected<void> done;
    if (file.workspace)
        done = changeWorkspace(catalog, *file.workspace);
    if (done && file.scopes)
        done = applyEach(
            *file.scopes, "scopes", [](const auto& d) { return d.name.text; },
            [&](const auto& d) { return applyScope(catalog, d, context.author); });
    if (done && file.sources)
        done = applyEach(
            *file.sources, "sources", [](const auto& d) { return d.name.text; },
            [&](const auto& d) {
                return context.checkSource(d).and_then([&] { return applySource(catalog, d, context); });
            });
    if (done && file.outputs)
        done = applyEach(
            *file.outputs, "outputs", [](const auto& d) { return d.name.text; },
            [&](const auto& d) { return context.checkOutput(d).and_then([&] { return applyOutput(catalog, d, context); }); });
    if (done && file.endpoints)
        done = applyEach(
            *file.endpoints, "endpoints", [](const auto& d) { return d.id->text; },
            [&](const auto& d) { return applyEndpoint(catalog, d, context.author); });
    if (done && file.clients)
        done = applyEach(
            *file.clients, "clients", [](const auto& d) { return d.draft.id->text; },
            [&](const auto& d) { return applyClient(catalog, d, context); });
    if (done && file.cors)
        catalog.cors = file.cors->origins;
    return done;
}

/// Users go before what they use.
Expected<void> removeUsers(Catalog& catalog, const WorkspaceFile& file)
{
    Expected<void> done;
    if (file.endpoints)
        done = removeOthers(
            catalog, catalog.endpoints, *file.endpoints, [](const auto& d) { return *d.id; }, deleteEndpoint);
    if (done && file.clients)
        done = removeOthers(
            catalog, catalog.clients, *file.clients, [](const auto& d) { return *d.draft.id; }, deleteClient);
    return done;
}

Expected<void> removeOtherOutputs(Catalog& catalog, const std::vector<OutputDraft>& drafts)
{
    std::set<OutputName> kept;
    for (const OutputDraft& draft : drafts)
        kept.insert(draft.name);
    std::vector<OutputId> gone;
    for (const auto& [id, output] : catalog.outputs) {
        if (!kept.contains(output.name) && !ownerOf(catalog, output)) // those go with their source
            gone.push_back(id);
    }
    Expected<void> done;
    for (const OutputId& id : gone) {
        if (done)
            done = deleteOutput(catalog, id);
    }
    return done;
}

/// What is still used cannot be left out of a part: the error points to the part.
Expected<void> leftOut(std::string_view part, const Expected<void>& removed)
{
    if (removed)
        return {};
    return fail(removed.error().within(std::string(part) + ": left out of the file").below("/" + std::string(part)));
}

Expected<void> removeUsed(Catalog& catalog, const WorkspaceFile& file)
{
    Expected<void> done;
    if (file.outputs)
        done = leftOut("outputs", removeOtherOutputs(catalog, *file.outputs));
    if (done && file.sources)
        done =
            leftOut("sources", removeOthers(
                                   catalog, catalog.sources, *file.sources, [](const auto& d) { return d.name; }, deleteSource));
    if (done && file.scopes)
        done = leftOut("scopes", removeOthers(
                                     catalog, catalog.scopes, *file.scopes, [](const auto& d) { return d.name; }, deleteScope));
    return done;
}

bool isSame(const Json& a, const Json& b)
{
    if (a.is_object() && b.is_object()) {
        const auto isIn = [&](const auto& member) {
            const auto found = b.find(member.key());
            return found != b.end() && isSame(member.value(), found.value());
        };
        const auto members = a.items();
        return a.size() == b.size() && std::all_of(members.begin(), members.end(), isIn);
    }
    return a == b;
}

template <class T>
void keepOrder(const std::vector<T>& before, std::vector<T>& after)
{
    if (before.size() == after.size() && std::is_permutation(before.begin(), before.end(), after.begin()))
        after = before;
}

/// JSON objects have no order, and neither have these lists: what only stands in another one is no difference.
void keepOrders(const Catalog& before, Catalog& after)
{
    for (auto& [name, source] : after.sources) {
        const auto known = before.sources.find(name);
        if (known != before.sources.end() && isSame(known->second.settings, source.settings))
            source.settings = known->second.settings;
    }
    for (auto& [id, output] : after.outputs) {
        if (const auto known = before.outputs.find(id); known != before.outputs.end())
            keepOrder(known->second.sources, output.sources);
    }
    for (auto& [id, client] : after.clients) {
        if (const auto known = before.clients.find(id); known != before.clients.end())
            keepOrder(known->second.scopes, client.scopes);
    }
    keepOrder(before.cors.list, after.cors.list);
}

template <class T>
std::vector<T> sorted(std::vector<T> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

std::string shownId(const CatalogDifference& difference)
{
    if (difference.kind != "output")
        return difference.id;
    const Json json = Json::parse(difference.after.empty() ? difference.before : difference.after, nullptr, false);
    return json.is_object() ? json.value("name", difference.id) : difference.id;
}

} // namespace

Expected<std::string> hashOfVariable(const std::string& name, const std::optional<std::string>& value)
{
    const auto refuse = [&](const std::string& why) {
        return fail(Error{Problem::BadRequest, "secret: the environment variable " + name + " " + why, "secret", 0, "/secret"});
    };
    if (!value)
        return refuse("is not set");
    const auto isVisible = [](char c) { return c > ' ' && c < 0x7f; };
    if (value->size() < leastSecret || value->size() > mostSecret || !std::all_of(value->begin(), value->end(), isVisible))
        return refuse("holds no secret: expected " + std::to_string(leastSecret) + " to " + std::to_string(mostSecret) +
                      " visible ASCII characters without blanks or line breaks");
    return secretHash(*value);
}

Expected<WorkspaceFile> parseWorkspaceFile(std::string_view text)
{
    const Expected<Json> json = parseJson(text);
    if (!json)
        return fail(json.error());
    ObjectReader reader(*json);
    WorkspaceFile file;
    const Json* version = reader.any("iotman");
    if (!version || *version != formatVersion)
        reader.refuse(
            {Problem::BadRequest, "expected a workspace file with \"iotman\": 1", "iotman", 0, version ? "/iotman" : ""});
    if (const Json* workspace = reader.object("workspace")) {
        if (Expected<WorkspacePatch> patch = workspacePatchFrom(*workspace))
            file.workspace = std::move(*patch);
        else
            reader.refuse(patch.error().within("workspace").below("/workspace"));
    }
    file.scopes = readPart<ScopeDraft>(reader, "scopes", scopeDraftFrom);
    file.sources = readPart<SourceDraft>(reader, "sources", readSourceDraft);
    file.outputs = readPart<OutputDraft>(reader, "outputs", outputDraftFrom);
    file.endpoints = readPart<EndpointDraft>(reader, "endpoints", readEndpointDraft);
    file.clients = readPart<WorkspaceFileClient>(reader, "clients", readFileClient);
    if (reader.has("cors")) {
        Expected<CorsDraft> cors = parseCorsOrigins(reader.texts("cors"));
        if (cors)
            file.cors = std::move(*cors);
        else
            reader.refuse(cors.error().within("cors").below("/cors"));
    }
    if (auto done = reader.finish(); !done) {
        Error error = done.error();
        error.line = jsonLine(text, error.pointer);
        return fail(std::move(error));
    }
    return file;
}

Expected<void> applyWorkspaceFile(Catalog& catalog, const WorkspaceFile& file, const WorkspaceFileContext& context)
{
    const Catalog before = catalog;
    return removeUsers(catalog, file)
        .and_then([&] { return applyParts(catalog, file, context); })
        .and_then([&] { return removeUsed(catalog, file); })
        .map([&] { keepOrders(before, catalog); });
}

std::string exportWorkspaceFile(const Catalog& catalog)
{
    Json file{{"iotman", formatVersion},
              {"workspace", {{"slug", catalog.workspace.slug.text}, {"name", catalog.workspace.name}}}};
    for (const char* part : {"scopes", "sources", "outputs", "endpoints", "cors", "clients"})
        file[part] = Json::array();
    for (const auto& [name, scope] : catalog.scopes)
        file["scopes"].push_back(toJson(ScopeDraft{scope.name, scope.description}));
    for (const auto& [name, source] : catalog.sources)
        file["sources"].push_back(
            toJson(SourceDraft{source.name, source.kind, source.settings, source.time, source.requiredScope, source.enabled}));
    std::vector<const Output*> outputs;
    for (const auto& [id, output] : catalog.outputs)
        outputs.push_back(&output);
    std::sort(outputs.begin(), outputs.end(), [](const Output* a, const Output* b) { return a->name < b->name; });
    for (const Output* output : outputs) {
        Json json = toJson(OutputDraft{std::nullopt, output->name, sorted(output->sources), output->filter, output->rule, true});
        json.erase("apply_to_stored");
        file["outputs"].push_back(std::move(json));
    }
    for (const auto& [id, endpoint] : catalog.endpoints) {
        const Output& output = catalog.outputs.at(endpoint.output);
        file["endpoints"].push_back(
            {{"id", id.text},
             {"output", output.name.text},
             {"required_scope", endpoint.requiredScope ? Json(endpoint.requiredScope->text) : Json(nullptr)},
             {"enabled", endpoint.enabled}});
    }
    file["cors"] = sorted(catalog.cors.texts());
    for (const auto& [id, client] : catalog.clients) {
        Json json = toJson(ClientDraft{id, client.name, sorted(client.scopes), client.enabled, client.expiresAt});
        json["secret"] = {{"hash", client.secretHash}};
        file["clients"].push_back(std::move(json));
    }
    return jsonText(file, JsonLayout::Indented) + "\n";
}

std::vector<std::string> differenceLines(const Catalog& before, const Catalog& after)
{
    std::vector<std::string> lines;
    std::vector<CatalogDifference> all = differences(before, after);
    // Some ids are random: by name, the order is the same each time.
    for (auto first = all.begin(); first != all.end();) {
        const auto last = std::find_if(first, all.end(), [&](const auto& other) { return other.kind != first->kind; });
        std::sort(first, last, [](const auto& a, const auto& b) { return shownId(a) < shownId(b); });
        first = last;
    }
    for (const CatalogDifference& difference : all) {
        if (difference.kind == "keys" || difference.kind == "member")
            continue;
        const std::string sign = difference.before.empty() ? "+" : difference.after.empty() ? "-" : "~";
        const std::string id = shownId(difference);
        lines.push_back(sign + " " + difference.kind + (id.empty() ? "" : " " + id));
    }
    return lines;
}

std::string fileError(std::string_view fileName, std::string_view text, const Error& error)
{
    const int line = error.line > 0 ? error.line : jsonLine(text, error.pointer);
    // An error of the JSON text itself names its line in the sentence too; once is enough.
    std::string_view detail = error.detail;
    if (const std::string named = "line " + std::to_string(line) + ", "; detail.starts_with(named))
        detail.remove_prefix(named.size());
    return std::string(fileName) + ":" + std::to_string(line) + ": " + std::string(detail);
}

} // namespace iotman
