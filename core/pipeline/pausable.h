// Sources that bring datapoints by themselves, on a thread that rests while what is stored is replaced.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace iotman::pipeline {

/// What such sources have in common. Whoever derives from it starts the thread when it is made and ends it before its own members go.
class Pausable {
public:
    /// Waits until nothing is being brought in and keeps it so until `resume`: what is stored is about to be replaced. Never on the
    /// writer's thread.
    void pause();
    /// Goes on from what is stored now.
    void resume();

    /// Sources were added, changed or removed. Any thread.
    void catalogChanged();

protected:
    Pausable() = default;
    ~Pausable() = default;
    Pausable(const Pausable&) = delete;
    Pausable& operator=(const Pausable&) = delete;

    /// What could not be read now is looked at once more, a moment later.
    static constexpr auto lookAgainAfter = std::chrono::milliseconds(100);

    /// Runs `work`, which ends when its stop token says so.
    void startThread(std::function<void(const std::stop_token&)> work);
    /// Stops the thread and waits for it. False when it had ended before.
    bool endThread();

    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false;   ///< something is being brought in outside the mutex
    bool startOver_ = false; ///< what is stored was replaced
    bool ended_ = false;     ///< the thread does nothing more
    std::jthread thread_;
};

} // namespace iotman::pipeline
