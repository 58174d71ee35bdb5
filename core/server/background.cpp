#include "core/server/background.h"

#include <utility>

namespace iotman::server {

Background::Background()
{
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Background::~Background()
{
    stop();
}

bool Background::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= mostWaiting || stopped_)
            return false;
        waiting_.push_back(std::move(task));
    }
    arrived_.notify_one();
    return true;
}

void Background::stop()
{
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stopped_, true))
            return;
    }
    thread_.request_stop();
    thread_.join();
}

void Background::work(const std::stop_token& stop)
{
    while (true) {
        std::function<void()> task;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, stop, [this] { return !waiting_.empty(); });
            if (stop.stop_requested())
                return;
            task = std::move(waiting_.front());
            waiting_.pop_front();
        }
        task();
    }
}

} // namespace iotman::server
