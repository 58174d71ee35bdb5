#include "core/pipeline/replaysources.h"

#include <charconv>

namespace iotman::pipeline {

namespace {

constexpr std::size_t mostWaiting = 10'000;
constexpr std::size_t mostWaitingBytes = 8 * 1024 * 1024;
constexpr auto beat = std::chrono::milliseconds(20); ///< how exactly a recorded moment is met
constexpr const char* finishedNote = "end";

std::string noteKey(SourceKey source)
{
    return "replay:" + std::to_string(source);
}

Sequence sequenceIn(const std::string& note)
{
    Sequence sequence = 0;
    std::from_chars(note.data(), note.data() + note.size(), sequence);
    return sequence;
}

double speedOf(const Json& settings)
{
    const auto speed = settings.find("speed");
    return speed != settings.end() && speed->is_number() ? speed->get<double>() : 1.0;
}

} // namespace

ReplaySources::ReplaySources(Pipeline& pipeline, const Clock& clock)
    : pipeline_(pipeline)
    , clock_(clock)
{
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

ReplaySources::~ReplaySources()
{
    stop();
}

void ReplaySources::stop()
{
    if (!thread_.joinable())
        return;
    thread_.request_stop();
    changed_.notify_all();
    thread_.join();
}

void ReplaySources::pause()
{
    std::unique_lock lock(mutex_);
    paused_ = true;
    changed_.wait(lock, [this] { return !working_; });
}

void ReplaySources::resume()
{
    const std::lock_guard lock(mutex_);
    startOver_ = true;
    catalogChanged_ = true;
    paused_ = false;
    changed_.notify_all();
}

void ReplaySources::catalogChanged()
{
    const std::lock_guard lock(mutex_);
    catalogChanged_ = true;
    changed_.notify_all();
}

void ReplaySources::work(const std::stop_token& stop)
{
    reader_ = pipeline_.store().reader();
    Start start = Start::Program;
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            working_ = false;
            changed_.notify_all();
            const auto isChanged = [this] { return catalogChanged_; };
            const bool plays = std::any_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return !task.second.finished; });
            if (plays)
                changed_.wait_for(lock, stop, beat, isChanged);
            else
                changed_.wait(lock, stop, isChanged);
            changed_.wait(lock, stop, [this] { return !paused_; });
            if (stop.stop_requested())
                return;
            working_ = true;
            if (std::exchange(startOver_, false)) {
                tasks_.clear();
                start = Start::Program;
            }
            if (std::exchange(catalogChanged_, false)) {
                lock.unlock();
                update(std::exchange(start, Start::Later));
            }
        }
        for (auto& [name, task] : tasks_) {
            if (!task.finished && !stop.stop_requested())
                play(name, task);
        }
    }
}

void ReplaySources::update(Start start)
{
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const auto recordingOf = [&](const Source& source) -> SourceKey {
        const auto recording = catalog->sources.find(SourceName{source.settings.value("recording", std::string())});
        return recording == catalog->sources.end() ? 0 : recording->second.key;
    };
    const auto plays = [](const Source& source) { return source.kind == SourceKind::Replay && source.enabled; };
    std::erase_if(tasks_, [&](const auto& task) {
        const auto source = catalog->sources.find(task.first);
        return source == catalog->sources.end() || !plays(source->second) || source->second.key != task.second.key ||
               source->second.settings != task.second.settings || recordingOf(source->second) != task.second.recording;
    });
    for (const auto& [name, source] : catalog->sources) {
        if (plays(source) && !tasks_.contains(name) && recordingOf(source) != 0)
            tasks_.emplace(name, taskOf(source, recordingOf(source), start));
    }
}

ReplaySources::Task ReplaySources::taskOf(const Source& source, SourceKey recording, Start start)
{
    Task task;
    task.key = source.key;
    task.settings = source.settings;
    task.recording = recording;
    const auto note = reader_->note(noteKey(source.key));
    const std::string came = note && *note ? **note : std::string();
    const bool ended = came == finishedNote;
    begin(task, ended ? 0 : sequenceIn(came));
    task.finished = ended && start == Start::Program;
    return task;
}

/// The virtual now starts anew behind `after`.
void ReplaySources::begin(Task& task, Sequence after)
{
    task.after = after;
    task.until = reader_->lastSequence().value_or(0);
    task.waiting.clear();
    task.first.reset();
    task.latest = Timestamp::min();
    task.startedAt = std::chrono::steady_clock::now();
    task.startedTime = clock_.now();
}

void ReplaySources::play(const SourceName& name, Task& task)
{
    // A store that is busy or full keeps the replay where it is: the same again at the next beat.
    if (task.waiting.empty() && !readOn(task))
        return;
    if (task.waiting.empty()) {
        (void)end(name, task);
        return;
    }
    if (!task.first)
        task.first = task.waiting.front().position.time;
    const std::chrono::duration<double, std::micro> elapsed = std::chrono::steady_clock::now() - task.startedAt;
    const double passed = elapsed.count() * speedOf(task.settings);
    std::size_t due = 0;
    Timestamp latest = task.latest;
    for (; due < task.waiting.size(); ++due) {
        latest = std::max(latest, task.waiting[due].position.time);
        if (static_cast<double>(latest.us) - static_cast<double>(task.first->us) > passed)
            break;
        task.latest = latest;
    }
    if (due > 0)
        (void)bring(name, task, due);
}

Expected<void> ReplaySources::readOn(Task& task)
{
    std::size_t bytes = 0;
    return reader_->datapoints(task.recording, task.after, task.until,
                               [&](const Position& position, SourceKey, std::string_view payload) {
                                   task.waiting.push_back({position, std::string(payload)});
                                   bytes += payload.size();
                                   return task.waiting.size() < mostWaiting && bytes < mostWaitingBytes;
                               });
}

Expected<void> ReplaySources::bring(const SourceName& name, Task& task, std::size_t count)
{
    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!source)
        return {};
    store::Batch batch;
    batch.source = source->key;
    const std::int64_t moved = task.startedTime.us - task.first->us;
    for (std::size_t i = 0; i < count; ++i) {
        batch.payloads += task.waiting[i].payload;
        batch.datapoints.push_back({Timestamp{task.waiting[i].position.time.us + moved}, batch.payloads.size()});
    }
    const Sequence last = task.waiting[count - 1].position.sequence;
    batch.notes.emplace_back(noteKey(task.key), std::to_string(last));
    std::optional<std::vector<store::MadeItems>> prepared;
    if (!source->usesId)
        prepared = makeItems(*source, name.text, batch, 0, scratch_);
    const auto stored = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.append(std::move(batch), name, compiled, std::move(prepared), std::move(reply));
    });
    if (!stored)
        return fail(stored.error());
    task.after = last;
    task.waiting.erase(task.waiting.begin(), task.waiting.begin() + static_cast<std::ptrdiff_t>(count));
    return {};
}

/// The recording is through: from the start again, or the end.
Expected<void> ReplaySources::end(const SourceName& name, Task& task)
{
    const bool wasEmpty = !task.first;
    if (task.settings.value("loop", false) && !wasEmpty) {
        begin(task, 0);
        return {};
    }
    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    store::Batch batch;
    batch.source = task.key;
    batch.notes.emplace_back(noteKey(task.key), finishedNote);
    const auto noted = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.append(std::move(batch), name, compiled, std::nullopt, std::move(reply));
    });
    task.finished = noted.has_value() || noted.error().kind == Problem::NotFound;
    return {};
}

} // namespace iotman::pipeline
