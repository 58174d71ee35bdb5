// Opening and making the database file.
#pragma once

#include "core/model/catalog.h"
#include "core/store/sqlite.h"

#include <chrono>
#include <filesystem>

namespace iotman::store {

/// How long another process may keep a database locked, for those whom nobody tells.
inline constexpr std::chrono::milliseconds usualLockTimeout = std::chrono::seconds(10);

/// Where a folder's database lies: an absolute path in UTF-8.
std::string databasePath(const std::filesystem::path& folder);

/// Makes a database with `initial` as its catalog, unless there is one: under another name first, so that a crash leaves no half
/// of it. Errors: Internal when only the log of a database is left.
Expected<void> makeDatabase(const std::string& path, const Catalog& initial, std::chrono::milliseconds lockTimeout);

/// For the writer: checks and migrates the database, then sets it up (write-ahead log, every commit synced).
Expected<Connection> openForWriting(const std::string& path, std::chrono::milliseconds lockTimeout);

/// For moving the log into the database.
Expected<Connection> openForCheckpoints(const std::string& path);

/// For a reader: maps the file, keeps little of its own.
Expected<Connection> openForReading(const std::string& path, std::chrono::milliseconds lockTimeout);

} // namespace iotman::store
