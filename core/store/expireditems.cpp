#include "core/store/expireditems.h"

#include "core/store/walks.h"

#include <algorithm>
#include <limits>

namespace iotman::store {

SourceSequences::Statements::Statements(Connection& opened)
    : connection(opened)
    , blockFrom(opened, "SELECT block, least_sequence, greatest_sequence, body FROM datapoint_block WHERE source = ?1 "
                        "AND greatest_sequence >= ?2 ORDER BY greatest_sequence LIMIT 1")
    , blockBefore(opened, "SELECT greatest_sequence FROM datapoint_block WHERE source = ?1 AND greatest_sequence < ?2 "
                          "ORDER BY greatest_sequence DESC LIMIT 1")
    , tail(opened, "SELECT sequence FROM datapoint_tail WHERE source = ?1 ORDER BY sequence")
{
}

Expected<bool> SourceSequences::contain(Sequence sequence)
{
    if (sequence < first_ || sequence > last_) {
        if (auto done = learn(sequence); !done)
            return fail(done.error());
    }
    return std::binary_search(known_.begin(), known_.end(), sequence);
}

/// A source's blocks do not overlap, and its tail stands behind them.
Expected<void> SourceSequences::learn(Sequence sequence)
{
    known_.clear();
    first_ = 0;
    last_ = std::numeric_limits<std::int64_t>::max();
    {
        Rows rows = statements_.blockBefore.query(source_, sequence);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (*row)
            first_ = static_cast<Sequence>(rows.integer(0)) + 1;
    }
    Rows rows = statements_.blockFrom.query(source_, sequence);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (*row && sequence < static_cast<Sequence>(rows.integer(1))) {
        last_ = static_cast<Sequence>(rows.integer(1)) - 1;
        return {};
    }
    if (*row) {
        const std::optional<std::string> body = decompressed(rows.blob(3));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block)
            return damagedBlock(statements_.connection, "datapoint", rows.integer(0));
        for (std::size_t i = 0; i < block->size(); ++i)
            known_.push_back(block->position(i).sequence);
        last_ = static_cast<Sequence>(rows.integer(2));
        return {};
    }
    for (Rows tail = statements_.tail.query(source_);;) {
        const Expected<bool> next = tail.next();
        if (!next)
            return fail(next.error());
        if (!*next)
            return {};
        known_.push_back(static_cast<Sequence>(tail.integer(0)));
    }
}

Expected<ExpiredItems> ExpiredItems::of(Statements& statements, const KeptSources& kept, Timestamp now)
{
    ExpiredItems items;
    items.hasOthers_ = kept.hasOthers;
    items.sources_.reserve(kept.limited.size());
    for (const auto& [source, retention] : kept.limited) {
        const Expected<Floor> floor = statements.floors.find(source, retention, now);
        if (!floor)
            return fail(floor.error());
        items.sources_.push_back({*floor, SourceSequences(statements.sequences, source)});
        items.highest_.time = std::max(items.highest_.time, floor->time);
        items.highest_.sequence = std::max(items.highest_.sequence, floor->sequence);
    }
    if (!items.hasOthers_) {
        const auto lowest = std::min_element(items.sources_.begin(), items.sources_.end(), [](const Source& a, const Source& b) {
            return a.floor.time < b.floor.time;
        });
        if (lowest != items.sources_.end())
            items.begin_ = lowest->floor.time;
    }
    return items;
}

bool ExpiredItems::hasExpired(const Position& position)
{
    if (!highest_.isBelow(position))
        return false;
    const auto isBelow = [&](const Source& source) { return source.floor.isBelow(position); };
    if (!hasOthers_ && std::all_of(sources_.begin(), sources_.end(), isBelow))
        return true;
    for (Source& source : sources_) {
        if (error_ || !isBelow(source))
            continue;
        const Expected<bool> isOfIt = source.sequences.contain(position.sequence);
        if (!isOfIt)
            error_ = isOfIt.error();
        else if (*isOfIt)
            return true;
    }
    return false;
}

ItemVisitor ExpiredItems::leftOut(const ItemVisitor& visit)
{
    return [this, &visit](const Position& position, std::string_view text) {
        const bool expired = hasExpired(position);
        return !error_ && (expired || visit(position, text));
    };
}

ItemsVisitor ExpiredItems::leftOut(const ItemsVisitor& visit)
{
    return [this, &visit](const ItemRun& items) {
        const auto isKept = [&](const Item& item) { return !hasExpired(item.position) && !error_; };
        const std::size_t kept = items.countWhile(isKept);
        if (kept > 0 && !error_ && !visit(items.first(kept)))
            return false;
        for (std::size_t i = kept; i < items.size() && !error_; ++i) {
            const Item item = items[i];
            if (isKept(item) && !visit(ItemRun({&item, 1})))
                return false;
        }
        return !error_;
    };
}

} // namespace iotman::store
