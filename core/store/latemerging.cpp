// Late items that have come to rest: how they get from the late layer among the others, so that a page has one kind of block to open.
#include "core/store/blockcut.h"
#include "core/store/entries.h"
#include "core/store/itemwriter.h"
#include "core/store/lateitems.h"

#include <algorithm>
#include <deque>

namespace iotman::store {

namespace {

/// Bytes of blocks that a step writes anew: a few milliseconds for who wants to write meanwhile.
constexpr std::size_t mergedAtOnce = std::size_t(512) * 1024;
/// Blocks of the layer that a step reads, of about as many bytes at most.
constexpr std::size_t layerBlocksAtOnce = 16;
/// Fewer and less are not worth it that a block is written anew for them: they stay in the layer until more came to their stretch.
constexpr BlockLimits worthMerging{4, itemBlock.bytes / 8};
/// How far apart live sequences of a block may get by what is merged into it: whoever follows an output by sequence looks at every block
/// that begins so far before what it wants (sequencewalks.h). What came later than that stays in the layer, which has few blocks.
constexpr Sequence widestMerged = Sequence(1) << 18;

/// In front of `position`, behind all else.
Position justBefore(const Position& position)
{
    return {position.time, position.sequence - 1};
}

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
    std::vector<Block> blocks;
    std::deque<std::string> bodies; ///< where the texts lie
    std::vector<Entry> items;
    bool isLast = false; ///< no other blocks of the layer stand behind these
};

/// Blocks that stand side by side, what lies between them in the tail, and late items of theirs.
struct ItemWriter::MergeRun {
    std::size_t late = 0; ///< how many of those that were to be merged
    std::size_t bytes = 0;
    bool isLeft = false; ///< the one stretch: its block and the late ones stay as they are
    std::vector<BlockRange> blocks;
    std::deque<std::string> bodies;
    std::deque<std::vector<TailRow>> rows;
    Position after, end; ///< where the rows stand
    std::vector<Entry> items;
    SequenceRange live; ///< of the items

    bool isEmpty() const { return items.empty(); }
    /// Few that stand before the first block go into it.
    bool needsABlock() const { return blocks.empty() && !isWorthABlock(items); }
};

Expected<bool> ItemWriter::beginMerging()
{
    if (!hasNewLate_)
        return false;
    MergeRound round;
    round.firstBlock = newInLayers_;
    for (const auto& [statement, last] : {std::pair(&lastBlockNumber_, &round.lastBlock), std::pair(&lastLotNumber_, &round.lastLot)}) {
        Rows rows = statement->query();
        if (const Expected<bool> row = rows.next(); !row)
            return fail(row.error());
        *last = rows.integer(0);
    }
    round_ = round;
    newInLayers_ = round.lastBlock + 1;
    hasNewLate_ = false;
    return true;
}

Expected<bool> ItemWriter::mergeSome()
{
    for (;;) {
        const Expected<LayerSlice> slice = readSlice();
        if (!slice) {
            round_.at = behindAll; // other layers have their turn whatever became of this one
            return fail(slice.error());
        }
        if (!slice->blocks.empty())
            return mergeSlice(*slice).map([] { return true; });
        Rows rows = layerBehind_.query(round_.layer);
        if (const Expected<bool> row = rows.next(); !row)
            return row;
        if (rows.integer(0) == 0)
            return placeResting();
        round_.layer = rows.integer(0);
        round_.at = beforeAll;
    }
}

/// Where the next slice begins, in front of its first block: with a block that no round has looked at, and those beside it that few came
/// to before. Nothing behind the last one.
Expected<std::optional<Position>> ItemWriter::nextToMerge()
{
    Position next;
    {
        Rows rows = newInLayer_.query(round_.layer, round_.at.time.us, round_.at.sequence, round_.firstBlock, round_.lastBlock);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return std::nullopt;
        next = {{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))};
    }
    const OutputKey output = layerOf(round_.layer);
    return shelf(output).and_then([&](Shelf* shelf) { return stretchOf(output, *shelf, next); }).map([&](const Stretch& stretch) {
        return std::optional(stretch.block ? std::max(round_.at, justBefore(stretch.block->first)) : round_.at);
    });
}

Expected<ItemWriter::LayerSlice> ItemWriter::readSlice()
{
    LayerSlice slice;
    const Expected<std::optional<Position>> begin = nextToMerge();
    if (!begin)
        return fail(begin.error());
    if (!*begin)
        return slice;
    Rows rows = mergeable_.query(round_.layer, (*begin)->time.us, (*begin)->sequence, round_.lastBlock);
    for (std::size_t bytes = 0; slice.blocks.size() < layerBlocksAtOnce && bytes < mergedAtOnce;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row) {
            slice.isLast = true;
            break;
        }
        slice.blocks.push_back({rangeIn(rows), 0});
        const std::optional<BlockView> view = BlockView::parse(slice.bodies.emplace_back(rows.blob(5)));
        bytes += slice.bodies.back().size();
        if (!view || !view->isIntact())
            continue;
        slice.blocks.back().items = view->size();
        appendOldestFirst(*view, slice.items);
    }
    return slice;
}

Expected<void> ItemWriter::mergeSlice(const LayerSlice& slice)
{
    // Beyond the first of them in any case, whatever damaged blocks say. Where the step fails, all of them wait for another round.
    const auto behind = [](const BlockRange& block) { return std::max(block.first, block.last); };
    round_.at = behind(slice.blocks.back().range);
    hasMerged_ = true;
    const OutputKey output = layerOf(round_.layer);
    const Expected<Shelf*> shelf = this->shelf(output);
    if (!shelf)
        return fail(shelf.error());
    std::vector<bool> isMerged(slice.items.size());
    std::size_t done = 0, end = 0, bytes = 0;
    Position at;
    for (auto block = slice.blocks.begin(); block != slice.blocks.end() && bytes < mergedAtOnce; ++block) {
        for (end += block->items; done < end;) {
            const Expected<MergeRun> run = readRun(output, **shelf, slice, done, mergedAtOnce - std::min(bytes, mergedAtOnce));
            if (!run)
                return fail(run.error());
            if (!run->isLeft) {
                if (auto written = writeRun(output, **shelf, *run); !written)
                    return written;
                std::fill_n(isMerged.begin() + static_cast<std::ptrdiff_t>(done), run->late, true);
            }
            done += run->late;
            bytes += run->bytes;
        }
        at = behind(block->range);
    }
    round_.at = at;
    return removeMerged(slice, isMerged);
}

Expected<ItemWriter::MergeRun> ItemWriter::readRun(OutputKey output, Shelf& shelf, const LayerSlice& slice, std::size_t done, std::size_t most)
{
    const std::span<const Entry> late = std::span(slice.items).subspan(done);
    MergeRun run;
    for (Position next = late.front().position;; next = run.end) {
        const Expected<Stretch> stretch = stretchOf(output, shelf, next);
        if (!stretch)
            return fail(stretch.error());
        const std::span<const Entry> left = late.subspan(run.late);
        const std::span<const Entry> here = stretch->end ? left.first(countBefore(left, *stretch->end)) : left;
        // Unless others of this stretch come with the next slice.
        const bool areAll = here.size() < left.size() || slice.isLast;
        const bool areFew = areAll && here.size() < worthMerging.entries && bytesOf(here) < worthMerging.bytes;
        if (areFew && !run.isEmpty() && !run.needsABlock())
            return run;
        const Expected<bool> isRead = areFew && run.isEmpty() ? Expected<bool>(false) : readStretch(output, *stretch, here, run);
        if (!isRead)
            return fail(isRead.error());
        if (!*isRead && run.isEmpty()) {
            run.isLeft = true;
            run.late = here.size();
        }
        const bool isEnough = run.bytes >= most || run.late == late.size();
        if (!*isRead || !stretch->end || (isEnough && !run.needsABlock()))
            return run;
    }
}

/// False where the block is damaged, or what is written would reach too far: then the run stays what it is.
Expected<bool> ItemWriter::readStretch(OutputKey output, const Stretch& stretch, std::span<const Entry> late, MergeRun& run)
{
    std::vector<Entry> stored;
    if (stretch.block) {
        Expected<std::optional<std::string>> body = intactBody(*stretch.block);
        if (!body)
            return fail(body.error());
        if (!*body)
            return false;
        appendOldestFirst(*BlockView::parse(run.bodies.emplace_back(std::move(**body))), stored);
    }
    std::vector<Entry> all = merged(stored, late);
    const Position begin = stretch.block ? stretch.block->first : justBefore(all.front().position);
    // Behind the last block the tail is the newest of all: what is needed of it lies between late items.
    const Position end = stretch.end.value_or(justBehind(all.back().position));
    Expected<std::vector<TailRow>> rows = tail(output, begin, end);
    if (!rows)
        return fail(rows.error());
    all = merged(all, entriesOf(run.rows.emplace_back(std::move(*rows))));
    SequenceRange live = run.live;
    live.take(liveSequences(all));
    if (live.width() > std::max(widestMerged, liveSequences(stored).width())) {
        run.rows.pop_back();
        return false;
    }
    run.live = live;
    if (stretch.block)
        run.blocks.push_back(*stretch.block);
    if (run.isEmpty())
        run.after = begin;
    run.end = end;
    run.late += late.size();
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
    const Expected<Shelf*> shelf = this->shelf(round_.layer);
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
        const Expected<void> done = left.empty() ? removeBlock_.run(block.range.block) : writeBlock(round_.layer, **shelf, left, block.range.block);
        if (!done)
            return done;
    }
    if (!isLastKnown)
        shelves_.erase(round_.layer);
    return {};
}

/// Where nothing came late to an output since the round began, what waits goes into the layer, from where the next round takes it: all of
/// an output's at once, which latelimits.h bounds.
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
        const auto left = leftLots_.find(output);
        if (newest > round_.lastLot || (left != leftLots_.end() && left->second == newest))
            continue;
        const Expected<Shelf*> shelf = this->shelf(output);
        if (!shelf)
            return fail(shelf.error());
        if (auto done = learnLots(output, **shelf).and_then([&] { return placeWaiting(output, **shelf, {}); }); !done)
            return fail(done.error());
        if (const std::vector<Lot>& lots = *(*shelf)->waiting; !lots.empty())
            leftLots_[output] = lots.back().number;
        return true;
    }
    hasNewLate_ = hasNewLate_ || rests_ > 0; // for a later round
    return false;
}

} // namespace iotman::store
