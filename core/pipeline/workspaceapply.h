// Workspace files applied to a store: what `serve --workspace`, `apply` and the desktop's first start do.
#pragma once

#include "core/model/workspacefile.h"
#include "core/pipeline/pipeline.h"

#include <filesystem>
#include <string>
#include <vector>

namespace iotman::pipeline {

struct Environment {
    std::function<std::optional<std::string>(const std::string&)> variable;
};

/// What applying would change, one line each (`+ endpoint weather`). Errors: one sentence, `FILE:LINE: what was expected`.
Expected<std::vector<std::string>> workspaceFileDifference(Pipeline& pipeline, const std::filesystem::path& file, const Environment& environment,
                                                           const Clock& clock, Random& random);

/// Applies all of the file or none of it, then imports the files that its sources of kind `file` name, relative to it, once per
/// content. Blocks; never on the writer thread. Errors: as above.
Expected<void> applyWorkspaceFile(Pipeline& pipeline, const std::filesystem::path& file, const std::string& who, const Environment& environment,
                                  const Clock& clock, Random& random);

} // namespace iotman::pipeline
