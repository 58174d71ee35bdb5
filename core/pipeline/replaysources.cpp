#include "core/pipeline/replaysources.h"

#include "core/model/changes.h"

#include <algorithm>
#include <array>

namespace iotman::pipeline {

namespace {

constexpr std::size_t mostWaiting = 10'000;
constexpr std::size_t mostWaitingBytes = 8 * 1024 * 1024;
constexpr std::size_t mostVisited = 100'000;               ///< in one read, of which few may be in the range
constexpr auto beat = std::chrono::milliseconds(20);       ///< how exactly a recorded moment is met
constexpr auto lookEvery = std::chrono::milliseconds(500); ///< for the first datapoint of a recording that is empty
constexpr int mostAtOnce = 100;                            ///< batches of one replay in one beat
constexpr const char* finishedNote = "end";
/// A loop at great speed comes to times that nobody can ask for; there it goes on at the real now.
constexpr std::int64_t farthestNowUs = secondsLimit / 2 * Timestamp::usPerSecond;

std::string noteKey(SourceKey source)
{
    return "replay:" + std::to_string(source);
}

ReplayClock::Moment thisMoment()
{
    return std::chrono::steady_clock::now();
}

std::optional<Timestamp> timeOf(const Json& settings, const char* member)
{
    const auto found = settings.find(member);
    return found == settings.end() ? std::nullopt : timeIn(*found);
}

/// How far a replay came, as it is noted with what it brought.
struct Progress {
    Sequence after = 0;
    std::optional<Timestamp> recorded; ///< the greatest recorded time so far …
    Timestamp now;                     ///< … and what it was moved to
};

std::string noteOf(const Progress& progress, const Json& range)
{
    return jsonText({{"after", progress.after}, {"recorded", progress.recorded->us}, {"now", progress.now.us}, {"range", range}});
}

/// From the start where the note is about another range. Notes of before are a sequence alone.
Progress progressIn(const std::string& note, const Json& range)
{
    const Json json = Json::parse(note, nullptr, false);
    if (json.is_number_integer())
        return {json.get<Sequence>(), std::nullopt, {}};
    if (!json.is_object() || json.value("range", Json()) != range)
        return {};
    return {json.value("after", Sequence(0)), Timestamp{json.value("recorded", std::int64_t(0))},
            Timestamp{json.value("now", std::int64_t(0))}};
}

} // namespace

std::string_view text(ReplayState::Is is)
{
    constexpr std::array<std::string_view, 4> words{"off", "playing", "paused", "ended"};
    return words.at(static_cast<std::size_t>(is));
}

double ReplaySources::Task::speed() const
{
    const auto speed = settings.find("speed");
    return isPaused() ? 0.0 : speed != settings.end() && isNumber(*speed) ? numberIn(*speed) : 1.0;
}

Json ReplaySources::Range::json() const
{
    return {{"recording", recording}, {"from", from.us}, {"to", to.us}};
}

ReplayState ReplaySources::Shown::state() const
{
    if (!clock)
        return {is, std::nullopt, std::nullopt};
    const Moment moment = thisMoment();
    return {is, clock->recorded(moment), clock->now(moment)};
}

ReplaySources::ReplaySources(Pipeline& pipeline, const store::Keeping& keeping, const Clock& clock)
    : pipeline_(pipeline)
    , keeping_(keeping)
    , clock_(clock)
{
    startThread([this](const std::stop_token& stop) { work(stop); });
}

ReplaySources::~ReplaySources()
{
    stop();
}

void ReplaySources::stop()
{
    if (!endThread())
        return;
    const std::lock_guard lock(mutex_);
    for (Step& step : steps_)
        step.done.set_value(fail(serverEnds()));
    steps_.clear();
}

ReplayState ReplaySources::state(const SourceName& name)
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || (!catalogChanged_ && !working_); });
    const auto found = shown_.find(name);
    return found == shown_.end() ? ReplayState{} : found->second.state();
}

Expected<ReplayState> ReplaySources::step(const SourceName& name, std::int64_t datapoints)
{
    std::future<Expected<ReplayState>> done;
    {
        const std::lock_guard lock(mutex_);
        if (ended_)
            return fail(serverEnds());
        steps_.push_back({name, datapoints, {}});
        done = steps_.back().done.get_future();
        changed_.notify_all();
    }
    return done.get();
}

void ReplaySources::waitForWork(std::unique_lock<std::mutex>& lock, const std::stop_token& stop, bool lookAgain)
{
    working_ = false;
    changed_.notify_all();
    const auto isAsked = [this] { return !paused_ && (catalogChanged_ || !steps_.empty()); };
    bool plays = false, waits = false;
    for (const auto& [name, task] : tasks_) {
        const bool goesOn = !task.finished && !task.isPaused();
        (task.isWaiting() ? waits : plays) |= goesOn;
    }
    if (plays || lookAgain || waits)
        changed_.wait_for(lock, stop, plays ? beat : lookAgain ? lookAgainAfter : lookEvery, isAsked);
    else
        changed_.wait(lock, stop, isAsked);
    changed_.wait(lock, stop, [this] { return !paused_; });
    working_ = !stop.stop_requested();
}

void ReplaySources::work(const std::stop_token& stop)
{
    reader_ = pipeline_.store().retainedReader(keeping_);
    Start start = Start::Program;
    bool lookAgain = false; // something could not be read
    while (!stop.stop_requested()) {
        std::deque<Step> steps;
        bool isChanged = false;
        {
            std::unique_lock lock(mutex_);
            waitForWork(lock, stop, lookAgain);
            if (stop.stop_requested())
                return;
            steps.swap(steps_);
            isChanged = std::exchange(catalogChanged_, false) || lookAgain;
            if (std::exchange(startOver_, false)) {
                tasks_.clear();
                start = Start::Program;
            }
        }
        lookAgain = isChanged && !update(start);
        if (isChanged && !lookAgain)
            start = Start::Later;
        for (auto& [name, task] : tasks_) {
            if (!task.finished && !task.isPaused() && !stop.stop_requested())
                play(name, task);
        }
        for (Step& step : steps) {
            Expected<ReplayState> done = stepNow(step);
            show();
            step.done.set_value(std::move(done));
        }
        show();
    }
}

ReplaySources::Shown ReplaySources::shown(const Task& task)
{
    const bool paused = task.isPaused();
    return {task.finished ? ReplayState::Is::Ended : paused ? ReplayState::Is::Paused : ReplayState::Is::Playing, task.clock};
}

void ReplaySources::show()
{
    const std::lock_guard lock(mutex_);
    shown_.clear();
    for (const auto& [name, task] : tasks_)
        shown_.emplace(name, shown(task));
}

ReplaySources::Range ReplaySources::rangeOf(const Source& source, const Catalog& catalog)
{
    const auto recording = catalog.sources.find(SourceName{source.settings.value("recording", std::string())});
    return {recording == catalog.sources.end() ? 0 : recording->second.key,
            timeOf(source.settings, "from").value_or(Timestamp::min()), timeOf(source.settings, "to").value_or(Timestamp::max())};
}

bool ReplaySources::update(Start start)
{
    bool isWhole = true;
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const auto plays = [](const Source& source) { return source.kind == SourceKind::Replay && source.enabled; };
    std::erase_if(tasks_, [&](const auto& task) {
        const auto source = catalog->sources.find(task.first);
        return source == catalog->sources.end() || !plays(source->second) || source->second.key != task.second.key ||
               rangeOf(source->second, *catalog) != task.second.range;
    });
    for (const auto& [name, source] : catalog->sources) {
        const Range range = rangeOf(source, *catalog);
        if (!plays(source) || range.recording == 0)
            continue;
        const auto task = tasks_.find(name);
        if (task == tasks_.end()) {
            Expected<Task> made = taskOf(source, range, start);
            isWhole = isWhole && made;
            if (made)
                tasks_.emplace(name, std::move(*made));
        } else if (task->second.settings != source.settings) {
            const bool wasLoop = task->second.isLoop();
            task->second.settings = source.settings;
            if (task->second.finished && !wasLoop && task->second.isLoop()) {
                task->second.finished = false;
                begin(task->second, 0);
            }
            if (task->second.clock && !task->second.finished)
                task->second.clock->setSpeed(task->second.speed(), thisMoment());
        }
    }
    return isWhole;
}

Expected<ReplaySources::Task> ReplaySources::taskOf(const Source& source, const Range& range, Start start)
{
    Task task;
    task.key = source.key;
    task.settings = source.settings;
    task.range = range;
    const auto note = reader_->note(noteKey(source.key));
    if (!note)
        return fail(note.error());
    const std::string came = *note ? **note : std::string();
    const bool ended = came == finishedNote;
    const Progress progress = ended ? Progress{} : progressIn(came, range.json());
    begin(task, progress.after);
    if (progress.recorded) {
        task.latest = *progress.recorded;
        task.clock.emplace(*progress.recorded, std::max(progress.now, clock_.now()), task.speed(), thisMoment());
    }
    task.finished = ended && start == Start::Program && !task.isLoop();
    return task;
}

/// A way through the recording starts behind `after`.
void ReplaySources::begin(Task& task, Sequence after) const
{
    task.after = after;
    task.seen = after;
    task.until = 0;
    task.waiting.clear();
    task.clock.reset();
    task.latest = Timestamp::min();
    task.startAt.reset();
    task.startedAt.reset();
}

void ReplaySources::play(const SourceName& name, Task& task)
{
    // A store that is busy or full keeps the replay where it is: the same again at the next beat.
    for (int i = 0; i < mostAtOnce; ++i) {
        const Expected<bool> more = isMore(task);
        if (!more)
            return;
        if (!*more) {
            const Expected<bool> begun = end(name, task);
            if (!begun || !*begun)
                return;
            continue;
        }
        const std::size_t due = countDue(task);
        if (due > 0 && !bring(name, task, due))
            return;
        if (!task.waiting.empty())
            return;
    }
}

std::size_t ReplaySources::countDue(const Task& task)
{
    const Timestamp recorded = task.clock->recorded(thisMoment());
    const auto isDue = [&, latest = task.latest](const Recorded& one) mutable {
        latest = std::max(latest, one.position.time);
        return latest <= recorded;
    };
    return static_cast<std::size_t>(std::find_if_not(task.waiting.begin(), task.waiting.end(), isDue) - task.waiting.begin());
}

Expected<ReplayState> ReplaySources::stepNow(const Step& step)
{
    const auto found = tasks_.find(step.name);
    if (found == tasks_.end() || !found->second.isPaused())
        return fail(Problem::Conflict, "“" + step.name.text + "” is no replay that is paused; only such a one can be stepped");
    Task& task = found->second;
    for (std::int64_t left = step.datapoints; left > 0 && !task.finished;) {
        const Expected<bool> more = isMore(task);
        if (!more)
            return fail(more.error());
        if (!*more) {
            const Expected<bool> begun = end(step.name, task);
            if (!begun)
                return fail(begun.error());
            if (!*begun)
                break;
            continue;
        }
        const auto count = std::min(left, static_cast<std::int64_t>(task.waiting.size()));
        if (auto brought = bring(step.name, task, static_cast<std::size_t>(count)); !brought)
            return fail(brought.error());
        task.clock->advanceTo(task.latest, thisMoment());
        left -= count;
    }
    return shown(task).state();
}

/// Whether something waits, which then has a virtual now to be due at.
Expected<bool> ReplaySources::isMore(Task& task)
{
    if (task.waiting.empty()) {
        if (auto read = readOn(task); !read)
            return fail(read.error());
    }
    if (task.waiting.empty())
        return false;
    if (!task.clock)
        task.clock.emplace(task.waiting.front().position.time, task.startAt.value_or(clock_.now()), task.speed(),
                           task.startedAt.value_or(thisMoment()));
    return true;
}

Expected<void> ReplaySources::readOn(Task& task)
{
    if (task.until == 0) {
        const Expected<Sequence> last = reader_->lastSequence();
        if (!last)
            return fail(last.error());
        task.until = *last;
    }
    for (bool isThrough = false; task.waiting.empty() && !isThrough;) {
        std::size_t bytes = 0;
        std::size_t visited = 0;
        isThrough = true;
        const auto take = [&](const Position& position, SourceKey, std::string_view payload) {
            task.seen = position.sequence;
            if (position.time >= task.range.from && position.time <= task.range.to) {
                task.waiting.push_back({position, std::string(payload)});
                bytes += payload.size();
            }
            isThrough = task.waiting.size() < mostWaiting && bytes < mostWaitingBytes && ++visited < mostVisited;
            return isThrough;
        };
        if (auto read = reader_->datapoints(task.range.recording, task.seen, task.until, take); !read)
            return read;
        if (const std::optional<Position> brokenOff = reader_->brokenOff(); brokenOff && isThrough) {
            task.seen = brokenOff->sequence;
            isThrough = false;
        }
    }
    return {};
}

Expected<void> ReplaySources::bring(const SourceName& name, Task& task, std::size_t count)
{
    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!source)
        return fail(notFound("source", name.text));
    store::Batch batch;
    batch.source = source->key;
    Timestamp latest = task.latest;
    std::int64_t gapUs = task.gapUs;
    for (std::size_t i = 0; i < count; ++i) {
        const Timestamp recorded = task.waiting[i].position.time;
        if (recorded > latest) {
            gapUs = latest == Timestamp::min() ? 0 : recorded.us - latest.us;
            latest = recorded;
        }
        batch.payloads += task.waiting[i].payload;
        batch.datapoints.push_back({task.clock->moved(recorded), batch.payloads.size()});
    }
    const Sequence last = task.waiting[count - 1].position.sequence;
    batch.notes.emplace_back(noteKey(task.key), noteOf({last, latest, task.clock->moved(latest)}, task.range.json()));
    Prepared prepared = prepare(*source, name.text, batch, scratch_);
    const auto stored = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.append(std::move(batch), name, std::move(prepared), std::move(reply));
    });
    if (!stored)
        return fail(stored.error());
    task.after = last;
    task.latest = latest;
    task.gapUs = gapUs;
    task.waiting.erase(task.waiting.begin(), task.waiting.begin() + static_cast<std::ptrdiff_t>(count));
    return {};
}

/// From the start again, once the time between two datapoints has gone by. False while it has not.
bool ReplaySources::beginAgain(Task& task) const
{
    std::optional<Timestamp> startAt;
    std::optional<Moment> startedAt;
    if (task.clock && task.latest != Timestamp::min()) {
        const Moment moment = thisMoment();
        startAt = Timestamp{task.clock->moved(task.latest).us + std::max<std::int64_t>(task.gapUs, 1)};
        const std::int64_t aheadUs = task.clock->now(moment).us - startAt->us;
        if (aheadUs < 0 && !task.isPaused())
            return false;
        const double behind = task.isPaused() ? 0.0 : static_cast<double>(aheadUs) / task.speed();
        startedAt = moment - std::chrono::duration_cast<Moment::duration>(std::chrono::duration<double, std::micro>(behind));
    }
    begin(task, 0);
    if (startAt && startAt->us < farthestNowUs) {
        task.startAt = startAt;
        task.startedAt = startedAt;
    }
    return true;
}

/// The recording is through: from the start again, which is true, or the end. One that is empty may yet begin.
Expected<bool> ReplaySources::end(const SourceName& name, Task& task)
{
    if (task.after == 0) {
        task.until = 0;
        const Expected<bool> more = isMore(task);
        return more;
    }
    if (task.isLoop())
        return beginAgain(task);
    store::Batch batch;
    batch.source = task.key;
    batch.notes.emplace_back(noteKey(task.key), finishedNote);
    const auto noted = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.append(std::move(batch), name, {}, std::move(reply));
    });
    if (!noted && noted.error().kind != Problem::NotFound)
        return fail(noted.error());
    task.finished = true;
    if (task.clock) // which stands at the last datapoint from now on
        task.clock.emplace(task.latest, task.clock->moved(task.latest), 0.0, thisMoment());
    return false;
}

} // namespace iotman::pipeline
