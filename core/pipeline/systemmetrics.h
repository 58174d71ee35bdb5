// What this computer is doing, read from the texts that Linux gives (proc(5)). Pure: the texts are handed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iotman::pipeline {

/// The `cpu` line of /proc/stat, in clock ticks since boot.
struct CpuTicks {
    std::uint64_t busy = 0;
    std::uint64_t total = 0;
};
std::optional<CpuTicks> cpuTicks(std::string_view procStat);
/// Percent of the time between two readings, 0 to 100; nothing when no time passed.
std::optional<double> cpuPercent(const CpuTicks& before, const CpuTicks& after);

/// Percent of memory in use, from MemTotal and MemAvailable of /proc/meminfo.
std::optional<double> memoryPercent(std::string_view procMeminfo);

/// Bytes received and sent since boot over all interfaces but the loopback, from /proc/net/dev.
struct NetworkBytes {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
};
std::optional<NetworkBytes> networkBytes(std::string_view procNetDev);

} // namespace iotman::pipeline
