#include "core/pipeline/systemmetrics.h"

#include <charconv>
#include <vector>

namespace iotman::pipeline {

namespace {

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

std::vector<std::uint64_t> numbers(std::string_view line)
{
    std::vector<std::uint64_t> found;
    while (!line.empty()) {
        const std::size_t start = line.find_first_not_of(" \t");
        if (start == std::string_view::npos)
            break;
        line.remove_prefix(start);
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
        if (error != std::errc())
            break;
        found.push_back(value);
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    }
    return found;
}

} // namespace

std::optional<CpuTicks> cpuTicks(std::string_view procStat)
{
    while (!procStat.empty()) {
        const std::string_view line = takeLine(procStat);
        if (!line.starts_with("cpu "))
            continue;
        // user nice system idle iowait irq softirq steal; guest times are part of user and nice.
        const std::vector<std::uint64_t> ticks = numbers(line.substr(4));
        constexpr std::size_t counted = 8;
        constexpr std::size_t idle = 3;
        constexpr std::size_t ioWait = 4;
        if (ticks.size() <= idle)
            return std::nullopt;
        CpuTicks sum;
        for (std::size_t i = 0; i < ticks.size() && i < counted; ++i) {
            sum.total += ticks[i];
            sum.busy += i == idle || i == ioWait ? 0 : ticks[i];
        }
        return sum;
    }
    return std::nullopt;
}

std::optional<double> cpuPercent(const CpuTicks& before, const CpuTicks& after)
{
    if (after.total <= before.total || after.busy < before.busy)
        return std::nullopt;
    return 100.0 * static_cast<double>(after.busy - before.busy) / static_cast<double>(after.total - before.total);
}

std::optional<double> memoryPercent(std::string_view procMeminfo)
{
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> available;
    while (!procMeminfo.empty()) {
        const std::string_view line = takeLine(procMeminfo);
        for (auto& [name, value] : {std::pair<std::string_view, std::optional<std::uint64_t>*>{"MemTotal:", &total}, {"MemAvailable:", &available}}) {
            if (!line.starts_with(name))
                continue;
            if (const auto found = numbers(line.substr(name.size())); !found.empty())
                *value = found.front();
        }
    }
    if (!total || !available || *total == 0 || *available > *total)
        return std::nullopt;
    return 100.0 * static_cast<double>(*total - *available) / static_cast<double>(*total);
}

std::optional<NetworkBytes> networkBytes(std::string_view procNetDev)
{
    NetworkBytes sum;
    bool found = false;
    while (!procNetDev.empty()) {
        const std::string_view line = takeLine(procNetDev);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        const std::string_view name = line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' '));
        constexpr std::size_t sentColumn = 8;
        const std::vector<std::uint64_t> columns = numbers(line.substr(colon + 1));
        if (name == "lo" || columns.size() <= sentColumn)
            continue;
        sum.received += columns[0];
        sum.sent += columns[sentColumn];
        found = true;
    }
    return found ? std::optional(sum) : std::nullopt;
}

} // namespace iotman::pipeline
