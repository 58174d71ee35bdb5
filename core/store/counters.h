// The counters of outputs and sources, exact: they are written in the transaction that they count.
#pragma once

#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <mutex>
#include <unordered_map>

namespace iotman::store {

/// What a write adds to an output's counters.
struct OutputIncrease {
    std::int64_t items = 0;
    std::int64_t skipped = 0;
    std::int64_t failed = 0;
    std::optional<OutputFailure> lastFailure;
    std::optional<Timestamp> newestItemAt;
};

class Counters {
public:
    explicit Counters(Connection& connection);

    // ---- Any thread: the counters of the last commit.

    OutputCounts output(OutputKey output) const;
    SourceCounts source(SourceKey source) const;
    std::uint64_t revision(OutputKey output) const;

    // ---- Writer thread, inside its transaction.

    Expected<void> load();
    Expected<void> addToOutput(OutputKey output, const OutputIncrease& increase);
    Expected<void> addToSource(SourceKey source, std::int64_t datapoints, Timestamp newest);
    Expected<void> removeOutput(OutputKey output);
    /// Other code wrote the tables in this transaction: takes all counters from there.
    Expected<void> readAgain();
    /// The keys of all outputs that ever counted something and were not removed, as of this transaction.
    std::vector<OutputKey> outputs() const;
    bool knows(OutputKey output) const;

    /// A part of the transaction was rolled back: reads again what was changed in it.
    Expected<void> reload();
    /// The transaction is durable: shows its counters. Else forgets them.
    void publish();
    void discard();

private:
    Expected<std::optional<OutputCounts>> storedOutput(OutputKey output);
    Expected<std::optional<SourceCounts>> storedSource(SourceKey source);
    OutputCounts currentOutput(OutputKey output) const;
    SourceCounts currentSource(SourceKey source) const;

    mutable std::mutex mutex_; ///< guards what is published
    std::unordered_map<OutputKey, OutputCounts> outputs_;
    std::unordered_map<SourceKey, SourceCounts> sources_;
    std::unordered_map<OutputKey, std::uint64_t> revisions_;
    std::uint64_t lastRevision_ = 0;
    /// What this transaction changed; nothing: removed.
    std::unordered_map<OutputKey, std::optional<OutputCounts>> changedOutputs_;
    std::unordered_map<SourceKey, std::optional<SourceCounts>> changedSources_;
    Statement readOutputs_, readOutput_, writeOutput_, removeOutput_;
    Statement readSources_, readSource_, writeSource_;
};

} // namespace iotman::store
