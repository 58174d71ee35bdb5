// What a store must do, as plainly as it can be said: everything in maps, answers at once.
#pragma once

#include "core/store/store.h"

#include <map>

namespace iotman::store {

/// Not thread-safe. Its readers see what is there when they are called; they must not outlive it.
class MemoryStore final : public Store {
public:
    explicit MemoryStore(Catalog initial);

    std::shared_ptr<const Catalog> catalog() const override { return catalog_; }
    void change(std::string who, Timestamp at, std::function<Expected<void>(Catalog&, Sequence last)> change,
                Reply<void> reply, std::size_t bytes = 0) override;
    void expire(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most = expiredAtOnce) override;
    std::uint64_t expiries() const override { return expiries_; }
    void append(Batch batch, MakeItems make, Reply<Committed> reply) override;
    void commitStaged(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                      std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply) override;
    void discardStaged(std::string import, Reply<void> reply) override;
    void addRemade(Remade items, Reply<void> reply) override;
    Expected<void> saveSnapshot(const std::filesystem::path& file, Timestamp at, Extent extent) const override;
    void restoreSnapshot(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry,
                         std::function<void()> replaced, Reply<void> reply) override;
    void setListeners(std::function<void(std::span<const Published>)> listener,
                      std::function<void(std::shared_ptr<const Catalog>)> catalogListener) override;
    std::unique_ptr<Reader> reader() override;
    std::unique_ptr<Reader> retainedReader(const Keeping& keeping) override;
    std::unique_ptr<StagedReader> stagedReader() override;
    OutputCounts counts(OutputKey output) const override;
    SourceCounts sourceCounts(SourceKey source) const override;
    std::uint64_t revision(OutputKey) const override { return ++revision_; }
    std::size_t waitingBytes() const override { return 0; }
    std::int64_t storedBytes() const override { return 0; }
    void breakOff() override {} // nothing takes long
    Expected<void> inPlace() const override { return {}; }
    std::optional<Error> trouble() const override { return std::nullopt; }
    void remember(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply) override;
    void journal(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply) override;

private:
    friend class MemoryReader;
    struct Item {
        std::string text;
        Arrival arrival;
    };
    struct Kept {
        SourceKey source;
        Timestamp time;
        std::string payload;
        StagedKey staged = 0;
        Arrival arrival = Arrival::Live;
    };
    struct Import {
        StagedImport facts;
        std::map<OutputKey, OutputCounts> made;
    };
    bool isHidden(Sequence sequence) const;
    StagedKey stage(const Staged& staged, SourceKey source, std::size_t count);
    void count(StagedKey staged, OutputKey output, std::int64_t items, std::int64_t skipped, std::int64_t failed,
               const std::optional<OutputFailure>& failure, std::optional<Timestamp> newest);
    void note(const std::vector<std::pair<std::string, std::string>>& notes);

    std::shared_ptr<const Catalog> catalog_;
    Sequence last_ = 0;
    std::uint64_t expiries_ = 0;
    mutable std::uint64_t revision_ = 0;
    std::map<OutputKey, std::map<Position, Item>> items_;
    std::map<Sequence, Kept> datapoints_;
    std::map<std::string, Import> imports_;
    std::map<OutputKey, OutputCounts> counts_;
    std::map<SourceKey, SourceCounts> sourceCounts_;
    std::map<std::string, std::string, std::less<>> notes_;
    std::map<std::pair<SourceKey, std::string>, std::pair<Timestamp, Answered>, std::less<>> requests_;
    std::vector<AuditEntry> audit_;
    std::function<void(std::span<const Published>)> listener_;
    std::function<void(std::shared_ptr<const Catalog>)> catalogListener_;
};

} // namespace iotman::store
