// Whether JSON kept the bytes that somebody wrote: digits, the order of members, white space.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iotman::lab {

/// A number of `json` that would read otherwise if it had been a double once (`17.20`, `12345678901234567890`): a witness that
/// digits are kept. Nothing where none of its numbers would tell.
std::optional<std::string> keptNumber(std::string_view json);

/// The first member of `json` that stands before one which the alphabet has earlier: a witness that the order is kept.
std::optional<std::string> keptOrder(std::string_view json);

/// How two JSON texts differ that stand for the same item.
enum class Difference {
    None,
    WhiteSpace,
    Order,    ///< members in another order
    Spelling, ///< numbers or texts written in another way
    Value,
};
Difference difference(std::string_view a, std::string_view b);

} // namespace iotman::lab
