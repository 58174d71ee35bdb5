// Imports that are staged: their rows are stored and seen by nobody, until they are committed together or discarded.
#pragma once

#include "core/model/clock.h"
#include "core/pipeline/pipeline.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iotman::server {

struct StagedImport {
    std::string id;
    SourceName source;
    std::string name; ///< for people: of a file, say
    std::string once; ///< not empty: what makes two imports into the source the same (pipeline::sameImport)
    std::int64_t rows = 0;
    std::optional<std::int64_t> accepted; ///< nothing while it is open
    Timestamp createdAt;
    std::string createdBy;
    /// The least and the greatest time of its datapoints; nothing where there is none, or rows were staged before the server started.
    std::optional<std::pair<Timestamp, Timestamp>> range;
};

/// Rows lie in the store; what an import is says a file in `imports` in the data folder. One thread at a time; calls wait for the
/// disk and the store's writer.
class Imports {
public:
    static constexpr const char* folderName = "imports"; ///< in the data folder
    static constexpr std::size_t mostOpen = 64;
    static constexpr std::size_t mostKnown = 1024; ///< the committed ones that are known for a day among them
    /// So much of the disk is left to others: what comes in live, and the discarding of what is staged, which needs some itself.
    static constexpr std::uintmax_t leftFree = std::uintmax_t(8) * 1024 * 1024;

    using Log = std::function<void(const std::string& line)>;

    /// `log` is told, for the operator, what of an earlier run cannot be read.
    Imports(std::filesystem::path dataFolder, pipeline::Pipeline& pipeline, const Clock& clock, Random& random, Log log);

    /// Whether what the folder says of imports can be read; nothing is written. Errors: Internal, naming the file.
    static Expected<void> check(const std::filesystem::path& dataFolder);

    /// With `once`, content that was imported into this source before is not imported again: the import is committed from the
    /// start. Errors: NotFound without the source; Conflict when `mostOpen` are open; NoSpace, Internal.
    Expected<StagedImport> create(const SourceName& source, std::string name, std::string once, const std::string& who);
    /// Makes datapoints and items of them, durable and hidden. `rows` has payloads and datapoints. Errors: NotFound; Conflict
    /// when `at` is not the number of rows staged so far, the import is committed, its source is gone or a snapshot was restored
    /// meanwhile; the store's.
    Expected<StagedImport> addRows(const std::string& id, std::int64_t at, store::Batch rows);
    /// Shows the rows to everybody in one small commit. Again: the same answer. Errors: NotFound; those of
    /// pipeline::commitStaged.
    Expected<StagedImport> commit(const std::string& id);
    /// The store removes the rows behind. Errors: NotFound; Conflict when it is committed; the store's.
    Expected<void> discard(const std::string& id);

    Expected<StagedImport> find(const std::string& id);
    /// Oldest first.
    std::vector<StagedImport> list();

    /// Discards what was left untouched for a day, and what is staged of imports that nobody knows any more.
    void sweep();

private:
    struct Entry {
        StagedImport import;
        Timestamp touchedAt;
    };

    Expected<Entry*> entry(const std::string& id);
    Expected<void> room(std::size_t bytes) const;
    void load();
    Expected<void> save(const StagedImport& import) const;
    Expected<void> remove(const std::string& id);
    Expected<void> discardStaged(const std::string& id);
    void forgetSomeCommitted();
    std::optional<std::int64_t> committedBefore(const std::string& note) const;
    std::filesystem::path aboutPath(const std::string& id) const;

    const std::filesystem::path folder_;
    pipeline::Pipeline& pipeline_;
    const Clock& clock_;
    Random& random_;
    const Log log_;
    bool loaded_ = false;
    std::map<std::string, Entry> entries_;
};

} // namespace iotman::server
