// A thread's own way to read the database.
#pragma once

#include "core/store/heldfile.h"
#include "core/store/readgate.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace iotman::store {

class SqliteReader final : public Reader, public StagedReader, private ReadGate::Keeper {
public:
    /// Opens its connection at the first call, and again at the next one where that failed. Items that `keeping` does not keep are
    /// left out; null: it keeps all.
    SqliteReader(const HeldFile& held, std::chrono::milliseconds lockTimeout, std::shared_ptr<ReadGate> gate,
                 const Keeping* keeping = nullptr);
    ~SqliteReader() override;

    Expected<void> newestFirst(OutputKey output, Timestamp from, Timestamp to, const std::optional<Position>& before,
                               const ItemsVisitor& visit) override;
    Expected<void> oldestFirst(OutputKey output, Sequence after, Sequence until, const Position& position,
                               const ItemVisitor& visit) override;
    Expected<void> bySequence(OutputKey output, Sequence after, const ItemVisitor& visit) override;
    Expected<void> datapoints(std::optional<SourceKey> source, Sequence after, Sequence until,
                              const DatapointVisitor& visit) override;
    Expected<Sequence> lastSequence() override;
    Expected<std::optional<std::string>> note(std::string_view key) override;
    Expected<std::optional<Answered>> answered(SourceKey source, std::string_view identity, Timestamp since) override;
    Expected<Floor> floor(SourceKey source, const Retention& retention, Timestamp now) override;
    std::optional<Position> brokenOff() const override { return brokenOff_; }
    Expected<std::vector<AuditEntry>> audit(std::int64_t before, int limit) override;
    Expected<std::vector<StagedImport>> stagedImports() override;
    Expected<void> allDatapoints(Sequence after, Sequence until, const StagedVisitor& visit) override;

private:
    struct Statements;
    /// Runs `read` in a read transaction: all that it reads is of one commit. The transaction stays for the next read until something
    /// is committed or the log has to start anew: to begin one costs as much as a short page.
    template <class T, class Read>
    Expected<T> snapshot(const Read& read);
    /// Calls `read` in such a transaction with a visitor that hands on to `visit` what has not expired.
    template <class Visitor, class Read>
    Expected<void> items(OutputKey output, const Visitor& visit, const Read& read);
    Expected<void> open();
    Expected<void> begin(std::uint64_t commits);
    void endKept() override;
    void end(); ///< with `using_` held

    HeldFile held_;
    std::chrono::milliseconds lockTimeout_;
    std::shared_ptr<ReadGate> gate_;
    const Keeping* keeping_;
    std::mutex using_; ///< of the connection: the checkpointer ends what is kept
    std::unique_ptr<Statements> statements_;
    std::optional<Position> brokenOff_;
    std::optional<std::uint64_t> keptAt_; ///< the count of commits before the transaction was begun
};

} // namespace iotman::store
