#include "core/server/streammessage.h"

#include "core/server/websocket.h"

#include <algorithm>

namespace iotman::server {

namespace {

std::string withTime(const StreamCursor& next, const EndpointId& endpoint, Timestamp time, std::string_view item)
{
    std::string message = "{\"time\":" + time.seconds() + ",\"cursor\":\"" + next.text(endpoint) + "\",\"item\":";
    message += item;
    return message + "}";
}

/// Line breaks only stand in white space of JSON, so that blanks say the same.
void appendOneLine(std::string& bytes, std::string_view json)
{
    const std::size_t start = bytes.size();
    bytes += json;
    std::replace_if(bytes.begin() + static_cast<long>(start), bytes.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

/// The size of the event with which `bytes` begins; 0 where it is cut off. Inside of one there is no empty line.
std::size_t eventSize(std::string_view bytes)
{
    constexpr std::string_view end = "\n\n";
    const std::size_t at = bytes.find(end);
    return at == std::string_view::npos ? 0 : at + end.size();
}

} // namespace

void appendMessage(std::string& bytes, const StreamFraming& framing, const StreamCursor& next, Timestamp time, std::string_view item)
{
    const std::string wrapped = framing.times ? withTime(next, framing.endpoint, time, item) : std::string();
    const std::string_view message = framing.times ? std::string_view(wrapped) : item;
    if (framing.protocol == StreamProtocol::WebSocket) {
        appendTextFrame(bytes, message);
        return;
    }
    bytes += "id: " + next.text(framing.endpoint);
    // The activity log has no endpoint. Its news about history have a name of their own, so that readers can listen to them alone.
    if (framing.endpoint.text.empty() && message.starts_with("{\"event\":\"history-changed\""))
        bytes += "\nevent: history-changed";
    bytes += "\ndata: ";
    appendOneLine(bytes, message);
    bytes += "\n\n";
}

std::size_t wholeMessages(StreamProtocol protocol, std::string_view bytes)
{
    std::size_t count = 0;
    while (true) {
        const std::size_t size = protocol == StreamProtocol::WebSocket ? frameSize(bytes) : eventSize(bytes);
        if (size == 0 || size > bytes.size())
            return count;
        bytes.remove_prefix(size);
        ++count;
    }
}

} // namespace iotman::server
