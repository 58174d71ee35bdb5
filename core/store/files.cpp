#include "core/store/files.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace iotman::store {

tl::unexpected<Error> fileFailure(const std::filesystem::path& path, std::string_view cannotBe, int reason)
{
    const Problem kind = reason == ENOSPC || reason == EDQUOT || reason == EFBIG ? Problem::NoSpace : Problem::Internal;
    return fail(kind, "“" + path.string() + "” cannot be " + std::string(cannotBe) + ": " + std::strerror(reason));
}

Expected<std::vector<std::filesystem::path>> filesIn(const std::filesystem::path& folder)
{
    // A loop over the range would throw where the disk fails half-way.
    std::vector<std::filesystem::path> found;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        found.push_back(entry->path());
    if (failed && failed != std::errc::no_such_file_or_directory)
        return fileFailure(folder, "read", failed.value());
    std::sort(found.begin(), found.end());
    return found;
}

Expected<void> syncFolder(const std::filesystem::path& folder)
{
    const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.isOpen() || ::fsync(handle.get()) != 0)
        return fileFailure(folder, "synced", errno);
    return {};
}

FileHandle::FileHandle(FileHandle&& other) noexcept
    : handle_(std::exchange(other.handle_, -1))
{
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

FileHandle::~FileHandle()
{
    if (handle_ >= 0)
        ::close(handle_);
}

} // namespace iotman::store
