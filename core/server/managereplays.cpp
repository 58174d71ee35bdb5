// /api/sources/{name}/replay
#include "core/server/managementanswers.h"

namespace iotman::server {

namespace {

Json toJson(const pipeline::ReplayState& state)
{
    return {{"state", text(state.is)}, {"recorded_at", timeJson(state.recorded)}, {"now", timeJson(state.now)}};
}

Expected<std::int64_t> datapointsFrom(const ManagementCall& call)
{
    if (call.request.body.empty())
        return 1;
    const Expected<Json> json = parseJson(call.request.body);
    if (!json)
        return fail(json.error());
    ObjectReader reader(*json);
    const std::int64_t datapoints = reader.integer("datapoints", 1, 1, pipeline::ReplaySources::mostStepped);
    return reader.finish().map([&] { return datapoints; });
}

/// The name of a replay, or the answer that there is none.
std::optional<SourceName> replayOrAnswer(const ServerContext& context, const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context.store.catalog();
    const Source* source = findOrAnswer(catalog->sources, "source", call);
    if (!source)
        return std::nullopt;
    if (source->kind == SourceKind::Replay)
        return source->name;
    call.reply(problemResponse({Problem::NotFound, "the source “" + source->name.text + "” is no replay"}));
    return std::nullopt;
}

} // namespace

void Management::getReplay(const ManagementCall& call)
{
    const std::optional<SourceName> name = replayOrAnswer(context_, call);
    if (!name)
        return;
    behind(call, [this, name = *name] {
        return jsonResponse(200, toJson(context_.replays ? context_.replays->state(name) : pipeline::ReplayState{}));
    });
}

void Management::stepReplay(const ManagementCall& call)
{
    const std::optional<SourceName> name = replayOrAnswer(context_, call);
    if (!name)
        return;
    const Expected<std::int64_t> datapoints = datapointsFrom(call);
    if (!datapoints) {
        call.reply(problemResponse(datapoints.error()));
        return;
    }
    behind(call, [this, name = *name, datapoints = *datapoints] {
        if (!context_.replays)
            return problemResponse({Problem::Conflict, "no server plays “" + name.text + "” now, so it cannot be stepped"});
        const Expected<pipeline::ReplayState> state = context_.replays->step(name, datapoints);
        return state ? jsonResponse(200, toJson(*state)) : problemResponse(state.error());
    });
}

} // namespace iotman::server
