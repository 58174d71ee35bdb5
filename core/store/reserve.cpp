#include "core/store/reserve.h"

#include "core/store/files.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace iotman::store {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t least = std::size_t(64) * 1024;
/// Of the room there is.
constexpr std::size_t part = 8;

bool isFull(int reason) { return reason == ENOSPC || reason == EDQUOT; }

} // namespace

Reserve::Reserve(fs::path file, std::size_t most)
    : file_(std::move(file))
{
    std::error_code missing;
    const std::uintmax_t before = fs::file_size(file_, missing);
    std::error_code failed;
    const fs::space_info disk = fs::space(file_.parent_path(), failed);
    const std::uintmax_t room = (failed ? 0 : disk.available) + (missing ? 0 : before);
    bytes_ = static_cast<std::size_t>(std::clamp<std::uintmax_t>(room / part, least, most));
    take();
}

void Reserve::giveUp()
{
    if (bytes_ == 0)
        return;
    std::error_code ignored;
    fs::remove(file_, ignored);
    isLacking_ = true;
}

void Reserve::takeBack()
{
    std::error_code failed;
    const fs::space_info disk = fs::space(file_.parent_path(), failed);
    if (bytes_ > 0 && !failed && disk.available >= 2 * bytes_)
        take();
}

void Reserve::take()
{
    const FileHandle file(::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int reason = !file.isOpen() ? errno : ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes_));
    // Where it cannot be had for another reason (a file system that knows no such thing), there is none.
    isLacking_ = isFull(reason);
    std::error_code ignored;
    if (reason != 0)
        fs::remove(file_, ignored);
}

} // namespace iotman::store
