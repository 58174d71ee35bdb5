#include "ui/chart/chartlink.h"

#include <algorithm>

namespace iotman {

void ChartLink::removePane(int pane)
{
    data_.erase(pane);
    if (rooms_.erase(pane) > 0)
        needRoom(-1, {});
}

void ChartLink::setData(int pane, std::optional<TimeRange> data)
{
    if (data)
        data_[pane] = *data;
    else
        data_.erase(pane);
    const View before = view();
    updateData();
    if (view() != before)
        Q_EMIT viewChanged(view(), Rescale::Slowly);
}

void ChartLink::updateData()
{
    std::optional<TimeRange> all;
    for (const auto& [pane, range] : data_)
        all = all ? TimeRange{std::min(all->from, range.from), std::max(all->to, range.to)} : range;
    viewport_.setData(all);
}

void ChartLink::changeView(Rescale rescale, const std::function<void(Viewport&)>& change)
{
    const View before = view();
    const bool followed = viewport_.isFollowing(), couldGoBack = viewport_.canGoBack(), couldGoForward = viewport_.canGoForward();
    change(viewport_);
    if (viewport_.isFollowing() != followed)
        Q_EMIT followChanged(viewport_.isFollowing());
    if (viewport_.canGoBack() != couldGoBack || viewport_.canGoForward() != couldGoForward)
        Q_EMIT historyChanged(viewport_.canGoBack(), viewport_.canGoForward());
    if (view() != before)
        Q_EMIT viewChanged(view(), rescale);
}

void ChartLink::showCursors(bool on)
{
    const TimeRange seen = view().time;
    if (!on)
        setCursors(std::nullopt);
    else if (!cursors_)
        setCursors(Cursors{{seen.from.us + seen.span() / 3}, {seen.from.us + seen.span() / 3 * 2}});
}

void ChartLink::setCursors(std::optional<Cursors> cursors)
{
    if (cursors == cursors_)
        return;
    cursors_ = cursors;
    Q_EMIT cursorsChanged();
}

void ChartLink::setOrigin(std::optional<Timestamp> origin)
{
    if (origin == origin_)
        return;
    origin_ = origin;
    Q_EMIT originChanged();
}

void ChartLink::setPointer(std::optional<Timestamp> time)
{
    if (time == pointer_)
        return;
    pointer_ = time;
    Q_EMIT pointerChanged();
}

void ChartLink::setBoxDrag(bool on)
{
    if (on == boxDrag_)
        return;
    boxDrag_ = on;
    Q_EMIT boxDragChanged(on);
}

void ChartLink::needRoom(int pane, Room room)
{
    if (pane >= 0)
        rooms_[pane] = room;
    Room most;
    for (const auto& [each, needed] : rooms_)
        most = {std::max(most.left, needed.left), std::max(most.right, needed.right)};
    if (most == room_)
        return;
    room_ = most;
    Q_EMIT roomChanged();
}

} // namespace iotman
