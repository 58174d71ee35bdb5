// One series of values over time, kept so that any stretch of it can be drawn at once, however much it is.
#pragma once

#include "core/series/chunk.h"
#include "core/series/columngrid.h"
#include "core/series/remnants.h"
#include "core/series/spentchunks.h"
#include "core/series/statistics.h"
#include "core/series/summary.h"
#include "core/series/timerange.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace iotman {

/// What one pixel column shows of a series. Times are those of samples; a null at an edge counts for them too.
struct Column {
    double min = 0, max = 0, first = 0, last = 0; ///< meaningless while count is 0
    Timestamp firstTime, lastTime;
    std::uint32_t count = 0; ///< usable values in the column
    bool gapBefore = false;  ///< no line leads here from the value before
    /// What is known is of a longer stretch than the column (remnant.h): `min` and `max` are its, and count is 1 at the least.
    bool isCoarse = false;
};

/// A usable value with its place in the line.
struct Point {
    Timestamp time;
    double value = 0;
    bool gapBefore = false; ///< no line leads here from the value before

    bool operator==(const Point&) const = default;
};

/// A usable value as it came.
struct Sample {
    Timestamp time;
    double value = 0;
    std::string_view written; ///< its digits, where a double does not hold them; else empty. Lasts until the series changes
};

struct Columns {
    ColumnWindow window;
    std::vector<Column> columns; ///< window.count of them
    std::optional<Point> before; ///< the sample before the window, unless it is null
    std::optional<Point> after;  ///< the sample after the window, unless it is null
};

struct ValueRange {
    double min = 0, max = 0;

    bool operator==(const ValueRange&) const = default;
};

/// The value nearest to a time. Several values can share a time.
struct Nearest {
    Timestamp time;
    double value = 0;       ///< the one that arrived last
    std::size_t values = 1; ///< how many there are at `time`
};

/// Which of the samples beside a time stands for it.
enum class Beside {
    Nearest, ///< as for a line that runs from value to value
    Earlier, ///< as for values that hold until the next one
};

/// A value that holds until the next one, as states and booleans do.
struct Held {
    TimeRange span; ///< from the first sample that has it to the next that does not, or to the last one before a gap
    double value = 0;
    bool isOpen = false; ///< nothing has come since

    bool operator==(const Held&) const = default;
};

/// How the borders of columns are decided when there are many samples in each.
enum class Detail {
    Exact, ///< every sample in its column; reads the samples at each border
    Fast,  ///< up to an eighth of a column beside it; reads summaries only. No sample is left out
};

/// Values over time, sorted. Charts, tables and exports read the same.
///
/// Layout: chunks of up to 4,096 samples (chunk.h), and a directory that holds, without a pointer to follow, the summary of
/// every chunk and of each of its quarters. A query over ten million samples reads the directory only.
///
/// Of samples that were dropped to save memory, summaries stay (remnants.h): columns, value ranges and statistics know them,
/// single samples are gone. What arrives late among them goes into the summaries.
///
/// A line is broken (a *gap*) at a null, at an explicit break, and where the interval between two samples is longer than
/// `gapFactor` times the median interval of the up to 64 samples at the earlier one.
///
/// One thread at a time.
class Series {
public:
    Series() = default;
    /// `spent`, which must outlive it, takes the memory of what is dropped and gives it to what comes.
    explicit Series(SpentChunks& spent)
        : spent_(&spent)
    {
    }

    /// Adds a sample. NaN is a null; an infinity counts as unusable and becomes a null. A time that is not usable
    /// (timerange.h) is counted and left out. Late samples are sorted in; equal times stay in the order of arrival.
    /// O(1) amortised in order; a late one moves at most a chunk.
    /// `written`: its digits, where a double does not hold them (writtennumbers.h).
    void append(Timestamp time, double value, std::string_view written = {});
    /// Nothing is known between the last sample before `time` and the next one, as after a lost connection.
    void breakAt(Timestamp time);
    /// Removes the samples and breaks in `range`, to read it again, and the summaries of dropped samples that lie within it.
    void clearRange(TimeRange range);
    /// Removes the oldest samples, at most 4,096, but for their summaries. Returns how many.
    std::size_t dropOldest();
    /// Halves what is kept of dropped samples.
    void coarsen();
    void clear();

    /// Samples, nulls among them.
    std::size_t size() const { return size_; }
    bool isEmpty() const { return size_ == 0; }
    /// What is left of samples that were dropped: all of it is earlier than the first sample.
    const Remnants& remnants() const { return remnants_; }
    /// Every sample that came in `range` is still there.
    bool isWhole(TimeRange range) const { return !remnants_.touch(range); }
    /// From the first sample that came, dropped or not, to the last. The series must not be empty.
    TimeRange span() const;
    /// Memory, the summaries included.
    std::size_t bytes() const { return bytes_ + remnants_.bytes(); }
    /// The pieces that dropOldest() takes away one by one.
    std::size_t chunks() const { return directory_.size(); }
    /// Of the first and last sample; the series must not be empty.
    Timestamp firstTime() const { return {directory_.front().total.firstTime}; }
    Timestamp lastTime() const { return {directory_.back().total.lastTime}; }
    /// Summaries of what is before this time are final, as long as past() stays; the series must not be empty.
    Timestamp settledUntil() const { return {directory_.back().chunk->blocks().back().firstTime}; }
    /// The newest usable value.
    std::optional<Point> last() const;

    std::size_t unusable() const { return unusable_; } ///< infinities, and times out of range, since the start
    std::size_t late() const { return late_; }         ///< samples that came after a newer one

    /// Changes whenever something other than a sample at the end has come or gone: what was read before may be wrong.
    std::uint64_t past() const { return past_; }

    /// 0 switches the rule off: then only nulls and breaks are gaps.
    void setGapFactor(double factor)
    {
        gapFactor_ = factor;
        ++past_;
    }
    double gapFactor() const { return gapFactor_; }

    /// Samples in `range`, nulls among them.
    std::size_t count(TimeRange range) const;
    /// The usable value nearest to `time`, the earlier of two that are equally far.
    std::optional<Nearest> nearest(Timestamp time) const;
    /// The value at `time` where a line is drawn there: at a sample, and between two without a gap. Elsewhere nothing.
    std::optional<Nearest> at(Timestamp time, Beside beside) const;
    /// What holds at `time`; nothing before the first sample and in a gap. Linear in the samples that say the same.
    std::optional<Held> held(Timestamp time) const;
    /// The least and greatest usable value in `range`: exactly where it is whole, else no narrower than they were.
    std::optional<ValueRange> valueRange(TimeRange range) const;
    /// Every usable value in `range` and the neighbour on either side of it (unless that is null), in order.
    std::vector<Point> points(TimeRange range) const;
    /// Every usable value in `range`, in order, with all its digits: what a table or a file shows.
    std::vector<Sample> samples(TimeRange range) const;
    /// Exact at both edges, but where `range` cuts through dropped samples: then those of the cut summary count as a whole. Reads
    /// the samples of at most two chunks, of the others their sums.
    Statistics statistics(TimeRange range) const;
    /// Every usable value in `range`, as for a median. Linear.
    std::vector<double> values(TimeRange range) const;
    Columns columns(const ColumnWindow& window, Detail detail = Detail::Fast) const;
    /// Short for a view `widthPx` wide.
    Columns columns(TimeRange range, int widthPx, Detail detail = Detail::Fast) const;

private:
    static constexpr std::size_t quarters = 4;
    static constexpr std::size_t blocksPerQuarter = Chunk::capacity / Chunk::blockSize / quarters;

    struct Entry {
        Summary total;
        std::array<Summary, quarters> quarter;
        std::size_t size = 0;                   ///< samples in the chunk, known without touching it
        mutable std::optional<Moments> moments; ///< of all samples, once they were asked for or the chunk is full
        std::unique_ptr<Chunk> chunk;

        explicit Entry(Chunk newChunk);
        void summarise();
        void append(std::int64_t time, double value, std::string_view written);
        const Moments& sums() const;
        std::size_t bytes() const { return sizeof(Entry) + chunk->bytes(); }
    };
    /// A sample: its chunk's place in the directory and its place in the chunk.
    struct Position {
        std::size_t entry = 0, index = 0;
        bool operator==(const Position&) const = default;
    };
    class Sweep;

    std::size_t entryFor(std::int64_t time) const;
    void appendAtEndOf(std::size_t entry, std::int64_t time, double value, std::string_view written);
    void insertInto(std::size_t entry, std::int64_t time, double value, std::string_view written);
    void addEntry(std::size_t at, std::int64_t time, double value, std::string_view written);
    void clearInside(std::size_t entry, TimeRange range);
    void measure();

    std::optional<Point> precede(Sweep& sweep, Timestamp time) const;
    /// The first chunk with samples at or after the start of `range`.
    std::vector<Entry>::const_iterator firstEntry(TimeRange range) const;
    Position lowerBound(Timestamp time) const;
    bool isAtEnd(Position at) const { return at.entry == directory_.size(); }
    bool isAtStart(Position at) const { return at == Position{}; }
    Position after(Position at) const;
    Position before(Position at) const;
    Timestamp timeAt(Position at) const { return {directory_[at.entry].chunk->time(at.index)}; }
    double valueAt(Position at) const { return directory_[at.entry].chunk->value(at.index); }
    float intervalAt(Position at) const;
    bool isGap(std::int64_t earlier, std::int64_t later, float typicalInterval) const;
    /// Calls `whole(summary)` for the samples of `range` from the coarsest summaries down, until it returns true, and
    /// `some(chunk, from, to)` for samples of a block that no summary was taken for.
    template <class Whole, class Some>
    void descend(TimeRange range, Whole whole, Some some) const;

    SpentChunks* spent_ = nullptr;
    Remnants remnants_;
    std::vector<Entry> directory_;
    std::vector<std::int64_t> breaks_; ///< sorted
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
    std::size_t unusable_ = 0;
    std::size_t late_ = 0;
    double gapFactor_ = 5;
    std::uint64_t past_ = 0;
};

} // namespace iotman
