#include "core/store/jobs.h"

#include "core/model/restored.h"
#include "core/store/catalogrows.h"
#include "core/store/expireditems.h"
#include "core/store/snapshot.h"

#include <algorithm>

namespace iotman::store {

namespace {

/// What a waiting request takes besides its texts.
constexpr std::size_t overhead = 512;

/// Mostly they come in order but for a few: those are sorted alone.
void sortByPosition(std::vector<Entry>& entries)
{
    const auto earlier = [](const Entry& a, const Entry& b) { return a.position < b.position; };
    std::vector<Entry> late;
    auto inOrder = entries.begin();
    for (const Entry& entry : entries) {
        if (inOrder == entries.begin() || earlier(*std::prev(inOrder), entry))
            *inOrder++ = entry;
        else
            late.push_back(entry);
    }
    std::sort(late.begin(), late.end(), earlier);
    for (auto end = entries.end(); !late.empty();) {
        const bool isLate = inOrder == entries.begin() || earlier(*std::prev(inOrder), late.back());
        *--end = isLate ? late.back() : *--inOrder;
        if (isLate)
            late.pop_back();
    }
}

/// The texts of a batch or of made items lie back to back, each with its end: nothing when the ends are not ends.
class TextCutter {
public:
    explicit TextCutter(std::string_view texts)
        : texts_(texts)
    {
    }
    std::optional<std::string_view> next(std::size_t end)
    {
        if (end < start_ || end > texts_.size())
            return std::nullopt;
        const std::string_view text = texts_.substr(start_, end - start_);
        start_ = end;
        return text;
    }

private:
    std::string_view texts_;
    std::size_t start_ = 0;
};

tl::unexpected<Error> wrongEnds(std::string_view of)
{
    return fail(Problem::Internal, "expected ends that rise inside the texts of " + std::string(of) + ", but got others");
}

} // namespace

std::vector<PublishedItem>& PublishedItems::of(OutputKey output)
{
    auto found = std::find_if(all_.begin(), all_.end(), [&](const Published& some) { return some.output == output; });
    if (found == all_.end())
        found = all_.insert(all_.end(), Published{output, {}});
    return found->items;
}

AppendJob::AppendJob(Batch batch, MakeItems make, Reply<Committed> reply)
    : batch_(std::move(batch))
    , make_(std::move(make))
    , reply_(std::move(reply))
{
}

std::size_t AppendJob::bytes() const
{
    return overhead + batch_.payloads.size() + batch_.datapoints.size() * sizeof(Datapoint) + batch_.preparedBytes;
}

Expected<void> AppendJob::write(Writing& writing)
{
    const Catalog& catalog = *writing.state.catalog;
    if (!catalog.sourceByKey(batch_.source))
        return fail(Problem::NotFound, "the source is gone");
    committed_ = {writing.state.lastSequence + 1, batch_.datapoints.size()};
    writing.state.lastSequence += committed_.count;
    if (auto done = stage(writing); !done)
        return done;
    if (auto made = make_(batch_, committed_.first, catalog))
        made_ = std::move(*made);
    else
        return fail(made.error());
    if (auto done = writeDatapoints(writing); !done)
        return done;
    for (const MadeItems& made : made_) {
        if (auto done = writeItems(writing, made); !done)
            return done;
    }
    if (batch_.request) {
        if (auto done = writing.writeRequest(batch_.source, *batch_.request, static_cast<std::int64_t>(committed_.count)); !done)
            return done;
    }
    return writing.writeNotes(batch_.notes);
}

Expected<void> AppendJob::stage(Writing& writing)
{
    if (!batch_.staged || batch_.datapoints.empty())
        return {};
    batch_.arrival = Arrival::History;
    const Expected<StagedKey> staged =
        writing.staging.add(*batch_.staged, batch_.source, committed_.first, committed_.count, newest(), writing.state.hidden);
    return staged.map([this](StagedKey key) { staged_ = key; });
}

Timestamp AppendJob::newest() const
{
    Timestamp newest = Timestamp::min();
    for (const Datapoint& datapoint : batch_.datapoints)
        newest = std::max(newest, datapoint.time);
    return newest;
}

Expected<void> AppendJob::writeDatapoints(Writing& writing)
{
    if (batch_.datapoints.empty())
        return {};
    std::vector<Entry> entries;
    entries.reserve(batch_.datapoints.size());
    TextCutter payloads(batch_.payloads);
    for (const Datapoint& datapoint : batch_.datapoints) {
        const std::optional<std::string_view> payload = payloads.next(datapoint.end);
        if (!payload)
            return wrongEnds("a batch");
        entries.push_back({{datapoint.time, committed_.first + entries.size()}, batch_.arrival, *payload});
    }
    if (auto done = writing.datapoints.add(batch_.source, entries, *writing.state.hidden); !done)
        return done;
    if (staged_ != 0)
        return {}; // counted when it is committed
    return writing.counters.addToSource(batch_.source, static_cast<std::int64_t>(entries.size()), newest());
}

Expected<void> AppendJob::writeItems(Writing& writing, const MadeItems& made)
{
    std::vector<Entry> entries;
    entries.reserve(made.items.size());
    TextCutter texts(made.texts);
    for (const MadeItem& item : made.items) {
        const std::optional<std::string_view> text = texts.next(item.end);
        if (!text || item.datapoint >= batch_.datapoints.size())
            return wrongEnds("made items");
        entries.push_back({{batch_.datapoints[item.datapoint].time, committed_.first + item.datapoint}, batch_.arrival, *text});
    }
    sortByPosition(entries);
    if (auto done = writing.items.add(made.output, entries); !done)
        return done;
    const auto newest = entries.empty() ? std::nullopt : std::optional(entries.back().position.time);
    const OutputIncrease increase{static_cast<std::int64_t>(entries.size()), made.skipped, made.failed, made.lastFailure, newest};
    return staged_ != 0 ? writing.countStaged(staged_, made.output, made.madeWith, increase)
                        : writing.counters.addToOutput(made.output, increase);
}

void AppendJob::publish(PublishedItems& items) const
{
    if (batch_.arrival != Arrival::Live)
        return;
    for (const MadeItems& made : made_) {
        if (made.items.empty())
            continue;
        std::vector<PublishedItem>& published = items.of(made.output);
        TextCutter texts(made.texts);
        for (const MadeItem& item : made.items)
            published.push_back(
                {{batch_.datapoints[item.datapoint].time, committed_.first + item.datapoint}, *texts.next(item.end)});
    }
}

void AppendJob::answer(const Expected<void>& outcome)
{
    if (outcome)
        reply_(committed_);
    else
        reply_(fail(outcome.error()));
}

RemadeJob::RemadeJob(Store::Remade items, Reply<void> reply, std::stop_token stop)
    : remade_(std::move(items))
    , reply_(std::move(reply))
    , stop_(std::move(stop))
{
}

std::size_t RemadeJob::bytes() const
{
    return overhead + remade_.texts.size() + remade_.items.size() * sizeof(Store::RemadeItem);
}

Expected<void> RemadeJob::write(Writing& writing)
{
    if (stop_.stop_requested())
        return fail(serverEnds());
    const OutputKey output = remade_.output;
    const Catalog& catalog = *writing.state.catalog;
    if (remade_.isApplied ? !catalog.outputApplying(output) : !catalog.generations().contains(output))
        return fail(Problem::NotFound, "nobody asks for these items any more");
    if (remade_.staged != 0) {
        const Expected<bool> isStaged = writing.staging.isStaged(remade_.staged);
        if (!isStaged)
            return fail(isStaged.error());
        if (!*isStaged)
            return fail(Error{Problem::Unavailable, "the import was committed or discarded meanwhile", {}, 0, {}, 1});
    }
    if (!remade_.replaced.empty()) {
        if (const Expected<std::int64_t> removed = writing.items.remove(output, remade_.replaced); !removed)
            return fail(removed.error());
    }
    if (auto done = writeItems(writing); !done)
        return done;
    return writing.writeNotes(remade_.notes);
}

Expected<void> RemadeJob::writeItems(Writing& writing)
{
    std::vector<Entry> entries;
    entries.reserve(remade_.items.size());
    TextCutter texts(remade_.texts);
    for (const Store::RemadeItem& item : remade_.items) {
        const std::optional<std::string_view> text = texts.next(item.end);
        if (!text)
            return wrongEnds("remade items");
        entries.push_back({item.position, remade_.staged != 0 ? Arrival::History : item.arrival, *text});
    }
    if (remade_.expiries != writing.state.expiries) {
        if (auto done = leaveOutExpired(writing, entries); !done)
            return done;
    }
    sortByPosition(entries);
    if (auto done = writing.items.add(remade_.output, entries); !done)
        return done;
    const auto newest = entries.empty() ? std::nullopt : std::optional(entries.back().position.time);
    return count(writing,
                 {static_cast<std::int64_t>(entries.size()), remade_.skipped, remade_.failed, remade_.lastFailure, newest});
}

/// `entries` are those of the items, in their order.
Expected<void> RemadeJob::leaveOutExpired(Writing& writing, std::vector<Entry>& entries)
{
    SourceSequences::Statements statements(writing.connection);
    std::map<SourceKey, SourceSequences> sources;
    std::vector<Entry> kept;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const SourceKey source = remade_.items[i].source;
        if (source != 0) {
            const Expected<bool> isThere = sources.try_emplace(source, statements, source).first->second.contain(entries[i].position.sequence);
            if (!isThere)
                return fail(isThere.error());
            if (!*isThere)
                continue;
        }
        kept.push_back(entries[i]);
    }
    entries = std::move(kept);
    return {};
}

Expected<void> RemadeJob::count(Writing& writing, const OutputIncrease& made)
{
    if (remade_.staged == 0)
        return writing.counters.addToOutput(remade_.output, made);
    if (remade_.startsAnew) {
        if (auto done = writing.staging.forgetCount(remade_.staged, remade_.output); !done)
            return done;
    }
    return writing.countStaged(remade_.staged, remade_.output, remade_.madeWith, made);
}

void RemadeJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

ChangeJob::ChangeJob(std::string who, Timestamp at, Change change, Reply<void> reply, std::size_t bytes)
    : who_(std::move(who))
    , at_(at)
    , change_(std::move(change))
    , reply_(std::move(reply))
    , bytes_(bytes)
{
}

Expected<void> ChangeJob::keepNames(Writing& writing, const Catalog& before, const Catalog& after, std::span<const CatalogDifference> different)
{
    std::vector<std::pair<std::string, std::string>> notes;
    for (const CatalogDifference& one : different) {
        const auto source = before.sources.find(SourceName{one.id});
        const bool isGone = one.kind == "source" && one.after.empty() && source != before.sources.end() && !after.sourceByKey(source->second.key);
        if (isGone)
            notes.emplace_back(formerNameNote(source->second.key), source->first.text);
    }
    return writing.writeNotes(notes);
}

Expected<void> ChangeJob::write(Writing& writing)
{
    const Catalog& before = *writing.state.catalog;
    Catalog after = before;
    if (auto done = change_(after, writing.state.lastSequence); !done)
        return done;
    const std::vector<CatalogDifference> different = differences(before, after);
    if (different.empty())
        return {};
    after.version = before.version + 1;
    if (auto done = writeCatalog(writing.connection, different, after.version); !done)
        return done;
    if (auto done = writeAudit(writing.connection, who_, at_, different); !done)
        return done;
    if (auto done = keepNames(writing, before, after, different); !done)
        return done;
    writing.state.abandoned.merge(before.generations());
    for (const OutputKey output : after.generations())
        writing.state.abandoned.erase(output);
    writing.state.catalog = std::make_shared<const Catalog>(std::move(after));
    return {};
}

void ChangeJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

RememberJob::RememberJob(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply)
    : notes_(std::move(notes))
    , reply_(std::move(reply))
{
}

Expected<void> RememberJob::write(Writing& writing)
{
    return writing.writeNotes(notes_);
}

void RememberJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

ExpireJob::ExpireJob(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most)
    : source_(source)
    , floor_(floor)
    , version_(version)
    , reply_(std::move(reply))
    , most_(most)
{
}

Expected<void> ExpireJob::write(Writing& writing)
{
    mayBeMore_ = writing.state.catalog->version == version_;
    std::size_t left = most_;
    while (left > 0 && mayBeMore_) {
        const Expected<std::size_t> removed = removeSlice(writing, std::min(left, expiredAtOnce));
        if (!removed)
            return fail(removed.error());
        left -= *removed;
    }
    return {};
}

Expected<std::size_t> ExpireJob::removeSlice(Writing& writing, std::size_t most)
{
    Expected<DatapointWriter::Removed> removed = writing.datapoints.removeBelow(source_, floor_, most);
    if (!removed)
        return fail(removed.error());
    mayBeMore_ = removed->mayBeMore;
    std::vector<Position>& positions = removed->positions;
    if (positions.empty())
        return 0;
    ++writing.state.expiries;
    if (auto done = writing.counters.addToSource(source_, -static_cast<std::int64_t>(positions.size()), Timestamp::min()); !done)
        return fail(done.error());
    const auto greatest = std::max_element(positions.begin(), positions.end(),
                                           [](const Position& a, const Position& b) { return a.sequence < b.sequence; });
    if (auto done = writing.writeExpiry(source_, greatest->sequence); !done)
        return fail(done.error());
    std::sort(positions.begin(), positions.end());
    // Generations that are being remade have items of the same datapoints.
    for (const OutputKey output : writing.counters.outputs()) {
        const Expected<std::int64_t> items = writing.items.remove(output, positions);
        if (!items)
            return fail(items.error());
        if (*items == 0)
            continue;
        if (auto done = writing.counters.addToOutput(output, {-*items, 0, 0, std::nullopt, std::nullopt}); !done)
            return fail(done.error());
    }
    return positions.size();
}

void ExpireJob::answer(const Expected<void>& outcome)
{
    reply_(outcome.map([this] { return mayBeMore_; }));
}

RestoreJob::RestoreJob(std::filesystem::path file, std::string who, Timestamp at, CatalogDifference entry,
                       std::function<void()> replaced, Reply<void> reply, std::stop_token stop)
    : file_(std::move(file))
    , who_(std::move(who))
    , at_(at)
    , entry_(std::move(entry))
    , replaced_(std::move(replaced))
    , reply_(std::move(reply))
    , stop_(std::move(stop))
{
}

Expected<void> RestoreJob::write(Writing& writing)
{
    Expected<Snapshot> snapshot = Snapshot::open(file_);
    if (!snapshot)
        return fail(snapshot.error());
    const Expected<Catalog> then = snapshot->catalog();
    if (!then)
        return fail(then.error());
    const Expected<Extent> extent = snapshot->extent();
    if (!extent)
        return fail(extent.error());
    const auto staged = writing.staging.all();
    if (!staged)
        return fail(staged.error());
    if (auto done = snapshot->copyInto(writing.connection, stop_); !done)
        return done;
    if (auto done = writing.staging.restored(*staged, writing.state.hidden); !done)
        return done;
    writing.items.forget();
    writing.datapoints.forget();
    if (auto done = writing.counters.readAgain(); !done)
        return done;
    const Expected<Sequence> greatest = writing.greatestStored();
    if (!greatest)
        return fail(greatest.error());
    // Less than that only where the database is an older one than the snapshot.
    writing.state.lastSequence = std::max(writing.state.lastSequence, *greatest);
    if (auto done = writing.writeRestore(); !done)
        return done;
    return writeCatalogChange(writing, restored(*writing.state.catalog, *then, *extent));
}

Expected<void> RestoreJob::writeCatalogChange(Writing& writing, Catalog after)
{
    const Catalog& before = *writing.state.catalog;
    const std::vector<CatalogDifference> different = differences(before, after);
    after.version = before.version + 1; // though nothing may differ: the data does
    if (auto done = writeCatalog(writing.connection, different, after.version); !done)
        return done;
    if (auto done = writeAudit(writing.connection, who_, at_, {&entry_, 1}); !done)
        return done;
    if (auto done = writeAudit(writing.connection, who_, at_, different); !done)
        return done;
    writing.state.replaced = std::exchange(writing.state.abandoned, {});
    for (const OutputKey output : writing.counters.outputs())
        writing.state.abandoned.insert(output);
    writing.state.replaced.merge(before.generations());
    for (const OutputKey output : after.generations()) {
        writing.state.abandoned.erase(output);
        writing.state.replaced.erase(output);
    }
    writing.state.catalog = std::make_shared<const Catalog>(std::move(after));
    return {};
}

void RestoreJob::committedFirst()
{
    if (replaced_)
        replaced_();
}

void RestoreJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

JournalJob::JournalJob(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply)
    : who_(std::move(who))
    , at_(at)
    , entry_(std::move(entry))
    , reply_(std::move(reply))
{
}

Expected<void> JournalJob::write(Writing& writing)
{
    return writeAudit(writing.connection, who_, at_, {&entry_, 1});
}

void JournalJob::answer(const Expected<void>& outcome)
{
    reply_(outcome);
}

} // namespace iotman::store
