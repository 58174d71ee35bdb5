// Named states of a workspace, saved and restored while it is served.
#pragma once

#include "core/mirror/mirrorsources.h"
#include "core/model/clock.h"
#include "core/pipeline/applier.h"
#include "core/pipeline/replaysources.h"
#include "core/pipeline/timedsources.h"
#include "core/server/fanout.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

using SnapshotName = Slug; ///< `[a-z0-9_-]{1,64}`

struct SnapshotFacts {
    SnapshotName name;
    Timestamp createdAt;
    std::int64_t bytes = 0;
};

/// What brings data in or makes items by itself: it rests while what is stored is replaced. Null pointers where there is none.
struct Workers {
    pipeline::Applier& applier;
    pipeline::TimedSources* timed = nullptr;
    pipeline::ReplaySources* replays = nullptr;
    mirror::MirrorSources* mirrors = nullptr;
};

/// Whether all snapshots in a data folder hold what was written, the one for `reset` among them. Errors: of the first that does not.
Expected<void> checkSnapshots(const std::filesystem::path& dataFolder);

/// A snapshot is a file in `snapshots` in the data folder. The state that a workspace file made is one beside them, without a
/// name. One thread at a time, never the writer's; calls wait for disk and writer.
class Snapshots {
public:
    static constexpr std::size_t most = 1000;
    static constexpr std::int64_t mostStartBytes = 256LL * 1024 * 1024;

    Snapshots(std::filesystem::path dataFolder, pipeline::Pipeline& pipeline, const Workers& workers, FanOut& fanOut,
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
    /// Keeps the present state for `reset`, unless the one of `mark` is kept already; there is one at most. A store that takes more
    /// than `mostStartBytes` is not kept twice: then there is none. Errors: NoSpace, Unavailable, Internal; then there is none.
    Expected<void> keepStart(const std::string& mark);
    /// Brings back what `keepStart` kept, as `restore` does, and scopes and clients with it: whoever tests may have changed them.
    /// Gives when it was kept. Errors: Conflict when nothing is kept, or it is damaged; then nothing has changed.
    Expected<Timestamp> reset(const std::string& who);
    /// Errors: NotFound.
    Expected<void> remove(const SnapshotName& name, const std::string& who);

private:
    std::filesystem::path path(const SnapshotName& name) const;
    std::optional<std::filesystem::path> startFile() const;
    Expected<void> bringBack(const std::filesystem::path& file, const std::string& who, const CatalogDifference& entry,
                             const std::string& said);
    Expected<void> journal(const SnapshotName& name, const std::string& who, std::string_view what) const;

    const std::filesystem::path dataFolder_;
    const std::filesystem::path folder_;
    pipeline::Pipeline& pipeline_;
    const Workers workers_;
    FanOut& fanOut_;
    const Clock& clock_;
};

} // namespace iotman::server
