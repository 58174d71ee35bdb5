#include "core/store/heldfile.h"

#include <sys/stat.h>

namespace iotman::store {

bool HeldFile::read(const std::string& path, Identity& identity)
{
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return false;
    identity = {about.st_dev, about.st_ino};
    return true;
}

Expected<HeldFile> HeldFile::of(std::string path)
{
    HeldFile held;
    if (!read(path, held.identity_))
        return fail(Problem::Internal, "“" + path + "” cannot be found");
    held.path_ = std::move(path);
    return held;
}

Expected<void> HeldFile::check() const
{
    Identity now;
    if (read(path_, now) && now == identity_)
        return {};
    Error error{Problem::Unavailable, "the data folder was moved or replaced while this server holds it; put it back, or start the server anew"};
    error.retryAfter = 10;
    return fail(std::move(error));
}

} // namespace iotman::store
