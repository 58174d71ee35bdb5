// How a range of a series is read from its summaries. Private to core/series.
#pragma once

#include "core/series/series.h"

#include <algorithm>

namespace iotman {

template <class Whole, class Some>
void Series::descend(TimeRange range, Whole whole, Some some) const
{
    const auto begin = std::partition_point(directory_.begin(), directory_.end(),
                                            [&](const Entry& entry) { return entry.total.lastTime < range.from.us; });
    for (auto entry = begin; entry != directory_.end() && entry->total.firstTime < range.to.us; ++entry) {
        if (whole(entry->total))
            continue;
        for (std::size_t q = 0; q * blocksPerQuarter * Chunk::blockSize < entry->size; ++q) {
            if (whole(entry->quarter[q]))
                continue;
            const Chunk& chunk = *entry->chunk;
            const auto blocks = chunk.blocks();
            const std::size_t end = std::min(blocks.size(), (q + 1) * blocksPerQuarter);
            for (std::size_t b = q * blocksPerQuarter; b < end; ++b) {
                const Summary& block = blocks[b];
                if (block.lastTime < range.from.us || block.firstTime >= range.to.us || whole(block))
                    continue;
                std::size_t from = b * Chunk::blockSize;
                std::size_t to = std::min(chunk.size(), from + Chunk::blockSize);
                if (block.firstTime < range.from.us)
                    from = chunk.lowerBound(range.from.us);
                if (block.lastTime >= range.to.us)
                    to = chunk.lowerBound(range.to.us);
                if (from < to)
                    some(chunk, from, to);
            }
        }
    }
}

} // namespace iotman
