#include "core/server/access.h"

#include "core/model/ascii.h"
#include "core/model/digest.h"
#include "core/model/shown.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t mostVerified = 10'000;

Timestamp takenUntil(const Claims& claims, std::int64_t skew) { return {(claims.expiresAt + skew) * Timestamp::usPerSecond}; }

/// Their life is theirs to choose; here a stream is asked again as often as with ours.
Timestamp heardUntil(Timestamp until, Timestamp now) { return std::min(until, Timestamp{now.us + tokenLifeSeconds * Timestamp::usPerSecond}); }

} // namespace

bool isTokenMissing(const Error& error) { return error.field == "missing"; }

Response challenge(const Error& error, std::string_view missingScope)
{
    std::string header = "Bearer realm=\"iotman\"";
    // RFC 6750 §3.1: a request without credentials gets the challenge and no error code.
    if (error.kind == Problem::Forbidden)
        header += ", error=\"insufficient_scope\"";
    else if (error.kind == Problem::BadRequest)
        header += ", error=\"invalid_request\"";
    else if (!isTokenMissing(error))
        header += ", error=\"invalid_token\"";
    if (!missingScope.empty())
        header += ", scope=\"" + std::string(missingScope) + "\"";
    Error shown = error;
    if (isTokenMissing(error))
        shown.field.clear();
    Response response = problemResponse(shown);
    response.with("WWW-Authenticate", std::move(header));
    return response;
}

Expected<std::string> Access::bearerToken(const RequestHead& head)
{
    const std::size_t count = head.count("authorization");
    if (count == 0)
        return std::string();
    const auto refuse = [] { return fail(Problem::Unauthorized, "expected one header “Authorization: Bearer TOKEN”"); };
    if (count > 1)
        return refuse();
    const std::string_view value = *head.header("authorization");
    const std::size_t blank = value.find(' ');
    // RFC 6750 §3.1: another way to authenticate is none; a proxy may have passed on what was meant for it.
    if (!sameWithoutCase(value.substr(0, blank), "bearer"))
        return std::string();
    if (blank == std::string_view::npos)
        return refuse();
    const std::string_view token = value.substr(std::min(value.find_first_not_of(' ', blank), value.size()));
    // What else may be wrong with it is found when it is verified; one that is known needs no look at each of its characters.
    if (token.empty())
        return refuse();
    return std::string(token);
}

void Access::Verified::use(std::uint64_t generation)
{
    if (generation_ != generation)
        entries_.clear();
    generation_ = generation;
}

const Claims* Access::Verified::find(const std::string& key, Timestamp now)
{
    const auto known = entries_.find(key);
    if (known == entries_.end())
        return nullptr;
    if (now < known->second.until)
        return &known->second.claims;
    entries_.erase(known);
    return nullptr;
}

const Claims& Access::Verified::keep(std::string key, Claims claims, Timestamp until)
{
    if (entries_.size() >= mostVerified)
        entries_.clear();
    return entries_.insert_or_assign(std::move(key), Entry{std::move(claims), until}).first->second.claims;
}

Expected<const Claims*> Access::claimsOf(const std::string& token, const Catalog& catalog, Timestamp now)
{
    if (token.empty())
        return fail(Error{Problem::Unauthorized, "an access token is needed: Authorization: Bearer TOKEN", "missing"});
    own_.use(context_.keys.generation());
    if (const Claims* known = own_.find(token, now))
        return known;
    return verifiedToken(token, TokenIssuer::own(catalog.workspace.id, context_.keys.published()), now).map([&](Claims claims) {
        const Timestamp until = takenUntil(claims, 0);
        return &own_.keep(token, std::move(claims), until);
    });
}

Expected<const Claims*> Access::claimsOf(const std::string& token, SourceKey mirror, const TrustedIssuer& issuer, Timestamp now)
{
    trusted_.use(context_.issuers->generation());
    // What opens one mirror's endpoints opens no other's.
    const std::string key = sha256(std::to_string(mirror) + '\n' + issuer.name + '\n' + issuer.audience + '\n' + issuer.jwksUri + '\n' + token);
    if (const Claims* known = trusted_.find(key, now))
        return known;
    const TokenIssuer whose{issuer.audience, issuer.name, context_.issuers->keysOf(mirror, issuer)};
    Expected<Claims> claims = verifiedToken(token, whose, now);
    if (!claims) {
        // Where no key bears the token's name, it may be signed with one that is new.
        const std::string kid = keyIdOf(token);
        const std::vector<const PublicKey*> keys = whose.keysFor(kid);
        if (kid.empty() || std::none_of(keys.begin(), keys.end(), [&](const PublicKey* candidate) { return candidate->kid() == kid; }))
            context_.issuers->missed(mirror, now);
        return fail(claims.error());
    }
    const Timestamp until = takenUntil(*claims, clockSkewSeconds);
    return &trusted_.keep(key, std::move(*claims), until);
}

bool Access::isOwnKey(const std::string& kid) const
{
    const std::vector<PublicKey> keys = context_.keys.published();
    return std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) { return key.kid() == kid; });
}

Expected<Identity> Access::identify(const RequestHead& head)
{
    return bearerToken(head).and_then([this](const std::string& token) { return identify(token); });
}

Expected<Identity> Access::identify(const std::string& token)
{
    const Timestamp now = context_.clock.now();
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    const Expected<const Claims*> claims = claimsOf(token, *catalog, now);
    if (!claims)
        return fail(claims.error());
    Identity identity{**claims, std::nullopt, (*claims)->subject, {}};
    if (!identity.claims.role)
        return identity;
    const std::string& subject = identity.claims.subject;
    if (subject == Owner::id && !context_.owner.keyHash.empty()) {
        if (identity.claims.keyId != context_.owner.keyId())
            return fail(Problem::Unauthorized, "the access token is of an earlier run of the desktop");
        identity.role = identity.claims.role;
        identity.who = Owner::email;
    } else if (subject == commandLineSubject) {
        identity.role = identity.claims.role;
    } else if (const auto member = catalog->members.find(MemberId{subject}); member != catalog->members.end()) {
        if (identity.claims.keyId != member->second.keyId)
            return fail(Problem::Unauthorized, "the member's key was renewed after the access token was issued");
        identity.role = std::min(*identity.claims.role, member->second.role);
        identity.who = member->second.email.text;
        identity.member = member->first;
        context_.usage.members.used(member->first, now);
    } else {
        return fail(Problem::Unauthorized, "the access token is a member's who was removed");
    }
    return identity;
}

std::string Access::signedFor(const std::string& token) const
{
    const TokenIssuer own = TokenIssuer::own(context_.store.catalog()->workspace.id, context_.keys.published());
    return verifiedToken(token, own, context_.clock.now(), Expired::Taken).map(&Claims::subject).value_or(std::string());
}

Expected<Admission> Access::mayRead(const Endpoint& endpoint, const std::string& token)
{
    if (!endpoint.requiredScope)
        return Admission{};
    const Timestamp now = context_.clock.now();
    const std::shared_ptr<const Catalog> catalog = context_.store.catalog();
    Expected<const Claims*> claims = claimsOf(token, *catalog, now);
    const std::optional<Trust> trust = claims || token.empty() ? std::nullopt : trustOf(*catalog, endpoint);
    const bool isTheirs = trust && !isOwnKey(keyIdOf(token));
    if (isTheirs)
        claims = claimsOf(token, trust->mirror, trust->issuer, now);
    if (!claims)
        return fail(claims.error());
    const Timestamp until = takenUntil(**claims, isTheirs ? clockSkewSeconds : 0);
    if ((*claims)->role) {
        return identify(token).map([&](const Identity& member) { return Admission{until, member.who, member.member, member.claims.keyId, {}}; });
    }
    if (!(*claims)->grants(*endpoint.requiredScope))
        return fail(Problem::Forbidden, "the access token lacks the scope “" + endpoint.requiredScope->text + "”");
    if (isTheirs)
        return Admission{heardUntil(until, now), inOneLine(shown((*claims)->subject)) + " of " + trust->issuer.name, {}, {}, trust};
    context_.usage.clients.used(ClientId{(*claims)->subject}, now);
    return Admission{until, (*claims)->subject, {}, {}, {}};
}

} // namespace iotman::server
