// Where what is kept of a source begins.
#pragma once

#include "core/store/block.h"
#include "core/store/sqlite.h"

namespace iotman::store {

/// Inside the caller's read transaction, on a connection that knows `hidden` (hidden.h): what is staged does not count. Walks
/// from the newest datapoint back, a block at a time.
class FloorFinder {
public:
    explicit FloorFinder(Connection& connection);

    Expected<Floor> find(SourceKey source, const Retention& retention, Timestamp now);

private:
    Connection& connection_;
    Statement tail_, blocks_;
};

} // namespace iotman::store
