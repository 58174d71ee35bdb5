#include "core/server/trustedissuers.h"

#include "core/model/changes.h"
#include "core/model/shown.h"
#include "core/server/privatefile.h"

namespace iotman::server {

namespace {

constexpr const char* keysFile = "issuer-keys.json";
constexpr std::int64_t askAgainUs = 10'000'000;

std::optional<TrustedIssuer> issuerOf(const Catalog& catalog, SourceKey key)
{
    const Source* source = catalog.sourceByKey(key);
    return source && source->kind == SourceKind::Mirror ? MirrorSettings::of(source->settings).trustedIssuer : std::nullopt;
}

} // namespace

std::optional<Trust> trustOf(const Catalog& catalog, const Endpoint& endpoint)
{
    const auto output = catalog.outputs.find(endpoint.output);
    const Source* mirror = output == catalog.outputs.end() ? nullptr : ownerOf(catalog, output->second);
    if (!mirror || mirror->kind != SourceKind::Mirror)
        return std::nullopt;
    std::optional<TrustedIssuer> issuer = MirrorSettings::of(mirror->settings).trustedIssuer;
    return issuer ? std::optional(Trust{mirror->key, std::move(*issuer)}) : std::nullopt;
}

TrustedIssuers::TrustedIssuers(const std::filesystem::path& dataFolder)
    : file_(dataFolder / keysFile)
{
    read();
}

void TrustedIssuers::read()
{
    const Expected<Json> json = readPrivateFile(file_).and_then([](const std::string& text) { return parseJson(text); });
    if (!json || !json->is_array())
        return;
    for (const Json& entry : *json) {
        ObjectReader reader(entry, UnknownMembers::Ignored);
        const SourceKey mirror = reader.integer("source", 0, 1, INT64_MAX);
        Kept kept{{reader.text("issuer"), reader.text("audience"), reader.text("jwks_uri")}, {}, {0, reader.time("fetched_at"), {}}};
        const Json* set = reader.object("jwks");
        Expected<std::vector<PublicKey>> keys = reader.finish() && set ? keysOfSet(jsonText(*set)) : Expected<std::vector<PublicKey>>();
        if (!keys || keys->empty())
            continue;
        kept.keys = std::move(*keys);
        kept.state.keys = kept.keys.size();
        all_.insert_or_assign(mirror, std::move(kept));
    }
}

std::string TrustedIssuers::text() const
{
    Json list = Json::array();
    const std::lock_guard lock(mutex_);
    for (const auto& [mirror, kept] : all_) {
        if (kept.state.fetchedAt)
            list.push_back({{"source", mirror},
                            {"issuer", kept.issuer.name},
                            {"audience", kept.issuer.audience},
                            {"jwks_uri", kept.issuer.jwksUri},
                            {"fetched_at", timeJson(kept.state.fetchedAt)},
                            {"jwks", setOf(kept.keys)}});
    }
    return jsonText(list, JsonLayout::Indented) + "\n";
}

/// Only a place to start from: where it cannot be written, the keys are fetched at the next start. Nobody waits for the disk who only
/// asks for keys.
void TrustedIssuers::write()
{
    const std::lock_guard lock(writing_);
    (void)replacePrivateFile(file_, text());
}

TrustedIssuers::State TrustedIssuers::fetched(SourceKey mirror, const TrustedIssuer& issuer, const Expected<std::string>& jwks,
                                              Timestamp now)
{
    Expected<std::vector<PublicKey>> keys = jwks.and_then([](const std::string& text) { return keysOfSet(text); });
    State state;
    {
        const std::lock_guard lock(mutex_);
        Kept& kept = all_[mirror];
        if (kept.issuer != issuer)
            kept = {issuer, {}, {}};
        kept.state.trouble = keys ? "" : keys.error().detail;
        hideByLooks(kept.state.trouble); // it may quote what the other side said
        if (!keys)
            return kept.state;
        if (keys->empty())
            kept.state.trouble = "The issuer publishes no RSA key for RS256.";
        const bool isSame = kept.state.fetchedAt && setOf(kept.keys) == setOf(*keys);
        kept.keys = std::move(*keys);
        kept.state.keys = kept.keys.size();
        kept.state.fetchedAt = now;
        if (isSame)
            return kept.state;
        ++generation_;
        state = kept.state;
    }
    write();
    return state;
}

void TrustedIssuers::prune(const Catalog& catalog)
{
    {
        const std::lock_guard lock(mutex_);
        const std::size_t removed = std::erase_if(all_, [&](const auto& entry) { return issuerOf(catalog, entry.first) != entry.second.issuer; });
        std::erase_if(missedAt_, [&](const auto& entry) { return !all_.contains(entry.first); });
        if (removed == 0)
            return;
        ++generation_;
    }
    write();
}

const TrustedIssuers::Kept* TrustedIssuers::find(SourceKey mirror, const TrustedIssuer& issuer) const
{
    const auto found = all_.find(mirror);
    return found != all_.end() && found->second.issuer == issuer ? &found->second : nullptr;
}

std::vector<PublicKey> TrustedIssuers::keysOf(SourceKey mirror, const TrustedIssuer& issuer) const
{
    const std::lock_guard lock(mutex_);
    const Kept* kept = find(mirror, issuer);
    return kept ? kept->keys : std::vector<PublicKey>();
}

TrustedIssuers::State TrustedIssuers::stateOf(SourceKey mirror, const TrustedIssuer& issuer) const
{
    const std::lock_guard lock(mutex_);
    const Kept* kept = find(mirror, issuer);
    return kept ? kept->state : State();
}

void TrustedIssuers::missed(SourceKey mirror, Timestamp now)
{
    {
        const std::lock_guard lock(mutex_);
        const auto kept = all_.find(mirror);
        if (kept == all_.end() || !kept->second.state.fetchedAt)
            return; // they are being fetched
        const auto [last, isFirst] = missedAt_.try_emplace(mirror, now);
        if (!isFirst && now.us - last->second.us < askAgainUs && now >= last->second)
            return;
        last->second = now;
    }
    if (missing_)
        missing_(mirror);
}

std::uint64_t TrustedIssuers::generation() const
{
    const std::lock_guard lock(mutex_);
    return generation_;
}

} // namespace iotman::server
