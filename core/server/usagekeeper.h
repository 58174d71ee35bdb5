// Keeps when clients, members and endpoints were last used across restarts. Lazily: a crash costs a minute of it.
#pragma once

#include "core/server/usage.h"
#include "core/store/store.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace iotman::server {

class UsageKeeper {
public:
    /// Reads what the run before knew. Starts the thread.
    UsageKeeper(store::Store& store, Usage& usage);
    /// Writes for the last time; the store is still there.
    ~UsageKeeper();
    UsageKeeper(const UsageKeeper&) = delete;
    UsageKeeper& operator=(const UsageKeeper&) = delete;

private:
    void load();
    void save(); ///< where something changed since

    store::Store& store_;
    Usage& usage_;
    std::string saved_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::jthread thread_;
};

} // namespace iotman::server
