#include "core/pipeline/systemreading.h"

#include <sys/statvfs.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace iotman::pipeline {

namespace {

std::string rounded(const std::optional<double>& value)
{
    if (!value)
        return "null";
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f", *value);
    return buffer.data();
}

std::string rate(const std::optional<std::uint64_t>& bytes, std::chrono::duration<double> elapsed)
{
    if (!bytes || elapsed.count() <= 0)
        return "null";
    return std::to_string(std::llround(static_cast<double>(*bytes) / elapsed.count()));
}

/// The hottest thermal zone in degrees Celsius.
std::optional<double> hottest(const SystemProbe& probe)
{
    constexpr int mostZones = 32;
    constexpr double perDegree = 1000.0;
    std::optional<double> most;
    for (int zone = 0; zone < mostZones; ++zone) {
        const auto text = probe.read("/sys/class/thermal/thermal_zone" + std::to_string(zone) + "/temp");
        if (!text)
            break;
        const double degrees = std::strtod(text->c_str(), nullptr) / perDegree;
        most = most ? std::max(*most, degrees) : degrees;
    }
    return most;
}

} // namespace

std::optional<std::string> LinuxProbe::read(const std::string& path) const
{
    std::ifstream file(path);
    if (!file)
        return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::optional<double> LinuxProbe::diskPercent(const std::string& path) const
{
    struct statvfs info {};
    if (statvfs(path.c_str(), &info) != 0 || info.f_blocks == 0)
        return std::nullopt;
    const double usable = static_cast<double>(info.f_blocks - info.f_bfree + info.f_bavail);
    return usable > 0 ? std::optional(100.0 * static_cast<double>(info.f_blocks - info.f_bfree) / usable) : std::nullopt;
}

std::string SystemReading::take(const std::vector<std::string>& metrics, std::chrono::duration<double> elapsed)
{
    std::string json;
    const auto add = [&](std::string_view name, const std::string& value) {
        json += (json.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + value;
    };
    for (const std::string& metric : metrics) {
        if (metric == "cpu") {
            const auto stat = probe_.read("/proc/stat");
            const std::optional<CpuTicks> now = stat ? cpuTicks(*stat) : std::nullopt;
            add("cpu", rounded(cpu_ && now ? cpuPercent(*cpu_, *now) : std::nullopt));
            cpu_ = now;
        } else if (metric == "memory") {
            const auto meminfo = probe_.read("/proc/meminfo");
            add("memory", rounded(meminfo ? memoryPercent(*meminfo) : std::nullopt));
        } else if (metric == "disk") {
            add("disk", rounded(probe_.diskPercent("/")));
        } else if (metric == "network") {
            const auto dev = probe_.read("/proc/net/dev");
            const std::optional<NetworkBytes> now = dev ? networkBytes(*dev) : std::nullopt;
            const bool both = network_ && now && now->received >= network_->received && now->sent >= network_->sent;
            add("received", rate(both ? std::optional(now->received - network_->received) : std::nullopt, elapsed));
            add("sent", rate(both ? std::optional(now->sent - network_->sent) : std::nullopt, elapsed));
            network_ = now;
        } else if (metric == "temperature") {
            add("temperature", rounded(hottest(probe_)));
        }
    }
    return json.empty() ? "{}" : json + "}";
}

} // namespace iotman::pipeline
