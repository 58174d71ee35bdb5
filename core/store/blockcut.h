// How many entries make a block.
#pragma once

#include "core/store/block.h"

#include <span>
#include <vector>

namespace iotman::store {

struct BlockLimits {
    std::size_t entries;
    std::size_t bytes; ///< of text
};

/// Items: pages of a hundred read one or two blocks. Measured: pages and ingest are as fast from 64 to 128; what SQLite's pages waste
/// depends on the size of a block, and with items of 40 to 600 bytes it is least here.
inline constexpr BlockLimits itemBlock{112, std::size_t(128) * 1024};
/// One that others come into stays one up to here: its halves would be small.
inline constexpr BlockLimits grownItemBlock{144, itemBlock.bytes};
/// Items that came late: a page needs few of them, and finds them in one of SQLite's pages.
inline constexpr BlockLimits lateBlock{32, std::size_t(3) * 1024};
/// Datapoints: they are read in long walks, and compress better together.
inline constexpr BlockLimits datapointBlock{512, std::size_t(256) * 1024};
/// Fewer and less than this go to the tail, row by row.
inline constexpr BlockLimits worthABlock{64, std::size_t(64) * 1024};

/// Cuts into blocks of nearly the same number of entries, none over the limits but where one entry alone is.
std::vector<std::span<const Entry>> cutIntoBlocks(std::span<const Entry> entries, BlockLimits limits);

bool isWorthABlock(std::span<const Entry> entries);

} // namespace iotman::store
