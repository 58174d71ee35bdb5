#include "core/store/database.h"

#include "core/store/catalogrows.h"
#include "core/store/files.h"
#include "core/store/gatheringfiles.h"
#include "core/store/schema.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

namespace iotman::store {

namespace {

/// An empty file that only its owner may read; SQLite gives the log and the index the same permissions.
Expected<void> makePrivateFile(const std::string& path)
{
    const FileHandle file(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return fileFailure(path, "made", errno);
    return {};
}

Expected<void> fillDatabase(const std::string& path, const Catalog& initial, std::chrono::milliseconds lockTimeout)
{
    Expected<Connection> connection = Connection::open(path, OpenMode::ReadWrite, lockTimeout);
    if (!connection)
        return fail(connection.error());
    if (auto done = connection->execute("PRAGMA synchronous = FULL"); !done)
        return done;
    if (auto done = prepareSchema(*connection, schemaSteps()); !done)
        return done;
    if (auto done = connection->execute("BEGIN IMMEDIATE"); !done)
        return done;
    if (auto done = writeCatalog(*connection, everything(initial), initial.version); !done)
        return done;
    return connection->execute("COMMIT");
}

} // namespace

std::string databasePath(const std::filesystem::path& folder)
{
    std::error_code ignored;
    const std::filesystem::path whole = std::filesystem::absolute(folder, ignored);
    return ((whole.empty() ? folder : whole) / "workspace.sqlite").string();
}

Expected<void> makeDatabase(const std::string& path, const Catalog& initial, std::chrono::milliseconds lockTimeout)
{
    std::error_code reason;
    if (std::filesystem::exists(path, reason))
        return {};
    if (reason)
        return fileFailure(path, "found", reason.value());
    if (std::filesystem::exists(path + "-wal", reason))
        return fail(Problem::Internal,
                    "“" + path + "” is missing, but its log “" + path + "-wal” is there: put the database back");
    const std::string unfinished = path + ".new";
    for (const char* ending : {"", "-journal"})
        std::filesystem::remove(unfinished + ending, reason);
    if (auto done = makePrivateFile(unfinished); !done)
        return done;
    if (auto done = fillDatabase(unfinished, initial, lockTimeout); !done)
        return done;
    std::filesystem::rename(unfinished, path, reason);
    if (reason)
        return fileFailure(path, "made", reason.value());
    return syncFolder(std::filesystem::path(path).parent_path());
}

Expected<Connection> openForWriting(const std::string& path, std::chrono::milliseconds lockTimeout)
{
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) == 0)
        return fail(Problem::Internal, "“" + path + "” is damaged: it is empty");
    Expected<Connection> connection = Connection::open(path, OpenMode::ReadWrite, lockTimeout, gatheringFiles());
    if (!connection)
        return connection;
    // Looks into the file, by which alone SQLite may find out.
    if (auto read = connection->integer("PRAGMA user_version"); !read)
        return fail(read.error());
    if (connection->isReadOnly())
        return fail(Problem::Internal, "“" + path + "” cannot be written: it is read-only");
    if (auto done = prepareSchema(*connection, schemaSteps()); !done)
        return fail(done.error());
    const auto settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 33554432;"
                          "PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
                          // Debian's SQLite would write zeros over every page that gets free: removing took as much of the log as adding.
                          "PRAGMA secure_delete = FAST";
    if (auto done = connection->execute(settings); !done)
        return fail(done.error());
    return connection;
}

Expected<Connection> openForCheckpoints(const std::string& path)
{
    // Short, because it may hold up the writer while it waits for readers of other processes; a later round tries again.
    Expected<Connection> connection = Connection::open(path, OpenMode::ReadWrite, std::chrono::milliseconds(100));
    if (!connection)
        return connection;
    // Until a connection has read something it knows of no log, and its checkpoints do nothing and say that all is well.
    if (auto done = connection->integer("SELECT count(*) FROM sqlite_schema"); !done)
        return fail(done.error());
    return connection;
}

Expected<Connection> openForReading(const std::string& path, std::chrono::milliseconds lockTimeout)
{
    Expected<Connection> connection = Connection::open(path, OpenMode::ReadOnly, lockTimeout);
    if (!connection)
        return connection;
    // Measured: a large cache of a connection's own is slower than the mapped file.
    if (auto done = connection->execute("PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -2048"); !done)
        return fail(done.error());
    return connection;
}

} // namespace iotman::store
