// Who asks, and whether they may: bearer tokens (RFC 6750) against the catalog.
#pragma once

#include "core/server/httprequest.h"
#include "core/server/servercontext.h"
#include "core/server/token.h"
#include "core/server/trustedissuers.h"

#include <optional>
#include <string>
#include <unordered_map>

namespace iotman::server {

/// Someone with a valid token.
struct Identity {
    Claims claims;
    std::optional<Role> role; ///< of a member, as it is now: never above the token's
    std::string who;          ///< e-mail of a member, id of a client
    MemberId member;          ///< of the catalog; empty for everyone else
};

/// Someone who was let in to an endpoint.
struct Admission {
    std::optional<Timestamp> until; ///< when that ends; nothing for a public endpoint
    std::string who;                ///< as in Identity; empty where nobody asked
    MemberId member;                ///< as in Identity
    std::string keyId;              ///< as in Claims
    std::optional<Trust> trust;     ///< by which a token of another service let it in
};

/// Whether it says that a token is needed and none came.
bool isTokenMissing(const Error& error);

/// The answer to a refusal by token: status and `WWW-Authenticate` (RFC 6750 §3).
Response challenge(const Error& error, std::string_view missingScope = {});

/// Reads and checks tokens, and remembers those it has checked until they expire. One per worker.
class Access {
public:
    explicit Access(ServerContext& context) : context_(context) {}

    /// The bearer token of the request's only Authorization field; empty when there is no such field. Errors: Unauthorized for
    /// anything else in it.
    static Expected<std::string> bearerToken(const RequestHead& head);

    /// Who sends a request, by its bearer token. Errors: Unauthorized.
    Expected<Identity> identify(const RequestHead& head);
    Expected<Identity> identify(const std::string& token);
    /// Whose token it is that we signed, also where it has expired; empty where it is none.
    std::string signedFor(const std::string& token) const;

    /// Whether the bearer of `token` (may be empty) reads `endpoint`. The endpoints of a mirror take tokens of its trusted issuer as
    /// well; nothing else does. Errors: Unauthorized, Forbidden (the scope is missing).
    Expected<Admission> mayRead(const Endpoint& endpoint, const std::string& token);

private:
    /// What checked tokens say, until they are taken no longer.
    class Verified {
    public:
        /// Forgets all where the keys that they were checked with are of another generation.
        void use(std::uint64_t generation);
        const Claims* find(const std::string& key, Timestamp now);
        const Claims& keep(std::string key, Claims claims, Timestamp until);

    private:
        struct Entry {
            Claims claims;
            Timestamp until;
        };
        std::unordered_map<std::string, Entry> entries_;
        std::uint64_t generation_ = 0;
    };

    /// What a token of our own says, once it is checked; valid until the next call. Errors: Unauthorized.
    Expected<const Claims*> claimsOf(const std::string& token, const Catalog& catalog, Timestamp now);
    /// The same for one that the trusted issuer of a mirror gave.
    Expected<const Claims*> claimsOf(const std::string& token, SourceKey mirror, const TrustedIssuer& issuer, Timestamp now);
    bool isOwnKey(const std::string& kid) const;

    ServerContext& context_;
    Verified own_;
    Verified trusted_;
};

} // namespace iotman::server
