// How numbers are kept that a double would change. For the JSON of this folder alone.
#pragma once

#include "core/model/json.h"

#include <string>
#include <string_view>

namespace iotman {

/// A fraction in a plain spelling, as a number of its own kind: its text. Whole numbers and those with few digits are numbers.
Json exactNumber(std::string_view digits);
bool isExact(const Json& value);
std::string exactDigits(const Json& value);

/// So many significant digits, the point among them, come through every double.
inline constexpr std::size_t mostDigitsOfDouble = 16;

/// The fewest digits that mean this number and no other; never a whole number's spelling. `null` for what is no number.
std::string doubleText(double number);

} // namespace iotman
