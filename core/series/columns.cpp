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

    /// Takes what is left of dropped samples. Of a run that reaches over several columns nobody knows which had which value: each
    /// has them all, so that no extreme is hidden.
    void addRemnant(const Summary& run)
    {
        if (addWhole(run))
            return;
        const std::int64_t from = std::max(run.firstTime, range_.from.us), to = std::min(run.lastTime, range_.to.us - 1);
        const bool startsGap = run.startsNull || isGapBefore(run.firstTime);
        for (std::int64_t at = from; at <= to; at = columnEnd_) {
            moveTo(at);
            if (run.values == 0)
                break;
            Column& column = columns_[static_cast<std::size_t>(column_)];
            const double middle = run.min / 2 + run.max / 2;
            const std::int64_t last = std::min(columnEnd_ - 1, to);
            const bool isFirst = at == run.firstTime, isLast = last == run.lastTime;
            if (column.count == 0)
                column = {run.min, run.max, isFirst ? run.first : middle, 0, {at}, {last}, 0, isFirst && startsGap, true};
            column.min = std::min(column.min, run.min);
            column.max = std::max(column.max, run.max);
            column.last = isLast ? run.last : middle;
            column.lastTime = {last};
            column.isCoarse = true;
            ++column.count;
        }
        hasPrevious_ = true;
        gap_ = run.values == 0 || run.endsNull;
        previousTime_ = run.lastTime;
        typicalInterval_ = run.typicalInterval;
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
                column = {part.min, part.max, part.first, part.last, {part.firstTime}, {part.lastTime}, 0, gap_, false};
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

    result.before = precede(sweep, range.from);
    const Remnants::Places dropped = remnants_.touched(range);
    for (std::size_t i = dropped.first; i < dropped.last; ++i)
        sweep.addRemnant(remnants_.runs()[i].summary);
    descend(
        range, [&](const Summary& part) { return sweep.addWhole(part); },
        [&](const Chunk& chunk, std::size_t from, std::size_t to) { sweep.addSome(chunk, from, to); });

    const std::vector<Remnant>& runs = remnants_.runs();
    if (dropped.last < runs.size()) {
        const Summary& next = runs[dropped.last].summary;
        if (!next.startsNull)
            result.after = Point{{next.firstTime}, next.first, sweep.isGapBefore(next.firstTime)};
        return result;
    }
    const Position after = lowerBound(range.to);
    if (!isAtEnd(after) && !std::isnan(valueAt(after)))
        result.after = Point{timeAt(after), valueAt(after), sweep.isGapBefore(timeAt(after).us)};
    return result;
}

/// Tells the sweep of the sample before `time`, and returns it unless it is null.
std::optional<Point> Series::precede(Sweep& sweep, Timestamp time) const
{
    const Position first = lowerBound(time);
    if (!isAtStart(first)) {
        const Position at = before(first);
        const double value = valueAt(at);
        sweep.precededBy(timeAt(at).us, std::isnan(value), intervalAt(at));
        return std::isnan(value) ? std::nullopt : std::optional(Point{timeAt(at), value, false});
    }
    const std::size_t runs = remnants_.touched({{-farthestTime}, time}).last;
    if (runs == 0)
        return {};
    const Summary& run = remnants_.runs()[runs - 1].summary;
    if (run.lastTime >= time.us)
        return {}; // it reaches into the window
    sweep.precededBy(run.lastTime, run.endsNull, run.typicalInterval);
    return run.endsNull ? std::nullopt : std::optional(Point{{run.lastTime}, run.last, false});
}

Columns Series::columns(TimeRange range, int widthPx, Detail detail) const
{
    return columns(ColumnWindow::of(range, widthPx), detail);
}

} // namespace iotman
