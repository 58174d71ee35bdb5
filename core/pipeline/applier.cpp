#include "core/pipeline/applier.h"

#include "core/model/changes.h"
#include "core/pipeline/slice.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace iotman::pipeline {

namespace {

std::string progressNote(OutputKey key) { return "applied:" + std::to_string(key); }

Expected<Sequence> sequenceIn(std::string_view note)
{
    Sequence done = 0;
    const auto [end, error] = std::from_chars(note.data(), note.data() + note.size(), done);
    if (error != std::errc() || end != note.data() + note.size())
        return fail(Problem::Internal, "a note of how far an output was applied is damaged");
    return done;
}

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
    for (auto& [key, work] : works_)
        work = {};
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

/// What is applied no longer, with its note. The mutex is held.
void Applier::forget(const Catalog& catalog)
{
    std::erase_if(works_, [&](const auto& entry) {
        const bool isOver = !catalog.outputApplying(entry.first);
        if (isOver)
            pipeline_.store().remember({{progressNote(entry.first), {}}}, [](const Expected<void>&) {});
        return isOver;
    });
}

/// The output whose turn it is; nothing at the end.
std::optional<Applier::Task> Applier::next(std::unique_lock<std::mutex>& lock, const std::stop_token& stop)
{
    working_ = false;
    changed_.notify_all();
    for (;;) {
        changed_.wait(lock, stop, [&] { return !paused_ && (catalogChanged_ || !works_.empty()); });
        if (stop.stop_requested())
            return std::nullopt;
        catalogChanged_ = false;
        const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
        forget(*catalog);
        const Output* chosen = nullptr;
        for (const auto& [id, output] : catalog->outputs) {
            if (!output.applying)
                continue;
            const OutputKey key = output.applying->key;
            works_.try_emplace(key);
            const auto turn = [&](OutputKey of) { return std::pair(of <= last_, of); };
            if (!chosen || turn(key) < turn(chosen->applying->key))
                chosen = &output;
        }
        if (!chosen)
            continue;
        last_ = chosen->applying->key;
        working_ = true;
        return Task{chosen->id, *chosen->applying, chosen->made.by};
    }
}

void Applier::work(const std::stop_token& stop)
{
    const std::unique_ptr<store::Reader> reader = pipeline_.store().reader();
    const std::unique_ptr<store::StagedReader> datapoints = pipeline_.store().stagedReader();
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex_);
        const std::optional<Task> task = next(lock, stop);
        if (!task)
            continue;
        lock.unlock();
        const auto done = advance(*task, *datapoints, *reader);
        if (done || done.error().kind == Problem::NotFound)
            continue;
        // The store is busy or full: the same again later, nothing is lost.
        lock.lock();
        changed_.wait_for(lock, stop, std::chrono::seconds(std::max(1, done.error().retryAfter)), [] { return false; });
    }
}

Expected<void> Applier::advance(const Task& task, store::StagedReader& datapoints, store::Reader& notes)
{
    const OutputKey key = task.applying.key;
    Work work;
    {
        const std::lock_guard lock(mutex_);
        work = works_[key];
    }
    if (!work.done) {
        const auto note = notes.note(progressNote(key));
        if (!note)
            return fail(note.error());
        const Expected<Sequence> done = *note ? sequenceIn(**note) : Expected<Sequence>(0);
        if (!done)
            return fail(done.error());
        work.done = *done;
        work.rules = compiledFor(task.applying);
    }
    if (*work.done >= task.applying.until)
        return finish(task);
    const Expected<Sequence> done = slice(task, work, datapoints, notes);
    if (!done)
        return fail(done.error());
    work.done = *done;
    const std::lock_guard lock(mutex_);
    works_[key] = std::move(work);
    return {};
}

/// Up to where datapoints have been looked at then. A slice ends where staged datapoints begin or end: what an output makes of them is
/// counted apart.
Expected<Sequence> Applier::slice(const Task& task, const Work& work, store::StagedReader& reader, store::Reader& notes)
{
    const std::shared_ptr<const CompiledOutput>& rules = work.rules;
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
    remade.expiries = pipeline_.store().expiries();
    Sequence last = task.applying.until;
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
        const bool isRead = rules->sources.empty() || (source && rules->reads(source->name));
        if (isRead && scratch_.payload.parse(datapoint.payload)) {
            const std::size_t before = made.items.size();
            run(*rules, scratch_.payload, {position.time, nameOf(source, datapoint.source), position.sequence}, 0, made);
            if (made.items.size() > before)
                remade.items.push_back({position, datapoint.arrival, made.texts.size(), datapoint.source});
        }
        isCut = ++seen == sliceDatapoints || made.texts.size() >= sliceBytes;
        return !isCut;
    };
    if (auto read = reader.allDatapoints(*work.done, task.applying.until, visit); !read)
        return fail(read.error());
    if (!isCut)
        last = task.applying.until;
    remade.output = task.applying.key;
    remade.isApplied = true;
    remade.madeWith = rules->madeWith;
    remade.texts = std::move(made.texts);
    remade.skipped = made.skipped;
    remade.failed = made.failed;
    remade.lastFailure = std::move(made.lastFailure);
    remade.notes.emplace_back(progressNote(task.applying.key), std::to_string(last));
    return store::await<void>([&](store::Reply<void> reply) { pipeline_.store().addRemade(std::move(remade), std::move(reply)); }).map([&] { return last; });
}

Expected<void> Applier::finish(const Task& task)
{
    return store::await<void>([&](store::Reply<void> reply) {
        pipeline_.store().change(
            task.who, clock_.now(),
            [id = task.output, key = task.applying.key](Catalog& catalog, Sequence) -> Expected<void> {
                const auto output = catalog.outputs.find(id);
                if (output == catalog.outputs.end() || !output->second.applying || output->second.applying->key != key)
                    return {};
                finishApplying(output->second);
                return {};
            },
            std::move(reply));
    });
}

std::optional<std::pair<std::int64_t, std::int64_t>> Applier::progress(const Output& output) const
{
    if (!output.applying)
        return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto work = works_.find(output.applying->key);
    const Sequence done = work == works_.end() ? 0 : work->second.done.value_or(0);
    return std::pair(static_cast<std::int64_t>(done), static_cast<std::int64_t>(output.applying->until));
}

} // namespace iotman::pipeline
