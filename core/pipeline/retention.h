// How long what came in is kept: a floor for each source, checked on every read and cleaned up behind.
#pragma once

#include "core/model/clock.h"
#include "core/store/store.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace iotman::pipeline {

/// Of a source's settings: `{"retention":{"age":seconds,"count":…,"bytes":…}}`.
store::Retention retentionOf(const Source& source);

/// What the sources keep whose datapoints an output reads. Immutable; any thread.
class RetentionRules {
public:
    using Kept = std::vector<std::pair<SourceKey, store::Retention>>;

    /// `strangers`: there are datapoints of sources that the catalog does not have any more. Nobody limits those.
    static std::shared_ptr<const RetentionRules> make(const Catalog& catalog, bool strangers);

    /// Sources that keep less than everything.
    const Kept& sources() const { return sources_; }
    /// Of an output all of whose sources keep less than everything; else empty: nothing of it lies below a floor for sure.
    const Kept& ofOutput(OutputKey output) const;

private:
    Kept sources_;
    std::map<OutputKey, Kept> outputs_;
};

/// Removes what has expired, on a thread of its own, a slice at a time.
class Retention {
public:
    Retention(store::Store& store, const Clock& clock);
    ~Retention() { stop(); }
    Retention(const Retention&) = delete;
    Retention& operator=(const Retention&) = delete;

    /// The store is not used after this.
    void stop();

    /// Sources were added, changed or removed. Any thread.
    void catalogChanged(const Catalog& catalog);

    /// A reader that leaves out what has expired, removed or not. This object and its store outlive it. Any thread.
    std::unique_ptr<store::Reader> reader();
    std::shared_ptr<const RetentionRules> rules() const { return rules_.load(); }
    const Clock& clock() const { return clock_; }

private:
    void work(const std::stop_token& stop);
    void cleanUp(const std::stop_token& stop, store::Reader& reader);

    store::Store& store_;
    const Clock& clock_;
    std::atomic<std::shared_ptr<const RetentionRules>> rules_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::jthread thread_;
};

} // namespace iotman::pipeline
