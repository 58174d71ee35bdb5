#include "core/import/objectmatcher.h"

#include "core/import/limits.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace iotman::files {

namespace {

constexpr std::size_t blockSize = 64;

/// Bit i is set where byte i of the 64 equals `c`, after the bits of `fold` have been set in it.
#if defined(__SSE2__)
std::uint64_t positionsOf(const char* block, char c, char fold = 0)
{
    std::uint64_t mask = 0;
    for (int part = 0; part < 4; ++part) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block) + part);
        const __m128i equal = _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(fold)), _mm_set1_epi8(c));
        mask |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(equal))) << (part * 16);
    }
    return mask;
}
#else
std::uint64_t positionsOf(const char* block, char c, char fold = 0)
{
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < blockSize; ++i)
        mask |= static_cast<std::uint64_t>((block[i] | fold) == c) << i;
    return mask;
}
#endif

/// Bit i becomes the parity of the bits 0 to i: from each opening quote up to its closing one the bits are set.
std::uint64_t parities(std::uint64_t quotes)
{
    for (int shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

} // namespace

/// One character. True when it closes the value or nests too deeply; `depth_` tells which.
bool ObjectMatcher::step(char c)
{
    if (escaped_) {
        escaped_ = false;
    } else if (inString_) {
        escaped_ = c == '\\';
        inString_ = c != '"';
    } else if (c == '"') {
        inString_ = true;
    } else if (c == '{' || c == '[') {
        return ++depth_ > deepest_;
    } else if (c == '}' || c == ']') {
        return --depth_ == 0;
    }
    return false;
}

/// 64 characters without a backslash, at `at` of the piece. True as for `step`, with `end_` set to the place.
bool ObjectMatcher::blockWithoutEscapes(const char* block, std::size_t at)
{
    const std::uint64_t inside = parities(positionsOf(block, '"')) ^ (inString_ ? ~std::uint64_t{0} : 0);
    // `[` and `{` differ in one bit only, and so do `]` and `}`.
    const std::uint64_t opening = positionsOf(block, '{', 0x20) & ~inside;
    std::uint64_t brackets = opening | (positionsOf(block, '}', 0x20) & ~inside);
    for (; brackets != 0; brackets &= brackets - 1) {
        const int place = std::countr_zero(brackets);
        const bool opens = (opening >> place & 1) != 0;
        depth_ += opens ? 1 : -1;
        if (depth_ == 0 || depth_ > deepest_) {
            end_ = at + static_cast<std::size_t>(place);
            return true;
        }
    }
    inString_ = inside >> 63 != 0;
    return false;
}

ObjectMatcher::Result ObjectMatcher::feed(std::string_view piece)
{
    const auto stopped = [&](std::size_t at) {
        end_ = depth_ == 0 ? at + 1 : at;
        return depth_ == 0 ? Result::Closed : Result::TooDeep;
    };
    for (std::size_t at = 0; at < piece.size(); at += blockSize) {
        const std::string_view part = piece.substr(at, blockSize);
        const char* block = part.data();
        std::array<char, blockSize> padded; // NOLINT(cppcoreguidelines-pro-type-member-init): filled where it is used
        if (part.size() < blockSize) {
            // Zeros behind the last bytes are neither brackets nor quotes.
            std::memset(padded.data(), 0, blockSize);
            std::memcpy(padded.data(), part.data(), part.size());
            block = padded.data();
        }
        if (!escaped_ && positionsOf(block, '\\') == 0) {
            if (blockWithoutEscapes(block, at))
                return stopped(end_);
            continue;
        }
        for (std::size_t i = 0; i < part.size(); ++i)
            if (step(part[i]))
                return stopped(at + i);
    }
    end_ = piece.size();
    return Result::Open;
}

} // namespace iotman::files
