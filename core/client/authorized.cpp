#include "core/client/authorized.h"

#include "core/client/text.h"

namespace iotman::client {

Authorized::Authorized(Network& network, TokenSource* tokens, QObject* parent)
    : QObject(parent)
    , network_(network)
    , tokens_(tokens)
{
}

Call Authorized::send(const HttpRequest& request, QObject* context, Reply<HttpAnswer> reply)
{
    if (!tokens_)
        return network_.send(request, context, std::move(reply));
    const Pending<HttpAnswer> pending(this, context, std::move(reply));
    pending.step(tokens_->token(this, [this, request, pending](Expected<Token> token) {
        if (token)
            sendWith(*token, Attempt::First, request, pending);
        else
            pending.finish(fail(token.error()));
    }));
    return pending.call();
}

void Authorized::sendWith(const Token& token, Attempt attempt, const HttpRequest& request, const Pending<HttpAnswer>& pending)
{
    HttpRequest signedRequest = request;
    signedRequest.headers.emplaceBack("Authorization", "Bearer " + toBytes(token.text.reveal()));
    pending.step(network_.send(signedRequest, this, [this, token, attempt, request, pending](Expected<HttpAnswer> answer) {
        if (answer && answer->status == 401 && attempt == Attempt::First) {
            pending.step(tokens_->renewed(token, this, [this, request, pending](Expected<Token> fresh) {
                if (fresh)
                    sendWith(*fresh, Attempt::Last, request, pending);
                else
                    pending.finish(fail(fresh.error()));
            }));
            return;
        }
        if (answer && !answer->isSuccess())
            answer->body = toBytes(token.text.hiddenIn(answer->body.toStdString()));
        pending.finish(std::move(answer));
    }));
}

} // namespace iotman::client
