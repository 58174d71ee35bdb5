#include "core/store/counters.h"

#include <algorithm>

namespace iotman::store {

namespace {

std::optional<Timestamp> timeOf(const std::optional<std::int64_t>& us)
{
    return us ? std::optional(Timestamp{*us}) : std::nullopt;
}

std::optional<std::int64_t> usOf(const std::optional<Timestamp>& time)
{
    return time ? std::optional(time->us) : std::nullopt;
}

/// Columns: output, items, skipped, failed, last_item_at, failure_at, failure_detail, failure_payload.
OutputCounts outputFrom(const Rows& rows)
{
    OutputCounts counts{rows.integer(1), rows.integer(2), rows.integer(3), std::nullopt, timeOf(rows.optionalInteger(4))};
    if (!rows.isNull(5))
        counts.lastFailure = OutputFailure{{rows.integer(5)}, std::string(rows.text(6)), std::string(rows.text(7))};
    return counts;
}

/// Columns: source, datapoints, last_datapoint_at.
SourceCounts sourceFrom(const Rows& rows)
{
    return {rows.integer(1), timeOf(rows.optionalInteger(2))};
}

template <class Map>
void apply(Map& published, std::unordered_map<std::int64_t, std::optional<typename Map::mapped_type>>& changed)
{
    for (auto& [key, counts] : changed) {
        if (counts)
            published.insert_or_assign(key, std::move(*counts));
        else
            published.erase(key);
    }
    changed.clear();
}

} // namespace

Counters::Counters(Connection& connection)
    : readOutputs_(
          connection,
          "SELECT output, items, skipped, failed, last_item_at, failure_at, failure_detail, failure_payload FROM output_count")
    , readOutput_(connection, "SELECT output, items, skipped, failed, last_item_at, failure_at, failure_detail, failure_payload "
                              "FROM output_count WHERE output = ?1")
    , writeOutput_(connection, "INSERT OR REPLACE INTO output_count (output, items, skipped, failed, last_item_at, failure_at, "
                               "failure_detail, failure_payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
    , removeOutput_(connection, "DELETE FROM output_count WHERE output = ?1")
    , readSources_(connection, "SELECT source, datapoints, last_datapoint_at FROM source_count")
    , readSource_(connection, "SELECT source, datapoints, last_datapoint_at FROM source_count WHERE source = ?1")
    , writeSource_(connection, "INSERT OR REPLACE INTO source_count (source, datapoints, last_datapoint_at) VALUES (?1, ?2, ?3)")
{
}

OutputCounts Counters::output(OutputKey output) const
{
    const std::lock_guard lock(mutex_);
    const auto found = outputs_.find(output);
    return found == outputs_.end() ? OutputCounts() : found->second;
}

SourceCounts Counters::source(SourceKey source) const
{
    const std::lock_guard lock(mutex_);
    const auto found = sources_.find(source);
    return found == sources_.end() ? SourceCounts() : found->second;
}

std::uint64_t Counters::revision(OutputKey output) const
{
    const std::lock_guard lock(mutex_);
    const auto found = revisions_.find(output);
    return found == revisions_.end() ? 0 : found->second;
}

Expected<void> Counters::load()
{
    const std::lock_guard lock(mutex_);
    for (Rows rows = readOutputs_.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        outputs_.insert_or_assign(rows.integer(0), outputFrom(rows));
    }
    for (Rows rows = readSources_.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        sources_.insert_or_assign(rows.integer(0), sourceFrom(rows));
    }
}

Expected<void> Counters::addToOutput(OutputKey output, const OutputIncrease& increase)
{
    OutputCounts counts = currentOutput(output);
    counts.items += increase.items;
    counts.skipped += increase.skipped;
    counts.failed += increase.failed;
    if (increase.lastFailure)
        counts.lastFailure = increase.lastFailure;
    counts.lastItemAt = std::max(counts.lastItemAt, increase.newestItemAt);
    const auto& failure = counts.lastFailure;
    const auto at = failure ? std::optional(failure->at.us) : std::nullopt;
    const auto detail = failure ? std::optional<std::string_view>(failure->detail) : std::nullopt;
    const auto payload = failure ? std::optional<std::string_view>(failure->payload) : std::nullopt;
    if (auto done =
            writeOutput_.run(output, counts.items, counts.skipped, counts.failed, usOf(counts.lastItemAt), at, detail, payload);
        !done)
        return done;
    changedOutputs_.insert_or_assign(output, std::move(counts));
    return {};
}

Expected<void> Counters::addToSource(SourceKey source, std::int64_t datapoints, Timestamp newest)
{
    SourceCounts counts = currentSource(source);
    counts.datapoints += datapoints;
    counts.lastDatapointAt = std::max(counts.lastDatapointAt, std::optional(newest));
    if (auto done = writeSource_.run(source, counts.datapoints, usOf(counts.lastDatapointAt)); !done)
        return done;
    changedSources_.insert_or_assign(source, counts);
    return {};
}

Expected<void> Counters::removeOutput(OutputKey output)
{
    if (auto done = removeOutput_.run(output); !done)
        return done;
    changedOutputs_.insert_or_assign(output, std::nullopt);
    return {};
}

Expected<void> Counters::readAgain()
{
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, counts] : outputs_)
            changedOutputs_.insert_or_assign(key, std::nullopt);
        for (const auto& [key, counts] : sources_)
            changedSources_.insert_or_assign(key, std::nullopt);
    }
    for (Rows rows = readOutputs_.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        changedOutputs_.insert_or_assign(rows.integer(0), outputFrom(rows));
    }
    for (Rows rows = readSources_.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        changedSources_.insert_or_assign(rows.integer(0), sourceFrom(rows));
    }
}

std::vector<OutputKey> Counters::outputs() const
{
    const std::lock_guard lock(mutex_);
    std::vector<OutputKey> keys;
    for (const auto& [key, counts] : outputs_) {
        if (!changedOutputs_.contains(key))
            keys.push_back(key);
    }
    for (const auto& [key, counts] : changedOutputs_) {
        if (counts)
            keys.push_back(key);
    }
    return keys;
}

bool Counters::knows(OutputKey output) const
{
    if (const auto changed = changedOutputs_.find(output); changed != changedOutputs_.end())
        return changed->second.has_value();
    const std::lock_guard lock(mutex_);
    return outputs_.contains(output);
}

Expected<void> Counters::reload()
{
    for (auto& [key, counts] : changedOutputs_) {
        Expected<std::optional<OutputCounts>> stored = storedOutput(key);
        if (!stored)
            return fail(stored.error());
        counts = std::move(*stored);
    }
    for (auto& [key, counts] : changedSources_) {
        const Expected<std::optional<SourceCounts>> stored = storedSource(key);
        if (!stored)
            return fail(stored.error());
        counts = *stored;
    }
    return {};
}

void Counters::publish()
{
    const std::lock_guard lock(mutex_);
    for (const auto& [output, counts] : changedOutputs_)
        revisions_[output] = ++lastRevision_;
    apply(outputs_, changedOutputs_);
    apply(sources_, changedSources_);
}

void Counters::discard()
{
    changedOutputs_.clear();
    changedSources_.clear();
}

Expected<std::optional<OutputCounts>> Counters::storedOutput(OutputKey output)
{
    Rows rows = readOutput_.query(output);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(outputFrom(rows)) : std::nullopt;
}

Expected<std::optional<SourceCounts>> Counters::storedSource(SourceKey source)
{
    Rows rows = readSource_.query(source);
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(sourceFrom(rows)) : std::nullopt;
}

OutputCounts Counters::currentOutput(OutputKey output) const
{
    const auto changed = changedOutputs_.find(output);
    return changed == changedOutputs_.end() ? this->output(output) : changed->second.value_or(OutputCounts());
}

SourceCounts Counters::currentSource(SourceKey source) const
{
    const auto changed = changedSources_.find(source);
    return changed == changedSources_.end() ? this->source(source) : changed->second.value_or(SourceCounts());
}

} // namespace iotman::store
