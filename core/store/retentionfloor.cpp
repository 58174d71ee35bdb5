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
{
}

Expected<Floor> FloorFinder::find(SourceKey source, const Retention& retention, Timestamp now)
{
    Floor floor;
    if (retention.ageUs)
        floor.time = {now.us < Timestamp::min().us + *retention.ageUs ? Timestamp::min().us : now.us - *retention.ageUs};
    if (!retention.count && !retention.bytes)
        return floor;
    Allowance allowance(retention);
    for (Rows rows = tail_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        if (!allowance.take(1, rows.integer(1), static_cast<Sequence>(rows.integer(0)))) {
            floor.sequence = allowance.least();
            return floor;
        }
    }
    for (Rows rows = blocks_.query(source);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return floor; // all of it is allowed
        const bool bytesKnown = !rows.isNull(3);
        if (bytesKnown && allowance.take(rows.integer(2), rows.integer(3), static_cast<Sequence>(rows.integer(1))))
            continue;
        const std::optional<std::string> body = decompressed(rows.blob(4));
        const std::optional<BlockView> block = body ? BlockView::parse(*body) : std::nullopt;
        if (!block)
            return damagedBlock(connection_, "datapoint", rows.integer(0));
        if (!takeOneByOne(allowance, *block)) {
            floor.sequence = allowance.least();
            return floor;
        }
    }
}

} // namespace iotman::store
