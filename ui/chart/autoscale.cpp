#include "ui/chart/autoscale.h"

#include "core/series/numberaxis.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace iotman {

namespace {

constexpr double room = 0.05; ///< of the span, at both ends
constexpr double roomy = 0.7; ///< data that needs less than this of the axis lets it shrink
constexpr std::int64_t shrinkMs = 2000;

double half(ValueRange range)
{
    return range.max / 2 - range.min / 2;
}

double finite(double value)
{
    constexpr double most = std::numeric_limits<double>::max();
    return std::clamp(value, -most, most);
}

} // namespace

ValueRange AutoScale::around(ValueRange values)
{
    const double largest = std::max(std::abs(values.min), std::abs(values.max));
    double pad = half(values) * 2 * room;
    if (!(half(values) > largest * 1e-15))
        pad = largest > 0 ? largest * room : 1;
    pad = finite(pad);
    const ValueRange padded{finite(values.min - pad), finite(values.max + pad)};
    const double step = niceStep(std::max(half(padded) / 8, std::numeric_limits<double>::min()));
    const ValueRange rounded{finite(std::floor(padded.min / step) * step), finite(std::ceil(padded.max / step) * step)};
    return rounded.min < rounded.max ? rounded : padded;
}

void AutoScale::update(std::optional<ValueRange> visible, std::int64_t nowMs)
{
    if (!visible) {
        roomySinceMs_.reset();
        return;
    }
    const ValueRange wanted = around(*visible);
    if (!settled_) {
        range_ = wanted;
        settled_ = true;
        roomySinceMs_.reset();
        return;
    }
    if (visible->min < range_.min || visible->max > range_.max)
        range_ = {std::min(range_.min, wanted.min), std::max(range_.max, wanted.max)};
    if (half(wanted) >= half(range_) * roomy) {
        roomySinceMs_.reset();
        return;
    }
    if (!roomySinceMs_)
        roomySinceMs_ = nowMs;
    if (nowMs - *roomySinceMs_ >= shrinkMs) {
        range_ = wanted;
        roomySinceMs_.reset();
    }
}

std::optional<std::int64_t> AutoScale::shrinksAtMs() const
{
    return roomySinceMs_ ? std::optional(*roomySinceMs_ + shrinkMs) : std::nullopt;
}

} // namespace iotman
