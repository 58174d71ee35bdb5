// Sources that bring datapoints by themselves, on a thread that rests while what is stored is replaced.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace iotman::pipeline {

/// What such sources have in common. Whoever derives from it starts `thread_` when it is made and ends it before its own members go.
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

    /// Stops the thread and waits for it. False when it had ended before.
    bool endThread();
    /// What could not be read now is looked at once more, a moment later. The thread's own, outside the mutex.
    void lookAgainSoon();

    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false;   ///< something is being brought in outside the mutex
    bool startOver_ = false; ///< what is stored was replaced
    std::jthread thread_;
};

} // namespace iotman::pipeline
