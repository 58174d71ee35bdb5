// The catalog as rows, one for each resource, and the audit log of its changes.
#pragma once

#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <span>

namespace iotman::store {

/// Reads the whole catalog. Errors: Internal when a row is not what we write.
Expected<Catalog> readCatalog(Connection& connection);

/// Writes what differs, and the version. Inside the caller's transaction.
Expected<void> writeCatalog(Connection& connection, std::span<const CatalogDifference> differences, std::uint64_t version);

/// One audit entry per difference, as it is journalled. Inside the caller's transaction.
Expected<void> writeAudit(Connection& connection, std::string_view who, Timestamp at,
                          std::span<const CatalogDifference> differences);

} // namespace iotman::store
