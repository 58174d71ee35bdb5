#include "core/server/snapshots.h"

#include "core/model/changes.h"
#include "core/server/websocket.h"
#include "core/store/files.h"
#include "core/store/snapshot.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

namespace iotman::server {

namespace fs = std::filesystem;

namespace {

constexpr const char* ending = ".snapshot";
constexpr const char* folderName = "snapshots";
constexpr const char* startPrefix = "start-";

CatalogDifference entryOf(const SnapshotName& name, std::string_view what)
{
    return {"snapshot", name.text, {}, jsonText({{"done", what}})};
}

} // namespace

Expected<void> checkSnapshots(const fs::path& dataFolder)
{
    std::vector<fs::path> files;
    for (const fs::path& folder : {dataFolder / folderName, dataFolder}) {
        const auto found = store::filesIn(folder);
        if (!found)
            return fail(found.error());
        std::copy_if(found->begin(), found->end(), std::back_inserter(files), [](const fs::path& file) { return file.extension() == ending; });
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        if (auto whole = store::checkSnapshot(file); !whole)
            return whole;
    }
    return {};
}

Snapshots::Snapshots(fs::path dataFolder, pipeline::Pipeline& pipeline, const Workers& workers, FanOut& fanOut,
                     const Clock& clock)
    : dataFolder_(std::move(dataFolder))
    , folder_(dataFolder_ / folderName)
    , pipeline_(pipeline)
    , workers_(workers)
    , fanOut_(fanOut)
    , clock_(clock)
{
    // What a program was writing when it was killed may be large, and nobody else would remove it.
    for (const fs::path& folder : {folder_, dataFolder_}) {
        for (const fs::path& file : store::filesIn(folder).value_or(std::vector<fs::path>())) {
            std::error_code ignored;
            if (file.extension() == ".new" && file.stem().extension() == ending)
                fs::remove(file, ignored);
        }
    }
}

fs::path Snapshots::path(const SnapshotName& name) const
{
    return folder_ / (name.text + ending);
}

std::vector<SnapshotFacts> Snapshots::list() const
{
    std::vector<SnapshotFacts> all;
    for (const fs::path& file : store::filesIn(folder_).value_or(std::vector<fs::path>())) {
        const Expected<SnapshotName> name = SnapshotName::parse(file.stem().string(), "name");
        if (file.extension() != ending || !name)
            continue;
        if (Expected<SnapshotFacts> facts = find(*name))
            all.push_back(std::move(*facts));
    }
    std::sort(all.begin(), all.end(), [](const SnapshotFacts& a, const SnapshotFacts& b) {
        return std::tie(b.createdAt, a.name) < std::tie(a.createdAt, b.name);
    });
    return all;
}

Expected<SnapshotFacts> Snapshots::find(const SnapshotName& name) const
{
    std::error_code reason;
    const auto bytes = fs::file_size(path(name), reason);
    if (reason)
        return fail(notFound("snapshot", name.text));
    return store::snapshotTime(path(name)).map([&](Timestamp at) {
        return SnapshotFacts{name, at, static_cast<std::int64_t>(bytes)};
    });
}

Expected<SnapshotFacts> Snapshots::save(const SnapshotName& name, const std::string& who)
{
    std::error_code reason;
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return store::fileFailure(folder_, "made", errno);
    if (fs::exists(path(name), reason))
        return fail(Problem::Conflict, "there is a snapshot “" + name.text + "” already", "name");
    const auto files = store::filesIn(folder_);
    if (!files)
        return fail(files.error());
    if (files->size() >= most)
        return fail(Problem::Conflict, "there are " + std::to_string(files->size()) + " snapshots; delete some of them first");
    if (auto saved = pipeline_.store().saveSnapshot(path(name), clock_.now(), Extent::Data); !saved)
        return fail(saved.error());
    if (auto noted = journal(name, who, "saved"); !noted)
        return fail(noted.error());
    return find(name);
}

namespace {

/// A damaged file is no fault inside the server: who restores it needs its name.
Error toldByName(const std::string& name, const Error& error)
{
    if (error.kind != Problem::Internal)
        return error;
    return {Problem::Conflict, name + " cannot be read: it is damaged; nothing was changed"};
}

std::string told(const SnapshotName& name)
{
    return "the snapshot “" + name.text + "”";
}

/// While this lives, nothing comes in by itself and nothing is applied.
class Rest {
public:
    explicit Rest(const Workers& workers)
        : workers_(workers)
    {
        if (workers_.timed)
            workers_.timed->pause();
        if (workers_.replays)
            workers_.replays->pause();
        if (workers_.mirrors)
            workers_.mirrors->pause();
        workers_.applier.pause();
    }
    ~Rest()
    {
        workers_.applier.resume();
        if (workers_.mirrors)
            workers_.mirrors->resume();
        if (workers_.replays)
            workers_.replays->resume();
        if (workers_.timed)
            workers_.timed->resume();
    }
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;

private:
    const Workers& workers_;
};

} // namespace

Expected<void> Snapshots::bringBack(const fs::path& file, const std::string& who, const CatalogDifference& entry,
                                    const std::string& said)
{
    const Rest rest(workers_);
    const auto replaced = [this, said] { fanOut_.closeAll(closecode::restart, said); };
    return store::await<void>([&](store::Reply<void> reply) {
        pipeline_.store().restoreSnapshot(file, who, clock_.now(), entry, replaced, std::move(reply));
    });
}

Expected<SnapshotFacts> Snapshots::restore(const SnapshotName& name, const std::string& who)
{
    Expected<SnapshotFacts> facts = find(name);
    if (!facts)
        return fail(toldByName(told(name), facts.error()));
    if (auto restored = bringBack(path(name), who, entryOf(name, "restored"), "a snapshot was restored"); !restored)
        return fail(toldByName(told(name), restored.error()));
    return facts;
}

std::optional<fs::path> Snapshots::startFile() const
{
    for (const fs::path& file : store::filesIn(dataFolder_).value_or(std::vector<fs::path>())) {
        if (file.extension() == ending && file.filename().string().starts_with(startPrefix))
            return file;
    }
    return std::nullopt;
}

Expected<void> Snapshots::keepStart(const std::string& mark)
{
    const fs::path file = dataFolder_ / (startPrefix + mark + ending);
    std::error_code ignored;
    while (const std::optional<fs::path> kept = startFile()) {
        if (*kept == file)
            return {};
        if (!fs::remove(*kept, ignored))
            return store::fileFailure(*kept, "removed", errno);
    }
    if (pipeline_.store().storedBytes() > mostStartBytes)
        return {};
    return pipeline_.store().saveSnapshot(file, clock_.now(), Extent::DataAndAccess);
}

Expected<Timestamp> Snapshots::reset(const std::string& who)
{
    const std::string name = "the state that the workspace file made";
    const std::optional<fs::path> file = startFile();
    if (!file)
        return fail(Problem::Conflict, "there is no state to reset to: the server was given no workspace file, or what it made took more than " +
                                           std::to_string(mostStartBytes / (1024 * 1024)) + " MiB");
    const Expected<Timestamp> keptAt = store::snapshotTime(*file);
    if (!keptAt)
        return fail(toldByName(name, keptAt.error()));
    const CatalogDifference entry{"workspace", pipeline_.store().catalog()->workspace.id, {}, jsonText({{"done", "reset"}})};
    if (auto restored = bringBack(*file, who, entry, "the workspace was reset"); !restored)
        return fail(toldByName(name, restored.error()));
    return keptAt;
}

Expected<void> Snapshots::remove(const SnapshotName& name, const std::string& who)
{
    std::error_code reason;
    if (!fs::remove(path(name), reason))
        return fail(reason ? Error{Problem::Internal, "the snapshot “" + name.text + "” cannot be deleted: " + reason.message()}
                           : notFound("snapshot", name.text));
    return store::syncFolder(folder_).and_then([&] { return journal(name, who, "deleted"); });
}

Expected<void> Snapshots::journal(const SnapshotName& name, const std::string& who, std::string_view what) const
{
    return store::await<void>(
        [&](store::Reply<void> reply) { pipeline_.store().journal(who, clock_.now(), entryOf(name, what), std::move(reply)); });
}

} // namespace iotman::server
