// Access tokens by client credentials (RFC 6749 §4.4): asked for once, kept until shortly before they expire.
#pragma once

#include "core/client/network.h"
#include "core/client/secret.h"
#include "core/model/clock.h"
#include "core/model/permissions.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <optional>
#include <vector>

namespace iotman::client {

/// How to sign in: a client's id and secret, or a member's e-mail and access key.
struct Credentials {
    QUrl tokenEndpoint;
    QString id;
    Secret secret;
    QString scope; ///< scopes to ask for, separated by blanks; empty: all that were granted
};

struct Token {
    Secret text;
    Timestamp issuedAt; ///< on this computer's clock
    Timestamp expiresAt;

    /// When it is to be replaced: after 80 % of its life, of a long one 60 s before its end.
    Timestamp renewAt() const;
};

/// What a token endpoint answered. Lenient where services differ: the type's case, a lifetime that is text or missing (then five
/// minutes). Errors: Internal when there is no usable token in it. `asked` is when the request was sent.
Expected<Token> tokenFrom(const HttpAnswer& answer, Timestamp asked);

/// The tokens of one sign-in. One request serves all who wait. Once the server has refused the credentials, every call is
/// answered with that refusal, without a request, until they change or `tryAgain`: a wrong secret must not lock the account.
class TokenSource : public QObject {
    Q_OBJECT

public:
    /// `network` and `clock` must outlive the source.
    TokenSource(Network& network, const Clock& clock, Credentials credentials, QObject* parent = nullptr);

    /// A token that is good for at least the moment.
    /// Errors: Unauthorized (the credentials are refused: sign in again), BadRequest (scope or role), Unavailable, Internal.
    Call token(QObject* context, Reply<Token> reply);
    /// A token that is not `rejected`, which a server did not take: the one that replaced it meanwhile, else a new one.
    Call renewed(const Token& rejected, QObject* context, Reply<Token> reply);

    /// “View as”: asks for a lower role than one's own from now on; nothing: one's own. The token in use is given up.
    void setRole(std::optional<Role> role);
    std::optional<Role> role() const { return role_; }
    void setCredentials(Credentials credentials);
    /// Uses a token that somebody else was given. A source without credentials has no other when it expires: then it answers
    /// Unauthorized, without a request.
    void adopt(Token token);
    void tryAgain();

    /// When the token in use expires; nothing while there is none.
    std::optional<Timestamp> expiresAt() const;
    /// The refusal of the credentials, if they were refused.
    std::optional<Error> refused() const { return refused_; }

Q_SIGNALS:
    /// `expiresAt` or `refused` has another value.
    void changed();

private:
    HttpRequest request() const;
    void fetch();
    void arrived(Expected<HttpAnswer> answer, Timestamp asked);
    void settle(const Expected<Token>& result);
    void startOver();
    Call enqueue(QObject* context, Reply<Token> reply);

    Network& network_;
    const Clock& clock_;
    Credentials credentials_;
    std::optional<Role> role_;
    std::optional<Token> token_;
    std::optional<Error> refused_;
    std::vector<Pending<Token>> waiting_;
    Call flight_;
    bool settling_ = false; ///< an answer from memory is on its way
};

} // namespace iotman::client
