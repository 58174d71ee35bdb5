#include "core/store/ephemeralfolder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

namespace iotman::store {

namespace fs = std::filesystem;

namespace {

constexpr const char* prefix = "iotman-ephemeral-";

FileHandle openFolder(const fs::path& path)
{
    return FileHandle(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// Ours, and nobody holds it. On success `folder` is locked, so that no two remove it.
bool isLeftover(const FileHandle& folder)
{
    struct stat status = {};
    return folder.isOpen() && ::fstat(folder.get(), &status) == 0 && status.st_uid == ::geteuid() &&
           ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
}

void sweep(const fs::path& place)
{
    std::error_code ignored;
    for (const fs::path& path : filesIn(place).value_or(std::vector<fs::path>())) {
        if (!path.filename().string().starts_with(prefix))
            continue;
        const FileHandle folder = openFolder(path);
        if (isLeftover(folder))
            fs::remove_all(path, ignored);
    }
}

/// Locks a folder just made; nothing when a sweep took it for a leftover in between.
bool hold(const FileHandle& folder)
{
    struct stat status = {};
    return folder.isOpen() && ::flock(folder.get(), LOCK_EX) == 0 && ::fstat(folder.get(), &status) == 0 && status.st_nlink > 0;
}

} // namespace

Expected<EphemeralFolder> EphemeralFolder::create()
{
    std::vector<fs::path> places{"/dev/shm"};
    std::error_code reason;
    if (const fs::path temporary = fs::temp_directory_path(reason); !reason)
        places.push_back(temporary);
    return createIn(places);
}

Expected<EphemeralFolder> EphemeralFolder::createIn(std::span<const fs::path> places)
{
    constexpr int attempts = 10;
    int reason = ENOENT;
    for (const fs::path& place : places) {
        sweep(place);
        for (int attempt = 0; attempt < attempts; ++attempt) {
            std::string name = (place / (std::string(prefix) + "XXXXXX")).string();
            if (!::mkdtemp(name.data())) {
                reason = errno;
                break;
            }
            FileHandle folder = openFolder(name);
            if (hold(folder))
                return EphemeralFolder(name, std::move(folder));
        }
    }
    return fileFailure(places.empty() ? fs::path() : places.back(), "written", reason);
}

EphemeralFolder::EphemeralFolder(fs::path path, FileHandle held)
    : path_(std::move(path))
    , held_(std::move(held))
{
}

EphemeralFolder::EphemeralFolder(EphemeralFolder&& other) noexcept
    : path_(std::exchange(other.path_, fs::path()))
    , held_(std::move(other.held_))
{
}

EphemeralFolder& EphemeralFolder::operator=(EphemeralFolder&& other) noexcept
{
    std::swap(path_, other.path_);
    std::swap(held_, other.held_);
    return *this;
}

EphemeralFolder::~EphemeralFolder()
{
    std::error_code ignored;
    if (!path_.empty())
        fs::remove_all(path_, ignored);
}

} // namespace iotman::store
