// Up to some hundred items or datapoints as one text of bytes: how they lie in the database.
#pragma once

#include "core/store/store.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace iotman::store {

/// An item or a datapoint on its way into a block; the text lies elsewhere.
struct Entry {
    Position position;
    Arrival arrival = Arrival::Live;
    std::string_view text;
};

/// What a column `history` says.
inline Arrival arrivalOf(std::int64_t history)
{
    return history != 0 ? Arrival::History : Arrival::Live;
}

/// Outside every position that occurs: sequences start at 1 and fit a signed integer.
inline constexpr Position beforeAll{Timestamp::min(), 0};
inline constexpr Position behindAll{Timestamp::max(), std::numeric_limits<std::int64_t>::max()};

/// The bytes of a block, entries, one at least, in the order given. Layout, little-endian:
///   u32 count · u8 width of a time (0, 1, 2, 4, 8) · u8 width of a sequence (the same) · u8 width of an end (2, 4) ·
///   u8 History: 0 none, 1 all, 2 some; with bit 7: times are in steps; with bit 6: texts have a comma between two ·
///   i64 least time · u64 least sequence ·
///   u64 checksum of all else (without the commas: of all that follows) · where times are in steps: u64 step ·
///   times above the least · sequences above the least · ends of the texts · where some are History: a byte each · texts
/// Columns of one width let a reader find a position by bisection and take a text without decoding the rest. With the commas,
/// which blocks of before format 7 do not have, a page takes all that it needs of a block at once.
std::string encodeBlock(std::span<const Entry> entries);

/// Tells a row of a tail from a damaged one, as a block's checksum does.
std::int64_t sumOf(const Position& position, std::string_view text);
/// The same for a row of texts; in which of them a character stands counts.
std::int64_t sumOf(std::span<const std::string_view> texts);
inline std::int64_t sumOf(std::initializer_list<std::string_view> texts)
{
    return sumOf(std::span(texts.begin(), texts.size()));
}

/// What lies at `bytes`, which need not be aligned.
template <class T>
T loadAs(const char* bytes)
{
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// Reads a block in place; the bytes must outlive it.
class BlockView {
public:
    static constexpr std::size_t headerSize = 32;

    /// How many bytes of a block stand before the texts, by its first headerSize bytes, which may be damaged.
    static std::size_t bytesBeforeTexts(std::string_view header);
    /// Nothing when the bytes are not what encodeBlock writes, as far as reading needs it (the checksum is not compared). The
    /// texts are not looked at.
    static std::optional<BlockView> parse(std::string_view bytes);

    std::size_t size() const { return count_; }
    Position position(std::size_t index) const
    {
        // Unsigned, because the least and the greatest time are further apart than a signed number holds.
        return {{static_cast<std::int64_t>(leastTime_ + time(index))}, leastSequence_ + sequence(index)};
    }
    Arrival arrival(std::size_t index) const
    {
        const bool history = history_ == SomeAreHistory ? arrivals_[index] != 0 : history_ == AllAreHistory;
        return history ? Arrival::History : Arrival::Live;
    }
    std::string_view text(std::size_t index) const { return texts(index, index + 1); }
    /// The texts of the entries first <= index < last as they lie side by side.
    std::string_view texts(std::size_t first, std::size_t last) const
    {
        if (first >= last)
            return {};
        const std::size_t start = first == 0 ? 0 : end(first - 1) + gap_;
        return {texts_.data() + start, end(last - 1) - start};
    }
    /// Whether a comma stands between two texts.
    bool isJoined() const { return gap_ > 0; }
    Entry entry(std::size_t index) const { return {position(index), arrival(index), text(index)}; }
    /// Of a block that is sorted newest first: the first index that stands before `position`; size() when there is none.
    std::size_t firstBefore(const Position& position) const;

    /// Compares the checksum.
    bool isIntact() const;

private:
    enum History : std::uint8_t { NoneIsHistory = 0, AllAreHistory = 1, SomeAreHistory = 2 };

    static std::uint64_t atWidth(const char* column, std::size_t width, std::size_t index)
    {
        switch (width) {
        case 0:
            return 0;
        case 1:
            return loadAs<std::uint8_t>(column + index);
        case 2:
            return loadAs<std::uint16_t>(column + index * 2);
        case 4:
            return loadAs<std::uint32_t>(column + index * 4);
        default:
            return loadAs<std::uint64_t>(column + index * 8);
        }
    }
    template <class Number>
    bool endsRise() const;
    std::uint64_t time(std::size_t index) const { return atWidth(times_, timeWidth_, index) * step_; }
    std::uint64_t sequence(std::size_t index) const { return atWidth(sequences_, sequenceWidth_, index); }
    std::uint32_t end(std::size_t index) const
    {
        return endWidth_ == 2 ? loadAs<std::uint16_t>(ends_ + index * 2) : loadAs<std::uint32_t>(ends_ + index * 4);
    }
    friend std::string encodeBlock(std::span<const Entry> entries);

    std::string_view bytes_;
    std::size_t count_ = 0;
    std::size_t timeWidth_ = 0, sequenceWidth_ = 0, endWidth_ = 0;
    std::size_t gap_ = 0; ///< bytes between two texts
    std::uint8_t history_ = 0;
    std::uint64_t leastTime_ = 0;
    std::uint64_t step_ = 1;
    std::uint64_t leastSequence_ = 0;
    const char* times_ = nullptr;
    const char* sequences_ = nullptr;
    const char* ends_ = nullptr;
    const char* arrivals_ = nullptr;
    std::string_view texts_;
};

/// zstd, fast, with a checksum: datapoint blocks are written often and read seldom. Keeps its memory between calls.
class Compressor {
public:
    Compressor();
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    std::string compressed(std::string_view bytes);

private:
    ZSTD_CCtx_s* context_;
};

/// Nothing when the bytes are damaged or say that they are larger than any block.
std::optional<std::string> decompressed(std::string_view bytes);

} // namespace iotman::store
