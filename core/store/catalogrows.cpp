#include "core/store/catalogrows.h"

#include "core/store/block.h"

#include <set>

namespace iotman::store {

namespace {

/// What everybody goes by without looking.
Expected<void> checkReferences(const Catalog& catalog, const std::string& file)
{
    const auto damaged = [&](const std::string& kind, const std::string& id, const char* why) {
        return fail(Problem::Internal, "“" + file + "” is damaged: " + kind + " “" + id + "”: " + why);
    };
    std::set<OutputKey> outputs;
    for (const auto& [id, output] : catalog.outputs) {
        if (!outputs.insert(output.key).second)
            return damaged("output", id.text, "its number is another's");
    }
    std::set<SourceKey> sources;
    for (const auto& [name, source] : catalog.sources) {
        if (!sources.insert(source.key).second)
            return damaged("source", name.text, "its number is another's");
    }
    for (const auto& [id, endpoint] : catalog.endpoints) {
        if (!catalog.outputs.contains(endpoint.output))
            return damaged("endpoint", id.text, "it serves an output that is not there");
    }
    return {};
}

} // namespace

Expected<Catalog> readCatalog(Connection& connection)
{
    Catalog catalog;
    const Expected<std::int64_t> version = connection.integer("SELECT value FROM state WHERE name = 'catalog_version'");
    if (!version)
        return fail(version.error());
    catalog.version = static_cast<std::uint64_t>(*version);
    // Folders of before format 9 are looked into as they are.
    const Expected<std::int64_t> hasSums = connection.integer("SELECT count(*) FROM pragma_table_info('resource') WHERE name = 'sum'");
    if (!hasSums)
        return fail(hasSums.error());
    Statement select(connection, *hasSums > 0 ? "SELECT kind, id, json, sum FROM resource" : "SELECT kind, id, json, NULL FROM resource");
    Rows rows = select.query();
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return checkReferences(catalog, connection.path()).map([&] { return std::move(catalog); });
        const CatalogDifference stored{std::string(rows.text(0)), std::string(rows.text(1)), {}, std::string(rows.text(2))};
        const auto damaged = [&](const std::string& why) {
            return fail(Problem::Internal, "“" + connection.path() + "” is damaged: " + stored.kind + " “" + stored.id + "” " + why);
        };
        if (!rows.isNull(3) && rows.integer(3) != sumOf({stored.kind, stored.id, stored.after}))
            return damaged("has another checksum");
        if (auto done = restore(catalog, stored); !done)
            return damaged("cannot be read: " + done.error().detail);
    }
}

Expected<void> writeCatalog(Connection& connection, std::span<const CatalogDifference> differences, std::uint64_t version)
{
    Statement put(connection, "INSERT OR REPLACE INTO resource (kind, id, json, sum) VALUES (?1, ?2, ?3, ?4)");
    Statement remove(connection, "DELETE FROM resource WHERE kind = ?1 AND id = ?2");
    for (const CatalogDifference& difference : differences) {
        const std::string_view kind = difference.kind;
        const std::string_view id = difference.id;
        const std::string_view json = difference.after;
        auto done = json.empty() ? remove.run(kind, id) : put.run(kind, id, json, sumOf({kind, id, json}));
        if (!done)
            return done;
    }
    Statement setVersion(connection, "UPDATE state SET value = ?1 WHERE name = 'catalog_version'");
    return setVersion.run(version);
}

namespace {

/// As it is journalled afterwards; where it has another secret or key than before, this is said instead of the hash.
std::string journalledWithNews(const CatalogDifference& difference)
{
    std::string after = asJournalled(difference.after);
    const Json before = Json::parse(difference.before, nullptr, false);
    const Json now = Json::parse(difference.after, nullptr, false);
    Expected<Json> told = parseJson(after);
    if (!before.is_object() || !now.is_object() || !told)
        return after;
    for (const auto& [hash, name] : {std::pair("secret_hash", "secret"), std::pair("key_hash", "key")}) {
        if (before.value(hash, Json()) != now.value(hash, Json()))
            (*told)[name] = "renewed";
    }
    return jsonText(*told);
}

} // namespace

Expected<void> writeAudit(Connection& connection, std::string_view who, Timestamp at,
                          std::span<const CatalogDifference> differences)
{
    Statement insert(connection, "INSERT INTO audit (at, who, kind, id, before, after, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (const CatalogDifference& difference : differences) {
        if (difference.kind == "keys")
            continue; // what ids come next is no news to people
        const std::string before = asJournalled(difference.before);
        const std::string after = journalledWithNews(difference);
        if (before == after)
            continue; // an applied rule that takes over changes nothing else than what only the store goes by
        const std::string_view kind = difference.kind;
        const std::string_view id = difference.id;
        const std::int64_t sum = sumOf({std::to_string(at.us), who, kind, id, before, after});
        if (auto done = insert.run(at.us, who, kind, id, std::string_view(before), std::string_view(after), sum); !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
