// The token endpoint (RFC 6749 §4.4), the key set (RFC 7517) and the metadata (RFC 8414).
#pragma once

#include "core/server/httprequest.h"
#include "core/server/servercontext.h"
#include "core/server/token.h"

namespace iotman::server {

inline constexpr std::size_t mostTokenRequestBytes = 16 * 1024;

/// `POST /oauth/token`. Errors are answered as RFC 6749 §5.2 says.
Response tokenAnswer(ServerContext& context, const HttpRequest& request);

/// What refuses such a request before that, in the same form.
Response tokenRefusal(const Error& error);

/// `GET /.well-known/jwks.json`
Response keySetAnswer(ServerContext& context);

/// `GET /.well-known/oauth-authorization-server`
Response metadataAnswer(const ServerContext& context, const HttpRequest& request);

/// A token of one hour for a client, as the token endpoint answers it.
Json clientToken(ServerContext& context, const Client& client, const std::vector<std::string>& scopes, const std::string& issuer);
/// The same for a member, with the member's role.
Json memberToken(ServerContext& context, const Member& member, const std::string& issuer);

} // namespace iotman::server
