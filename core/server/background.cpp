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

bool Background::post(std::function<void()> task, std::size_t bytes)
{
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= mostWaiting || (!waiting_.empty() && waitingBytes_ + bytes > mostWaitingBytes) || stopped_)
            return false;
        waiting_.push_back({std::move(task), bytes});
        waitingBytes_ += bytes;
    }
    arrived_.notify_one();
    return true;
}

void Background::repeat(std::chrono::milliseconds every, std::function<void()> task)
{
    {
        const std::lock_guard lock(mutex_);
        repeated_ = Repeated{every, std::chrono::steady_clock::now(), std::move(task)};
    }
    arrived_.notify_one();
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

/// Waits for something to do; nothing when the thread is to end. What was asked goes first.
std::function<void()> Background::next(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (!waiting_.empty()) {
            Task task = std::move(waiting_.front());
            waiting_.pop_front();
            waitingBytes_ -= task.bytes;
            return std::move(task.work);
        }
        const auto now = std::chrono::steady_clock::now();
        if (repeated_ && repeated_->due <= now) {
            repeated_->due = now + repeated_->every;
            return repeated_->task;
        }
        const auto hasMore = [this] {
            return !waiting_.empty() || (repeated_ && repeated_->due <= std::chrono::steady_clock::now());
        };
        if (repeated_)
            arrived_.wait_until(lock, stop, repeated_->due, hasMore);
        else
            arrived_.wait(lock, stop, hasMore);
    }
    return {};
}

void Background::work(const std::stop_token& stop)
{
    while (const std::function<void()> task = next(stop))
        task();
}

} // namespace iotman::server
