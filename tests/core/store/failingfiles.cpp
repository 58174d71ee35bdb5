#include "tests/core/store/failingfiles.h"

#include <sqlite3.h>

#include <atomic>
#include <climits>

namespace iotman::store {

namespace {

std::atomic<int> left = INT_MAX;
std::atomic<bool> failed = false;

sqlite3_vfs* below = nullptr;

bool isFull()
{
    const bool full = left.load() <= 0 || left.fetch_sub(1) <= 0;
    failed = failed || full;
    return full;
}

/// The methods of files of one kind: those of the VFS below, but for these.
template <int kind>
struct Methods {
    static inline const sqlite3_io_methods* usual = nullptr;

    static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at)
    {
        return isFull() ? SQLITE_FULL : usual->xWrite(file, bytes, size, at);
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) { return isFull() ? SQLITE_FULL : usual->xTruncate(file, size); }
    static void putOn(sqlite3_file* file)
    {
        static const sqlite3_io_methods methods = [&] {
            usual = file->pMethods;
            sqlite3_io_methods changed = *usual;
            changed.xWrite = write;
            changed.xTruncate = truncate;
            return changed;
        }();
        file->pMethods = &methods;
    }
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    const int code = below->xOpen(below, name, file, flags, outFlags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0)
        Methods<SQLITE_OPEN_MAIN_DB>::putOn(file);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0)
        Methods<SQLITE_OPEN_WAL>::putOn(file);
    return code;
}

} // namespace

void makeWritesFail()
{
    below = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs = *below;
    vfs.pNext = nullptr;
    vfs.zName = "failing";
    vfs.xOpen = open;
    sqlite3_vfs_register(&vfs, 1);
}

void failAfter(int writes)
{
    failed = false;
    left = writes;
}

bool failNoMore()
{
    left = INT_MAX;
    return failed;
}

} // namespace iotman::store
