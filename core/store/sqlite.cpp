#include "core/store/sqlite.h"

#include "core/model/encoding.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace iotman::store {

namespace {

/// What a column of blobs keeps between two values: blocks are smaller, but for those of one large item.
constexpr std::size_t mostKeptRoom = std::size_t(256) * 1024;
/// Of a value: more than the largest item takes. SQLite believes what a damaged row claims.
constexpr int mostBlobBytes = 64 * 1024 * 1024;

bool isFull(int code, int systemError)
{
    const int primary = code & 0xff;
    return primary == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE ||
           ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) &&
            (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG));
}

int lastErrorOf(sqlite3_file* file)
{
    int reason = 0;
    if (file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
    return reason;
}

/// The errno behind a failure. SQLite keeps none for a commit that could not be written; there the file knows: the log or the
/// database.
int systemErrorOf(sqlite3* handle, int code)
{
    if ((code & 0xff) != SQLITE_IOERR)
        return sqlite3_system_errno(handle);
    for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
        sqlite3_file* file = nullptr;
        sqlite3_file_control(handle, "main", which, &file);
        if (const int reason = lastErrorOf(file); reason != 0)
            return reason;
    }
    return sqlite3_system_errno(handle);
}

Error errorOf(int code, int systemError, const char* message, const std::string& path)
{
    const std::string file = "“" + path + "”";
    if (isFull(code, systemError))
        return {Problem::NoSpace, "the disk that holds " + file + " is full", {}, 0, {}, 0};
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {Problem::Unavailable, "another program keeps the database locked, try again", {}, 0, {}, 1};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {Problem::Internal, file + " is damaged: " + message, {}, 0, {}, 0};
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return {Problem::Internal, file + " cannot be written: it is read-only", {}, 0, {}, 0};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return {Problem::Internal,
                file + " cannot be read or written: " + (systemError != 0 ? std::strerror(systemError) : message),
                {},
                0,
                {},
                0};
    default:
        return {Problem::Internal, file + ": " + message, {}, 0, {}, 0};
    }
}

} // namespace

Expected<Connection> Connection::open(const std::string& path, OpenMode mode, std::chrono::milliseconds lockTimeout, const char* vfs)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= mode == OpenMode::ReadOnly || mode == OpenMode::Unchanging ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == OpenMode::Create)
        flags |= SQLITE_OPEN_CREATE;
    std::string name = path;
    if (mode == OpenMode::Unchanging) {
        flags |= SQLITE_OPEN_URI;
        name = "file:" + percentEncoded(path) + "?immutable=1";
    }
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, vfs);
    Connection connection;
    connection.handle_.reset(handle);
    connection.path_ = path;
    if (!handle)
        return fail(Problem::Internal, "“" + path + "” cannot be opened: out of memory");
    if (code != SQLITE_OK)
        return fail(connection.error(code));
    sqlite3_busy_timeout(handle, static_cast<int>(lockTimeout.count()));
    return connection;
}

void Connection::Close::operator()(sqlite3* handle) const
{
    sqlite3_close_v2(handle);
}

Expected<void> Connection::execute(const char* sql)
{
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(error(code));
    return {};
}

Expected<std::int64_t> Connection::integer(const char* sql)
{
    Statement statement(*this, sql);
    Rows rows = statement.query();
    const Expected<bool> row = rows.next();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Problem::Internal, "“" + path_ + "”: expected a value, but there is none");
    return rows.integer(0);
}

bool Connection::isAutocommit() const
{
    return sqlite3_get_autocommit(handle_.get()) != 0;
}

bool Connection::isReadOnly() const
{
    return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

std::int64_t Connection::lastInsertedRow() const
{
    return sqlite3_last_insert_rowid(handle_.get());
}

Error Connection::error(int code) const
{
    return errorOf(code, systemErrorOf(handle_.get(), code), sqlite3_errmsg(handle_.get()), path_);
}

Rows::~Rows()
{
    if (statement_)
        sqlite3_reset(statement_);
}

Expected<bool> Rows::next()
{
    if (failure_ != SQLITE_OK)
        return fail(connection_->error(failure_));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return fail(connection_->error(code));
}

std::int64_t Rows::integer(int column) const
{
    return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::text(int column) const
{
    const unsigned char* text = sqlite3_column_text(statement_, column);
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Rows::blob(int column) const
{
    const void* bytes = sqlite3_column_blob(statement_, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Rows::isNull(int column) const
{
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Rows::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

int Statement::prepare()
{
    if (statement_)
        return SQLITE_OK;
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v3(connection_->handle(), sql_, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    statement_.reset(prepared);
    return code;
}

void Statement::bind(int& failure, int index, std::int64_t value)
{
    if (failure == SQLITE_OK)
        failure = sqlite3_bind_int64(statement_.get(), index, value);
}

void Statement::bind(int& failure, int index, std::string_view value)
{
    // A null pointer would bind NULL where an empty text is meant.
    const char* data = value.data() ? value.data() : "";
    if (failure == SQLITE_OK)
        failure = sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int& failure, int index, Blob value)
{
    if (failure == SQLITE_OK)
        failure = sqlite3_bind_blob64(statement_.get(), index, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
}

void Statement::bindNull(int& failure, int index)
{
    if (failure == SQLITE_OK)
        failure = sqlite3_bind_null(statement_.get(), index);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

void BlobColumn::Close::operator()(sqlite3_blob* blob) const
{
    sqlite3_blob_close(blob);
}

int BlobColumn::goTo(std::int64_t row)
{
    if (blob_)
        return sqlite3_blob_reopen(blob_.get(), row);
    sqlite3_blob* opened = nullptr;
    const int code = sqlite3_blob_open(connection_->handle(), "main", table_, column_, row, 0, &opened);
    blob_.reset(opened);
    return code;
}

void BlobColumn::makeRoom()
{
    const bool isWaste = roomSize_ > mostKeptRoom && size_ <= mostKeptRoom;
    if (size_ <= roomSize_ && !isWaste)
        return;
    roomSize_ = std::max(size_, std::min(2 * size_, mostKeptRoom));
    room_ = std::make_unique_for_overwrite<char[]>(roomSize_);
}

Error BlobColumn::failure(int code)
{
    Error error = connection_->error(code);
    close(); // it can do nothing more
    return error;
}

Expected<bool> BlobColumn::seek(std::int64_t row)
{
    size_ = 0;
    const int code = goTo(row);
    // SQLite says so of a row that is not there or holds no bytes; the table and the column are there.
    if (code == SQLITE_ERROR) {
        close();
        return false;
    }
    if (code != SQLITE_OK)
        return fail(failure(code));
    const int bytes = sqlite3_blob_bytes(blob_.get());
    if (bytes > mostBlobBytes)
        return false;
    size_ = static_cast<std::size_t>(bytes);
    makeRoom();
    return true;
}

Expected<void> BlobColumn::read(std::size_t first, std::size_t count)
{
    const int code = sqlite3_blob_read(blob_.get(), room_.get() + first, static_cast<int>(count), static_cast<int>(first));
    if (code != SQLITE_OK)
        return fail(failure(code));
    return {};
}

} // namespace iotman::store
