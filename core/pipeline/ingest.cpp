#include "core/pipeline/ingest.h"

#include "core/import/splitbody.h"
#include "core/model/changes.h"

namespace iotman::pipeline {

namespace {

/// Of the rules for all datapoints of a request, some seconds' worth, and for each item that is to be made: who asks has a thread
/// that others wait for. A datapoint alone may take what its rules may.
constexpr std::int64_t stepsAtOnce = 20'000'000;
constexpr std::int64_t stepsForEach = 400;
constexpr std::size_t bytesAtOnce = std::size_t(256) * 1024 * 1024;

} // namespace

Expected<store::Batch> Ingest::batchOf(const CompiledSource& source, std::string_view sourceName, std::string_view body,
                                       std::vector<store::MadeItems>& made)
{
    const Expected<files::Body> split = files::splitBody(body);
    if (!split)
        return fail(split.error());
    if (source.time && !*source.time)
        return fail(source.time->error().within("the time expression of this source"));

    const Timestamp arrival = clock_.now();
    std::int64_t steps = 0;
    std::size_t bytes = 0;
    store::Batch batch;
    batch.source = source.key;
    batch.payloads.reserve(body.size());
    batch.datapoints.reserve(split->objects.size());
    made.assign(source.outputs.size(), {});
    for (std::size_t o = 0; o < made.size(); ++o)
        made[o].output = source.outputs[o]->key;

    for (std::size_t i = 0; i < split->objects.size(); ++i) {
        const files::Slice& slice = split->objects[i];
        const auto refuse = [&](const Error& error) { return fail(files::placedInBody(body, split->shape, slice, error)); };
        if (const auto parsed = scratch_.payload.parse(slice.text); !parsed)
            return refuse(parsed.error());
        Timestamp time = arrival;
        if (source.time) {
            const Expected<Timestamp> evaluated = (*source.time)->evaluate(scratch_.payload, {arrival, sourceName, 0});
            if (!evaluated)
                return refuse(evaluated.error().within("the time expression of this source"));
            time = *evaluated;
        }
        batch.payloads += slice.text;
        batch.datapoints.push_back({time, batch.payloads.size()});
        if (source.usesId)
            continue;
        for (std::size_t o = 0; o < made.size(); ++o) {
            const std::size_t before = made[o].texts.size();
            run(*source.outputs[o], scratch_.payload, {time, sourceName, 0}, static_cast<std::uint32_t>(i), made[o], steps);
            bytes += made[o].texts.size() - before;
        }
        const bool isDear = steps > stepsAtOnce + stepsForEach * static_cast<std::int64_t>((i + 1) * made.size());
        if (i > 0 && (isDear || bytes > bytesAtOnce))
            return fail(Problem::TooLarge, isDear ? "the rules of this source take too many steps for these datapoints together; send fewer at once"
                                                  : "the items made of these datapoints take more than 256 MiB; send fewer at once");
    }
    return batch;
}

void Ingest::take(const SourceName& name, std::string_view body, std::optional<store::RequestIdentity> request,
                  store::Reply<std::size_t> reply)
{
    std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!source || source->kind != SourceKind::Http) {
        reply(fail(notFound("source for HTTP", name.text)));
        return;
    }
    if (!source->enabled) {
        reply(fail(Problem::NotFound, "the source “" + name.text + "” is switched off"));
        return;
    }
    std::vector<store::MadeItems> made;
    Expected<store::Batch> batch = batchOf(*source, name.text, body, made);
    if (!batch) {
        reply(fail(batch.error()));
        return;
    }
    if (batch->datapoints.empty() && !request) { // an empty one that says who it is, is remembered like any other
        reply(std::size_t{0});
        return;
    }
    batch->request = std::move(request);
    std::optional<std::vector<store::MadeItems>> prepared;
    if (!source->usesId)
        prepared = std::move(made);
    pipeline_.append(std::move(*batch), name, compiled, std::move(prepared),
                     [reply = std::move(reply)](Expected<store::Committed> committed) { reply(committed.map([](const store::Committed& c) { return c.count; })); });
}

} // namespace iotman::pipeline
