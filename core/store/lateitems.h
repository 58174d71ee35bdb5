// Items that came late, between older ones, and wait to be placed among them.
//
// Alone each would dirty a page of its own. So what comes late in a commit is written as one *lot*: a block (block.h) whose range
// overlaps those of others. Once there are many, the writer places all of them at once, sorted (itemwriter.h). Readers keep them in
// memory: they are few.
#pragma once

#include "core/store/hidden.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace iotman::store {

/// What may wait of an output.
struct LateLimits {
    std::size_t lots;
    std::size_t items;
    std::size_t bytes; ///< of blocks
};
/// Beyond this it is placed, where no other output's is in the same transaction: outputs of one source get there together.
/// Measured: with half of it, late items cost a quarter more.
inline constexpr LateLimits lateLimits{256, 16'384, std::size_t(2) * 1024 * 1024};
/// So many times that wait before it is placed in any case; and lots, however many, as long as what is in them is less.
inline constexpr std::size_t mostLateTimes = 4;

/// The late items of one output in the snapshots of one connection.
class LateItems {
public:
    explicit LateItems(OutputKey output)
        : output_(output)
    {
    }
    LateItems(const LateItems&) = delete; // the items point into the lots
    LateItems& operator=(const LateItems&) = delete;

    /// Statements for `refresh`, of the connection that is read.
    struct Statements {
        explicit Statements(Connection& connection);

        Statement lots, body;
    };
    /// Brings it to the caller's transaction; lots that are known already are not read again.
    Expected<void> refresh(const Connection& connection, Statements& statements);

    /// Newest first. Valid until the next refresh.
    std::span<const Item> items() const { return items_; }
    /// What it keeps in memory.
    std::size_t bytes() const { return bytes_; }

private:
    struct Lot {
        std::int64_t number = 0;
        std::int64_t sum = 0;
        std::string body = {};
    };
    Expected<void> readLot(const Connection& connection, Statements& statements, Lot lot);

    OutputKey output_;
    std::deque<Lot> lots_; ///< by number; a deque does not move what it holds
    std::vector<Item> items_;
    std::size_t bytes_ = 0;
};

} // namespace iotman::store
