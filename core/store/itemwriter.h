// Where items go: into sealed blocks where many stand side by side, else into the tail.
#pragma once

#include "core/store/blockcut.h"
#include "core/store/blockranges.h"
#include "core/store/latelimits.h"
#include "core/store/sqlite.h"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace iotman::store {

/// Writes items inside the caller's transaction. Writer thread only.
///
/// Blocks of one output never overlap. A block and what follows it up to the next one is a *stretch*; what stands before the
/// first block is a stretch without a block. Tail rows of a stretch lie inside its block's range, or behind the block. When
/// there are enough, the block is written anew with them. Only in the last stretch, and before the first block, those behind
/// become blocks of their own, once they are enough. So a page meets few rows wherever it looks. What comes late, into any
/// stretch but the last, waits in lots until many can be placed at once, in the output's late layer (lateitems.h): among themselves late
/// items are many where among the others they are few, and less is written anew for them. Only where they are few there, too, and too
/// many to wait, do they go among the others. Once they are at rest all do but a few: in rounds, a step at a time (latemerging.cpp, mergepace.h).
class ItemWriter {
public:
    ItemWriter(Connection& connection, const LateLimits& late);

    /// Stores `items`, sorted by position. None of the positions may be in use by this output.
    Expected<void> add(OutputKey output, std::span<const Entry> items);

    /// Removes what stands at these positions, sorted; the number of items that were there.
    Expected<std::int64_t> remove(OutputKey output, std::span<const Position> positions);

    /// Removes some of an output's items; false when none are left.
    Expected<bool> removeSome(OutputKey output);
    /// And what is noted of them, when none are left.
    Expected<void> forgetWidth(OutputKey output);

    /// Whether late items are there that no round of merging has met: then a new round is about those that are there by now.
    Expected<bool> beginMerging();
    /// A step of the round: some of its late items get from the late layer among the others. False at the end.
    Expected<bool> mergeSome();

    /// Before each transaction.
    void begin();
    /// After a rollback of the transaction, or of a part of it.
    void rolledBack();
    /// Forgets what it remembers of the database: it is another one.
    void forget();

private:
    /// Of each output.
    static constexpr std::size_t mostRanges = 2048;
    /// Tail rows of a stretch; nothing where they were not counted yet.
    struct TailCount {
        std::optional<std::size_t> inside;
        std::optional<std::size_t> behind;
    };
    /// A lot that waits to be placed.
    struct Lot {
        std::int64_t number = 0;
        std::size_t items = 0;
        std::size_t bytes = 0;
        Sequence least = 0, greatest = 0; ///< of all in it; where it is damaged, what the database says beside it, or every one
        bool isDamaged = false;           ///< then it stays as it is
    };
    struct Shelf {
        std::optional<BlockRange> lastBlock;
        std::optional<std::vector<Lot>> waiting;           ///< known once an item came late
        BlockRanges ranges{mostRanges};                    ///< known once an item came late
        std::unordered_map<std::int64_t, TailCount> tails; ///< by block, 0 for what stands before the first
        std::optional<Sequence> liveWidth;                 ///< how far apart live sequences of a block are at most; what is stored
    };
    /// How far a round has got, and which blocks of the layers it looks at: those before the first one were looked at and stayed, and
    /// what is written later is mostly not at rest yet.
    struct MergeRound {
        std::int64_t firstBlock = 0, lastBlock = 0, lastLot = 0;
        OutputKey layer = std::numeric_limits<OutputKey>::min();
        Position at = behindAll; ///< in the layer; what stands there was looked at
        OutputKey waiting = 0; ///< the last output whose lots were looked at
    };
    struct TailRow {
        Position position;
        Arrival arrival;
        std::string text;
    };

    /// Of a row that starts with block, first_time, first_sequence, last_time, last_sequence.
    static BlockRange rangeIn(const Rows& rows);
    Expected<Shelf*> shelf(OutputKey output);
    Expected<Stretch> stretchOf(OutputKey output, Shelf& shelf, const Position& position);
    Expected<Stretch> storedStretch(OutputKey output, const Position& position);
    Expected<void> learnRanges(OutputKey output, Shelf& shelf);
    /// Puts items where they belong, but for those that are less than a block in a stretch which is not the last: they go to `late`, where
    /// there is one.
    Expected<void> place(OutputKey output, Shelf& shelf, std::span<const Entry> items, std::vector<Entry>* late);
    /// How many of the first of `items`, which begin a stretch, are certainly few in theirs.
    Expected<std::size_t> countFew(OutputKey output, Shelf& shelf, std::span<const Entry> items);
    Expected<void> addLate(OutputKey output, Shelf& shelf, std::span<const Entry> items);
    Expected<void> writeLot(OutputKey output, Shelf& shelf, std::span<const Entry> items);
    /// Places what waits, and `more`.
    Expected<void> placeWaiting(OutputKey output, Shelf& shelf, std::span<const Entry> more);
    /// Takes rows that stand before the last stretch out of the tail.
    Expected<std::vector<TailRow>> sweepTail(OutputKey output, Shelf& shelf);
    /// Those that are left: they are few in their stretch of the layer.
    Expected<std::vector<Entry>> placeInLayer(OutputKey layer, std::span<const Entry> items);
    struct OfStretch;
    /// Those behind a block of the layer that are enough become blocks of their own; the others are left.
    Expected<std::vector<OfStretch>> placeBehind(OutputKey layer, Shelf& shelf, std::span<const Entry> items);
    struct LayerSlice;
    struct MergeRun;
    /// What comes next in the round's layer; empty at its end.
    Expected<LayerSlice> readSlice();
    Expected<std::optional<Position>> nextToMerge();
    Expected<void> mergeSlice(const LayerSlice& slice);
    /// The blocks in whose stretches the items of the slice stand, from `done` on, about `most` bytes of them.
    Expected<MergeRun> readRun(OutputKey output, Shelf& shelf, const LayerSlice& slice, std::size_t done, std::size_t most);
    Expected<bool> readStretch(OutputKey output, const Stretch& stretch, std::span<const Entry> late, MergeRun& run);
    Expected<void> writeRun(OutputKey output, Shelf& shelf, const MergeRun& run);
    Expected<void> removeMerged(const LayerSlice& slice, const std::vector<bool>& isMerged);
    Expected<bool> placeResting();
    void lookAtAllThatIsLate();
    /// Finds out which lots wait.
    Expected<void> learnLots(OutputKey output, Shelf& shelf);
    /// Empty where the lot is damaged.
    Expected<std::string> bodyOf(const Lot& lot);
    Expected<bool> hasRows(OutputKey output, std::span<const Position> positions);
    Expected<std::int64_t> removeFromTail(OutputKey output, std::span<const Position> positions);
    Expected<std::int64_t> removeFromLots(OutputKey output, Shelf& shelf, std::span<const Position> positions);
    /// What belongs into the stretch's block.
    Expected<void> addInside(OutputKey output, Shelf& shelf, const Stretch& stretch, std::span<const Entry> items);
    Expected<void> addBehind(OutputKey output, Shelf& shelf, const Stretch& stretch, std::span<const Entry> items);
    /// `shelf`: an output, or its late layer.
    Expected<std::int64_t> removeFromBlocks(OutputKey shelf, std::span<const Position> positions);
    Expected<std::int64_t> removeFromBlock(OutputKey output, Shelf& shelf, const BlockRange& block,
                                           std::span<const Position> positions);
    /// Writes a block with `items` and the tail's rows up to `end`; false where it is damaged: then it stays as it is.
    Expected<bool> rewrite(OutputKey output, Shelf& shelf, const BlockRange& block, const Position& end, std::span<const Entry> items);

    /// For what is placed now.
    void allowRewriting(std::span<const Entry> items);
    Expected<void> addToTail(OutputKey output, std::span<const Entry> items);
    Expected<void> writeBlocks(OutputKey output, Shelf& shelf, std::span<const Entry> items, BlockLimits limits);
    /// Nothing where the block is damaged.
    Expected<std::optional<std::string>> intactBody(const BlockRange& block);
    /// `instead`: of the block of this number.
    Expected<void> writeBlock(OutputKey output, Shelf& shelf, std::span<const Entry> items, std::optional<std::int64_t> instead);
    Expected<void> keepWidth(OutputKey output, Shelf& shelf, Sequence width);

    Expected<std::size_t> countTail(OutputKey output, const Position& after, const Position& before);
    Expected<std::vector<TailRow>> tail(OutputKey output, const Position& after, const Position& before);
    /// Ends behind `most` bytes.
    static Expected<std::vector<TailRow>> rowsOf(Rows rows, std::size_t most = std::numeric_limits<std::size_t>::max());
    Expected<void> removeTail(OutputKey output, const Position& after, const Position& before);

    const LateLimits limits_;
    std::unordered_map<OutputKey, Shelf> shelves_;
    std::size_t mayRewrite_ = 0; ///< bytes of blocks, until all is placed that is being placed
    std::size_t mayPlace_ = 0;   ///< bytes of lots, in this transaction
    bool hasPlaced_ = false;     ///< in this transaction
    bool hasMerged_ = false;     ///< the same
    int rests_ = 0;              ///< transactions that place nothing, because one that did was rolled back: the disk may be full
    bool hasNewLate_ = true;     ///< since the round began
    MergeRound round_;
    std::int64_t newInLayers_ = 0; ///< the first block of a layer that no round has looked at, or none behind it
    std::unordered_map<OutputKey, std::int64_t> leftLots_; ///< the newest lot that stayed when all that waits of an output was placed
    Connection& connection_;
    Statement lastBlock_, blockAt_, blockBehind_, blocksBefore_, body_, insertBlock_, updateBlock_, removeBlock_;
    Statement insertTail_, countTail_, readTail_, newestOfTail_, removeTail_, removeRow_, rowsBetween_;
    Statement readWidth_, writeWidth_, removeWidth_;
    Statement insertLot_, readLots_, readLot_, removeLot_, removeLots_;
    Statement removeSomeBlocks_, removeSomeTail_, hasItems_;
    Statement lastBlockNumber_, lastLotNumber_, mergeable_, newInLayer_, layerBehind_, newestLots_;
};

} // namespace iotman::store
