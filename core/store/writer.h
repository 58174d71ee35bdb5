// The thread that writes: it takes what waits, commits once for all of it, publishes and answers.
#pragma once

#include "core/store/checkpointer.h"
#include "core/store/jobs.h"
#include "core/store/heldfile.h"
#include "core/store/mergepace.h"
#include "core/store/reserve.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace iotman::store {

struct Listeners {
    std::function<void(std::span<const Published>)> published;
    std::function<void(std::shared_ptr<const Catalog>)> catalog;
};

class Writer {
public:
    /// `writing` is loaded. Starts the thread. `checkpoints` is the connection that moves the log; all reads pass through
    /// `reading`. Nothing is written while the database is not where it was `held`. Where the disk is full, `reserve` is given up for what
    /// makes room, and nothing is added until there is some.
    Writer(std::unique_ptr<Writing> writing, Connection checkpoints, const HeldFile& held, std::shared_ptr<ReadGate> reading,
           std::size_t mostWaitingBytes, Reserve reserve, const MergeTiming& merging);
    /// Ends the transaction that runs, answers the rest with Unavailable.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // ---- Any thread.

    /// Answers it on the writer thread: with Unavailable at once where too much waits.
    void post(std::unique_ptr<Job> job);
    void setListeners(Listeners listeners);
    std::shared_ptr<const Catalog> catalog() const;
    /// Why the last group could not be committed; nothing once one was.
    std::optional<Error> trouble() const;
    const Counters& counters() const { return writing_->counters; }
    std::uint64_t expiries() const { return expiries_; }
    std::size_t waitingBytes() const { return waitingBytes_.load(std::memory_order_relaxed); }

private:
    using Jobs = std::vector<std::unique_ptr<Job>>;

    void run(const std::stop_token& stop);
    void answerRest();
    Jobs takeGroup();
    void commit(std::span<const std::unique_ptr<Job>> group);
    void announce(std::span<const std::unique_ptr<Job>> group, std::span<const Expected<void>> outcomes);

    Expected<void> transact(const std::function<Expected<void>()>& write);
    Expected<void> writeGroup(std::span<const std::unique_ptr<Job>> group, std::vector<Expected<void>>& outcomes);
    Expected<void> writeInSavepoint(Job& job, Expected<void>& outcome);
    bool lookForRoom();
    void makeRoom();
    void restore(WriteState state);
    bool hasRest() const;
    bool removeRest();
    /// When to look again, if nothing else comes.
    std::optional<MergePace::TimePoint> nextLook(bool removalFailed) const;
    void beginMerging();
    void merge();

    const std::size_t mostWaitingBytes_;
    const HeldFile held_;
    std::unique_ptr<Writing> writing_;
    Statement begin_, end_, rollback_, savepoint_, release_, undo_, freePages_;
    Reserve reserve_;
    bool hasRoom_ = true;  ///< for data
    bool metFull_ = false; ///< in this transaction
    std::chrono::steady_clock::time_point lookAgainAt_, startAnewAt_;
    MergePace pace_;

    std::mutex transaction_; ///< held during a transaction: the checkpointer's way to stop the writer
    std::shared_ptr<ReadGate> reading_;
    Checkpointer checkpointer_;

    mutable std::mutex mutex_; ///< guards what follows
    std::condition_variable_any arrived_;
    std::deque<std::unique_ptr<Job>> waiting_;
    Jobs refused_;
    Listeners listeners_;
    std::shared_ptr<const Catalog> catalog_;
    std::optional<Error> trouble_;

    std::atomic<std::size_t> waitingBytes_ = 0;
    std::atomic<std::uint64_t> expiries_ = 0; ///< of the last commit
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace iotman::store
