#include "core/model/mirrorsettings.h"

#include "core/model/ascii.h"
#include "core/model/corsorigin.h"

#include <algorithm>

namespace iotman {

namespace {

constexpr std::size_t longestAddress = 2048;
constexpr std::size_t longestClientId = 256;
constexpr std::size_t longestClaim = 512; ///< an issuer's name, an audience

tl::unexpected<Error> refuseAddress(std::string detail)
{
    return fail(Problem::BadRequest, std::move(detail), "settings");
}

/// A member's text; empty where there is none, or something else.
std::string textIn(const Json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// RFC 6749 appendix A: VSCHAR.
bool isVisible(char c)
{
    return c >= ' ' && c < 0x7f;
}

bool isCredential(std::string_view text, std::size_t most)
{
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), isVisible) && text.front() != ' ' &&
           text.back() != ' ';
}

std::string secretRule()
{
    return "expected 1 to " + std::to_string(mostOutgoingSecret) +
           " visible ASCII characters without line breaks or blanks at the ends";
}

Error wrongSecret(std::string detail, std::string_view place = {})
{
    return {Problem::BadRequest, "secret: " + std::move(detail), "settings", 0, "/secret" + std::string(place)};
}

/// What nobody may read in an error is looked at without ObjectReader, which quotes what came.
std::optional<Error> faultOfSecret(const Json& secret, SecretVariable variable)
{
    const std::string forms = variable == SecretVariable::Allowed ? "{\"env\":NAME} or {\"value\":text}" : "{\"value\":text}";
    if (!secret.is_object() || secret.size() != 1)
        return wrongSecret("expected " + forms + ", or {\"set\":true} for the one that is kept");
    const auto member = secret.begin();
    if (member.key() == "set")
        return *member == true ? std::nullopt : std::optional(wrongSecret("expected true", "/set"));
    if (member.key() == "value") {
        const bool right = member->is_string() && isCredential(member->get_ref<const std::string&>(), mostOutgoingSecret);
        return right ? std::nullopt : std::optional(wrongSecret(secretRule(), "/value"));
    }
    if (member.key() != "env")
        return wrongSecret("expected " + forms + ", or {\"set\":true} for the one that is kept");
    if (variable == SecretVariable::Refused)
        return wrongSecret("“env” is for workspace files and the command line; expected " + forms, "/env");
    if (!member->is_string() || member->get_ref<const std::string&>().empty())
        return wrongSecret("expected the name of an environment variable", "/env");
    return std::nullopt;
}

void checkSecret(ObjectReader& reader, SecretVariable variable)
{
    const Json* secret = reader.any("secret");
    if (!secret)
        return;
    if (std::optional<Error> fault = faultOfSecret(*secret, variable))
        reader.refuse(std::move(*fault));
}

Error wrong(const char* member, const std::string& detail)
{
    return {Problem::BadRequest, std::string(member) + ": " + detail, "settings", 0, "/" + std::string(member)};
}

void checkSignIn(ObjectReader& reader, SecretVariable variable, const std::optional<HttpAddress>& endpoint)
{
    const bool hasToken = reader.has("token_endpoint"), hasClient = reader.has("client_id"), hasSecret = reader.has("secret");
    const std::string tokenEndpoint = reader.text("token_endpoint");
    const std::string clientId = reader.text("client_id");
    (void)reader.any("secret"); // known here, and judged last
    if (!hasToken && !hasClient && !hasSecret)
        return;
    for (const auto& [has, member] : {std::pair(hasToken, "token_endpoint"), {hasClient, "client_id"}, {hasSecret, "secret"}}) {
        if (!has)
            reader.refuse({Problem::BadRequest,
                           std::string(member) +
                               ": expected it beside the others: a sign-in has token_endpoint, client_id and secret",
                           "settings"});
    }
    const Expected<HttpAddress> address = HttpAddress::parse(tokenEndpoint);
    if (!address)
        reader.refuse(wrong("token_endpoint", address.error().detail));
    else if (!address->isPrivate())
        reader.refuse(wrong("token_endpoint", "expected https, since a secret is sent there"));
    if (!isCredential(clientId, longestClientId))
        reader.refuse(wrong("client_id", "expected 1 to " + std::to_string(longestClientId) + " visible ASCII characters"));
    checkSecret(reader, variable);
    if (endpoint && !endpoint->isPrivate())
        reader.refuse(wrong("url", "expected https, since a token is sent there"));
}

/// Some services tell their keys apart by a query, which HttpAddress has none of.
std::string faultOfKeysUri(std::string_view uri)
{
    const std::size_t query = uri.find('?');
    const Expected<HttpAddress> address = HttpAddress::parse(uri.substr(0, query));
    if (!address)
        return address.error().detail;
    const std::string_view rest = query == std::string_view::npos ? std::string_view() : uri.substr(query);
    if (uri.size() > longestAddress || !std::all_of(rest.begin(), rest.end(), isVisible) || rest.find_first_of(" #") != std::string_view::npos)
        return "expected an address without blanks and “#”";
    return address->isPrivate() ? std::string() : "expected https, since whose tokens are trusted hangs on it";
}

void checkTrustedIssuer(ObjectReader& reader)
{
    const Json* issuer = reader.object(MirrorSettings::trustMember);
    if (!issuer)
        return;
    ObjectReader members(*issuer);
    for (const char* member : {"issuer", "audience"}) {
        if (const std::string claim = members.requiredText(member); !isCredential(claim, longestClaim))
            members.refuse({Problem::BadRequest,
                            std::string(member) + ": expected 1 to " + std::to_string(longestClaim) +
                                " visible ASCII characters, as they stand in its tokens",
                            {}, 0, "/" + std::string(member)});
    }
    if (const std::string fault = faultOfKeysUri(members.requiredText("jwks_uri")); !fault.empty())
        members.refuse({Problem::BadRequest, "jwks_uri: " + fault, {}, 0, "/jwks_uri"});
    if (auto checked = members.finish(); !checked)
        reader.refuse(checked.error().within("trusted_issuer").at("settings").below("/trusted_issuer"));
}

} // namespace

bool HttpAddress::isLoopback() const
{
    std::string_view host = std::string_view(origin).substr(origin.find("://") + 3);
    if (host.starts_with('['))
        return host.starts_with("[::1]");
    host = host.substr(0, host.find(':'));
    if (host.ends_with('.'))
        host.remove_suffix(1);
    const auto isAddressCharacter = [](char c) { return isDigit(c) || c == '.'; };
    return host == "localhost" || host.ends_with(".localhost") ||
           (host.starts_with("127.") && std::all_of(host.begin(), host.end(), isAddressCharacter));
}

Expected<HttpAddress> HttpAddress::parse(std::string_view text)
{
    const std::string scheme = lowered(text.substr(0, text.find("://")));
    if (text.size() > longestAddress)
        return refuseAddress("expected at most " + std::to_string(longestAddress) + " bytes");
    if (text.find("://") == std::string_view::npos || (scheme != "http" && scheme != "https"))
        return refuseAddress("expected an address that starts with https:// or http://");
    const auto isUnfit = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '\\'; };
    if (std::any_of(text.begin(), text.end(), isUnfit))
        return refuseAddress("expected an address without blanks, backslashes and control characters");
    const std::string_view rest = text.substr(scheme.size() + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos)
        return refuseAddress("expected an address without a name and password in it");
    if (rest.find_first_of("?#") != std::string_view::npos)
        return refuseAddress("expected an address without “?” and “#”");
    const Expected<CorsOrigin> origin = CorsOrigin::parse(scheme + "://" + std::string(authority));
    if (!origin)
        return refuseAddress("expected an address with a valid host and port");
    std::string path(rest.substr(authority.size()));
    if (path.ends_with('/'))
        path.pop_back();
    return HttpAddress{origin->text(), std::move(path)};
}

Expected<EndpointUrl> EndpointUrl::parse(std::string_view text)
{
    constexpr std::string_view way = "/data/out/";
    Expected<HttpAddress> address = HttpAddress::parse(text);
    if (!address)
        return fail(address.error());
    const std::string_view path = address->path;
    const std::size_t last = path.rfind('/');
    const bool isThere = last != std::string_view::npos && path.substr(0, last + 1).ends_with(way);
    const Expected<EndpointId> id = EndpointId::parse(isThere ? path.substr(last + 1) : std::string_view(), "settings");
    if (!id)
        return refuseAddress("expected an endpoint's address such as https://gateway.example/data/out/weather");
    return EndpointUrl{std::move(*address), *id};
}

Expected<std::string> outgoingSecretOfVariable(const std::string& name, const std::optional<std::string>& value)
{
    if (value && isCredential(*value, mostOutgoingSecret))
        return *value;
    const std::string why = value ? " holds no secret: " + secretRule() : " is not set";
    return fail(Error{Problem::BadRequest, "secret: the environment variable " + name + why, "settings", 0, "/settings/secret"});
}

MirrorSettings MirrorSettings::of(const Json& settings)
{
    MirrorSettings read{textIn(settings, "url"), std::nullopt, std::nullopt};
    if (settings.contains("secret"))
        read.signIn = SignIn{textIn(settings, "token_endpoint"), textIn(settings, "client_id")};
    if (const auto issuer = settings.find(trustMember); issuer != settings.end())
        read.trustedIssuer = TrustedIssuer{textIn(*issuer, "issuer"), textIn(*issuer, "audience"), textIn(*issuer, "jwks_uri")};
    return read;
}

void checkMirror(ObjectReader& reader, SecretVariable variable)
{
    std::optional<HttpAddress> endpoint;
    const std::string url = reader.requiredText("url");
    if (const Expected<EndpointUrl> place = EndpointUrl::parse(url); place)
        endpoint = place->address;
    else
        reader.refuse(wrong("url", place.error().detail));
    checkSignIn(reader, variable, endpoint);
    checkTrustedIssuer(reader);
}

std::optional<OutgoingSecret> takeSecret(Json& settings)
{
    const auto found = settings.find("secret");
    if (found == settings.end() || !found->is_object() || found->contains("set"))
        return std::nullopt;
    OutgoingSecret secret{textIn(*found, "value"), textIn(*found, "env")};
    *found = {{"set", true}};
    return secret;
}

Json withSecret(Json settings, const std::optional<OutgoingSecret>& secret)
{
    if (secret)
        settings["secret"] = secret->env.empty() ? Json{{"value", secret->value}} : Json{{"env", secret->env}};
    return settings;
}

Expected<void> checkKeptSecret(const Json& settings, const Json* kept)
{
    const std::optional<MirrorSettings::SignIn> wanted = MirrorSettings::of(settings).signIn;
    if (!wanted || (kept && MirrorSettings::of(*kept).signIn == wanted))
        return {};
    return fail(Error{Problem::BadRequest,
                      "settings: secret: expected the secret itself: none is kept here for this token_endpoint and client_id",
                      "settings", 0, "/settings/secret"});
}

} // namespace iotman
