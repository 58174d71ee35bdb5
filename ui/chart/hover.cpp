#include "ui/chart/hover.h"

#include <cmath>

namespace iotman {

namespace {

/// Where more samples than this are near the pointer, only those in its own pixel column count.
constexpr std::size_t manySamples = 100'000;

struct Best {
    std::optional<Hovered> sample;
    double distance = 0;

    void offer(const Hovered& candidate, double candidateDistance)
    {
        if (sample && candidateDistance > distance)
            return;
        sample = candidate;
        distance = candidateDistance;
    }
};

TimeRange around(const TimeScale& time, double x, double reachPx)
{
    return {time.time(x - reachPx), {time.time(x + reachPx).us + 1}};
}

/// The samples of a range, without its neighbours.
void offerSamples(Best& best, const HoverCandidate& candidate, TimeRange range, const TimeScale& time, double x, double y)
{
    for (const Point& point : candidate.series->points(range)) {
        if (!range.contains(point.time))
            continue;
        const double distance = std::hypot(time.x(point.time) - x, candidate.values.y(point.value) - y);
        best.offer({candidate.id, point.time, point.value, 1}, distance);
    }
}

} // namespace

std::optional<Hovered> hovered(const std::vector<HoverCandidate>& candidates, const TimeScale& time, double x, double y,
                               double reachPx)
{
    Best near, far;
    for (const HoverCandidate& candidate : candidates) {
        TimeRange range = around(time, x, reachPx);
        if (candidate.series->count(range) > manySamples)
            range = around(time, x, 0.5);
        offerSamples(near, candidate, range, time, x, y);
        if (const auto nearest = candidate.series->nearest(time.time(x)); nearest && time.range().contains(nearest->time)) {
            const double distance = std::hypot(time.x(nearest->time) - x, candidate.values.y(nearest->value) - y);
            far.offer({candidate.id, nearest->time, nearest->value, 1}, distance);
        }
    }
    std::optional<Hovered> found = near.sample ? near.sample : far.sample;
    if (!found)
        return found;
    for (const HoverCandidate& candidate : candidates)
        if (candidate.id == found->id)
            if (const auto nearest = candidate.series->nearest(found->time); nearest && nearest->time == found->time)
                found->values = nearest->values;
    return found;
}

} // namespace iotman
