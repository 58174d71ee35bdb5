#include "core/server/token.h"

#include "core/model/encoding.h"

#include <algorithm>

namespace iotman::server {

namespace {

tl::unexpected<Error> invalid(std::string why) { return fail(Problem::Unauthorized, "the access token " + std::move(why)); }

std::int64_t secondsOf(Timestamp time) { return time.us / 1'000'000 - (time.us % 1'000'000 < 0 ? 1 : 0); }

std::optional<Json> decodedObject(std::string_view part)
{
    const std::optional<std::string> text = fromBase64Url(part);
    if (!text)
        return std::nullopt;
    Expected<Json> json = parseJson(*text);
    if (!json || !json->is_object())
        return std::nullopt;
    return std::move(*json);
}

std::string textMember(const Json& json, const char* member)
{
    const auto found = json.find(member);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// NumericDate (RFC 7519 §2): a number of seconds; fractions are cut.
std::optional<std::int64_t> dateMember(const Json& json, const char* member)
{
    const auto found = json.find(member);
    if (found == json.end() || !isNumber(*found))
        return std::nullopt;
    const double seconds = numberIn(*found);
    if (!(seconds > -1e12 && seconds < 1e12))
        return std::nullopt;
    return static_cast<std::int64_t>(seconds);
}

bool isFor(const Json& json, std::string_view audience)
{
    // RFC 7519 §4.1.3: one text or an array of them.
    const auto found = json.find("aud");
    if (found == json.end())
        return false;
    if (found->is_string())
        return found->get_ref<const std::string&>() == audience;
    return found->is_array() && std::any_of(found->begin(), found->end(), [&](const Json& one) { return one.is_string() && one.get_ref<const std::string&>() == audience; });
}

std::vector<std::string> splitScopes(const std::string& text)
{
    std::vector<std::string> scopes;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        if (end > start)
            scopes.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return scopes;
}

/// A JWS in its compact form (RFC 7515 §3.1), nothing of it checked.
struct Parts {
    Json header;
    std::string_view payload; ///< base64url
    std::string_view content; ///< what is signed
    std::string signature;
};

std::optional<Parts> partsOf(std::string_view token)
{
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > longestToken || second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return std::nullopt;
    std::optional<Json> header = decodedObject(token.substr(0, first));
    std::optional<std::string> signature = fromBase64Url(token.substr(second + 1));
    if (!header || !signature || signature->empty())
        return std::nullopt;
    return Parts{std::move(*header), token.substr(first + 1, second - first - 1), token.substr(0, second), std::move(*signature)};
}

/// Of a payload that has both times. `expirySkew`: for so many seconds an expired token is taken still.
Expected<void> checkTimes(const Json& payload, std::int64_t expirySkew, std::int64_t now)
{
    const std::optional<std::int64_t> expires = dateMember(payload, "exp"), issued = dateMember(payload, "iat");
    if (now >= *expires + expirySkew)
        return invalid("has expired");
    if (*issued > now + clockSkewSeconds)
        return invalid("was issued in the future");
    if (payload.contains("nbf")) {
        const std::optional<std::int64_t> begins = dateMember(payload, "nbf");
        if (!begins || *begins > now + clockSkewSeconds)
            return invalid("is not valid yet");
    }
    return {};
}

} // namespace

Error tokenExpired() { return invalid("has expired").value(); }

bool Claims::grants(const ScopeName& scope) const { return std::find(scopes.begin(), scopes.end(), scope.text) != scopes.end(); }

std::string signedToken(const Claims& claims, const SigningKey& key)
{
    std::string scope;
    for (const std::string& name : claims.scopes)
        scope += (scope.empty() ? "" : " ") + name;
    Json payload{{"iss", claims.issuer},   {"sub", claims.subject},  {"aud", claims.audience}, {"scope", scope},
                 {"iat", claims.issuedAt}, {"exp", claims.expiresAt}, {"jti", claims.id}};
    if (claims.role)
        payload["role"] = text(*claims.role);
    if (!claims.keyId.empty())
        payload["key_id"] = claims.keyId;
    const std::string header = jsonText({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key.kid()}});
    const std::string content = base64Url(header) + "." + base64Url(jsonText(payload));
    return content + "." + base64Url(key.sign(content));
}

std::vector<const PublicKey*> TokenIssuer::keysFor(std::string_view kid) const
{
    constexpr std::size_t mostTried = 4; // who forges tokens without a name would have all of them tried
    std::vector<const PublicKey*> named, unnamed;
    for (const PublicKey& key : keys) {
        if (!kid.empty() && key.kid() == kid)
            named.push_back(&key);
        else if ((kid.empty() || key.kid().empty()) && !isOwn())
            unnamed.push_back(&key);
    }
    named.insert(named.end(), unnamed.begin(), unnamed.end());
    named.resize(std::min(named.size(), mostTried));
    return named;
}

std::string keyIdOf(std::string_view token)
{
    const std::optional<Parts> parts = partsOf(token);
    return parts ? textMember(parts->header, "kid") : std::string();
}

Expected<Claims> verifiedToken(std::string_view token, const TokenIssuer& issuer, Timestamp now, Expired expired)
{
    const std::optional<Parts> parts = partsOf(token);
    if (!parts)
        return invalid("is not a signed JWT");
    if (textMember(parts->header, "alg") != "RS256")
        return invalid("is not signed with RS256");
    if (parts->header.contains("crit"))
        return invalid("needs extensions that are not known here (“crit”)");
    const std::vector<const PublicKey*> keys = issuer.keysFor(textMember(parts->header, "kid"));
    if (keys.empty())
        return invalid(issuer.isOwn() ? "is signed with a key that is not ours" : "is signed with a key that its issuer does not publish");
    const auto signedIt = [&](const PublicKey* key) { return key->verify(parts->content, parts->signature); };
    if (std::none_of(keys.begin(), keys.end(), signedIt))
        return invalid("has a wrong signature");
    const std::optional<Json> payload = decodedObject(parts->payload);
    if (!payload)
        return invalid("is not a signed JWT");
    if (issuer.name && textMember(*payload, "iss") != *issuer.name)
        return invalid("is from another issuer");
    if (!isFor(*payload, issuer.audience))
        return invalid(issuer.isOwn() ? "is for another workspace" : "is for another audience");
    if (!dateMember(*payload, "exp") || !dateMember(*payload, "iat"))
        return invalid("has no time of issue or expiry");
    if (auto timely = checkTimes(*payload, issuer.isOwn() ? 0 : clockSkewSeconds, secondsOf(now)); !timely && expired == Expired::Refused)
        return fail(timely.error());

    Claims claims;
    claims.issuer = textMember(*payload, "iss");
    claims.subject = textMember(*payload, "sub");
    claims.audience = issuer.audience;
    claims.scopes = splitScopes(textMember(*payload, "scope"));
    claims.issuedAt = *dateMember(*payload, "iat");
    claims.expiresAt = *dateMember(*payload, "exp");
    claims.id = textMember(*payload, "jti");
    if (issuer.isOwn() && payload->contains("role")) {
        const Expected<Role> role = parseRole(textMember(*payload, "role"), "role");
        if (!role)
            return invalid("has an unknown role");
        claims.role = *role;
        claims.keyId = textMember(*payload, "key_id");
    }
    return claims;
}

} // namespace iotman::server
