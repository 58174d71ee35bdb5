// Requests with a token.
#pragma once

#include "core/client/network.h"
#include "core/client/tokensource.h"

namespace iotman::client {

/// Adds the token to requests. A 401 gets one renewed token and one more try; whatever comes then is the answer.
class Authorized : public QObject {
public:
    /// `network` and `tokens` must outlive this. Without `tokens`, requests go out as they are.
    Authorized(Network& network, TokenSource* tokens, QObject* parent = nullptr);

    /// As Network::send. Errors of the sign-in are passed on. An answer that echoes the token has “…” in its place.
    Call send(const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply);

private:
    enum class Attempt { First, Last };
    void sendWith(const Token& token, Attempt attempt, const HttpRequest& request, const Pending<HttpAnswer>& pending);

    Network& network_;
    TokenSource* tokens_;
};

} // namespace iotman::client
