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
inline constexpr std::int64_t issuedSkewSeconds = 60;
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

    bool grants(const ScopeName& scope) const;
    bool operator==(const Claims&) const = default;
};

std::string signedToken(const Claims& claims, const SigningKey& key);

/// Checks form, `alg` (RS256 alone), `kid`, signature, `aud`, `exp` and `iat` by `now`. `iss` is not compared: the same server has
/// several names. Errors: Unauthorized, with a sentence that shows nothing of the token.
Expected<Claims> verifiedToken(std::string_view token, const std::vector<SigningKey>& keys, std::string_view audience, Timestamp now);

} // namespace iotman::server
