// Cells of a table as JSON values.
#pragma once

#include "core/import/options.h"

namespace iotman::files {

/// `text`, without blanks around it, as a JSON number with the same digits: the decimal mark becomes a point, and `.5`
/// becomes `0.5`. Nothing for anything else: leading zeros (08123), signs (+5) and grouped digits are text.
/// The view is of `text` or of `scratch`.
std::optional<std::string_view> numberIn(std::string_view text, char decimalMark, std::string& scratch);

/// `true` or `false` in any case.
std::optional<bool> booleanIn(std::string_view text);

} // namespace iotman::files
