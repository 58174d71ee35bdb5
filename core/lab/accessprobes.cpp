// Who may read: tokens and their scopes, and web pages of other origins.
#include "core/lab/probeparts.h"
#include "core/lab/turns.h"

namespace iotman::lab {

using client::HttpAnswer;

namespace {

constexpr std::size_t mostScopes = 4; ///< of a client that are tried

std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (c != ' ')
            words.back() += c;
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

/// A member of a token endpoint's answer. Errors: Unavailable where there is none.
Said tokenMember(const Answer& answer, const char* member)
{
    if (!answer)
        return fail(answer.error());
    const Json json = Json::parse(answer->body.toStdString(), nullptr, false);
    if (answer->status != 200 || !json.is_object() || !json.contains(member) || !json[member].is_string())
        return unknown("the token endpoint gave no token: " + std::to_string(answer->status));
    return json[member].get<std::string>();
}

Question preflight(const Side& side, const QByteArray& method)
{
    return requestAs({}, side.endpoint,
                     {{"Origin", foreignOrigin},
                      {"Access-Control-Request-Method", method},
                      {"Access-Control-Request-Headers", "authorization"}},
                     "OPTIONS");
}

std::string passing(const HttpAnswer& answer)
{
    return !answer.header("access-control-allow-origin").isEmpty() && answer.isSuccess() ? "passes" : "does not pass";
}

std::string allowedOrigin(const HttpAnswer& answer)
{
    return statusOf(answer) + " allowed: " + headerOf(answer, "access-control-allow-origin");
}

} // namespace

Turn noTokenTurn(const Side& side, Answers answers)
{
    return once(answers, requestAs({}, side.endpoint), challengeOf);
}

Turn strangeTokenTurn(const Side& side, Answers answers)
{
    return once(answers, requestAs(strangeToken, side.endpoint), challengeOf);
}

Turn strangeScopeTurn(const Side& side, Answers answers)
{
    return once(answers, tokenRequest(side, "contract:nobody"), [](const HttpAnswer& answer) {
        const Json json = Json::parse(answer.body.toStdString(), nullptr, false);
        const bool named = json.is_object() && json.contains("error") && json["error"].is_string();
        return statusOf(answer) + " " + (named ? json["error"].get<std::string>() : contentType(answer));
    });
}

/// Each scope of the client alone, until one of them does not open the endpoint.
Turn otherScopeTurn(const Side& side, Answers answers)
{
    if (answers.empty())
        return tokenRequest(side, {});
    const Said granted = tokenMember(answers.front(), "scope");
    if (!granted)
        return granted;
    const std::vector<std::string> scopes = wordsOf(*granted);
    if (scopes.size() < 2)
        return unknown("the client has one scope only");
    // A token and a page for each scope that was tried.
    const Answers tried = answers.subspan(1);
    if (tried.size() % 2 == 1) {
        const Said token = tokenMember(tried.back(), "access_token");
        return token ? Turn(requestAs(*token, side.endpoint + "?limit=1")) : Turn(token);
    }
    if (!tried.empty() && !tried.back())
        return Said(fail(tried.back().error()));
    if (!tried.empty() && tried.back()->status != 200)
        return Said(challengeOf(*tried.back()));
    const std::size_t next = tried.size() / 2;
    if (next >= std::min(scopes.size(), mostScopes))
        return unknown("each scope of the client opens it");
    return tokenRequest(side, scopes[next]);
}

Turn foreignReadTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, side.endpoint + "?limit=1", {{"Origin", foreignOrigin}}), allowedOrigin);
}

Turn foreignErrorTurn(const Side& side, Answers answers)
{
    return once(answers, requestTo(side, side.endpoint + "?limit=0", {{"Origin", foreignOrigin}}), allowedOrigin);
}

Turn foreignPreflightTurn(const Side& side, Answers answers)
{
    return once(answers, preflight(side, "GET"), passing);
}

Turn foreignPostPreflightTurn(const Side& side, Answers answers)
{
    return once(answers, preflight(side, "POST"), passing);
}

} // namespace iotman::lab
