// How long the thread of the windows is busy at a stretch: meanwhile nothing answers the mouse.
#pragma once

#include <QAbstractEventDispatcher>
#include <QObject>

#include <algorithm>
#include <ctime>
#include <utility>

namespace iotman::test {

/// The processor time of this thread, in milliseconds: what else runs on the machine does not count.
inline double cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Watches the event loop of the thread that it is made on.
class LongestTurn {
public:
    LongestTurn()
    {
        // Dispatchers differ in what lies between these two: their work, or their sleep, which takes no time of the processor.
        const auto* loop = QAbstractEventDispatcher::instance();
        QObject::connect(loop, &QAbstractEventDispatcher::awake, &context_, [this] { mark(); });
        QObject::connect(loop, &QAbstractEventDispatcher::aboutToBlock, &context_, [this] { mark(); });
    }

    /// In milliseconds of processor time, since the last call.
    double take() { return std::exchange(longest_, 0); }

private:
    void mark()
    {
        const double now = cpuMs();
        longest_ = std::max(longest_, now - std::exchange(before_, now));
    }

    QObject context_;
    double before_ = cpuMs();
    double longest_ = 0;
};

} // namespace iotman::test
