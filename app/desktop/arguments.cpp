#include "app/desktop/arguments.h"

namespace iotman {

Expected<DesktopArguments> parseDesktopArguments(const std::vector<std::string>& words,
                                                 const std::filesystem::path& defaultFolder)
{
    DesktopArguments arguments;
    arguments.dataFolder = defaultFolder;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--help" || word == "-h") {
            arguments.action = DesktopArguments::Action::Help;
            return arguments;
        }
        if (word == "--version") {
            arguments.action = DesktopArguments::Action::Version;
            return arguments;
        }
        if (word != "--data" && word != "--screenshot" && word != "--connect")
            return fail(Problem::BadRequest, "“" + word + "” is not known; see iotman-desktop --help");
        if (++i == words.size() || words[i].empty())
            return fail(Problem::BadRequest, word + " needs a value; see iotman-desktop --help");
        if (word == "--data")
            arguments.dataFolder = words[i];
        else if (word == "--connect")
            arguments.connectTo = words[i];
        else
            arguments.screenshot = words[i];
    }
    return arguments;
}

std::string_view desktopHelp()
{
    return R"(Usage: iotman-desktop [--data DIR] [--connect URL] [--screenshot FILE]

Manages and watches an IoT workspace, and serves the one on this computer.

  --data DIR         the data folder (default: iotman in the user's data folder)
  --connect URL      connect to a server, or read the endpoint with that address
  --screenshot FILE  save a picture of the window and end; needs no display
  --version          print the version

A second start with the same folder brings the first one's window to the front.
Exit codes: 0 done, 1 failed, 2 wrong usage.
)";
}

} // namespace iotman
