// SQLite's C API as values: connections and statements close themselves, codes become our errors.
#pragma once

#include "core/model/error.h"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_blob;
struct sqlite3_stmt;

namespace iotman::store {

/// Bytes rather than text, for binding. The bytes must live until the statement has run.
struct Blob {
    std::string_view bytes;
};

enum class OpenMode {
    ReadOnly,
    ReadWrite,
    Create,
    Unchanging, ///< read where nobody writes and nothing can be written, not even a lock; a log beside it is not looked at
};

/// One connection. Not thread-safe: one thread at a time.
class Connection {
public:
    /// `lockTimeout`: how long a call waits for another process before it gives Unavailable. `vfs`: what SQLite reaches files through; its
    /// own where there is none.
    static Expected<Connection> open(const std::string& path, OpenMode mode, std::chrono::milliseconds lockTimeout, const char* vfs = nullptr);

    /// Runs statements that give no rows.
    Expected<void> execute(const char* sql);
    /// The first value of the first row; an error when there is none.
    Expected<std::int64_t> integer(const char* sql);

    /// False while a transaction is open. SQLite itself rolls back when the disk is full, for one.
    bool isAutocommit() const;
    /// Once something of the file was read.
    bool isReadOnly() const;
    std::int64_t lastInsertedRow() const;

    /// What the last call's `code` means, with the database's path. NoSpace, Unavailable (with retryAfter) or Internal.
    Error error(int code) const;

    sqlite3* handle() const { return handle_.get(); }
    const std::string& path() const { return path_; }

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::string path_;
};

/// The rows of a query. The statement is reset when this goes.
class Rows {
public:
    Rows(const Connection& connection, sqlite3_stmt* statement, int failure)
        : connection_(&connection)
        , statement_(statement)
        , failure_(failure)
    {
    }
    ~Rows();
    Rows(Rows&& other) noexcept
        : connection_(other.connection_)
        , statement_(std::exchange(other.statement_, nullptr))
        , failure_(other.failure_)
    {
    }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    /// False after the last row. Texts and blobs of the row before are gone.
    Expected<bool> next();

    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    std::string_view blob(int column) const;
    bool isNull(int column) const;
    std::optional<std::int64_t> optionalInteger(int column) const;

private:
    const Connection* connection_;
    sqlite3_stmt* statement_;
    int failure_; ///< of preparing or binding
};

/// A statement that is prepared at its first use and kept. The connection must outlive it.
class Statement {
public:
    Statement(Connection& connection, const char* sql)
        : connection_(&connection)
        , sql_(sql)
    {
    }

    /// Binds `values` to ?1, ?2 … and gives the rows.
    template <class... Values>
    Rows query(const Values&... values)
    {
        int failure = prepare();
        int index = 0;
        (bind(failure, ++index, values), ...);
        return Rows(*connection_, statement_.get(), failure);
    }

    /// Binds and runs to the end.
    template <class... Values>
    Expected<void> run(const Values&... values)
    {
        Rows rows = query(values...);
        for (;;) {
            const Expected<bool> row = rows.next();
            if (!row)
                return fail(row.error());
            if (!*row)
                return {};
        }
    }

private:
    int prepare();
    void bind(int& failure, int index, std::int64_t value);
    void bind(int& failure, int index, std::string_view value);
    void bind(int& failure, int index, Blob value);
    template <class T>
    requires std::integral<T>
    void bind(int& failure, int index, T value) { bind(failure, index, static_cast<std::int64_t>(value)); }
    template <class T>
    void bind(int& failure, int index, const std::optional<T>& value)
    {
        if (value)
            bind(failure, index, *value);
        else
            bindNull(failure, index);
    }
    void bindNull(int& failure, int index);

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Connection* connection_;
    const char* sql_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Reads the values of one column by row, as much of them as is asked for, into memory that is used again: a query would ask for
/// memory for each, copy all of it, and decode the columns before. The connection must outlive it.
class BlobColumn {
public:
    BlobColumn(const Connection& connection, const char* table, const char* column)
        : connection_(&connection)
        , table_(table)
        , column_(column)
    {
    }

    /// Goes to a row's value, of which nothing is read yet; false where the row is not there, holds no bytes, or claims to hold more
    /// than anybody writes. Only inside a transaction, before whose end `close` must come.
    Expected<bool> seek(std::int64_t row);
    /// Fills in `count` bytes of the value from `first` on; they must be in it.
    Expected<void> read(std::size_t first, std::size_t count);
    /// The value's bytes, undefined where they were not read. Lives until the next seek.
    std::string_view value() const { return {room_.get(), size_}; }
    void close() { blob_.reset(); }

private:
    struct Close {
        void operator()(sqlite3_blob* blob) const;
    };
    int goTo(std::int64_t row);
    void makeRoom();
    Error failure(int code);

    const Connection* connection_;
    const char* table_;
    const char* column_;
    std::unique_ptr<sqlite3_blob, Close> blob_;
    std::unique_ptr<char[]> room_;
    std::size_t roomSize_ = 0;
    std::size_t size_ = 0;
};

} // namespace iotman::store
