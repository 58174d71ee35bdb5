// Which items of an output have expired, whether the cleaning has come by or not.
#pragma once

#include "core/store/retentionfloor.h"
#include "core/store/store.h"

#include <map>
#include <optional>
#include <vector>

namespace iotman::store {

/// Which of some sequences are a source's, inside the caller's read transaction. Remembers what it read: who asks, asks for neighbours.
class SourceSequences {
public:
    struct Statements {
        explicit Statements(Connection& connection);
        Connection& connection;
        Statement blockFrom, blockBefore, tail;
    };
    SourceSequences(Statements& statements, SourceKey source)
        : statements_(statements)
        , source_(source)
    {
    }
    Expected<bool> contain(Sequence sequence);

private:
    /// All of a source's sequences from one to another.
    struct Stretch {
        Sequence last = 0;
        std::vector<Sequence> sequences; ///< sorted
    };
    Expected<const Stretch*> learn(Sequence sequence);
    Expected<void> readTail(std::vector<Sequence>& sequences);

    Statements& statements_;
    SourceKey source_;
    std::map<Sequence, Stretch> known_; ///< by their first
};

/// An item does not say what source it is of: one that lies below the floor of some has expired if its datapoint is one of theirs.
class ExpiredItems {
public:
    /// A connection's; it knows `hidden` (hidden.h).
    struct Statements {
        Statements(Connection& connection, const SharedHiddenRanges& hidden)
            : floors(connection, hidden)
            , sequences(connection)
        {
        }
        FloorFinder floors;
        SourceSequences::Statements sequences;
    };

    /// As of the caller's read transaction, in which all of the rest is called.
    static Expected<ExpiredItems> of(Statements& statements, const KeptSources& kept, Timestamp now);

    /// Calls `visit` with what has not expired, until too much has. This object outlives the visitor, and does not move meanwhile.
    ItemVisitor leftOut(const ItemVisitor& visit);
    ItemsVisitor leftOut(const ItemsVisitor& visit);
    /// What ended a walk.
    const std::optional<Error>& error() const { return error_; }
    /// The last item of a walk that met too much that has expired: a limit lowered on what has been stored for years takes long to clean.
    const std::optional<Position>& brokenOff() const { return brokenOff_; }

private:
    /// Of one walk.
    static constexpr int mostPassed = 20'000;

    bool hasExpired(const Position& position);
    bool isKept(const Position& position);
    bool goesOn() const { return !error_ && !brokenOff_; }

    struct Source {
        Floor floor;
        SourceSequences sequences;
    };
    std::vector<Source> sources_;
    Floor highest_; ///< what is not below it is kept, whatever it is of
    std::optional<Error> error_;
    std::optional<Position> brokenOff_;
    int passed_ = 0;
};

} // namespace iotman::store
