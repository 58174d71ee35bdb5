// The public halves of RSA keys, by which RS256 signatures are checked; ours and those that other services publish (RFC 7517).
#pragma once

#include "core/model/error.h"
#include "core/model/json.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace iotman::server {

inline constexpr int leastKeyBits = 2048;

/// An RSA key that verifies RS256 (RFC 7518 §3.3). Immutable; copies are cheap; any thread.
class PublicKey {
public:
    /// The public half of an RSA key of OpenSSL, which is kept. Its id is derived from it (RFC 7638).
    explicit PublicKey(std::shared_ptr<evp_pkey_st> key);
    /// A member of a JWK set. Its id is the `kid` it has there, and may be empty. Errors: BadRequest for what is no RSA key for RS256
    /// signatures, of 2,048 to 8,192 bits and with a usual exponent.
    static Expected<PublicKey> fromJwk(const Json& jwk);

    const std::string& kid() const { return kid_; }
    Json jwk() const;
    bool verify(std::string_view text, std::string_view signature) const;

private:
    std::shared_ptr<evp_pkey_st> key_;
    std::string modulus_;  ///< base64url
    std::string exponent_; ///< base64url
    std::string kid_;
};

/// The usable keys of a JWK set; others in it are passed over (RFC 7517 §5). Errors: BadRequest for what is no JWK set, or one of more
/// than `mostPublishedKeys`.
Expected<std::vector<PublicKey>> keysOfSet(std::string_view jwks);
inline constexpr std::size_t mostPublishedKeys = 64;

/// The same keys as a JWK set.
Json setOf(const std::vector<PublicKey>& keys);

} // namespace iotman::server
