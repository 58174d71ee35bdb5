// Where an output's newest blocks begin and end, kept in memory: late items fall between them.
#pragma once

#include "core/store/block.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace iotman::store {

struct BlockRange {
    std::int64_t block = 0;
    Position first;
    Position last;

    bool operator==(const BlockRange&) const = default;
};

/// A block and what follows it up to the next one.
struct Stretch {
    std::optional<BlockRange> block; ///< nothing before the first block
    std::optional<Position> end;     ///< where the next block starts; nothing behind the last one

    bool operator==(const Stretch&) const = default;
};

/// Knows every block from some position on, at most `most`; at first none. Blocks do not overlap.
class BlockRanges {
public:
    explicit BlockRanges(std::size_t most)
        : most_(most)
    {
    }

    /// The stretch around `position`; nothing where a block that is not known may stand before it.
    std::optional<Stretch> stretchAt(const Position& position) const;

    /// How many more could be known.
    std::size_t room() const { return isAll_ ? 0 : most_ - ranges_.size(); }
    /// Where what is known begins; behind all while nothing is.
    Position begin() const { return ranges_.empty() ? behindAll : ranges_.begin()->first; }
    /// The blocks before begin(), newest first, at most room(). Fewer than `asked`: there are no others.
    void addOlder(std::span<const BlockRange> older, std::size_t asked);

    /// A block that was written or removed.
    void add(const BlockRange& block);
    void remove(const BlockRange& block);

private:
    std::size_t most_;
    bool isAll_ = false;                    ///< no other blocks stand before these
    std::map<Position, BlockRange> ranges_; ///< by their first position
};

} // namespace iotman::store
