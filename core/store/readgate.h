// Lets the write-ahead log start anew although there are always readers.
#pragma once

#include "core/store/removedoutputs.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace iotman::store {

/// Each read passes through for as long as it keeps its snapshot. The log can only start anew at a moment when no snapshot needs
/// it; with several readers at work such a moment may never come by itself, so the gate makes one: new reads wait while those
/// inside finish. And it tells readers when there is something new, so that one may keep its snapshot for the next read until then.
class ReadGate {
public:
    /// A reader that keeps its snapshot between reads.
    class Keeper {
    public:
        virtual ~Keeper() = default;
        /// Ends it, unless a read is at work. Any thread.
        virtual void endKept() = 0;
    };
    void add(Keeper& keeper);
    void remove(Keeper& keeper);
    /// Ends what is kept and not in use: after a commit it only stands in the log's way.
    void endKept();

    /// After each commit, before anyone is told of it. What was read at another count is out of date.
    void committed() { commits_.fetch_add(1); }
    std::uint64_t commits() const { return commits_.load(); }

    /// What a read asks behind itself.
    RemovedOutputs& removed() { return removed_; }

    /// Waits while the gate is closed. Any thread.
    void enter();
    void leave() { inside_.fetch_sub(1); }

    /// Keeps new reads out and ends what is kept; false (and open again) when those inside took longer than `patience`. One thread at a time.
    bool close(std::chrono::microseconds patience);
    void open();

private:
    std::atomic<int> inside_ = 0;
    std::atomic<bool> isClosed_ = false;
    std::atomic<std::uint64_t> commits_ = 0;
    RemovedOutputs removed_;
    std::mutex keepersMutex_;
    std::vector<Keeper*> keepers_;
};

} // namespace iotman::store
