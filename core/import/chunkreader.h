// A file as the pieces that /api/imports takes, and what became of its rows.
#pragma once

#include "core/import/rowreader.h"

#include <memory>
#include <string>
#include <vector>

namespace iotman::files {

/// What has been read so far.
struct ImportCount {
    std::int64_t rows = 0;         ///< good ones
    std::int64_t refused = 0;      ///< not counted in `rows`
    std::vector<Refusal> refusals; ///< the first `mostRefusalsKept` of them
    OddHours oddHours;

    bool operator==(const ImportCount&) const = default;
};

inline constexpr std::size_t mostRefusalsKept = 10'000;

struct Chunk {
    std::string lines; ///< `{"time":…,"payload":{…}}` a line; without `time` where the row has none
    std::int64_t rows = 0;
    bool last = false; ///< the file is at its end
};

/// Turns rows into chunks of at most `most` bytes (but for a single row that is longer) and `mostObjects` rows, in memory that
/// does not grow with the file. Not thread-safe; it may move between threads.
class ChunkReader {
public:
    static constexpr std::size_t usualBytes = 4 * 1024 * 1024;

    /// `source` must outlive it. Errors: as RowReader::open.
    static Expected<ChunkReader> open(ByteSource& source, const Options& options, std::size_t most = usualBytes);

    /// Errors: as RowReader::next. After an error or the last chunk, do not call it again.
    Expected<Chunk> next();

    const ImportCount& count() const { return count_; }
    std::int64_t bytesRead() const { return reader_.bytesRead(); }

private:
    ChunkReader(RowReader reader, std::size_t most)
        : reader_(std::move(reader))
        , most_(most)
    {
    }

    RowReader reader_;
    std::size_t most_;
    ImportCount count_;
};

/// Refused rows as CSV: `line,reason`.
std::string refusalsCsv(const std::vector<Refusal>& refusals);

} // namespace iotman::files
