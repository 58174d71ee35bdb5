// The command line of iotman-desktop, read into values.
#pragma once

#include "core/model/error.h"
#include "core/series/timerange.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

struct DesktopArguments {
    enum class Action { Run, Help, Version };
    Action action = Action::Run;
    std::filesystem::path dataFolder;
    std::string connectTo;          ///< a server's or an endpoint's address; empty: none is asked for
    std::string screenshot;         ///< where a picture of the window goes; empty: none is made
    std::string chart;              ///< a layout's file, to be drawn without a window; empty: none is
    std::string picture;            ///< where the drawn layout goes; not empty with `chart`
    std::optional<TimeRange> range; ///< what is drawn of it; nothing: what the layout says
    bool needsDisplay() const { return screenshot.empty() && chart.empty(); }
};

/// `words` are those behind the program's name. Errors: BadRequest, one sentence.
Expected<DesktopArguments> parseDesktopArguments(const std::vector<std::string>& words,
                                                 const std::filesystem::path& defaultFolder);

std::string_view desktopHelp();

} // namespace iotman
