// The tables of a workspace's database, and how older ones become the newest.
#pragma once

#include "core/store/sqlite.h"

#include <span>

namespace iotman::store {

/// "IoTM": what `PRAGMA application_id` of our databases says.
inline constexpr std::int64_t applicationId = 0x496f544d;

/// Brings a database from version `index` to `index + 1` (`PRAGMA user_version`).
struct SchemaStep {
    const char* sql;
};

/// All steps, from an empty database on; as many as the version that this program writes.
std::span<const SchemaStep> schemaSteps();

/// The version of a database, 0 when it is empty. Errors: Internal when it is not ours or damaged, Conflict when a newer program
/// wrote it.
Expected<std::size_t> schemaVersion(Connection& connection, std::size_t newest);

/// Runs the steps that are missing, each in a transaction. Errors: schemaVersion's, before anything is written.
Expected<void> prepareSchema(Connection& connection, std::span<const SchemaStep> steps);

} // namespace iotman::store
