#include "core/series/chunk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

namespace iotman {

namespace {

constexpr std::int64_t farthestOffset = std::numeric_limits<std::uint32_t>::max();
/// A chunk with at least this many samples is left as it is, rather than widened, when 32 bits no longer reach.
constexpr std::size_t worthKeeping = Chunk::capacity / 4;

template <class Offsets>
void eraseFrom(Offsets& offsets, std::size_t from, std::size_t to)
{
    if (!offsets.empty())
        offsets.erase(offsets.begin() + static_cast<std::ptrdiff_t>(from), offsets.begin() + static_cast<std::ptrdiff_t>(to));
}

/// Least and greatest of `count` values; returns how many are not null. In four lanes, so that a comparison waits for the one
/// four samples before it and not for the last.
std::size_t addExtent(const double* values, std::size_t count, Summary& sum)
{
    constexpr std::size_t lanes = 4;
    std::array<double, lanes> least, greatest;
    least.fill(sum.min);
    greatest.fill(sum.max);
    std::array<std::int64_t, lanes> usable{};
    const auto add = [&](std::size_t lane, double value) { // comparisons with NaN are false
        least[lane] = value < least[lane] ? value : least[lane];
        greatest[lane] = value > greatest[lane] ? value : greatest[lane];
        usable[lane] += value == value ? 1 : 0;
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        add(0, values[i]);
        add(1, values[i + 1]);
        add(2, values[i + 2]);
        add(3, values[i + 3]);
    }
    for (; i < count; ++i)
        add(0, values[i]);
    sum.min = *std::min_element(least.begin(), least.end());
    sum.max = *std::max_element(greatest.begin(), greatest.end());
    return static_cast<std::size_t>(usable[0] + usable[1] + usable[2] + usable[3]);
}

} // namespace

Summary Chunk::summary(std::size_t from, std::size_t to) const
{
    Summary sum;
    sum.typicalInterval = blocks_[from / blockSize].typicalInterval;
    sum.firstTime = time(from);
    sum.lastTime = time(to - 1);
    sum.startsNull = std::isnan(values_[from]);
    sum.endsNull = std::isnan(values_[to - 1]);
    const std::size_t values = addExtent(values_.data() + from, to - from, sum);
    sum.values = static_cast<std::uint16_t>(values);
    if (values == 0)
        return sum;
    while (std::isnan(values_[from]))
        ++from;
    while (std::isnan(values_[to - 1]))
        --to;
    sum.first = values_[from];
    sum.last = values_[to - 1];
    return sum;
}

std::size_t Chunk::lowerBound(std::int64_t time, std::size_t from, std::size_t to) const
{
    const auto search = [&](const auto& offsets) {
        const auto begin = offsets.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = offsets.begin() + static_cast<std::ptrdiff_t>(to);
        return static_cast<std::size_t>(std::lower_bound(begin, end, time - base_) - offsets.begin());
    };
    return isWide() ? search(wide_) : search(narrow_);
}

std::size_t Chunk::upperBound(std::int64_t time) const
{
    const std::int64_t offset = time - base_;
    if (isWide())
        return static_cast<std::size_t>(std::distance(wide_.begin(), std::upper_bound(wide_.begin(), wide_.end(), offset)));
    return static_cast<std::size_t>(std::distance(narrow_.begin(), std::upper_bound(narrow_.begin(), narrow_.end(), offset)));
}

bool Chunk::hasRoomFor(std::int64_t time) const
{
    if (isFull())
        return false;
    return size() < worthKeeping || isWide() || time - base_ <= farthestOffset;
}

void Chunk::append(std::int64_t time, double value, std::string_view written)
{
    if (values_.empty())
        base_ = time;
    const std::int64_t offset = time - base_;
    if (!isWide() && offset > farthestOffset)
        widen();
    reserveOneMore();
    push(offset, value);
    if (!written.empty())
        write(size() - 1, written);

    const std::size_t inBlock = (size() - 1) % blockSize;
    if (inBlock == 0) {
        const float before = blocks_.empty() ? inherited_ : blocks_.back().typicalInterval;
        blocks_.emplace_back();
        blocks_.back().typicalInterval = before;
    }
    blocks_.back().add(time, value, inBlock == 0);
    // The median is worth computing again each time the block has doubled: O(1) amortised.
    const std::size_t count = inBlock + 1;
    if (count >= 4 && (count & (count - 1)) == 0)
        blocks_.back().typicalInterval = typicalInterval(blocks_.size() - 1);
}

bool Chunk::hasRoomInsideFor(std::int64_t time) const
{
    if (isFull())
        return false;
    if (size() < worthKeeping || isWide())
        return true;
    return std::max(time, this->time(size() - 1)) - std::min(time, base_) <= farthestOffset;
}

void Chunk::insert(std::int64_t time, double value, std::string_view written)
{
    if (!values_.empty() && time < base_)
        rebase(time);
    const std::size_t index = upperBound(time);
    if (index == size()) {
        append(time, value, written);
        return;
    }
    reserveOneMore();
    const auto at = static_cast<std::ptrdiff_t>(index);
    const std::int64_t offset = time - base_;
    if (isWide())
        wide_.insert(wide_.begin() + at, offset);
    else
        narrow_.insert(narrow_.begin() + at, static_cast<std::uint32_t>(offset));
    values_.insert(values_.begin() + at, value);
    write(index, written);
    summariseFrom(index / blockSize);
}

Chunk Chunk::split()
{
    const std::size_t middle = size() / 2;
    Chunk second(blocks_[(middle - 1) / blockSize].typicalInterval);
    for (std::size_t i = middle; i < size(); ++i)
        second.append(time(i), values_[i], written(i));
    erase(middle, size());
    return second;
}

void Chunk::erase(std::size_t from, std::size_t to)
{
    if (from == to)
        return;
    eraseFrom(narrow_, from, to);
    eraseFrom(wide_, from, to);
    eraseFrom(values_, from, to);
    if (!written_.isEmpty()) {
        written_.erase(from, to);
        measure();
    }
    if (!values_.empty() && from == 0)
        rebase(time(0));
    summariseFrom(from / blockSize);
}

Chunk Chunk::inPlaceOf(Chunk spent, float inheritedInterval)
{
    Chunk chunk(inheritedInterval);
    chunk.narrow_ = std::move(spent.narrow_);
    chunk.values_ = std::move(spent.values_);
    chunk.blocks_ = std::move(spent.blocks_);
    chunk.narrow_.clear();
    chunk.values_.clear();
    chunk.blocks_.clear();
    chunk.measure();
    return chunk;
}

void Chunk::measure()
{
    bytes_ = sizeof(Chunk) + narrow_.capacity() * sizeof(std::uint32_t) + wide_.capacity() * sizeof(std::int64_t) +
             values_.capacity() * sizeof(double) + blocks_.capacity() * sizeof(Summary) + written_.bytes();
}

/// Grows in steps of four to exactly the capacity: a slow series stays small, a full chunk wastes nothing.
void Chunk::reserveOneMore()
{
    if (size() < values_.capacity())
        return;
    const std::size_t room = std::clamp(size() * 4, blockSize, capacity);
    values_.reserve(room);
    if (isWide())
        wide_.reserve(room);
    else
        narrow_.reserve(room);
    blocks_.reserve(room / blockSize);
    measure();
}

void Chunk::widen()
{
    wide_.reserve(values_.capacity());
    wide_.assign(narrow_.begin(), narrow_.end());
    narrow_ = {};
    measure();
}

void Chunk::push(std::int64_t offset, double value)
{
    if (isWide())
        wide_.push_back(offset);
    else
        narrow_.push_back(static_cast<std::uint32_t>(offset));
    values_.push_back(value);
}

void Chunk::write(std::size_t index, std::string_view written)
{
    if (written.empty() && written_.isEmpty())
        return;
    written_.insert(index, written);
    measure();
}

/// Moves the base to `base`; offsets follow, and become wide when 32 bits no longer reach.
void Chunk::rebase(std::int64_t base)
{
    const std::int64_t shift = base_ - base;
    if (!isWide() && time(size() - 1) - base > farthestOffset)
        widen();
    for (std::uint32_t& offset : narrow_)
        offset = static_cast<std::uint32_t>(offset + shift);
    for (std::int64_t& offset : wide_)
        offset += shift;
    base_ = base;
}

void Chunk::summariseFrom(std::size_t block)
{
    blocks_.resize(std::min(block, blocks_.size()));
    for (std::size_t from = block * blockSize; from < size(); from += blockSize) {
        const std::size_t to = std::min(from + blockSize, size());
        const float before = blocks_.empty() ? inherited_ : blocks_.back().typicalInterval;
        blocks_.emplace_back().typicalInterval = before;
        Summary sum = summary(from, to);
        blocks_.back() = sum;
        if (to - from >= 4)
            blocks_.back().typicalInterval = typicalInterval(blocks_.size() - 1);
    }
}

/// The median of the intervals between samples of a block that have different times. A block with fewer than three such
/// intervals says nothing: it takes what is known from before.
float Chunk::typicalInterval(std::size_t block) const
{
    std::array<std::int64_t, blockSize> intervals;
    std::size_t count = 0;
    const std::size_t from = block * blockSize;
    const std::size_t to = std::min(from + blockSize, size());
    for (std::size_t i = from + 1; i < to; ++i)
        if (const std::int64_t interval = time(i) - time(i - 1); interval > 0)
            intervals[count++] = interval;
    if (count < 3)
        return block == 0 ? inherited_ : blocks_[block - 1].typicalInterval;
    const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(intervals.begin(), middle, intervals.begin() + static_cast<std::ptrdiff_t>(count));
    return static_cast<float>(*middle);
}

} // namespace iotman
