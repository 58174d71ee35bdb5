// /api/sources
#include "core/server/managementanswers.h"
#include "core/server/views.h"

namespace iotman::server {

namespace {

Expected<SourceDraft> checkedSourceDraft(const Json& json)
{
    return sourceDraftFrom(json, FilePath::Refused).and_then([](SourceDraft draft) {
        return pipeline::checkTime(draft.time).map([&] { return std::move(draft); });
    });
}

} // namespace

void Management::listSources(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->sources, [&](const Source& source) { return viewOf(context_, source, baseOf(context_, call)); });
}

void Management::postSource(const ManagementCall& call)
{
    const auto draft = bodyOf(call).and_then(checkedSourceDraft);
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    change(
        call, [draft = *draft](Catalog& catalog, Sequence, const Author& author) { return createSource(catalog, draft, author); },
        [&context = context_, name = draft->name, base = baseOf(context_, call)](const Catalog& catalog) {
            const Source& source = catalog.sources.at(name);
            return created("/api/sources/" + name.text, toJson(viewOf(context, source, base)), storedJson(source));
        });
}

void Management::getSource(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    if (const Source* source = findOrAnswer(catalog->sources, "source", call))
        call.reply(withTag(jsonResponse(200, toJson(viewOf(context_, *source, baseOf(context_, call)))), storedJson(*source)));
}

void Management::patchSource(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Source* source = findOrAnswer(catalog->sources, "source", call);
    if (!source)
        return;
    const auto patch = bodyOf(call).and_then([&](const Json& json) { return sourcePatchFrom(json, *source); }).and_then([](SourcePatch given) {
        return pipeline::checkTime(given.time.value_or(std::nullopt)).map([&] { return std::move(given); });
    });
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const SourceName name = source->name;
    change(
        call,
        [name, patch = *patch, ifMatch = IfMatch(call)](Catalog& changed, Sequence, const Author&) {
            return checkVersion(ifMatch, changed.sources, "source", name.text).and_then([&] { return changeSource(changed, name, patch); });
        },
        [&context = context_, name, base = baseOf(context_, call)](const Catalog& changed) {
            const Source& now = changed.sources.at(name);
            return withTag(jsonResponse(200, toJson(viewOf(context, now, base))), storedJson(now));
        });
}

void Management::deleteSource(const ManagementCall& call)
{
    change(
        call,
        [id = call.id, ifMatch = IfMatch(call)](Catalog& catalog, Sequence, const Author&) {
            return checkVersion(ifMatch, catalog.sources, "source", id).and_then([&] { return iotman::deleteSource(catalog, SourceName{id}); });
        },
        [](const Catalog&) { return emptyResponse(204); });
}

} // namespace iotman::server
