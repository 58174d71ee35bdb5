#include "core/pipeline/applier.h"

#include "core/model/changes.h"
#include "core/pipeline/slice.h"

#include <set>

namespace iotman::pipeline {

namespace {

std::string progressNote(OutputKey key) { return "applied:" + std::to_string(key); }

/// Of sources that were deleted and have datapoints; empty where a program deleted them that kept no names.
Expected<std::map<SourceKey, std::string>> formerNames(const store::Store& store, const Catalog& catalog, store::Reader& reader)
{
    std::set<SourceKey> present;
    for (const auto& [name, source] : catalog.sources)
        present.insert(source.key);
    std::map<SourceKey, std::string> names;
    for (SourceKey key = 1; key < catalog.nextKey; ++key) {
        if (present.contains(key) || store.sourceCounts(key).datapoints == 0)
            continue;
        const auto note = reader.note(store::formerNameNote(key));
        if (!note)
            return fail(note.error());
        names.emplace(key, note->value_or(std::string()));
    }
    return names;
}

} // namespace

Applier::Applier(Pipeline& pipeline, const Clock& clock) : pipeline_(pipeline), clock_(clock) {}

void Applier::start()
{
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Applier::~Applier() { stop(); }

void Applier::stop()
{
    if (!thread_.joinable())
        return;
    thread_.request_stop();
    changed_.notify_all();
    thread_.join();
}

void Applier::pause()
{
    std::unique_lock lock(mutex_);
    paused_ = true;
    changed_.wait(lock, [this] { return !working_; });
}

void Applier::resume()
{
    const std::lock_guard lock(mutex_);
    jobs_.clear();
    catalogChanged_ = true;
    paused_ = false;
    changed_.notify_all();
}

void Applier::catalogChanged()
{
    const std::lock_guard lock(mutex_);
    catalogChanged_ = true;
    changed_.notify_all();
}

/// Jobs that the catalog names and that are not running yet. The mutex is held.
void Applier::takeUp()
{
    catalogChanged_ = false;
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    for (const auto& [id, output] : catalog->outputs) {
        if (output.applyUntil > 0 && !jobs_.contains(id))
            jobs_.emplace(id, Job{output.key, output.applyUntil, 0, false, false, output.made.by});
    }
    for (auto& [id, job] : jobs_) {
        if (!catalog->outputs.contains(id))
            job.cancelled = true;
    }
}

std::optional<std::pair<OutputId, Applier::Job>> Applier::nextJob(std::unique_lock<std::mutex>& lock, const std::stop_token& stop)
{
    working_ = false;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return !paused_ && (catalogChanged_ || !jobs_.empty()); });
    if (stop.stop_requested())
        return std::nullopt;
    if (catalogChanged_)
        takeUp();
    if (jobs_.empty())
        return std::nullopt;
    working_ = true;
    return *jobs_.begin();
}

void Applier::work(const std::stop_token& stop)
{
    const std::unique_ptr<store::Reader> reader = pipeline_.store().reader();
    const std::unique_ptr<store::StagedReader> datapoints = pipeline_.store().stagedReader();
    while (!stop.stop_requested()) {
        std::optional<std::pair<OutputId, Job>> next;
        {
            std::unique_lock lock(mutex_);
            next = nextJob(lock, stop);
        }
        if (!next)
            continue;
        auto& [id, job] = *next;
        if (!job.cancelled && job.done == 0 && !job.remake) {
            if (const auto note = reader->note(progressNote(job.key)); note && *note)
                job.done = std::stoull(**note);
        }
        if (!job.cancelled) {
            const bool begins = job.remake && job.key == 0;
            const auto made = begins ? begin(id, job) : job.done < job.until ? slice(job, *datapoints, *reader) : Expected<void>();
            if (!made && made.error().kind == Problem::NotFound) {
                job.cancelled = true;
            } else if (!made) {
                // The store is busy or full: the same again later, nothing is lost.
                std::unique_lock lock(mutex_);
                changed_.wait_for(lock, stop, std::chrono::seconds(std::max(1, made.error().retryAfter)), [] { return false; });
                continue;
            }
        }
        std::unique_lock lock(mutex_);
        const auto kept = jobs_.find(id);
        if (kept == jobs_.end())
            continue;
        job.cancelled = job.cancelled || kept->second.cancelled;
        kept->second = job;
        if (!job.cancelled && job.done < job.until)
            continue;
        lock.unlock();
        finish(id, job);
        lock.lock();
        jobs_.erase(id);
    }
}

/// A slice ends where staged datapoints begin or end: what an output makes of them is counted apart.
Expected<void> Applier::slice(Job& job, store::StagedReader& reader, store::Reader& notes)
{
    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const std::shared_ptr<const CompiledOutput> output = compiled->output(job.key);
    if (!output) {
        job.done = job.until;
        return {};
    }
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const auto former = formerNames(pipeline_.store(), *catalog, notes);
    if (!former)
        return fail(former.error());
    const auto nameOf = [&](const Source* source, SourceKey key) -> std::string_view {
        if (source)
            return source->name.text;
        const auto found = former->find(key);
        return found == former->end() ? std::string_view() : std::string_view(found->second);
    };
    store::MadeItems made;
    store::Store::Remade remade;
    Sequence last = job.until;
    std::size_t seen = 0;
    bool isCut = false;
    const auto visit = [&](const store::KeptDatapoint& datapoint) {
        if (seen == 0)
            remade.staged = datapoint.staged;
        isCut = remade.staged != datapoint.staged;
        if (isCut)
            return false;
        const Position& position = datapoint.position;
        last = position.sequence;
        const Source* source = catalog->sourceByKey(datapoint.source);
        const std::string_view name = nameOf(source, datapoint.source);
        if (output->sources.empty() || (source && output->reads(source->name))) {
            if (scratch_.payload.parse(datapoint.payload)) {
                const std::size_t before = made.items.size();
                run(*output, scratch_.payload, {position.time, name, position.sequence}, 0, made);
                if (made.items.size() > before)
                    remade.items.push_back({position, datapoint.arrival, made.texts.size()});
            }
        }
        isCut = ++seen == sliceDatapoints || made.texts.size() >= sliceBytes;
        return !isCut;
    };
    if (auto read = reader.allDatapoints(job.done, job.until, visit); !read)
        return read;
    if (!isCut)
        last = job.until;
    remade.output = job.key;
    remade.madeWith = output->madeWith;
    remade.texts = std::move(made.texts);
    remade.skipped = made.skipped;
    remade.failed = made.failed;
    remade.lastFailure = std::move(made.lastFailure);
    if (!job.remake)
        remade.notes.emplace_back(progressNote(job.key), std::to_string(last));
    auto added = store::await<void>([&](store::Reply<void> reply) { pipeline_.store().addRemade(std::move(remade), std::move(reply)); });
    if (!added)
        return added;
    job.done = last;
    return {};
}

void Applier::finish(const OutputId& id, const Job& job)
{
    // The output may be gone by now; then there is nothing to say, and the store removes what was made.
    (void)store::await<void>([&](store::Reply<void> reply) {
        pipeline_.store().change(
            job.who, clock_.now(),
            [&, id, job](Catalog& catalog, Sequence) -> Expected<void> {
                const auto output = catalog.outputs.find(id);
                if (output != catalog.outputs.end()) {
                    if (!job.remake)
                        output->second.applyUntil = 0;
                    else if (!job.cancelled)
                        output->second.key = job.key;
                }
                if (job.remake)
                    pipeline_.endGeneration(catalog, job.key);
                return {};
            },
            std::move(reply));
    });
}

void Applier::requestRemake(const OutputId& id, const std::string& who, Sequence about)
{
    const std::lock_guard lock(mutex_);
    jobs_.try_emplace(id, Job{0, about, 0, true, false, who});
    changed_.notify_all();
}

Expected<void> Applier::begin(const OutputId& id, Job& job)
{
    return store::await<void>([&](store::Reply<void> reply) {
        pipeline_.store().change(
            job.who, clock_.now(),
            [&](Catalog& catalog, Sequence last) -> Expected<void> {
                if (!catalog.outputs.contains(id))
                    return fail(notFound("output", id.text));
                job.key = catalog.nextKey++;
                job.until = last;
                pipeline_.beginGeneration(catalog, {job.key, id});
                return {};
            },
            std::move(reply));
    });
}

Expected<void> Applier::cancel(const OutputId& id)
{
    const std::lock_guard lock(mutex_);
    const auto job = jobs_.find(id);
    if (job == jobs_.end())
        return fail(Problem::NotFound, "this output is not being applied to stored data");
    job->second.cancelled = true;
    changed_.notify_all();
    return {};
}

std::optional<std::pair<std::int64_t, std::int64_t>> Applier::progress(const OutputId& id) const
{
    const std::lock_guard lock(mutex_);
    const auto job = jobs_.find(id);
    if (job == jobs_.end())
        return std::nullopt;
    return std::pair(static_cast<std::int64_t>(job->second.done), static_cast<std::int64_t>(job->second.until));
}

} // namespace iotman::pipeline
