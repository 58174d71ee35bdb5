// Sources of kind `replay`: what another source has stored, brought in once more as if it happened now.
#pragma once

#include "core/pipeline/pausable.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/replayclock.h"

#include <chrono>
#include <deque>
#include <future>
#include <map>
#include <memory>

namespace iotman::pipeline {

/// Where a replay is.
struct ReplayState {
    enum class Is {
        Off, ///< the source is switched off, or the recording is gone
        Playing,
        Paused,
        Ended,
    };
    Is is = Is::Off;
    std::optional<Timestamp> recorded; ///< how far it is in the recording; nothing before its first datapoint
    std::optional<Timestamp> now;      ///< the same moment as its datapoints have it
};
std::string_view text(ReplayState::Is is); ///< "off", "playing", "paused", "ended", as JSON spells it

/// Runs all replays of the catalog on one thread, from construction to destruction.
///
/// A replay has a virtual now (ReplayClock): it starts as the first recorded time, runs `speed` times as fast as the real one,
/// and stands while `paused`. What lies before it is brought in, in the recorded order, moved so that the first recorded time is
/// the moment at which the replay started; pages, streams and events follow from that as for any source. It never goes back: not
/// in a loop, whose next way begins as long after the last one as its last datapoint came after the one before, nor when the
/// speed changes. How far it came is stored with what it brought: a replay that is switched off goes on from there when it is
/// switched on again, and after a restart, at the real now where that is later. One that came to its end starts over when it is
/// switched on again, or made a loop. One whose recording is empty waits for it.
class ReplaySources final : public Pausable {
public:
    using Moment = ReplayClock::Moment;

    /// What a recording does not keep any longer is not replayed. All of these outlive this.
    ReplaySources(Pipeline& pipeline, const store::Keeping& keeping, const Clock& clock);
    ~ReplaySources();

    /// Ends the thread; the store is not used after this.
    void stop();

    /// As of the last change of the catalog. A source that is no replay is off. Waits for what is being brought in; any thread
    /// but the replays' and the writer's.
    ReplayState state(const SourceName& name);

    static constexpr std::int64_t mostStepped = 100'000;
    /// Brings in the next `datapoints` of a replay that is paused, whatever their time; less where it ends. Waits until they are
    /// durable; any thread but the replays' and the writer's. Errors: Conflict when it is not paused, those of the store.
    Expected<ReplayState> step(const SourceName& name, std::int64_t datapoints);

private:
    struct Recorded {
        Position position;
        std::string payload;
    };
    /// What is replayed.
    struct Range {
        SourceKey recording = 0;
        Timestamp from;
        Timestamp to;
        bool operator==(const Range&) const = default;
        Json json() const;
    };
    /// One way through the recording.
    struct Task {
        SourceKey key = 0;
        Json settings;
        Range range;
        Sequence after = 0;               ///< what was brought in so far
        Sequence seen = 0;                ///< what was read so far
        Sequence until = 0;               ///< where the recording ended when it was first read; 0 before that
        std::deque<Recorded> waiting;     ///< read and not yet due
        std::optional<ReplayClock> clock; ///< set at the first datapoint, or by what was stored
        std::optional<Timestamp> startAt; ///< the virtual now at the first datapoint, where that is not the real one …
        std::optional<Moment> startedAt;  ///< … and when it was so
        Timestamp latest;       ///< the greatest recorded time so far: what stands behind it but is earlier is due with it
        std::int64_t gapUs = 0; ///< how far `latest` is behind the one before
        bool finished = false;

        bool isPaused() const { return settings.value("paused", false); }
        bool isLoop() const { return settings.value("loop", false); }
        /// There is nothing to play yet.
        bool isWaiting() const { return !finished && after == 0 && waiting.empty(); }
        double speed() const; ///< 0 while it is paused
    };
    struct Step {
        SourceName name;
        std::int64_t datapoints = 0;
        std::promise<Expected<ReplayState>> done;
    };
    /// What others are told of a task.
    struct Shown {
        ReplayState::Is is = ReplayState::Is::Off;
        std::optional<ReplayClock> clock;
        ReplayState state() const;
    };
    enum class Start { Program, Later };

    void work(const std::stop_token& stop);
    void waitForWork(std::unique_lock<std::mutex>& lock, const std::stop_token& stop, bool lookAgain);
    /// False where something could not be read.
    bool update(Start start);
    static Range rangeOf(const Source& source, const Catalog& catalog);
    /// Where it was may not be known now; from the start, it would bring what it brought before a second time. Errors: the store's.
    Expected<Task> taskOf(const Source& source, const Range& range, Start start);
    static Shown shown(const Task& task);
    void begin(Task& task, Sequence after) const;
    void play(const SourceName& name, Task& task);
    Expected<ReplayState> stepNow(const Step& step);
    Expected<bool> isMore(Task& task);
    Expected<void> readOn(Task& task);
    Expected<void> bring(const SourceName& name, Task& task, std::size_t count);
    static std::size_t countDue(const Task& task);
    Expected<bool> end(const SourceName& name, Task& task);
    bool beginAgain(Task& task) const;
    void show();

    Pipeline& pipeline_;
    const store::Keeping& keeping_;
    const Clock& clock_;
    std::deque<Step> steps_;
    std::map<SourceName, Shown> shown_;
    // The thread's own:
    std::map<SourceName, Task> tasks_;
    std::unique_ptr<store::Reader> reader_;
    Scratch scratch_;
};

} // namespace iotman::pipeline
