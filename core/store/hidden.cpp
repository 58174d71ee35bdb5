#include "core/store/hidden.h"

#include <sqlite3.h>

#include <algorithm>

namespace iotman::store {

const HiddenRange* HiddenRanges::find(Sequence sequence) const
{
    const auto behind =
        std::partition_point(ranges_.begin(), ranges_.end(), [&](const HiddenRange& range) { return range.first <= sequence; });
    if (behind == ranges_.begin() || std::prev(behind)->last < sequence)
        return nullptr;
    return &*std::prev(behind);
}

bool HiddenRanges::covers(Sequence first, Sequence last) const
{
    if (empty())
        return false;
    const HiddenRange* range = find(first);
    return range && last <= range->last;
}

const HiddenRange* HiddenRanges::discarded() const
{
    const auto found = std::find_if(ranges_.begin(), ranges_.end(), [](const HiddenRange& range) { return range.staged == 0; });
    return found == ranges_.end() ? nullptr : &*found;
}

bool HiddenRanges::add(const HiddenRange& range)
{
    if (!empty() && ranges_.back().staged == range.staged && ranges_.back().last + 1 == range.first) {
        ranges_.back().last = range.last;
        return true;
    }
    ranges_.push_back(range);
    return false;
}

void HiddenRanges::discard(StagedKey staged)
{
    for (HiddenRange& range : ranges_) {
        if (range.staged == staged)
            range.staged = 0;
    }
}

void HiddenRanges::remove(StagedKey staged)
{
    std::erase_if(ranges_, [&](const HiddenRange& range) { return range.staged == staged; });
}

void HiddenRanges::removeAt(Sequence first)
{
    std::erase_if(ranges_, [&](const HiddenRange& range) { return range.first == first; });
}

Expected<SharedHiddenRanges> readHidden(Statement& ranges)
{
    static const SharedHiddenRanges none = std::make_shared<const HiddenRanges>();
    std::vector<HiddenRange> found;
    for (Rows rows = ranges.query();;) {
        const Expected<bool> row = rows.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return found.empty() ? none : std::make_shared<const HiddenRanges>(std::move(found));
        found.push_back(
            {static_cast<Sequence>(rows.integer(0)), static_cast<Sequence>(rows.integer(1)), rows.integer(2), rows.integer(3)});
    }
}

Expected<void> defineHidden(Connection& connection, const SharedHiddenRanges& ranges)
{
    const auto hidden = [](sqlite3_context* context, int, sqlite3_value** values) {
        const auto& now = **static_cast<const SharedHiddenRanges*>(sqlite3_user_data(context));
        const bool isHidden = now.covers(static_cast<Sequence>(sqlite3_value_int64(values[0])),
                                         static_cast<Sequence>(sqlite3_value_int64(values[1])));
        sqlite3_result_int(context, isHidden ? 1 : 0);
    };
    const int code = sqlite3_create_function(connection.handle(), "hidden", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                             const_cast<SharedHiddenRanges*>(&ranges), hidden, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(connection.error(code));
    return {};
}

} // namespace iotman::store
