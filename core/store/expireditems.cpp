#include "core/store/expireditems.h"

#include "core/store/walks.h"

#include <algorithm>
#include <limits>

namespace iotman::store {

namespace {

/// Remembered of a source while one walk lasts: a block's each, a few KiB.
constexpr std::size_t mostStretches = 256;

} // namespace

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
    const auto behind = known_.upper_bound(sequence);
    const bool isKnown = behind != known_.begin() && sequence <= std::prev(behind)->second.last;
    const Expected<const Stretch*> stretch = isKnown ? &std::prev(behind)->second : learn(sequence);
    return stretch.map([&](const Stretch* found) { return std::binary_search(found->sequences.begin(), found->sequences.end(), sequence); });
}

/// A source's blocks do not overlap, and its tail stands behind them.
Expected<const SourceSequences::Stretch*> SourceSequences::learn(Sequence sequence)
{
    Sequence first = 0;
    Stretch stretch{std::numeric_limits<std::int64_t>::max(), {}};
    {
        Rows rows = statements_.blockBefore.query(source_, sequence);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (*row)
            first = static_cast<Sequence>(rows.integer(0)) + 1;
    }
    Rows rows = statements_.blockFrom.query(source_, sequence);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (*row && sequence < static_cast<Sequence>(rows.integer(1))) {
        stretch.last = static_cast<Sequence>(rows.integer(1)) - 1;
    } else if (*row) {
        const std::optional<std::string> body = decompressed(rows.blob(3));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block)
            return damagedBlock(statements_.connection, "datapoint", rows.integer(0));
        for (std::size_t i = 0; i < block->size(); ++i)
            stretch.sequences.push_back(block->position(i).sequence);
        first = static_cast<Sequence>(rows.integer(1));
        stretch.last = static_cast<Sequence>(rows.integer(2));
    } else if (const auto done = readTail(stretch.sequences); !done) {
        return fail(done.error());
    }
    if (known_.size() >= mostStretches)
        known_.clear();
    return &known_.insert_or_assign(first, std::move(stretch)).first->second;
}

Expected<void> SourceSequences::readTail(std::vector<Sequence>& sequences)
{
    for (Rows rows = statements_.tail.query(source_);;) {
        const Expected<bool> row = rows.next();
        if (!row || !*row)
            return row ? Expected<void>() : fail(row.error());
        sequences.push_back(static_cast<Sequence>(rows.integer(0)));
    }
}

Expected<ExpiredItems> ExpiredItems::of(Statements& statements, const KeptSources& kept, Timestamp now)
{
    ExpiredItems items;
    items.sources_.reserve(kept.size());
    for (const auto& [source, retention] : kept) {
        const Expected<Floor> floor = statements.floors.find(source, retention, now);
        if (!floor)
            return fail(floor.error());
        items.sources_.push_back({*floor, SourceSequences(statements.sequences, source)});
        items.highest_.time = std::max(items.highest_.time, floor->time);
        items.highest_.sequence = std::max(items.highest_.sequence, floor->sequence);
    }
    return items;
}

bool ExpiredItems::hasExpired(const Position& position)
{
    if (!highest_.isBelow(position))
        return false;
    for (Source& source : sources_) {
        if (error_ || !source.floor.isBelow(position))
            continue;
        const Expected<bool> isOfIt = source.sequences.contain(position.sequence);
        if (!isOfIt)
            error_ = isOfIt.error();
        else if (*isOfIt)
            return true;
    }
    return false;
}

bool ExpiredItems::isKept(const Position& position)
{
    const bool expired = hasExpired(position);
    if (expired && ++passed_ >= mostPassed)
        brokenOff_ = position;
    return !expired && !error_;
}

ItemVisitor ExpiredItems::leftOut(const ItemVisitor& visit)
{
    return [this, &visit](const Position& position, std::string_view text) {
        if (isKept(position) && !visit(position, text))
            return false;
        return goesOn();
    };
}

ItemsVisitor ExpiredItems::leftOut(const ItemsVisitor& visit)
{
    return [this, &visit](const ItemRun& items) {
        const std::size_t kept = items.countWhile([&](const Item& item) { return isKept(item.position); });
        if (kept > 0 && !error_ && !visit(items.first(kept)))
            return false;
        // What stands at `kept` was looked at.
        for (std::size_t i = kept + 1; i < items.size() && goesOn(); ++i) {
            const Item item = items[i];
            if (isKept(item.position) && !visit(ItemRun({&item, 1})))
                return false;
        }
        return goesOn();
    };
}

} // namespace iotman::store
