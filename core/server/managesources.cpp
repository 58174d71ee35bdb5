// /api/sources
#include "core/pipeline/namedfiles.h"
#include "core/pipeline/retention.h"
#include "core/server/managementanswers.h"
#include "core/server/outgoingsecrets.h"
#include "core/server/views.h"

namespace iotman::server {

namespace {

Expected<SourceDraft> checkedSourceDraft(const Json& json)
{
    return sourceDraftFrom(json, FilePath::Refused).and_then([](SourceDraft draft) {
        return pipeline::checkTime(draft.time)
            .and_then([&] { return pipeline::checkFileSettings(draft.kind, draft.settings); })
            .map([&] { return std::move(draft); });
    });
}

/// What an admin alone may write; others are told so before their body is judged.
bool isForbidden(const ManagementCall& call, bool isMirror)
{
    if (!isMirror || may(*call.identity.role, Action::WriteMirrors))
        return false;
    call.reply(problemResponse(forbidden(Action::WriteMirrors)));
    return true;
}

bool isMirror(const Expected<Json>& body)
{
    return body && body->is_object() && body->contains("kind") && (*body)["kind"] == text(SourceKind::Mirror);
}

/// Who may change a source, and how, was decided by its kind a moment ago.
Expected<void> checkKind(const Catalog& catalog, const SourceName& name, SourceKind kind)
{
    const auto found = catalog.sources.find(name);
    if (found == catalog.sources.end())
        return fail(notFound("source", name.text));
    return found->second.kind == kind ? Expected<void>() : fail(Problem::Conflict, "somebody else changed this meanwhile; load it again");
}

/// In the transaction that changes the catalog, so that a sign-in never stands there without its secret.
Expected<void> keepSecret(OutgoingSecrets& secrets, const Catalog& catalog, const SourceName& name,
                          const std::optional<OutgoingSecret>& given)
{
    if (!given)
        return {};
    return secrets.keep(catalog, {{catalog.sources.at(name).key, given->value}});
}

std::function<std::vector<std::string>()> givenFor(const SourceName& name, const std::optional<OutgoingSecret>& secret)
{
    if (!secret)
        return {};
    return [name] { return std::vector{name.text}; };
}

} // namespace

void Management::listSources(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    answerList(context_, call, catalog->sources, [&](const Source& source) { return viewOf(context_, source, baseOf(context_, call)); });
}

void Management::postSource(const ManagementCall& call)
{
    const Expected<Json> body = bodyOf(call);
    if (isForbidden(call, isMirror(body)))
        return;
    const auto draft = body.and_then(checkedSourceDraft).and_then([this](SourceDraft given) -> Expected<SourceDraft> {
        if (given.kind != SourceKind::Mirror)
            return given;
        return checkMirrorUrl(given.settings, context_.isOwn).map([&] { return std::move(given); });
    });
    if (!draft) {
        call.reply(problemResponse(draft.error()));
        return;
    }
    change(
        call,
        [draft = *draft, &secrets = *context_.secrets](Catalog& catalog, Sequence, const Author& author) {
            return createSource(catalog, draft, author).and_then([&] { return keepSecret(secrets, catalog, draft.name, draft.secret); });
        },
        [&context = context_, name = draft->name, base = baseOf(context_, call)](const Catalog& catalog) {
            const Source& source = catalog.sources.at(name);
            return created("/api/sources/" + name.text, toJson(viewOf(context, source, base)), storedJson(source));
        },
        givenFor(draft->name, draft->secret));
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
    if (!source || isForbidden(call, source->kind == SourceKind::Mirror))
        return;
    const auto patch = bodyOf(call).and_then([&](const Json& json) { return sourcePatchFrom(json, *source); }).and_then([&](SourcePatch given) {
        const bool isMirrorUrl = source->kind == SourceKind::Mirror && given.settings;
        return pipeline::checkTime(given.time.value_or(std::nullopt))
            .and_then([&] { return given.settings ? pipeline::checkFileSettings(source->kind, *given.settings) : Expected<void>(); })
            .and_then([&] { return isMirrorUrl ? checkMirrorUrl(*given.settings, context_.isOwn) : Expected<void>(); })
            .map([&] { return std::move(given); });
    });
    if (!patch) {
        call.reply(problemResponse(patch.error()));
        return;
    }
    const SourceName name = source->name;
    if (patch->settings)
        pipeline::expireBeforeChange(context_.store, *reader_, catalog->version, *source, context_.clock.now());
    change(
        call,
        [name, kind = source->kind, patch = *patch, preconditions = Preconditions(call), &secrets = *context_.secrets](Catalog& changed, Sequence, const Author&) {
            return checkKind(changed, name, kind)
                .and_then([&] { return checkVersion(preconditions, changed.sources, "source", name.text); })
                .and_then([&] { return changeSource(changed, name, patch); })
                .and_then([&] { return keepSecret(secrets, changed, name, patch.secret); });
        },
        [&context = context_, name, base = baseOf(context_, call)](const Catalog& changed) {
            const Source& now = changed.sources.at(name);
            return withTag(jsonResponse(200, toJson(viewOf(context, now, base))), storedJson(now));
        },
        givenFor(name, patch->secret));
}

void Management::deleteSource(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> now = context_.store.catalog();
    const Source* source = findOrAnswer(now->sources, "source", call);
    if (!source || isForbidden(call, source->kind == SourceKind::Mirror))
        return;
    pipeline::expireBeforeChange(context_.store, *reader_, now->version, *source, context_.clock.now());
    change(
        call,
        [name = source->name, kind = source->kind, deleted = deletion(call, &Catalog::sources, "source", iotman::deleteSource)](
            Catalog& catalog, Sequence last, const Author& author) { return checkKind(catalog, name, kind).and_then([&] { return deleted(catalog, last, author); }); },
        gone);
}

} // namespace iotman::server
