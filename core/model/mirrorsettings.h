// What the settings of a mirror say: which endpoint it reads, how it signs in there, and whose tokens open what it brought.
#pragma once

#include "core/model/json.h"
#include "core/model/names.h"

#include <optional>
#include <string>
#include <string_view>

namespace iotman {

/// An absolute http(s) address without user info, query and fragment.
struct HttpAddress {
    std::string origin; ///< `scheme://host[:port]`, lower case, default port dropped, IDN in punycode
    std::string path;   ///< as it was written, without a slash at its end

    /// Errors: BadRequest, field "settings", with a sentence that never quotes what was given: a password may stand in it.
    static Expected<HttpAddress> parse(std::string_view text);

    bool isSecure() const { return origin.starts_with("https:"); }
    /// `localhost`, names below it, 127.0.0.0/8, ::1.
    bool isLoopback() const;
    /// Whether what nobody else may hear can be sent there.
    bool isPrivate() const { return isSecure() || isLoopback(); }
    std::string text() const { return origin + path; }
};

/// The address of an endpoint elsewhere: `…/data/out/{id}`. Errors: as HttpAddress.
struct EndpointUrl {
    HttpAddress address;
    EndpointId id;

    static Expected<EndpointUrl> parse(std::string_view text);
};

/// A secret for a service elsewhere, as somebody gives it: by value or by the name of an environment variable.
struct OutgoingSecret {
    std::string value;
    std::string env;
};

inline constexpr std::size_t mostOutgoingSecret = 1024; ///< characters

/// The secret in an environment variable: 1 to `mostOutgoingSecret` visible ASCII characters, blanks inside them. Errors:
/// BadRequest, with the variable's name and never its value.
Expected<std::string> outgoingSecretOfVariable(const std::string& name, const std::optional<std::string>& value);

/// A service whose tokens open the endpoints of a mirror here as well, by their scopes.
struct TrustedIssuer {
    std::string name;     ///< `iss` of its tokens, exactly
    std::string audience; ///< in `aud` of its tokens, exactly
    std::string jwksUri;  ///< where it publishes its keys (RFC 7517)

    bool operator==(const TrustedIssuer&) const = default;
};

/// A mirror's settings as they are kept: the secret itself is no part of them.
struct MirrorSettings {
    struct SignIn {
        std::string tokenEndpoint;
        std::string clientId;
        bool operator==(const SignIn&) const = default;
    };
    static constexpr const char* trustMember = "trusted_issuer";
    std::string url;
    std::optional<SignIn> signIn; ///< nothing: it reads as the public does
    std::optional<TrustedIssuer> trustedIssuer;

    static MirrorSettings of(const Json& settings);
    bool operator==(const MirrorSettings&) const = default;
};

/// `{"env":NAME}` is for workspace files and the command line; the API refuses it.
enum class SecretVariable { Refused, Allowed };

/// Reads the members of a mirror's settings; what is wrong points at the member and never quotes a secret.
void checkMirror(ObjectReader& reader, SecretVariable variable);

/// Takes the secret out of settings: `{"set":true}` stays. Nothing where none is given.
std::optional<OutgoingSecret> takeSecret(Json& settings);
/// The inverse: settings as they are sent.
Json withSecret(Json settings, const std::optional<OutgoingSecret>& secret);

/// Whether `settings` may rely on the secret that is kept with `kept` (null: none is): it belongs to one token endpoint and one
/// client. Errors: BadRequest, field "settings".
Expected<void> checkKeptSecret(const Json& settings, const Json* kept);

} // namespace iotman
