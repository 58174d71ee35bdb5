// Items whose datapoints have expired.
#include "core/store/itemwriter.h"
#include "core/store/lateitems.h"
#include "core/store/walks.h"

#include <algorithm>

namespace iotman::store {

Expected<std::int64_t> ItemWriter::remove(OutputKey output, std::span<const Position> positions)
{
    const Expected<Shelf*> known = shelf(output);
    if (!known)
        return fail(known.error());
    std::int64_t count = 0;
    const auto add = [&count](std::int64_t removed) { count += removed; };
    return removeFromLots(output, **known, positions)
        .map(add)
        .and_then([&] { return removeFromTail(output, positions).map(add); })
        .and_then([&] { return removeFromBlocks(output, positions).map(add); })
        .and_then([&] { return removeFromBlocks(layerOf(output), positions).map(add); })
        .map([&] {
            // What is remembered of blocks and the tail's rows may be of others now.
            if (count > 0)
                shelves_.erase(output);
            return count;
        });
}

Expected<std::int64_t> ItemWriter::removeFromTail(OutputKey output, std::span<const Position> positions)
{
    const Expected<bool> mayBeThere = hasRows(output, positions);
    if (!mayBeThere)
        return fail(mayBeThere.error());
    std::int64_t count = 0;
    for (const Position& position : *mayBeThere ? positions : std::span<const Position>()) {
        Rows rows = removeRow_.query(output, position.time.us, position.sequence);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            ++count;
        }
    }
    return count;
}

Expected<std::int64_t> ItemWriter::removeFromBlocks(OutputKey shelf, std::span<const Position> positions)
{
    const Expected<Shelf*> known = this->shelf(shelf);
    if (!known)
        return fail(known.error());
    std::int64_t count = 0;
    while (!positions.empty()) {
        // What expires is old: its stretch is seldom among those that are known.
        const Expected<Stretch> stretch = storedStretch(shelf, positions.front());
        if (!stretch)
            return fail(stretch.error());
        const auto end = stretch->end ? std::partition_point(positions.begin(), positions.end(),
                                                             [&](const Position& p) { return p < *stretch->end; })
                                      : positions.end();
        const auto here = positions.first(static_cast<std::size_t>(end - positions.begin()));
        if (stretch->block && here.front() <= stretch->block->last) {
            const Expected<std::int64_t> removed = removeFromBlock(shelf, **known, *stretch->block, here);
            if (!removed)
                return removed;
            count += *removed;
        }
        positions = positions.subspan(here.size());
    }
    if (count > 0)
        shelves_.erase(shelf);
    return count;
}

/// Whether the tail has rows between the first and the last of these positions, which are sorted.
Expected<bool> ItemWriter::hasRows(OutputKey output, std::span<const Position> positions)
{
    if (positions.empty())
        return false;
    Rows rows = rowsBetween_.query(output, positions.front().time.us, positions.back().time.us);
    return rows.next();
}

Expected<std::int64_t> ItemWriter::removeFromLots(OutputKey output, Shelf& shelf, std::span<const Position> positions)
{
    if (positions.empty())
        return 0;
    if (auto done = learnLots(output, shelf); !done)
        return fail(done.error());
    const auto [least, greatest] = std::minmax_element(
        positions.begin(), positions.end(), [](const Position& a, const Position& b) { return a.sequence < b.sequence; });
    std::int64_t count = 0;
    for (const Lot& lot : std::vector<Lot>(*shelf.waiting)) {
        if (lot.least > greatest->sequence || lot.greatest < least->sequence)
            continue;
        // What would stay in it, though its datapoint is gone, would be shown for ever.
        if (lot.isDamaged)
            return damagedBlock(connection_, "late", lot.number);
        const Expected<std::string> body = bodyOf(lot);
        if (!body)
            return fail(body.error());
        const std::optional<BlockView> view = BlockView::parse(*body);
        if (!view)
            return damagedBlock(connection_, "late", lot.number);
        std::vector<Entry> kept;
        for (std::size_t i = view->size(); i > 0; --i) {
            if (!std::binary_search(positions.begin(), positions.end(), view->position(i - 1)))
                kept.push_back(view->entry(i - 1));
        }
        if (kept.size() == view->size())
            continue;
        count += static_cast<std::int64_t>(view->size() - kept.size());
        if (auto done = removeLot_.run(lot.number); !done)
            return fail(done.error());
        std::erase_if(*shelf.waiting, [&](const Lot& one) { return one.number == lot.number; });
        if (kept.empty())
            continue;
        if (auto done = writeLot(output, shelf, kept); !done)
            return fail(done.error());
    }
    return count;
}

Expected<std::int64_t> ItemWriter::removeFromBlock(OutputKey output, Shelf& shelf, const BlockRange& block,
                                                   std::span<const Position> positions)
{
    const Expected<std::optional<std::string>> body = intactBody(block);
    if (!body)
        return fail(body.error());
    if (!*body)
        return damagedBlock(connection_, "item", block.block);
    const BlockView view = *BlockView::parse(**body);
    std::vector<Entry> kept;
    for (std::size_t i = view.size(); i > 0; --i) {
        const Entry entry = view.entry(i - 1);
        if (!std::binary_search(positions.begin(), positions.end(), entry.position))
            kept.push_back(entry);
    }
    const auto removed = static_cast<std::int64_t>(view.size() - kept.size());
    if (removed == 0)
        return removed;
    shelf.ranges.remove(block);
    if (shelf.lastBlock && shelf.lastBlock->block == block.block)
        shelf.lastBlock.reset();
    // In its place, where it takes no more room: on a full disk there is none.
    const Expected<void> done = kept.empty() ? removeBlock_.run(block.block) : writeBlock(output, shelf, kept, block.block);
    return done.map([removed] { return removed; });
}

} // namespace iotman::store
