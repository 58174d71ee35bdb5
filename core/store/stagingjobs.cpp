#include "core/store/stagingjobs.h"

#include <algorithm>

namespace iotman::store {

CommitStagedJob::CommitStagedJob(std::string import, StagedNeeds needs, std::vector<OutputKey> cleared,
                                 std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply)
    : import_(std::move(import))
    , needs_(std::move(needs))
    , cleared_(std::move(cleared))
    , notes_(std::move(notes))
    , reply_(std::move(reply))
{
}

Expected<void> CommitStagedJob::write(Writing& writing)
{
    outcome_ = {};
    const Expected<std::optional<Staging::Import>> found = writing.staging.find(import_);
    if (!found)
        return fail(found.error());
    if (!*found)
        return writing.writeNotes(notes_);
    const Staging::Import& import = **found;
    if (import.lost)
        return fail(Problem::Conflict, "what was staged of this import is gone, because a snapshot was restored; begin it anew");
    const Source* source = writing.state.catalog->sourceByKey(import.source);
    if (!source)
        return fail(Problem::Conflict, "the source of this import is gone");
    const auto counts = writing.staging.counts(import.key);
    if (!counts)
        return fail(counts.error());
    outcome_.datapoints = import.datapoints;
    needed_ = needs_(*writing.state.catalog, *source);
    if (auto done = compare(writing, import.datapoints, *counts); !done)
        return done;
    return outcome_.committed() ? show(writing, import, *counts) : Expected<void>();
}

/// Catalogs may have changed since the rows were staged.
Expected<void> CommitStagedJob::compare(const Writing& writing, std::int64_t datapoints,
                                        const std::map<OutputKey, StagedCount>& counts)
{
    for (const StagedNeed& need : needed_) {
        const auto count = counts.find(need.output);
        const bool isSame = count != counts.end() && count->second.madeWith == need.madeWith;
        if (isSame && count->second.datapoints() == datapoints)
            continue;
        if (!need.isApplied)
            outcome_.toMake.push_back(need.output);
        else if (count != counts.end() && !isSame)
            return fail(Error{Problem::Unavailable,
                              "an output is being applied to stored data with rules that were changed meanwhile",
                              {},
                              0,
                              {},
                              1});
        // Else what is applied comes to the rest, as to all that is stored.
    }
    const auto isNeeded = [&](OutputKey output) {
        return std::any_of(needed_.begin(), needed_.end(), [&](const StagedNeed& need) { return need.output == output; });
    };
    const std::set<OutputKey> generations = writing.state.catalog->generations();
    for (const auto& [output, count] : counts) {
        if (!isNeeded(output) && generations.contains(output) && std::find(cleared_.begin(), cleared_.end(), output) == cleared_.end())
            outcome_.toClear.push_back(output);
    }
    return {};
}

Expected<void> CommitStagedJob::show(Writing& writing, const Staging::Import& import,
                                     const std::map<OutputKey, StagedCount>& counts)
{
    for (const StagedNeed& need : needed_) {
        const auto count = counts.find(need.output);
        if (count == counts.end())
            continue;
        if (auto done = writing.counters.addToOutput(need.output, count->second.made); !done)
            return done;
    }
    if (auto done = writing.counters.addToSource(import.source, import.datapoints, import.newest); !done)
        return done;
    if (auto done = writing.staging.show(import.key, writing.state.hidden); !done)
        return done;
    return writing.writeNotes(notes_);
}

void CommitStagedJob::answer(const Expected<void>& outcome)
{
    reply_(outcome.map([this] { return outcome_; }));
}

DiscardStagedJob::DiscardStagedJob(std::string import, Reply<void> reply)
    : import_(std::move(import))
    , reply_(std::move(reply))
{
}

Expected<void> DiscardStagedJob::write(Writing& writing)
{
    const Expected<std::optional<Staging::Import>> found = writing.staging.find(import_);
    if (!found)
        return fail(found.error());
    return *found ? writing.staging.discard((*found)->key, writing.state.hidden) : Expected<void>();
}

void DiscardStagedJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

Expected<void> removeSomeDiscarded(Writing& writing)
{
    const HiddenRange* range = writing.state.hidden->discarded();
    if (!range)
        return {};
    Expected<std::vector<Position>> removed = writing.datapoints.removeDiscarded(*range);
    if (!removed)
        return fail(removed.error());
    if (removed->empty())
        return writing.staging.removeRange(*range, writing.state.hidden);
    std::sort(removed->begin(), removed->end());
    for (const OutputKey output : writing.counters.outputs()) {
        if (const Expected<std::int64_t> items = writing.items.remove(output, *removed); !items)
            return fail(items.error());
    }
    return {};
}

} // namespace iotman::store
