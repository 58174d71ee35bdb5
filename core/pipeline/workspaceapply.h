// Workspace files applied to a store: what `serve --workspace`, `apply` and the desktop's first start do.
#pragma once

#include "core/model/workspacefile.h"
#include "core/pipeline/namedfiles.h"
#include "core/pipeline/pipeline.h"

#include <filesystem>
#include <string>
#include <vector>

namespace iotman::pipeline {

struct Environment {
    std::function<std::optional<std::string>(const std::string&)> variable;
    /// Keeps what the file gives for mirrors of the catalog, as a part of applying it. Empty: nothing is kept.
    std::function<Expected<void>(const Catalog&, const std::vector<NewOutgoingSecret>&)> keepSecrets = {};
};

/// A workspace file that was read, with its text for the lines of errors.
struct WorkspaceText {
    std::string text;
    WorkspaceFile parsed;
};

/// Errors: BadRequest with `line`, `FILE:LINE: what was expected`; what keeps the file from being read.
Expected<WorkspaceText> readWorkspaceFile(const std::filesystem::path& file);

/// The same of a text that was read already; `path` names it in errors.
Expected<WorkspaceText> workspaceTextFrom(const std::filesystem::path& path, std::string text);

/// An error about a workspace file told as a line of it: `FILE:LINE: what was expected`, with `line`.
Error workspaceFileError(const std::filesystem::path& path, const WorkspaceText& file, const Error& error);

/// What applying the file to `before` would change, one line each (`+ endpoint weather`). Errors: as `workspaceFileError`.
Expected<std::vector<std::string>> workspaceFileDifference(const Catalog& before, const std::filesystem::path& path,
                                                           const WorkspaceText& file, const Environment& environment,
                                                           const Clock& clock, Random& random);

/// `checkFiles` of a workspace file. Errors: as `workspaceFileError`.
Expected<void> checkFiles(const std::filesystem::path& path, const WorkspaceText& file, Guesses guesses,
                          const ImportedBefore& importedBefore, const Clock& clock);

/// Applies all of the file or none of it, and none where a file that it names cannot be imported; then imports the files that its
/// sources of kind `file` name, relative to it, once per content. Gives a digest of all that was read: another one where another
/// state comes of it. Blocks; never on the writer thread. Errors: as above.
Expected<std::string> applyWorkspaceFile(Pipeline& pipeline, const std::filesystem::path& file, const std::string& who,
                                  const Environment& environment, const Clock& clock, Random& random);

} // namespace iotman::pipeline
