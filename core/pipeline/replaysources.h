// Sources of kind `replay`: what another source has stored, brought in once more as if it happened now.
#pragma once

#include "core/pipeline/pipeline.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace iotman::pipeline {

/// Runs all replays of the catalog on one thread, from construction to destruction.
///
/// A replay has a virtual now: it starts with the first recorded time and runs `speed` times as fast as the real one. What lies
/// before it is brought in, in the recorded order, moved so that the first recorded time is the moment at which the replay
/// started; pages, streams and events follow from that as for any source. How far it came is stored with what it brought: a
/// replay that is switched off goes on from there when it is switched on again, and after a restart. One that came to its end
/// starts over when it is switched on again.
class ReplaySources {
public:
    ReplaySources(Pipeline& pipeline, const Clock& clock);
    ~ReplaySources();
    ReplaySources(const ReplaySources&) = delete;
    ReplaySources& operator=(const ReplaySources&) = delete;

    /// Ends the thread; the store is not used after this.
    void stop();

    /// Waits until nothing is being brought in and keeps it so until `resume`: what is stored is about to be replaced. Never on the
    /// writer's thread.
    void pause();
    /// Goes on from what is stored now.
    void resume();

    /// Sources were added, changed or removed. Any thread.
    void catalogChanged();

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Recorded {
        Position position;
        std::string payload;
    };
    /// One way through the recording.
    struct Task {
        SourceKey key = 0;
        Json settings;
        SourceKey recording = 0;
        Sequence after = 0;           ///< what was brought in so far
        Sequence until = 0;           ///< where the recording ended when this way began
        std::deque<Recorded> waiting; ///< read and not yet due
        std::optional<Timestamp> first;
        Timestamp latest; ///< the greatest recorded time so far: what stands behind it but is earlier is due with it
        Moment startedAt;
        Timestamp startedTime;
        bool finished = false;
    };
    enum class Start { Program, Later };

    void work(const std::stop_token& stop);
    void update(Start start);
    Task taskOf(const Source& source, SourceKey recording, Start start);
    void begin(Task& task, Sequence after);
    void play(const SourceName& name, Task& task);
    Expected<void> readOn(Task& task);
    Expected<void> bring(const SourceName& name, Task& task, std::size_t count);
    Expected<void> end(const SourceName& name, Task& task);

    Pipeline& pipeline_;
    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false;   ///< something is being brought in outside the mutex
    bool startOver_ = false; ///< what is stored was replaced
    // The thread's own:
    std::map<SourceName, Task> tasks_;
    std::unique_ptr<store::Reader> reader_;
    Scratch scratch_;
    std::jthread thread_;
};

} // namespace iotman::pipeline
