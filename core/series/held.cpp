#include "core/series/series.h"

#include <cmath>

namespace iotman {

std::optional<Held> Series::held(Timestamp time) const
{
    Position next = lowerBound({time.us + 1});
    if (isAtStart(next))
        return {};
    const Position at = before(next);
    const double value = valueAt(at);
    const auto isGapAfter = [this](Position earlier, Position later) {
        return isGap(timeAt(earlier).us, timeAt(later).us, intervalAt(earlier));
    };
    if (std::isnan(value) || (!isAtEnd(next) && time != timeAt(at) && isGapAfter(at, next)))
        return {};

    Position first = at;
    while (!isAtStart(first) && valueAt(before(first)) == value && !isGapAfter(before(first), first))
        first = before(first);
    Position last = at;
    while (!isAtEnd(next) && valueAt(next) == value && !isGapAfter(last, next)) {
        last = next;
        next = after(next);
    }
    if (isAtEnd(next))
        return Held{{timeAt(first), timeAt(last)}, value, true};
    return Held{{timeAt(first), isGapAfter(last, next) ? timeAt(last) : timeAt(next)}, value, false};
}

} // namespace iotman
