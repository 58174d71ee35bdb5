// RSA keys that sign tokens.
#pragma once

#include "core/server/publickey.h"

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
    /// Whether all its numbers belong together, which takes a while: some can be wrong and what it signs right.
    bool isWhole() const;

    /// Its id is derived from it, so that the same key always has the same id.
    const PublicKey& publicKey() const { return public_; }
    const std::string& kid() const { return public_.kid(); }

    std::string sign(std::string_view text) const;

private:
    explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> key_;
    PublicKey public_;
};

} // namespace iotman::server
