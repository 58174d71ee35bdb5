// /api/sources/{name}/mirror
#include "core/mirror/mirrorsources.h"
#include "core/server/managementanswers.h"
#include "core/server/trustedissuers.h"

namespace iotman::server {

Expected<void> checkMirrorUrl(const Json& settings, const std::function<bool(const HttpAddress&)>& isOwn)
{
    return EndpointUrl::parse(MirrorSettings::of(settings).url).and_then([&](const EndpointUrl& place) -> Expected<void> {
        if (!isOwn || !isOwn(place.address))
            return {};
        return fail(Error{Problem::BadRequest, "url: " + std::string(mirror::ownEndpoint), "settings", 0, "/settings/url"});
    });
}

void Management::getMirror(const ManagementCall& call)
{
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Source* source = findOrAnswer(catalog->sources, "source", call);
    if (!source)
        return;
    if (source->kind != SourceKind::Mirror) {
        call.reply(problemResponse({Problem::NotFound, "the source “" + source->name.text + "” is no mirror"}));
        return;
    }
    const mirror::MirrorState state = context_.mirrors ? context_.mirrors->state(source->name) : mirror::MirrorState{};
    Json answer{{"state", text(state.is)}, {"detail", textOrNull(state.detail)}, {"trusted_issuer", nullptr}};
    if (const auto issuer = MirrorSettings::of(source->settings).trustedIssuer) {
        const TrustedIssuers::State keys = context_.issuers->stateOf(source->key, *issuer);
        answer["trusted_issuer"] = {{"keys", keys.keys}, {"fetched_at", timeJson(keys.fetchedAt)}, {"detail", textOrNull(keys.trouble)}};
    }
    call.reply(jsonResponse(200, answer));
}

} // namespace iotman::server
