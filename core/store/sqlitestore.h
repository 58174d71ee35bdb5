// The store in one SQLite database, `workspace.sqlite`, in a data folder.
#pragma once

#include "core/store/heldfile.h"
#include "core/store/latelimits.h"
#include "core/store/mergepace.h"
#include "core/store/store.h"

#include <chrono>
#include <filesystem>
#include <stop_token>

namespace iotman::store {

class ReadGate;
class Writer;

struct OpenOptions {
    /// More than this may not wait to be written; one request alone may be larger.
    std::size_t mostWaitingBytes = std::size_t(64) * 1024 * 1024;
    /// How long another process may keep the database locked before a write or a read gives Unavailable.
    std::chrono::milliseconds lockTimeout = std::chrono::seconds(10);
    /// So much of the disk is kept for making room when it is full, less on a small one; 0: nothing.
    std::size_t reserveBytes = 0;
    LateLimits late = lateLimits;
    MergeTiming merging = mergeTiming;
};

/// `MakeItems` may be called again for the same batch, with another first sequence, when a commit had to be given up for others
/// in its group. A note with an empty value removes the note. Positions that are added to an output must be new in it.
class SqliteStore final : public Store {
public:
    /// Opens the database in `folder`, which exists and is this process's alone (DataFolder); makes it with `initial` as its
    /// catalog where there is none. Errors: Conflict when a newer program wrote it, NoSpace, Unavailable, Internal when it is
    /// damaged: a damaged database is never replaced by an empty one.
    static Expected<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& folder, const Catalog& initial,
                                                       const OpenOptions& options = {});
    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    std::shared_ptr<const Catalog> catalog() const override;
    void change(std::string who, Timestamp at, std::function<Expected<void>(Catalog&, Sequence last)> change,
                Reply<void> reply, std::size_t bytes = 0) override;
    void journal(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply) override;
    void remember(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply) override;
    void expire(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most = expiredAtOnce) override;
    std::uint64_t expiries() const override;
    void append(Batch batch, MakeItems make, Reply<Committed> reply) override;
    void commitStaged(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                      std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply) override;
    void discardStaged(std::string import, Reply<void> reply) override;
    void addRemade(Remade items, Reply<void> reply) override;
    Expected<void> saveSnapshot(const std::filesystem::path& file, Timestamp at, Extent extent) const override;
    void restoreSnapshot(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry,
                         std::function<void()> replaced, Reply<void> reply) override;
    void breakOff() override { brokenOff_.request_stop(); }
    void setListeners(std::function<void(std::span<const Published>)> listener,
                      std::function<void(std::shared_ptr<const Catalog>)> catalogListener) override;
    /// May outlive the store.
    std::unique_ptr<Reader> reader() override;
    std::unique_ptr<Reader> retainedReader(const Keeping& keeping) override;
    std::unique_ptr<StagedReader> stagedReader() override;
    OutputCounts counts(OutputKey output) const override;
    SourceCounts sourceCounts(SourceKey source) const override;
    std::uint64_t revision(OutputKey output) const override;
    std::size_t waitingBytes() const override;
    std::int64_t storedBytes() const override;
    Expected<void> inPlace() const override;
    std::optional<Error> trouble() const override;

private:
    SqliteStore(const HeldFile& held, std::chrono::milliseconds lockTimeout, std::shared_ptr<ReadGate> reading,
                std::unique_ptr<Writer> writer);

    HeldFile held_;
    std::chrono::milliseconds lockTimeout_;
    std::shared_ptr<ReadGate> reading_;
    std::stop_source brokenOff_;
    std::unique_ptr<Writer> writer_;
};

} // namespace iotman::store
