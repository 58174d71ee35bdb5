// How much is remade of what is stored in one commit: nobody's request waits for longer than that takes.
#pragma once

#include <cstddef>

namespace iotman::pipeline {

inline constexpr std::size_t sliceDatapoints = 5'000;
inline constexpr std::size_t sliceBytes = 4 * 1024 * 1024; ///< of items

} // namespace iotman::pipeline
