// Sources of kind `system`: this computer's own numbers, on an interval.
#pragma once

#include "core/pipeline/pipeline.h"
#include "core/pipeline/systemmetrics.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

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
    explicit SystemReading(const SystemProbe& probe) : probe_(probe) {}

    /// `metrics` as in the settings; those that cannot be read (yet) are null. `elapsed` is the time since the reading before.
    std::string take(const std::vector<std::string>& metrics, std::chrono::duration<double> elapsed);

private:
    const SystemProbe& probe_;
    std::optional<CpuTicks> cpu_;
    std::optional<NetworkBytes> network_;
};

/// Reads all system sources of the catalog on one thread, from construction to destruction.
class SystemSources {
public:
    SystemSources(Pipeline& pipeline, const Clock& clock, const SystemProbe& probe);
    ~SystemSources();
    SystemSources(const SystemSources&) = delete;
    SystemSources& operator=(const SystemSources&) = delete;

    /// Ends the thread; the store is not used after this.
    void stop();

    /// Sources were added, changed or removed. Any thread.
    void catalogChanged();

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Task {
        std::chrono::duration<double> interval{1};
        std::vector<std::string> metrics;
        SystemReading reading;
        Moment last;
        Moment due;
    };

    void work(const std::stop_token& stop);
    void update();
    void sample(const SourceName& name, Task& task, Moment now);

    Pipeline& pipeline_;
    const Clock& clock_;
    const SystemProbe& probe_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool catalogChanged_ = true;
    std::map<SourceName, Task> tasks_; ///< the thread's own
    Scratch scratch_;                  ///< the thread's own
    std::jthread thread_;
};

} // namespace iotman::pipeline
