#include "core/series/descend.h"
#include "core/series/series.h"

#include <algorithm>
#include <cmath>

namespace iotman {

/// Puts the samples of a window, in order of time, into its columns.
class Series::Sweep {
public:
    Sweep(const Series& series, const ColumnWindow& window, Detail detail, std::vector<Column>& columns)
        : series_(series)
        , window_(window)
        , range_(window.range())
        , columns_(columns)
        , tolerance_(detail == Detail::Fast ? static_cast<std::int64_t>(window.grid.columnUs() / 4) : -1)
        , columnEnd_(window.grid.startOf(window.first + 1).us)
    {
    }

    /// The sample just before the window.
    void precededBy(std::int64_t time, bool isNull, float typicalInterval)
    {
        previousTime_ = time;
        typicalInterval_ = typicalInterval;
        gap_ = isNull;
        hasPrevious_ = true;
    }

    /// Takes a summary whose samples all lie in one column or, where an eighth of a column does not matter, around one border.
    bool addWhole(const Summary& summary)
    {
        if (!range_.contains({summary.firstTime}) || !range_.contains({summary.lastTime}))
            return false;
        moveTo(summary.firstTime);
        if (summary.lastTime >= columnEnd_) {
            const std::int64_t span = summary.lastTime - summary.firstTime;
            if (span > tolerance_)
                return false;
            moveTo(summary.firstTime + span / 2);
        }
        add(summary);
        return true;
    }

    void addSome(const Chunk& chunk, std::size_t from, std::size_t to)
    {
        while (from < to) {
            moveTo(chunk.time(from));
            const std::size_t end = chunk.lowerBound(columnEnd_, from + 1, to);
            add(chunk.summary(from, end));
            from = end;
        }
    }

    /// True when no line leads from the last sample to one at `time`.
    bool isGapBefore(std::int64_t time) const
    {
        return !hasPrevious_ || gap_ || series_.isGap(previousTime_, time, typicalInterval_);
    }

private:
    void moveTo(std::int64_t time)
    {
        if (time < columnEnd_)
            return;
        const ColumnGrid& grid = window_.grid;
        const std::int64_t nextEnd = grid.startOf(window_.first + column_ + 2).us;
        if (time < nextEnd) {
            ++column_;
            columnEnd_ = nextEnd;
            return;
        }
        column_ = grid.indexOf({time}) - window_.first;
        columnEnd_ = grid.startOf(window_.first + column_ + 1).us;
    }

    void add(const Summary& part)
    {
        gap_ = part.startsNull || isGapBefore(part.firstTime);
        if (part.values > 0) {
            Column& column = columns_[static_cast<std::size_t>(column_)];
            if (column.count == 0)
                column = {part.min, part.max, part.first, part.last, {part.firstTime}, {part.lastTime}, 0, gap_};
            column.min = std::min(column.min, part.min);
            column.max = std::max(column.max, part.max);
            column.last = part.last;
            column.lastTime = {part.lastTime};
            column.count += part.values;
            gap_ = false;
        }
        gap_ = gap_ || part.endsNull;
        hasPrevious_ = true;
        previousTime_ = part.lastTime;
        typicalInterval_ = part.typicalInterval;
    }

    const Series& series_;
    const ColumnWindow& window_;
    const TimeRange range_;
    std::vector<Column>& columns_;
    const std::int64_t tolerance_;
    std::int64_t column_ = 0;
    std::int64_t columnEnd_;

    bool hasPrevious_ = false;
    bool gap_ = true; ///< since the last usable value there was a null or another gap
    std::int64_t previousTime_ = 0;
    float typicalInterval_ = 0;
};

Columns Series::columns(const ColumnWindow& window, Detail detail) const
{
    Columns result;
    result.window = window;
    result.columns.resize(static_cast<std::size_t>(window.count));
    const TimeRange range = window.range();
    Sweep sweep(*this, window, detail, result.columns);

    const Position first = lowerBound(range.from);
    if (!isAtStart(first)) {
        const Position at = before(first);
        const double value = valueAt(at);
        sweep.precededBy(timeAt(at).us, std::isnan(value), intervalAt(at));
        if (!std::isnan(value))
            result.before = Point{timeAt(at), value, false};
    }
    descend(
        range, [&](const Summary& part) { return sweep.addWhole(part); },
        [&](const Chunk& chunk, std::size_t from, std::size_t to) { sweep.addSome(chunk, from, to); });

    const Position after = lowerBound(range.to);
    if (!isAtEnd(after) && !std::isnan(valueAt(after)))
        result.after = Point{timeAt(after), valueAt(after), sweep.isGapBefore(timeAt(after).us)};
    return result;
}

Columns Series::columns(TimeRange range, int widthPx, Detail detail) const
{
    return columns(ColumnWindow::of(range, widthPx), detail);
}

} // namespace iotman
