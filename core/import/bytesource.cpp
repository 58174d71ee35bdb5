#include "core/import/bytesource.h"

#include "core/import/words.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace iotman::files {

namespace {

tl::unexpected<Error> failedOn(const std::string& path, int code)
{
    const Problem kind = code == ENOENT                    ? Problem::NotFound
                         : code == EACCES || code == EPERM ? Problem::Forbidden
                                                           : Problem::Internal;
    return fail(kind, "cannot read " + inQuotes(path) + ": " + std::strerror(code));
}

} // namespace

Expected<std::size_t> MemorySource::read(std::span<char> room)
{
    const std::size_t size = std::min(room.size(), rest_.size());
    std::copy_n(rest_.data(), size, room.data());
    rest_.remove_prefix(size);
    return size;
}

Expected<FileSource> FileSource::open(const std::string& path)
{
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait forever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return failedOn(path, errno);
    Expected<State> state = stateOf(path, descriptor);
    if (!state) {
        ::close(descriptor);
        return fail(state.error());
    }
    return FileSource(path, descriptor, *state);
}

FileSource::FileSource(std::string path, int descriptor, State state)
    : path_(std::move(path))
    , descriptor_(descriptor)
    , state_(state)
{
}

FileSource::FileSource(FileSource&& other) noexcept
    : path_(std::move(other.path_))
    , descriptor_(std::exchange(other.descriptor_, -1))
    , state_(other.state_)
{
}

FileSource::~FileSource()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Expected<FileSource::State> FileSource::stateOf(const std::string& path, int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return failedOn(path, errno);
    if (S_ISDIR(status.st_mode))
        return fail(Problem::BadRequest, "expected a file, but " + inQuotes(path) + " is a folder");
    if (!S_ISREG(status.st_mode))
        return fail(Problem::BadRequest, "expected a file, but " + inQuotes(path) + " is a device or a pipe");
    return State{status.st_size, status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec};
}

Expected<std::size_t> FileSource::read(std::span<char> room)
{
    for (;;) {
        const ssize_t got = ::read(descriptor_, room.data(), room.size());
        if (got > 0)
            return static_cast<std::size_t>(got);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failedOn(path_, errno);
        const Expected<State> now = stateOf(path_, descriptor_);
        if (!now)
            return fail(now.error());
        if (*now != state_)
            return fail(Problem::Conflict, inQuotes(path_) + " changed while it was read; import it once nothing writes to it");
        return std::size_t{0};
    }
}

} // namespace iotman::files
