#include "core/store/staging.h"

#include <algorithm>

namespace iotman::store {

namespace {

template <class Change>
void change(SharedHiddenRanges& hidden, const Change& change)
{
    auto changed = std::make_shared<HiddenRanges>(*hidden);
    change(*changed);
    hidden = std::move(changed);
}

/// Columns from `first`: staged, source, rows, last_datapoint_at, lost.
Staging::Import importFrom(const Rows& rows, int first)
{
    return {rows.integer(first),
            rows.integer(first + 1),
            rows.integer(first + 2),
            {rows.integer(first + 3)},
            rows.integer(first + 4) != 0};
}

std::optional<std::int64_t> usOf(const std::optional<Timestamp>& time)
{
    return time ? std::optional(time->us) : std::nullopt;
}

} // namespace

Staging::Staging(Connection& connection)
    : connection_(connection)
    , find_(connection, "SELECT staged, source, rows, last_datapoint_at, lost FROM staged_import WHERE import = ?1")
    , all_(connection, "SELECT import, staged, source, rows, last_datapoint_at, lost FROM staged_import")
    , isStaged_(connection, "SELECT 1 FROM staged_import WHERE staged = ?1 AND NOT lost")
    , addImport_(connection,
                 "INSERT INTO staged_import (staged, import, source, rows, last_datapoint_at) VALUES (?1, ?2, ?3, ?4, ?5)")
    , growImport_(connection,
                  "UPDATE staged_import SET rows = rows + ?2, last_datapoint_at = max(last_datapoint_at, ?3) WHERE staged = ?1")
    , addRange_(connection, "INSERT INTO staged_range (first, last, staged, source) VALUES (?1, ?2, ?3, ?4)")
    , growRange_(connection, "UPDATE staged_range SET last = ?2 WHERE first = ?1")
    , removeRange_(connection, "DELETE FROM staged_range WHERE first = ?1")
    , count_(connection,
             "INSERT INTO staged_count (staged, output, made_with, items, skipped, failed, last_item_at, failure_at, "
             "failure_detail, failure_payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
             "ON CONFLICT DO UPDATE SET made_with = iif(made_with = excluded.made_with, made_with, ''), "
             "items = items + excluded.items, skipped = skipped + excluded.skipped, failed = failed + excluded.failed, "
             "last_item_at = coalesce(max(last_item_at, excluded.last_item_at), last_item_at, excluded.last_item_at), "
             "failure_at = coalesce(excluded.failure_at, failure_at), "
             "failure_detail = coalesce(excluded.failure_detail, failure_detail), "
             "failure_payload = coalesce(excluded.failure_payload, failure_payload)")
    , readCounts_(connection, "SELECT output, made_with, items, skipped, failed, last_item_at, failure_at, failure_detail, "
                              "failure_payload FROM staged_count WHERE staged = ?1")
    , forgetCount_(connection, "DELETE FROM staged_count WHERE staged = ?1 AND output = ?2")
    , forgetOutput_(connection, "DELETE FROM staged_count WHERE output = ?1")
    , showRanges_(connection, "DELETE FROM staged_range WHERE staged = ?1")
    , discardRanges_(connection, "UPDATE staged_range SET staged = 0 WHERE staged = ?1")
    , removeImport_(connection, "DELETE FROM staged_import WHERE staged = ?1")
    , removeCounts_(connection, "DELETE FROM staged_count WHERE staged = ?1")
    , lose_(connection,
            "INSERT INTO staged_import (staged, import, source, rows, last_datapoint_at, lost) VALUES (?1, ?2, ?3, ?4, ?5, 1)")
    , selectHidden_(connection, selectHidden)
{
}

Expected<std::optional<Staging::Import>> Staging::find(std::string_view import)
{
    Rows rows = find_.query(import);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(importFrom(rows, 0)) : std::nullopt;
}

Expected<bool> Staging::isStaged(StagedKey staged)
{
    return isStaged_.query(staged).next();
}

Expected<StagedKey> Staging::add(const Staged& staged, SourceKey source, Sequence first, std::size_t count, Timestamp newest,
                                 SharedHiddenRanges& hidden)
{
    const Expected<std::optional<Import>> found = find(staged.import);
    if (!found)
        return fail(found.error());
    const Import import = found->value_or(Import{static_cast<StagedKey>(first), source, 0, newest, false});
    if (import.lost)
        return fail(Problem::Conflict, "what was staged of this import is gone, because a snapshot was restored; begin it anew");
    if (import.source != source)
        return fail(Problem::Conflict, "the source of this import is gone");
    if (import.datapoints != staged.at)
        return fail(Problem::Conflict, "at: expected " + std::to_string(import.datapoints) + ", the number of rows staged so far, but got " +
                                           std::to_string(staged.at),
                    "at");
    if (hidden->all().size() >= mostHiddenRanges)
        return fail(Problem::Conflict, "imports are staged in " + std::to_string(mostHiddenRanges) +
                                           " pieces; commit or discard some of them, and send more rows at once");

    const HiddenRange range{first, first + count - 1, import.key, source};
    bool hasGrown = false;
    change(hidden, [&](HiddenRanges& ranges) { hasGrown = ranges.add(range); });
    auto done = hasGrown ? growRange_.run(hidden->all().back().first, range.last)
                         : addRange_.run(range.first, range.last, range.staged, range.source);
    if (done)
        done = *found ? growImport_.run(import.key, count, newest.us)
                      : addImport_.run(import.key, std::string_view(staged.import), source, count, newest.us);
    return done.map([&] { return import.key; });
}

Expected<void> Staging::count(StagedKey staged, OutputKey output, std::string_view madeWith, const OutputIncrease& made)
{
    const auto& failure = made.lastFailure;
    return count_.run(staged, output, madeWith, made.items, made.skipped, made.failed, usOf(made.newestItemAt),
                      failure ? std::optional(failure->at.us) : std::nullopt,
                      failure ? std::optional<std::string_view>(failure->detail) : std::nullopt,
                      failure ? std::optional<std::string_view>(failure->payload) : std::nullopt);
}

Expected<std::map<OutputKey, StagedCount>> Staging::counts(StagedKey staged)
{
    std::map<OutputKey, StagedCount> found;
    for (Rows rows = readCounts_.query(staged);;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return found;
        StagedCount count{std::string(rows.text(1)),
                          {rows.integer(2), rows.integer(3), rows.integer(4), std::nullopt, std::nullopt}};
        if (const auto newest = rows.optionalInteger(5))
            count.made.newestItemAt = Timestamp{*newest};
        if (!rows.isNull(6))
            count.made.lastFailure = OutputFailure{{rows.integer(6)}, std::string(rows.text(7)), std::string(rows.text(8))};
        found.emplace(rows.integer(0), std::move(count));
    }
}

Expected<void> Staging::forgetCount(StagedKey staged, OutputKey output)
{
    return forgetCount_.run(staged, output);
}

Expected<void> Staging::forgetOutput(OutputKey output)
{
    return forgetOutput_.run(output);
}

Expected<void> Staging::show(StagedKey staged, SharedHiddenRanges& hidden)
{
    change(hidden, [&](HiddenRanges& ranges) { ranges.remove(staged); });
    return showRanges_.run(staged).and_then([&] { return forget(staged); });
}

Expected<void> Staging::discard(StagedKey staged, SharedHiddenRanges& hidden)
{
    change(hidden, [&](HiddenRanges& ranges) { ranges.discard(staged); });
    return discardRanges_.run(staged).and_then([&] { return forget(staged); });
}

Expected<void> Staging::forget(StagedKey staged)
{
    return removeImport_.run(staged).and_then([&] { return removeCounts_.run(staged); });
}

Expected<void> Staging::removeRange(const HiddenRange& range, SharedHiddenRanges& hidden)
{
    const Sequence first = range.first; // `range` may be one of `hidden`
    change(hidden, [&](HiddenRanges& ranges) { ranges.removeAt(first); });
    return removeRange_.run(first);
}

Expected<std::vector<std::pair<std::string, Staging::Import>>> Staging::all()
{
    std::vector<std::pair<std::string, Import>> found;
    for (Rows rows = all_.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return found;
        found.emplace_back(rows.text(0), importFrom(rows, 1));
    }
}

Expected<void> Staging::restored(std::span<const std::pair<std::string, Import>> before, SharedHiddenRanges& hidden)
{
    if (auto done =
            connection_.execute("UPDATE staged_range SET staged = 0; DELETE FROM staged_import; DELETE FROM staged_count");
        !done)
        return done;
    for (const auto& [import, was] : before) {
        if (auto done = lose_.run(was.key, std::string_view(import), was.source, was.datapoints, was.newest.us); !done)
            return done;
    }
    Expected<SharedHiddenRanges> ranges = this->hidden();
    if (!ranges)
        return fail(ranges.error());
    hidden = std::move(*ranges);
    return {};
}

} // namespace iotman::store
