// One item as it goes over a stream.
#pragma once

#include "core/model/cursor.h"

#include <string>
#include <string_view>

namespace iotman::server {

enum class StreamProtocol { WebSocket, Events };

/// How the items of one endpoint are written to one kind of reader. Readers with equal framing can share bytes.
struct StreamFraming {
    StreamProtocol protocol = StreamProtocol::WebSocket;
    EndpointId endpoint; ///< cursors belong to an endpoint
    bool times = false;

    auto operator<=>(const StreamFraming&) const = default;
};

/// Appends one message: a text frame, or an event with its id. `next` is where a reader goes on that has seen this item.
void appendMessage(std::string& bytes, const StreamFraming& framing, const StreamCursor& next, Timestamp time, std::string_view item);

/// How many messages, as `appendMessage` wrote them one after the other, are in `bytes` whole; the last may be cut off.
std::size_t wholeMessages(StreamProtocol protocol, std::string_view bytes);

} // namespace iotman::server
