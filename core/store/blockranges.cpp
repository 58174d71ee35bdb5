#include "core/store/blockranges.h"

#include <iterator>

namespace iotman::store {

std::optional<Stretch> BlockRanges::stretchAt(const Position& position) const
{
    const auto next = ranges_.upper_bound(position);
    Stretch stretch;
    if (next != ranges_.begin())
        stretch.block = std::prev(next)->second;
    else if (!isAll_)
        return std::nullopt;
    if (next != ranges_.end())
        stretch.end = next->first;
    return stretch;
}

void BlockRanges::addOlder(std::span<const BlockRange> older, std::size_t asked)
{
    for (const BlockRange& block : older)
        ranges_.emplace_hint(ranges_.begin(), block.first, block);
    isAll_ = older.size() < asked;
}

void BlockRanges::add(const BlockRange& block)
{
    // Between it and what is known there may be others.
    const bool isBefore = ranges_.empty() || block.first < ranges_.begin()->first;
    if (isBefore && !isAll_)
        return;
    ranges_.insert_or_assign(block.first, block);
    if (ranges_.size() > most_) {
        ranges_.erase(ranges_.begin());
        isAll_ = false;
    }
}

void BlockRanges::remove(const BlockRange& block)
{
    const auto found = ranges_.find(block.first);
    if (found != ranges_.end() && found->second.block == block.block)
        ranges_.erase(found);
}

} // namespace iotman::store
