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

} // namespace

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
    const std::string header = jsonText({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key.kid()}});
    const std::string content = base64Url(header) + "." + base64Url(jsonText(payload));
    return content + "." + base64Url(key.sign(content));
}

Expected<Claims> verifiedToken(std::string_view token, const std::vector<SigningKey>& keys, std::string_view audience, Timestamp now)
{
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > longestToken || second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return invalid("is not a signed JWT");
    const std::optional<Json> header = decodedObject(token.substr(0, first));
    const std::optional<std::string> signature = fromBase64Url(token.substr(second + 1));
    if (!header || !signature || signature->empty())
        return invalid("is not a signed JWT");
    if (textMember(*header, "alg") != "RS256" || header->contains("crit"))
        return invalid("is not signed with RS256");
    const std::string kid = textMember(*header, "kid");
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const SigningKey& candidate) { return candidate.kid() == kid; });
    if (key == keys.end())
        return invalid("is signed with a key that is not ours");
    if (!key->verify(token.substr(0, second), *signature))
        return invalid("has a wrong signature");

    const std::optional<Json> payload = decodedObject(token.substr(first + 1, second - first - 1));
    if (!payload)
        return invalid("is not a signed JWT");
    if (!isFor(*payload, audience))
        return invalid("is for another workspace");
    const std::optional<std::int64_t> expires = dateMember(*payload, "exp");
    const std::optional<std::int64_t> issued = dateMember(*payload, "iat");
    if (!expires || !issued)
        return invalid("has no time of issue or expiry");
    if (secondsOf(now) >= *expires)
        return invalid("has expired");
    if (*issued > secondsOf(now) + issuedSkewSeconds)
        return invalid("was issued in the future");

    Claims claims;
    claims.issuer = textMember(*payload, "iss");
    claims.subject = textMember(*payload, "sub");
    claims.audience = audience;
    claims.scopes = splitScopes(textMember(*payload, "scope"));
    claims.issuedAt = *issued;
    claims.expiresAt = *expires;
    claims.id = textMember(*payload, "jti");
    if (payload->contains("role")) {
        const Expected<Role> role = parseRole(textMember(*payload, "role"), "role");
        if (!role)
            return invalid("has an unknown role");
        claims.role = *role;
    }
    return claims;
}

} // namespace iotman::server
