// Where what is kept of a source begins.
#pragma once

#include "core/store/block.h"
#include "core/store/hidden.h"
#include "core/store/sqlite.h"

#include <map>

namespace iotman::store {

/// Inside the caller's read transaction, on a connection that knows `hidden` (hidden.h): what is staged does not count, nor what is beyond
/// the age, else an old backlog would push out what is fresh. Looks from the newest datapoint back the first time; then it goes on from what
/// it found, as long as nothing went of what is kept, nor came between. Where very much is beyond the age and not removed yet, nothing goes
/// by count or bytes until it is.
class FloorFinder {
public:
    /// `hidden` is that of the transaction in which it is asked.
    FloorFinder(Connection& connection, const SharedHiddenRanges& hidden);

    Expected<Floor> find(SourceKey source, const Retention& retention, Timestamp now);

private:
    /// What else happened to a source than that datapoints came.
    struct Past {
        std::int64_t restores = 0; ///< of snapshots, whatever was in them
        std::int64_t expiries = 0; ///< how often some were removed
        Sequence expired = 0;      ///< the greatest that was
    };
    /// What is kept by count and bytes: from `first` on, up to `last`, which is the newest.
    struct Kept {
        Retention limits;
        /// What is older does not count. Nothing: all counts, which is all that has to be known as long as that is not too much.
        std::optional<Timestamp> since;
        std::int64_t count = 0, bytes = 0;
        Sequence first = 0; ///< 0: nothing had to go
        bool isUnknown = false; ///< too much is beyond the age
        Sequence last = 0;
        SharedHiddenRanges hidden;
        Past past;

        bool isTooMuch() const { return isTooMuch(count, bytes); }
        bool isTooMuch(std::int64_t ofCount, std::int64_t ofBytes) const;
    };
    bool isUsable(const Kept& kept, const Retention& retention, Timestamp since, const Past& past) const;
    Expected<Past> pastOf(SourceKey source);
    /// By count and bytes, as of now. `since`: the age.
    Expected<Kept> keptOf(SourceKey source, const Retention& retention, Timestamp since);
    Expected<Kept> begin(SourceKey source, const Retention& retention, std::optional<Timestamp> since);
    Expected<void> goOn(SourceKey source, Kept& kept);
    Expected<void> addNewer(SourceKey source, Kept& kept);
    Expected<void> dropOldest(SourceKey source, Kept& kept); ///< sets `first`
    Expected<std::string> bodyOf(const Rows& rows) const;
    /// Some datapoints that stand side by side.
    struct Span {
        Sequence first = 0, last = 0;
        std::int64_t count = 0, bytes = 0;
    };
    enum class Order { NewestFirst, OldestFirst };
    /// Calls `whole` with each block whose size is known and in which nothing is before `since`, and `one` with each datapoint of those that
    /// it does not take, and of the tail, until that says false, which is then the answer, or too many blocks would have to be opened.
    /// Oldest first: with sequences from `from` on, and others of their blocks.
    template <class Whole, class One>
    Expected<bool> visit(Statement& blocks, Statement& tail, Order order, SourceKey source, Sequence from, std::optional<Timestamp> since,
                         const Whole& whole, const One& one);

    Connection& connection_;
    const SharedHiddenRanges& hidden_;
    std::map<SourceKey, Kept> kept_;
    int mayOpen_ = 0; ///< blocks for what is beyond the age in them, until a floor is found; below 0: it is not
    Statement newestTail_, newestBlocks_, tailFrom_, blocksFrom_, past_;
};

} // namespace iotman::store
