#include "core/pipeline/ingest.h"

#include "core/import/splitbody.h"
#include "core/model/changes.h"

namespace iotman::pipeline {

Expected<store::Batch> Ingest::batchOf(const CompiledSource& source, std::string_view sourceName, std::string_view body,
                                       Prepared& prepared)
{
    const Expected<files::Body> split = files::splitBody(body);
    if (!split)
        return fail(split.error());
    if (source.time && !*source.time)
        return fail(source.time->error().within("the time expression of this source"));

    const Timestamp arrival = clock_.now();
    store::Batch batch;
    batch.source = source.key;
    batch.payloads.reserve(body.size());
    batch.datapoints.reserve(split->objects.size());
    prepared = {withoutSequence(source), {}, forRequestInWriter};
    Making making(prepared.outputs, forRequest);

    for (const files::Slice& slice : split->objects) {
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
        if (auto made = making.add(scratch_.payload, {time, sourceName, 0}); !made)
            return fail(made.error());
    }
    prepared.made = making.take();
    for (const store::MadeItems& made : prepared.made)
        prepared.left.bytes -= std::min(prepared.left.bytes, made.texts.size());
    return batch;
}

void Ingest::take(const SourceName& name, std::string_view body, std::optional<store::RequestIdentity> request,
                  store::Reply<std::size_t> reply)
{
    const std::shared_ptr<const Compiled> compiled = pipeline_.compiled();
    const CompiledSource* source = compiled->source(name);
    if (!source || source->kind != SourceKind::Http) {
        reply(fail(notFound("source for HTTP", name.text)));
        return;
    }
    if (!source->enabled) {
        reply(fail(Problem::NotFound, "the source “" + name.text + "” is switched off"));
        return;
    }
    Prepared prepared;
    Expected<store::Batch> batch = batchOf(*source, name.text, body, prepared);
    if (!batch) {
        reply(fail(batch.error()));
        return;
    }
    if (batch->datapoints.empty() && !request) { // an empty one that says who it is, is remembered like any other
        reply(std::size_t{0});
        return;
    }
    batch->request = std::move(request);
    pipeline_.append(std::move(*batch), name, std::move(prepared),
                     [reply = std::move(reply)](Expected<store::Committed> committed) { reply(committed.map([](const store::Committed& c) { return c.count; })); });
}

} // namespace iotman::pipeline
