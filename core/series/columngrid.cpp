#include "core/series/columngrid.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr int leastExponent = -10;

/// Rounds towards the past, as `/` does not for negative times.
std::int64_t floorDivided(std::int64_t value, std::int64_t by)
{
    const std::int64_t quotient = value / by;
    return quotient - (value % by < 0 ? 1 : 0);
}

} // namespace

ColumnGrid ColumnGrid::covering(TimeRange range, int widthPx)
{
    // One column less than there are: the range starts and ends within columns.
    const double us = static_cast<double>(std::max<std::int64_t>(range.span(), 1)) / std::max(widthPx - 1, 1);
    ColumnGrid grid;
    if (us <= 1)
        return grid;
    grid.exponent_ = std::ilogb(us) - 10;
    grid.mantissa_ = static_cast<std::int64_t>(std::ceil(std::ldexp(us, -grid.exponent_)));
    if (grid.mantissa_ == 2048) {
        grid.mantissa_ = 1024;
        ++grid.exponent_;
    }
    return grid;
}

std::int64_t ColumnGrid::indexOf(Timestamp time) const
{
    if (exponent_ >= 0)
        return floorDivided(time.us, mantissa_ << exponent_);
    // time 2^s / m, taken apart so that nothing leaves 64 bits.
    const std::int64_t whole = floorDivided(time.us, mantissa_);
    const std::int64_t rest = time.us - whole * mantissa_;
    return (whole << -exponent_) + ((rest << -exponent_) / mantissa_);
}

Timestamp ColumnGrid::startOf(std::int64_t index) const
{
    if (exponent_ >= 0)
        return {index * (mantissa_ << exponent_)};
    const int shift = -exponent_;
    const std::int64_t whole = index >> shift;
    const std::int64_t rest = index - (whole << shift);
    return {whole * mantissa_ + ((rest * mantissa_ + (std::int64_t{1} << shift) - 1) >> shift)};
}

double ColumnGrid::startRounding(std::int64_t index) const
{
    if (exponent_ >= 0)
        return 0;
    const int shift = -exponent_;
    const std::int64_t rest = (index & ((std::int64_t{1} << shift) - 1)) * mantissa_;
    return std::ldexp(static_cast<double>(-rest & ((std::int64_t{1} << shift) - 1)), -shift);
}

double ColumnGrid::columnUs() const
{
    return std::ldexp(static_cast<double>(mantissa_), exponent_);
}

ColumnWindow ColumnWindow::of(TimeRange range, int widthPx)
{
    ColumnWindow window;
    window.grid = ColumnGrid::covering(range, widthPx);
    window.count = std::max(widthPx, 1);
    window.first = window.grid.indexOf({std::max(range.to.us - 1, range.from.us)}) - window.count + 1;
    return window;
}

} // namespace iotman
