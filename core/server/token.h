// Access tokens: JWTs (RFC 7519) signed with RS256, as they are issued and as they are read.
#pragma once

#include "core/model/clock.h"
#include "core/model/resources.h"
#include "core/server/signingkey.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iotman::server {

inline constexpr std::int64_t tokenLifeSeconds = 3600;
inline constexpr std::int64_t clockSkewSeconds = 60;
inline constexpr std::size_t longestToken = 8 * 1024;

/// What a token says. Times are whole seconds since 1970.
struct Claims {
    std::string issuer;
    std::string subject; ///< client or member id
    std::string audience; ///< workspace id
    std::vector<std::string> scopes;
    std::optional<Role> role; ///< of a member's token
    std::int64_t issuedAt = 0;
    std::int64_t expiresAt = 0;
    std::string id;
    std::string keyId = {}; ///< of the key that a member got it with

    bool grants(const ScopeName& scope) const;
    bool operator==(const Claims&) const = default;
};

std::string signedToken(const Claims& claims, const SigningKey& key);

/// Whose tokens are taken.
struct TokenIssuer {
    std::string audience;            ///< among the token's `aud`
    std::optional<std::string> name; ///< the token's `iss`, exactly; nothing: it is not compared
    std::vector<PublicKey> keys;

    /// This workspace itself. `iss` is not compared: the same server has several names.
    static TokenIssuer own(std::string workspace, std::vector<PublicKey> keys) { return {std::move(workspace), std::nullopt, std::move(keys)}; }
    bool isOwn() const { return !name; }
    /// The keys that may have signed a token with this `kid` (may be empty). Each of our own has one; other services may have a key
    /// without.
    std::vector<const PublicKey*> keysFor(std::string_view kid) const;
};

/// The `kid` of a token (RFC 7515 §4.1.4), before anything of it is checked; empty where there is none.
std::string keyIdOf(std::string_view token);

enum class Expired { Refused, Taken };

/// Checks form, `alg` (RS256 alone), signature, `iss`, `aud`, `exp`, `iat` and `nbf` by `now`. Another service's clock may differ
/// from ours by `clockSkewSeconds`, and its tokens have no role, whatever they say. Errors: Unauthorized, with a sentence that shows
/// nothing of the token. `Taken`: `exp`, `iat` and `nbf` only have to be there, for who asks whose it is.
Expected<Claims> verifiedToken(std::string_view token, const TokenIssuer& issuer, Timestamp now, Expired expired = Expired::Refused);

/// What is said of one whose time is over. Unauthorized.
Error tokenExpired();

} // namespace iotman::server
