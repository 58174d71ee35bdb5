#include "core/store/datapointwriter.h"

#include "core/store/blockcut.h"

#include <vector>

namespace iotman::store {

namespace {

/// So many rows may wait for a block.
constexpr std::size_t tailRows = 256;

} // namespace

DatapointWriter::DatapointWriter(Connection& connection)
    : insertBlock_(
          connection,
          "INSERT INTO datapoint_block (source, least_sequence, greatest_sequence, count, body) VALUES (?1, ?2, ?3, ?4, ?5)")
    , insertTail_(connection, "INSERT INTO datapoint_tail (source, sequence, time, payload) VALUES (?1, ?2, ?3, ?4)")
    , countTail_(connection, "SELECT count(*) FROM datapoint_tail WHERE source = ?1")
    , readTail_(connection, "SELECT time, sequence, payload FROM datapoint_tail WHERE source = ?1 ORDER BY sequence")
    , removeTail_(connection, "DELETE FROM datapoint_tail WHERE source = ?1")
{
}

Expected<void> DatapointWriter::add(SourceKey source, std::span<const Entry> datapoints)
{
    const Expected<std::size_t*> waiting = tailCount(source);
    if (!waiting)
        return fail(waiting.error());
    const bool isWorth = isWorthABlock(datapoints);
    if (!isWorth && **waiting + datapoints.size() < tailRows) {
        **waiting += datapoints.size();
        return addToTail(source, datapoints);
    }
    if (**waiting == 0)
        return writeBlocks(source, datapoints);
    **waiting = 0;
    return seal(source, datapoints);
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
        if (auto done = insertTail_.run(source, datapoint.position.sequence, datapoint.position.time.us, Blob{datapoint.text});
            !done)
            return done;
    }
    return {};
}

Expected<void> DatapointWriter::seal(SourceKey source, std::span<const Entry> behindTail)
{
    std::vector<std::pair<Position, std::string>> waiting;
    {
        Rows rows = readTail_.query(source);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            waiting.push_back({{{rows.integer(0)}, static_cast<Sequence>(rows.integer(1))}, std::string(rows.blob(2))});
        }
    }
    std::vector<Entry> all;
    all.reserve(waiting.size() + behindTail.size());
    for (const auto& [position, payload] : waiting)
        all.push_back({position, Arrival::Live, payload});
    all.insert(all.end(), behindTail.begin(), behindTail.end());
    if (auto done = removeTail_.run(source); !done)
        return done;
    return writeBlocks(source, all);
}

Expected<void> DatapointWriter::writeBlocks(SourceKey source, std::span<const Entry> datapoints)
{
    for (const std::span<const Entry> block : cutIntoBlocks(datapoints, datapointBlock)) {
        const std::string body = compressor_.compressed(encodeBlock(block));
        const Sequence least = block.front().position.sequence;
        const Sequence greatest = block.back().position.sequence;
        if (auto done = insertBlock_.run(source, least, greatest, block.size(), Blob{body}); !done)
            return done;
    }
    return {};
}

} // namespace iotman::store
