#include "core/pipeline/rowpieces.h"

namespace iotman::pipeline {

namespace {

// Live datapoints wait while such a piece is stored.
constexpr std::size_t mostBytes = 4 * 1024 * 1024;
constexpr std::int64_t mostRows = 20'000;
constexpr std::size_t mostRefused = 1000;

/// Told to the reading thread alone.
tl::unexpected<Error> notWanted()
{
    return fail(Problem::Unavailable, "nobody takes the rows any more");
}

} // namespace

RowPieces::RowPieces(std::vector<File> files, RowTimes times, BadRows badRows)
    : files_(std::move(files))
    , times_(std::move(times))
    , badRows_(badRows)
    , thread_([this] { readAll(); })
{
}

RowPieces::~RowPieces()
{
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Expected<std::optional<RowPiece>> RowPieces::next()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_.has_value(); });
    Next next = std::move(*std::exchange(ready_, std::nullopt));
    lock.unlock();
    changed_.notify_all();
    return next;
}

bool RowPieces::put(Next next)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_ || stopped_; });
    if (stopped_)
        return false;
    ready_ = std::move(next);
    lock.unlock();
    changed_.notify_all();
    return true;
}

void RowPieces::readAll()
{
    for (const File& file : files_) {
        if (auto done = read(file); !done) {
            put(fail(errorOfFile(file.path, done.error())));
            return;
        }
    }
    if (hand())
        put(std::optional<RowPiece>());
}

Expected<void> RowPieces::read(const File& file)
{
    Expected<void> wanted;
    const auto take = [&](const files::Row& row) { return wanted ? add(file, row) : wanted; };
    const auto refused = [&](const files::Refusal& refusal) {
        if (wanted)
            wanted = refuse(file, refusal.line, refusal.reason);
    };
    auto read = eachRow(file.path, file.options, take, refused);
    return read ? wanted : read;
}

Expected<void> RowPieces::add(const File& file, const files::Row& row)
{
    const Expected<Timestamp> time = times_.of(row);
    if (!time)
        return refuse(file, row.line, time.error().detail);
    if (anyRefused_ && badRows_ == BadRows::RefuseAll)
        return {};
    // As an array: the payload keeps its bytes, line breaks included.
    piece_.body += piece_.body.empty() ? "[{\"time\":" : ",{\"time\":";
    piece_.body += time->seconds();
    piece_.body += ",\"payload\":";
    piece_.body += row.payload;
    piece_.body += '}';
    ++piece_.rows;
    piece_.oddHours.count(row.odd);
    return piece_.body.size() < mostBytes && piece_.rows < mostRows ? Expected<void>() : hand();
}

Expected<void> RowPieces::refuse(const File& file, std::int64_t line, std::string reason)
{
    anyRefused_ = true;
    piece_.refused.push_back({file.path, line, std::move(reason)});
    return piece_.refused.size() < mostRefused ? Expected<void>() : hand();
}

Expected<void> RowPieces::hand()
{
    if (piece_.rows > 0)
        piece_.body += ']';
    return put(std::exchange(piece_, {})) ? Expected<void>() : notWanted();
}

} // namespace iotman::pipeline
