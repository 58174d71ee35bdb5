// Random series, each with the plainest store there is beside it.
#pragma once

#include "core/series/series.h"

#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace iotman::test {

inline constexpr double null = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::int64_t second = 1'000'000;

/// The plainest store there is: what the series must agree with.
struct Plain {
    std::vector<std::pair<std::int64_t, double>> samples;

    void append(std::int64_t time, double value)
    {
        const auto at =
            std::upper_bound(samples.begin(), samples.end(), time, [](std::int64_t t, const auto& s) { return t < s.first; });
        samples.insert(at, {time, value});
    }
    void clear(TimeRange range)
    {
        std::erase_if(samples, [range](const auto& s) { return range.contains({s.first}); });
    }
};

enum class Shape { Regular, Irregular, Bursts, SlowHours };

struct Random {
    std::mt19937_64 engine;

    double real(double from, double to) { return std::uniform_real_distribution(from, to)(engine); }
    std::int64_t whole(std::int64_t from, std::int64_t to)
    {
        return std::uniform_int_distribution<std::int64_t>(from, to)(engine);
    }
    bool oneIn(int n) { return whole(1, n) == 1; }

    double value()
    {
        if (oneIn(50))
            return null;
        if (oneIn(200))
            return oneIn(2) ? 1e300 : -1.7e308;
        return real(-100, 100);
    }
    std::int64_t interval(Shape shape)
    {
        switch (shape) {
        case Shape::Regular:
            return oneIn(500) ? whole(80, 9000) * second : second;
        case Shape::Irregular:
            return whole(0, 3000);
        case Shape::Bursts:
            return oneIn(300) ? whole(1, 100) * 60 * second : whole(0, 20);
        case Shape::SlowHours:
            return whole(1, 2) * 3600 * second;
        }
        return 1;
    }
};

/// A series and its plain twin with the same samples: in order, late, sharing times, null and extreme.
inline void fill(Series& series, Plain& plain, Random& random, Shape shape, int count)
{
    std::int64_t time = 1'700'000'000 * second;
    for (int i = 0; i < count; ++i) {
        time += random.interval(shape);
        std::int64_t at = time;
        if (random.oneIn(40) && !plain.samples.empty())
            at = plain.samples[static_cast<std::size_t>(random.whole(0, static_cast<std::int64_t>(plain.samples.size()) - 1))]
                     .first +
                 random.whole(-1, 1);
        const double value = random.value();
        series.append({at}, value);
        plain.append(at, value);
    }
}

inline TimeRange randomWindow(Random& random, const Plain& plain)
{
    const std::int64_t first = plain.samples.front().first, last = plain.samples.back().first;
    const std::int64_t from = random.whole(first - (last - first) / 10 - 10, last + 10);
    const std::int64_t span = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::exp(random.real(0, std::log(static_cast<double>(last - first) + 2)))));
    return {{from}, {from + span}};
}

/// Rows of shape, count and seed.
inline void randomRows()
{
    QTest::addColumn<int>("shape");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("seed");
    const char* names[] = {"regular", "irregular", "bursts", "slow hours"};
    for (int shape = 0; shape < 4; ++shape)
        for (const int count : {1, 3, 70, 5'000, 30'000})
            for (const int seed : {1, 2})
                QTest::addRow("%s, %d samples, seed %d", names[shape], count, seed) << shape << count << seed;
}

} // namespace iotman::test
