#include "core/client/streamend.h"

#include "core/model/problem.h"

#include <QRegularExpression>

#include <array>
#include <string>

namespace iotman::client {

namespace {

struct Row {
    int code;
    NextStep next;
    Problem kind;
    const char* sentence;
};

// 1002 to 1007 also come from our own socket: Qt 6.4 takes a text message that is split inside a character for broken UTF-8.
constexpr std::array closes{
    Row{1000, NextStep::Resume, Problem::Unavailable, "The server ended the stream."},
    Row{1001, NextStep::Resume, Problem::Unavailable, "The server is shutting down."},
    Row{1007, NextStep::Resume, Problem::Unavailable, "A message came in pieces that are not valid UTF-8."},
    Row{1009, NextStep::Stop, Problem::TooLarge, "The stream sent a message of more than 2 MiB."},
    Row{1012, NextStep::Resume, Problem::Unavailable, "The server is restarting."},
    Row{1013, NextStep::Resume, Problem::Unavailable, "The server is busy."},
    Row{4401, NextStep::Renew, Problem::Unauthorized, "The token has expired."},
    Row{4404, NextStep::Stop, Problem::NotFound, "The endpoint was deleted or switched off."},
    Row{4408, NextStep::Resume, Problem::Unavailable, "The server closed the stream because it was not read for a minute."},
};

constexpr std::array refusals{
    Row{400, NextStep::Stop, Problem::BadRequest, "The server does not accept this stream or the position to go on from."},
    Row{401, NextStep::Renew, Problem::Unauthorized, "The endpoint needs a valid token."},
    Row{403, NextStep::Stop, Problem::Forbidden, "The token does not have the scope that this endpoint requires."},
    Row{404, NextStep::Stop, Problem::NotFound, "There is no such endpoint, or it is switched off."},
    Row{408, NextStep::Resume, Problem::Unavailable, "The server did not wait for the request."},
    Row{410, NextStep::Stop, Problem::NotFound, "The endpoint is gone."},
    Row{421, NextStep::Stop, Problem::Misdirected, "The server does not answer to this name."},
    Row{429, NextStep::Resume, Problem::TooManyRequests, "The server asks for fewer requests."},
};

StreamEnd endOf(const Row& row)
{
    return {row.next, {row.kind, row.sentence, {}, 0, {}, 0}};
}

} // namespace

StreamEnd endOfClose(int code)
{
    for (const Row& row : closes) {
        if (row.code == code)
            return endOf(row);
    }
    return {NextStep::Resume, {Problem::Unavailable, "The connection was lost.", {}, 0, {}, 0}};
}

StreamEnd endOfRefusal(int status)
{
    for (const Row& row : refusals) {
        if (row.code == status)
            return endOf(row);
    }
    const std::string answered = std::to_string(status) + " " + std::string(reasonPhrase(status));
    if (status >= 500)
        return {NextStep::Resume, {Problem::Unavailable, "The server answered " + answered + ".", {}, 0, {}, 0}};
    return {NextStep::Stop,
            {Problem::Internal, "The server does not open a stream here: it answered " + answered + ".", {}, 0, {}, 0}};
}

int refusedStatus(const QString& errorText)
{
    static const QRegularExpression number(QStringLiteral("status code: ([1-5][0-9][0-9])\\b"));
    if (const auto match = number.match(errorText); match.hasMatch())
        return match.captured(1).toInt();
    if (errorText.contains(u"WWW-Authenticate")) // from Qt 6.6 on, for a challenge that is none of a browser's
        return 401;
    return errorText.contains(u"processHandshake") ? 400 : 0;
}

} // namespace iotman::client
