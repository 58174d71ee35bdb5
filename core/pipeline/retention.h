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

/// Removes what the source does not keep any longer, before a change of the catalog in which its limits may be lost and this be
/// shown again. As much as comes between two cleanings, and more; the store does it before what it is given afterwards. `reader` is of
/// the calling thread, `version` of the catalog that `source` is from.
void expireBeforeChange(store::Store& store, store::Reader& reader, std::uint64_t version, const Source& source, Timestamp now);

/// The same for each source whose settings differ in `sources`, or which is not among them.
void expireBeforeChange(store::Store& store, store::Reader& reader, const Catalog& catalog, const std::vector<SourceDraft>& sources, Timestamp now);

/// What sources keep. Immutable; any thread.
class RetentionRules {
public:
    static std::shared_ptr<const RetentionRules> make(const Catalog& catalog);

    /// Of the catalog that they were read from.
    std::uint64_t version() const { return version_; }
    const store::KeptSources& sources() const { return sources_; }
    /// Those that an output reads; null where it reads none.
    const store::KeptSources* ofOutput(OutputKey output) const;

private:
    std::uint64_t version_ = 0;
    store::KeptSources sources_;
    std::map<OutputKey, store::KeptSources> outputs_;
};

/// Knows what is kept, and removes what has expired, on a thread of its own, a slice at a time.
class Retention final : public store::Keeping {
public:
    Retention(store::Store& store, const Clock& clock);
    ~Retention() override { stop(); }
    Retention(const Retention&) = delete;
    Retention& operator=(const Retention&) = delete;

    /// The store is not used after this.
    void stop();

    /// Sources were added, changed or removed. Any thread.
    void catalogChanged(const Catalog& catalog);

    std::shared_ptr<const store::KeptSources> ofOutput(OutputKey output) const override;
    std::shared_ptr<const store::KeptSources> ofAll() const override;
    Timestamp now() const override { return clock_.now(); }

private:
    void work(const std::stop_token& stop);
    void cleanUp(const std::stop_token& stop, std::unique_lock<std::mutex>& lock, store::Reader& reader);

    store::Store& store_;
    const Clock& clock_;
    std::atomic<std::shared_ptr<const RetentionRules>> rules_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::size_t atOnce_ = store::expiredAtOnce; ///< its thread's: less after the disk had no room for so many
    std::jthread thread_;
};

} // namespace iotman::pipeline
