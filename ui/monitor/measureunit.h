// Units of measurement as the names of fields tell them.
#pragma once

#include <QString>

#include <string_view>

namespace iotman {

/// The unit that a field's name ends with or is known for: `°C` for `temp_celsius` and `celsius`, `hPa` for `hpa`, `%` for
/// `cpu_percent` and `idle_pct`. UTF-8; empty where the name tells none. It is shown beside values and changes none.
std::string_view measureUnitOf(std::string_view fieldName);

/// What a unit measures, for people: “Temperature” for `°C`. Empty where that is not known.
QString quantityOf(std::string_view unit);

} // namespace iotman
