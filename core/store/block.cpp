#include "core/store/block.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

namespace iotman::store {

namespace {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian, and so are all machines that we build for");

constexpr std::size_t checksumAt = 24;
constexpr std::size_t headerSize = BlockView::headerSize;
constexpr std::size_t greatestBlock = std::size_t(1) << 30;

// Beside the history flag.
constexpr std::uint8_t timesInSteps = 0x80;
constexpr std::uint8_t textsJoined = 0x40;
constexpr std::uint8_t layoutFlags = timesInSteps | textsJoined;

template <class T>
void put(std::string& bytes, T value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void putWidth(std::string& bytes, std::uint64_t value, std::size_t width)
{
    bytes.append(reinterpret_cast<const char*>(&value), width);
}

// Fletcher's checksum with 64-bit words modulo 2^64 (J. G. Fletcher, "An Arithmetic Checksum for Serial Transmissions", 1982),
// both sums folded into one: it sees changed, swapped and lost words, at memory speed.
std::uint64_t checksum(std::string_view bytes)
{
    std::uint64_t sum = bytes.size();
    std::uint64_t sums = 0;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        sum += loadAs<std::uint64_t>(bytes.data());
        sums += sum;
        bytes.remove_prefix(sizeof(std::uint64_t));
    }
    std::uint64_t rest = 0;
    if (!bytes.empty())
        std::memcpy(&rest, bytes.data(), bytes.size());
    sum += rest;
    sums += sum;
    return sum ^ std::rotl(sums, 32);
}

std::uint64_t joined(std::uint64_t sum, std::uint64_t part)
{
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15; // spreads each bit over the higher ones
    return std::rotl((sum ^ part) * odd, 32);
}

/// What stands in a block's first bytes beside its least time and sequence; nothing of it is checked yet.
struct Header {
    explicit Header(std::string_view bytes)
        : count(loadAs<std::uint32_t>(bytes.data()))
        , timeWidth(loadAs<std::uint8_t>(bytes.data() + 4))
        , sequenceWidth(loadAs<std::uint8_t>(bytes.data() + 5))
        , endWidth(loadAs<std::uint8_t>(bytes.data() + 6))
        , flags(loadAs<std::uint8_t>(bytes.data() + 7))
    {
    }
    std::uint8_t history() const { return flags & static_cast<std::uint8_t>(~layoutFlags); }
    bool isJoined() const { return (flags & textsJoined) != 0; }
    std::size_t stepSize() const { return (flags & timesInSteps) != 0 ? sizeof(std::uint64_t) : 0; }

    std::size_t count, timeWidth, sequenceWidth, endWidth;
    std::uint8_t flags;
};

/// What stands at checksumAt. Joined, of all other bytes: whether they are joined is known from nothing else.
std::uint64_t sumOfBlock(std::string_view bytes)
{
    constexpr int apart = 17;
    const std::uint64_t sum = checksum(bytes.substr(headerSize));
    return Header(bytes).isJoined() ? sum ^ std::rotl(checksum(bytes.substr(0, checksumAt)), apart) : sum;
}

struct Ranges {
    std::int64_t leastTime = std::numeric_limits<std::int64_t>::max();
    std::int64_t greatestTime = std::numeric_limits<std::int64_t>::min();
    std::uint64_t leastSequence = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t greatestSequence = 0;
    std::size_t textSize = 0;
    std::size_t history = 0;
};

Ranges rangesOf(std::span<const Entry> entries)
{
    Ranges ranges;
    for (const Entry& entry : entries) {
        ranges.leastTime = std::min(ranges.leastTime, entry.position.time.us);
        ranges.greatestTime = std::max(ranges.greatestTime, entry.position.time.us);
        ranges.leastSequence = std::min(ranges.leastSequence, entry.position.sequence);
        ranges.greatestSequence = std::max(ranges.greatestSequence, entry.position.sequence);
        ranges.textSize += entry.text.size();
        ranges.history += entry.arrival == Arrival::History;
    }
    return ranges;
}

std::size_t widthOf(std::uint64_t greatest)
{
    if (greatest == 0)
        return 0;
    for (const std::size_t width : {1, 2, 4}) {
        if (greatest < std::uint64_t(1) << (8 * width))
            return width;
    }
    return 8;
}

/// Differences of times as unsigned numbers: the least and the greatest time are 2^64 - 1 apart.
std::uint64_t above(std::int64_t least, std::int64_t time)
{
    return static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(least);
}

/// What all times above the least are multiples of: most series have a beat, of a second or a millisecond. At least 1.
std::uint64_t stepOf(std::span<const Entry> entries, std::int64_t least)
{
    std::uint64_t step = 0;
    for (const Entry& entry : entries) {
        const std::uint64_t time = above(least, entry.position.time.us);
        if (step == 0 || time % step != 0)
            step = std::gcd(step, time);
        if (step == 1)
            break;
    }
    return std::max<std::uint64_t>(step, 1);
}

} // namespace

std::int64_t sumOf(const Position& position, std::string_view text)
{
    std::uint64_t sum = checksum(text);
    for (const std::uint64_t part : {static_cast<std::uint64_t>(position.time.us), position.sequence})
        sum = joined(sum, part);
    return static_cast<std::int64_t>(sum);
}

std::int64_t sumOf(std::span<const std::string_view> texts)
{
    std::uint64_t sum = texts.size();
    for (const std::string_view text : texts)
        sum = joined(sum, checksum(text));
    return static_cast<std::int64_t>(sum);
}

std::string encodeBlock(std::span<const Entry> entries)
{
    const Ranges ranges = rangesOf(entries);
    const std::uint64_t step = stepOf(entries, ranges.leastTime);
    const std::size_t timeWidth = widthOf(above(ranges.leastTime, ranges.greatestTime) / step);
    const std::size_t sequenceWidth = widthOf(ranges.greatestSequence - ranges.leastSequence);
    const std::size_t textSize = ranges.textSize + entries.size() - 1;
    const std::size_t endWidth = textSize <= std::numeric_limits<std::uint16_t>::max() ? 2 : 4;
    const BlockView::History history = ranges.history == 0                ? BlockView::NoneIsHistory
                                       : ranges.history == entries.size() ? BlockView::AllAreHistory
                                                                          : BlockView::SomeAreHistory;

    std::string bytes;
    bytes.reserve(headerSize + sizeof step + entries.size() * (timeWidth + sequenceWidth + endWidth + 1) + textSize);
    put(bytes, static_cast<std::uint32_t>(entries.size()));
    const std::size_t flags = history | (step > 1 ? timesInSteps : 0) | textsJoined;
    for (const std::size_t small : {timeWidth, sequenceWidth, endWidth, flags})
        put(bytes, static_cast<std::uint8_t>(small));
    put(bytes, ranges.leastTime);
    put(bytes, ranges.leastSequence);
    put(bytes, std::uint64_t(0));
    if (step > 1)
        put(bytes, step);
    for (const Entry& entry : entries)
        putWidth(bytes, above(ranges.leastTime, entry.position.time.us) / step, timeWidth);
    for (const Entry& entry : entries)
        putWidth(bytes, entry.position.sequence - ranges.leastSequence, sequenceWidth);
    std::size_t start = 0;
    for (const Entry& entry : entries) {
        const std::size_t end = start + entry.text.size();
        putWidth(bytes, end, endWidth);
        start = end + 1;
    }
    if (history == BlockView::SomeAreHistory) {
        for (const Entry& entry : entries)
            put(bytes, static_cast<std::uint8_t>(entry.arrival == Arrival::History));
    }
    for (const Entry& entry : entries)
        bytes.append(entry.text).push_back(',');
    bytes.pop_back();
    const std::uint64_t sum = sumOfBlock(bytes);
    std::memcpy(bytes.data() + checksumAt, &sum, sizeof sum);
    return bytes;
}

std::size_t BlockView::bytesBeforeTexts(std::string_view bytes)
{
    const Header header(bytes);
    const std::size_t arrivalWidth = header.history() == SomeAreHistory ? 1 : 0;
    return headerSize + header.stepSize() +
           header.count * (header.timeWidth + header.sequenceWidth + header.endWidth + arrivalWidth);
}

std::optional<BlockView> BlockView::parse(std::string_view bytes)
{
    if (bytes.size() < headerSize)
        return std::nullopt;
    const Header header(bytes);
    const auto isWide = [](std::size_t width) { return width <= 2 || width == 4 || width == 8; };
    if (header.count == 0 || !isWide(header.timeWidth) || !isWide(header.sequenceWidth) ||
        (header.endWidth != 2 && header.endWidth != 4) || header.history() > SomeAreHistory)
        return std::nullopt;
    const std::size_t textsAt = bytesBeforeTexts(bytes);
    if (bytes.size() < textsAt)
        return std::nullopt;
    BlockView view;
    view.bytes_ = bytes;
    view.count_ = header.count;
    view.timeWidth_ = header.timeWidth;
    view.sequenceWidth_ = header.sequenceWidth;
    view.endWidth_ = header.endWidth;
    view.gap_ = header.isJoined() ? 1 : 0;
    view.history_ = header.history();
    view.leastTime_ = loadAs<std::uint64_t>(bytes.data() + 8);
    view.leastSequence_ = loadAs<std::uint64_t>(bytes.data() + 16);
    if (header.stepSize() > 0)
        view.step_ = loadAs<std::uint64_t>(bytes.data() + headerSize);
    view.times_ = bytes.data() + headerSize + header.stepSize();
    view.sequences_ = view.times_ + view.count_ * view.timeWidth_;
    view.ends_ = view.sequences_ + view.count_ * view.sequenceWidth_;
    view.arrivals_ = view.ends_ + view.count_ * view.endWidth_;
    view.texts_ = bytes.substr(textsAt);
    const bool rises = view.endWidth_ == 2 ? view.endsRise<std::uint16_t>() : view.endsRise<std::uint32_t>();
    if (!rises || view.end(view.count_ - 1) != view.texts_.size())
        return std::nullopt;
    return view;
}

template <class Number>
bool BlockView::endsRise() const
{
    // No branch for each: this is a good part of what it takes to open a block.
    std::uint64_t least = 0;
    bool rises = true;
    for (std::size_t i = 0; i < count_; ++i) {
        const std::uint64_t end = loadAs<Number>(ends_ + i * sizeof(Number));
        rises &= end >= least;
        least = end + gap_;
    }
    return rises;
}

std::size_t BlockView::firstBefore(const Position& position) const
{
    std::size_t low = 0;
    std::size_t high = count_;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (this->position(middle) < position)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

bool BlockView::isIntact() const
{
    return loadAs<std::uint64_t>(bytes_.data() + checksumAt) == sumOfBlock(bytes_);
}

std::optional<std::string_view> ItemRun::joined() const
{
    return block_ && block_->isJoined() ? std::optional(block_->texts(first_, last_)) : std::nullopt;
}

Item ItemRun::ofBlock(std::size_t index) const
{
    return {block_->position(index), block_->text(index)};
}

Compressor::Compressor()
    : context_(ZSTD_createCCtx())
{
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

Compressor::~Compressor()
{
    ZSTD_freeCCtx(context_);
}

std::string Compressor::compressed(std::string_view bytes)
{
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    // Cannot fail: the room is what the bound says, and the parameters are legal.
    packed.resize(ZSTD_compress2(context_, packed.data(), packed.size(), bytes.data(), bytes.size()));
    return packed;
}

std::optional<std::string> decompressed(std::string_view bytes)
{
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size > greatestBlock) // also what zstd answers where the size is unknown or the frame is none
        return std::nullopt;
    std::string plain(static_cast<std::size_t>(size), '\0');
    const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(got) || got != plain.size())
        return std::nullopt;
    return plain;
}

} // namespace iotman::store
