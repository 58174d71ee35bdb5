#include "core/client/refusal.h"

#include "core/client/text.h"
#include "core/model/problem.h"

namespace iotman::client {

namespace {

constexpr qsizetype longestSentence = 500;
constexpr int longestWait = 3600; // seconds

std::string shortened(const std::string& sentence)
{
    const QString text = toQt(sentence);
    return text.size() <= longestSentence ? sentence : fromQt(text.left(longestSentence) + QStringLiteral("…"));
}

} // namespace

Error refusal(const HttpAnswer& answer)
{
    Error error = errorFrom(answer.status, view(answer.body));
    if (answer.status >= 300 && answer.status < 400)
        error.detail = "The server answered with a redirect (" + std::to_string(answer.status) +
                       "), which is not followed. Use the address that it leads to.";
    if (answer.status == 502 || answer.status == 504)
        error.kind = Problem::Unavailable; // a proxy speaks: the server behind it is out of reach
    error.detail = shortened(error.detail);
    bool isNumber = false;
    const int wait = answer.header("Retry-After").trimmed().toInt(&isNumber);
    if (isNumber && wait > 0)
        error.retryAfter = std::min(wait, longestWait);
    return error;
}

bool isPassing(const Error& error)
{
    return error.kind == Problem::Unavailable || error.kind == Problem::TooManyRequests || error.kind == Problem::NoSpace;
}

Error notTheContract(const HttpAnswer& answer, std::string_view expected)
{
    const QByteArray type = answer.header("Content-Type").left(80);
    std::string got = type.isEmpty() ? std::string("something else") : "“" + fromQt(QString::fromLatin1(type)) + "”";
    return {Problem::Internal,
            "Expected " + std::string(expected) + ", but got " + got + ". Is this the right address?",
            {},
            0,
            {},
            0};
}

} // namespace iotman::client
