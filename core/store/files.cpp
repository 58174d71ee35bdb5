#include "core/store/files.h"

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
