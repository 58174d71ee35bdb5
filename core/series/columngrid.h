// Pixel columns that stand still in time while a view moves over them.
#pragma once

#include "core/series/timerange.h"

#include <cstdint>

namespace iotman {

/// Divides all of time into columns of equal width: column k is [k d, (k + 1) d), counted from 1970. Where a column lies
/// does not depend on the view, so a column that is complete never changes while the view scrolls.
///
/// The width d is m 2^e µs with 1,024 <= m < 2,048: at most 0.1 % wider than asked for, and every border is exact in
/// integers. The least width is 1 µs.
class ColumnGrid {
public:
    /// The finest grid of which `widthPx` columns cover `range` wherever it starts.
    static ColumnGrid covering(TimeRange range, int widthPx);

    std::int64_t indexOf(Timestamp time) const;
    /// The first microsecond of a column.
    Timestamp startOf(std::int64_t index) const;
    /// How far before startOf(index) the exact border lies, which need not be a whole microsecond: in [0, 1) µs.
    double startRounding(std::int64_t index) const;
    /// The width of a column in µs.
    double columnUs() const;

    bool operator==(const ColumnGrid&) const = default;

private:
    std::int64_t mantissa_ = 1024;
    int exponent_ = -10; ///< -10 at the least: there a column is 1 µs wide
};

/// `count` columns of a grid from number `first` on.
struct ColumnWindow {
    ColumnGrid grid;
    std::int64_t first = 0;
    int count = 0;

    /// The columns a view of `range`, `widthPx` wide, shows. The last one holds the end of the range.
    static ColumnWindow of(TimeRange range, int widthPx);

    /// What the columns cover: `range` and up to a column more at its start.
    TimeRange range() const { return {grid.startOf(first), grid.startOf(first + count)}; }

    bool operator==(const ColumnWindow&) const = default;
};

} // namespace iotman
