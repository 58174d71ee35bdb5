#include "core/model/catalog.h"

#include "core/model/digest.h"
#include "core/model/encoding.h"

#include <algorithm>

namespace iotman {

namespace {

using Stored = std::map<std::string, std::string>;

/// Of those that are not the same in `other`: most are, and their texts would cost much.
template <class Map>
Stored storedOf(const Map& resources, const Map* other)
{
    Stored stored;
    for (const auto& [id, resource] : resources) {
        const auto same = other ? other->find(id) : resources.end();
        if (!other || same == other->end() || !(same->second == resource))
            stored.emplace(id.text, jsonText(storedJson(resource)));
    }
    return stored;
}

struct StoredPart {
    std::string_view name;
    Stored (*of)(const Catalog&, const Catalog* other); ///< null: all of it
};

constexpr std::array storedParts{
    StoredPart{"workspace",
               [](const Catalog& c, const Catalog*) {
                   return Stored{{"", jsonText(storedJson(c.workspace))}};
               }},
    StoredPart{"scope", [](const Catalog& c, const Catalog* other) { return storedOf(c.scopes, other ? &other->scopes : nullptr); }},
    StoredPart{"source", [](const Catalog& c, const Catalog* other) { return storedOf(c.sources, other ? &other->sources : nullptr); }},
    StoredPart{"output", [](const Catalog& c, const Catalog* other) { return storedOf(c.outputs, other ? &other->outputs : nullptr); }},
    StoredPart{"endpoint", [](const Catalog& c, const Catalog* other) { return storedOf(c.endpoints, other ? &other->endpoints : nullptr); }},
    StoredPart{"client", [](const Catalog& c, const Catalog* other) { return storedOf(c.clients, other ? &other->clients : nullptr); }},
    StoredPart{"member", [](const Catalog& c, const Catalog* other) { return storedOf(c.members, other ? &other->members : nullptr); }},
    StoredPart{"cors",
               [](const Catalog& c, const Catalog*) {
                   return Stored{{"", jsonText(storedJson(c.cors))}};
               }},
    StoredPart{"keys",
               [](const Catalog& c, const Catalog*) {
                   return Stored{{"next", std::to_string(c.nextKey)}};
               }},
};

std::vector<CatalogDifference> compare(const Stored& before, const Stored& after, std::string_view kind)
{
    std::vector<CatalogDifference> found;
    for (const auto& [id, json] : before) {
        const auto next = after.find(id);
        const std::string& now = next == after.end() ? std::string() : next->second;
        if (json != now)
            found.push_back({std::string(kind), id, json, now});
    }
    for (const auto& [id, json] : after) {
        if (!before.contains(id))
            found.push_back({std::string(kind), id, {}, json});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return found;
}

template <class Map, class Read, class Id>
Expected<void> put(Map& resources, const Json& json, Read read, Id id)
{
    auto resource = read(json);
    if (!resource)
        return fail(resource.error());
    auto key = (*resource).*id;
    resources.insert_or_assign(std::move(key), std::move(*resource));
    return {};
}

} // namespace

const Output* Catalog::outputNamed(const OutputName& name) const
{
    const auto found = std::find_if(outputs.begin(), outputs.end(), [&](const auto& entry) { return entry.second.name == name; });
    return found == outputs.end() ? nullptr : &found->second;
}

const Output* Catalog::outputByIdOrName(std::string_view idOrName) const
{
    const auto byId = outputs.find(OutputId{std::string(idOrName)});
    return byId != outputs.end() ? &byId->second : outputNamed(OutputName{std::string(idOrName)});
}

const Member* Catalog::memberByEmail(const Email& email) const
{
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const auto& entry) { return entry.second.email == email; });
    return found == members.end() ? nullptr : &found->second;
}

const Source* Catalog::sourceByKey(SourceKey key) const
{
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const auto& entry) { return entry.second.key == key; });
    return found == sources.end() ? nullptr : &found->second;
}

bool Catalog::reads(const Output& output, const SourceName& source)
{
    return output.sources.empty() || std::find(output.sources.begin(), output.sources.end(), source) != output.sources.end();
}

std::set<OutputKey> Catalog::generations() const
{
    std::set<OutputKey> keys;
    for (const auto& [id, output] : outputs) {
        keys.insert(output.key);
        if (output.applying)
            keys.insert(output.applying->key);
    }
    return keys;
}

const Output* Catalog::outputApplying(OutputKey key) const
{
    const auto found =
        std::find_if(outputs.begin(), outputs.end(), [&](const auto& entry) { return entry.second.applying && entry.second.applying->key == key; });
    return found == outputs.end() ? nullptr : &found->second;
}

std::vector<CatalogDifference> differences(const Catalog& before, const Catalog& after)
{
    std::vector<CatalogDifference> all;
    for (const StoredPart& part : storedParts) {
        std::vector<CatalogDifference> some = compare(part.of(before, &after), part.of(after, &before), part.name);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

std::vector<CatalogDifference> everything(const Catalog& catalog)
{
    std::vector<CatalogDifference> all;
    for (const StoredPart& part : storedParts) {
        std::vector<CatalogDifference> some = compare({}, part.of(catalog, nullptr), part.name);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

Expected<void> restore(Catalog& catalog, const CatalogDifference& stored)
{
    const Expected<Json> json = parseJson(stored.after);
    if (!json)
        return fail(json.error());
    if (stored.kind == "workspace")
        return workspaceFromStored(*json).map([&](Workspace workspace) { catalog.workspace = std::move(workspace); });
    if (stored.kind == "scope")
        return put(catalog.scopes, *json, scopeFromStored, &Scope::name);
    if (stored.kind == "source")
        return put(catalog.sources, *json, sourceFromStored, &Source::name);
    if (stored.kind == "output")
        return put(catalog.outputs, *json, outputFromStored, &Output::id);
    if (stored.kind == "endpoint")
        return put(catalog.endpoints, *json, endpointFromStored, &Endpoint::id);
    if (stored.kind == "client")
        return put(catalog.clients, *json, clientFromStored, &Client::id);
    if (stored.kind == "member")
        return put(catalog.members, *json, memberFromStored, &Member::id);
    if (stored.kind == "cors")
        return corsFromStored(*json).map([&](CorsOrigins cors) { catalog.cors = std::move(cors); });
    if (stored.kind == "keys" && json->is_number_integer()) {
        catalog.nextKey = json->get<std::int64_t>();
        return {};
    }
    return fail(Problem::BadRequest, "expected a stored resource, but got one of kind “" + stored.kind + "”");
}

std::string asJournalled(const std::string& storedText)
{
    Expected<Json> parsed = parseJson(storedText); // numbers keep their digits
    if (!parsed || !parsed->is_object())
        return storedText;
    Json& json = *parsed;
    for (const char* member : {"secret_hash", "key_hash", "key_id", "key", "application", "holds_others", "apply_until"})
        json.erase(member);
    return jsonText(json);
}

std::string entityTag(const Json& stored)
{
    // Of nothing that is not shown: from a tag with a hash in it, secrets could be guessed.
    return "\"" + base64Url(sha256(asJournalled(jsonText(stored))).substr(0, 12)) + "\"";
}

std::string secretHash(std::string_view secret)
{
    return base64Url(sha256(secret));
}

} // namespace iotman
