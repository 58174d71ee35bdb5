// How many a second, over the last few seconds. Values only.
#pragma once

#include "core/model/timestamp.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace iotman {

/// Counts what comes and divides by the time it came in: the last ten seconds, or since the first of all, but a second at least.
class RateMeter {
public:
    void add(Timestamp now, std::size_t count)
    {
        forget(now);
        if (total_ == 0)
            since_ = now;
        counts_.push_back({now, count});
        total_ += count;
    }
    double perSecond(Timestamp now)
    {
        forget(now);
        const std::int64_t us = std::clamp<std::int64_t>(now.us - since_.us, 1'000'000, windowUs);
        return static_cast<double>(total_) * 1e6 / static_cast<double>(us);
    }

private:
    static constexpr std::int64_t windowUs = 10'000'000;

    struct Count {
        Timestamp at;
        std::size_t count;
    };
    void forget(Timestamp now)
    {
        while (!counts_.empty() && (counts_.front().at.us <= now.us - windowUs || counts_.front().at > now)) {
            total_ -= counts_.front().count;
            counts_.pop_front();
        }
    }

    std::deque<Count> counts_;
    std::size_t total_ = 0;
    Timestamp since_; ///< what came first after a silence
};

} // namespace iotman
