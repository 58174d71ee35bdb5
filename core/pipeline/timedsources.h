// Sources that bring datapoints by themselves, on an interval: this computer's numbers, and generators.
#pragma once

#include "core/generator/generator.h"
#include "core/pipeline/pausable.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/systemreading.h"

#include <chrono>
#include <functional>
#include <map>

namespace iotman::pipeline {

/// Runs all such sources of the catalog on one thread, from construction to destruction.
class TimedSources final : public Pausable {
public:
    TimedSources(Pipeline& pipeline, const Clock& clock, const SystemProbe& probe);
    ~TimedSources();

    /// Ends the thread; the store is not used after this.
    void stop();

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
        std::shared_ptr<std::uint64_t> made; ///< how many a generator has been asked for; null for others
        Moment last;
        Moment due;
    };

    void work(const std::stop_token& stop);
    /// False where something could not be read.
    bool update();
    Take takeOf(const Source& source, const std::shared_ptr<std::uint64_t>& made) const;
    Expected<std::uint64_t> madeBefore(SourceKey generator) const;
    void sample(const SourceName& name, Task& task, Moment now);

    Pipeline& pipeline_;
    const Clock& clock_;
    const SystemProbe& probe_;
    std::map<SourceName, Task> tasks_; ///< the thread's own
    Scratch scratch_;                  ///< the thread's own
};

} // namespace iotman::pipeline
