#include "core/store/datapointwriter.h"

#include "core/store/blockcut.h"
#include "core/store/walks.h"

#include <algorithm>
#include <deque>

namespace iotman::store {

namespace {

/// So many rows may wait for a block.
constexpr std::size_t datapointTailRows = 256;
/// What is removed in one transaction, so that others need not wait long.
constexpr std::size_t blocksAtOnce = 16;
constexpr std::size_t rowsAtOnce = 1024;
constexpr std::size_t discardedBlocksAtOnce = 4;

/// How many at the start are of one import, or of none.
std::size_t countAlike(std::span<const Entry> datapoints, const HiddenRanges& hidden)
{
    const auto holder = [&](const Entry& datapoint) {
        const HiddenRange* range = hidden.find(datapoint.position.sequence);
        return range ? std::optional(range->staged) : std::nullopt;
    };
    const auto first = holder(datapoints.front());
    const auto end =
        std::find_if(datapoints.begin(), datapoints.end(), [&](const Entry& datapoint) { return holder(datapoint) != first; });
    return static_cast<std::size_t>(end - datapoints.begin());
}

} // namespace

DatapointWriter::DatapointWriter(Connection& connection)
    : connection_(connection)
    , insertBlock_(
          connection,
          "INSERT INTO datapoint_block (source, least_sequence, greatest_sequence, count, body) VALUES (?1, ?2, ?3, ?4, ?5)")
    , insertExtent_(connection, "INSERT OR REPLACE INTO datapoint_extent (block, least_time, bytes) VALUES (?1, ?2, ?3)")
    , removeExtent_(connection, "DELETE FROM datapoint_extent WHERE block = ?1")
    , removeBlock_(connection, "DELETE FROM datapoint_block WHERE block = ?1")
    , blocksBelow_(
          connection,
          "SELECT block, body FROM datapoint_block LEFT JOIN datapoint_extent USING (block) WHERE source = ?1 "
          "AND (least_sequence < ?2 OR least_time < ?3 OR least_time IS NULL) AND NOT hidden(least_sequence, least_sequence) "
          "ORDER BY greatest_sequence LIMIT ?4")
    , insertTail_(connection, "INSERT INTO datapoint_tail (source, sequence, time, payload, sum, history) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    , countTail_(connection, "SELECT count(*) FROM datapoint_tail WHERE source = ?1")
    , readTail_(connection, "SELECT time, sequence, payload, history FROM datapoint_tail WHERE source = ?1 ORDER BY sequence")
    , removeTail_(connection, "DELETE FROM datapoint_tail WHERE source = ?1")
    , tailBelow_(connection, "SELECT time, sequence FROM datapoint_tail WHERE source = ?1 AND (sequence < ?2 OR time < ?3) "
                             "AND NOT hidden(sequence, sequence) ORDER BY sequence LIMIT ?4")
    , removeRow_(connection, "DELETE FROM datapoint_tail WHERE source = ?1 AND sequence = ?2")
    // Blocks that begin there: one that only reaches across may be of what everybody sees.
    , blocksBetween_(connection, "SELECT block, body FROM datapoint_block WHERE source = ?1 AND greatest_sequence >= ?2 "
                                 "AND least_sequence BETWEEN ?2 AND ?3 ORDER BY greatest_sequence LIMIT ?4")
    , tailBetween_(connection,
                   "SELECT time, sequence FROM datapoint_tail WHERE source = ?1 AND sequence >= ?2 AND sequence <= ?3 "
                   "ORDER BY sequence LIMIT ?4")
{
}

Expected<void> DatapointWriter::add(SourceKey source, std::span<const Entry> datapoints, const HiddenRanges& hidden)
{
    const Expected<std::size_t*> waiting = tailCount(source);
    if (!waiting)
        return fail(waiting.error());
    const bool isWorth = isWorthABlock(datapoints);
    if (!isWorth && **waiting + datapoints.size() < datapointTailRows) {
        **waiting += datapoints.size();
        return addToTail(source, datapoints);
    }
    if (**waiting == 0)
        return writeBlocks(source, datapoints, hidden);
    **waiting = 0;
    return seal(source, datapoints, hidden);
}

void DatapointWriter::forget()
{
    tailCounts_.clear();
}

Expected<std::size_t*> DatapointWriter::tailCount(SourceKey source)
{
    if (const auto known = tailCounts_.find(source); known != tailCounts_.end())
        return &known->second;
    Rows rows = countTail_.query(source);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return &tailCounts_.emplace(source, static_cast<std::size_t>(rows.integer(0))).first->second;
}

Expected<void> DatapointWriter::addToTail(SourceKey source, std::span<const Entry> datapoints)
{
    for (const Entry& datapoint : datapoints) {
        if (auto done = insertTail_.run(source, datapoint.position.sequence, datapoint.position.time.us, Blob{datapoint.text},
                                        sumOf(datapoint.position, datapoint.text), datapoint.arrival == Arrival::History);
            !done)
            return done;
    }
    return {};
}

Expected<void> DatapointWriter::seal(SourceKey source, std::span<const Entry> behindTail, const HiddenRanges& hidden)
{
    std::vector<Entry> waiting;
    std::deque<std::string> payloads;
    {
        Rows rows = readTail_.query(source);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            const Position position{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))};
            waiting.push_back({position, arrivalOf(rows.integer(3)), payloads.emplace_back(rows.blob(2))});
        }
    }
    waiting.insert(waiting.end(), behindTail.begin(), behindTail.end());
    if (auto done = removeTail_.run(source); !done)
        return done;
    return writeBlocks(source, waiting, hidden);
}

Expected<void> DatapointWriter::writeBlocks(SourceKey source, std::span<const Entry> datapoints, const HiddenRanges& hidden)
{
    while (!datapoints.empty()) {
        const std::size_t alike = hidden.empty() ? datapoints.size() : countAlike(datapoints, hidden);
        for (const std::span<const Entry> block : cutIntoBlocks(datapoints.first(alike), datapointBlock)) {
            if (auto done = writeBlock(source, block); !done)
                return done;
        }
        datapoints = datapoints.subspan(alike);
    }
    return {};
}

Expected<void> DatapointWriter::writeBlock(SourceKey source, std::span<const Entry> datapoints)
{
    const std::string body = compressor_.compressed(encodeBlock(datapoints));
    const Sequence least = datapoints.front().position.sequence;
    const Sequence greatest = datapoints.back().position.sequence;
    if (auto done = insertBlock_.run(source, least, greatest, datapoints.size(), Blob{body}); !done)
        return done;
    Timestamp leastTime = Timestamp::max();
    std::size_t bytes = 0;
    for (const Entry& datapoint : datapoints) {
        leastTime = std::min(leastTime, datapoint.position.time);
        bytes += datapoint.text.size();
    }
    return insertExtent_.run(connection_.lastInsertedRow(), leastTime.us, bytes);
}

Expected<DatapointWriter::Removed> DatapointWriter::removeBelow(SourceKey source, const Floor& floor, std::size_t most)
{
    struct Found {
        std::int64_t block;
        std::string body;
    };
    std::vector<Found> found;
    {
        Rows rows = blocksBelow_.query(source, floor.sequence, floor.time.us, blocksAtOnce);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            found.push_back({rows.integer(0), std::string(rows.blob(1))});
        }
    }
    Removed removed;
    for (const Found& block : found) {
        if (removed.positions.size() == most)
            break;
        if (auto done = removeFromBlock(source, block.block, block.body, floor, most, removed); !done)
            return fail(done.error());
    }
    if (auto done = removeFromTail(source, floor, std::min(most - removed.positions.size(), rowsAtOnce), removed); !done)
        return fail(done.error());
    removed.mayBeMore = removed.mayBeMore || found.size() == blocksAtOnce || removed.positions.size() == most;
    return removed;
}

/// A block that is kept gets its extent here, if it had none.
Expected<void> DatapointWriter::removeFromBlock(SourceKey source, std::int64_t block, const std::string& body, const Floor& floor,
                                                std::size_t most, Removed& removed)
{
    const std::optional<std::string> bytes = decompressed(body);
    const std::optional<BlockView> view = bytes ? BlockView::parse(*bytes) : std::nullopt;
    if (!view || !view->isIntact())
        return damagedBlock(connection_, "datapoint", block);
    std::vector<Entry> kept;
    for (std::size_t i = 0; i < view->size(); ++i) {
        if (removed.positions.size() < most && floor.isBelow(view->position(i)))
            removed.positions.push_back(view->position(i));
        else
            kept.push_back(view->entry(i));
    }
    if (auto done = removeBlock(block); !done)
        return done;
    return kept.empty() ? Expected<void>() : writeBlock(source, kept);
}

Expected<void> DatapointWriter::removeBlock(std::int64_t block)
{
    return removeBlock_.run(block).and_then([&] { return removeExtent_.run(block); });
}

Expected<std::vector<Position>> DatapointWriter::removeDiscarded(const HiddenRange& range)
{
    std::vector<Position> removed;
    std::vector<std::int64_t> blocks;
    for (Rows rows = blocksBetween_.query(range.source, range.first, range.last, discardedBlocksAtOnce);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        const std::optional<std::string> body = decompressed(rows.blob(1));
        const std::optional<BlockView> view = body ? BlockView::parse(*body) : std::nullopt;
        if (!view)
            return damagedBlock(connection_, "datapoint", rows.integer(0));
        blocks.push_back(rows.integer(0));
        for (std::size_t i = 0; i < view->size(); ++i)
            removed.push_back(view->position(i));
    }
    for (const std::int64_t block : blocks) {
        if (auto done = removeBlock(block); !done)
            return fail(done.error());
    }
    if (!removed.empty())
        return removed;
    for (Rows rows = tailBetween_.query(range.source, range.first, range.last, rowsAtOnce);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        removed.push_back({{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))});
    }
    tailCounts_.erase(range.source);
    for (const Position& position : removed) {
        if (auto done = removeRow_.run(range.source, position.sequence); !done)
            return fail(done.error());
    }
    return removed;
}

Expected<void> DatapointWriter::removeFromTail(SourceKey source, const Floor& floor, std::size_t most, Removed& removed)
{
    std::vector<Position> found;
    {
        Rows rows = tailBelow_.query(source, floor.sequence, floor.time.us, most);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            found.push_back({{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))});
        }
    }
    for (const Position& position : found) {
        if (auto done = removeRow_.run(source, position.sequence); !done)
            return done;
    }
    if (!found.empty())
        tailCounts_.erase(source);
    removed.mayBeMore = removed.mayBeMore || found.size() == most;
    removed.positions.insert(removed.positions.end(), found.begin(), found.end());
    return {};
}

} // namespace iotman::store
