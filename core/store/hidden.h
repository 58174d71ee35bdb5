// What imports have staged and nobody sees yet, as ranges of sequences.
#pragma once

#include "core/store/sqlite.h"
#include "core/store/store.h"

#include <memory>
#include <vector>

namespace iotman::store {

/// Sequences first … last of one import.
struct HiddenRange {
    Sequence first = 0;
    Sequence last = 0;
    StagedKey staged = 0; ///< 0: it was discarded, what lies there is being removed
    SourceKey source = 0;
};

/// Sorted, none overlaps another. A value: a reader's belongs to its snapshot, the writer's to its transaction.
class HiddenRanges {
public:
    HiddenRanges() = default;
    explicit HiddenRanges(std::vector<HiddenRange> sorted)
        : ranges_(std::move(sorted))
    {
    }
    bool empty() const { return ranges_.empty(); }
    const std::vector<HiddenRange>& all() const { return ranges_; }

    /// Where `sequence` lies; null when everybody sees it.
    const HiddenRange* find(Sequence sequence) const;
    bool contains(Sequence sequence) const { return !empty() && find(sequence) != nullptr; }
    /// Whether all of first … last lies in one range.
    bool covers(Sequence first, Sequence last) const;
    /// The first that was discarded; null when there is none.
    const HiddenRange* discarded() const;

    /// Behind all others. True when it made the last one longer, which ends where it begins and is of the same import.
    bool add(const HiddenRange& range);
    void discard(StagedKey staged);
    void remove(StagedKey staged);
    void removeAt(Sequence first);

private:
    std::vector<HiddenRange> ranges_;
};

using SharedHiddenRanges = std::shared_ptr<const HiddenRanges>;

/// As of the caller's transaction.
Expected<SharedHiddenRanges> readHidden(Statement& ranges);
inline constexpr const char* selectHidden = "SELECT first, last, staged, source FROM staged_range ORDER BY first";

/// Gives SQL on this connection the function `hidden(least, greatest)`: whether all of these lie in one range of what `ranges`
/// points to at that moment. `ranges` outlives the connection's statements.
Expected<void> defineHidden(Connection& connection, const SharedHiddenRanges& ranges);

} // namespace iotman::store
