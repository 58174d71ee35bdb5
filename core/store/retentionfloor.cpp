#include "core/store/retentionfloor.h"

#include "core/store/walks.h"

#include <limits>

namespace iotman::store {

namespace {

/// Counts from the newest on until the limits are met.
class Allowance {
public:
    explicit Allowance(const Retention& retention)
        : count_(retention.count.value_or(std::numeric_limits<std::int64_t>::max()))
        , bytes_(retention.bytes.value_or(std::numeric_limits<std::int64_t>::max()))
    {
    }

    /// False when so much is not allowed any more.
    bool take(std::int64_t count, std::int64_t bytes, Sequence least)
    {
        if (count > count_ || bytes > bytes_)
            return false;
        count_ -= count;
        bytes_ -= bytes;
        least_ = least;
        return true;
    }
    /// The least sequence that was allowed; beyond all where none was.
    Sequence least() const { return least_; }

private:
    std::int64_t count_;
    std::int64_t bytes_;
    Sequence least_ = std::numeric_limits<std::int64_t>::max();
};

/// True when the whole block is allowed.
bool takeOneByOne(Allowance& allowance, const BlockView& block)
{
    for (std::size_t i = block.size(); i > 0; --i) {
        const Entry entry = block.entry(i - 1);
        if (!allowance.take(1, static_cast<std::int64_t>(entry.text.size()), entry.position.sequence))
            return false;
    }
    return true;
}

} // namespace

FloorFinder::FloorFinder(Connection& connection)
    : connection_(connection)
    , tail_(connection,
            "SELECT sequence, length(payload) FROM datapoint_tail WHERE source = ?1 AND NOT hidden(sequence, sequence) "
            "ORDER BY sequence DESC")
    , blocks_(connection,
              "SELECT block, least_sequence, count, bytes, body FROM datapoint_block LEFT JOIN datapoint_extent USING (block) "
              "WHERE source = ?1 AND NOT hidden(least_sequence, least_sequence) ORDER BY greatest_sequence DESC")
    , count_(connection, "SELECT datapoints FROM source_count WHERE source = ?1")
    , oldestBlocks_(connection, "SELECT block, least_sequence, count, body FROM datapoint_block WHERE source = ?1 "
                                "AND NOT hidden(least_sequence, least_sequence) ORDER BY greatest_sequence")
    , oldestTail_(connection, "SELECT sequence FROM datapoint_tail WHERE source = ?1 AND NOT hidden(sequence, sequence) "
                              "ORDER BY sequence LIMIT 1 OFFSET ?2")
{
}

Expected<Floor> FloorFinder::find(SourceKey source, const Retention& retention, Timestamp now)
{
    Floor floor;
    if (retention.ageUs)
        floor.time = {now.us < Timestamp::min().us + *retention.ageUs ? Timestamp::min().us : now.us - *retention.ageUs};
    if (!retention.count && !retention.bytes)
        return floor;
    Expected<Sequence> least = Sequence(0);
    bool isFound = false;
    if (retention.count && !retention.bytes) {
        Rows rows = count_.query(source);
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        const std::int64_t gone = *row ? rows.integer(0) - *retention.count : 0;
        isFound = gone <= *retention.count;
        if (gone > 0 && isFound)
            least = findFromOldest(source, gone);
    }
    if (!isFound)
        least = findFromNewest(source, retention);
    if (!least)
        return fail(least.error());
    floor.sequence = *least;
    return floor;
}

/// The sequence before which there are so many.
Expected<Sequence> FloorFinder::findFromOldest(SourceKey source, std::int64_t gone)
{
    for (Rows rows = oldestBlocks_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        if (gone == 0)
            return static_cast<Sequence>(rows.integer(1));
        if (gone >= rows.integer(2)) {
            gone -= rows.integer(2);
            continue;
        }
        const std::optional<std::string> body = decompressed(rows.blob(3));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block || static_cast<std::size_t>(gone) >= block->size())
            return damagedBlock(connection_, "datapoint", rows.integer(0));
        return block->position(static_cast<std::size_t>(gone)).sequence;
    }
    Rows rows = oldestTail_.query(source, gone);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return *row ? static_cast<Sequence>(rows.integer(0)) : std::numeric_limits<std::int64_t>::max();
}

/// The least sequence that the limits leave; 0 where they leave all.
Expected<Sequence> FloorFinder::findFromNewest(SourceKey source, const Retention& retention)
{
    Allowance allowance(retention);
    for (Rows rows = tail_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        if (!allowance.take(1, rows.integer(1), static_cast<Sequence>(rows.integer(0))))
            return allowance.least();
    }
    for (Rows rows = blocks_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return Sequence(0);
        const bool bytesKnown = !rows.isNull(3);
        if (bytesKnown && allowance.take(rows.integer(2), rows.integer(3), static_cast<Sequence>(rows.integer(1))))
            continue;
        const std::optional<std::string> body = decompressed(rows.blob(4));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block)
            return damagedBlock(connection_, "datapoint", rows.integer(0));
        if (!takeOneByOne(allowance, *block))
            return allowance.least();
    }
}

} // namespace iotman::store
