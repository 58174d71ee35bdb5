// Templates of program text with named places.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace iotman::codegen {

/// `text` with each `@NAME@` replaced. What is put in is not looked at again. A line that a place leaves empty goes altogether.
/// Every place must be given.
std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> places);

} // namespace iotman::codegen
