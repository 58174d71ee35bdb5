// What somebody who mistyped most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace iotman {

/// The candidate that `word` is the fewest slips of the finger away from (a letter wrong, missing, too many, or two swapped), or
/// that it is the beginning of; the first of several. Nothing when none is near. Case does not count.
std::optional<std::string_view> nearestTo(std::string_view word, std::span<const std::string_view> candidates);

} // namespace iotman
