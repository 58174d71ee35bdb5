// The chart beside QCustomPlot, with the same data in the same run. Times are processor time of the GUI thread.
#include "tests/bench/chart/bench.h"

#include <QApplication>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace bench {

double Data::value(int series, std::int64_t index) const
{
    const double t = static_cast<double>(index) * interval;
    auto hash = static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15u + static_cast<std::uint64_t>(series);
    hash ^= hash >> 29;
    hash *= 0xBF58476D1CE4E5B9u;
    const double noise = static_cast<double>(hash >> 40) / static_cast<double>(1 << 24);
    return 0.5 + 0.4 * std::sin(t / (2 + series)) + 0.08 * noise;
}

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Quantiles quantiles(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return {at(0.5), at(0.99)};
}

namespace {

constexpr double arriving = 100'000; ///< samples a second, of all series together
constexpr double frameSeconds = 1.0 / 60;

struct Row {
    const char* name;
    double own, rival, target; ///< target: of own / rival
    const char* unit;
};

void print(const Row& row)
{
    if (row.rival > 0)
        std::printf("%-58s %10.2f %10.2f %s   ratio %.4f (at most %.4f) %s\n", row.name, row.own, row.rival, row.unit,
                    row.own / row.rival, row.target, row.own / row.rival <= row.target ? "ok" : "MISSED");
    else
        std::printf("%-58s %10.2f %10s %s\n", row.name, row.own, "-", row.unit);
    std::fflush(stdout);
}

/// Frames of the newest `span` seconds (0: of everything) while data arrives.
Quantiles live(Chart& chart, const Data& data, std::int64_t& samples, double span, int frames)
{
    std::vector<double> times;
    const auto perFrame = static_cast<std::int64_t>(arriving / seriesCount * frameSeconds);
    for (int i = 0; i < frames; ++i) {
        const double start = cpuMs();
        chart.append(data, samples, samples + perFrame);
        samples += perFrame;
        const double end = static_cast<double>(samples) * data.interval;
        chart.frame(span > 0 ? end - span : 0, end);
        times.push_back(cpuMs() - start);
    }
    return quantiles(times);
}

struct Figures {
    Quantiles tenSeconds, everything;
    double bytes = 0;
};

Figures measure(Chart& chart, std::int64_t kept, int frames)
{
    const Data data{seriesCount / arriving};
    std::int64_t samples = 0;
    constexpr std::int64_t portion = 1'000'000;
    for (; samples < kept; samples += std::min(portion, kept - samples))
        chart.append(data, samples, std::min(samples + portion, kept));
    samples = kept;
    Figures figures;
    live(chart, data, samples, 10, 10); // warm
    figures.tenSeconds = live(chart, data, samples, 10, frames);
    figures.everything = live(chart, data, samples, 0, std::max(frames / 15, 5));
    figures.bytes = chart.bytesPerSample();
    return figures;
}

double sparse(Chart& chart, int frames)
{
    const Data data{0.01};
    chart.append(data, 0, 10'000);
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        const double start = cpuMs();
        chart.frame(0.1 * i / frames, 100 + 0.1 * i / frames);
        times.push_back(cpuMs() - start);
    }
    return quantiles(times).median;
}

int run(std::int64_t kept, int frames)
{
    const auto rivalOf = [&](double pen, bool antialiased, auto measureIt) -> decltype(measureIt(*rivalChart(pen, antialiased))) {
        if (auto rival = rivalChart(pen, antialiased))
            return measureIt(*rival);
        return {};
    };
    std::printf("%d series x %lld samples, %d x %d, 100,000 samples/s arriving; milliseconds of processor time a frame\n",
                seriesCount, static_cast<long long>(kept), width, height);
    std::printf("%-58s %10s %10s\n", "", "own", "QCustomPlot");
    const Figures own = measure(*ownChart(), kept, frames);
    const Figures rival = rivalOf(1, false, [&](Chart& chart) { return measure(chart, kept, std::max(frames / 4, 20)); });
    print({"live, 10 s in view, median", own.tenSeconds.median, rival.tenSeconds.median, 0.5, "ms"});
    print({"live, 10 s in view, p99", own.tenSeconds.p99, rival.tenSeconds.p99, 0.5, "ms"});
    std::printf("%-58s %s\n", "live, 10 s in view, p99 under 16.7 ms", own.tenSeconds.p99 < 16.7 ? "ok" : "MISSED");
    print({"live, everything in view, median", own.everything.median, rival.everything.median, 1.0 / 25, "ms"});
    print({"memory of a sample", own.bytes, rival.bytes, 0.85, "bytes"});
    print({"2 px antialiased lines, 8 x 10,000 samples", sparse(*ownChart(), frames),
           rivalOf(2, true, [&](Chart& chart) { return sparse(chart, 4); }), 1.0 / 100, "ms"});
    const double ownRate = ownMessagesPerSecond(), qtRate = qtMessagesPerSecond();
    std::printf("%-58s %10.0f %10.0f /s   ratio %.2f (at least 2) %s, 700,000/s %s\n",
                "stream message to point, 8 values; beside QJsonDocument", ownRate, qtRate, ownRate / qtRate,
                ownRate / qtRate >= 2 ? "ok" : "MISSED", ownRate >= 700'000 ? "ok" : "MISSED");
    return 0;
}

} // namespace

} // namespace bench

int main(int argc, char* argv[])
{
    QApplication application(argc, argv);
    if (argc > 2 && std::string_view(argv[1]) == "open")
        return bench::measureOpening(argv[2]);
    const std::int64_t kept = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
    const int frames = argc > 2 ? std::atoi(argv[2]) : 300;
    return bench::run(std::max<std::int64_t>(kept, 200'000), std::max(frames, 20));
}
