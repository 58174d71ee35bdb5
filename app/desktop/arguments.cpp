#include "app/desktop/arguments.h"

namespace iotman {

namespace {

constexpr const char* seeHelp = "; see iotman-desktop --help";

auto wrongUsage(const std::string& text)
{
    return fail(Problem::BadRequest, text + seeHelp);
}

/// What the options of a chart were given as.
struct ChartTimes {
    std::optional<Timestamp> from, to;
};

/// Where the value of an option goes that takes a text; null for other words.
std::string* textOf(DesktopArguments& arguments, const std::string& option)
{
    if (option == "--connect")
        return &arguments.connectTo;
    if (option == "--screenshot")
        return &arguments.screenshot;
    if (option == "--chart")
        return &arguments.chart;
    if (option == "--png")
        return &arguments.picture;
    return nullptr;
}

/// Unix seconds as in URLs, or ISO 8601 with a zone.
Expected<Timestamp> timeFrom(const std::string& option, const std::string& word)
{
    const bool isNumber = word.find_first_not_of("-.0123456789") == std::string::npos && word.find('-', 1) == std::string::npos;
    const auto time = isNumber ? Timestamp::parseSeconds(word, option) : Timestamp::parseIso(word);
    if (!time)
        return wrongUsage(
            option + " " + word + ": " +
            (isNumber ? time.error().detail : "expected Unix seconds or a time with its zone, 2024-01-31T10:00:00Z"));
    if (!isUsable(*time))
        return wrongUsage(option + " " + word + " is farther away than a chart reaches");
    return *time;
}

Expected<DesktopArguments> checked(DesktopArguments arguments, const ChartTimes& times)
{
    if (arguments.chart.empty()) {
        if (!arguments.picture.empty() || times.from || times.to)
            return wrongUsage("--from, --to and --png need --chart LAYOUT");
        return arguments;
    }
    if (arguments.picture.empty())
        return wrongUsage("--chart needs --png FILE");
    if (!arguments.screenshot.empty())
        return wrongUsage("--chart and --screenshot do not go together");
    if (times.from.has_value() != times.to.has_value())
        return wrongUsage("--from and --to go together");
    if (times.from && *times.to <= *times.from)
        return wrongUsage("--to must be later than --from");
    if (times.from)
        arguments.range = TimeRange{*times.from, *times.to};
    return arguments;
}

} // namespace

Expected<DesktopArguments> parseDesktopArguments(const std::vector<std::string>& words,
                                                 const std::filesystem::path& defaultFolder)
{
    DesktopArguments arguments;
    arguments.dataFolder = defaultFolder;
    ChartTimes times;
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
        std::string* const text = textOf(arguments, word);
        if (!text && word != "--data" && word != "--from" && word != "--to")
            return wrongUsage("“" + word + "” is not known");
        if (++i == words.size() || words[i].empty())
            return wrongUsage(word + " needs a value");
        if (text) {
            *text = words[i];
        } else if (word == "--data") {
            arguments.dataFolder = words[i];
        } else {
            const auto time = timeFrom(word, words[i]);
            if (!time)
                return fail(time.error());
            (word == "--from" ? times.from : times.to) = *time;
        }
    }
    return checked(std::move(arguments), times);
}

std::string_view desktopHelp()
{
    return R"(Usage: iotman-desktop [--data DIR] [--connect URL] [--screenshot FILE]
       iotman-desktop [--data DIR] [--connect URL] --chart LAYOUT [--from TIME --to TIME] --png FILE

Manages and watches an IoT workspace, and serves the one on this computer.

  --data DIR         the data folder (default: iotman in the user's data folder)
  --connect URL      connect to a server, or read the endpoint with that address
  --screenshot FILE  save a picture of the window and end; needs no display
  --chart LAYOUT     draw a layout that the Monitor has saved, and end; needs no display
  --from TIME        where that chart begins: Unix seconds, or 2024-01-31T10:00:00Z
  --to TIME          where it ends; without both it shows what the layout says
  --png FILE         where the picture of the chart goes
  --version          print the version

A second start with the same folder brings the first one's window to the front, and connects it where --connect says.
Exit codes: 0 done, 1 failed, 2 wrong usage.
)";
}

} // namespace iotman
