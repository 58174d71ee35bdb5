// The data files that the sources of a workspace file name, relative to it.
#pragma once

#include "core/import/options.h"
#include "core/model/clock.h"
#include "core/model/resources.h"
#include "core/pipeline/filerows.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace iotman::pipeline {

/// The file that a source names in its settings, and how it is to be read.
struct NamedFile {
    std::filesystem::path path;
    files::Choices choices;
};

/// How a source of files says that they are to be read; the words that it leaves out choose nothing. Errors: BadRequest, `field` is the
/// member.
Expected<files::Choices> choicesOf(const Json& settings);

/// Whether the settings of a source of files are such as `choicesOf` reads; those of other kinds are left alone. Errors: BadRequest for
/// `settings`, with the pointer of the member.
Expected<void> checkFileSettings(SourceKind kind, const Json& settings);

/// Nothing where the source names none. Relative names are relative to `folder`. Errors: BadRequest.
Expected<std::optional<NamedFile>> fileOf(const SourceDraft& source, const std::filesystem::path& folder);

/// What only a person can know about a file, such as the unit of its times: taken as guessed, or to be said in its settings.
enum class Guesses { Taken, Refused };

/// Whether content was imported into a source before, so that its rows need not be looked at.
using ImportedBefore = std::function<bool(const SourceDraft&, const FileLook&)>;

/// Whether each file that a source names can be read and each of its rows becomes a datapoint: asked before a workspace file is
/// applied, which is all or nothing. Errors: BadRequest with a pointer into the workspace file; of a row `FILE:LINE: why`, with
/// `line`.
Expected<void> checkFiles(const std::vector<SourceDraft>& sources, const std::filesystem::path& folder, Guesses guesses,
                          const ImportedBefore& importedBefore, const Clock& clock);

} // namespace iotman::pipeline
