// Which sample the pointer means. Values only.
#pragma once

#include "core/series/seriesset.h"
#include "ui/chart/scales.h"

#include <optional>
#include <vector>

namespace iotman {

/// A sample near the pointer, exactly as it was received.
struct Hovered {
    SeriesId id = 0;
    Timestamp time;
    double value = 0;
    std::size_t values = 1;        ///< how many this series has at `time`; `value` is the one meant
    std::optional<Held> held = {}; ///< of a series with a lane: since when and until when; `time` is its beginning

    bool operator==(const Hovered&) const = default;
};

struct HoverCandidate {
    SeriesId id = 0;
    const Series* series = nullptr;
    ValueScale values; ///< of its axis
};

/// The sample whose picture is nearest to (x, y), in device pixels of the plot. Looks at the samples within `reachPx`
/// beside the pointer, else at each series' nearest in time that is in view.
std::optional<Hovered> hovered(const std::vector<HoverCandidate>& candidates, const TimeScale& time, double x, double y,
                               double reachPx);

} // namespace iotman
