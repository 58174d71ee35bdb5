// Whether a data folder holds what it says.
#pragma once

#include "core/model/error.h"

#include <cstdint>
#include <filesystem>

namespace iotman::store {

struct CheckReport {
    std::int64_t datapoints = 0;
    std::int64_t items = 0; ///< of the outputs in the catalog; neither counts what is staged
};

/// Reads everything in `folder`: the database's own structure, checksums of blocks, their order and that they do not overlap,
/// sequences, counters, the catalog. Changes nothing. Errors: Internal with the first thing that is wrong; Conflict for a newer
/// format; Unavailable.
Expected<CheckReport> check(const std::filesystem::path& folder);

} // namespace iotman::store
