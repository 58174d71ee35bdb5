#include "core/series/columncache.h"

#include <algorithm>

namespace iotman {

/// The first column of `window` that has to be read, when all before it are there; window.first when nothing is.
std::int64_t ColumnCache::keptFrom(const Series& series, const ColumnWindow& window) const
{
    const ColumnWindow& old = columns_.window;
    if (!isFilled_ || past_ != series.past() || !(old.grid == window.grid) || window.first < old.first)
        return window.first;
    return std::clamp(std::min(complete_, old.first + old.count - 1), window.first, window.first + window.count);
}

const Columns& ColumnCache::columns(const Series& series, const ColumnWindow& window)
{
    const std::int64_t from = keptFrom(series, window);
    const std::int64_t end = window.first + window.count;
    if (from <= window.first + 1) {
        columns_ = series.columns(window);
    } else {
        // One column more than is needed: whatever stands beside a border is put as it would be in a whole view.
        Columns tail = series.columns(ColumnWindow{window.grid, from - 1, static_cast<int>(end - from + 1)});
        const auto shift = static_cast<std::ptrdiff_t>(window.first - columns_.window.first);
        const auto kept = static_cast<std::ptrdiff_t>(from - window.first);
        std::move(columns_.columns.begin() + shift, columns_.columns.begin() + shift + kept, columns_.columns.begin());
        columns_.columns.resize(static_cast<std::size_t>(window.count));
        std::move(tail.columns.begin() + 1, tail.columns.end(), columns_.columns.begin() + kept);
        columns_.window = window;
        // What stood beside the border at the left is not in the view any more.
        const Columns head = series.columns(ColumnWindow{window.grid, window.first, 2});
        columns_.columns.front() = head.columns.front();
        columns_.before = head.before;
        columns_.after = tail.after;
    }
    isFilled_ = true;
    past_ = series.past();
    // The open block, or the open chunk it is in, may stand up to a quarter of a column beside a border (Detail::Fast).
    complete_ = series.isEmpty() ? window.first : window.grid.indexOf(series.settledUntil()) - 1;
    return columns_;
}

} // namespace iotman
