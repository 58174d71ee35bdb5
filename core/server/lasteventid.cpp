#include "core/server/lasteventid.h"

namespace iotman::server {

Expected<std::optional<StreamCursor>> lastEventId(const RequestHead& head, const EndpointId& endpoint)
{
    constexpr std::string_view name = "last-event-id";
    constexpr std::string_view field = "Last-Event-ID";
    if (head.count(name) > 1)
        return fail(Problem::BadRequest, std::string(field) + ": expected once, but it is given twice", std::string(field));
    const std::string_view text = head.header(name).value_or(std::string_view());
    if (text.empty())
        return std::optional<StreamCursor>();
    const Expected<StreamCursor> cursor = StreamCursor::parse(text, endpoint);
    if (!cursor)
        return fail(Problem::BadRequest, std::string(field) + ": expected the id of an event of this endpoint, unchanged; start again without it", std::string(field));
    return std::optional(*cursor);
}

} // namespace iotman::server
