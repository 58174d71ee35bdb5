// Walks in the order of sequences, inside the caller's read transaction.
#pragma once

#include "core/store/walks.h"

#include <array>
#include <vector>

namespace iotman::store {

/// The live items of one output with sequence > after, by sequence ascending.
///
/// Blocks are sorted by time, so late items make their ranges of sequences overlap. The walk takes a window of sequences at a
/// time, from all blocks that reach into it, and sorts that. A window ends early where it would hold more than some MiB.
class LiveWalk {
public:
    explicit LiveWalk(Connection& connection);

    Expected<void> visit(OutputKey output, Sequence after, const ItemVisitor& visitor);
    /// Before the transaction ends.
    void close() { bodies_.close(); }

private:
    struct Candidate {
        bool isLot; ///< of late items, else a block
        std::int64_t number;
        Sequence least, greatest;
    };
    struct Item {
        Position position;
        std::string text;
    };
    /// Items with after < sequence <= until; `until` shrinks when there are too many.
    struct Window {
        Sequence after = 0;
        Sequence until = 0;
        std::size_t bytes = 0;
        std::vector<Item> items;

        bool reachesTo(Sequence sequence) const { return sequence > after && sequence <= until; }
        void take(const Position& position, std::string_view text);
    };

    static Expected<void> addCandidates(Rows rows, bool areLots, std::vector<Candidate>& candidates);
    Expected<void> begin(Sequence after);
    /// Blocks that may have items of the window.
    Expected<void> findBlocks(const Window& window);
    Expected<void> fill(Window& window);
    Expected<void> fillFromBlock(Window& window, std::int64_t block);
    Expected<void> fillFromLot(Window& window, std::int64_t lot);
    Expected<void> fillFromTail(Window& window);

    Connection& connection_;
    OutputKey output_ = 0;
    /// The output's blocks, or those of its late layer.
    struct Shelf {
        OutputKey key = 0;
        Sequence width = 0; ///< how far apart sequences of a block are at most (ItemWriter::keepWidth)
    };
    std::array<Shelf, 2> shelves_;
    std::vector<Candidate> lots_, blocks_; ///< of the output; of the window
    Sequence last_ = 0;                    ///< the greatest of the output
    BlobColumn bodies_;
    std::vector<std::size_t> wanted_; ///< indexes in a block
    Statement selectBlocks_, selectLots_, lotBody_, tail_, bounds_;
};

/// The datapoints of one source, by sequence ascending.
class DatapointWalk {
public:
    enum class What { Visible, All };
    /// Visible: the connection must know `hidden` (hidden.h).
    DatapointWalk(Connection& connection, SourceKey source, const SequenceSpan& span, What what);

    Expected<void> advance();
    const std::optional<Entry>& entry() const { return entry_; }
    SourceKey source() const { return source_; }

private:
    Expected<void> openNext();

    Connection& connection_;
    SourceKey source_;
    SequenceSpan span_;
    Statement selectBlocks_, selectTail_;
    Rows blocks_, tail_;
    std::string body_;
    std::optional<BlockView> block_;
    std::size_t next_ = 0;
    bool blocksEnded_ = false;
    std::optional<Entry> entry_;
};

} // namespace iotman::store
