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

CatalogDifference entryOf(const SnapshotName& name, std::string_view what)
{
    return {"snapshot", name.text, {}, jsonText({{"done", what}})};
}

} // namespace

Snapshots::Snapshots(fs::path dataFolder, pipeline::Pipeline& pipeline, pipeline::Applier& applier, FanOut& fanOut,
                     const Clock& clock)
    : folder_(std::move(dataFolder) / "snapshots")
    , pipeline_(pipeline)
    , applier_(applier)
    , fanOut_(fanOut)
    , clock_(clock)
{
}

fs::path Snapshots::path(const SnapshotName& name) const
{
    return folder_ / (name.text + ending);
}

std::vector<SnapshotFacts> Snapshots::list() const
{
    std::vector<SnapshotFacts> all;
    std::error_code ignored;
    for (const fs::directory_entry& file : fs::directory_iterator(folder_, ignored)) {
        const Expected<SnapshotName> name = SnapshotName::parse(file.path().stem().string(), "name");
        if (file.path().extension() != ending || !name)
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
    const auto files = std::distance(fs::directory_iterator(folder_, reason), fs::directory_iterator());
    if (static_cast<std::size_t>(files) >= most)
        return fail(Problem::Conflict, "there are " + std::to_string(files) + " snapshots; delete some of them first");
    if (auto saved = pipeline_.store().saveSnapshot(path(name), clock_.now()); !saved)
        return fail(saved.error());
    if (auto noted = journal(name, who, "saved"); !noted)
        return fail(noted.error());
    return find(name);
}

namespace {

/// A damaged file is no fault inside the server: who restores it needs its name.
Error toldByName(const SnapshotName& name, const Error& error)
{
    if (error.kind != Problem::Internal)
        return error;
    return {Problem::Conflict, "the snapshot “" + name.text + "” cannot be read: it is damaged; nothing was changed"};
}

} // namespace

Expected<SnapshotFacts> Snapshots::restore(const SnapshotName& name, const std::string& who)
{
    Expected<SnapshotFacts> facts = find(name);
    if (!facts)
        return fail(toldByName(name, facts.error()));
    applier_.pause();
    const auto replaced = [this] {
        pipeline_.forgetGenerations();
        fanOut_.closeAll(closecode::restart, "a snapshot was restored");
    };
    const auto restored = store::await<void>([&](store::Reply<void> reply) {
        pipeline_.store().restoreSnapshot(path(name), who, clock_.now(), entryOf(name, "restored"), replaced, std::move(reply));
    });
    applier_.resume();
    if (restored)
        return facts;
    return fail(toldByName(name, restored.error()));
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
