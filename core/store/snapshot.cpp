#include "core/store/snapshot.h"

#include "core/store/catalogrows.h"
#include "core/store/database.h"
#include "core/store/files.h"
#include "core/store/schema.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace iotman::store {

namespace fs = std::filesystem;

namespace {

/// FNV-1a over words: finds what a disk has changed.
class Checksum {
public:
    void add(std::string_view bytes)
    {
        addWord(bytes.size());
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
            addWord(word);
        }
    }
    /// As SQLite keeps integers.
    std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

private:
    void addWord(std::uint64_t word)
    {
        constexpr std::uint64_t prime = 1099511628211ULL;
        sum_ = (sum_ ^ word) * prime;
    }
    std::uint64_t sum_ = 14695981039346656037ULL;
};

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using RawStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

Expected<RawStatement> prepared(Connection& connection, const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(connection.handle(), sql.c_str(), -1, &statement, nullptr);
    RawStatement owned(statement);
    if (code != SQLITE_OK)
        return fail(connection.error(code));
    return owned;
}

void addColumn(Checksum& checksum, sqlite3_stmt* row, int column)
{
    // The bytes of an integer are its decimal text here: slower than the number, and the same everywhere.
    const void* bytes =
        sqlite3_column_type(row, column) == SQLITE_BLOB ? sqlite3_column_blob(row, column) : sqlite3_column_text(row, column);
    checksum.add({static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(row, column))});
}

Expected<void> addRows(Connection& from, const std::string& select, Checksum& checksum, const std::stop_token& stop = {})
{
    const Expected<RawStatement> reading = prepared(from, select);
    if (!reading)
        return fail(reading.error());
    int got = SQLITE_ROW;
    while ((got = sqlite3_step(reading->get())) == SQLITE_ROW) {
        if (stop.stop_requested())
            return fail(serverEnds());
        for (int i = 0; i < sqlite3_column_count(reading->get()); ++i)
            addColumn(checksum, reading->get(), i);
    }
    return got == SQLITE_DONE ? Expected<void>() : fail(from.error(got));
}

constexpr const char* allResources = "SELECT * FROM resource ORDER BY kind, id";

/// Copies what `select` gives into `table` of another database.
Expected<void> copyRows(Connection& from, const std::string& select, Connection& to, const std::string& table, Checksum& checksum,
                        const std::stop_token& stop)
{
    const Expected<RawStatement> reading = prepared(from, select);
    if (!reading)
        return fail(reading.error());
    const int columns = sqlite3_column_count(reading->get());
    std::string places = "?";
    for (int i = 1; i < columns; ++i)
        places += ",?";
    const Expected<RawStatement> writing = prepared(to, "INSERT INTO \"" + table + "\" VALUES (" + places + ")");
    if (!writing)
        return fail(writing.error());
    for (;;) {
        const int got = sqlite3_step(reading->get());
        if (got == SQLITE_DONE)
            return {};
        if (got != SQLITE_ROW)
            return fail(from.error(got));
        if (stop.stop_requested())
            return fail(serverEnds());
        for (int i = 0; i < columns; ++i) {
            sqlite3_bind_value(writing->get(), i + 1, sqlite3_column_value(reading->get(), i));
            addColumn(checksum, reading->get(), i);
        }
        const int put = sqlite3_step(writing->get());
        sqlite3_reset(writing->get());
        if (put != SQLITE_DONE)
            return fail(to.error(put));
    }
}

/// The tables whose rows go into a snapshot whole, in a fixed order.
Expected<std::vector<std::string>> dataTables(Connection& connection)
{
    Statement select(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                                 "AND name NOT IN ('state', 'resource', 'audit') ORDER BY name");
    std::vector<std::string> names;
    for (Rows rows = select.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return names;
        names.emplace_back(rows.text(0));
    }
}

/// Inside transactions on both.
Expected<void> fill(Connection& from, Connection& to, Timestamp at, Extent extent, const std::stop_token& stop)
{
    const std::string others = extent == Extent::Data ? "'workspace', 'member', 'scope', 'client'" : "'member'";
    Checksum checksum;
    if (auto done = copyRows(from, "SELECT * FROM resource WHERE kind NOT IN (" + others + ") ORDER BY kind, id", to,
                             "resource", checksum, stop);
        !done)
        return done;
    const auto tables = dataTables(from);
    if (!tables)
        return fail(tables.error());
    for (const std::string& table : *tables) {
        if (auto done = copyRows(from, "SELECT * FROM \"" + table + "\"", to, table, checksum, stop); !done)
            return done;
    }
    Statement put(to, "INSERT INTO state VALUES (?1, ?2)");
    if (auto done = put.run(std::string_view("created_at"), at.us); !done)
        return done;
    if (auto done = put.run(std::string_view("holds_access"), std::int64_t(extent == Extent::DataAndAccess)); !done)
        return done;
    return put.run(std::string_view("checksum"), checksum.value());
}

Expected<void> writeInto(const std::string& database, const std::string& path, Timestamp at, Extent extent, const std::stop_token& stop)
{
    Expected<Connection> from = openForReading(database, usualLockTimeout);
    if (!from)
        return fail(from.error());
    Expected<Connection> to = Connection::open(path, OpenMode::ReadWrite, usualLockTimeout);
    if (!to)
        return fail(to.error());
    // The file is synced once, when it is complete; until then it has another name.
    if (auto done = to->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); !done)
        return done;
    if (auto done = prepareSchema(*to, schemaSteps()); !done)
        return done;
    if (auto done = from->execute("BEGIN"); !done)
        return done;
    if (auto done = to->execute("BEGIN IMMEDIATE"); !done)
        return done;
    if (auto done = fill(*from, *to, at, extent, stop); !done)
        return done;
    return to->execute("COMMIT");
}

Expected<void> syncFile(const fs::path& path)
{
    const FileHandle file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!file.isOpen() || ::fsync(file.get()) != 0)
        return fileFailure(path, "written", errno);
    return {};
}

/// Takes a new file back unless it was finished.
class NewFile {
public:
    explicit NewFile(fs::path path)
        : path_(std::move(path))
    {
    }
    ~NewFile()
    {
        std::error_code ignored;
        if (!path_.empty())
            fs::remove(path_, ignored);
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    const fs::path& path() const { return path_; }

    Expected<void> finish(const fs::path& as)
    {
        // A link, unlike a new name, never takes the place of a file that is there.
        if (::link(path_.c_str(), as.c_str()) != 0)
            return errno == EEXIST ? Expected<void>(fail(Problem::Conflict, "“" + as.string() + "” exists"))
                                   : fileFailure(as, "made", errno);
        return syncFolder(as.parent_path());
    }

private:
    fs::path path_;
};

Expected<Connection> openSnapshot(const fs::path& file, OpenMode mode)
{
    Expected<Connection> connection = Connection::open(file.string(), mode, usualLockTimeout);
    if (!connection)
        return connection;
    const auto version = schemaVersion(*connection, schemaSteps().size());
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(Problem::Internal, "“" + file.string() + "” is damaged: it is empty");
    return connection;
}

} // namespace

Expected<void> writeSnapshot(const std::string& database, const fs::path& file, Timestamp at, Extent extent, const std::stop_token& stop)
{
    NewFile unfinished(file.string() + ".new");
    std::error_code ignored;
    fs::remove(unfinished.path(), ignored);
    {
        const FileHandle made(::open(unfinished.path().c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
        if (!made.isOpen())
            return fileFailure(unfinished.path(), "made", errno);
    }
    return writeInto(database, unfinished.path().string(), at, extent, stop)
        .and_then([&] { return syncFile(unfinished.path()); })
        .and_then([&] { return unfinished.finish(file); });
}

Expected<Timestamp> snapshotTime(const fs::path& file)
{
    Expected<Connection> connection = openSnapshot(file, OpenMode::ReadOnly);
    if (!connection)
        return fail(connection.error());
    return connection->integer("SELECT value FROM state WHERE name = 'created_at'").map([](std::int64_t us) {
        return Timestamp{us};
    });
}

Expected<void> checkSnapshot(const fs::path& file)
{
    Expected<Connection> connection = openSnapshot(file, OpenMode::ReadOnly);
    if (!connection)
        return fail(connection.error());
    const auto version = schemaVersion(*connection, schemaSteps().size());
    const Expected<std::int64_t> renewed = connection->integer("SELECT count(*) FROM state WHERE name = 'renewed'");
    const Expected<std::int64_t> wanted = connection->integer("SELECT value FROM state WHERE name = 'checksum'");
    if (!version || !renewed || !wanted)
        return fail(!version ? version.error() : !renewed ? renewed.error() : wanted.error());
    const auto tables = dataTables(*connection);
    if (!tables)
        return fail(tables.error());
    Checksum checksum;
    if (auto read = addRows(*connection, allResources, checksum); !read)
        return read;
    for (const std::string& table : *tables) {
        if (auto read = addRows(*connection, "SELECT * FROM \"" + table + "\"", checksum); !read)
            return read;
    }
    const bool isAsWritten = *version == schemaSteps().size() && *renewed == 0;
    if (isAsWritten && checksum.value() != *wanted)
        return fail(Problem::Internal, "“" + file.string() + "” is damaged: it does not hold what was written");
    return {};
}

Snapshot::Snapshot(Connection connection, bool isAsWritten)
    : connection_(std::move(connection))
    , isAsWritten_(isAsWritten)
{
}

Expected<Snapshot> Snapshot::open(const fs::path& file)
{
    Expected<Connection> connection = openSnapshot(file, OpenMode::ReadWrite);
    if (!connection)
        return fail(connection.error());
    const auto version = schemaVersion(*connection, schemaSteps().size());
    if (!version)
        return fail(version.error());
    // What a newer format adds is not in the checksum. The mark comes first: the file may be opened again at any moment.
    if (*version < schemaSteps().size()) {
        if (auto done = connection->execute("INSERT OR IGNORE INTO state VALUES ('renewed', 1)"); !done)
            return fail(done.error());
    }
    if (auto done = prepareSchema(*connection, schemaSteps()); !done)
        return fail(done.error());
    const Expected<std::int64_t> renewed = connection->integer("SELECT count(*) FROM state WHERE name = 'renewed'");
    if (!renewed)
        return fail(renewed.error());
    return Snapshot(std::move(*connection), *renewed == 0);
}

Expected<Catalog> Snapshot::catalog()
{
    return readCatalog(connection_);
}

Expected<Extent> Snapshot::extent()
{
    // Those of before hold no such row, and no scopes and clients.
    return connection_.integer("SELECT coalesce(max(value), 0) FROM state WHERE name = 'holds_access'").map([](std::int64_t holds) {
        return holds == 0 ? Extent::Data : Extent::DataAndAccess;
    });
}

Expected<void> Snapshot::copyInto(Connection& database, const std::stop_token& stop)
{
    const Expected<std::int64_t> wanted = connection_.integer("SELECT value FROM state WHERE name = 'checksum'");
    if (!wanted)
        return fail(wanted.error());
    Checksum checksum;
    if (auto read = addRows(connection_, allResources, checksum, stop); !read)
        return read;
    const auto tables = dataTables(database);
    if (!tables)
        return fail(tables.error());
    for (const std::string& table : *tables) {
        if (auto done = database.execute(("DELETE FROM \"" + table + "\"").c_str()); !done)
            return done;
        if (auto done = copyRows(connection_, "SELECT * FROM \"" + table + "\"", database, table, checksum, stop); !done)
            return done;
    }
    if (isAsWritten_ && checksum.value() != *wanted)
        return fail(Problem::Internal,
                    "“" + connection_.path() + "” is damaged: it does not hold what was written; nothing was restored");
    return {};
}

} // namespace iotman::store
