#include "core/pipeline/pausable.h"

#include <utility>

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

void Pausable::startThread(std::function<void(const std::stop_token&)> work)
{
    thread_ = std::jthread([this, work = std::move(work)](const std::stop_token& stop) {
        work(stop);
        const std::lock_guard lock(mutex_);
        working_ = false;
        ended_ = true;
        changed_.notify_all();
    });
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
