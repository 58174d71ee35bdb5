// The value axis that scales itself. Values only.
#pragma once

#include "core/series/series.h"

#include <cstdint>
#include <optional>

namespace iotman {

/// Chooses the range of the value axis: rounded outwards to 1-2-5 steps, so that it stands still while values vary a little.
/// It grows at once and shrinks only when the data has needed much less for two seconds.
class AutoScale {
public:
    const ValueRange& range() const { return range_; }

    /// The next update takes what it needs at once: the view has changed.
    void restart() { settled_ = false; }
    /// The values that are visible at `nowMs` (any steady clock); nothing when there are none.
    void update(std::optional<ValueRange> visible, std::int64_t nowMs);
    /// When an update with the same values is going to shrink it.
    std::optional<std::int64_t> shrinksAtMs() const;

    /// What these values need: some room at both ends, 5 % of a constant value, rounded outwards, always finite.
    static ValueRange around(ValueRange values);

private:
    ValueRange range_{0, 1};
    bool settled_ = false;
    std::optional<std::int64_t> roomySinceMs_;
};

} // namespace iotman
