// Files on their way into a workspace: read, checked, staged, committed.
#pragma once

#include "app/server/folderapi.h"
#include "core/pipeline/rowpieces.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace iotman {

using pipeline::BadRows;
using pipeline::RowPiece;
using pipeline::RowPieces;

/// Sends the rows of files to a source through /api/imports: all of them in one commit, or none.
class RowSender {
public:
    struct Sent {
        std::int64_t accepted = 0;
        std::int64_t refused = 0;
        files::OddHours oddHours; ///< of those that are accepted
        std::string zone;         ///< of times that carry none
        std::vector<std::filesystem::path> timeless; ///< files in which nothing reads as times, although nobody had said so
    };
    /// Whether content that was imported into this source before is imported again.
    enum class Again { Yes, No };
    using Refuse = std::function<void(const RowPiece::Refused&)>;

    RowSender(FolderApi& api, SourceName source, BadRows badRows, const Clock& clock);

    /// Stages rows while it reads on; nobody sees them before the commit. What `choices` leave open is as the source's settings say.
    /// `refuse` gets every row that is refused, in order. With RefuseAll and refused rows what is staged is discarded, and nothing
    /// accepted. Errors: what keeps a file from being read, naming it; the API's. Nothing is stored then.
    Expected<Sent> send(std::span<const std::filesystem::path> files, const files::Choices& choices, Again again,
                        const Refuse& refuse);

private:
    Expected<pipeline::RowTimes> timesOf(const Json& source) const;
    /// Says what the content of the file is in `same`.
    Expected<RowPieces::File> look(const std::filesystem::path& path, const files::Choices& choices, std::string& same) const;
    Expected<void> stage(RowPieces& pieces, Sent& sent, const Refuse& refuse);
    Expected<std::int64_t> commit();

    FolderApi& api_;
    SourceName source_;
    BadRows badRows_;
    const Clock& clock_;
    std::string import_; ///< id of the open one
};

} // namespace iotman
