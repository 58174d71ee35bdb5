// A workspace as one reviewable JSON text: read, applied to a catalog, written.
#pragma once

#include "core/model/changes.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman {

/// What a secret that people choose must have at least, in characters.
inline constexpr std::size_t leastSecret = 8;

/// The hash of a client's secret that stands in an environment variable: `leastSecret` to 256 visible ASCII characters without
/// blanks, since anything else is an accident, or nothing that OAuth could carry (RFC 6749 appendix A). Errors: BadRequest, with
/// the variable's name and never its value.
Expected<std::string> hashOfVariable(const std::string& name, const std::optional<std::string>& value);

/// How a client's secret is given: by an environment variable, by its hash, or not at all (then it keeps what it has, and a new
/// client gets one that nobody knows until it is renewed).
struct SecretReference {
    std::string env;
    std::string hash;
};

struct WorkspaceFileClient {
    ClientDraft draft;
    SecretReference secret;
};

/// The parts that a file holds; an absent part leaves that part of a workspace as it is.
struct WorkspaceFile {
    std::optional<WorkspacePatch> workspace;
    std::optional<std::vector<ScopeDraft>> scopes;
    std::optional<std::vector<SourceDraft>> sources;
    std::optional<std::vector<OutputDraft>> outputs;
    std::optional<std::vector<EndpointDraft>> endpoints;
    std::optional<CorsDraft> cors;
    std::optional<std::vector<WorkspaceFileClient>> clients;
};

/// Errors: BadRequest with `line`; what only shows when it is applied carries a pointer for `jsonLine`.
Expected<WorkspaceFile> parseWorkspaceFile(std::string_view text);

/// A secret for a service elsewhere that a file gave for the mirror with this key.
struct NewOutgoingSecret {
    SourceKey source = 0;
    std::string value;
};

/// What applying needs of the world.
struct WorkspaceFileContext {
    Author author;
    Sequence last = 0; ///< the greatest sequence stored
    /// The value of an environment variable, or nothing.
    std::function<std::optional<std::string>(const std::string&)> environment;
    /// Whether filter and rule of an output, or a source's time expression, compile.
    std::function<Expected<void>(const OutputDraft&)> checkOutput;
    std::function<Expected<void>(const SourceDraft&)> checkSource;
    /// Told of each secret that the file gives for a mirror; they may be kept once all of the file is applied.
    std::function<void(NewOutgoingSecret)> giveSecret = {};
};

/// Makes the catalog what the file says; on an error the catalog is half changed and must be dropped. Resources that are already
/// so are left untouched. Errors carry a pointer into the file.
Expected<void> applyWorkspaceFile(Catalog& catalog, const WorkspaceFile& file, const WorkspaceFileContext& context);

/// The file of a catalog: sorted, two blanks of indent, a line break at the end. Applying it changes nothing.
std::string exportWorkspaceFile(const Catalog& catalog);

/// One line per difference, `+ endpoint weather`, `~ cors`, `- scope x:y`, by kind and then by name. Outputs are told by name.
std::vector<std::string> differenceLines(const Catalog& before, const Catalog& after);

/// `FILE:LINE: what was expected` for an error of the functions above.
std::string fileError(std::string_view fileName, std::string_view text, const Error& error);

} // namespace iotman
