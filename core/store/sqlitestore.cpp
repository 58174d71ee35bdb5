#include "core/store/sqlitestore.h"

#include "core/store/database.h"
#include "core/store/snapshot.h"
#include "core/store/sqlitereader.h"
#include "core/store/stagingjobs.h"
#include "core/store/writer.h"

namespace iotman::store {

namespace {

constexpr const char* reserveFile = "workspace.reserve";

} // namespace

Expected<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& folder, const Catalog& initial,
                                                         const OpenOptions& options)
{
    const std::string path = databasePath(folder);
    if (auto done = makeDatabase(path, initial, options.lockTimeout); !done)
        return fail(done.error());
    Expected<Connection> connection = openForWriting(path, options.lockTimeout);
    if (!connection)
        return fail(connection.error());
    auto writing = std::make_unique<Writing>(std::move(*connection), options.late);
    if (auto done = writing->load(); !done)
        return fail(done.error());
    Expected<Connection> checkpoints = openForCheckpoints(path);
    if (!checkpoints)
        return fail(checkpoints.error());
    const Expected<HeldFile> held = HeldFile::of(path);
    if (!held)
        return fail(held.error());
    auto reading = std::make_shared<ReadGate>();
    Reserve reserve = options.reserveBytes > 0 ? Reserve(folder / reserveFile, options.reserveBytes) : Reserve();
    auto writer = std::make_unique<Writer>(std::move(writing), std::move(*checkpoints), *held, reading, options.mostWaitingBytes, std::move(reserve),
                                           options.merging);
    return std::unique_ptr<SqliteStore>(new SqliteStore(*held, options.lockTimeout, std::move(reading), std::move(writer)));
}

SqliteStore::SqliteStore(const HeldFile& held, std::chrono::milliseconds lockTimeout, std::shared_ptr<ReadGate> reading,
                         std::unique_ptr<Writer> writer)
    : held_(held)
    , lockTimeout_(lockTimeout)
    , reading_(std::move(reading))
    , writer_(std::move(writer))
{
}

SqliteStore::~SqliteStore() = default;

std::shared_ptr<const Catalog> SqliteStore::catalog() const
{
    return writer_->catalog();
}

void SqliteStore::change(std::string who, Timestamp at, std::function<Expected<void>(Catalog&, Sequence last)> change,
                         Reply<void> reply, std::size_t bytes)
{
    writer_->post(std::make_unique<ChangeJob>(std::move(who), at, std::move(change), std::move(reply), bytes));
}

void SqliteStore::journal(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply)
{
    writer_->post(std::make_unique<JournalJob>(std::move(who), at, std::move(entry), std::move(reply)));
}

void SqliteStore::remember(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply)
{
    writer_->post(std::make_unique<RememberJob>(std::move(notes), std::move(reply)));
}

void SqliteStore::expire(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most)
{
    writer_->post(std::make_unique<ExpireJob>(source, floor, version, std::move(reply), most));
}

std::uint64_t SqliteStore::expiries() const
{
    return writer_->expiries();
}

void SqliteStore::append(Batch batch, MakeItems make, Reply<Committed> reply)
{
    writer_->post(std::make_unique<AppendJob>(std::move(batch), std::move(make), std::move(reply)));
}

void SqliteStore::commitStaged(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                               std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply)
{
    writer_->post(std::make_unique<CommitStagedJob>(std::move(import), std::move(needs), std::move(cleared), std::move(notes),
                                                    std::move(reply)));
}

void SqliteStore::discardStaged(std::string import, Reply<void> reply)
{
    writer_->post(std::make_unique<DiscardStagedJob>(std::move(import), std::move(reply)));
}

void SqliteStore::addRemade(Remade items, Reply<void> reply)
{
    writer_->post(std::make_unique<RemadeJob>(std::move(items), std::move(reply), brokenOff_.get_token()));
}

Expected<void> SqliteStore::saveSnapshot(const std::filesystem::path& file, Timestamp at, Extent extent) const
{
    return inPlace().and_then([&] { return writeSnapshot(held_.path(), file, at, extent, brokenOff_.get_token()); });
}

void SqliteStore::restoreSnapshot(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry,
                                  std::function<void()> replaced, Reply<void> reply)
{
    writer_->post(std::make_unique<RestoreJob>(std::move(file), std::move(who), at, std::move(entry), std::move(replaced),
                                               std::move(reply), brokenOff_.get_token()));
}

void SqliteStore::setListeners(std::function<void(std::span<const Published>)> listener,
                               std::function<void(std::shared_ptr<const Catalog>)> catalogListener)
{
    writer_->setListeners({std::move(listener), std::move(catalogListener)});
}

std::unique_ptr<Reader> SqliteStore::reader()
{
    return std::make_unique<SqliteReader>(held_, lockTimeout_, reading_);
}

std::unique_ptr<Reader> SqliteStore::retainedReader(const Keeping& keeping)
{
    return std::make_unique<SqliteReader>(held_, lockTimeout_, reading_, &keeping);
}

std::unique_ptr<StagedReader> SqliteStore::stagedReader()
{
    return std::make_unique<SqliteReader>(held_, lockTimeout_, reading_);
}

OutputCounts SqliteStore::counts(OutputKey output) const
{
    return writer_->counters().output(output);
}

SourceCounts SqliteStore::sourceCounts(SourceKey source) const
{
    return writer_->counters().source(source);
}

std::uint64_t SqliteStore::revision(OutputKey output) const
{
    return writer_->counters().revision(output);
}

std::size_t SqliteStore::waitingBytes() const
{
    return writer_->waitingBytes();
}

std::int64_t SqliteStore::storedBytes() const
{
    std::int64_t bytes = 0;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code missing;
        const auto size = std::filesystem::file_size(held_.path() + suffix, missing);
        bytes += missing ? 0 : static_cast<std::int64_t>(size);
    }
    return bytes;
}

Expected<void> SqliteStore::inPlace() const
{
    return held_.check();
}

std::optional<Error> SqliteStore::trouble() const
{
    const Expected<void> there = inPlace();
    return there ? writer_->trouble() : std::optional(there.error());
}

} // namespace iotman::store
