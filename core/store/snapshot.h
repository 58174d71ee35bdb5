// A state of a workspace in a file of its own: what a restore brings back, and nothing else.
#pragma once

#include "core/model/restored.h"
#include "core/store/sqlite.h"

#include <filesystem>
#include <stop_token>

namespace iotman::store {

/// Copies sources, outputs, endpoints, CORS, datapoints, items, counters and notes, as of one commit, into a new file: no
/// members, no audit log, and scopes and clients only where `extent` says so. What imports have staged goes with it, hidden: a
/// restore discards that. Writers go on meanwhile. The file is whole and durable, or not there. Any thread. Errors: Conflict when
/// the file exists; NoSpace, Internal; Unavailable, also where `stop` ended it.
Expected<void> writeSnapshot(const std::string& database, const std::filesystem::path& file, Timestamp at, Extent extent,
                             const std::stop_token& stop);

/// When the snapshot in `file` was taken. Errors: Internal when it is none.
Expected<Timestamp> snapshotTime(const std::filesystem::path& file);

/// Reads all of it: whether it holds what was written, as far as a restore could tell. Changes nothing. Errors: Internal when
/// not, with the file's name; Conflict when a newer program wrote it.
Expected<void> checkSnapshot(const std::filesystem::path& file);

/// A snapshot that is being restored. Writer thread only.
class Snapshot {
public:
    /// Brings the file to this program's format. Errors: Internal when it is damaged, Conflict when a newer program wrote it.
    static Expected<Snapshot> open(const std::filesystem::path& file);

    /// The part of the catalog that it holds.
    Expected<Catalog> catalog();
    Expected<Extent> extent();

    /// Replaces datapoints, items, counters and notes of `database` by the snapshot's, inside the caller's transaction. Errors:
    /// Internal when what it reads is not what was written, Unavailable where `stop` ended it: roll back.
    Expected<void> copyInto(Connection& database, const std::stop_token& stop);

private:
    Snapshot(Connection connection, bool isAsWritten);

    Connection connection_;
    bool isAsWritten_; ///< not brought to a newer format: its checksum is of what it holds
};

} // namespace iotman::store
