#include "core/mirror/mirrorintake.h"

#include "core/model/changes.h"

#include <algorithm>
#include <memory>

namespace iotman::mirror {

namespace {

std::string noteKey(SourceKey source)
{
    return "mirror:" + std::to_string(source);
}

} // namespace

Expected<MirrorPosition> MirrorIntake::position(const std::string& url) const
{
    return pipeline_.store().reader()->note(noteKey(key_)).map([&](const std::optional<std::string>& note) {
        return MirrorPosition::from(note.value_or(std::string()), url);
    });
}

Expected<std::vector<std::string>> MirrorIntake::newest(std::size_t most) const
{
    std::vector<std::string> items;
    const std::shared_ptr<const Catalog> catalog = pipeline_.store().catalog();
    const Output* own = catalog->outputNamed(OutputName{source_.text});
    if (!own)
        return items;
    const auto take = store::oneByOne([&](const Position&, std::string_view text) {
        items.emplace_back(text);
        return items.size() < most;
    });
    const Expected<void> read =
        pipeline_.store().reader()->newestFirst(own->key, Timestamp::min(), Timestamp::max(), std::nullopt, take);
    if (!read)
        return fail(read.error());
    std::reverse(items.begin(), items.end());
    return items;
}

Expected<Timestamp> MirrorIntake::timeOf(const pipeline::CompiledSource& source, const ReadItem& item) const
{
    if (!source.time)
        return item.time.value_or(item.arrival);
    if (!*source.time)
        return fail(source.time->error().within("the time expression of this source"));
    return (*source.time)->evaluate(scratch_.payload, {item.arrival, source_.text, 0});
}

Expected<Brought> MirrorIntake::bring(const std::vector<ReadItem>& items, store::Arrival arrival, const MirrorPosition& position)
{
    const std::shared_ptr<const pipeline::Compiled> compiled = pipeline_.compiled();
    const pipeline::CompiledSource* source = compiled->source(source_);
    if (!source || source->key != key_)
        return fail(notFound("source", source_.text));
    store::Batch batch;
    batch.source = key_;
    batch.arrival = arrival;
    Brought brought;
    for (const ReadItem& item : items) {
        const Expected<Timestamp> time =
            scratch_.payload.parse(item.json).and_then([&] { return timeOf(*source, item); });
        if (!time) {
            ++brought.leftOut;
            brought.why = time.error().detail;
            continue;
        }
        batch.payloads += scratch_.payload.text();
        batch.datapoints.push_back({*time, batch.payloads.size()});
        brought.from = std::min(brought.from.value_or(*time), *time);
        brought.to = std::max(brought.to.value_or(*time), *time);
    }
    batch.notes.emplace_back(noteKey(key_), position.text());
    pipeline::Prepared prepared = pipeline::prepare(*source, source_.text, batch, scratch_);
    const auto stored = store::await<store::Committed>([&](store::Reply<store::Committed> reply) {
        pipeline_.append(std::move(batch), source_, std::move(prepared), std::move(reply));
    });
    return stored.map([&](const store::Committed&) { return std::move(brought); });
}

} // namespace iotman::mirror
