// Walks over stored items and datapoints, inside the caller's read transaction: each stands on one entry and goes on from there.
#pragma once

#include "core/store/block.h"
#include "core/store/hidden.h"
#include "core/store/lateitems.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <cstddef>
#include <optional>
#include <span>

namespace iotman::store {

enum class Direction { NewestFirst, OldestFirst };

/// Sequences with after < sequence <= until.
struct SequenceSpan {
    Sequence after = 0;
    Sequence until = 0;

    bool contains(Sequence sequence) const { return sequence > after && sequence <= until; }
};

tl::unexpected<Error> damagedBlock(const Connection& connection, std::string_view kind, std::int64_t block);

/// A block of items of which the columns were read, and the texts too where it is small.
struct OpenedBlock {
    BlockView view;
    bool hasTexts = false;
};
/// Goes there with `bodies`, where the bytes are. Internal where it is damaged.
Expected<OpenedBlock> openItemBlock(const Connection& connection, BlobColumn& bodies, std::int64_t block);
/// Reads the texts first <= index < last, and the comma before them.
Expected<void> readTexts(BlobColumn& bodies, const BlockView& view, std::size_t first, std::size_t last);

/// The items that lie in blocks, beyond `start` in the walk's direction, with a sequence in `span`. What is in `hidden`, which
/// must outlive the walk, is left out.
class BlockWalk {
public:
    /// `rows`: block, least_sequence, greatest_sequence, in the walk's direction; the first one may hold `start`. `bodies`,
    /// theirs, must outlive the walk and is its own meanwhile.
    BlockWalk(const Connection& connection, Rows rows, BlobColumn& bodies, Direction direction, const Position& start,
              const SequenceSpan& span, const HiddenRanges& hidden);

    /// Goes to the next entry; to the first one at the beginning.
    Expected<void> advance();
    /// The same where the next entry lies in the block that is open; false where it does not.
    bool advanceInBlock()
    {
        while (block_ && next_ >= 0 && next_ < static_cast<std::ptrdiff_t>(block_->size())) {
            entry_ = block_->entry(static_cast<std::size_t>(next_));
            next_ += direction_ == Direction::NewestFirst ? 1 : -1;
            if (span_.contains(entry_->position.sequence) && !hidden_.contains(entry_->position.sequence))
                return true;
        }
        return false;
    }
    /// Where the walk stands; nothing at the end. The text lives until the next advance; newest first it is only there after
    /// `run`.
    const std::optional<Entry>& entry() const { return entry_; }

    /// Newest first: where the walk stands and what follows it in its block and does not stand before `last`, `most` at most. The
    /// next advance goes on behind all that; the run lives until then.
    Expected<ItemRun> run(std::size_t most, const Position& last);
    /// Newest first: the same for the text where the walk stands alone. The walk does not move.
    Expected<void> readText();

private:
    Expected<bool> openNext();
    /// Opens a block and goes to where the walk goes on in it.
    Expected<void> open(std::int64_t block);

    const Connection& connection_;
    Rows rows_;
    BlobColumn& bodies_;
    Direction direction_;
    Position start_;
    SequenceSpan span_;
    const HiddenRanges& hidden_;
    std::optional<BlockView> block_;
    std::ptrdiff_t next_ = 0; ///< index in the block, which is sorted newest first
    std::size_t unread_ = 0;  ///< newest first: the first index whose text was not read yet
    std::optional<Entry> entry_;
};

/// The items that lie in rows: time, sequence, text, in the walk's direction. What is in `hidden`, which must outlive the walk,
/// is left out.
class TailWalk {
public:
    /// Without rows there is nothing in the tail that the walk could meet.
    TailWalk(std::optional<Rows> rows, const HiddenRanges& hidden)
        : rows_(std::move(rows))
        , hidden_(hidden)
    {
    }
    Expected<void> advance();
    const std::optional<Entry>& entry() const { return entry_; }

private:
    std::optional<Rows> rows_;
    const HiddenRanges& hidden_;
    std::optional<Entry> entry_;
};

/// Late items that wait to be placed, beyond `start` in the walk's direction, with a sequence in `span`. What is in `hidden`,
/// which must outlive the walk, is left out.
class LateWalk {
public:
    /// `late` must outlive the walk, without a refresh.
    LateWalk(const LateItems& late, Direction direction, const Position& start, const SequenceSpan& span,
             const HiddenRanges& hidden);
    void advance();
    const std::optional<Entry>& entry() const { return entry_; }

private:
    std::span<const Item> items_;
    Direction direction_;
    SequenceSpan span_;
    const HiddenRanges& hidden_;
    std::ptrdiff_t next_; ///< index in the items
    std::optional<Entry> entry_;
};

/// Items that stand between those of the blocks: rows of the tail, late ones that wait and those that were placed, merged by position.
class LooseWalk {
public:
    /// `layer`: of the blocks of the late layer; nothing where there are none that the walk could meet.
    LooseWalk(TailWalk tail, LateWalk late, std::optional<BlockWalk> layer, Direction direction);
    Expected<void> advance();
    const std::optional<Entry>& entry() const
    {
        return at_ == At::Tail ? tail_.entry() : at_ == At::Late ? late_.entry() : layer_->entry();
    }

private:
    enum class At { Tail, Late, Layer };
    Expected<void> advanceLayer();
    /// Where the walk stands: on the first of those on which the three stand.
    At first() const;

    TailWalk tail_;
    LateWalk late_;
    std::optional<BlockWalk> layer_;
    Direction direction_;
    bool isBegun_ = false;
    At at_ = At::Tail;
};

/// Visits both, merged by position, oldest first.
Expected<void> visitOldestFirst(BlockWalk& blocks, LooseWalk& loose, const ItemVisitor& visit);
/// Visits both, merged by position, newest first, down to `last`.
Expected<void> visitNewestFirst(BlockWalk& blocks, LooseWalk& loose, const Position& last, const ItemsVisitor& visit);

} // namespace iotman::store
