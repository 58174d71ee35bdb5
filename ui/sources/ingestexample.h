// How to post to a source: a line that works as it stands.
#pragma once

#include "core/model/resources.h"

#include <optional>
#include <string>

namespace iotman::ui {

/// A datapoint that `source` takes, with the member that its time is read from. Nothing where the expression of its time is no
/// path with arithmetic.
std::optional<std::string> examplePayload(const Source& source);

/// A curl line that posts one datapoint to the source; with a variable for the token where it needs one.
std::string ingestLine(const SourceView& source);

} // namespace iotman::ui
