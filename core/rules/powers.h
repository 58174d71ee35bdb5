// Powers of ten and 128-bit integers: the arithmetic below `Decimal`.
#pragma once

#include "core/rules/decimal.h"

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <concepts>
#include <utility>

namespace iotman::rules {

using Big = boost::multiprecision::cpp_int;

/// What `Decimal` declares and does not show.
struct BigInteger {
    /// From a number or from a calculation that makes one.
    template <class Number>
        requires std::convertible_to<Number, Big>
    BigInteger(Number&& number) // NOLINT(google-explicit-constructor): the same number
        : value(std::forward<Number>(number))
    {
    }

    Big value;
};

__extension__ typedef unsigned __int128 UInt128;

/// Small unscaled values lie below this on either side: the sum of two of them fits an Int128.
inline constexpr Int128 smallLimit = Int128{1} << 126;

inline constexpr std::array<Int128, 38> powersOfTen = [] {
    std::array<Int128, 38> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

constexpr UInt128 magnitude(Int128 value)
{
    return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

/// True when `value` fits 63 bits and a sign.
constexpr bool isShort(Int128 value)
{
    return value >= INT64_MIN && value <= INT64_MAX;
}

/// Multiplies by 10^`power` when the product stays small.
inline bool scaleUp(Int128& value, int power)
{
    if (power >= static_cast<int>(powersOfTen.size())) {
        return value == 0;
    }
    const Int128 factor = powersOfTen[static_cast<std::size_t>(power)];
    if (!(isShort(value) && power <= 18) && magnitude(value) >= static_cast<UInt128>(smallLimit / factor))
        return false;
    value *= factor;
    return true;
}

/// How many decimal digits `magnitude` has; 1 for zero.
inline int digitCount(UInt128 magnitude)
{
    int count = 1;
    while (count < static_cast<int>(powersOfTen.size()) &&
           magnitude >= static_cast<UInt128>(powersOfTen[static_cast<std::size_t>(count)]))
        ++count;
    return count == static_cast<int>(powersOfTen.size()) && magnitude / 10 >= static_cast<UInt128>(powersOfTen.back()) ? count + 1
                                                                                                                       : count;
}

inline Big bigPowerOfTen(int power)
{
    return power == 0 ? Big(1) : boost::multiprecision::pow(Big(10), static_cast<unsigned>(power));
}

inline Big fromInt128(Int128 value)
{
    const UInt128 bits = magnitude(value);
    Big result = static_cast<std::uint64_t>(bits >> 64);
    result <<= 64;
    result += static_cast<std::uint64_t>(bits);
    return value < 0 ? Big(-result) : result;
}

/// `value` must be small.
inline Int128 toInt128(const Big& value)
{
    const Big bits = boost::multiprecision::abs(value);
    const auto high = static_cast<std::uint64_t>(bits >> 64);
    const auto low = static_cast<std::uint64_t>(bits & UINT64_MAX);
    const auto result = static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
    return value < 0 ? -result : result;
}

inline Big bigLimit()
{
    return Big(1) << 126;
}

/// True when `value` surely has no more than `digits` decimal digits.
inline bool bitsFit(const Big& value, int digits)
{
    return static_cast<double>(boost::multiprecision::msb(boost::multiprecision::abs(value)) + 1) * 0.30103 < digits;
}

/// How many decimal digits `value` has, or one fewer.
inline int digitsAtLeast(const Big& value)
{
    return static_cast<int>(static_cast<double>(boost::multiprecision::msb(boost::multiprecision::abs(value))) * 0.30102999566398) + 1;
}

/// Both halve the work at each turn, so that a number of 131,072 digits costs milliseconds, not seconds.
Big bigFromDigits(std::string_view digits);
std::string digitsOf(const Big& magnitude);

} // namespace iotman::rules
