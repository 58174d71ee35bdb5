#include "core/store/writing.h"

#include "core/store/block.h"
#include "core/store/catalogrows.h"

namespace iotman::store {

Writing::Writing(Connection opened, const LateLimits& late)
    : connection(std::move(opened))
    , items(connection, late)
    , datapoints(connection)
    , counters(connection)
    , staging(connection)
    , putNote_(connection, "INSERT OR REPLACE INTO note (key, value, sum) VALUES (?1, ?2, ?3)")
    , removeNote_(connection, "DELETE FROM note WHERE key = ?1")
    , writeLastSequence_(connection, "UPDATE state SET value = ?1 WHERE name = 'last_sequence'")
    , putRequest_(connection, "INSERT INTO request (source, number, identity, body, accepted, at, sum) VALUES (?1, "
                              "(SELECT coalesce(max(number), 0) + 1 FROM request WHERE source = ?1), ?2, ?3, ?4, ?5, ?6)")
    , forgetRequests_(
          connection,
          "DELETE FROM request WHERE source = ?1 AND number IN (SELECT number FROM request WHERE source = ?1 "
          "ORDER BY number LIMIT 2) AND (at <= ?2 OR number <= (SELECT max(number) FROM request WHERE source = ?1) - ?3)")
    , forgetSameRequest_(connection, "DELETE FROM request WHERE source = ?1 AND identity = ?2 AND at <= ?3")
    , writeLiveFloor_(connection, "INSERT OR REPLACE INTO state (name, value) VALUES ('live_floor', ?1)")
    , writeRestores_(connection, "INSERT INTO state (name, value) VALUES ('restores', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
    , writeExpiries_(connection, "INSERT INTO state (name, value) VALUES ('expiries:' || ?1, 1), ('expired:' || ?1, ?2) "
                                 "ON CONFLICT (name) DO UPDATE SET value = iif(name LIKE 'expiries:%', value + 1, max(value, ?2))")
{
}

Expected<void> Writing::load()
{
    if (auto done = defineHidden(connection, state.hidden); !done)
        return done;
    Expected<SharedHiddenRanges> hidden = staging.hidden();
    if (!hidden)
        return fail(hidden.error());
    state.hidden = std::move(*hidden);
    Expected<Catalog> catalog = readCatalog(connection);
    if (!catalog)
        return fail(catalog.error());
    const Expected<std::int64_t> last = connection.integer("SELECT value FROM state WHERE name = 'last_sequence'");
    if (!last)
        return fail(last.error());
    state.lastSequence = static_cast<Sequence>(*last);
    if (auto done = counters.load(); !done)
        return done;
    for (const OutputKey output : counters.outputs())
        state.abandoned.insert(output);
    for (const OutputKey output : catalog->generations())
        state.abandoned.erase(output);
    state.catalog = std::make_shared<const Catalog>(std::move(*catalog));
    return {};
}

Expected<void> Writing::writeNotes(std::span<const std::pair<std::string, std::string>> notes)
{
    for (const auto& [key, value] : notes) {
        auto done = value.empty() ? removeNote_.run(std::string_view(key))
                                  : putNote_.run(std::string_view(key), std::string_view(value), sumOf({key, value}));
        if (!done)
            return done;
    }
    return {};
}

Expected<void> Writing::writeRequest(SourceKey source, const RequestIdentity& request, std::int64_t accepted)
{
    const std::int64_t tooOld = request.at.us - requestMemoryUs;
    const std::string_view identity = request.identity;
    if (auto done = forgetSameRequest_.run(source, identity, tooOld); !done)
        return done;
    if (auto done = putRequest_.run(source, identity, std::string_view(request.body), accepted, request.at.us,
                                    sumOf({identity, request.body, std::to_string(accepted), std::to_string(request.at.us)}));
        !done)
        return done;
    // Two for each that comes: the table shrinks as fast as it grew, and no request pays for many.
    return forgetRequests_.run(source, tooOld, mostRememberedRequests);
}

Expected<void> Writing::writeExpiry(SourceKey source, Sequence greatest)
{
    return writeExpiries_.run(source, greatest);
}

Expected<void> Writing::writeLastSequence()
{
    return writeLastSequence_.run(state.lastSequence);
}

Expected<void> Writing::writeRestore()
{
    return writeLiveFloor_.run(state.lastSequence).and_then([&] { return writeRestores_.run(); }).and_then([&] {
        return connection.execute("DELETE FROM state WHERE name LIKE 'live_width:%'; "
                                  "INSERT INTO state SELECT 'live_width:' || output, max(greatest_live - least_live) FROM item_block "
                                  "WHERE greatest_live IS NOT NULL GROUP BY output");
    });
}

Expected<Sequence> Writing::greatestStored()
{
    return connection
        .integer("SELECT max(coalesce((SELECT max(greatest_sequence) FROM datapoint_block), 0), coalesce((SELECT max(sequence) FROM datapoint_tail), 0))")
        .map([](std::int64_t greatest) { return static_cast<Sequence>(greatest); });
}

Expected<void> Writing::removeCounts(OutputKey output)
{
    return counters.removeOutput(output).and_then([&] { return staging.forgetOutput(output); }).and_then([&] { return items.forgetWidth(output); });
}

Expected<void> Writing::countStaged(StagedKey staged, OutputKey output, std::string_view madeWith, const OutputIncrease& made)
{
    // Who removes items goes by the counters: what has some has a row there.
    if (!counters.knows(output)) {
        if (auto done = counters.addToOutput(output, {}); !done)
            return done;
    }
    return staging.count(staged, output, madeWith, made);
}

} // namespace iotman::store
