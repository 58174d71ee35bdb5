// Lets the write-ahead log start anew although there are always readers.
#pragma once

#include <atomic>
#include <chrono>

namespace iotman::store {

/// Each read passes through for as long as it keeps its snapshot. The log can only start anew at a moment when no snapshot needs
/// it; with several readers at work such a moment may never come by itself, so the gate makes one: new reads wait while those
/// inside finish.
class ReadGate {
public:
    /// Waits while the gate is closed. Any thread.
    void enter();
    void leave() { inside_.fetch_sub(1); }

    /// Keeps new reads out; false (and open again) when those inside took longer than `patience`. One thread at a time.
    bool close(std::chrono::microseconds patience);
    void open();

private:
    std::atomic<int> inside_ = 0;
    std::atomic<bool> isClosed_ = false;
};

} // namespace iotman::store
