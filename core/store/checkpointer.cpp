#include "core/store/checkpointer.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace iotman::store {

namespace {

/// 4 MiB: a round is short, and the pages are still in memory.
constexpr int usualPagesPerRound = 1000;
constexpr int leastPagesPerRound = 16;
constexpr std::size_t pageBytes = 4096;
/// 32 MiB: where the log starts anew even if the writer never pauses.
constexpr int pagesToStartAnew = 8000;
/// 64 MiB: where the writer waits, since it is faster than the disk.
constexpr int pagesAtMost = 16'000;
/// So long after the last commit the log is emptied.
constexpr auto quietAfter = std::chrono::seconds(2);
/// So long new reads wait, at most, for those that are at work.
constexpr auto patience = std::chrono::milliseconds(20);

} // namespace

Checkpointer::Checkpointer(Connection connection, std::mutex& writing, ReadGate& reading)
    : connection_(std::move(connection))
    , writing_(writing)
    , reading_(reading)
    , pagesPerRound_(usualPagesPerRound)
    , thread_([this](const std::stop_token& stop) { run(stop); })
{
}

Checkpointer::~Checkpointer() = default;

void Checkpointer::committed(int logPages)
{
    reading_.committed();
    bool wakes = false;
    {
        const std::lock_guard lock(mutex_);
        if (logPages < movedPages_)
            movedPages_ = 0; // the log started anew
        logPages_ = logPages;
        ++commits_;
        wakes = isEmptied_ || isMuch();
        isEmptied_ = false;
    }
    if (wakes)
        changed_.notify_all();
}

void Checkpointer::setMostPerRound(std::size_t bytes)
{
    const std::lock_guard lock(mutex_);
    pagesPerRound_ = static_cast<int>(std::clamp<std::size_t>(bytes / pageBytes, leastPagesPerRound, usualPagesPerRound));
}

void Checkpointer::startAnew()
{
    {
        const std::lock_guard lock(mutex_);
        startsAnew_ = true;
    }
    changed_.notify_all();
}

bool Checkpointer::startsAnew()
{
    const std::lock_guard lock(mutex_);
    return startsAnew_ || isStartingAnew_;
}

bool Checkpointer::isLogFull()
{
    const std::lock_guard lock(mutex_);
    return logPages_ >= pagesAtMost;
}

void Checkpointer::waitForRoom()
{
    std::unique_lock lock(mutex_);
    // Where a round could not help, because of one long read or a full disk, the next one is due after some more pages.
    changed_.wait(lock, [this] { return logPages_ < pagesAtMost || !(isMuch() || isWorking_); });
}

void Checkpointer::run(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, stop, [this] { return !isEmptied_ || startsAnew_; });
        const std::uint64_t before = commits_;
        changed_.wait_for(lock, stop, quietAfter, [this] { return isMuch() || startsAnew_; });
        if (stop.stop_requested())
            return;
        const bool isAsked = std::exchange(startsAnew_, false);
        const bool isDue = !isAsked && isMuch();
        const bool isQuiet = isAsked || commits_ == before;
        if (!isDue && !isQuiet)
            continue;
        const int pages = logPages_;
        movedPages_ = pages;
        isWorking_ = true;
        isStartingAnew_ = isAsked;
        lock.unlock();
        checkpoint(SQLITE_CHECKPOINT_PASSIVE);
        bool emptied = false;
        if (!isDue)
            emptied = empty(SQLITE_CHECKPOINT_TRUNCATE);
        else if (pages >= pagesToStartAnew)
            empty(SQLITE_CHECKPOINT_RESTART);
        lock.lock();
        isWorking_ = isStartingAnew_ = false;
        if (emptied && commits_ == before)
            isEmptied_ = true;
        changed_.notify_all();
    }
}

bool Checkpointer::checkpoint(int mode)
{
    if (mode == SQLITE_CHECKPOINT_PASSIVE)
        reading_.endKept();
    // A failure (a reader in the way, a full disk) leaves the log as it is; a later round tries again.
    const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, mode, nullptr, nullptr);
    if (code != SQLITE_OK && connection_.error(code).kind == Problem::NoSpace)
        metFull_ = true;
    return code == SQLITE_OK;
}

bool Checkpointer::empty(int mode)
{
    const std::lock_guard lock(writing_);
    // What was committed meanwhile, while reads go on; then there is nearly nothing left for which they must wait.
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    if (!reading_.close(patience))
        return false;
    const bool isDone = checkpoint(mode);
    reading_.open();
    if (isDone) {
        const std::lock_guard counts(mutex_);
        logPages_ = movedPages_ = 0;
    }
    return isDone;
}

} // namespace iotman::store
