// Sources that bring datapoints by themselves, on an interval: this computer's numbers, and generators.
#pragma once

#include "core/pipeline/generator.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/systemreading.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace iotman::pipeline {

/// Runs all such sources of the catalog on one thread, from construction to destruction.
class TimedSources {
public:
    TimedSources(Pipeline& pipeline, const Clock& clock, const SystemProbe& probe);
    ~TimedSources();
    TimedSources(const TimedSources&) = delete;
    TimedSources& operator=(const TimedSources&) = delete;

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
    using Seconds = std::chrono::duration<double>;
    /// The next payload, `elapsed` after the one before; nothing where there is none this time.
    using Take = std::function<std::optional<std::string>(Seconds elapsed)>;
    struct Task {
        SourceKey key = 0;
        Json settings;
        Moment::duration interval;
        Take take;
        Moment last;
        Moment due;
    };

    void work(const std::stop_token& stop);
    void update();
    Take takeOf(const Source& source) const;
    void sample(const SourceName& name, Task& task, Moment now);

    Pipeline& pipeline_;
    const Clock& clock_;
    const SystemProbe& probe_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false;   ///< something is being brought in outside the mutex
    bool startOver_ = false; ///< what is stored was replaced
    std::map<SourceName, Task> tasks_; ///< the thread's own
    Scratch scratch_;                  ///< the thread's own
    std::jthread thread_;
};

} // namespace iotman::pipeline
