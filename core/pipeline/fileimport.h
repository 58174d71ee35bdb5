// Files as datapoints of a source: from workspace files and the command line.
#pragma once

#include "core/pipeline/filerows.h"
#include "core/pipeline/pipeline.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace iotman::pipeline {

struct RefusedRow {
    std::int64_t line = 0;
    std::string reason;
};

struct ImportSummary {
    std::int64_t accepted = 0;
    std::int64_t refused = 0;
    std::string same; ///< sameImport
    std::vector<RefusedRow> firstRefused; ///< at most 100
    bool doneBefore = false;              ///< this content was imported into this source already; nothing was stored again
};

/// The store's note about an import into a source: `done N`; of an older program how far it came.
std::string importNote(SourceKey source, const std::string& sameImport);

/// Whether content was imported before into a source that `catalog` has, as the notes of its store say.
bool isImported(const Catalog& catalog, store::Reader& reader, const SourceDraft& source, const FileLook& look);

/// Imports `file` into a source, once per content and way of reading: a second call stores nothing. All of it is shown in one
/// commit, or none: after a crash it begins anew, behind what an older program has shown already. The file is read twice, the
/// first time to find every refused row before anything is stored; memory stays flat. Blocks; never on the writer thread.
/// Errors: what keeps the file from being read as chosen, with the line; the store's. With RefuseAll and refused rows the
/// summary says so and `accepted` is 0.
Expected<ImportSummary> importFile(Pipeline& pipeline, const SourceName& source, const std::filesystem::path& file, const files::Choices& choices,
                                   BadRows badRows, const Clock& clock);

} // namespace iotman::pipeline
