#include "core/client/text.h"
#include "core/lab/verdict.h"
#include "core/model/encoding.h"

#include <algorithm>
#include <array>

namespace iotman::lab {

namespace {

constexpr qsizetype longestBody = 2000;

/// Headers by which a contract is kept; dates, names of servers and the like are their own.
constexpr std::array answerHeaders{"content-type",
                                   "allow",
                                   "location",
                                   "link",
                                   "vary",
                                   "www-authenticate",
                                   "retry-after",
                                   "access-control-allow-origin",
                                   "access-control-allow-methods",
                                   "access-control-allow-headers",
                                   "access-control-expose-headers",
                                   "upgrade",
                                   "sec-websocket-version",
                                   "message"};
/// Headers that a question is about.
constexpr std::array questionHeaders{"origin", "access-control-request-method", "access-control-request-headers", "upgrade",
                                     "sec-websocket-version"};

template <std::size_t Count>
std::string headerLines(const client::Headers& headers, const std::array<const char*, Count>& names)
{
    std::string lines;
    for (const auto& [name, value] : headers) {
        const QByteArray lower = name.toLower();
        if (std::any_of(names.begin(), names.end(), [&](const char* known) { return lower == known; }))
            lines += "\n" + lower.toStdString() + ": " + value.toStdString();
    }
    return lines;
}

/// Who asks: nobody, somebody with a token that is none, or the client.
std::string bearer(const Side& side, const client::HttpRequest& request)
{
    for (const auto& [name, value] : request.headers) {
        if (name != "Authorization")
            continue;
        if (value.startsWith("Basic "))
            return "\nauthorization: the client's id and secret";
        const bool own = !side.token.isEmpty() && value == "Bearer " + client::toBytes(side.token.reveal());
        return own ? "\nauthorization: the client's token" : "\nauthorization: another token";
    }
    return {};
}

std::string bodyText(const client::HttpAnswer& answer)
{
    if (answer.body.isEmpty())
        return {};
    // A token that was given is nobody's to see.
    if (answer.body.contains("\"access_token\""))
        return "\n\n(a token)";
    const QByteArray start = answer.body.left(longestBody);
    const std::string text = client::fromQt(QString::fromUtf8(start));
    return "\n\n" + text + (answer.body.size() > longestBody ? " …" : "");
}

} // namespace

Exchange exchangeOf(const Side& side, const Question& question, const Answer& answer)
{
    const client::HttpRequest& request = question.request;
    Exchange exchange;
    exchange.asked = (question.way == Question::Way::Message ? "the first message of" : request.method.toStdString()) + " " +
                     client::fromQt(request.url.toString(QUrl::FullyEncoded)) + headerLines(request.headers, questionHeaders) +
                     bearer(side, request);
    if (!answer)
        exchange.answered = answer.error().detail;
    else
        exchange.answered = std::to_string(answer->status) + headerLines(answer->headers, answerHeaders) + bodyText(*answer);
    exchange.answered = side.credentials.secret.hiddenIn(side.token.hiddenIn(exchange.answered));
    return exchange;
}

std::string_view text(Verdict verdict)
{
    return verdict == Verdict::Equal ? "equal" : verdict == Verdict::Different ? "different" : "unknown";
}

Verdict Finding::verdict() const
{
    if (!there.said || !here.said)
        return Verdict::Unknown;
    return *there.said == *here.said ? Verdict::Equal : Verdict::Different;
}

} // namespace iotman::lab
