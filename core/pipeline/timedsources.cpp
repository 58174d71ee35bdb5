#include "core/pipeline/timedsources.h"

#include <algorithm>
#include <charconv>

namespace iotman::pipeline {

namespace {

bool isTimed(const Source& source)
{
    return source.enabled && (source.kind == SourceKind::System || source.kind == SourceKind::Generator);
}

std::vector<std::string> metricsIn(const Json& settings)
{
    return settings.contains("metrics") ? settings["metrics"].get<std::vector<std::string>>()
                                        : std::vector<std::string>{"cpu", "memory"};
}

std::string madeNote(SourceKey generator)
{
    return "generated:" + std::to_string(generator);
}

} // namespace

TimedSources::TimedSources(Pipeline& pipeline, const Clock& clock, const SystemProbe& probe)
    : pipeline_(pipeline)
    , clock_(clock)
    , probe_(probe)
{
    startThread([this](const std::stop_token& stop) { work(stop); });
}

TimedSources::~TimedSources()
{
    stop();
}

void TimedSources::stop()
{
    endThread();
}

bool TimedSources::update()
{
    bool isWhole = true;
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const Moment now = std::chrono::steady_clock::now();
    std::erase_if(tasks_, [&](const auto& task) {
        const auto source = catalog->sources.find(task.first);
        const bool same = source != catalog->sources.end() && source->second.key == task.second.key &&
                          source->second.settings == task.second.settings;
        return !same || !isTimed(source->second);
    });
    for (const auto& [name, source] : catalog->sources) {
        if (!isTimed(source) || tasks_.contains(name))
            continue;
        const Json& settings = source.settings;
        const Seconds interval(settings.contains("interval") ? numberIn(settings["interval"]) : 1.0);
        Task task{source.key, settings, std::chrono::duration_cast<Moment::duration>(interval), {}, {}, now, now};
        if (source.kind == SourceKind::Generator) {
            const Expected<std::uint64_t> made = madeBefore(source.key);
            isWhole = isWhole && made;
            if (!made)
                continue;
            task.made = std::make_shared<std::uint64_t>(*made);
        }
        task.take = takeOf(source, task.made);
        task.due = now + task.interval;
        tasks_.emplace(name, std::move(task));
    }
    return isWhole;
}

/// A generator goes on where it was: what it makes next depends on how much it has made, kept or not.
Expected<std::uint64_t> TimedSources::madeBefore(SourceKey generator) const
{
    const auto note = pipeline_.store().reader()->note(madeNote(generator));
    if (!note)
        return fail(note.error());
    std::uint64_t made = 0;
    if (*note)
        std::from_chars((*note)->data(), (*note)->data() + (*note)->size(), made);
    return std::max(made, static_cast<std::uint64_t>(pipeline_.store().sourceCounts(generator).datapoints));
}

TimedSources::Take TimedSources::takeOf(const Source& source, const std::shared_ptr<std::uint64_t>& made) const
{
    if (!made) {
        const auto reading = std::make_shared<SystemReading>(probe_);
        // The first reading only starts the counters: rates need two.
        (void)reading->take(metricsIn(source.settings), Seconds(0));
        return [reading, metrics = metricsIn(source.settings)](Seconds elapsed) {
            return std::optional(reading->take(metrics, elapsed));
        };
    }
    return [generated = generator::Generator(source.settings), made](Seconds) { return generated.payload((*made)++); };
}

void TimedSources::work(const std::stop_token& stop)
{
    constexpr auto longest = std::chrono::hours(1);
    bool lookAgain = false; // something could not be read
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            working_ = false;
            changed_.notify_all();
            Moment next = std::chrono::steady_clock::now() + (lookAgain ? std::chrono::duration_cast<Moment::duration>(lookAgainAfter) : longest);
            for (const auto& [name, task] : tasks_)
                next = std::min(next, task.due);
            changed_.wait_until(lock, stop, next, [&] { return catalogChanged_; });
            changed_.wait(lock, stop, [&] { return !paused_; });
            if (stop.stop_requested())
                return;
            working_ = true;
            const bool isChanged = std::exchange(catalogChanged_, false) || lookAgain;
            if (std::exchange(startOver_, false))
                tasks_.clear();
            lock.unlock();
            lookAgain = isChanged && !update();
        }
        const Moment now = std::chrono::steady_clock::now();
        for (auto& [name, task] : tasks_) {
            if (task.due <= now)
                sample(name, task, now);
        }
    }
}

void TimedSources::sample(const SourceName& name, Task& task, Moment now)
{
    std::optional<std::string> payload = task.take(now - task.last);
    task.last = now;
    // After a sleep of the computer one datapoint is enough.
    task.due = task.due + task.interval > now ? task.due + task.interval : now + task.interval;

    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!payload || !source)
        return;
    store::Batch batch;
    batch.source = source->key;
    batch.payloads = std::move(*payload);
    batch.datapoints.push_back({clock_.now(), batch.payloads.size()});
    if (task.made)
        batch.notes.emplace_back(madeNote(task.key), std::to_string(*task.made));
    Prepared prepared = prepare(*source, name.text, batch, scratch_);
    // A datapoint that the store cannot take (the disk is full, say) is lost like one that was never made.
    pipeline_.append(std::move(batch), name, std::move(prepared), [](const Expected<store::Committed>&) {});
}

} // namespace iotman::pipeline
