#include "core/pipeline/retention.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

namespace iotman::pipeline {

namespace {

constexpr auto cleanUpEvery = std::chrono::seconds(1);

/// Leaves out what lies below the floor of an output's sources. Where they differ, the lowest counts: what lies between is the
/// cleaner's.
class RetainedReader final : public store::Reader {
public:
    RetainedReader(std::unique_ptr<store::Reader> reader, const Retention& retention)
        : reader_(std::move(reader))
        , retention_(retention)
    {
    }

    Expected<void> newestFirst(OutputKey output, Timestamp from, Timestamp to, const std::optional<Position>& before,
                               const store::ItemsVisitor& visit) override
    {
        return above(output, visit, [&](const store::Floor& floor, const store::ItemsVisitor& kept) {
            return reader_->newestFirst(output, std::max(from, floor.time), to, before, kept);
        });
    }
    Expected<void> oldestFirst(OutputKey output, Sequence after, Sequence until, const Position& position,
                               const store::ItemVisitor& visit) override
    {
        return above(output, visit, [&](const store::Floor& floor, const store::ItemVisitor& kept) {
            return reader_->oldestFirst(output, after, until, std::max(position, Position::before(floor.time)), kept);
        });
    }
    Expected<void> bySequence(OutputKey output, Sequence after, const store::ItemVisitor& visit) override
    {
        return above(output, visit, [&](const store::Floor&, const store::ItemVisitor& kept) {
            return reader_->bySequence(output, after, kept);
        });
    }
    Expected<void> datapoints(std::optional<SourceKey> source, Sequence after, Sequence until,
                              const store::DatapointVisitor& visit) override
    {
        return reader_->datapoints(source, after, until, visit);
    }
    Expected<Sequence> lastSequence() override { return reader_->lastSequence(); }
    Expected<std::optional<std::string>> note(std::string_view key) override { return reader_->note(key); }
    Expected<std::optional<store::Answered>> answered(SourceKey source, std::string_view identity, Timestamp since) override
    {
        return reader_->answered(source, identity, since);
    }
    Expected<store::Floor> floor(SourceKey source, const store::Retention& retention, Timestamp now) override
    {
        return reader_->floor(source, retention, now);
    }
    Expected<std::vector<store::AuditEntry>> audit(std::int64_t before, int limit) override
    {
        return reader_->audit(before, limit);
    }

private:
    static store::ItemVisitor kept(const store::Floor& floor, const store::ItemVisitor& visit)
    {
        return [&](const Position& position, std::string_view text) { return floor.isBelow(position) || visit(position, text); };
    }
    static store::ItemsVisitor kept(const store::Floor& floor, const store::ItemsVisitor& visit)
    {
        return [&](const store::ItemRun& items) {
            if (items.all([&](const store::Item& item) { return !floor.isBelow(item.position); }))
                return visit(items);
            return items.all([&](const store::Item& item) {
                return floor.isBelow(item.position) || visit(store::ItemRun({&item, 1}));
            });
        };
    }

    template <class Visitor, class Read>
    Expected<void> above(OutputKey output, const Visitor& visit, const Read& read)
    {
        const std::shared_ptr<const RetentionRules> rules = retention_.rules();
        const RetentionRules::Kept& sources = rules->ofOutput(output);
        if (sources.empty())
            return read(store::Floor{}, visit);
        store::Floor lowest{Timestamp::max(), INT64_MAX};
        for (const auto& [source, retention] : sources) {
            const Expected<store::Floor> floor = reader_->floor(source, retention, retention_.clock().now());
            if (!floor)
                return fail(floor.error());
            lowest.time = std::min(lowest.time, floor->time);
            lowest.sequence = std::min(lowest.sequence, floor->sequence);
        }
        return read(lowest, kept(lowest, visit));
    }

    std::unique_ptr<store::Reader> reader_;
    const Retention& retention_;
};

} // namespace

store::Retention retentionOf(const Source& source)
{
    store::Retention retention;
    const auto given = source.settings.find("retention");
    if (given == source.settings.end() || !given->is_object())
        return retention;
    const auto number = [&](const char* member) {
        const auto found = given->find(member);
        return found != given->end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
    };
    if (const auto age = number("age"))
        retention.ageUs = std::min(*age, INT64_MAX / Timestamp::usPerSecond) * Timestamp::usPerSecond;
    retention.count = number("count");
    retention.bytes = number("bytes");
    return retention;
}

std::shared_ptr<const RetentionRules> RetentionRules::make(const Catalog& catalog, bool strangers)
{
    auto rules = std::make_shared<RetentionRules>();
    for (const auto& [name, source] : catalog.sources) {
        if (const store::Retention retention = retentionOf(source); retention.any())
            rules->sources_.emplace_back(source.key, retention);
    }
    for (const auto& [id, output] : catalog.outputs) {
        Kept kept;
        bool all = !(output.sources.empty() && strangers);
        for (const auto& [name, source] : catalog.sources) {
            if (!Catalog::reads(output, name))
                continue;
            const store::Retention retention = retentionOf(source);
            all = all && retention.any();
            kept.emplace_back(source.key, retention);
        }
        // A name without a source was one's that has been deleted: its items stay.
        if (all && !kept.empty() && (output.sources.empty() || kept.size() == output.sources.size()))
            rules->outputs_.emplace(output.key, std::move(kept));
    }
    return rules;
}

const RetentionRules::Kept& RetentionRules::ofOutput(OutputKey output) const
{
    static const Kept none;
    const auto found = outputs_.find(output);
    return found == outputs_.end() ? none : found->second;
}

Retention::Retention(store::Store& store, const Clock& clock)
    : store_(store)
    , clock_(clock)
{
    catalogChanged(*store.catalog());
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Retention::stop()
{
    if (!thread_.joinable())
        return;
    thread_.request_stop();
    thread_.join();
}

void Retention::catalogChanged(const Catalog& catalog)
{
    std::set<SourceKey> known;
    for (const auto& [name, source] : catalog.sources)
        known.insert(source.key);
    bool strangers = false;
    for (SourceKey key = 1; key < catalog.nextKey && !strangers; ++key)
        strangers = !known.contains(key) && store_.sourceCounts(key).datapoints > 0;
    rules_.store(RetentionRules::make(catalog, strangers));
}

std::unique_ptr<store::Reader> Retention::reader()
{
    return std::make_unique<RetainedReader>(store_.reader(), *this);
}

void Retention::work(const std::stop_token& stop)
{
    const std::unique_ptr<store::Reader> reader = store_.reader();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        stopped_.wait_for(lock, stop, cleanUpEvery, [] { return false; });
        if (!stop.stop_requested())
            cleanUp(stop, *reader);
    }
}

/// What cannot be done now (a full disk, a locked file) is done the next time.
void Retention::cleanUp(const std::stop_token& stop, store::Reader& reader)
{
    for (const auto& [source, retention] : rules()->sources()) {
        const Expected<store::Floor> floor = reader.floor(source, retention, clock_.now());
        bool mayBeMore = floor.has_value();
        while (mayBeMore && !stop.stop_requested()) {
            const auto done =
                store::await<bool>([&, key = source](store::Reply<bool> reply) { store_.expire(key, *floor, std::move(reply)); });
            mayBeMore = done && *done;
        }
    }
}

} // namespace iotman::pipeline
