// Where datapoints go: compressed blocks of one source each, in the order of their sequences, and a tail of rows behind them.
#pragma once

#include "core/store/block.h"
#include "core/store/hidden.h"
#include "core/store/sqlite.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace iotman::store {

/// Writes datapoints inside the caller's transaction. Writer thread only.
/// All of a source's tail rows are newer than its blocks. What lies in a block is all of one import, or all seen by everybody.
class DatapointWriter {
public:
    explicit DatapointWriter(Connection& connection);

    /// Stores `datapoints` of `source`, by sequence ascending, all greater than those stored.
    /// `hidden` says which of them, and of those in the tail, are staged.
    Expected<void> add(SourceKey source, std::span<const Entry> datapoints, const HiddenRanges& hidden);

    /// Removes some of what lies below `floor`, `most` at most; the positions of what was removed, by sequence. Empty when nothing was found.
    struct Removed {
        std::vector<Position> positions;
        bool mayBeMore = false;
    };
    /// What is hidden stays.
    Expected<Removed> removeBelow(SourceKey source, const Floor& floor, std::size_t most);

    /// Removes some of what lies in a range that was discarded; the positions of what was removed. Empty when nothing was found.
    Expected<std::vector<Position>> removeDiscarded(const HiddenRange& range);

    /// Forgets what it remembers of the database: after a rollback.
    void forget();

private:
    Expected<std::size_t*> tailCount(SourceKey source);
    Expected<void> addToTail(SourceKey source, std::span<const Entry> datapoints);
    Expected<void> seal(SourceKey source, std::span<const Entry> behindTail, const HiddenRanges& hidden);
    Expected<void> writeBlocks(SourceKey source, std::span<const Entry> datapoints, const HiddenRanges& hidden);
    Expected<void> writeBlock(SourceKey source, std::span<const Entry> datapoints);
    Expected<void> removeFromBlock(SourceKey source, std::int64_t block, const std::string& body, const Floor& floor, std::size_t most, Removed& removed);
    Expected<void> removeFromTail(SourceKey source, const Floor& floor, std::size_t most, Removed& removed);
    Expected<void> removeBlock(std::int64_t block);

    std::unordered_map<SourceKey, std::size_t> tailCounts_;
    Connection& connection_;
    Compressor compressor_;
    Statement insertBlock_, insertExtent_, removeExtent_, removeBlock_, blocksBelow_;
    Statement insertTail_, countTail_, readTail_, removeTail_, tailBelow_, removeRow_;
    Statement blocksBetween_, tailBetween_;
};

} // namespace iotman::store
