// `--chart`: a layout of the Monitor drawn into a file, without a window.
#pragma once

#include "core/model/clock.h"
#include "core/series/timerange.h"
#include "ui/monitor/monitorlayout.h"

#include <filesystem>
#include <optional>
#include <string>

class QSettings;

namespace iotman {

namespace client {
class Vault;
} // namespace client

struct ChartTask {
    MonitorLayout layout;
    QString picture;       ///< the file it goes to, as PNG
    std::string connectTo; ///< a server's or an endpoint's address; empty: the workspace of `dataFolder`
    std::filesystem::path dataFolder;
    std::filesystem::path demo; ///< the workspace file that a new data folder starts with
};

/// The layout in `file`, with `range` instead of what it shows by itself. Errors: BadRequest, one sentence that names the file.
Expected<MonitorLayout> readLayout(const QString& file, const std::optional<TimeRange>& range);

/// Reads what the layout shows, through the server that holds the folder or one of its own, draws it and saves the picture. A
/// server elsewhere is read with the sign-in that the desktop has kept for it, else as the public does. Blocks and runs the
/// thread's events; needs an application object. Errors: the server's, ChartPicture's.
Expected<void> drawChart(const ChartTask& task, const Clock& clock, Random& random, QSettings& settings, client::Vault& vault);

} // namespace iotman
