// How much of what came late waits to be placed.
#pragma once

#include <cstddef>

namespace iotman::store {

/// Of an output.
struct LateLimits {
    std::size_t lots;
    std::size_t items;
    std::size_t bytes; ///< of blocks
};
/// Beyond this it is placed, where no other output's is in the same transaction: outputs of one source get there together.
/// Measured: with half of it, late items cost a tenth more, and twice as many would take readers' memory.
inline constexpr LateLimits lateLimits{256, 16'384, std::size_t(2) * 1024 * 1024};
/// So many times that wait before it is placed in any case; and lots, however many, as long as what is in them is less.
inline constexpr std::size_t mostLateTimes = 4;

} // namespace iotman::store
