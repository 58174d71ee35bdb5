// The folder of one workspace, held by one process at a time.
#pragma once

#include "core/store/files.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace iotman::store {

/// Who holds a data folder.
struct Holder {
    std::int64_t process = 0;
    std::string program;
    std::string url;         ///< where it serves; empty until it does
    std::string certificate; ///< SHA-256 of the certificate that it shows there, in hexadecimal; empty where it speaks no TLS
};

/// For people: `iotman-server (process 12), http://127.0.0.1:8787`.
std::string nameOf(const Holder& holder);

/// Holds a data folder until it goes, by a lock on its file `lock`, which says who holds it. The lock ends with the process,
/// however it ends.
class DataFolder {
public:
    /// Makes the folder (mode 0700) where there is none. Errors: Conflict when another holds it, in a sentence that names the
    /// folder and the holder; NoSpace; Internal when it cannot be made or written, with the reason.
    static Expected<DataFolder> open(const std::filesystem::path& folder, std::string_view program);

    /// Absolute, symbolic links resolved.
    const std::filesystem::path& path() const { return path_; }

    /// Tells whoever reads the lock where this process serves, and with which certificate: see Holder.
    Expected<void> setUrl(std::string_view url, std::string_view certificate = {});

private:
    DataFolder(std::filesystem::path path, FileHandle lock, Holder holder);

    std::filesystem::path path_;
    FileHandle lock_;
    Holder holder_;
};

/// Who holds `folder` at the moment; nothing where nobody does, or there is no such folder.
Expected<std::optional<Holder>> readHolder(const std::filesystem::path& folder);

} // namespace iotman::store
