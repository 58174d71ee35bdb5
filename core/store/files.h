// Files as the store needs them: handles that close themselves, refusals as errors for people.
#pragma once

#include "core/model/error.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace iotman::store {

/// "“/data” cannot be made: Permission denied". `reason` is an errno; NoSpace where it says so, else Internal.
tl::unexpected<Error> fileFailure(const std::filesystem::path& path, std::string_view cannotBe, int reason);

/// What lies in a folder, sorted; nothing where there is no such folder.
Expected<std::vector<std::filesystem::path>> filesIn(const std::filesystem::path& folder);

/// Makes the entries of a folder durable.
Expected<void> syncFolder(const std::filesystem::path& folder);

/// Closes at the end. Holds -1 where there is no file.
class FileHandle {
public:
    explicit FileHandle(int handle = -1)
        : handle_(handle)
    {
    }
    FileHandle(FileHandle&& other) noexcept;
    FileHandle& operator=(FileHandle&& other) noexcept;
    ~FileHandle();

    bool isOpen() const { return handle_ >= 0; }
    int get() const { return handle_; }
    /// The caller's from now on.
    int release() { return std::exchange(handle_, -1); }

private:
    int handle_;
};

} // namespace iotman::store
