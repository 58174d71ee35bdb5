#include "core/store/peek.h"

#include "core/store/catalogrows.h"
#include "core/store/database.h"
#include "core/store/schema.h"

#include <chrono>

namespace iotman::store {

bool holdsWorkspace(const std::filesystem::path& folder)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(databasePath(folder), ignored);
}

Expected<Catalog> peekCatalog(const std::filesystem::path& folder)
{
    if (!holdsWorkspace(folder))
        return fail(Problem::NotFound, "“" + folder.string() + "” holds no workspace");
    Expected<Connection> connection = openForReading(databasePath(folder), std::chrono::seconds(10));
    if (!connection)
        return fail(connection.error());
    if (const auto version = schemaVersion(*connection, schemaSteps().size()); !version)
        return fail(version.error());
    return readCatalog(*connection);
}

} // namespace iotman::store
