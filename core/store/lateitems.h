// Items that came late, between older ones, and wait to be placed among them.
//
// Alone each would dirty a page of its own. So what comes late in a commit is written as one *lot*: a block (block.h) whose range
// overlaps those of others. Once there are many, the writer places all of them at once, sorted, in the output's *late layer*: blocks of
// late items alone, which do not overlap one another (itemwriter.h). Readers keep the lots in memory: they are few. What has come to rest
// there goes among the other items (latemerging.cpp).
#pragma once

#include "core/store/hidden.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace iotman::store {

/// What the blocks of an output's late layer lie under, where those of the others lie under the output itself.
constexpr OutputKey layerOf(OutputKey output)
{
    return -output;
}
constexpr bool isLayer(OutputKey shelf)
{
    return shelf < 0;
}

/// What waits of one output's late items, in the snapshots of one connection.
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
    /// Of the items, newest first: the first index from which on `isBeyond`, which is true of an item and of all behind it, is true; their
    /// number where there is none. Looks at few of the items: they are many, and in no cache.
    template <class IsBeyond>
    std::size_t firstWhere(const IsBeyond& isBeyond) const
    {
        const auto isBefore = [&](const Position& position) { return !isBeyond(position); };
        if (items_.empty() || isBefore(items_.back().position)) // as for nearly all pages
            return items_.size();
        const auto step = std::partition_point(guides_.begin(), guides_.end(), isBefore) - guides_.begin();
        if (step == 0)
            return 0;
        const auto begin = items_.begin() + (step - 1) * guideStep;
        const auto end = begin + std::min<std::ptrdiff_t>(guideStep, items_.end() - begin);
        return static_cast<std::size_t>(std::partition_point(begin, end, [&](const Item& item) { return isBefore(item.position); }) - items_.begin());
    }
    /// What it keeps in memory.
    std::size_t bytes() const { return bytes_; }

private:
    struct Lot {
        std::int64_t number = 0;
        std::int64_t sum = 0;
        std::string body = {};
    };
    Expected<void> readLot(const Connection& connection, Statements& statements, Lot lot);
    void clear();

    OutputKey output_;
    std::deque<Lot> lots_; ///< by number; a deque does not move what it holds
    static constexpr std::ptrdiff_t guideStep = 16;
    std::vector<Item> items_;
    std::vector<Position> guides_; ///< of each guideStep-th item
    std::size_t bytes_ = 0;
};

} // namespace iotman::store
