#include "core/client/repeatfilter.h"

#include "core/client/text.h"

#include <algorithm>

namespace iotman::client {

void RepeatFilter::page(Page& page)
{
    const std::optional<Position> lowest = lowestOf(page);
    const Expected<StreamCursor> live = StreamCursor::parse(page.live, endpoint_);
    if (!lowest || !live)
        return end();
    reads_.push_back({*lowest, std::max(live->after, live->until)});

    const auto covered = std::partition(late_.begin(), late_.end(), [&](const Late& late) { return late.position < *lowest; });
    for (auto late = covered; late != late_.end(); ++late) {
        if (late->position.sequence > reads_.back().until)
            continue; // arrived after the page was read
        const auto again = std::find_if(page.items.begin(), page.items.end(), [&](const Item& item) {
            return item.time == late->position.time && item.json == late->json;
        });
        if (again != page.items.end())
            page.items.erase(again);
    }
    late_.erase(covered, late_.end());
}

/// Where the page ends; nothing when that cannot be told.
std::optional<Position> RepeatFilter::lowestOf(const Page& page) const
{
    if (!page.next)
        return Position::before(from_.value_or(Timestamp::min()));
    if (!*page.next)
        return std::nullopt;
    const Expected<PageCursor> next = PageCursor::parse(fromQt((*page.next)->parameter(QStringLiteral("cursor"))), endpoint_);
    return next ? std::optional(next->position) : std::nullopt;
}

bool RepeatFilter::isRepeat(const StreamItem& item)
{
    const std::optional<Position> position = positionOf(item);
    if (!position)
        return false;
    const auto read =
        std::partition_point(reads_.begin(), reads_.end(), [&](const Read& page) { return page.lowest > *position; });
    if (read != reads_.end())
        return position->sequence <= read->until;
    if (!isEnded_ && (!from_ || position->time >= *from_))
        late_.push_back({*position, item.json});
    return false;
}

std::optional<Position> RepeatFilter::positionOf(const StreamItem& item) const
{
    const Expected<StreamCursor> cursor = StreamCursor::parse(item.cursor, endpoint_);
    if (!item.time || !cursor)
        return std::nullopt;
    return Position{*item.time, cursor->isLive() ? cursor->after : cursor->position.sequence};
}

} // namespace iotman::client
