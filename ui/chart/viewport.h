// What a chart shows of all there is: zoom, pan, follow, back and forward. Values only; the widget copies them out.
#pragma once

#include "core/series/series.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iotman {

/// A value axis: every pane has one for each unit of its series.
struct AxisId {
    int pane = 0;
    std::string unit; ///< UTF-8

    auto operator<=>(const AxisId&) const = default;
};

/// What is visible. An axis that `values` does not name scales itself.
struct View {
    TimeRange time;
    std::map<AxisId, ValueRange> values;

    bool operator==(const View&) const = default;
};

/// The state of a view. While it *follows*, its end is the newest sample; every zoom and pan leaves that, so live data never
/// takes away what someone looks at. At first, and after fit(), a view that follows shows everything and grows.
class Viewport {
public:
    static constexpr std::int64_t shortest = 1;                                     ///< µs
    static constexpr std::int64_t longest = std::int64_t{200} * 31'557'600'000'000; ///< 200 years in µs

    const View& view() const { return view_; }
    bool isFollowing() const { return following_; }
    /// Follows from the first sample on.
    bool showsEverything() const { return following_ && everything_; }

    /// The samples there are now; nothing when there are none. Moves the view if it follows.
    void setData(std::optional<TimeRange> data);

    /// Off keeps the view where it is; on returns to the newest sample with the span of the view.
    void setFollowing(bool on);
    /// Follows with this span (µs).
    void showLast(std::int64_t span);
    /// All data. Keeps following if it does.
    void fit();
    /// Exactly this view, within the limits. Leaves following.
    void show(View view);
    /// Scales the span by `factor` around the point at `anchor` of its width (0 left, 1 right). `nowMs`: any steady clock;
    /// zooms and pans within a second of each other are one step back. Leaves following.
    void zoom(double factor, double anchor, std::int64_t nowMs);
    /// Scales the visible values of an axis, `values`, around `anchor` of their height (0 bottom, 1 top).
    void zoomValues(const AxisId& axis, ValueRange values, double factor, double anchor, std::int64_t nowMs);
    /// The axis scales itself again, or has exactly this range.
    void setValues(const AxisId& axis, std::optional<ValueRange> values);
    /// Moves by this part of the width, towards the future when positive. Leaves following.
    void pan(double widths, std::int64_t nowMs);
    /// As a drag in a pane: from `start` by this part of its width and height.
    void dragFrom(const View& start, int pane, double widths, double heights, std::int64_t nowMs);

    bool canGoBack() const { return !past_.empty(); }
    bool canGoForward() const { return !future_.empty(); }
    void back();
    void forward();

private:
    enum class Step { None, Zoom, Pan };
    struct State {
        View view;
        bool following = true, everything = true;
    };

    State state() const { return {view_, following_, everything_}; }
    void restore(const State& state);
    void remember(Step step, std::int64_t nowMs);
    void leave(View view);
    void follow();

    View view_{{{0}, {60'000'000}}, {}};
    std::optional<TimeRange> data_;
    bool following_ = true;
    bool everything_ = true; ///< while it follows: from the first sample on
    std::vector<State> past_, future_;
    Step lastStep_ = Step::None;
    std::int64_t lastStepMs_ = 0;
};

} // namespace iotman
