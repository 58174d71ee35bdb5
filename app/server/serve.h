#pragma once

#include "core/server/service.h"

namespace iotman {

/// Serves until SIGTERM or SIGINT. Prints the lines that scripts wait for; returns the exit code.
int serve(server::ServiceOptions options);

} // namespace iotman
