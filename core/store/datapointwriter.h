// Where datapoints go: compressed blocks of one source each, in the order of their sequences, and a tail of rows behind them.
#pragma once

#include "core/store/block.h"
#include "core/store/sqlite.h"

#include <span>
#include <unordered_map>

namespace iotman::store {

/// Writes datapoints inside the caller's transaction. Writer thread only.
/// All of a source's tail rows are newer than its blocks.
class DatapointWriter {
public:
    explicit DatapointWriter(Connection& connection);

    /// Stores `datapoints` of `source`, by sequence ascending, all greater than those stored.
    Expected<void> add(SourceKey source, std::span<const Entry> datapoints);

    /// Forgets what it remembers of the database: after a rollback.
    void forget();

private:
    Expected<std::size_t*> tailCount(SourceKey source);
    Expected<void> addToTail(SourceKey source, std::span<const Entry> datapoints);
    Expected<void> seal(SourceKey source, std::span<const Entry> behindTail);
    Expected<void> writeBlocks(SourceKey source, std::span<const Entry> datapoints);

    std::unordered_map<SourceKey, std::size_t> tailCounts_;
    Compressor compressor_;
    Statement insertBlock_, insertTail_, countTail_, readTail_, removeTail_;
};

} // namespace iotman::store
