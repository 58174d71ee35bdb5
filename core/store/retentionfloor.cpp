#include "core/store/retentionfloor.h"

#include "core/store/walks.h"

#include <algorithm>
#include <limits>

namespace iotman::store {

namespace {

constexpr std::size_t mostSourcesKnown = 1024;
/// Some milliseconds.
constexpr int mostOpened = 256;

/// How far what counts may lie behind the age: else all would be counted anew whenever a page is read.
std::int64_t tolerance(std::int64_t ageUs)
{
    constexpr std::int64_t second = 1'000'000;
    return ageUs >= second ? ageUs / 64 : 0;
}

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

/// Calls `visit` with each row until it says false, or fails.
template <class Visit>
Expected<bool> eachRow(Rows rows, const Visit& visit)
{
    for (;;) {
        const Expected<bool> row = rows.next();
        if (!row || !*row)
            return row ? Expected<bool>(true) : fail(row.error());
        if (const Expected<bool> goesOn = visit(rows); !goesOn || !*goesOn)
            return goesOn;
    }
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
    , newestTail_(connection, "SELECT sequence, length(payload), time FROM datapoint_tail WHERE source = ?1 AND NOT hidden(sequence, sequence) "
                              "ORDER BY sequence DESC")
    , newestBlocks_(connection,
                    "SELECT block, least_sequence, greatest_sequence, count, bytes, body, least_time FROM datapoint_block LEFT JOIN datapoint_extent "
                    "USING (block) WHERE source = ?1 AND NOT hidden(least_sequence, least_sequence) ORDER BY greatest_sequence DESC")
    , tailFrom_(connection, "SELECT sequence, length(payload), time FROM datapoint_tail WHERE source = ?1 AND sequence >= ?2 "
                            "AND NOT hidden(sequence, sequence) ORDER BY sequence")
    , blocksFrom_(connection,
                  "SELECT block, least_sequence, greatest_sequence, count, bytes, body, least_time FROM datapoint_block LEFT JOIN datapoint_extent "
                  "USING (block) WHERE source = ?1 AND greatest_sequence >= ?2 AND NOT hidden(least_sequence, least_sequence) "
                  "ORDER BY greatest_sequence")
    , past_(connection, "SELECT name, value FROM state WHERE name IN ('restores', 'expiries:' || ?1, 'expired:' || ?1)")
{
}

Expected<Floor> FloorFinder::find(SourceKey source, const Retention& retention, Timestamp now)
{
    Floor floor;
    if (retention.ageUs)
        floor.time = {now.us < Timestamp::min().us + *retention.ageUs ? Timestamp::min().us : now.us - *retention.ageUs};
    if (!retention.count && !retention.bytes)
        return floor;
    mayOpen_ = mostOpened;
    Expected<Kept> kept = keptOf(source, retention, floor.time);
    if (!kept) {
        kept_.erase(source); // what was known of it may have been used up
        return fail(kept.error());
    }
    if (!kept->isUnknown)
        floor.sequence = kept->first > kept->last ? std::numeric_limits<std::int64_t>::max() : kept->first;
    if (kept_.size() >= mostSourcesKnown && !kept_.contains(source))
        kept_.clear();
    kept_.insert_or_assign(source, std::move(*kept));
    return floor;
}

Expected<FloorFinder::Kept> FloorFinder::keptOf(SourceKey source, const Retention& retention, Timestamp since)
{
    const Expected<Past> past = pastOf(source);
    if (!past)
        return fail(past.error());
    const auto known = kept_.find(source);
    const bool isKnown = known != kept_.end() && isUsable(known->second, retention, since, *past);
    Expected<Kept> kept = isKnown ? std::move(known->second) : begin(source, retention, std::nullopt);
    if (auto done = !kept || kept->isUnknown ? Expected<void>() : goOn(source, *kept); !done)
        return fail(done.error());
    if (kept && kept->first > 0 && retention.ageUs && !kept->since)
        kept = begin(source, retention, since);
    if (!kept)
        return kept;
    kept->isUnknown = kept->isUnknown || mayOpen_ < 0;
    kept->hidden = hidden_;
    kept->past = *past;
    return kept;
}

bool FloorFinder::isUsable(const Kept& kept, const Retention& retention, Timestamp since, const Past& past) const
{
    const bool isWhole = past.expiries == kept.past.expiries || (!kept.isUnknown && past.expired < kept.first);
    const Timestamp counted = kept.since.value_or(since);
    const auto moved = static_cast<std::uint64_t>(std::max(since, counted).us) - static_cast<std::uint64_t>(std::min(since, counted).us);
    return isWhole && kept.limits.ageUs == retention.ageUs && moved <= static_cast<std::uint64_t>(tolerance(retention.ageUs.value_or(0))) &&
           kept.limits.count == retention.count && kept.limits.bytes == retention.bytes && kept.past.restores == past.restores &&
           hideTheSame(*kept.hidden, *hidden_, kept.last);
}

Expected<FloorFinder::Past> FloorFinder::pastOf(SourceKey source)
{
    Past past;
    const auto take = [&](const Rows& rows) -> Expected<bool> {
        const std::string_view name = rows.text(0);
        if (name == "restores")
            past.restores = rows.integer(1);
        else if (name.starts_with("expiries"))
            past.expiries = rows.integer(1);
        else
            past.expired = static_cast<Sequence>(rows.integer(1));
        return true;
    };
    return eachRow(past_.query(source), take).map([&](bool) { return past; });
}

Expected<std::string> FloorFinder::bodyOf(const Rows& rows) const
{
    std::optional<std::string> body = decompressed(rows.blob(5));
    if (!body || !BlockView::parse(*body))
        return damagedBlock(connection_, "datapoint", rows.integer(0));
    return std::move(*body);
}

template <class Whole, class One>
Expected<bool> FloorFinder::visit(Statement& blocks, Statement& tail, Order order, SourceKey source, Sequence from, std::optional<Timestamp> since,
                                  const Whole& whole, const One& one)
{
    const auto ofBlock = [&](const Rows& rows) -> Expected<bool> {
        const Span span{static_cast<Sequence>(rows.integer(1)), static_cast<Sequence>(rows.integer(2)), rows.integer(3), rows.integer(4)};
        const bool isKnown = !rows.isNull(4);
        const bool isWithin = isKnown && (!since || Timestamp{rows.integer(6)} >= *since);
        if (isWithin && whole(span))
            return true;
        if (isKnown && !isWithin && --mayOpen_ < 0)
            return false;
        const Expected<std::string> body = bodyOf(rows);
        if (!body)
            return fail(body.error());
        const BlockView block = *BlockView::parse(*body);
        for (std::size_t i = 0; i < block.size(); ++i) {
            const std::size_t at = order == Order::OldestFirst ? i : block.size() - 1 - i;
            if (!one(block.position(at), sizeOf(block, at)))
                return false;
        }
        return true;
    };
    const auto ofTail = [&](const Rows& rows) -> Expected<bool> { return one(Position{{rows.integer(2)}, static_cast<Sequence>(rows.integer(0))}, rows.integer(1)); };
    // The tail is newer than all blocks.
    const Expected<bool> goesOn =
        order == Order::OldestFirst ? eachRow(blocks.query(source, from), ofBlock) : eachRow(tail.query(source), ofTail);
    if (!goesOn || !*goesOn)
        return goesOn;
    return order == Order::OldestFirst ? eachRow(tail.query(source, from), ofTail) : eachRow(blocks.query(source), ofBlock);
}

/// As much as the limits allow, from the newest back.
Expected<FloorFinder::Kept> FloorFinder::begin(SourceKey source, const Retention& retention, std::optional<Timestamp> since)
{
    Kept kept;
    kept.limits = retention;
    kept.since = since;
    Sequence least = 0;
    const auto take = [&](const Span& span) {
        if (kept.last == 0)
            kept.last = span.last;
        if (kept.isTooMuch(kept.count + span.count, kept.bytes + span.bytes))
            return false;
        kept.count += span.count;
        kept.bytes += span.bytes;
        least = span.first;
        return true;
    };
    const auto takeOne = [&](const Position& at, std::int64_t bytes) {
        return take(since && at.time < *since ? Span{at.sequence, at.sequence, 0, 0} : Span{at.sequence, at.sequence, 1, bytes});
    };
    const Expected<bool> isAll = visit(newestBlocks_, newestTail_, Order::NewestFirst, source, 0, since, take, takeOne);
    if (!isAll)
        return fail(isAll.error());
    if (!*isAll)
        kept.first = least > 0 ? least : kept.last + 1;
    return kept;
}

/// Counts what is new, and lets go what is too much then.
Expected<void> FloorFinder::goOn(SourceKey source, Kept& kept)
{
    const bool wasEmpty = kept.first > kept.last;
    auto done = addNewer(source, kept);
    if (done && mayOpen_ >= 0 && (kept.isTooMuch() || wasEmpty))
        done = dropOldest(source, kept);
    return done;
}

Expected<void> FloorFinder::addNewer(SourceKey source, Kept& kept)
{
    const auto add = [&](const Span& span) {
        if (span.first <= kept.last)
            return false;
        kept.count += span.count;
        kept.bytes += span.bytes;
        kept.last = span.last;
        return true;
    };
    const auto addOne = [&](const Position& at, std::int64_t bytes) {
        add(kept.since && at.time < *kept.since ? Span{at.sequence, at.sequence, 0, 0} : Span{at.sequence, at.sequence, 1, bytes});
        return true;
    };
    return visit(blocksFrom_, tailFrom_, Order::OldestFirst, source, kept.last + 1, kept.since, add, addOne).map([](bool) {});
}

Expected<void> FloorFinder::dropOldest(SourceKey source, Kept& kept)
{
    const auto dropWhole = [&](const Span& span) {
        if (span.first < kept.first || !kept.isTooMuch(kept.count - span.count, kept.bytes - span.bytes))
            return false;
        kept.count -= span.count;
        kept.bytes -= span.bytes;
        return true;
    };
    std::optional<Sequence> first;
    const auto dropOne = [&](const Position& at, std::int64_t bytes) {
        if (at.sequence < kept.first)
            return true;
        if (!kept.isTooMuch()) {
            first = at.sequence;
            return false;
        }
        if (kept.since && at.time < *kept.since)
            return true;
        --kept.count;
        kept.bytes -= bytes;
        return true;
    };
    return visit(blocksFrom_, tailFrom_, Order::OldestFirst, source, kept.first, kept.since, dropWhole, dropOne).map([&](bool) {
        kept.first = first.value_or(kept.last + 1); // nothing: none is small enough
    });
}

} // namespace iotman::store
