// Outputs applied to datapoints that are stored already: when an output is new, and when its items are to be made anew.
#pragma once

#include "core/pipeline/pipeline.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace iotman::pipeline {

/// Works on a thread of its own, in slices between which the writer serves everyone else. What imports have staged is worked on like all
/// else, and stays hidden. A new output's work is resumed after a
/// restart from where it was; remaking grows a generation beside the served one and switches in one transaction at its end.
class Applier {
public:
    /// Does nothing before `start`: its work changes the catalog, of which others may hear that are still being made.
    Applier(Pipeline& pipeline, const Clock& clock);
    ~Applier();
    Applier(const Applier&) = delete;
    Applier& operator=(const Applier&) = delete;

    void start();
    /// Ends the thread; the store is not used after this.
    void stop();

    /// Waits until nothing is being applied and keeps it so until `resume`: what is stored is about to be replaced. Never on the
    /// applier's or the writer's thread.
    void pause();
    /// Starts anew from what the catalog says now; what ran before `pause` is forgotten.
    void resume();

    /// The catalog changed: outputs with something to apply are taken up. Any thread.
    void catalogChanged();

    /// Remakes the items of an output by its present rule; nothing happens while it is being applied already. `about`: the last sequence
    /// as the caller knows it, for `progress` until the work begins. Any thread.
    void requestRemake(const OutputId& output, const std::string& who, Sequence about = 0);

    /// Ends the work on an output; what a remake made so far is dropped, the served items stay. Errors: NotFound when none runs.
    Expected<void> cancel(const OutputId& output);

    /// Datapoints looked at and to look at; nothing when the output is not being applied. Any thread.
    std::optional<std::pair<std::int64_t, std::int64_t>> progress(const OutputId& output) const;

private:
    struct Job {
        OutputKey key = 0; ///< 0: a remake that has not begun
        Sequence until = 0;
        Sequence done = 0;
        bool remake = false;
        bool cancelled = false;
        std::string who;
    };

    void work(const std::stop_token& stop);
    std::optional<std::pair<OutputId, Job>> nextJob(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
    Expected<void> begin(const OutputId& id, Job& job);
    /// `notes` is another reader than the one that walks.
    Expected<void> slice(Job& job, store::StagedReader& reader, store::Reader& notes);
    void finish(const OutputId& id, const Job& job);
    void takeUp();

    Pipeline& pipeline_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<OutputId, Job> jobs_;
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false; ///< a job is being worked on outside the mutex
    Scratch scratch_;      ///< the applier's thread
    std::jthread thread_;
};

} // namespace iotman::pipeline
