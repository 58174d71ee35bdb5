// Late items that have come to rest: how they get from the late layer among the others, so that a page has one kind of block to open.
#include "core/store/blockcut.h"
#include "core/store/entries.h"
#include "core/store/itemwriter.h"
#include "core/store/lateitems.h"
#include "core/store/walks.h"

#include <algorithm>
#include <deque>
#include <limits>

namespace iotman::store {

namespace {

/// Bytes of blocks that a step writes anew: a few milliseconds for who wants to write meanwhile.
constexpr std::size_t mergedAtOnce = std::size_t(512) * 1024;
/// Blocks of the layer that a step looks at.
constexpr std::size_t layerBlocksAtOnce = 16;

/// Behind `position`, before all else.
Position justBehind(const Position& position)
{
    return {position.time, position.sequence + 1};
}

BlockLimits limitsFor(std::span<const Entry> items)
{
    return items.size() <= grownItemBlock.entries ? grownItemBlock : itemBlock;
}

} // namespace

/// Blocks of one layer that stand side by side there.
struct ItemWriter::LayerSlice {
    struct Block {
        BlockRange range;
        std::size_t items = 0; ///< of `items`, those behind the ones of the block before; 0 where it is damaged
    };
    OutputKey layer = 0;
    std::vector<Block> blocks;
    std::deque<std::string> bodies; ///< where the texts lie
    std::vector<Entry> items;
};

/// Blocks that stand side by side, what lies between them in the tail, and late items of theirs.
struct ItemWriter::MergeRun {
    std::size_t late = 0; ///< how many of those that were to be merged
    std::size_t bytes = 0;
    bool isDamaged = false; ///< the one block: then it, and the late ones, stay as they are
    std::vector<BlockRange> blocks;
    std::deque<std::string> bodies;
    std::deque<std::vector<TailRow>> rows;
    Position after, end; ///< where the rows stand
    std::vector<Entry> items;
};

Expected<bool> ItemWriter::beginMerging()
{
    if (!hasNewLate_)
        return false;
    MergeRound round;
    for (const auto& [statement, last] : {std::pair(&lastBlockNumber_, &round.lastBlock), std::pair(&lastLotNumber_, &round.lastLot)}) {
        Rows rows = statement->query();
        if (const Expected<bool> row = rows.next(); !row)
            return fail(row.error());
        *last = rows.integer(0);
    }
    round_ = round;
    hasNewLate_ = false;
    return true;
}

Expected<bool> ItemWriter::mergeSome()
{
    Expected<LayerSlice> slice = readSlice();
    if (!slice)
        return fail(slice.error());
    if (!slice->blocks.empty())
        return mergeSlice(*slice).map([] { return true; });
    return placeResting();
}

Expected<ItemWriter::LayerSlice> ItemWriter::readSlice()
{
    LayerSlice slice;
    for (Rows rows = mergeable_.query(round_.layer, round_.at.time.us, round_.at.sequence, round_.lastBlock, layerBlocksAtOnce);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row || (slice.layer != 0 && rows.integer(6) != slice.layer))
            return slice;
        slice.layer = rows.integer(6);
        slice.blocks.push_back({rangeIn(rows), 0});
        const std::optional<BlockView> view = BlockView::parse(slice.bodies.emplace_back(rows.blob(5)));
        if (!view || !view->isIntact())
            continue;
        slice.blocks.back().items = view->size();
        for (std::size_t i = view->size(); i > 0; --i)
            slice.items.push_back(view->entry(i - 1));
    }
}

Expected<void> ItemWriter::mergeSlice(const LayerSlice& slice)
{
    const OutputKey output = layerOf(slice.layer);
    const Expected<Shelf*> shelf = this->shelf(output);
    if (!shelf)
        return fail(shelf.error());
    const std::span<const Entry> items(slice.items);
    std::vector<bool> isMerged(items.size());
    std::size_t done = 0;
    for (std::size_t bytes = 0; done < items.size() && bytes < mergedAtOnce;) {
        const Expected<MergeRun> run = readRun(output, **shelf, items.subspan(done), mergedAtOnce - bytes);
        if (!run)
            return fail(run.error());
        if (!run->isDamaged) {
            if (auto written = writeRun(output, **shelf, *run); !written)
                return written;
            std::fill_n(isMerged.begin() + static_cast<std::ptrdiff_t>(done), run->late, true);
        }
        done += run->late;
        bytes += run->bytes;
    }
    round_.layer = slice.layer;
    // Beyond the first of them in any case, whatever damaged blocks say.
    const Position& at = done < items.size() ? items[done - 1].position : slice.blocks.back().range.last;
    round_.at = std::max(at, done < items.size() ? slice.blocks.front().range.first : slice.blocks.back().range.first);
    return removeMerged(slice, isMerged);
}

Expected<ItemWriter::MergeRun> ItemWriter::readRun(OutputKey output, Shelf& shelf, std::span<const Entry> late, std::size_t most)
{
    MergeRun run;
    for (Position next = late.front().position;; next = run.end) {
        const Expected<Stretch> stretch = stretchOf(output, shelf, next);
        if (!stretch)
            return fail(stretch.error());
        const std::span<const Entry> left = late.subspan(run.late);
        const std::span<const Entry> here = stretch->end ? left.first(countBefore(left, *stretch->end)) : left;
        // Few that stand before the first block go into it.
        const bool isFew = !run.items.empty() && run.blocks.empty() && !isWorthABlock(run.items);
        if (!run.items.empty() && here.empty() && !isFew)
            return run;
        const Expected<bool> isRead = readStretch(output, *stretch, here, run);
        if (!isRead)
            return fail(isRead.error());
        if (!*isRead && run.items.empty()) {
            run.isDamaged = true;
            run.late = here.size();
        }
        const bool isEnough = run.bytes >= most || run.late == late.size();
        if (!*isRead || !stretch->end || (isEnough && (!run.blocks.empty() || isWorthABlock(run.items))))
            return run;
    }
}

/// False where the block is damaged.
Expected<bool> ItemWriter::readStretch(OutputKey output, const Stretch& stretch, std::span<const Entry> late, MergeRun& run)
{
    std::vector<Entry> stored;
    if (stretch.block) {
        Expected<std::optional<std::string>> body = intactBody(*stretch.block);
        if (!body)
            return fail(body.error());
        if (!*body)
            return false;
        const BlockView view = *BlockView::parse(run.bodies.emplace_back(std::move(**body)));
        for (std::size_t i = view.size(); i > 0; --i)
            stored.push_back(view.entry(i - 1));
        run.blocks.push_back(*stretch.block);
    }
    std::vector<Entry> all = merged(stored, late);
    const Position& first = all.front().position;
    const Position begin = stored.empty() ? Position{first.time, first.sequence - 1} : first;
    // Behind the last block the tail is the newest of all: what is needed of it lies between late items.
    const Position end = stretch.end.value_or(justBehind(all.back().position));
    Expected<std::vector<TailRow>> rows = tail(output, begin, end);
    if (!rows)
        return fail(rows.error());
    if (run.items.empty())
        run.after = begin;
    run.end = end;
    run.late += late.size();
    all = merged(all, entriesOf(run.rows.emplace_back(std::move(*rows))));
    run.items.insert(run.items.end(), all.begin(), all.end());
    run.bytes += bytesOf(all);
    return true;
}

Expected<void> ItemWriter::writeRun(OutputKey output, Shelf& shelf, const MergeRun& run)
{
    for (const BlockRange& block : run.blocks) {
        if (auto done = removeBlock_.run(block.block); !done)
            return done;
        shelf.ranges.remove(block);
        if (shelf.lastBlock && shelf.lastBlock->block == block.block)
            shelf.lastBlock.reset();
    }
    if (std::any_of(run.rows.begin(), run.rows.end(), [](const auto& rows) { return !rows.empty(); })) {
        if (auto done = removeTail(output, run.after, run.end); !done)
            return done;
    }
    shelf.tails.clear();
    return writeBlocks(output, shelf, run.items, limitsFor(run.items));
}

Expected<void> ItemWriter::removeMerged(const LayerSlice& slice, const std::vector<bool>& isMerged)
{
    const Expected<Shelf*> shelf = this->shelf(slice.layer);
    if (!shelf)
        return fail(shelf.error());
    bool isLastKnown = true;
    std::size_t first = 0;
    for (const LayerSlice::Block& block : slice.blocks) {
        std::vector<Entry> left;
        for (std::size_t i = first; i < first + block.items; ++i) {
            if (!isMerged[i])
                left.push_back(slice.items[i]);
        }
        first += block.items;
        if (left.size() == block.items)
            continue;
        (*shelf)->ranges.remove(block.range);
        isLastKnown = isLastKnown && !(left.empty() && (*shelf)->lastBlock && (*shelf)->lastBlock->block == block.range.block);
        const Expected<void> done = left.empty() ? removeBlock_.run(block.range.block) : writeBlock(slice.layer, **shelf, left, block.range.block);
        if (!done)
            return done;
    }
    if (!isLastKnown)
        shelves_.erase(slice.layer);
    return {};
}

/// Where nothing came late to an output since the round began, what waits goes into the layer, from where the next round takes it.
Expected<bool> ItemWriter::placeResting()
{
    while (rests_ == 0) {
        OutputKey output = 0;
        std::int64_t newest = 0;
        {
            Rows rows = newestLots_.query(round_.waiting);
            const Expected<bool> row = rows.next();
            if (!row || !*row)
                return row;
            output = rows.integer(0);
            newest = rows.integer(1);
        }
        round_.waiting = output;
        const Expected<Shelf*> shelf = this->shelf(output);
        if (!shelf)
            return fail(shelf.error());
        if (newest > round_.lastLot || newest == (*shelf)->leftLot)
            continue;
        if (auto done = learnLots(output, **shelf).and_then([&] { return placeWaiting(output, **shelf, {}); }); !done)
            return fail(done.error());
        const std::vector<Lot>& left = *(*shelf)->waiting;
        (*shelf)->leftLot = left.empty() ? 0 : left.back().number;
        return true;
    }
    return false;
}

} // namespace iotman::store
