#include "core/pipeline/pausable.h"

#include <chrono>

namespace iotman::pipeline {

void Pausable::pause()
{
    std::unique_lock lock(mutex_);
    paused_ = true;
    changed_.wait(lock, [this] { return !working_; });
}

void Pausable::resume()
{
    const std::lock_guard lock(mutex_);
    startOver_ = true;
    catalogChanged_ = true;
    paused_ = false;
    changed_.notify_all();
}

void Pausable::catalogChanged()
{
    const std::lock_guard lock(mutex_);
    catalogChanged_ = true;
    changed_.notify_all();
}

void Pausable::lookAgainSoon()
{
    constexpr auto moment = std::chrono::milliseconds(100);
    std::this_thread::sleep_for(moment);
    catalogChanged();
}

bool Pausable::endThread()
{
    if (!thread_.joinable())
        return false;
    thread_.request_stop();
    changed_.notify_all();
    thread_.join();
    return true;
}

} // namespace iotman::pipeline
