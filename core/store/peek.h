// What lies in a data folder, without holding it.
#pragma once

#include "core/model/catalog.h"

#include <filesystem>

namespace iotman::store {

/// Whether `folder` holds a workspace.
bool holdsWorkspace(const std::filesystem::path& folder);

/// The catalog of the workspace in `folder`, as last committed by whoever holds it. Errors: NotFound where there is none,
/// Conflict for a newer format, Unavailable, Internal when it is damaged.
Expected<Catalog> peekCatalog(const std::filesystem::path& folder);

} // namespace iotman::store
