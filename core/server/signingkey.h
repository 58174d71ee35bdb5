// RSA keys that sign tokens, and their public halves as a JWK set (RFC 7517).
#pragma once

#include "core/model/error.h"
#include "core/model/json.h"

#include <memory>
#include <string>
#include <string_view>

namespace iotman::server {

/// An RSA key for RS256 (RFC 7518 §3.3). Immutable; any thread.
class SigningKey {
public:
    /// A new 2048-bit key. Takes tenths of a second.
    static Expected<SigningKey> generate();
    /// PKCS#8 in PEM.
    static Expected<SigningKey> fromPem(std::string_view pem);
    std::string pem() const;

    /// Derived from the public key (RFC 7638), so that the same key always has the same id.
    const std::string& kid() const { return kid_; }
    Json publicJwk() const;

    std::string sign(std::string_view text) const;
    bool verify(std::string_view text, std::string_view signature) const;

private:
    struct Key;
    explicit SigningKey(std::shared_ptr<const Key> key);

    std::shared_ptr<const Key> key_;
    std::string kid_;
    std::string modulus_;  ///< base64url
    std::string exponent_; ///< base64url
};

} // namespace iotman::server
