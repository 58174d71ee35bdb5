// What the parts of the chart benchmark share: the data, how a frame is timed, and the two charts that are compared.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bench {

constexpr int seriesCount = 8;
constexpr int width = 1600, height = 900;

/// A sensor: a slow sine with noise of 8 % of its range; the periods of the series differ. Times are seconds from 0 on.
struct Data {
    double interval; ///< seconds between two samples of a series

    double value(int series, std::int64_t index) const;
};

/// A chart of eight series, 1600 x 900, shown.
class Chart {
public:
    virtual ~Chart() = default;
    /// Samples [from, to) of every series.
    virtual void append(const Data& data, std::int64_t from, std::int64_t to) = 0;
    /// Paints one whole frame of [from, to), seconds.
    virtual void frame(double from, double to) = 0;
    /// Bytes that a sample takes, as the chart itself counts.
    virtual double bytesPerSample() const = 0;
};

std::unique_ptr<Chart> ownChart();
/// `penWidth`: pixels; `antialiased`: of its lines. Null where QCustomPlot is not there.
std::unique_ptr<Chart> rivalChart(double penWidth, bool antialiased);

/// The processor time of this thread, in milliseconds: what else runs on the machine does not count.
double cpuMs();

struct Quantiles {
    double median = 0, p99 = 0;
};
Quantiles quantiles(std::vector<double> values);

/// Messages of eight values a second, read into series: by the Monitor, and by QJsonDocument with a walk over its members.
double ownMessagesPerSecond();
double qtMessagesPerSecond();

/// Prints how an endpoint opens in the Monitor, to its first item. Returns an exit code.
int measureOpening(const char* url);

} // namespace bench
