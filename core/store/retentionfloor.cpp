#include "core/store/retentionfloor.h"

#include "core/store/walks.h"

#include <algorithm>
#include <limits>

namespace iotman::store {

namespace {

constexpr std::size_t mostSourcesKnown = 1024;

/// Whether the same sequences up to `last` are hidden.
bool hideTheSame(const HiddenRanges& a, const HiddenRanges& b, Sequence last)
{
    const auto upTo = [&](const HiddenRanges& ranges) {
        std::vector<std::pair<Sequence, Sequence>> some;
        for (const HiddenRange& range : ranges.all()) {
            if (range.first <= last)
                some.emplace_back(range.first, std::min(range.last, last));
        }
        return some;
    };
    return &a == &b || upTo(a) == upTo(b);
}

std::int64_t sizeOf(const BlockView& block, std::size_t index)
{
    return static_cast<std::int64_t>(block.text(index).size());
}

} // namespace

bool FloorFinder::Kept::isTooMuch(std::int64_t ofCount, std::int64_t ofBytes) const
{
    return (limits.count && ofCount > *limits.count) || (limits.bytes && ofBytes > *limits.bytes);
}

// A block's datapoints stand by sequence ascending, blocks do not overlap, and the tail is newer than all of them.
FloorFinder::FloorFinder(Connection& connection, const SharedHiddenRanges& hidden)
    : connection_(connection)
    , hidden_(hidden)
    , newestTail_(connection, "SELECT sequence, length(payload) FROM datapoint_tail WHERE source = ?1 AND NOT hidden(sequence, sequence) "
                              "ORDER BY sequence DESC")
    , newestBlocks_(connection,
                    "SELECT block, least_sequence, greatest_sequence, count, bytes, body FROM datapoint_block LEFT JOIN datapoint_extent "
                    "USING (block) WHERE source = ?1 AND NOT hidden(least_sequence, least_sequence) ORDER BY greatest_sequence DESC")
    , tailFrom_(connection, "SELECT sequence, length(payload) FROM datapoint_tail WHERE source = ?1 AND sequence >= ?2 "
                            "AND NOT hidden(sequence, sequence) ORDER BY sequence")
    , blocksFrom_(connection,
                  "SELECT block, least_sequence, greatest_sequence, count, bytes, body FROM datapoint_block LEFT JOIN datapoint_extent "
                  "USING (block) WHERE source = ?1 AND greatest_sequence >= ?2 AND NOT hidden(least_sequence, least_sequence) "
                  "ORDER BY greatest_sequence")
    , past_(connection, "SELECT name, value FROM state WHERE name IN ('live_floor', 'expiries:' || ?1, 'expired:' || ?1)")
{
}

Expected<Floor> FloorFinder::find(SourceKey source, const Retention& retention, Timestamp now)
{
    Floor floor;
    if (retention.ageUs)
        floor.time = {now.us < Timestamp::min().us + *retention.ageUs ? Timestamp::min().us : now.us - *retention.ageUs};
    if (!retention.count && !retention.bytes)
        return floor;
    const Expected<Past> past = pastOf(source);
    if (!past)
        return fail(past.error());
    auto known = kept_.find(source);
    if (known == kept_.end() || !isUsable(known->second, retention, *past)) {
        Expected<Kept> found = begin(source, retention);
        if (!found)
            return fail(found.error());
        if (kept_.size() >= mostSourcesKnown)
            kept_.clear();
        known = kept_.insert_or_assign(source, std::move(*found)).first;
    }
    Kept& kept = known->second;
    kept.hidden = hidden_;
    kept.past = *past;
    const bool wasEmpty = kept.first > kept.last;
    auto done = addNewer(source, kept);
    if (done && (kept.isTooMuch() || wasEmpty))
        done = dropOldest(source, kept);
    if (!done) {
        kept_.erase(known);
        return fail(done.error());
    }
    floor.sequence = kept.first > kept.last ? std::numeric_limits<std::int64_t>::max() : kept.first;
    return floor;
}

bool FloorFinder::isUsable(const Kept& kept, const Retention& retention, const Past& past) const
{
    const bool isWhole = past.expiries == kept.past.expiries || past.expired < kept.first;
    return isWhole && kept.limits.count == retention.count && kept.limits.bytes == retention.bytes &&
           kept.past.restoredAt == past.restoredAt && hideTheSame(*kept.hidden, *hidden_, kept.last);
}

Expected<FloorFinder::Past> FloorFinder::pastOf(SourceKey source)
{
    Past past;
    for (Rows rows = past_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return past;
        const std::string_view name = rows.text(0);
        if (name == "live_floor")
            past.restoredAt = static_cast<Sequence>(rows.integer(1));
        else if (name.starts_with("expiries"))
            past.expiries = rows.integer(1);
        else
            past.expired = static_cast<Sequence>(rows.integer(1));
    }
}

Expected<std::string> FloorFinder::bodyOf(const Rows& rows, int column)
{
    std::optional<std::string> body = decompressed(rows.blob(column));
    return body && BlockView::parse(*body) ? Expected<std::string>(std::move(*body)) : fail(damagedBlock(connection_, "datapoint", rows.integer(0)).value());
}

/// As much as the limits allow, from the newest back.
Expected<FloorFinder::Kept> FloorFinder::begin(SourceKey source, const Retention& retention)
{
    Kept kept;
    kept.limits = retention;
    Sequence least = 0;
    /// False where it is too much.
    const auto take = [&](Sequence from, Sequence to, std::int64_t count, std::int64_t bytes) {
        if (kept.last == 0)
            kept.last = to;
        if (kept.isTooMuch(kept.count + count, kept.bytes + bytes)) {
            kept.first = least > 0 ? least : kept.last + 1;
            return false;
        }
        kept.count += count;
        kept.bytes += bytes;
        least = from;
        return true;
    };
    for (Rows rows = newestTail_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const auto sequence = static_cast<Sequence>(rows.integer(0));
        if (!take(sequence, sequence, 1, rows.integer(1)))
            return kept;
    }
    for (Rows rows = newestBlocks_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return kept;
        if (!rows.isNull(4) &&
            take(static_cast<Sequence>(rows.integer(1)), static_cast<Sequence>(rows.integer(2)), rows.integer(3), rows.integer(4)))
            continue;
        kept.first = 0; // one by one it may be less
        const Expected<std::string> body = bodyOf(rows, 5);
        if (!body)
            return fail(body.error());
        const BlockView block = *BlockView::parse(*body);
        for (std::size_t i = block.size(); i > 0; --i) {
            const Sequence sequence = block.position(i - 1).sequence;
            if (!take(sequence, sequence, 1, sizeOf(block, i - 1)))
                return kept;
        }
    }
}

Expected<void> FloorFinder::addNewer(SourceKey source, Kept& kept)
{
    const auto add = [&](Sequence last, std::int64_t count, std::int64_t bytes) {
        kept.count += count;
        kept.bytes += bytes;
        kept.last = last;
    };
    for (Rows rows = blocksFrom_.query(source, kept.last + 1);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        if (static_cast<Sequence>(rows.integer(1)) > kept.last && !rows.isNull(4)) {
            add(static_cast<Sequence>(rows.integer(2)), rows.integer(3), rows.integer(4));
            continue;
        }
        const Expected<std::string> body = bodyOf(rows, 5);
        if (!body)
            return fail(body.error());
        const BlockView block = *BlockView::parse(*body);
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (block.position(i).sequence > kept.last)
                add(block.position(i).sequence, 1, sizeOf(block, i));
        }
    }
    for (Rows rows = tailFrom_.query(source, kept.last + 1);;) {
        const Expected<bool> row = rows.next();
        if (!row || !*row)
            return row ? Expected<void>() : fail(row.error());
        add(static_cast<Sequence>(rows.integer(0)), 1, rows.integer(1));
    }
}

Expected<void> FloorFinder::dropOldest(SourceKey source, Kept& kept)
{
    /// False where it stays: it is the first then.
    const auto drop = [&](Sequence sequence, std::int64_t bytes) {
        if (!kept.isTooMuch()) {
            kept.first = sequence;
            return false;
        }
        --kept.count;
        kept.bytes -= bytes;
        return true;
    };
    for (Rows rows = blocksFrom_.query(source, kept.first);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const bool isWhole = static_cast<Sequence>(rows.integer(1)) >= kept.first && !rows.isNull(4);
        if (isWhole && kept.isTooMuch(kept.count - rows.integer(3), kept.bytes - rows.integer(4))) {
            kept.count -= rows.integer(3);
            kept.bytes -= rows.integer(4);
            continue;
        }
        const Expected<std::string> body = bodyOf(rows, 5);
        if (!body)
            return fail(body.error());
        const BlockView block = *BlockView::parse(*body);
        for (std::size_t i = 0; i < block.size(); ++i) {
            const Sequence sequence = block.position(i).sequence;
            if (sequence >= kept.first && !drop(sequence, sizeOf(block, i)))
                return {};
        }
    }
    for (Rows rows = tailFrom_.query(source, kept.first);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        if (!drop(static_cast<Sequence>(rows.integer(0)), rows.integer(1)))
            return {};
    }
    kept.first = kept.last + 1; // nothing is small enough
    return {};
}

} // namespace iotman::store
