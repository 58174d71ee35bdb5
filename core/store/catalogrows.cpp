#include "core/store/catalogrows.h"

namespace iotman::store {

Expected<Catalog> readCatalog(Connection& connection)
{
    Catalog catalog;
    const Expected<std::int64_t> version = connection.integer("SELECT value FROM state WHERE name = 'catalog_version'");
    if (!version)
        return fail(version.error());
    catalog.version = static_cast<std::uint64_t>(*version);
    Statement select(connection, "SELECT kind, id, json FROM resource");
    Rows rows = select.query();
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return catalog;
        const CatalogDifference stored{std::string(rows.text(0)), std::string(rows.text(1)), {}, std::string(rows.text(2))};
        if (auto done = restore(catalog, stored); !done)
            return fail(Problem::Internal, "“" + connection.path() + "” is damaged: " + stored.kind + " “" + stored.id +
                                               "”: " + done.error().detail);
    }
}

Expected<void> writeCatalog(Connection& connection, std::span<const CatalogDifference> differences, std::uint64_t version)
{
    Statement put(connection, "INSERT OR REPLACE INTO resource (kind, id, json) VALUES (?1, ?2, ?3)");
    Statement remove(connection, "DELETE FROM resource WHERE kind = ?1 AND id = ?2");
    for (const CatalogDifference& difference : differences) {
        const std::string_view kind = difference.kind;
        const std::string_view id = difference.id;
        auto done = difference.after.empty() ? remove.run(kind, id) : put.run(kind, id, std::string_view(difference.after));
        if (!done)
            return done;
    }
    Statement setVersion(connection, "UPDATE state SET value = ?1 WHERE name = 'catalog_version'");
    return setVersion.run(version);
}

Expected<void> writeAudit(Connection& connection, std::string_view who, Timestamp at,
                          std::span<const CatalogDifference> differences)
{
    Statement insert(connection, "INSERT INTO audit (at, who, kind, id, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (const CatalogDifference& difference : differences) {
        if (difference.kind == "keys")
            continue; // what ids come next is no news to people
        const std::string before = asJournalled(difference.before);
        const std::string after = asJournalled(difference.after);
        if (before == after)
            continue; // an applied rule that takes over changes nothing else than what only the store goes by
        if (auto done = insert.run(at.us, who, std::string_view(difference.kind), std::string_view(difference.id),
                                   std::string_view(before), std::string_view(after));
            !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
