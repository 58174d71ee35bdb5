#include "ui/chart/viewport.h"

#include <algorithm>
#include <cmath>

namespace iotman {

namespace {

constexpr std::size_t rememberedViews = 100;
constexpr std::int64_t oneStepMs = 1000;

TimeRange within(TimeRange range)
{
    const std::int64_t span = std::clamp(range.span(), Viewport::shortest, Viewport::longest);
    const std::int64_t start = std::clamp(range.from.us, -farthestTime, farthestTime - span);
    return {{start}, {start + span}};
}

/// A range moved by `us`; never by less than a microsecond where something was asked for.
TimeRange moved(TimeRange range, double us)
{
    if (us != 0 && std::abs(us) < 1)
        us = us < 0 ? -1 : 1;
    us = std::clamp(us, -1e18, 1e18);
    return within(TimeRange{{range.from.us + std::llround(us)}, {range.to.us + std::llround(us)}});
}

ValueRange scaled(ValueRange values, double factor, double anchor)
{
    const double half = values.max / 2 - values.min / 2;
    const double centre = values.min + half * 2 * anchor;
    const ValueRange range{centre - half * 2 * anchor * factor, centre + half * 2 * (1 - anchor) * factor};
    const double least = std::max(std::abs(centre) * 1e-14, 1e-300);
    const bool usable = std::isfinite(range.min) && std::isfinite(range.max) && range.max / 2 - range.min / 2 > least;
    return usable ? range : values;
}

} // namespace

void Viewport::setData(std::optional<TimeRange> data)
{
    data_ = data;
    if (following_)
        follow();
}

void Viewport::setFollowing(bool on)
{
    if (on == following_)
        return;
    following_ = on;
    everything_ = false;
    lastStep_ = Step::None;
    if (on)
        follow();
}

void Viewport::showLast(std::int64_t span)
{
    remember(Step::None, 0);
    following_ = true;
    everything_ = false;
    view_.time = within(TimeRange{{view_.time.to.us - std::clamp(span, shortest, longest)}, view_.time.to});
    follow();
}

void Viewport::fit()
{
    remember(Step::None, 0);
    view_.values.clear();
    everything_ = true;
    if (data_)
        view_.time = within(*data_);
}

void Viewport::show(View view)
{
    remember(Step::None, 0);
    leave(view);
}

void Viewport::zoom(double factor, double anchor, std::int64_t nowMs)
{
    const auto span = static_cast<double>(view_.time.span());
    const double target = std::clamp(span * factor, static_cast<double>(shortest), static_cast<double>(longest));
    // At a few microseconds a step of the wheel must still be a step.
    std::int64_t newSpan = std::llround(target);
    if (newSpan == view_.time.span() && factor != 1)
        newSpan += factor > 1 ? 1 : -1;
    newSpan = std::clamp(newSpan, shortest, longest);
    if (newSpan == view_.time.span())
        return;
    remember(Step::Zoom, nowMs);
    const auto shift = std::llround((span - static_cast<double>(newSpan)) * anchor);
    leave({{{view_.time.from.us + shift}, {view_.time.from.us + shift + newSpan}}, view_.values});
}

void Viewport::zoomValues(const AxisId& axis, ValueRange values, double factor, double anchor, std::int64_t nowMs)
{
    remember(Step::Zoom, nowMs);
    view_.values[axis] = scaled(values, factor, anchor);
}

void Viewport::setValues(const AxisId& axis, std::optional<ValueRange> values)
{
    remember(Step::None, 0);
    if (values)
        view_.values[axis] = *values;
    else
        view_.values.erase(axis);
}

void Viewport::pan(double widths, std::int64_t nowMs)
{
    remember(Step::Pan, nowMs);
    leave({moved(view_.time, widths * static_cast<double>(view_.time.span())), view_.values});
}

void Viewport::dragFrom(const View& start, int pane, double widths, double heights, std::int64_t nowMs)
{
    remember(Step::Pan, nowMs);
    View target{moved(start.time, widths * static_cast<double>(start.time.span())), start.values};
    for (auto& [axis, values] : target.values) {
        const double shift = (values.max / 2 - values.min / 2) * 2 * heights;
        const ValueRange shifted{values.min + shift, values.max + shift};
        if (axis.pane == pane && std::isfinite(shifted.min) && std::isfinite(shifted.max))
            values = shifted;
    }
    leave(target);
}

void Viewport::back()
{
    if (past_.empty())
        return;
    future_.push_back(state());
    restore(past_.back());
    past_.pop_back();
}

void Viewport::forward()
{
    if (future_.empty())
        return;
    past_.push_back(state());
    restore(future_.back());
    future_.pop_back();
}

void Viewport::restore(const State& state)
{
    view_ = state.view;
    following_ = state.following;
    everything_ = state.everything;
    lastStep_ = Step::None;
    if (following_)
        follow();
}

void Viewport::remember(Step step, std::int64_t nowMs)
{
    const bool sameStep = step != Step::None && step == lastStep_ && nowMs - lastStepMs_ < oneStepMs;
    lastStep_ = step;
    lastStepMs_ = nowMs;
    if (sameStep)
        return;
    past_.push_back(state());
    if (past_.size() > rememberedViews)
        past_.erase(past_.begin());
    future_.clear();
}

void Viewport::leave(View view)
{
    view_ = {within(view.time), view.values};
    following_ = false;
    everything_ = false;
}

void Viewport::follow()
{
    if (!data_)
        return;
    const std::int64_t end = data_->to.us;
    view_.time = everything_ ? within(*data_) : within(TimeRange{{end - view_.time.span()}, {end}});
    if (everything_ && data_->span() > longest)
        view_.time = {{end - longest}, {end}};
}

} // namespace iotman
