#pragma once

#include "core/server/service.h"

namespace iotman {

/// Serves until SIGTERM or SIGINT. Prints the lines that scripts wait for; returns the exit code. Errors: what keeps it from
/// serving.
Expected<int> serve(server::ServiceOptions options);

} // namespace iotman
