// A disk whose power is cut: what was not synced may be lost, whole or in part.
#pragma once

#include <filesystem>
#include <random>

namespace iotman::store {

enum class Syncs {
    Kept,
    Ignored, ///< as a disk that lies
};

/// From now on, for all of SQLite in this process: what it syncs of its files in `folder` is in `synced` as well. Everything that is in
/// `folder` already counts as synced. Ends the process where that cannot be done.
void keepWhatIsSynced(const std::filesystem::path& folder, const std::filesystem::path& synced, Syncs syncs);

/// Once that process is gone: leaves in `folder` what a disk may hold after its power was cut. That is what was synced and, of what was
/// written since, as many sectors as `random` wants.
void cutPower(const std::filesystem::path& folder, const std::filesystem::path& synced, std::mt19937& random);

} // namespace iotman::store
