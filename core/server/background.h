// A thread for what takes long and must not keep a worker from its connections.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace iotman::server {

/// Does one thing after the other, in the order asked, and what is to be done every so often in between.
class Background {
public:
    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Any thread. `bytes` are what the task keeps meanwhile. False when too much waits already, or it was stopped: then `task` is dropped.
    bool post(std::function<void()> task, std::size_t bytes = 0);
    /// At once, and again each time that so long has passed. Once.
    void repeat(std::chrono::milliseconds every, std::function<void()> task);
    /// Ends the thread after what it is doing; what waits is dropped.
    void stop();

private:
    static constexpr std::size_t mostWaiting = 1000;
    static constexpr std::size_t mostWaitingBytes = std::size_t(128) * 1024 * 1024;
    struct Task {
        std::function<void()> work;
        std::size_t bytes = 0;
    };
    struct Repeated {
        std::chrono::milliseconds every;
        std::chrono::steady_clock::time_point due;
        std::function<void()> task;
    };

    std::function<void()> next(const std::stop_token& stop);
    void work(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<Task> waiting_;
    std::size_t waitingBytes_ = 0;
    std::optional<Repeated> repeated_;
    bool stopped_ = false;
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace iotman::server
