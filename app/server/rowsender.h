// Files on their way into a workspace: read, checked, staged, committed.
#pragma once

#include "core/pipeline/filerows.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/server/folderapi.h"

namespace iotman {

using pipeline::BadRows;

/// Sends the rows of files to a source through /api/imports: all of them in one commit, or none.
class RowSender {
public:
    struct Refused {
        std::filesystem::path file;
        std::int64_t line = 0;
        std::string reason;
    };
    struct Sent {
        std::int64_t accepted = 0;
        std::int64_t refused = 0;
    };
    /// Whether content that was imported into this source before is imported again.
    enum class Again { Yes, No };

    RowSender(FolderApi& api, SourceName source, BadRows badRows, const Clock& clock);

    /// Reads each file twice: the first time to find every refused row, which `refuse` gets, before anything is sent. With
    /// RefuseAll and refused rows nothing is sent and nothing accepted. Errors: what keeps a file from being read, naming it; the
    /// API's.
    Expected<Sent> send(std::span<const std::filesystem::path> files, const files::Choices& choices, Again again,
                        const std::function<void(const Refused&)>& refuse);

private:
    struct File {
        std::filesystem::path path;
        files::Options options;
        std::string same; ///< pipeline::sameImport
        std::int64_t good = 0;
    };

    Expected<File> look(const std::filesystem::path& path, const files::Choices& choices) const;
    Expected<pipeline::RowTimes> times();
    Expected<std::int64_t> check(File& file, pipeline::RowTimes& times, const std::function<void(const Refused&)>& refuse) const;
    Expected<std::int64_t> stage(std::span<const File> files, pipeline::RowTimes& times, Again again);
    Expected<void> stageFile(const File& file, pipeline::RowTimes& times);
    Expected<void> flush();

    FolderApi& api_;
    SourceName source_;
    BadRows badRows_;
    const Clock& clock_;
    std::string import_; ///< id of the open one
    std::string body_;   ///< rows that are still to be sent
    std::int64_t waiting_ = 0;
    std::int64_t staged_ = 0;
};

} // namespace iotman
