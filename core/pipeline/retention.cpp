#include "core/pipeline/retention.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace iotman::pipeline {

namespace {

constexpr auto cleanUpEvery = std::chrono::seconds(1);
constexpr std::size_t leastAtOnce = 8;
/// A full disk has room again when the log was moved, for which the store needs a moment.
constexpr auto roomComesAfter = std::chrono::milliseconds(250);

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

void expireBeforeChange(store::Store& store, store::Reader& reader, std::uint64_t version, const Source& source, Timestamp now)
{
    constexpr std::size_t most = 16 * store::expiredAtOnce;
    const store::Retention retention = retentionOf(source);
    if (!retention.any())
        return;
    const Expected<store::Floor> floor = reader.floor(source.key, retention, now);
    if (floor)
        store.expire(source.key, *floor, version, [](const Expected<bool>&) {}, most);
}

void expireBeforeChange(store::Store& store, store::Reader& reader, const Catalog& catalog, const std::vector<SourceDraft>& sources, Timestamp now)
{
    std::map<std::string_view, const Json*> given;
    for (const SourceDraft& draft : sources)
        given.emplace(draft.name.text, &draft.settings);
    for (const auto& [name, source] : catalog.sources) {
        const auto found = given.find(name.text);
        if (found == given.end() || *found->second != source.settings)
            expireBeforeChange(store, reader, catalog.version, source, now);
    }
}

std::shared_ptr<const RetentionRules> RetentionRules::make(const Catalog& catalog)
{
    auto rules = std::make_shared<RetentionRules>();
    rules->version_ = catalog.version;
    for (const auto& [name, source] : catalog.sources) {
        const store::Retention retention = retentionOf(source);
        if (!retention.any())
            continue;
        rules->sources_.emplace_back(source.key, retention);
        for (const auto& [id, output] : catalog.outputs) {
            if (output.holdsOthers || Catalog::reads(output, name))
                rules->outputs_[output.key].emplace_back(source.key, retention);
        }
    }
    return rules;
}

const store::KeptSources* RetentionRules::ofOutput(OutputKey output) const
{
    const auto found = outputs_.find(output);
    return found == outputs_.end() ? nullptr : &found->second;
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
    rules_.store(RetentionRules::make(catalog));
}

std::shared_ptr<const store::KeptSources> Retention::ofAll() const
{
    std::shared_ptr<const RetentionRules> rules = rules_.load();
    const store::KeptSources* all = &rules->sources();
    return {std::move(rules), all};
}

std::shared_ptr<const store::KeptSources> Retention::ofOutput(OutputKey output) const
{
    std::shared_ptr<const RetentionRules> rules = rules_.load();
    const store::KeptSources* kept = rules->ofOutput(output);
    return kept ? std::shared_ptr<const store::KeptSources>(std::move(rules), kept) : nullptr;
}

void Retention::work(const std::stop_token& stop)
{
    const std::unique_ptr<store::Reader> reader = store_.reader();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        stopped_.wait_for(lock, stop, cleanUpEvery, [] { return false; });
        if (!stop.stop_requested())
            cleanUp(stop, lock, *reader);
    }
}

/// What cannot be done now (a locked file) is done the next time. What the disk has no room for is tried again, then in smaller steps:
/// each expired item may lie in a block of its own, which is written anew.
void Retention::cleanUp(const std::stop_token& stop, std::unique_lock<std::mutex>& lock, store::Reader& reader)
{
    const std::shared_ptr<const RetentionRules> rules = rules_.load();
    atOnce_ = std::min(2 * atOnce_, store::expiredAtOnce);
    for (const auto& [source, retention] : rules->sources()) {
        const Expected<store::Floor> floor = reader.floor(source, retention, clock_.now());
        bool mayBeMore = floor.has_value();
        bool isAgain = false;
        while (mayBeMore && !stop.stop_requested()) {
            const auto done = store::await<bool>(
                [&, key = source](store::Reply<bool> reply) { store_.expire(key, *floor, rules->version(), std::move(reply), atOnce_); });
            const bool fits = done || done.error().kind != Problem::NoSpace;
            mayBeMore = fits ? done && *done : !isAgain || atOnce_ > leastAtOnce;
            if (isAgain && !fits)
                atOnce_ = std::max(atOnce_ / 2, leastAtOnce);
            isAgain = !fits;
            if (isAgain)
                stopped_.wait_for(lock, stop, roomComesAfter, [] { return false; });
        }
    }
}

} // namespace iotman::pipeline
