#include "core/pipeline/replayclock.h"

#include <algorithm>

namespace iotman::pipeline {

namespace {

constexpr std::int64_t farthestUs = secondsLimit * Timestamp::usPerSecond;

} // namespace

ReplayClock::ReplayClock(Timestamp recorded, Timestamp now, double speed, Moment moment)
    : from_(recorded)
    , since_(moment)
    , speed_(speed)
    , moved_(now.us - recorded.us)
{
}

Timestamp ReplayClock::recorded(Moment moment) const
{
    const std::chrono::duration<double, std::micro> elapsed = moment - since_;
    const double at = static_cast<double>(from_.us) + std::max(0.0, elapsed.count()) * speed_;
    if (at >= static_cast<double>(farthestUs))
        return {std::max(from_.us, farthestUs)};
    // The sum as a double would cost today's times their last microseconds.
    return {from_.us + static_cast<std::int64_t>(std::max(0.0, elapsed.count()) * speed_)};
}

void ReplayClock::setSpeed(double speed, Moment moment)
{
    from_ = recorded(moment);
    since_ = moment;
    speed_ = speed;
}

void ReplayClock::advanceTo(Timestamp recorded, Moment moment)
{
    from_ = std::max(this->recorded(moment), recorded);
    since_ = moment;
}

} // namespace iotman::pipeline
