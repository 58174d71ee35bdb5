// Moves what was committed from the write-ahead log into the database, away from the thread that commits.
#pragma once

#include "core/store/readgate.h"
#include "core/store/sqlite.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace iotman::store {

/// Owns a thread and a connection. It works beside the writer and stops it, by `writing`, only for the little that is left when
/// the log has to start anew; so the log stays bounded under any load, and shrinks to nothing when it gets quiet.
class Checkpointer {
public:
    /// `writing` is held by the writer during a transaction; all reads of this process pass through `reading`. Both must outlive
    /// this.
    Checkpointer(Connection connection, std::mutex& writing, ReadGate& reading);
    ~Checkpointer();

    /// After a commit that left `logPages` pages in the log. Any thread; quick.
    void committed(int logPages);

    /// A round moves at most about so many bytes: with room for some rounds all of a log can be moved when the last of them fail for want
    /// of it. Any thread.
    void setMostPerRound(std::size_t bytes);

    /// The disk was full, and there is room now: moves all of the log as soon as it can be, and gives its room back. Any thread.
    void startAnew();
    /// Until that was done, or tried. Any thread.
    bool startsAnew();

    /// Whether a round since the last call found the disk full: what is committed then only waits to be moved. Any thread.
    bool hasMetFull() { return metFull_.exchange(false); }

    /// Whether the log is as long as it may get: a long read keeps it, or the disk is full. Any thread.
    bool isLogFull();

    /// Before a transaction, without `writing`: waits where the log has grown to the most that it may have and can be made
    /// smaller.
    void waitForRoom();

private:
    void run(const std::stop_token& stop);
    bool isMuch() const { return logPages_ - movedPages_ >= pagesPerRound_; }
    bool checkpoint(int mode);
    bool empty(int mode);

    Connection connection_;
    std::mutex& writing_;
    ReadGate& reading_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    int pagesPerRound_;
    int logPages_ = 0;          ///< as of the last commit
    int movedPages_ = 0;        ///< of them, what a round took on
    std::uint64_t commits_ = 0; ///< how many there were
    bool isEmptied_ = true;     ///< nothing was committed since the log was emptied
    bool isWorking_ = false;
    bool startsAnew_ = false, isStartingAnew_ = false; ///< asked for, under way
    std::atomic<bool> metFull_ = false;
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace iotman::store
