#include "core/store/reserve.h"

#include "core/store/files.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace iotman::store {

namespace fs = std::filesystem;

namespace {

/// Of the room there is.
constexpr std::uintmax_t part = 8;
/// With less than this part of the disk, and of the most, it could not make room for a log that waits.
constexpr std::uintmax_t leastPartOfDisk = 32;
constexpr std::uintmax_t leastPart = 4;
constexpr std::uintmax_t leastBytes = std::uintmax_t(64) * 1024;

bool isFull(int reason) { return reason == ENOSPC || reason == EDQUOT; }

fs::space_info spaceBeside(const fs::path& file)
{
    std::error_code failed;
    const fs::space_info disk = fs::space(file.parent_path(), failed);
    return failed ? fs::space_info{0, 0, 0} : disk;
}

} // namespace

Reserve::Reserve(fs::path file, std::size_t most)
    : file_(std::move(file))
    , most_(most)
{
    std::error_code missing;
    const std::uintmax_t before = fs::file_size(file_, missing);
    const std::uintmax_t room = spaceBeside(file_).available + (missing ? 0 : before);
    take(std::clamp<std::uintmax_t>(room / part, least(), most_));
}

bool Reserve::giveUp()
{
    if (most_ == 0 || isLacking_)
        return false;
    std::error_code ignored;
    fs::remove(file_, ignored);
    return isLacking_ = true;
}

void Reserve::adjust()
{
    if (most_ == 0 || (!isLacking_ && bytes_ == most_))
        return;
    // What was given up a moment ago is for others: it is taken again where there is twice as much, and taken more of where that is much.
    const std::uintmax_t available = spaceBeside(file_).available;
    const std::uintmax_t wanted = std::clamp<std::uintmax_t>((available + (isLacking_ ? 0 : bytes_)) / part, least(), most_);
    if (isLacking_ ? available >= 2 * wanted : wanted >= 2 * bytes_)
        take(wanted);
}

std::uintmax_t Reserve::least() const
{
    return std::clamp<std::uintmax_t>(spaceBeside(file_).capacity / leastPartOfDisk, leastBytes, std::max<std::uintmax_t>(most_ / leastPart, leastBytes));
}

void Reserve::take(std::uintmax_t bytes)
{
    bytes_ = static_cast<std::size_t>(bytes);
    const FileHandle file(::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int reason = !file.isOpen() ? errno : ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes_));
    // Where it cannot be had for another reason (a file system that knows no such thing), there is none.
    isLacking_ = isFull(reason);
    std::error_code ignored;
    if (reason != 0)
        fs::remove(file_, ignored);
}

} // namespace iotman::store
