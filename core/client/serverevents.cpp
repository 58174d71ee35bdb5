#include "core/client/serverevents.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace iotman::client {

namespace {

/// Digits only; what is beyond all numbers is as long as can be.
std::optional<std::chrono::milliseconds> millisecondsIn(const QByteArray& text)
{
    std::int64_t count = 0;
    if (text.isEmpty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    const bool fits = std::from_chars(text.begin(), text.end(), count).ec == std::errc();
    return fits ? std::chrono::milliseconds(count) : std::chrono::milliseconds::max();
}

} // namespace

std::vector<ServerEvent> ServerEventParser::take(const QByteArray& bytes)
{
    std::vector<ServerEvent> events;
    for (const char *at = bytes.begin(), *const end = bytes.end(); at != end;) {
        if (std::exchange(afterCr_, false) && *at == '\n') {
            ++at;
            continue;
        }
        const char* const stop = std::find_if(at, end, [](char c) { return c == '\n' || c == '\r'; });
        tooLong_ = tooLong_ || line_.size() + (stop - at) > longest;
        if (!tooLong_)
            line_.append(at, stop - at);
        at = stop;
        if (at == end)
            break;
        afterCr_ = *at++ == '\r';
        endLine(events);
    }
    return events;
}

void ServerEventParser::restart()
{
    ServerEventParser fresh(lastId_);
    fresh.retry_ = retry_;
    *this = std::move(fresh);
}

void ServerEventParser::endLine(std::vector<ServerEvent>& events)
{
    QByteArray line = std::exchange(line_, {});
    if (std::exchange(atStart_, false) && line.startsWith("\xEF\xBB\xBF"))
        line.remove(0, 3);
    if (std::exchange(tooLong_, false)) {
        skipping_ = true;
        return;
    }
    if (line.isEmpty())
        return endEvent(events);
    const qsizetype colon = line.indexOf(':');
    const QByteArray field = colon < 0 ? line : line.left(colon);
    const QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + (line.mid(colon + 1, 1) == " " ? 2 : 1));
    if (field == "event") {
        name_ = value;
    } else if (field == "data") {
        skipping_ = skipping_ || data_.size() + value.size() > longest;
        if (!skipping_)
            data_ += hasData_ ? QByteArray('\n' + value) : value;
        hasData_ = true;
    } else if (field == "id" && !value.contains('\0')) {
        id_ = value;
    } else if (field == "retry") {
        if (const auto wait = millisecondsIn(value))
            retry_ = wait;
    }
}

void ServerEventParser::endEvent(std::vector<ServerEvent>& events)
{
    lastId_ = id_;
    ServerEvent event{std::exchange(name_, {}), std::exchange(data_, {}), lastId_};
    const bool isTold = std::exchange(hasData_, false);
    if (std::exchange(skipping_, false) || !isTold)
        return;
    if (event.name.isEmpty())
        event.name = "message";
    events.push_back(std::move(event));
}

} // namespace iotman::client
