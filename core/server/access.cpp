#include "core/server/access.h"

#include "core/model/ascii.h"

#include <algorithm>

namespace iotman::server {

namespace {

constexpr std::size_t mostVerified = 10'000;

/// RFC 6750 §2.1: b64token.
bool isToken68(std::string_view text)
{
    static constexpr CharacterSet isCharacter(asciiAlphanumerics, "-._~+/=");
    return !text.empty() && std::all_of(text.begin(), text.end(), isCharacter);
}

bool isMissing(const Error& error) { return error.field == "missing"; }

} // namespace

Response challenge(const Error& error, std::string_view missingScope)
{
    std::string header = "Bearer realm=\"iotman\"";
    // RFC 6750 §3.1: a request without credentials gets the challenge and no error code.
    if (error.kind == Problem::Forbidden)
        header += ", error=\"insufficient_scope\"";
    else if (!isMissing(error))
        header += ", error=\"invalid_token\"";
    if (!missingScope.empty())
        header += ", scope=\"" + std::string(missingScope) + "\"";
    Error shown = error;
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
    if (blank == std::string_view::npos || !sameWithoutCase(value.substr(0, blank), "bearer"))
        return refuse();
    const std::string_view token = value.substr(std::min(value.find_first_not_of(' ', blank), value.size()));
    if (!isToken68(token))
        return refuse();
    return std::string(token);
}

Expected<const Claims*> Access::claimsOf(const std::string& token, const Catalog& catalog, Timestamp now)
{
    if (token.empty())
        return fail(Error{Problem::Unauthorized, "an access token is needed: Authorization: Bearer TOKEN", "missing"});
    if (generation_ != context_.keys.generation()) {
        verified_.clear();
        generation_ = context_.keys.generation();
    }
    auto known = verified_.find(token);
    if (known != verified_.end() && known->second.expiresAt * Timestamp::usPerSecond <= now.us) {
        verified_.erase(known);
        known = verified_.end();
    }
    if (known == verified_.end()) {
        Expected<Claims> claims = verifiedToken(token, context_.keys.all(), catalog.workspace.id, now);
        if (!claims)
            return fail(claims.error());
        if (verified_.size() >= mostVerified)
            verified_.clear();
        known = verified_.emplace(token, std::move(*claims)).first;
    }
    return &known->second;
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
        identity.role = identity.claims.role;
        identity.who = Owner::email;
    } else if (subject == commandLineSubject) {
        identity.role = identity.claims.role;
    } else if (const auto member = catalog->members.find(MemberId{subject}); member != catalog->members.end()) {
        identity.role = std::min(*identity.claims.role, member->second.role);
        identity.who = member->second.email.text;
        identity.member = member->first;
        context_.usage.members.used(member->first, now);
    } else {
        return fail(Problem::Unauthorized, "the access token is a member's who was removed");
    }
    return identity;
}

Expected<Admission> Access::mayRead(const Endpoint& endpoint, const std::string& token)
{
    if (!endpoint.requiredScope)
        return Admission{};
    const Timestamp now = context_.clock.now();
    const Expected<const Claims*> claims = claimsOf(token, *context_.store.catalog(), now);
    if (!claims)
        return fail(claims.error());
    const Timestamp until{(*claims)->expiresAt * Timestamp::usPerSecond};
    if ((*claims)->role) {
        return identify(token).map([&](const Identity& member) { return Admission{until, member.who, member.member}; });
    }
    if (!(*claims)->grants(*endpoint.requiredScope))
        return fail(Problem::Forbidden, "the access token lacks the scope “" + endpoint.requiredScope->text + "”");
    context_.usage.clients.used(ClientId{(*claims)->subject}, now);
    return Admission{until, (*claims)->subject, {}};
}

} // namespace iotman::server
