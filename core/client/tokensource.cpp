#include "core/client/tokensource.h"

#include "core/client/refusal.h"
#include "core/client/text.h"
#include "core/model/encoding.h"
#include "core/model/json.h"

#include <algorithm>
#include <charconv>

namespace iotman::client {

namespace {

constexpr std::int64_t second = 1'000'000; // µs
constexpr std::int64_t lifeUnlessTold = 300;
constexpr std::int64_t longestLife = 365LL * 86'400;
constexpr qint64 mostTokenBytes = 256 << 10;

/// `expires_in` in seconds: a number, or a text that is one.
std::int64_t lifeOf(const Json& answer)
{
    const auto found = answer.find("expires_in");
    double seconds = 0;
    if (found != answer.end() && isNumber(*found)) {
        seconds = numberIn(*found);
    } else if (found != answer.end() && found->is_string()) {
        const auto& text = found->get_ref<const std::string&>();
        if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc())
            seconds = 0;
    }
    return seconds >= 1 ? static_cast<std::int64_t>(std::min(seconds, static_cast<double>(longestLife))) : lifeUnlessTold;
}

/// RFC 6750 §2.1: what may stand behind “Bearer”, widened to all visible ASCII; nothing that could end a header.
bool isHeaderSafe(std::string_view token)
{
    return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// RFC 6749 §5.2: the error code of a refusal, where it has one.
std::string errorCode(const HttpAnswer& answer)
{
    const Json json = Json::parse(view(answer.body), nullptr, false);
    if (!json.is_object() || !json.contains("error") || !json["error"].is_string())
        return {};
    return json["error"].get<std::string>();
}

Error signInError(const HttpAnswer& answer, const Credentials& credentials)
{
    Error error = refusal(answer);
    const std::string code = errorCode(answer);
    // §5.2 lets a server answer 400 or 401 to credentials that it does not know.
    if (code == "invalid_client")
        error.kind = Problem::Unauthorized;
    if (error.kind == Problem::Unauthorized)
        error.detail =
            std::string(credentials.id.contains(u'@') ? "The server does not accept this e-mail address and access key: "
                                                      : "The server does not accept this id and secret: ") +
            error.detail;
    else if (isHeaderSafe(code) && code.size() <= 64 && error.detail.find(code) == std::string::npos)
        error.detail = "The sign-in was refused (" + code + "): " + error.detail;
    return error;
}

QByteArray basic(const Credentials& credentials)
{
    // RFC 6749 §2.3.1: both parts are form-encoded first, so that a colon or a line break inside cannot be misread.
    return "Basic " +
           toBytes(percentEncoded(fromQt(credentials.id)) + ":" + percentEncoded(credentials.secret.reveal())).toBase64();
}

/// The answer without what was sent, should the server echo it.
HttpAnswer withoutSecrets(HttpAnswer answer, const Credentials& credentials)
{
    std::string body = credentials.secret.hiddenIn(answer.body.toStdString());
    body = Secret(basic(credentials).mid(6).toStdString()).hiddenIn(std::move(body));
    answer.body = toBytes(body);
    return answer;
}

} // namespace

Timestamp Token::renewAt() const
{
    const std::int64_t life = expiresAt.us - issuedAt.us;
    return {issuedAt.us + std::max(life / 5 * 4, life - 60 * second)};
}

Expected<Token> tokenFrom(const HttpAnswer& answer, Timestamp asked)
{
    const Json json = Json::parse(view(answer.body), nullptr, false);
    if (!json.is_object())
        return fail(notTheContract(answer, "a token as JSON"));
    const auto token = json.find("access_token");
    if (token == json.end() || !token->is_string())
        return fail(Problem::Internal, "The token endpoint's answer has no “access_token”.", "access_token");
    const auto type = json.find("token_type");
    if (type != json.end() && !(type->is_string() && toQt(type->get<std::string>()).compare(u"bearer", Qt::CaseInsensitive) == 0))
        return fail(Problem::Internal, "The token endpoint gives tokens of another type than “Bearer”.", "token_type");
    if (!isHeaderSafe(token->get_ref<const std::string&>()))
        return fail(Problem::Internal, "The token endpoint's token has characters that no token may have.", "access_token");
    return Token{Secret(token->get<std::string>()), asked, {asked.us + lifeOf(json) * second}};
}

TokenSource::TokenSource(Network& network, const Clock& clock, Credentials credentials, QObject* parent)
    : QObject(parent)
    , network_(network)
    , clock_(clock)
    , credentials_(std::move(credentials))
{
}

Call TokenSource::token(QObject* context, Reply<Token> reply)
{
    return enqueue(context, std::move(reply));
}

Call TokenSource::renewed(const Token& rejected, QObject* context, Reply<Token> reply)
{
    if (token_ && token_->text == rejected.text) {
        token_.reset();
        Q_EMIT changed();
    }
    return enqueue(context, std::move(reply));
}

void TokenSource::setRole(std::optional<Role> role)
{
    if (role == role_)
        return;
    role_ = role;
    startOver();
}

void TokenSource::setCredentials(Credentials credentials)
{
    credentials_ = std::move(credentials);
    startOver();
}

void TokenSource::adopt(Token token)
{
    startOver();
    token_ = std::move(token);
    Q_EMIT changed();
}

void TokenSource::tryAgain()
{
    if (refused_)
        startOver();
}

std::optional<Timestamp> TokenSource::expiresAt() const
{
    return token_ ? std::optional(token_->expiresAt) : std::nullopt;
}

/// Gives up what was got with other credentials; those who wait get a token of the new kind.
void TokenSource::startOver()
{
    token_.reset();
    refused_.reset();
    flight_.cancel();
    if (!waiting_.empty())
        fetch();
    Q_EMIT changed();
}

Call TokenSource::enqueue(QObject* context, Reply<Token> reply)
{
    const Pending<Token> pending(this, context, std::move(reply));
    waiting_.push_back(pending);
    const bool known = refused_ || (token_ && clock_.now() < token_->renewAt());
    if (flight_.isActive() || (known && settling_))
        return pending.call();
    if (!known) {
        fetch();
    } else {
        settling_ = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                settling_ = false;
                if (flight_.isActive())
                    return; // something changed meanwhile; its answer serves all
                if (refused_)
                    settle(fail(*refused_));
                else if (token_)
                    settle(*token_);
                else if (!waiting_.empty())
                    fetch();
            },
            Qt::QueuedConnection);
    }
    return pending.call();
}

HttpRequest TokenSource::request() const
{
    QByteArray form = "grant_type=client_credentials";
    if (!credentials_.scope.isEmpty())
        form += "&scope=" + toBytes(percentEncoded(fromQt(credentials_.scope)));
    if (role_)
        form += "&role=" + toBytes(text(*role_));
    return {"POST",
            credentials_.tokenEndpoint,
            {{"Authorization", basic(credentials_)},
             {"Content-Type", "application/x-www-form-urlencoded"},
             {"Accept", "application/json"}},
            form,
            mostTokenBytes};
}

void TokenSource::fetch()
{
    if (credentials_.tokenEndpoint.isEmpty()) {
        refused_ = Error{Problem::Unauthorized, "The access token has expired, and there is nothing to get another with."};
        QMetaObject::invokeMethod(
            this, [this] { settle(fail(refused_.value_or(Error{Problem::Unauthorized}))); }, Qt::QueuedConnection);
        return;
    }
    const Timestamp asked = clock_.now();
    flight_ = network_.send(request(), this, [this, asked](Expected<HttpAnswer> answer) { arrived(std::move(answer), asked); });
}

void TokenSource::arrived(Expected<HttpAnswer> answer, Timestamp asked)
{
    Expected<Token> result = answer.and_then([&](const HttpAnswer& got) -> Expected<Token> {
        const HttpAnswer clean = got.isSuccess() ? got : withoutSecrets(got, credentials_);
        return clean.isSuccess() ? tokenFrom(clean, asked) : Expected<Token>(fail(signInError(clean, credentials_)));
    });
    if (result) {
        token_ = *result;
        refused_.reset();
    } else if (result.error().kind == Problem::Unauthorized) {
        token_.reset();
        refused_ = result.error();
    } else if (token_ && clock_.now() < token_->expiresAt) {
        result = *token_; // renewal failed, but the old one is still good: the next call tries again
    }
    const QPointer<TokenSource> self(this);
    Q_EMIT changed();
    if (self)
        settle(result);
}

void TokenSource::settle(const Expected<Token>& result)
{
    // A reply may ask again or delete this source: it works on what was waiting now.
    for (const Pending<Token>& pending : std::exchange(waiting_, {}))
        pending.finish(result);
}

} // namespace iotman::client
