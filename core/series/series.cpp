#include "core/series/series.h"

#include "core/series/descend.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace iotman {

namespace {

/// A first chunk with fewer samples takes earlier ones in, so that those that come backwards do not have a chunk each.
constexpr std::size_t worthLeaving = 4 * Chunk::blockSize;

} // namespace

// --- The directory

Series::Entry::Entry(Chunk newChunk)
    : chunk(std::make_unique<Chunk>(std::move(newChunk)))
{
    summarise();
}

void Series::Entry::summarise()
{
    total = {};
    quarter = {};
    moments.reset();
    size = chunk->size();
    const auto blocks = chunk->blocks();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        total.add(blocks[i], i == 0);
        quarter[i / blocksPerQuarter].add(blocks[i], i % blocksPerQuarter == 0);
    }
}

void Series::Entry::append(std::int64_t time, double value, std::string_view written)
{
    const std::size_t index = size++;
    chunk->append(time, value, written);
    Summary& last = quarter[index / (Chunk::capacity / quarters)];
    last.add(time, value, index % (Chunk::capacity / quarters) == 0);
    total.add(time, value, index == 0);
    last.typicalInterval = total.typicalInterval = chunk->blocks().back().typicalInterval;
    moments.reset();
    if (chunk->isFull())
        sums(); // now, so that a first look at ten million samples need not
}

/// The chunk that a sample of this time belongs to: the last that starts at or before it, or the first of all.
std::size_t Series::entryFor(std::int64_t time) const
{
    if (time >= directory_.back().total.firstTime)
        return directory_.size() - 1;
    const auto after = std::partition_point(directory_.begin(), directory_.end(),
                                            [time](const Entry& entry) { return entry.total.firstTime <= time; });
    return after == directory_.begin() ? 0 : static_cast<std::size_t>(after - directory_.begin()) - 1;
}

void Series::addEntry(std::size_t at, std::int64_t time, double value, std::string_view written)
{
    const float interval = at == 0 ? 0 : directory_[at - 1].total.typicalInterval;
    // Behind a full one there will be as many again.
    const bool willFill = spent_ && at > 0 && directory_[at - 1].chunk->isFull();
    Chunk chunk = willFill ? spent_->take(interval) : Chunk(interval);
    chunk.append(time, value, written);
    const auto entry = directory_.emplace(directory_.begin() + static_cast<std::ptrdiff_t>(at), std::move(chunk));
    bytes_ += entry->bytes();
}

void Series::appendAtEndOf(std::size_t entry, std::int64_t time, double value, std::string_view written)
{
    Entry& at = directory_[entry];
    if (!at.chunk->hasRoomFor(time)) {
        addEntry(entry + 1, time, value, written);
        return;
    }
    const std::size_t before = at.bytes();
    at.append(time, value, written);
    bytes_ += at.bytes() - before;
}

void Series::insertInto(std::size_t entry, std::int64_t time, double value, std::string_view written)
{
    if (directory_[entry].chunk->isFull()) {
        Chunk second = directory_[entry].chunk->split();
        directory_[entry].summarise();
        const auto added = directory_.emplace(directory_.begin() + static_cast<std::ptrdiff_t>(entry) + 1, std::move(second));
        bytes_ += added->bytes();
        if (time >= added->total.firstTime)
            ++entry;
    }
    Entry& at = directory_[entry];
    if (!at.chunk->hasRoomInsideFor(time)) {
        addEntry(entry, time, value, written); // far before the first sample of all
        return;
    }
    const std::size_t before = at.bytes();
    at.chunk->insert(time, value, written);
    at.summarise();
    bytes_ += at.bytes() - before;
}

// --- Samples in and out

void Series::append(Timestamp time, double value, std::string_view written)
{
    if (!isUsable(time)) {
        ++unusable_;
        return;
    }
    if (std::isinf(value)) {
        ++unusable_;
        value = std::numeric_limits<double>::quiet_NaN();
    }
    if (!remnants_.isEmpty() && time <= remnants_.lastTime()) {
        ++late_;
        ++past_;
        remnants_.insert(time.us, value);
        return;
    }
    ++size_;
    if (directory_.empty()) {
        addEntry(0, time.us, value, written);
        return;
    }
    if (time < lastTime()) {
        ++late_;
        ++past_;
    }
    const std::size_t entry = entryFor(time.us);
    // Before all that is there: a page of older history. What follows of it goes behind, and moves nothing.
    if (time.us < directory_[entry].total.firstTime && directory_[entry].size >= worthLeaving)
        addEntry(entry, time.us, value, written);
    else if (time.us >= directory_[entry].total.lastTime)
        appendAtEndOf(entry, time.us, value, written);
    else
        insertInto(entry, time.us, value, written);
}

void Series::breakAt(Timestamp time)
{
    ++past_;
    const auto at = std::lower_bound(breaks_.begin(), breaks_.end(), time.us);
    if (at == breaks_.end() || *at != time.us)
        breaks_.insert(at, time.us);
}

void Series::clearInside(std::size_t entry, TimeRange range)
{
    Entry& at = directory_[entry];
    const std::size_t from = at.chunk->lowerBound(range.from.us);
    const std::size_t to = at.chunk->lowerBound(range.to.us);
    at.chunk->erase(from, to);
    size_ -= to - from;
    if (at.chunk->size() > 0)
        at.summarise();
}

void Series::clearRange(TimeRange range)
{
    if (range.isEmpty())
        return;
    ++past_;
    for (std::size_t i = 0; i < directory_.size(); ++i)
        if (directory_[i].total.lastTime >= range.from.us && directory_[i].total.firstTime < range.to.us)
            clearInside(i, range);
    std::erase_if(directory_, [](const Entry& entry) { return entry.chunk->size() == 0; });
    remnants_.clearWithin(range);
    std::erase_if(breaks_, [range](std::int64_t at) { return range.contains({at}); });
    measure();
}

std::size_t Series::dropOldest()
{
    if (directory_.empty())
        return 0;
    ++past_;
    const Entry& oldest = directory_.front();
    const Chunk& chunk = *oldest.chunk;
    constexpr std::size_t inQuarter = Chunk::capacity / quarters;
    for (std::size_t from = 0; from < oldest.size; from += inQuarter) {
        const Summary& summary = oldest.quarter[from / inQuarter];
        const Moments sums = chunk.moments(from, std::min(from + inQuarter, oldest.size));
        remnants_.append({summary, sums.movedBy(chunk.base() - summary.firstTime)});
    }
    const std::size_t dropped = oldest.size;
    bytes_ -= oldest.bytes();
    size_ -= dropped;
    if (spent_)
        spent_->keep(std::move(*directory_.front().chunk));
    directory_.erase(directory_.begin());
    return dropped;
}

void Series::coarsen()
{
    ++past_;
    remnants_.coarsen();
}

TimeRange Series::span() const
{
    return {remnants_.isEmpty() ? firstTime() : remnants_.firstTime(), {lastTime().us + 1}};
}

void Series::clear()
{
    ++past_;
    directory_.clear();
    remnants_.clear();
    breaks_.clear();
    size_ = bytes_ = 0;
}

void Series::measure()
{
    bytes_ = 0;
    for (const Entry& entry : directory_)
        bytes_ += entry.bytes();
}

// --- Single samples

std::vector<Series::Entry>::const_iterator Series::firstEntry(TimeRange range) const
{
    return std::partition_point(directory_.begin(), directory_.end(),
                                [range](const Entry& entry) { return entry.total.lastTime < range.from.us; });
}

Series::Position Series::lowerBound(Timestamp time) const
{
    const auto entry = firstEntry({time, time});
    const auto at = static_cast<std::size_t>(entry - directory_.begin());
    return {at, entry == directory_.end() ? 0 : entry->chunk->lowerBound(time.us)};
}

Series::Position Series::after(Position at) const
{
    if (++at.index == directory_[at.entry].chunk->size())
        return {at.entry + 1, 0};
    return at;
}

Series::Position Series::before(Position at) const
{
    if (at.index > 0)
        return {at.entry, at.index - 1};
    return {at.entry - 1, directory_[at.entry - 1].chunk->size() - 1};
}

float Series::intervalAt(Position at) const
{
    return directory_[at.entry].chunk->blocks()[at.index / Chunk::blockSize].typicalInterval;
}

bool Series::isGap(std::int64_t earlier, std::int64_t later, float typicalInterval) const
{
    if (gapFactor_ > 0 && typicalInterval > 0 && static_cast<double>(later - earlier) > gapFactor_ * typicalInterval)
        return true;
    const auto next = std::upper_bound(breaks_.begin(), breaks_.end(), earlier);
    return next != breaks_.end() && *next <= later;
}

std::optional<Point> Series::last() const
{
    for (Position at{directory_.size(), 0}; !isAtStart(at);) {
        at = before(at);
        if (!std::isnan(valueAt(at)))
            return Point{timeAt(at), valueAt(at), false};
    }
    return {};
}

std::size_t Series::count(TimeRange range) const
{
    if (range.isEmpty())
        return 0;
    const Position from = lowerBound(range.from), to = lowerBound(range.to);
    std::size_t between = 0;
    for (std::size_t i = from.entry; i < to.entry; ++i)
        between += directory_[i].size;
    return between + to.index - from.index;
}

std::optional<Nearest> Series::nearest(Timestamp time) const
{
    std::optional<Nearest> best;
    Position later = lowerBound(time);
    for (Position at = later; !isAtStart(at);) {
        at = before(at);
        if (std::isnan(valueAt(at)))
            continue;
        if (best && best->time != timeAt(at))
            break;
        best = best ? Nearest{best->time, best->value, best->values + 1} : Nearest{timeAt(at), valueAt(at), 1};
    }
    while (!isAtEnd(later) && std::isnan(valueAt(later)))
        later = after(later);
    if (isAtEnd(later) || (best && time.us - best->time.us <= timeAt(later).us - time.us))
        return best;
    Nearest next{timeAt(later), valueAt(later), 1};
    for (later = after(later); !isAtEnd(later) && timeAt(later) == next.time; later = after(later))
        if (!std::isnan(valueAt(later)))
            next = {next.time, valueAt(later), next.values + 1};
    return next;
}

std::optional<Nearest> Series::at(Timestamp time, Beside beside) const
{
    const Position next = lowerBound({time.us + 1});
    if (isAtStart(next))
        return {};
    const Position last = before(next);
    if (timeAt(last) == time) {
        const auto found = nearest(time);
        return found && found->time == time ? found : std::nullopt;
    }
    const bool isBroken = isAtEnd(next) || std::isnan(valueAt(last)) || std::isnan(valueAt(next)) ||
                          isGap(timeAt(last).us, timeAt(next).us, intervalAt(last));
    if (isBroken)
        return {};
    return nearest(beside == Beside::Nearest ? time : timeAt(last));
}

// --- Stretches of samples

std::optional<ValueRange> Series::valueRange(TimeRange range) const
{
    Summary sum;
    const Remnants::Places dropped = remnants_.touched(range);
    for (std::size_t i = dropped.first; i < dropped.last; ++i) {
        sum.min = std::min(sum.min, remnants_.runs()[i].summary.min);
        sum.max = std::max(sum.max, remnants_.runs()[i].summary.max);
    }
    descend(
        range,
        [&](const Summary& part) {
            if (!range.contains({part.firstTime}) || !range.contains({part.lastTime}))
                return false;
            sum.min = std::min(sum.min, part.min);
            sum.max = std::max(sum.max, part.max);
            return true;
        },
        [&](const Chunk& chunk, std::size_t from, std::size_t to) {
            const Summary part = chunk.summary(from, to);
            sum.min = std::min(sum.min, part.min);
            sum.max = std::max(sum.max, part.max);
        });
    if (sum.min > sum.max)
        return {};
    return ValueRange{sum.min, sum.max};
}

std::vector<Point> Series::points(TimeRange range) const
{
    std::vector<Point> points;
    Position at = lowerBound(range.from);
    if (!isAtStart(at))
        at = before(at);
    bool gap = true;
    for (; !isAtEnd(at); at = after(at)) {
        const Timestamp time = timeAt(at);
        const double value = valueAt(at);
        if (std::isnan(value)) {
            gap = true;
        } else {
            points.push_back({time, value, gap});
            gap = false;
        }
        if (time >= range.to)
            break;
        const Position next = after(at);
        gap = gap || isAtEnd(next) || isGap(time.us, timeAt(next).us, intervalAt(at));
    }
    return points;
}

std::vector<Sample> Series::samples(TimeRange range) const
{
    std::vector<Sample> samples;
    for (Position at = lowerBound(range.from); !isAtEnd(at) && timeAt(at) < range.to; at = after(at))
        if (const double value = valueAt(at); !std::isnan(value))
            samples.push_back({timeAt(at), value, directory_[at.entry].chunk->written(at.index)});
    return samples;
}

} // namespace iotman
