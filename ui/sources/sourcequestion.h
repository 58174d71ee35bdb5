// What is asked before sources are deleted.
#pragma once

#include "core/model/resources.h"
#include "ui/pages/connection.h"
#include "ui/pages/deletequestion.h"

#include <vector>

namespace iotman::ui {

/// Whether what `source` is made of can all be sent once more: no path, no secret, no output of its own.
bool canBeMadeAgain(const Source& source);

/// What ends with `sources`, what stays, and what of `outputs` and `endpoints` keeps them from being deleted. At least one
/// source.
DeleteQuestion sourceQuestion(const std::vector<SourceView>& sources, const std::vector<OutputView>& outputs,
                              const std::vector<EndpointView>& endpoints, Environment environment);

} // namespace iotman::ui
