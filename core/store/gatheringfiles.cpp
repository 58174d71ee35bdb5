#include "core/store/gatheringfiles.h"

#include <sqlite3.h>

#include <new>
#include <string>

namespace iotman::store {

namespace {

/// SQLite's own files take less than 128 KiB at once.
constexpr std::size_t mostGathered = std::size_t(64) * 1024;

/// The file of the VFS below follows in memory.
struct File {
    const sqlite3_io_methods* methods;
    sqlite3_int64 at;
    std::string gathered;

    sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(alignof(File) >= alignof(sqlite3_file));

File& fileOf(sqlite3_file* file)
{
    return *reinterpret_cast<File*>(file);
}

int flush(File& file)
{
    if (file.gathered.empty())
        return SQLITE_OK;
    const int code = file.base()->pMethods->xWrite(file.base(), file.gathered.data(), static_cast<int>(file.gathered.size()), file.at);
    file.gathered.clear();
    return code;
}

/// Calls a method of the file below, with nothing gathered.
template <auto method, class... Arguments>
int passOn(sqlite3_file* file, Arguments... arguments)
{
    const int code = flush(fileOf(file));
    sqlite3_file* base = fileOf(file).base();
    return code == SQLITE_OK ? (base->pMethods->*method)(base, arguments...) : code;
}

/// The same, whatever is gathered.
template <auto method, class Result, class... Arguments>
Result pass(sqlite3_file* file, Arguments... arguments)
{
    sqlite3_file* base = fileOf(file).base();
    return (base->pMethods->*method)(base, arguments...);
}

int write(sqlite3_file* opened, const void* bytes, int size, sqlite3_int64 at)
{
    File& file = fileOf(opened);
    const auto follows = static_cast<sqlite3_int64>(file.gathered.size());
    if (at != file.at + follows || file.gathered.size() + static_cast<std::size_t>(size) > mostGathered) {
        if (const int code = flush(file); code != SQLITE_OK)
            return code;
        file.at = at;
    }
    if (static_cast<std::size_t>(size) > mostGathered)
        return file.base()->pMethods->xWrite(file.base(), bytes, size, at);
    file.gathered.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int close(sqlite3_file* opened)
{
    File& file = fileOf(opened);
    const int flushed = flush(file);
    const int closed = file.base()->pMethods->xClose(file.base());
    file.~File();
    return flushed != SQLITE_OK ? flushed : closed;
}

const sqlite3_io_methods methods{
    1,
    close,
    passOn<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    write,
    passOn<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    passOn<&sqlite3_io_methods::xSync, int>,
    passOn<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    // What such a call says is not always heard, so that nothing is written in it. The rest is for databases.
    pass<&sqlite3_io_methods::xLock, int, int>,
    pass<&sqlite3_io_methods::xUnlock, int, int>,
    pass<&sqlite3_io_methods::xCheckReservedLock, int, int*>,
    pass<&sqlite3_io_methods::xFileControl, int, int, void*>,
    pass<&sqlite3_io_methods::xSectorSize, int>,
    pass<&sqlite3_io_methods::xDeviceCharacteristics, int>,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

sqlite3_vfs* below(sqlite3_vfs* vfs)
{
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

/// Gathers for logs; other files are those of the VFS below.
int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* opened, int flags, int* outFlags)
{
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return below(vfs)->xOpen(below(vfs), name, opened, flags, outFlags);
    File& file = *new (opened) File{nullptr, 0, {}};
    const int code = below(vfs)->xOpen(below(vfs), name, file.base(), flags, outFlags);
    if (code == SQLITE_OK) {
        file.methods = &methods;
        return code;
    }
    if (file.base()->pMethods)
        file.base()->pMethods->xClose(file.base());
    file.~File();
    opened->pMethods = nullptr;
    return code;
}

} // namespace

const char* gatheringFiles()
{
    static const bool isRegistered = [] {
        static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
        vfs.pAppData = sqlite3_vfs_find(nullptr);
        vfs.pNext = nullptr;
        vfs.zName = "gathering";
        vfs.szOsFile += static_cast<int>(sizeof(File));
        vfs.xOpen = open;
        return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
    }();
    return isRegistered ? "gathering" : nullptr;
}

} // namespace iotman::store
