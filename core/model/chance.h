// Numbers that look like chance and come again: by a seed, at any place, without a state in between.
#pragma once

#include <cmath>
#include <cstdint>

namespace iotman {

/// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
constexpr std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// From 0 up to, but not with, 1.
inline double chance(std::uint64_t seed, std::uint64_t index)
{
    constexpr int unusedBits = 11; // a double keeps 53
    return std::ldexp(static_cast<double>(mixed(seed ^ mixed(index)) >> unusedBits), -53);
}

} // namespace iotman
