#include "tests/core/store/memorystore.h"

#include <algorithm>
#include <set>

namespace iotman::store {

class MemoryReader final : public Reader, public StagedReader {
public:
    explicit MemoryReader(const MemoryStore& store, const Keeping* keeping = nullptr)
        : store_(store)
        , keeping_(keeping)
    {
    }

    Expected<void> newestFirst(OutputKey output, Timestamp from, Timestamp to, const std::optional<Position>& before,
                               const ItemsVisitor& visit) override
    {
        const auto items = itemsOf(output);
        for (auto item = items.rbegin(); item != items.rend(); ++item) {
            const Position& position = item->first;
            if (store_.isHidden(position.sequence) || position.time < from || position.time > to ||
                (before && !(position < *before)))
                continue;
            const Item found{position, item->second.text};
            if (!visit(ItemRun({&found, 1})))
                break;
        }
        return {};
    }

    Expected<void> oldestFirst(OutputKey output, Sequence after, Sequence until, const Position& position,
                               const ItemVisitor& visit) override
    {
        const auto items = itemsOf(output);
        for (const auto& [at, item] : items) {
            if (store_.isHidden(at.sequence) || at.sequence <= after || at.sequence > until || !(at > position))
                continue;
            if (!visit(at, item.text))
                break;
        }
        return {};
    }

    Expected<void> bySequence(OutputKey output, Sequence after, const ItemVisitor& visit) override
    {
        std::map<Sequence, std::pair<Position, std::string_view>> live;
        const auto items = itemsOf(output);
        for (const auto& [at, item] : items) {
            if (item.arrival == Arrival::Live && at.sequence > after)
                live.emplace(at.sequence, std::pair(at, std::string_view(item.text)));
        }
        for (const auto& [sequence, item] : live) {
            if (!visit(item.first, item.second))
                break;
        }
        return {};
    }

    Expected<void> datapoints(std::optional<SourceKey> source, Sequence after, Sequence until,
                              const DatapointVisitor& visit) override
    {
        for (const auto& [sequence, datapoint] : store_.datapoints_) {
            if (datapoint.staged != 0 || sequence <= after || sequence > until || (source && datapoint.source != *source))
                continue;
            if (hasExpired(sequence, datapoint))
                continue;
            if (!visit({datapoint.time, sequence}, datapoint.source, datapoint.payload))
                break;
        }
        return {};
    }

    Expected<void> allDatapoints(Sequence after, Sequence until, const StagedVisitor& visit) override
    {
        for (const auto& [sequence, datapoint] : store_.datapoints_) {
            if (sequence <= after || sequence > until)
                continue;
            if (!visit(KeptDatapoint{{datapoint.time, sequence}, datapoint.source, datapoint.arrival, datapoint.staged, datapoint.payload}))
                break;
        }
        return {};
    }

    Expected<std::vector<StagedImport>> stagedImports() override
    {
        std::vector<StagedImport> imports;
        for (const auto& [name, import] : store_.imports_)
            imports.push_back(import.facts);
        std::sort(imports.begin(), imports.end(), [](const StagedImport& a, const StagedImport& b) { return a.key < b.key; });
        return imports;
    }

    Expected<Sequence> lastSequence() override { return store_.last_; }

    Expected<std::optional<std::string>> note(std::string_view key) override
    {
        const auto found = store_.notes_.find(key);
        return found == store_.notes_.end() ? std::nullopt : std::optional(found->second);
    }

    Expected<std::optional<Answered>> answered(SourceKey source, std::string_view identity, Timestamp since) override
    {
        const auto found = store_.requests_.find({source, std::string(identity)});
        const bool known = found != store_.requests_.end() && found->second.first > since;
        return known ? std::optional(found->second.second) : std::nullopt;
    }

    Expected<Floor> floor(SourceKey source, const Retention& retention, Timestamp now) override
    {
        Floor floor;
        if (retention.ageUs)
            floor.time = {now.us - *retention.ageUs};
        std::int64_t count = 0;
        std::int64_t bytes = 0;
        Sequence least = INT64_MAX;
        for (auto at = store_.datapoints_.rbegin(); at != store_.datapoints_.rend(); ++at) {
            if (at->second.source != source || at->second.staged != 0)
                continue;
            if (at->second.time >= floor.time) {
                ++count;
                bytes += static_cast<std::int64_t>(at->second.payload.size());
            }
            if (count > retention.count.value_or(INT64_MAX) || bytes > retention.bytes.value_or(INT64_MAX)) {
                floor.sequence = least;
                break;
            }
            least = at->first;
        }
        return floor;
    }

    Expected<std::vector<AuditEntry>> audit(std::int64_t before, int limit) override
    {
        std::vector<AuditEntry> some;
        for (auto entry = store_.audit_.rbegin(); entry != store_.audit_.rend() && static_cast<int>(some.size()) < limit;
             ++entry) {
            if (entry->number < before)
                some.push_back(*entry);
        }
        return some;
    }

private:
    bool hasExpired(Sequence sequence, const MemoryStore::Kept& datapoint)
    {
        const auto all = keeping_ ? keeping_->ofAll() : nullptr;
        return all && std::any_of(all->begin(), all->end(), [&](const auto& kept) {
            return kept.first == datapoint.source && floor(kept.first, kept.second, keeping_->now())->isBelow({datapoint.time, sequence});
        });
    }

    std::map<Position, MemoryStore::Item> itemsOf(OutputKey output)
    {
        const auto found = store_.items_.find(output);
        std::map<Position, MemoryStore::Item> items = found == store_.items_.end() ? std::map<Position, MemoryStore::Item>() : found->second;
        const auto kept = keeping_ ? keeping_->ofOutput(output) : nullptr;
        if (!kept)
            return items;
        for (const auto& [source, retention] : *kept) {
            const Floor lowest = *floor(source, retention, keeping_->now());
            std::erase_if(items, [&, key = source](const auto& item) {
                const auto datapoint = store_.datapoints_.find(item.first.sequence);
                return datapoint != store_.datapoints_.end() && datapoint->second.source == key && lowest.isBelow(item.first);
            });
        }
        return items;
    }

    const MemoryStore& store_;
    const Keeping* keeping_;
};

MemoryStore::MemoryStore(Catalog initial)
    : catalog_(std::make_shared<const Catalog>(std::move(initial)))
{
}

void MemoryStore::change(std::string who, Timestamp at, std::function<Expected<void>(Catalog&, Sequence last)> change,
                         Reply<void> reply, std::size_t)
{
    Catalog after = *catalog_;
    if (auto done = change(after, last_); !done)
        return reply(done);
    const std::vector<CatalogDifference> different = differences(*catalog_, after);
    if (different.empty())
        return reply({});
    for (CatalogDifference entry : different) {
        if (entry.kind == "keys")
            continue;
        entry.before = asJournalled(entry.before);
        entry.after = asJournalled(entry.after);
        if (entry.before == entry.after)
            continue;
        audit_.push_back({static_cast<std::int64_t>(audit_.size()) + 1, at, who, std::move(entry)});
    }
    std::set<OutputKey> gone = catalog_->generations();
    for (const OutputKey output : after.generations())
        gone.erase(output);
    for (const OutputKey output : gone) {
        items_.erase(output);
        counts_.erase(output);
    }
    after.version = catalog_->version + 1;
    catalog_ = std::make_shared<const Catalog>(std::move(after));
    if (catalogListener_)
        catalogListener_(catalog_);
    reply({});
}

void MemoryStore::journal(std::string who, Timestamp at, CatalogDifference entry, Reply<void> reply)
{
    audit_.push_back({static_cast<std::int64_t>(audit_.size()) + 1, at, std::move(who), std::move(entry)});
    reply({});
}

void MemoryStore::append(Batch batch, MakeItems make, Reply<Committed> reply)
{
    if (!catalog_->sourceByKey(batch.source))
        return reply(fail(Problem::NotFound, "the source is gone"));
    const Sequence first = last_ + 1;
    const Expected<std::vector<MadeItems>> all = make(batch, first, *catalog_);
    if (!all)
        return reply(fail(all.error()));
    const StagedKey staged =
        batch.staged && !batch.datapoints.empty() ? stage(*batch.staged, batch.source, batch.datapoints.size()) : 0;
    if (staged != 0)
        batch.arrival = Arrival::History;
    for (std::size_t i = 0; i < batch.datapoints.size(); ++i) {
        const Timestamp time = batch.datapoints[i].time;
        datapoints_.emplace(++last_, Kept{batch.source, time, std::string(batch.payload(i)), staged, batch.arrival});
        if (staged != 0)
            continue;
        SourceCounts& counts = sourceCounts_[batch.source];
        ++counts.datapoints;
        counts.lastDatapointAt = std::max(counts.lastDatapointAt, std::optional(time));
    }
    std::vector<Published> published;
    for (const MadeItems& made : *all) {
        Published some{made.output, {}};
        std::size_t start = 0;
        std::optional<Timestamp> newest;
        for (const MadeItem& item : made.items) {
            const Position position{batch.datapoints[item.datapoint].time, first + item.datapoint};
            const std::string_view text = std::string_view(made.texts).substr(start, item.end - start);
            start = item.end;
            items_[made.output].emplace(position, Item{std::string(text), batch.arrival});
            some.items.push_back({position, text});
            newest = std::max(newest, std::optional(position.time));
        }
        count(staged, made.output, static_cast<std::int64_t>(made.items.size()), made.skipped, made.failed, made.lastFailure,
              newest);
        if (!some.items.empty())
            published.push_back(std::move(some));
    }
    note(batch.notes);
    if (batch.request)
        requests_[{batch.source, batch.request->identity}] = {
            batch.request->at, {batch.request->body, static_cast<std::int64_t>(batch.datapoints.size())}};
    if (listener_ && batch.arrival == Arrival::Live && !published.empty())
        listener_(published);
    reply(Committed{first, batch.datapoints.size()});
}

void MemoryStore::remember(std::vector<std::pair<std::string, std::string>> notes, Reply<void> reply)
{
    note(notes);
    reply({});
}

void MemoryStore::expire(SourceKey source, Floor floor, std::uint64_t version, Reply<bool> reply, std::size_t most)
{
    if (version != catalog_->version)
        return reply(false);
    std::vector<Position> gone;
    for (const auto& [sequence, datapoint] : datapoints_) {
        if (gone.size() < most && datapoint.staged == 0 && datapoint.source == source && floor.isBelow({datapoint.time, sequence}))
            gone.push_back({datapoint.time, sequence});
    }
    expiries_ += gone.empty() ? 0 : 1;
    for (const Position& position : gone) {
        datapoints_.erase(position.sequence);
        --sourceCounts_[source].datapoints;
        for (auto& [output, items] : items_)
            counts_[output].items -= static_cast<std::int64_t>(items.erase(position));
    }
    reply(gone.size() == most);
}

bool MemoryStore::isHidden(Sequence sequence) const
{
    const auto datapoint = datapoints_.find(sequence);
    return datapoint != datapoints_.end() && datapoint->second.staged != 0;
}

StagedKey MemoryStore::stage(const Staged& staged, SourceKey source, std::size_t count)
{
    StagedImport& facts = imports_[staged.import].facts;
    if (facts.key == 0)
        facts = {staged.import, static_cast<StagedKey>(last_ + 1), source, 0, last_ + 1, 0, false};
    facts.datapoints += static_cast<std::int64_t>(count);
    facts.last = last_ + count;
    return facts.key;
}

/// Compares no rules: in the tests that compare stores they do not change.
void MemoryStore::commitStaged(std::string import, StagedNeeds needs, std::vector<OutputKey>,
                               std::vector<std::pair<std::string, std::string>> notes, Reply<StagedOutcome> reply)
{
    note(notes);
    const auto found = imports_.find(import);
    if (found == imports_.end())
        return reply(StagedOutcome{});
    const StagedImport facts = found->second.facts;
    const Source* source = catalog_->sourceByKey(facts.source);
    for (const StagedNeed& need : needs(*catalog_, *source)) {
        const auto counted = found->second.made.find(need.output);
        if (counted == found->second.made.end())
            continue;
        const OutputCounts& made = counted->second;
        count(0, need.output, made.items, made.skipped, made.failed, made.lastFailure, made.lastItemAt);
    }
    for (auto& [sequence, datapoint] : datapoints_) {
        if (datapoint.staged != facts.key)
            continue;
        datapoint.staged = 0;
        SourceCounts& counts = sourceCounts_[facts.source];
        ++counts.datapoints;
        counts.lastDatapointAt = std::max(counts.lastDatapointAt, std::optional(datapoint.time));
    }
    imports_.erase(found);
    reply(StagedOutcome{facts.datapoints, {}, {}});
}

void MemoryStore::discardStaged(std::string import, Reply<void> reply)
{
    const auto found = imports_.find(import);
    if (found == imports_.end())
        return reply({});
    const StagedKey key = found->second.facts.key;
    for (auto& [output, items] : items_) {
        std::erase_if(items, [&](const auto& item) {
            const auto datapoint = datapoints_.find(item.first.sequence);
            return datapoint != datapoints_.end() && datapoint->second.staged == key;
        });
    }
    std::erase_if(datapoints_, [&](const auto& entry) { return entry.second.staged == key; });
    imports_.erase(found);
    reply({});
}

void MemoryStore::addRemade(Remade remade, Reply<void> reply)
{
    if (remade.isApplied ? !catalog_->outputApplying(remade.output) : !catalog_->generations().contains(remade.output))
        return reply(fail(Problem::NotFound, "nobody asks for these items any more"));
    std::erase_if(remade.items, [&](const RemadeItem& item) { return item.source != 0 && !datapoints_.contains(item.position.sequence); });
    std::size_t start = 0;
    std::optional<Timestamp> newest;
    for (const RemadeItem& item : remade.items) {
        const Arrival arrival = remade.staged != 0 ? Arrival::History : item.arrival;
        items_[remade.output].emplace(item.position, Item{remade.texts.substr(start, item.end - start), arrival});
        start = item.end;
        newest = std::max(newest, std::optional(item.position.time));
    }
    count(remade.staged, remade.output, static_cast<std::int64_t>(remade.items.size()), remade.skipped, remade.failed,
          remade.lastFailure, newest);
    note(remade.notes);
    reply({});
}

Expected<void> MemoryStore::saveSnapshot(const std::filesystem::path&, Timestamp, Extent) const
{
    return fail(Problem::NotImplemented, "this store keeps no files");
}

void MemoryStore::restoreSnapshot(std::filesystem::path, std::string, Timestamp, CatalogDifference, std::function<void()>,
                                  Reply<void> reply)
{
    reply(fail(Problem::NotImplemented, "this store keeps no files"));
}

void MemoryStore::setListeners(std::function<void(std::span<const Published>)> listener,
                               std::function<void(std::shared_ptr<const Catalog>)> catalogListener)
{
    listener_ = std::move(listener);
    catalogListener_ = std::move(catalogListener);
}

std::unique_ptr<Reader> MemoryStore::reader()
{
    return std::make_unique<MemoryReader>(*this);
}

std::unique_ptr<Reader> MemoryStore::retainedReader(const Keeping& keeping)
{
    return std::make_unique<MemoryReader>(*this, &keeping);
}

std::unique_ptr<StagedReader> MemoryStore::stagedReader()
{
    return std::make_unique<MemoryReader>(*this);
}

OutputCounts MemoryStore::counts(OutputKey output) const
{
    const auto found = counts_.find(output);
    return found == counts_.end() ? OutputCounts() : found->second;
}

SourceCounts MemoryStore::sourceCounts(SourceKey source) const
{
    const auto found = sourceCounts_.find(source);
    return found == sourceCounts_.end() ? SourceCounts() : found->second;
}

void MemoryStore::count(StagedKey staged, OutputKey output, std::int64_t items, std::int64_t skipped, std::int64_t failed,
                        const std::optional<OutputFailure>& failure, std::optional<Timestamp> newest)
{
    const auto import = std::find_if(imports_.begin(), imports_.end(),
                                     [&](const auto& entry) { return staged != 0 && entry.second.facts.key == staged; });
    OutputCounts& counts = import == imports_.end() ? counts_[output] : import->second.made[output];
    counts.items += items;
    counts.skipped += skipped;
    counts.failed += failed;
    if (failure)
        counts.lastFailure = failure;
    counts.lastItemAt = std::max(counts.lastItemAt, newest);
}

void MemoryStore::note(const std::vector<std::pair<std::string, std::string>>& notes)
{
    for (const auto& [key, value] : notes) {
        if (value.empty())
            notes_.erase(key);
        else
            notes_.insert_or_assign(key, value);
    }
}

} // namespace iotman::store
