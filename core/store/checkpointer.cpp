#include "core/store/checkpointer.h"

#include <sqlite3.h>

#include <chrono>

namespace iotman::store {

namespace {

/// 32 MiB: where the log starts anew even if the writer never pauses.
constexpr int pagesAtMost = 8000;
/// So long after the last commit the log is emptied.
constexpr auto quietAfter = std::chrono::seconds(2);

} // namespace

Checkpointer::Checkpointer(Connection connection, std::mutex& writing)
    : connection_(std::move(connection))
    , writing_(writing)
    , thread_([this](const std::stop_token& stop) { run(stop); })
{
}

Checkpointer::~Checkpointer() = default;

void Checkpointer::committed(int logPages)
{
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
        changed_.notify_one();
}

void Checkpointer::run(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, stop, [this] { return !isEmptied_; });
        const std::uint64_t before = commits_;
        changed_.wait_for(lock, stop, quietAfter, [this] { return isMuch(); });
        if (stop.stop_requested())
            return;
        const bool isDue = isMuch();
        const bool isQuiet = commits_ == before;
        if (!isDue && !isQuiet)
            continue;
        const int pages = logPages_;
        movedPages_ = pages;
        lock.unlock();
        sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        bool emptied = false;
        if (!isDue)
            emptied = empty(SQLITE_CHECKPOINT_TRUNCATE);
        else if (pages >= pagesAtMost)
            empty(SQLITE_CHECKPOINT_RESTART);
        lock.lock();
        if (emptied && commits_ == before)
            isEmptied_ = true;
    }
}

bool Checkpointer::empty(int mode)
{
    // A failure (a reader in the way, a full disk) leaves the log as it is; a later round tries again.
    const std::lock_guard lock(writing_);
    return sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, mode, nullptr, nullptr) == SQLITE_OK;
}

} // namespace iotman::store
