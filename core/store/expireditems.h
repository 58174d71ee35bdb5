// Which items of an output have expired, whether the cleaning has come by or not.
#pragma once

#include "core/store/retentionfloor.h"
#include "core/store/store.h"

#include <optional>
#include <vector>

namespace iotman::store {

/// Which of some sequences are a source's, inside the caller's read transaction. Remembers what it read last: who asks, asks for
/// neighbours.
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
    Expected<void> learn(Sequence sequence);

    Statements& statements_;
    SourceKey source_;
    Sequence first_ = 1, last_ = 0; ///< between these `known_` are all, sorted
    std::vector<Sequence> known_;
};

/// An item does not say what source it is of. One that lies below the floors of all sources has expired; where it lies below some,
/// it has if its datapoint is one of theirs that was not removed yet.
class ExpiredItems {
public:
    /// A connection's; it knows `hidden` (hidden.h).
    struct Statements {
        explicit Statements(Connection& connection)
            : floors(connection)
            , sequences(connection)
        {
        }
        FloorFinder floors;
        SourceSequences::Statements sequences;
    };

    /// As of the caller's read transaction, in which all of the rest is called.
    static Expected<ExpiredItems> of(Statements& statements, const KeptSources& kept, Timestamp now);

    /// What stands before has expired, all of it.
    Timestamp begin() const { return begin_; }
    /// Calls `visit` with what has not expired. This object outlives the visitor, and does not move meanwhile.
    ItemVisitor leftOut(const ItemVisitor& visit);
    ItemsVisitor leftOut(const ItemsVisitor& visit);
    /// What ended a walk.
    const std::optional<Error>& error() const { return error_; }

private:
    bool hasExpired(const Position& position);

    struct Source {
        Floor floor;
        SourceSequences sequences;
    };
    std::vector<Source> sources_;
    bool hasOthers_ = false;
    Floor highest_; ///< what is not below it is kept, whatever it is of
    Timestamp begin_ = Timestamp::min();
    std::optional<Error> error_;
};

} // namespace iotman::store
