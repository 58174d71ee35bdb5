// Named states of a workspace, saved and restored while it is served.
#pragma once

#include "core/model/clock.h"
#include "core/pipeline/applier.h"
#include "core/server/fanout.h"

#include <filesystem>
#include <string>
#include <vector>

namespace iotman::server {

using SnapshotName = Slug; ///< `[a-z0-9_-]{1,64}`

struct SnapshotFacts {
    SnapshotName name;
    Timestamp createdAt;
    std::int64_t bytes = 0;
};

/// A snapshot is a file in `snapshots` in the data folder. One thread at a time, never the writer's; calls wait for disk and
/// writer.
class Snapshots {
public:
    static constexpr std::size_t most = 1000;

    Snapshots(std::filesystem::path dataFolder, pipeline::Pipeline& pipeline, pipeline::Applier& applier, FanOut& fanOut,
              const Clock& clock);

    /// Newest first. A file that cannot be read is left out.
    std::vector<SnapshotFacts> list() const;
    /// Errors: NotFound; Internal when it is damaged.
    Expected<SnapshotFacts> find(const SnapshotName& name) const;
    /// Errors: Conflict when the name is taken or there are too many; NoSpace, Unavailable, Internal: then nothing is left of it.
    Expected<SnapshotFacts> save(const SnapshotName& name, const std::string& who);
    /// Brings the state back in one commit and closes all streams with 1012. Errors: NotFound, Internal when it is damaged; then
    /// nothing has changed.
    Expected<SnapshotFacts> restore(const SnapshotName& name, const std::string& who);
    /// Errors: NotFound.
    Expected<void> remove(const SnapshotName& name, const std::string& who);

private:
    std::filesystem::path path(const SnapshotName& name) const;
    Expected<void> journal(const SnapshotName& name, const std::string& who, std::string_view what) const;

    const std::filesystem::path folder_;
    pipeline::Pipeline& pipeline_;
    pipeline::Applier& applier_;
    FanOut& fanOut_;
    const Clock& clock_;
};

} // namespace iotman::server
