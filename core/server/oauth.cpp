#include "core/server/oauth.h"

#include "core/model/ascii.h"
#include "core/model/encoding.h"
#include "core/model/query.h"
#include "core/server/contentcoding.h"

#include <openssl/evp.h>

#include <algorithm>

namespace iotman::server {

namespace {

struct Credentials {
    std::string id;
    std::string secret;
    std::string rawSecret; ///< as it came; another one only where it may have been form-encoded
};

/// Both readings are always looked at: an answer's time says nothing.
bool isSecretOf(const std::string& hash, const Credentials& credentials)
{
    const bool decoded = sameSecret(hash, secretHash(credentials.secret));
    const bool raw = sameSecret(hash, secretHash(credentials.rawSecret));
    return decoded || raw;
}

/// RFC 6749 §5.2 has no characters but those of ASCII that can be printed, without quotes and backslashes.
std::string inTheirCharacters(std::string_view text)
{
    std::string plain;
    for (const char c : text) {
        const bool isContinued = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\')
            plain += c;
        else if (!isContinued)
            plain += '\'';
    }
    return plain;
}

/// RFC 6749 §5.2.
Response oauthError(int status, std::string_view code, std::string_view description)
{
    Response response = jsonResponse(status, {{"error", code}, {"error_description", inTheirCharacters(description)}});
    response.with("Cache-Control", "no-store");
    response.trace.reason = description;
    if (status == 401)
        response.with("WWW-Authenticate", "Basic realm=\"iotman\", charset=\"UTF-8\"");
    return response;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string url(text);
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    while (!url.empty() && url.back() == '=')
        url.pop_back();
    return fromBase64Url(url);
}

std::optional<Credentials> basicCredentials(std::string_view value)
{
    constexpr std::string_view scheme = "basic ";
    if (value.size() <= scheme.size() || !sameWithoutCase(value.substr(0, scheme.size()), scheme))
        return std::nullopt;
    const std::string_view encoded = value.substr(std::min(value.find_first_not_of(' ', scheme.size()), value.size()));
    const std::optional<std::string> decoded = fromBase64(encoded);
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    // RFC 6749 §2.3.1 asks for form-encoding; many clients send both raw. Our ids and secrets read the same either way, but for
    // the “@” of an e-mail address, which form-encoding writes as %40, and its “+”: no id has a blank. Secrets that people chose may.
    const std::string id = decoded->substr(0, colon);
    const std::string secret = decoded->substr(colon + 1);
    return Credentials{percentDecoded(id, Plus::Literal).value_or(id), percentDecoded(secret, Plus::Blank).value_or(secret),
                       secret};
}

/// Members and clients sign in the same way; no client's id has an “@”.
bool isMember(const Credentials& credentials)
{
    return credentials.id.find('@') != std::string::npos;
}

/// The words of `text`, each once.
std::vector<std::string> distinctScopes(std::string_view text)
{
    std::vector<std::string> scopes;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!word.empty() && std::find(scopes.begin(), scopes.end(), word) == scopes.end())
            scopes.emplace_back(word);
    }
    return scopes;
}

std::string joined(const std::vector<std::string>& scopes)
{
    std::string text;
    for (const std::string& scope : scopes)
        text += (text.empty() ? "" : " ") + scope;
    return text;
}

std::string issuerOf(const ServerContext& context, const HttpRequest& request)
{
    return context.hosts.base(request.head, request.scheme);
}

Json tokenJson(ServerContext& context, Claims claims)
{
    claims.audience = context.store.catalog()->workspace.id;
    claims.issuedAt = context.clock.now().us / Timestamp::usPerSecond;
    claims.expiresAt = claims.issuedAt + tokenLifeSeconds;
    claims.id = context.random.uuid();
    const std::string scope = joined(claims.scopes);
    return {{"access_token", signedToken(claims, context.keys.current())},
            {"token_type", "Bearer"},
            {"expires_in", tokenLifeSeconds},
            {"scope", scope}};
}

/// The parameters of the form, each at most once.
struct TokenForm {
    std::optional<std::string> grantType, scope, role, clientId, clientSecret;

    static Expected<TokenForm> parse(std::string_view body)
    {
        const QueryParameters parameters = QueryParameters::parse(body);
        TokenForm form;
        for (const auto& [name, value] : {std::pair<const char*, std::optional<std::string>*>{"grant_type", &form.grantType},
                                          {"scope", &form.scope},
                                          {"role", &form.role},
                                          {"client_id", &form.clientId},
                                          {"client_secret", &form.clientSecret}}) {
            auto given = parameters.once(name);
            if (!given)
                return fail(given.error());
            // RFC 6749 §3.2: without a value it counts as left out.
            if (*given && !(*given)->empty())
                *value = std::move(*given);
        }
        return form;
    }
};

class TokenRequest {
public:
    TokenRequest(ServerContext& context, const HttpRequest& request, const TokenForm& form)
        : context_(context)
        , request_(request)
        , form_(form)
        , catalog_(context.store.catalog())
        , now_(context.clock.now())
    {
    }

    Response answer()
    {
        if (form_.grantType != "client_credentials") {
            const bool missing = !form_.grantType;
            return oauthError(400, missing ? "invalid_request" : "unsupported_grant_type",
                              "expected grant_type=client_credentials");
        }
        if (authenticatesTwice())
            return oauthError(400, "invalid_request",
                              "expected one client id and secret, by HTTP Basic or in the form, but there are several");
        const std::optional<Credentials> credentials = readCredentials();
        if (!credentials)
            return oauthError(401, "invalid_client",
                              "expected a client id and secret, by HTTP Basic or as client_id and client_secret");
        if (const std::optional<int> wait = context_.throttle.wait(credentials->id, request_.peer.address, now_)) {
            Response response = oauthError(429, "invalid_client", "too many failures; try again later");
            response.with("Retry-After", std::to_string(*wait));
            return response;
        }
        if (isMember(*credentials))
            return answerMember(*credentials);
        return answerClient(*credentials);
    }

private:
    /// RFC 6749 §2.3. The id alone may stand in the form as well, when it is the same.
    bool authenticatesTwice() const
    {
        const std::size_t fields = request_.head.count("authorization");
        if (fields == 0)
            return false;
        const std::optional<Credentials> basic = fields == 1 ? readCredentials() : std::nullopt;
        return fields > 1 || form_.clientSecret || (basic && form_.clientId && form_.clientId != basic->id);
    }

    std::optional<Credentials> readCredentials() const
    {
        if (const auto field = request_.head.header("authorization"))
            return basicCredentials(*field);
        if (!form_.clientId || !form_.clientSecret)
            return std::nullopt;
        return Credentials{*form_.clientId, *form_.clientSecret, *form_.clientSecret};
    }

    Response refuse(const Credentials& credentials)
    {
        context_.throttle.failed(credentials.id, request_.peer.address, now_);
        return oauthError(401, "invalid_client",
                          isMember(credentials) ? "the e-mail address or the access key is wrong"
                                                : "the id or the secret is wrong, or the client is switched off or has expired");
    }

    Response answerClient(const Credentials& credentials)
    {
        const auto found = catalog_->clients.find(ClientId{credentials.id});
        // The same work for an unknown id: an answer's time says nothing.
        const std::string hash = found == catalog_->clients.end() ? secretHash("") : found->second.secretHash;
        const bool same = isSecretOf(hash, credentials);
        if (found == catalog_->clients.end() || !same)
            return refuse(credentials);
        const Client& client = found->second;
        if (!client.enabled || (client.expiresAt && *client.expiresAt <= now_))
            return refuse(credentials);
        context_.throttle.succeeded(credentials.id);

        std::vector<std::string> granted;
        for (const ScopeName& scope : client.scopes)
            granted.push_back(scope.text);
        const std::vector<std::string> wanted = distinctScopes(form_.scope.value_or(""));
        for (const std::string& scope : wanted) {
            if (std::find(granted.begin(), granted.end(), scope) == granted.end())
                return oauthError(400, "invalid_scope", "a scope that was asked for is not granted to this client");
        }
        context_.usage.clients.used(client.id, now_);
        return success(clientToken(context_, client, wanted.empty() ? granted : wanted, issuerOf(context_, request_)));
    }

    Response answerMember(const Credentials& credentials)
    {
        const Expected<Email> email = Email::parse(credentials.id, "client_id");
        const Member* member = email ? catalog_->memberByEmail(*email) : nullptr;
        const bool owner = email && email->text == Owner::email && !context_.owner.keyHash.empty();
        const std::string hash = owner ? context_.owner.keyHash : member ? member->keyHash : secretHash("");
        const bool same = isSecretOf(hash, credentials);
        if ((!member && !owner) || !same)
            return refuse(credentials);
        context_.throttle.succeeded(credentials.id);

        Role role = owner ? Role::Admin : member->role;
        if (form_.role) {
            const Expected<Role> lower = parseRole(*form_.role, "role");
            if (!lower)
                return oauthError(400, "invalid_request", "expected the role viewer, editor or admin");
            if (*lower > role)
                return oauthError(400, "invalid_scope", "expected a role that is not above one's own");
            role = *lower;
        }
        if (!distinctScopes(form_.scope.value_or("")).empty())
            return oauthError(400, "invalid_scope", "a member's token has a role and no scopes");
        if (member)
            context_.usage.members.used(member->id, now_);
        if (context_.signedIn)
            context_.signedIn(*email);
        Claims claims;
        claims.issuer = issuerOf(context_, request_);
        claims.subject = owner ? Owner::id : member->id.text;
        claims.role = role;
        claims.keyId = owner ? context_.owner.keyId() : member->keyId;
        Response response = success(tokenJson(context_, std::move(claims)));
        response.trace.extension = form_.role.has_value();
        return response;
    }

    static Response success(const Json& json)
    {
        Response response = jsonResponse(200, json);
        response.with("Cache-Control", "no-store").with("Pragma", "no-cache"); // RFC 6749 §5.1
        return response;
    }

    ServerContext& context_;
    const HttpRequest& request_;
    const TokenForm& form_;
    std::shared_ptr<const Catalog> catalog_;
    Timestamp now_;
};

} // namespace

Json clientToken(ServerContext& context, const Client& client, const std::vector<std::string>& scopes, const std::string& issuer)
{
    Claims claims;
    claims.issuer = issuer;
    claims.subject = client.id.text;
    claims.scopes = scopes;
    return tokenJson(context, std::move(claims));
}

Json memberToken(ServerContext& context, const Member& member, const std::string& issuer)
{
    Claims claims;
    claims.issuer = issuer;
    claims.subject = member.id.text;
    claims.role = member.role;
    claims.keyId = member.keyId;
    return tokenJson(context, std::move(claims));
}

Response tokenRefusal(const Error& error)
{
    Response response = oauthError(httpStatus(error.kind), "invalid_request", error.detail);
    if (error.retryAfter > 0)
        response.with("Retry-After", std::to_string(error.retryAfter));
    return response;
}

Response tokenAnswer(ServerContext& context, const HttpRequest& request)
{
    if (const auto plain = checkCoding(request); !plain) {
        Response response = tokenRefusal(plain.error());
        return response.with("Accept-Encoding", "identity");
    }
    const Expected<TokenForm> form = TokenForm::parse(request.body);
    if (!form)
        return oauthError(400, "invalid_request", form.error().detail);
    return TokenRequest(context, request, *form).answer();
}

Response keySetAnswer(ServerContext& context)
{
    Response response = jsonResponse(200, setOf(context.keys.published()));
    response.with("Cache-Control", "no-cache"); // a new key signs at once
    return response;
}

Response metadataAnswer(const ServerContext& context, const HttpRequest& request)
{
    const std::string issuer = issuerOf(context, request);
    Json scopes = Json::array();
    for (const auto& [name, scope] : context.store.catalog()->scopes)
        scopes.push_back(name.text);
    return jsonResponse(200, {{"issuer", issuer},
                              {"token_endpoint", issuer + "/oauth/token"},
                              {"jwks_uri", issuer + "/.well-known/jwks.json"},
                              {"scopes_supported", std::move(scopes)},
                              {"response_types_supported", Json::array()},
                              {"grant_types_supported", {"client_credentials"}},
                              {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}}});
}

} // namespace iotman::server
