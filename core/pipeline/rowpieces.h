// The rows of files in pieces, read ahead of whoever takes them.
#pragma once

#include "core/pipeline/filerows.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace iotman::pipeline {

/// What one request to /api/imports/ID/rows takes, and what was refused on the way to it.
struct RowPiece {
    struct Refused {
        std::filesystem::path file;
        std::int64_t line = 0;
        std::string reason;
    };
    std::string body; ///< a JSON array; empty without rows
    std::int64_t rows = 0;
    files::OddHours oddHours; ///< of these rows
    std::vector<Refused> refused;
};

/// Reads on a thread of its own, one piece ahead, so that reading and sending cost the longer of the two; memory stays flat.
/// With RefuseAll, no rows follow the first refused one, only what else is refused.
class RowPieces {
public:
    struct File {
        std::filesystem::path path;
        files::Options options;
    };

    RowPieces(std::vector<File> files, RowTimes times, BadRows badRows);
    ~RowPieces(); ///< what was not taken is not read any more
    RowPieces(const RowPieces&) = delete;
    RowPieces& operator=(const RowPieces&) = delete;

    /// The next piece, waited for; nothing behind the last. Errors: what makes a file useless, naming it; nothing comes after
    /// one.
    Expected<std::optional<RowPiece>> next();

private:
    using Next = Expected<std::optional<RowPiece>>;

    void readAll();
    Expected<void> read(const File& file);
    Expected<void> add(const File& file, const files::Row& row);
    Expected<void> refuse(const File& file, std::int64_t line, std::string reason);
    Expected<void> hand(); ///< the piece that is full; an error when nobody takes any more
    bool put(Next next);   ///< waits for room; false when nobody takes any more

    // The reading thread's own:
    const std::vector<File> files_;
    RowTimes times_;
    const BadRows badRows_;
    RowPiece piece_;
    bool anyRefused_ = false;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Next> ready_;
    bool stopped_ = false;
    std::thread thread_;
};

} // namespace iotman::pipeline
