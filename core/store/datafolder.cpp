#include "core/store/datafolder.h"

#include "core/model/json.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

namespace iotman::store {

namespace fs = std::filesystem;

namespace {

/// Whoever reads the holder takes a shared lock for a moment; that must not look like a holder.
constexpr int lockAttempts = 10;
constexpr auto betweenAttempts = std::chrono::milliseconds(20);

fs::path lockPath(const fs::path& folder)
{
    return folder / "lock";
}

Expected<void> makeFolder(const fs::path& folder)
{
    std::error_code reason;
    const fs::file_status status = fs::status(folder, reason);
    if (fs::is_directory(status))
        return {};
    if (fs::exists(status))
        return fail(Problem::Internal, "“" + folder.string() + "” is not a folder");
    if (folder.has_parent_path()) {
        fs::create_directories(folder.parent_path(), reason);
        if (reason)
            return fileFailure(folder, "made", reason.value());
    }
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fileFailure(folder, "made", errno);
    return {};
}

bool tryLock(const FileHandle& file)
{
    for (int attempt = 0; attempt < lockAttempts; ++attempt) {
        if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
            return true;
        std::this_thread::sleep_for(betweenAttempts);
    }
    return false;
}

std::string textOf(const FileHandle& file)
{
    std::array<char, 4096> text{};
    const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// What the lock says. It is being written for a moment after the lock was taken.
Holder holderIn(const FileHandle& file)
{
    for (int attempt = 0; attempt < lockAttempts; ++attempt) {
        const Json json = Json::parse(textOf(file), nullptr, false);
        if (json.is_object()) {
            Holder holder;
            const auto text = [&](const char* member) {
                return json.value(member, Json()).is_string() ? json.at(member).get<std::string>() : std::string();
            };
            holder.process = json.value("pid", Json()).is_number_integer() ? json.at("pid").get<std::int64_t>() : 0;
            holder.program = text("program");
            holder.url = text("url");
            holder.certificate = text("certificate");
            return holder;
        }
        std::this_thread::sleep_for(betweenAttempts);
    }
    return {};
}

Expected<void> writeHolder(const FileHandle& file, const fs::path& path, const Holder& holder)
{
    const std::string text =
        jsonText(Json{
            {"pid", holder.process}, {"program", holder.program}, {"url", holder.url}, {"certificate", holder.certificate}}) +
        "\n";
    if (::ftruncate(file.get(), 0) != 0)
        return fileFailure(path, "written", errno);
    const ssize_t written = ::pwrite(file.get(), text.data(), text.size(), 0);
    if (written != static_cast<ssize_t>(text.size()))
        return fileFailure(path, "written", written < 0 ? errno : ENOSPC);
    return {};
}

tl::unexpected<Error> inUse(const fs::path& folder, const Holder& holder)
{
    return fail(Problem::Conflict, "“" + folder.string() + "” is in use by " + nameOf(holder));
}

} // namespace

std::string nameOf(const Holder& holder)
{
    std::string name = holder.program.empty() ? "another program" : holder.program;
    if (holder.process != 0)
        name += " (process " + std::to_string(holder.process) + ")";
    return holder.url.empty() ? name : name + ", " + holder.url;
}

Expected<DataFolder> DataFolder::open(const fs::path& folder, std::string_view program)
{
    if (folder.empty())
        return fail(Problem::Internal, "expected a data folder, but got an empty name");
    std::error_code reason;
    // Without a slash at its end, which would hide the last name.
    const fs::path absolute = fs::absolute(folder, reason);
    const fs::path named = absolute.has_filename() ? absolute : absolute.parent_path();
    if (auto done = makeFolder(named); !done)
        return fail(done.error());
    const fs::path path = fs::canonical(named, reason);
    if (reason)
        return fileFailure(named, "opened", reason.value());
    FileHandle lock(::open(lockPath(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.isOpen())
        return fileFailure(path, "written", errno);
    if (!tryLock(lock))
        return inUse(path, holderIn(lock));
    Holder holder{::getpid(), std::string(program), {}, {}};
    if (auto done = writeHolder(lock, lockPath(path), holder); !done)
        return fail(done.error());
    return DataFolder(path, std::move(lock), std::move(holder));
}

DataFolder::DataFolder(fs::path path, FileHandle lock, Holder holder)
    : path_(std::move(path))
    , lock_(std::move(lock))
    , holder_(std::move(holder))
{
}

Expected<void> DataFolder::setUrl(std::string_view url, std::string_view certificate)
{
    holder_.url = url;
    holder_.certificate = certificate;
    return writeHolder(lock_, lockPath(path_), holder_);
}

Expected<std::optional<Holder>> readHolder(const fs::path& folder)
{
    const fs::path path = lockPath(folder);
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen() && (errno == ENOENT || errno == ENOTDIR))
        return std::optional<Holder>();
    if (!file.isOpen())
        return fileFailure(path, "read", errno);
    if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0)
        return std::optional<Holder>();
    return std::optional(holderIn(file));
}

} // namespace iotman::store
