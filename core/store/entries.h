// What is asked of entries on their way into blocks.
#pragma once

#include "core/store/block.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

namespace iotman::store {

inline std::size_t bytesOf(std::span<const Entry> items)
{
    return std::accumulate(items.begin(), items.end(), std::size_t(0),
                           [](std::size_t bytes, const Entry& item) { return bytes + item.text.size(); });
}

inline bool byPosition(const Entry& a, const Entry& b)
{
    return a.position < b.position;
}

/// How many of `items`, which are sorted, stand before `position`.
inline std::size_t countBefore(std::span<const Entry> items, const Position& position)
{
    const auto end =
        std::partition_point(items.begin(), items.end(), [&](const Entry& item) { return item.position < position; });
    return static_cast<std::size_t>(end - items.begin());
}

/// Of rows with position, arrival and text, which must outlive them.
template <class Rows>
std::vector<Entry> entriesOf(const Rows& rows)
{
    std::vector<Entry> entries;
    entries.reserve(rows.size());
    for (const auto& row : rows)
        entries.push_back({row.position, row.arrival, row.text});
    return entries;
}

/// Those of a block, in which they lie newest first.
inline void appendOldestFirst(const BlockView& block, std::vector<Entry>& entries)
{
    for (std::size_t i = block.size(); i > 0; --i)
        entries.push_back(block.entry(i - 1));
}

/// Of two that are sorted.
inline std::vector<Entry> merged(std::span<const Entry> a, std::span<const Entry> b)
{
    std::vector<Entry> all(a.size() + b.size());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), all.begin(), byPosition);
    return all;
}

/// Empty at first.
struct SequenceRange {
    std::optional<Sequence> least;
    std::optional<Sequence> greatest;

    void take(Sequence sequence)
    {
        least = std::min(least.value_or(sequence), sequence);
        greatest = std::max(greatest.value_or(sequence), sequence);
    }
    void take(const SequenceRange& other)
    {
        if (!other.least)
            return;
        take(*other.least);
        take(*other.greatest);
    }
    Sequence width() const { return least ? *greatest - *least : 0; }
};

inline SequenceRange liveSequences(std::span<const Entry> items)
{
    SequenceRange live;
    for (const Entry& item : items) {
        if (item.arrival == Arrival::Live)
            live.take(item.position.sequence);
    }
    return live;
}

} // namespace iotman::store
