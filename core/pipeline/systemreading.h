// This computer's own numbers, one reading after the other.
#pragma once

#include "core/pipeline/systemmetrics.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace iotman::pipeline {

/// Where the numbers come from: texts of files by path, nothing for one that cannot be read.
class SystemProbe {
public:
    virtual ~SystemProbe() = default;
    virtual std::optional<std::string> read(const std::string& path) const = 0;
    /// Percent of the file system in use that holds `path`.
    virtual std::optional<double> diskPercent(const std::string& path) const = 0;
};

class LinuxProbe final : public SystemProbe {
public:
    std::optional<std::string> read(const std::string& path) const override;
    std::optional<double> diskPercent(const std::string& path) const override;
};

/// Takes one reading of a source's metrics: `{"cpu":12.5,"memory":41.3}`. Keeps what rates are computed from.
class SystemReading {
public:
    explicit SystemReading(const SystemProbe& probe)
        : probe_(probe)
    {
    }

    /// `metrics` as in the settings; those that cannot be read (yet) are null. `elapsed` is the time since the reading before.
    std::string take(const std::vector<std::string>& metrics, std::chrono::duration<double> elapsed);

private:
    const SystemProbe& probe_;
    std::optional<CpuTicks> cpu_;
    std::optional<NetworkBytes> network_;
};

} // namespace iotman::pipeline
