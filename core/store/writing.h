// What a write works with: the connection of the writer thread and all that is known of the database there.
#pragma once

#include "core/store/counters.h"
#include "core/store/datapointwriter.h"
#include "core/store/itemwriter.h"
#include "core/store/sqlite.h"
#include "core/store/staging.h"
#include "core/store/store.h"

#include <memory>
#include <set>
#include <span>

namespace iotman::store {

/// What a rollback puts back.
struct WriteState {
    Sequence lastSequence = 0;
    std::shared_ptr<const Catalog> catalog;
    std::set<OutputKey> abandoned; ///< outputs whose items are to be removed
    std::set<OutputKey> replaced;  ///< outputs whose items went with what is being written
    std::uint64_t expiries = 0;    ///< as Store::expiries
    SharedHiddenRanges hidden = std::make_shared<const HiddenRanges>();
};

/// Writer thread only.
class Writing {
public:
    Writing(Connection opened, const LateLimits& late);
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

    /// Reads the catalog, the counters, the last sequence and what is hidden.
    Expected<void> load();

    Expected<void> writeNotes(std::span<const std::pair<std::string, std::string>> notes);
    /// Datapoints of `source` have expired, up to this sequence: who remembers how much there is counts again (retentionfloor.h).
    Expected<void> writeExpiry(SourceKey source, Sequence greatest);
    Expected<void> writeLastSequence();
    /// Remembers a request and forgets those of its source that are too old or too many.
    Expected<void> writeRequest(SourceKey source, const RequestIdentity& request, std::int64_t accepted);
    /// Other data are there: up to the last sequence nothing is live any more, and what was known of them is found out anew.
    Expected<void> writeRestore();
    /// The greatest sequence of a datapoint that is there.
    Expected<Sequence> greatestStored();
    /// What an output has made counts no more.
    Expected<void> removeCounts(OutputKey output);
    /// Counts what an output has made of datapoints that are staged.
    Expected<void> countStaged(StagedKey staged, OutputKey output, std::string_view madeWith, const OutputIncrease& made);

    Connection connection;
    ItemWriter items;
    DatapointWriter datapoints;
    Counters counters;
    Staging staging;
    WriteState state;

private:
    Statement putNote_, removeNote_, writeLastSequence_, putRequest_, forgetRequests_, forgetSameRequest_, writeLiveFloor_, writeRestores_, writeExpiries_;
};

} // namespace iotman::store
