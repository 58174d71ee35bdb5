// The command line of iotman-server, read into values.
#pragma once

#include "core/server/service.h"

#include <string>
#include <variant>
#include <vector>

namespace iotman {

struct ServeArguments {
    server::ServiceOptions options;
};
struct CheckArguments {
    std::filesystem::path folder;
};
struct HelpArguments {};
struct VersionArguments {};

using Arguments = std::variant<ServeArguments, CheckArguments, HelpArguments, VersionArguments>;

/// `words` are those behind the program's name. Errors: BadRequest, one sentence about what was wrong.
Expected<Arguments> parseArguments(const std::vector<std::string>& words, const std::filesystem::path& defaultFolder);

/// What `--help` prints.
std::string_view helpText();

} // namespace iotman
