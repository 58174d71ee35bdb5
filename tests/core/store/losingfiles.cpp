#include "tests/core/store/losingfiles.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace iotman::store {

namespace {

constexpr std::size_t sector = 512;

[[noreturn]] void giveUp(const std::string& why)
{
    std::fprintf(stderr, "losing files: %s: %s\n", why.c_str(), std::strerror(errno));
    std::_Exit(1);
}

/// A file on the disk, which several connections may have open.
class Disk {
public:
    Disk(const std::string& path, const std::string& synced)
        : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
        , synced_(::open(synced.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
    {
        if (file_ < 0 || synced_ < 0)
            giveUp("“" + path + "” cannot be opened");
    }

    void written(sqlite3_int64 at, int size)
    {
        const std::lock_guard lock(mutex_);
        ranges_.emplace_back(at, size);
    }

    void truncated(sqlite3_int64 size)
    {
        const std::lock_guard lock(mutex_);
        least_ = std::min(least_, size);
    }

    /// Copies what was written since the last time.
    void sync()
    {
        const std::lock_guard lock(mutex_);
        const sqlite3_int64 known = ::lseek(synced_, 0, SEEK_END);
        if (least_ < known && ::ftruncate(synced_, least_) != 0)
            giveUp("truncating failed");
        std::string bytes;
        for (const auto& [at, size] : ranges_) {
            bytes.resize(static_cast<std::size_t>(size));
            const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), at);
            if (got < 0 || ::pwrite(synced_, bytes.data(), static_cast<std::size_t>(got), at) != got)
                giveUp("copying failed");
        }
        ranges_.clear();
        least_ = INT64_MAX;
    }

private:
    int file_;
    int synced_;
    std::mutex mutex_;
    std::vector<std::pair<sqlite3_int64, int>> ranges_;
    sqlite3_int64 least_ = INT64_MAX;
};

/// Of the process: SQLite knows one list of VFS.
struct Setting {
    sqlite3_vfs* below = nullptr;
    std::filesystem::path folder, synced;
    Syncs syncs = Syncs::Kept;
    std::mutex mutex;
    std::map<std::string, std::unique_ptr<Disk>> disks;
};

Setting& setting()
{
    static Setting one;
    return one;
}

Disk& diskOf(const std::string& path)
{
    Setting& all = setting();
    const std::lock_guard lock(all.mutex);
    std::unique_ptr<Disk>& disk = all.disks[path];
    if (!disk)
        disk = std::make_unique<Disk>(path, all.synced / std::filesystem::path(path).filename());
    return *disk;
}

/// The file of the VFS below follows in memory. Its methods do all but those that write and sync.
struct File {
    const sqlite3_io_methods* methods;
    Disk* disk;

    sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& fileOf(sqlite3_file* file)
{
    return *reinterpret_cast<File*>(file);
}

template <auto method, class Result, class... Arguments>
Result passOn(sqlite3_file* file, Arguments... arguments)
{
    sqlite3_file* base = fileOf(file).base();
    return (base->pMethods->*method)(base, arguments...);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at)
{
    const int code = passOn<&sqlite3_io_methods::xWrite, int>(file, bytes, size, at);
    fileOf(file).disk->written(at, size);
    return code;
}

int truncate(sqlite3_file* file, sqlite3_int64 size)
{
    const int code = passOn<&sqlite3_io_methods::xTruncate, int>(file, size);
    fileOf(file).disk->truncated(size);
    return code;
}

int sync(sqlite3_file* file, int)
{
    if (setting().syncs == Syncs::Kept)
        fileOf(file).disk->sync();
    return SQLITE_OK;
}

const sqlite3_io_methods methods{
    3,
    passOn<&sqlite3_io_methods::xClose, int>,
    passOn<&sqlite3_io_methods::xRead, int, void*, int, sqlite3_int64>,
    write,
    truncate,
    sync,
    passOn<&sqlite3_io_methods::xFileSize, int, sqlite3_int64*>,
    passOn<&sqlite3_io_methods::xLock, int, int>,
    passOn<&sqlite3_io_methods::xUnlock, int, int>,
    passOn<&sqlite3_io_methods::xCheckReservedLock, int, int*>,
    passOn<&sqlite3_io_methods::xFileControl, int, int, void*>,
    passOn<&sqlite3_io_methods::xSectorSize, int>,
    passOn<&sqlite3_io_methods::xDeviceCharacteristics, int>,
    passOn<&sqlite3_io_methods::xShmMap, int, int, int, int, void volatile**>,
    passOn<&sqlite3_io_methods::xShmLock, int, int, int, int>,
    passOn<&sqlite3_io_methods::xShmBarrier, void>,
    passOn<&sqlite3_io_methods::xShmUnmap, int, int>,
    passOn<&sqlite3_io_methods::xFetch, int, sqlite3_int64, int, void**>,
    passOn<&sqlite3_io_methods::xUnfetch, int, sqlite3_int64, void*>,
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* opened, int flags, int* outFlags)
{
    sqlite3_vfs* below = setting().below;
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0 || std::filesystem::path(name).parent_path() != setting().folder)
        return below->xOpen(below, name, opened, flags, outFlags);
    File& file = fileOf(opened);
    file.methods = nullptr;
    const int code = below->xOpen(below, name, file.base(), flags, outFlags);
    if (code != SQLITE_OK)
        return code;
    file.disk = &diskOf(name);
    file.methods = &methods;
    return SQLITE_OK;
}

std::string contentsOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

void keepWhatIsSynced(const std::filesystem::path& folder, const std::filesystem::path& synced, Syncs syncs)
{
    std::filesystem::remove_all(synced);
    std::filesystem::copy(folder, synced, std::filesystem::copy_options::recursive);
    Setting& all = setting();
    all.below = sqlite3_vfs_find(nullptr);
    all.folder = folder;
    all.synced = synced;
    all.syncs = syncs;
    static sqlite3_vfs vfs = *all.below;
    vfs.pNext = nullptr;
    vfs.zName = "losing";
    vfs.szOsFile += static_cast<int>(sizeof(File));
    vfs.xOpen = open;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        giveUp("SQLite takes no other VFS");
}

void cutPower(const std::filesystem::path& folder, const std::filesystem::path& synced, std::mt19937& random)
{
    constexpr std::array chances{0.0, 0.1, 0.5, 0.9, 1.0};
    std::bernoulli_distribution wentToDisk(chances[std::uniform_int_distribution<std::size_t>(0, chances.size() - 1)(random)]);
    const std::filesystem::path database = folder / "workspace.sqlite";
    for (const char* ending : {"", "-wal"}) {
        const std::filesystem::path path = database.string() + ending;
        const std::string written = contentsOf(path);
        std::string left = contentsOf(synced / path.filename());
        if (wentToDisk(random))
            left.resize(written.size()); // the file's new size did, what was to be in it perhaps not
        for (std::size_t at = 0; at < std::min(left.size(), written.size()); at += sector) {
            if (wentToDisk(random))
                left.replace(at, std::min(sector, left.size() - at), written, at, std::min(sector, left.size() - at));
        }
        std::ofstream(path, std::ios::binary | std::ios::trunc) << left;
    }
    std::filesystem::remove(database.string() + "-shm");
}

} // namespace iotman::store
