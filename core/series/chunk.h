// Up to 4,096 consecutive samples of a series in columns, with a summary of every 64.
#pragma once

#include "core/series/moments.h"
#include "core/series/summary.h"
#include "core/series/writtennumbers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace iotman {

/// Samples sorted by time; equal times stay in the order of their arrival. A value that is NaN is a null.
///
/// Times are 32-bit offsets from the first one (12 bytes a sample) as long as 71 minutes hold a good part of a chunk;
/// slower data is kept with 64-bit offsets (16 bytes a sample), so that it does not end in many small chunks.
class Chunk {
public:
    static constexpr std::size_t capacity = 4096;
    static constexpr std::size_t blockSize = 64;

    /// `inheritedInterval`: the typical interval (µs) of what comes before, 0 when unknown. Used until this chunk knows its own.
    explicit Chunk(float inheritedInterval)
        : inherited_(inheritedInterval)
    {
    }

    /// An empty chunk in the memory of one that is not needed any more.
    static Chunk inPlaceOf(Chunk spent, float inheritedInterval);

    std::size_t size() const { return values_.size(); }
    bool isFull() const { return size() == capacity; }
    /// No later than the first sample.
    std::int64_t base() const { return base_; }
    std::int64_t time(std::size_t index) const { return base_ + (isWide() ? wide_[index] : narrow_[index]); }
    double value(std::size_t index) const { return values_[index]; }
    /// The digits of a value that a double does not hold; empty for any other.
    std::string_view written(std::size_t index) const { return written_.at(index); }

    /// The summaries of samples [64 i, 64 (i + 1)).
    std::span<const Summary> blocks() const { return blocks_; }
    /// The summary of samples [from, to), which must lie in one block. Linear.
    Summary summary(std::size_t from, std::size_t to) const;
    /// The sums of samples [from, to), times counted from base(). Linear.
    Moments moments(std::size_t from, std::size_t to) const;

    /// The first sample at or after `time`; size() when there is none.
    std::size_t lowerBound(std::int64_t time) const { return lowerBound(time, 0, size()); }
    /// The same among samples [from, to); `to` when there is none.
    std::size_t lowerBound(std::int64_t time, std::size_t from, std::size_t to) const;
    /// The first sample after `time`; size() when there is none.
    std::size_t upperBound(std::int64_t time) const;

    /// True when `append` takes a sample of this time, which is not before the last one: there is room, and it is near enough.
    bool hasRoomFor(std::int64_t time) const;
    /// Adds a sample at the end. Needs hasRoomFor(time). O(1) amortised.
    void append(std::int64_t time, double value, std::string_view written = {});

    /// True when `insert` takes a sample of this time.
    bool hasRoomInsideFor(std::int64_t time) const;
    /// Sorts a sample in, behind those of the same time. Needs hasRoomInsideFor(time).
    void insert(std::int64_t time, double value, std::string_view written = {});

    /// Takes the second half of the samples out and returns it. Needs two samples or more.
    Chunk split();
    /// Removes samples [from, to).
    void erase(std::size_t from, std::size_t to);

    /// The heap memory of this chunk.
    std::size_t bytes() const { return bytes_; }

    /// Offsets of 64 bits.
    bool isWide() const { return !wide_.empty(); }

private:
    void reserveOneMore();
    void measure();
    void widen();
    void push(std::int64_t offset, double value);
    void write(std::size_t index, std::string_view written);
    void rebase(std::int64_t base);
    void summariseFrom(std::size_t block);
    float typicalInterval(std::size_t block) const;

    std::int64_t base_ = 0;
    std::vector<std::uint32_t> narrow_; ///< µs after base_; empty when wide_ is used
    std::vector<std::int64_t> wide_;
    std::vector<double> values_;
    std::vector<Summary> blocks_;
    WrittenNumbers written_;
    float inherited_;
    std::size_t bytes_ = 0;
};

} // namespace iotman
