// The books of what imports have staged: where it lies, and what outputs made of it.
#pragma once

#include "core/store/counters.h"
#include "core/store/hidden.h"
#include "core/store/sqlite.h"

#include <map>
#include <span>

namespace iotman::store {

/// So many pieces of staged datapoints may lie between those of others: each reader knows them all.
inline constexpr std::size_t mostHiddenRanges = 10'000;

/// What an output made of what is staged of an import.
struct StagedCount {
    std::string madeWith; ///< empty: with different rules
    OutputIncrease made;

    std::int64_t datapoints() const { return made.items + made.skipped + made.failed; }
};

/// Inside the caller's transaction. Writer thread only. `hidden` is that of the transaction's state.
class Staging {
public:
    struct Import {
        StagedKey key = 0;
        SourceKey source = 0;
        std::int64_t datapoints = 0;
        Timestamp newest;
        bool lost = false;
    };

    explicit Staging(Connection& connection);

    Expected<std::optional<Import>> find(std::string_view import);
    Expected<bool> isStaged(StagedKey staged);

    /// Hides `count` datapoints from `first` on. Errors: Conflict, as Store::append says.
    Expected<StagedKey> add(const Staged& staged, SourceKey source, Sequence first, std::size_t count, Timestamp newest,
                            SharedHiddenRanges& hidden);
    Expected<void> count(StagedKey staged, OutputKey output, std::string_view madeWith, const OutputIncrease& made);
    Expected<std::map<OutputKey, StagedCount>> counts(StagedKey staged);
    Expected<void> forgetCount(StagedKey staged, OutputKey output);
    /// Of all imports.
    Expected<void> forgetOutput(OutputKey output);

    /// What is staged is hidden no longer.
    Expected<void> show(StagedKey staged, SharedHiddenRanges& hidden);
    /// It stays hidden and is nobody's.
    Expected<void> discard(StagedKey staged, SharedHiddenRanges& hidden);
    /// Nothing lies in this range any more.
    Expected<void> removeRange(const HiddenRange& range, SharedHiddenRanges& hidden);

    Expected<std::vector<std::pair<std::string, Import>>> all();
    /// Another state was restored: what is staged there is nobody's, and those of before have lost what they had.
    Expected<void> restored(std::span<const std::pair<std::string, Import>> before, SharedHiddenRanges& hidden);

    Expected<SharedHiddenRanges> hidden() { return readHidden(selectHidden_); }

private:
    Expected<void> forget(StagedKey staged);

    Connection& connection_;
    Statement find_, all_, isStaged_, addImport_, growImport_, addRange_, growRange_, removeRange_;
    Statement count_, readCounts_, forgetCount_, forgetOutput_;
    Statement showRanges_, discardRanges_, removeImport_, removeCounts_, lose_, selectHidden_;
};

} // namespace iotman::store
