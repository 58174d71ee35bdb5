// Where what is kept of a source begins.
#pragma once

#include "core/store/block.h"
#include "core/store/sqlite.h"

namespace iotman::store {

/// Inside the caller's read transaction, on a connection that knows `hidden` (hidden.h): what is staged does not count. Walks a
/// block at a time: from the oldest datapoint on where only a count is given and less goes than stays, else from the newest back.
class FloorFinder {
public:
    explicit FloorFinder(Connection& connection);

    Expected<Floor> find(SourceKey source, const Retention& retention, Timestamp now);

private:
    Expected<Sequence> findFromOldest(SourceKey source, std::int64_t gone);
    Expected<Sequence> findFromNewest(SourceKey source, const Retention& retention);

    Connection& connection_;
    Statement tail_, blocks_, count_, oldestBlocks_, oldestTail_;
};

} // namespace iotman::store
