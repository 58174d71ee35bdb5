// What probes are put together from: requests, and the short texts of answers.
#pragma once

#include "core/lab/probe.h"
#include "core/model/json.h"

#include <optional>
#include <vector>

namespace iotman::lab {

inline constexpr const char* foreignOrigin = "https://contract.invalid";
inline constexpr const char* strangeToken = "not-a-token";

using Headers = client::Headers;

/// With the side's own token, where it has one.
Question requestTo(const Side& side, const std::string& url, Headers more = {}, const QByteArray& method = "GET");
/// With another token, or with none where it is empty.
Question requestAs(const std::string& token, const std::string& url, Headers more = {}, const QByteArray& method = "GET");
/// An upgrade as a browser or a device sends it.
Question upgradeAs(const std::string& token, const std::string& url, Headers more = {});
/// A token for one scope of the side's client (RFC 6749 §4.4), or for all of them.
Question tokenRequest(const Side& side, const std::string& scope);

/// An endpoint that nobody has made, beside the side's own.
std::string unknownEndpoint(const Side& side);

/// Asks once, and says what `say` makes of the answer.
template <class Say>
Turn once(std::span<const Answer> answers, Question question, Say say)
{
    if (answers.empty())
        return question;
    if (!answers.front())
        return Said(fail(answers.front().error()));
    return Said(say(*answers.front()));
}

/// It cannot be told.
inline Said unknown(std::string why)
{
    return fail(Problem::Unavailable, std::move(why));
}

std::string statusOf(const client::HttpAnswer& answer);
/// Without its parameters.
std::string contentType(const client::HttpAnswer& answer);
/// `404 application/problem+json field=limit`: with the parameter that a problem names.
std::string shapeOf(const client::HttpAnswer& answer);
/// The value of a header, or “none”.
std::string headerOf(const client::HttpAnswer& answer, const char* name);
/// Words between commas, each once, in the order of the alphabet.
std::string sortedList(const std::string& text);
/// Status, scheme and error code of a challenge; realm and texts are a server's own.
std::string challengeOf(const client::HttpAnswer& answer);

/// The JSON of a page. Errors: Unavailable when it is none.
Expected<Json> pageFrom(const Answer& answer);
/// The items of a page's body, each with the very bytes it has there.
std::vector<std::string> rawItems(const QByteArray& body);

} // namespace iotman::lab
