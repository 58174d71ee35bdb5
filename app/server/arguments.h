// The command line of iotman-server, read into values.
#pragma once

#include "core/import/options.h"
#include "core/model/names.h"
#include "core/model/permissions.h"
#include "core/server/service.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace iotman {

struct ServeArguments {
    server::ServiceOptions options;
};
struct ApplyArguments {
    std::filesystem::path folder;
    std::filesystem::path file;
    bool dryRun = false;
    bool yes = false; ///< removes without a question
};
struct ExportArguments {
    std::filesystem::path folder;
};
struct ImportArguments {
    std::filesystem::path folder;
    std::vector<std::filesystem::path> files;
    SourceName source;
    files::Choices choices;
    bool skipBad = false;
};
struct MemberArguments {
    std::filesystem::path folder;
    Email email;
    Role role = Role::Viewer;
};
/// Exactly one of `client` and `member` is set.
struct TokenArguments {
    std::filesystem::path folder;
    std::string client;
    std::string member;
};
struct SnapshotArguments {
    enum class Do { Save, Restore, Reset, List, Delete };
    std::filesystem::path folder;
    Do what = Do::List;
    std::string name;
};
struct ReplayArguments {
    enum class Do { Show, Pause, Resume, Step, Speed };
    std::filesystem::path folder;
    Do what = Do::Show;
    SourceName source;
    std::int64_t datapoints = 1; ///< of Step
    std::string speed;           ///< of Speed, a JSON number
};
struct ContractArguments {
    std::string url;                      ///< of an endpoint
    std::string client;                   ///< empty: the endpoint is public
    std::string tokenUrl;                 ///< empty: of the endpoint's own origin
    std::filesystem::path junit;          ///< empty: no such file is written
    std::chrono::milliseconds pause{200}; ///< between two requests: nobody is to be bothered
};
struct CheckArguments {
    std::filesystem::path folder;
};
struct HelpArguments {};
struct VersionArguments {};

using Arguments = std::variant<ServeArguments, ApplyArguments, ExportArguments, ImportArguments, MemberArguments, TokenArguments,
                               SnapshotArguments, ReplayArguments, ContractArguments, CheckArguments, HelpArguments, VersionArguments>;

/// `words` are those behind the program's name. Errors: BadRequest, one sentence about what was wrong, with the nearest right
/// word where one is near.
Expected<Arguments> parseArguments(const std::vector<std::string>& words, const std::filesystem::path& defaultFolder);

/// What `--help` prints.
std::string_view helpText();

} // namespace iotman
