#include "core/server/privatefile.h"

#include "core/model/ascii.h"
#include "core/store/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace iotman::server {

namespace {

Error systemError(const std::filesystem::path& file, std::string_view what, int number)
{
    return {number == ENOSPC ? Problem::NoSpace : Problem::Internal, file.string() + " could not be " + std::string(what) + ": " + std::strerror(number)};
}

/// In the name of a file that is being written, before six letters or digits.
constexpr std::string_view unfinished = ".new-";

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (fd_ >= 0)
            close(fd_);
    }
    int get() const { return fd_; }

private:
    int fd_;
};

/// A copy or a backup that was brought back may have left the file open to everyone.
void closeToOthers(int descriptor)
{
    struct stat about {};
    if (fstat(descriptor, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)fchmod(descriptor, S_IRUSR | S_IWUSR); // somebody else's file is read as it is
}

Expected<std::filesystem::path> writeBeside(const std::filesystem::path& file, std::string_view content)
{
    std::string name = file.string() + std::string(unfinished) + "XXXXXX";
    const Descriptor fd(mkstemp(name.data()));
    if (fd.get() < 0)
        return fail(systemError(file, "written", errno));
    bool ok = fchmod(fd.get(), S_IRUSR | S_IWUSR) == 0;
    std::string_view rest = content;
    while (ok && !rest.empty()) {
        const ssize_t written = write(fd.get(), rest.data(), rest.size());
        if (written > 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else
            ok = errno == EINTR;
    }
    if (ok && fsync(fd.get()) == 0)
        return std::filesystem::path(name);
    const int number = errno;
    unlink(name.c_str());
    return fail(systemError(file, "written", number));
}

bool isUnfinished(std::string_view name)
{
    constexpr std::size_t randomLength = 6;
    constexpr std::size_t length = unfinished.size() + randomLength;
    static constexpr CharacterSet isRandom(asciiAlphanumerics);
    return name.size() > length && name.substr(name.size() - length, unfinished.size()) == unfinished &&
           isRandom.hasAll(name.substr(name.size() - randomLength));
}

void syncFolder(const std::filesystem::path& file)
{
    const Descriptor folder(open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        fsync(folder.get());
}

} // namespace

Expected<Created> createPrivateFile(const std::filesystem::path& file, std::string_view content)
{
    const Expected<std::filesystem::path> written = writeBeside(file, content);
    if (!written)
        return fail(written.error());
    const int linked = link(written->c_str(), file.c_str());
    const int number = errno;
    unlink(written->c_str());
    if (linked != 0 && number != EEXIST)
        return fail(systemError(file, "written", number));
    syncFolder(file);
    return linked == 0 ? Created::Yes : Created::Existed;
}

Expected<void> replacePrivateFile(const std::filesystem::path& file, std::string_view content)
{
    if (content.size() > mostPrivateBytes)
        return fail(Problem::Conflict, "“" + file.filename().string() + "” would take more than " + std::to_string(mostPrivateBytes / 1024) + " KiB");
    const Expected<std::filesystem::path> written = writeBeside(file, content);
    if (!written)
        return fail(written.error());
    if (rename(written->c_str(), file.c_str()) != 0) {
        const int number = errno;
        unlink(written->c_str());
        return fail(systemError(file, "written", number));
    }
    syncFolder(file);
    return {};
}

Expected<std::string> readPrivateFile(const std::filesystem::path& file)
{
    const Descriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0)
        return fail(systemError(file, "read", errno));
    closeToOthers(fd.get());
    std::string content;
    std::array<char, 4096> buffer{};
    while (content.size() <= mostPrivateBytes) {
        const ssize_t got = read(fd.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(systemError(file, "read", errno));
        if (got == 0)
            return content;
        content.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return fail(Problem::BadRequest, file.string() + " is larger than anything that is kept so");
}

void removeUnfinishedFiles(const std::filesystem::path& folder)
{
    std::error_code ignored;
    for (const std::filesystem::path& file : store::filesIn(folder).value_or(std::vector<std::filesystem::path>())) {
        if (isUnfinished(file.filename().string()))
            std::filesystem::remove(file, ignored);
    }
}

} // namespace iotman::server
