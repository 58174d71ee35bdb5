#include "core/pipeline/systemsources.h"

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
    const auto add = [&](std::string_view name, const std::string& value) { json += (json.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + value; };
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

SystemSources::SystemSources(Pipeline& pipeline, const Clock& clock, const SystemProbe& probe) : pipeline_(pipeline), clock_(clock), probe_(probe)
{
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

SystemSources::~SystemSources() { stop(); }

void SystemSources::stop()
{
    if (!thread_.joinable())
        return;
    thread_.request_stop();
    changed_.notify_all();
    thread_.join();
}

void SystemSources::catalogChanged()
{
    const std::lock_guard lock(mutex_);
    catalogChanged_ = true;
    changed_.notify_all();
}

void SystemSources::update()
{
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const Moment now = std::chrono::steady_clock::now();
    std::erase_if(tasks_, [&](const auto& task) {
        const auto source = catalog->sources.find(task.first);
        return source == catalog->sources.end() || source->second.kind != SourceKind::System || !source->second.enabled;
    });
    for (const auto& [name, source] : catalog->sources) {
        if (source.kind != SourceKind::System || !source.enabled)
            continue;
        auto [task, added] = tasks_.try_emplace(name, Task{std::chrono::duration<double>(1), {}, SystemReading(probe_), now, now});
        const Json& settings = source.settings;
        task->second.interval = std::chrono::duration<double>(settings.contains("interval") ? settings["interval"].get<double>() : 1.0);
        task->second.metrics =
            settings.contains("metrics") ? settings["metrics"].get<std::vector<std::string>>() : std::vector<std::string>{"cpu", "memory"};
        if (added) {
            // The first reading only starts the counters: rates need two.
            (void)task->second.reading.take(task->second.metrics, std::chrono::duration<double>(0));
            task->second.due = now + std::chrono::duration_cast<Moment::duration>(task->second.interval);
        }
    }
}

void SystemSources::work(const std::stop_token& stop)
{
    constexpr auto longest = std::chrono::hours(1);
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            Moment next = std::chrono::steady_clock::now() + longest;
            for (const auto& [name, task] : tasks_)
                next = std::min(next, task.due);
            changed_.wait_until(lock, stop, next, [&] { return catalogChanged_; });
            if (stop.stop_requested())
                return;
            if (!std::exchange(catalogChanged_, false))
                lock.unlock();
            else {
                lock.unlock();
                update();
            }
        }
        const Moment now = std::chrono::steady_clock::now();
        for (auto& [name, task] : tasks_) {
            if (task.due <= now)
                sample(name, task, now);
        }
    }
}

void SystemSources::sample(const SourceName& name, Task& task, Moment now)
{
    const auto interval = std::chrono::duration_cast<Moment::duration>(task.interval);
    std::string payload = task.reading.take(task.metrics, now - task.last);
    task.last = now;
    // After a sleep of the computer one reading is enough.
    task.due = task.due + interval > now ? task.due + interval : now + interval;

    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!source)
        return;
    store::Batch batch;
    batch.source = source->key;
    batch.payloads = std::move(payload);
    batch.datapoints.push_back({clock_.now(), batch.payloads.size()});
    std::optional<std::vector<store::MadeItems>> prepared;
    if (!source->usesId)
        prepared = makeItems(*source, name.text, batch, 0, scratch_);
    // A reading that the store cannot take (the disk is full, say) is lost like one that was never made.
    pipeline_.append(std::move(batch), name, compiled, std::move(prepared), [](const Expected<store::Committed>&) {});
}

} // namespace iotman::pipeline
