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

/// Does what the catalog says is to be applied (Output::applying), on a thread of its own, a slice of each output in turn, between
/// which the writer serves everyone else. How far an output is stands in a note that is written with its items: a restart goes on
/// from there. What imports have staged is worked on like all else, and stays hidden. A new output's items are seen as they are made;
/// those that are made anew grow as a generation beside the served one, which they replace in one transaction at the end.
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
    /// Goes on with what the catalog and the notes say now.
    void resume();

    /// The catalog changed: there may be something to apply. Any thread.
    void catalogChanged();

    /// Datapoints looked at and to look at; nothing when the output is not being applied. Any thread.
    std::optional<std::pair<std::int64_t, std::int64_t>> progress(const Output& output) const;

private:
    /// What is known of one that is being applied.
    struct Work {
        std::optional<Sequence> done; ///< nothing: the note was not read yet
        std::shared_ptr<const CompiledOutput> rules;
    };
    struct Task {
        OutputId output;
        Applying applying;
        std::string who;
    };

    void work(const std::stop_token& stop);
    std::optional<Task> next(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
    void forget(const Catalog& catalog);
    /// `notes` is another reader than the one that walks. Errors: the store's; NotFound where the task is one no longer.
    Expected<void> advance(const Task& task, store::StagedReader& datapoints, store::Reader& notes);
    Expected<Sequence> slice(const Task& task, const Work& work, store::StagedReader& reader, store::Reader& notes);
    Expected<void> finish(const Task& task);

    Pipeline& pipeline_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<OutputKey, Work> works_; ///< written by the applier's thread alone
    OutputKey last_ = 0;              ///< whose turn it was
    bool catalogChanged_ = true;
    bool paused_ = false;
    bool working_ = false; ///< a task is being worked on outside the mutex
    Scratch scratch_;      ///< the applier's thread
    std::jthread thread_;
};

} // namespace iotman::pipeline
