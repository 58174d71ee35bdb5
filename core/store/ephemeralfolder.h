// A private folder in memory for a server that keeps nothing.
#pragma once

#include "core/store/files.h"

#include <filesystem>
#include <span>

namespace iotman::store {

/// A folder of mode 0700 that is removed when this goes. What a process that was killed left behind is removed by the next one.
class EphemeralFolder {
public:
    /// In /dev/shm, else in the folder for temporary files. Errors: NoSpace, Internal when none of them can be written.
    static Expected<EphemeralFolder> create();
    /// In the first of `places` that can be written.
    static Expected<EphemeralFolder> createIn(std::span<const std::filesystem::path> places);

    EphemeralFolder(EphemeralFolder&& other) noexcept;
    EphemeralFolder& operator=(EphemeralFolder&& other) noexcept;
    ~EphemeralFolder();

    const std::filesystem::path& path() const { return path_; }

private:
    EphemeralFolder(std::filesystem::path path, FileHandle held);

    std::filesystem::path path_; ///< empty when moved from
    FileHandle held_;            ///< the folder itself, locked: it is in use
};

} // namespace iotman::store
